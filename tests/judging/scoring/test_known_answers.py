"""Published answers: figure skating, diving, textbook reliability, sparse reviews, a real writing test."""

import csv
from collections import defaultdict
from decimal import Decimal as D

import numpy as np
import pytest

from judging.scoring.design import design_of
from judging.scoring.exact import round_half_up
from judging.scoring.ratings import Rating, ratings_from, sheets_from
from judging.scoring.reliability import STATISTICS, krippendorff_alpha, reliability, units_of
from judging.scoring.reml import fit_components, solve
from judging.scoring.severity import estimate_severity
from judging.scoring.tables import panel_score

pytestmark = pytest.mark.real_data

NAMES = {
    "ICC(1,1)": "icc_1_1",
    "ICC(2,1) absolute agreement": "icc_2_1",
    "ICC(3,1) consistency": "icc_3_1",
    "ICC(1,4)": "icc_1_k",
    "ICC(2,4)": "icc_2_k",
    "ICC(3,4)": "icc_3_k",
    "ICC(A,1)": "icc_2_1",
    "ICC(C,1)": "icc_3_1",
    "ICC(A,3)": "icc_2_k",
    "ICC(C,3)": "icc_3_k",
    "ICC(A,4)": "icc_2_k",
    "ICC(C,4)": "icc_3_k",
    "alpha interval": "alpha_interval",
    "alpha ordinal": "alpha_ordinal",
    "Kendall W tie-corrected": "kendall_w",
}


def read(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def table_ratings(path):
    rows = [list(row.values()) for row in read(path)]
    return [
        Rating(target=target, judge=judge, mark=float(mark))
        for target, *marks in rows
        for judge, mark in enumerate(marks)
        if mark
    ]


def test_reliability_gives_every_published_answer_to_four_decimals(shared_data):
    folder = shared_data / "stats_reference"
    known = [row for row in read(folder / "known_answers.csv") if row["statistic"] in NAMES]
    found = {
        dataset: reliability(ratings_from(table_ratings(folder / f"{dataset}.csv")))
        for dataset in {row["dataset"] for row in known}
    }
    expected = [round(float(row["value"]), 4) for row in known]
    assert [round(found[row["dataset"]][NAMES[row["statistic"]]], 4) for row in known] == expected
    assert len(expected) == 24
    assert {NAMES[row["statistic"]] for row in known} == set(STATISTICS)


def test_alpha_by_its_definition_differs_from_irr_only_without_gaps(shared_data):
    rows = table_ratings(shared_data / "stats_reference" / "irr_anxiety.csv")
    unit, marks, judges = units_of(ratings_from(rows))
    observed = sum(
        (a - b) ** 2
        for u, a in zip(unit, marks, strict=True)
        for v, b in zip(unit, marks, strict=True)
        if u == v
    )
    expected = sum((a - b) ** 2 for a in marks for b in marks)
    alpha = 1 - (observed / 2 / len(marks)) / (expected / len(marks) / (len(marks) - 1))
    assert krippendorff_alpha(unit, marks, judges, "interval") == pytest.approx(alpha, abs=1e-12)
    gap = (unit[1:], marks[1:], judges, "ordinal")
    assert krippendorff_alpha(*gap) == krippendorff_alpha(*gap, convention="irr")


def test_every_figure_skating_panel_score_is_the_official_one(shared_data):
    folder = shared_data / "judging_figure_skating"
    totals = defaultdict(lambda: D(0))
    wrong = []
    for row in read(folder / "components.csv"):
        marks = [D(row[f"J{judge}"]) for judge in range(1, 10) if row[f"J{judge}"]]
        score = panel_score(marks, "trimmed_mean", 2)
        if score != D(row["panel_score_official"]):
            wrong.append(row)
        totals[row["performance_id"]] += round_half_up(score * D(row["factor"]), 2)
    official = {
        row["performance_id"]: D(row["total_component_score"]) for row in read(folder / "performances.csv")
    }
    assert wrong == []
    assert {performance: totals[performance] for performance in official} == official


def test_every_olympic_dive_is_its_difficulty_times_the_middle_three(shared_data):
    for row in read(shared_data / "judging_diving_paris2024" / "dives.csv"):
        middle = sorted(D(row[f"Judge{judge}"]) for judge in range(1, 8))[2:5]
        assert D(row["Difficulty"]) * sum(middle) == D(row["Round_Score"])
        assert panel_score(middle, "median", 2) == panel_score(
            [D(row[f"Judge{judge}"]) for judge in range(1, 8)], "median", 2
        )


@pytest.fixture
def reviews(shared_data):
    rows = read(shared_data / "ratings_mfrm" / "immer09.csv")
    return ratings_from(
        Rating(target=int(row["idpaper"]), judge=int(row["idreviewer"]), mark=float(row["score"]))
        for row in rows
    )


def test_additive_effects_are_those_of_least_squares(shared_data, reviews):
    folder = shared_data / "ratings_mfrm"
    found = estimate_severity(reviews, "additive")
    judges = [
        float(r["ols_effect_sum_to_zero"]) for r in read(folder / "immer09_reference_ols_reviewers.csv")
    ]
    papers = [float(r["ols_effect_sum_to_zero"]) for r in read(folder / "immer09_reference_ols_papers.csv")]
    assert [-each.severity for each in found.judges] == pytest.approx(judges, abs=1e-6)
    assert [each.estimate for each in found.targets] == pytest.approx([5.15316 + e for e in papers], abs=6e-6)
    centred = np.array([each.estimate for each in found.targets])
    assert list(centred - centred.mean()) == pytest.approx(papers, abs=1e-6)


def test_restricted_likelihood_gives_the_published_variance_components(shared_data, reviews):
    sheets = sheets_from(reviews)
    design = design_of(sheets, np.zeros(len(sheets.score), dtype=int), sheets.judge, len(reviews.targets))
    components = fit_components(design, judges_are_random=True)
    deviations = [components.target**0.5, components.judge**0.5, components.residual**0.5]
    assert deviations == pytest.approx([1.16267, 0.36135, 1.10396], abs=5e-5)
    solution = solve(design, components)
    published = read(shared_data / "ratings_mfrm" / "immer09_reference_lmer_reviewers.csv")
    assert solution.fixed[0] == pytest.approx(5.15043, abs=1e-4)
    assert list(solution.fixed[1:]) == pytest.approx([float(row["blup"]) for row in published], abs=1e-4)


@pytest.mark.parametrize("method", ["additive", "reml"])
def test_the_order_of_severity_is_that_of_a_many_facet_rasch_model(shared_data, method):
    folder = shared_data / "ratings_mfrm"
    rows = [
        Rating(target=row["idstud"], judge=row["rater"], criterion=criterion, mark=float(row[criterion]))
        for row in read(folder / "ptam4.csv")
        for criterion in ("crit2", "crit3", "crit4")
    ]
    found = sorted(estimate_severity(rows, method).judges, key=lambda each: each.severity)
    published = sorted(
        (float(row["xsi"]), row["parameter"].removeprefix("rater"))
        for row in read(folder / "ptam4_reference_TAM_mml.csv")
        if row["facet"] == "rater"
    )
    assert [each.judge for each in found] == [judge for _, judge in published]

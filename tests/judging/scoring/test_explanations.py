"""A losing team can work every number out again, and the public sees only what it may."""

from decimal import Decimal as D

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judging.scoring.adjusted import AdjustedSheet, AdjustedTable
from judging.scoring.delegates import DelegateScore, delegate_standings
from judging.scoring.explained_ranks import explain_delegate, explain_rank, level_before
from judging.scoring.explanations import (
    explain_adjusted_table,
    explain_sheet,
    explain_table,
    lines,
    public_part,
    recomputed,
)
from judging.scoring.metrics import METRICS
from judging.scoring.sheets import CriterionRule, MarkLine, sheet_scores
from judging.scoring.standings import Entrant, Played, standings
from judging.scoring.tables import panel_score

RUBRIC = [
    CriterionRule(id="plan", target="team", minimum=D(0), maximum=D(10), weight=D("1.5")),
    CriterionRule(id="speech", target="delegate", minimum=D(0), maximum=D(100)),
]


def sheet_marks(plan, *speeches):
    return [
        MarkLine(team="A", criterion="plan", mark=D(plan)),
        *(
            MarkLine(team="A", delegate=number, criterion="speech", mark=D(mark))
            for number, mark in enumerate(speeches)
        ),
    ]


sheets = st.lists(
    st.tuples(st.integers(0, 10), st.lists(st.integers(0, 100), min_size=1, max_size=5)),
    min_size=1,
    max_size=7,
)


@settings(max_examples=60, deadline=None)
@given(sheets, st.sampled_from(["mean", "median", "trimmed_mean"]), st.sampled_from(["mean", "sum"]))
def test_the_explanation_of_a_table_adds_up_to_its_score(given_sheets, method, delegate_marks):
    steps, scores = [], []
    for judge, (plan, speeches) in enumerate(given_sheets):
        marks = sheet_marks(plan, *speeches)
        steps.append(explain_sheet(marks, RUBRIC, "A", judge, delegate_marks, penalty=D("0.5")))
        scores.append(sheet_scores(marks, RUBRIC, delegate_marks, penalties={"A": D("0.5")})["A"])
    assert [step.amount for step in steps] == scores
    step = explain_table(steps, "A", 1, method)
    assert step.amount == panel_score(scores, method, 2) == recomputed(step)


def test_an_explanation_reads_line_by_line():
    step = explain_sheet(sheet_marks(8, 70, 80), RUBRIC, "A", "J1")
    assert [(depth, each.what, each.amount) for depth, each in lines(step)] == [
        (0, "sheet", D(87)),
        (1, "weighted_mark", D(12)),
        (2, "weight", D("1.5")),
        (2, "mark", D(8)),
        (1, "delegates", D(75)),
        (2, "delegate", D(70)),
        (3, "mark", D(70)),
        (2, "delegate", D(80)),
        (3, "mark", D(80)),
    ]


def adjusted_table(*sheets):
    given_back = [
        AdjustedSheet(judge=judge, score=D(score), given_back=D(back)) for judge, score, back in sheets
    ]
    return AdjustedTable(
        team="A",
        round=1,
        raw=panel_score([sheet.score for sheet in given_back]),
        adjusted=panel_score([sheet.score + sheet.given_back for sheet in given_back]),
        sheets=tuple(given_back),
    )


def test_an_adjusted_score_is_its_sheets_with_severity_given_back():
    step = explain_adjusted_table(adjusted_table(("J1", 70, "1.250001"), ("J2", 73, "-0.5")))
    assert step.amount == recomputed(step) == D("71.88")
    assert public_part(step) is None


@pytest.fixture
def ranked():
    results = [
        Played(team="A", round=1, table="x", rank=1, points=D(3), score=D("71.5")),
        Played(team="A", round=2, table="y", rank=2, points=D(2), score=D(70), is_shared=True),
        Played(team="A", round=3, table="z", rank=2, points=D(2), score=D(75)),
        Played(team="B", round=1, table="x", rank=2, points=D(2), score=D(71)),
    ]
    metrics = [
        "points",
        "total_score",
        "average_score",
        "firsts",
        "seconds",
        "draw_strength",
        "score_deviation",
    ]
    return standings([Entrant(team="A"), Entrant(team="B")], results, metrics), results, metrics


def test_a_rank_opens_up_to_the_rounds_it_comes_from(ranked):
    (first, _), results, metrics = ranked
    step = explain_rank(first, results, metrics)
    assert [(part.what, part.amount, recomputed(part)) for part in step.parts] == [
        (metric, first.values[metric], first.values[metric]) for metric in metrics
    ]
    assert [part.about["round"] for part in step.parts[0].parts] == [1, 2, 3]


def test_the_public_sees_points_and_places_but_no_score_of_a_small_panel(ranked):
    (first, _), results, metrics = ranked
    three = explain_table(
        [explain_sheet(sheet_marks(8, 70), RUBRIC, "A", judge) for judge in range(3)], "A", 1
    )
    shown = public_part(explain_rank(first, results, metrics, tables={1: three}))
    assert [part.what for part in shown.parts] == ["points", "firsts", "seconds", "draw_strength"]
    assert public_part(three).parts == ()
    assert public_part(three).operation == "given"


def test_the_public_sees_an_adjusted_score_as_table_score_and_net_adjustment():
    table = adjusted_table(("J1", 70, "1.25"), ("J2", 73, "-0.5"), ("J3", 71, "0.2"))
    step = explain_adjusted_table(table)
    shown = public_part(step)
    assert [(part.what, part.amount) for part in shown.parts] == [
        ("table_score", D("71.33")),
        ("net_adjustment", D("0.32")),
    ]
    assert recomputed(shown) == shown.amount == recomputed(step) == D("71.65")
    assert not any("judge" in part.about for _, part in lines(shown))


METRICS_TO_OPEN = [name for name in METRICS if name != "adjusted_score"]
some_results = st.lists(
    st.tuples(
        st.sampled_from("ABCDEF"),
        st.none() | st.integers(1, 4),
        st.none() | st.integers(6000, 6300),
        st.booleans(),
    ),
    min_size=1,
    max_size=24,
)


@settings(max_examples=80, deadline=None)
@given(some_results, st.permutations(METRICS_TO_OPEN))
def test_every_metric_of_every_team_adds_up(rows, metrics):
    results = [
        Played(
            team=team,
            round=number,
            table=number // 4,
            rank=rank,
            points=D(4 - rank) if rank else D(0),
            score=None if score is None else D(score) / 100,
            is_shared=is_shared,
        )
        for number, (team, rank, score, is_shared) in enumerate(rows)
    ]
    ranking = standings([Entrant(team=team) for team in "ABCDEF"], results, metrics, {"A": D(3)})
    for line in ranking:
        level = level_before("head_to_head", line, ranking, metrics)
        step = explain_rank(line, results, metrics, level=level)
        assert step.amount == line.rank
        assert {part.what: recomputed(part) for part in step.parts} == {
            name: line.values[name] or D(0) for name in metrics
        }
        assert all(part.parts or not part.amount for part in step.parts if part.what != "manual")


def test_adjusted_scores_add_up_and_open_down_to_the_judges():
    table = adjusted_table(("J1", 70, "1.25"), ("J2", 73, "-0.5"))
    results = [
        Played(team="A", round=1, table="x", rank=1, points=D(3), score=D("71.5"), adjusted=table.adjusted),
        Played(team="A", round=2, table="y", rank=1, points=D(3), score=D(70), adjusted=D("70.5")),
    ]
    (line,) = standings([Entrant(team="A")], results, ["adjusted_score"])
    step = explain_rank(line, results, ["adjusted_score"], adjusted={1: explain_adjusted_table(table)})
    assert recomputed(step.parts[0]) == line.values["adjusted_score"] == D("71.19")
    assert [each.about.get("judge") for _, each in lines(step) if each.what == "severity"] == ["J1", "J2"]


def test_a_corrected_score_stands_above_the_one_that_was_worked_out():
    opened = explain_table([explain_sheet(sheet_marks(8, 70), RUBRIC, "A", "J1")], "A", 1)
    results = [Played(team="A", round=1, table="x", rank=1, points=D(3), score=D(80))]
    (line,) = standings([Entrant(team="A")], results, ["average_score"])
    (metric,) = explain_rank(line, results, ["average_score"], tables={1: opened}).parts
    (recorded,) = metric.parts
    assert (recorded.what, recorded.amount, recorded.parts[0].amount) == ("recorded_score", D(80), D(82))
    assert recomputed(metric) == line.values["average_score"] == D(80)


def test_a_delegates_average_opens_up_to_the_rounds_and_is_nobodys_business():
    scores = [DelegateScore(delegate="a", round=number, score=D(mark)) for number, mark in [(1, 70), (2, 75)]]
    ((line,),) = delegate_standings(scores).values()
    step = explain_delegate(line, scores)
    assert step.amount == recomputed(step) == D("72.5")
    assert public_part(step) is None

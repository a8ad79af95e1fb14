"""What the severity adjustment promises: properties, fallbacks, and gains measured in simulated editions."""

from dataclasses import replace
from decimal import Decimal as D

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import kendalltau

from judging.scoring.adjusted import SheetScore, adjust_tables
from judging.scoring.awards import Tier, tiers
from judging.scoring.breaks import BreakRule, break_from
from judging.scoring.change import advancement, chances_above, compare, compare_outcomes
from judging.scoring.ratings import Rating, components_of, ratings_from, sheets_from
from judging.scoring.severity import estimate_severity
from judging.scoring.standings import Entrant, Played, standings


def edition(seed, *, per_role=17, rounds=3, panel=2, severity=1.0, missing=0.0, noise=0.7, day=0.5):
    """A fixed edition: every table has a team of each role, panels are drawn anew every round."""
    generator = np.random.default_rng(seed)
    level = generator.normal(size=(4, per_role))
    harder = generator.normal(size=per_role * panel) * severity
    rows = []
    for number in range(rounds):
        panels = generator.permutation(per_role * panel).reshape(per_role, panel)
        for role in range(4):
            for table, team in enumerate(generator.permutation(per_role)):
                form = level[role, team] + generator.normal() * day
                for judge in panels[table]:
                    mark = 70 + 3 * (form - harder[judge] + generator.normal() * noise)
                    if generator.random() >= missing:
                        rows.append(
                            Rating(
                                target=(role, int(team)),
                                judge=int(judge),
                                mark=float(mark),
                                occasion=number,
                                group=role,
                            )
                        )
    truth = {
        (role, team): 70 + 3 * (level[role, team] - harder.mean())
        for role in range(4)
        for team in range(per_role)
    }
    return rows, truth


def agreement(found, truth, value):
    taus = []
    for group in {each.group for each in found.targets}:
        members = [each for each in found.targets if each.group == group]
        taus.append(
            kendalltau([value(each) for each in members], [truth[each.target] for each in members])[0]
        )
    return float(np.mean(taus))


def gain(editions):
    pairs = []
    for rows, truth in editions:
        found = estimate_severity(rows)
        pairs.append(
            (
                agreement(found, truth, lambda each: each.estimate),
                agreement(found, truth, lambda each: each.raw),
            )
        )
    adjusted, raw = np.mean(pairs, axis=0)
    return adjusted - raw


def test_same_role_teams_under_different_judges_are_ranked_better():
    assert gain(edition(seed) for seed in range(8)) > 0.05


@pytest.mark.parametrize("options", [{"missing": 0.3}, {"per_role": 4, "rounds": 4}, {"rounds": 2}])
def test_the_gain_holds_with_missing_sheets_in_small_editions_and_after_two_rounds(options):
    assert gain(edition(seed, **options) for seed in range(8)) > 0.02


def ranked_gain(editions):
    """What the ranking in use (adjusted where judges can be told apart) agrees with the truth beyond the raw one."""
    pairs = []
    for rows, truth in editions:
        found = estimate_severity(rows)
        raw = agreement(found, truth, lambda each: each.raw)
        adjusted = agreement(found, truth, lambda each: each.estimate)
        pairs.append((raw if found.judges_are_alike else adjusted) - raw)
    return float(np.mean(pairs))


@pytest.mark.parametrize("rounds", [2, 3, 4])
def test_where_judges_do_not_differ_the_ranking_loses_nothing(rounds):
    assert ranked_gain(edition(seed, severity=0.0, rounds=rounds) for seed in range(8)) >= -0.01


def test_intervals_cover_the_truth_as_often_as_they_say():
    inside = []
    for seed in range(8):
        rows, truth = edition(seed)
        found = estimate_severity(rows).targets
        inside += [abs(each.estimate - truth[each.target]) <= 1.96 * each.standard_error for each in found]
    assert 0.93 <= np.mean(inside) <= 0.98


def capped(rows, highest):
    return [replace(row, mark=min(row.mark, highest)) for row in rows]


def test_at_a_ceiling_intervals_are_widened_and_still_hold_most_of_the_truth():
    inside = []
    for seed in range(8):
        rows, truth = edition(seed)
        found = estimate_severity(capped(rows, 73.0))
        assert 0.15 < found.at_ceiling < 0.4
        inside += [
            abs(each.estimate - truth[each.target]) <= 1.96 * each.standard_error for each in found.targets
        ]
    assert np.mean(inside) >= 0.87


def test_a_ceiling_changes_errors_alone_and_only_those_it_can_reach():
    rows, _ = edition(5)
    free = estimate_severity(rows)
    assert free.at_ceiling == 0
    assert not free.errors.hidden.any()
    found = estimate_severity(capped(rows, 73.0))
    data = ratings_from(capped(rows, 73.0))
    at_top = np.bincount(data.target, data.mark == 73.0, len(data.targets))
    hidden = found.errors.hidden
    assert hidden[at_top == at_top.max()].mean() > 3 * np.abs(hidden[at_top == 0]).mean()
    chosen = list(range(6))
    assert np.allclose(np.diag(found.errors.covariance(chosen)), found.errors.variances()[:6])


@pytest.mark.parametrize(
    ("marks", "part"), [([8, 9, 9, 10], 0), ([5, 6] * 3 + [7] * 12, 12 / 18), ([7] * 9, 0)]
)
def test_the_scale_ends_where_marks_pile_up(marks, part):
    rows = [Rating(target=place, judge="J", mark=float(mark)) for place, mark in enumerate(marks)]
    assert sheets_from(ratings_from(rows)).at_ceiling.mean() == pytest.approx(part)


def order(found):
    return [each.target for each in sorted(found.targets, key=lambda each: -each.estimate)]


@pytest.mark.parametrize("method", ["reml", "additive"])
@pytest.mark.parametrize("seed", range(3))
def test_a_constant_on_one_judges_marks_changes_no_adjusted_value(method, seed):
    rows, _ = edition(seed, per_role=6)
    moved = [replace(row, mark=row.mark + 7) if row.judge == 3 else row for row in rows]
    before, after = estimate_severity(rows, method), estimate_severity(moved, method)
    difference = np.array(
        [a.estimate - b.estimate for a, b in zip(after.targets, before.targets, strict=True)]
    )
    assert np.ptp(difference) < 1e-8
    assert order(after) == order(before)
    assert after.judges[3].severity - before.judges[3].severity == pytest.approx(-7 * 11 / 12, abs=1e-8)


constants = st.sampled_from([-20.0, -3.5, -0.25, 1.0, 12.5, 1000.0])
methods = st.sampled_from(["reml", "additive"])


@settings(max_examples=16, deadline=None)
@given(st.integers(0, 11), constants, st.sampled_from([0.0, 0.25, 1.5]), methods)
def test_whichever_judge_adds_whatever_constant_the_adjusted_order_stays(judge, constant, severity, method):
    rows, _ = edition(2, per_role=6, severity=severity)
    moved = [replace(row, mark=row.mark + constant) if row.judge == judge else row for row in rows]
    assert order(estimate_severity(moved, method)) == order(estimate_severity(rows, method))


@st.composite
def connected_marks(draw):
    """Whole marks of pure chance, one or two criteria, any number of them, that one chain connects."""
    teams, judges = draw(st.integers(2, 7)), draw(st.integers(2, 5))
    one_mark = st.tuples(
        st.integers(0, teams - 1),
        st.integers(0, judges - 1),
        st.integers(0, 2),
        st.integers(0, 1),
        st.integers(0, 9),
    )
    chosen = draw(st.lists(one_mark, min_size=teams + judges, max_size=5 * teams))
    rows = [Rating(target=t, judge=j, occasion=o, criterion=c, mark=float(m)) for t, j, o, c, m in chosen]
    assume(not components_of(ratings_from(rows))[0].any())
    return rows


@settings(max_examples=60, deadline=None)
@given(connected_marks(), constants, methods)
def test_in_every_connected_design_a_constant_of_one_judge_moves_all_adjusted_values_alike(
    rows, constant, method
):
    judge = rows[0].judge
    moved = [replace(row, mark=row.mark + constant) if row.judge == judge else row for row in rows]
    before = estimate_severity(rows, method, one_round_rule=False)
    after = estimate_severity(moved, method, one_round_rule=False)
    assert after.unadjusted == before.unadjusted
    assume(not before.unadjusted)
    difference = [a.estimate - b.estimate for a, b in zip(after.targets, before.targets, strict=True)]
    assert np.ptp(difference) < 1e-4


@settings(max_examples=10, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_marks_changes_nothing(random):
    rows, _ = edition(1, per_role=4)
    shuffled = random.sample(rows, len(rows))
    found, again = estimate_severity(rows), estimate_severity(shuffled)
    assert (again.targets, again.judges) == (found.targets, found.judges)
    assert adjust_tables(sheets_of(shuffled)).tables.keys() == adjust_tables(sheets_of(rows)).tables.keys()
    assert {key: table.adjusted for key, table in adjust_tables(sheets_of(shuffled)).tables.items()} == {
        key: table.adjusted for key, table in adjust_tables(sheets_of(rows)).tables.items()
    }


def test_a_judge_who_marks_a_target_twice_on_one_criterion_is_averaged_and_counted():
    rows, _ = edition(1, per_role=4)
    twice = [*rows, replace(rows[0], mark=rows[0].mark + 2)]
    averaged = [replace(rows[0], mark=rows[0].mark + 1), *rows[1:]]
    assert estimate_severity(twice).repeats == 1
    assert order(estimate_severity(twice)) == order(estimate_severity(averaged))


@pytest.mark.parametrize("mark", [float("nan"), float("inf"), 1e10])
def test_a_mark_that_is_no_number_is_refused(mark):
    with pytest.raises(ValueError, match="a mark is not a number between"):
        estimate_severity([Rating(target="A", judge="J", mark=mark)])


def test_no_marks_at_all_are_refused():
    with pytest.raises(ValueError, match="there are no marks"):
        estimate_severity([])


@pytest.mark.parametrize(
    ("spread", "are_alike"), [(None, False), (0.0, True), (1.99, True), (2.0, False), (90.0, False)]
)
def test_severity_is_given_back_whole_or_not_at_all(spread, are_alike):
    rows, _ = edition(2, per_role=4)
    found = replace(estimate_severity(rows), spread=spread)
    assert found.judges_are_alike == are_alike
    assert found.given_back() == {each.judge: 0.0 if are_alike else each.severity for each in found.judges}


def test_where_judges_are_alike_adjusted_tables_are_the_raw_ones_and_estimates_are_still_given():
    rows, _ = edition(1, severity=0.0)
    found = adjust_tables(sheets_of(rows))
    assert found.severity.judges_are_alike
    assert found.unadjusted == {}
    assert {table.net for table in found.tables.values()} == {D(0)}
    assert any(each.estimate != each.raw for each in found.severity.targets)


def test_a_constant_of_a_judge_who_stands_out_changes_no_adjusted_table():
    rows, _ = edition(3, per_role=6)
    moved = [replace(row, mark=row.mark + 7) if row.judge == 3 else row for row in rows]
    before, after = adjust_tables(sheets_of(rows)), adjust_tables(sheets_of(moved))
    assert not before.severity.judges_are_alike
    shifts = {float(after.tables[place].adjusted - table.adjusted) for place, table in before.tables.items()}
    assert max(shifts) - min(shifts) <= 0.011


def test_a_role_that_is_not_one_connected_part_keeps_its_raw_means():
    rows = [
        Rating(target=f"{role}{team}", judge=judge, mark=70.0 + team + occasion, occasion=occasion, group=role)
        for occasion in (1, 2)
        for role, team, judge in [
            ("g", 1, "a"), ("g", 2, "a"), ("g", 1, "b"), ("g", 2, "b"), ("n", 1, "a"), ("n", 2, "z"), ("n", 3, "z"),
        ]
    ]  # fmt: skip
    found = estimate_severity(rows)
    assert found.unadjusted == {"n": "not_connected"}
    assert {each.target: each.is_adjusted for each in found.targets if each.group == "n"} == {
        "n1": False,
        "n2": False,
        "n3": False,
    }
    assert all(each.is_adjusted for each in found.targets if each.group == "g")
    assert {each.target: each.component for each in found.targets} == {
        "g1": 1,
        "g2": 1,
        "n1": 1,
        "n2": 2,
        "n3": 2,
    }


links = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 5)), min_size=1, max_size=20)


@settings(max_examples=60, deadline=None)
@given(links)
def test_components_are_what_chains_of_marks_connect(pairs):
    data = ratings_from(Rating(target=target, judge=judge, mark=1.0) for target, judge in pairs)
    component, of_judge = components_of(data)
    groups = [{("t", target), ("j", judge)} for target, judge in pairs]
    for _ in pairs:
        for one in groups:
            for other in groups:
                if one & other:
                    one |= other
    for number, target in enumerate(data.targets):
        reached = next(group for group in groups if ("t", target) in group)
        for other_number, other in enumerate(data.targets):
            assert (component[number] == component[other_number]) == (("t", other) in reached)
        for judge_number, judge in enumerate(data.judges):
            assert (component[number] == of_judge[judge_number]) == (("j", judge) in reached)


small_marks = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 3), st.integers(0, 2), st.integers(0, 3)),
    min_size=1,
    max_size=40,
)


@settings(max_examples=40, deadline=None)
@given(small_marks)
def test_any_marks_at_all_give_a_finite_answer(marks):
    rows = [Rating(target=t, judge=j, occasion=o, mark=float(m)) for t, j, o, m in marks]
    found = estimate_severity(rows)
    assert all(np.isfinite(each.estimate) for each in found.targets)
    assert len(found.targets) == len({row.target for row in rows})


def sheets_of(rows):
    return [
        SheetScore(
            team=row.target,
            round=row.occasion,
            judge=row.judge,
            score=D(f"{row.mark:.2f}"),
            bracket=row.group,
        )
        for row in rows
    ]


def test_adjusted_table_scores_are_exact_sums_of_what_was_given_back():
    rows, _ = edition(2, per_role=4)
    found = adjust_tables(sheets_of(rows))
    assert found.unadjusted == {}
    for table in found.tables.values():
        total = sum(sheet.score + sheet.given_back for sheet in table.sheets)
        assert abs(table.adjusted - total / len(table.sheets)) <= D("0.005")
        assert table.net == table.adjusted - table.raw


def test_a_penalty_says_nothing_of_a_judges_severity():
    rows, _ = edition(2, per_role=4)
    sheets = sheets_of(rows)
    charged = [
        replace(sheet, score=sheet.score - 40, penalty=D(40)) if (sheet.team, sheet.round) == place else sheet
        for sheet in sheets
        for place in [(sheets[0].team, sheets[0].round)]
    ]
    before, after = adjust_tables(sheets), adjust_tables(charged)
    assert after.severity.given_back() == before.severity.given_back()
    assert {key: table.net for key, table in after.tables.items()} == {
        key: table.net for key, table in before.tables.items()
    }
    less = {
        each.target: round(each.estimate - now.estimate, 9)
        for each, now in zip(before.severity.targets, after.severity.targets, strict=True)
    }
    rounds = len({sheet.round for sheet in sheets if sheet.team == sheets[0].team})
    assert {team: size for team, size in less.items() if size} == {sheets[0].team: round(40 / rounds, 9)}


def test_one_round_gives_no_adjusted_tables_and_the_reason():
    rows, _ = edition(2, per_role=4, rounds=1)
    found = adjust_tables(sheets_of(rows))
    assert found.tables == {}
    assert set(found.unadjusted.values()) == {"one_round"}
    assert adjust_tables([]).tables == {}


def test_a_chance_of_being_above_the_line_is_a_probability_that_sums_to_the_places():
    rows, _ = edition(4)
    severity = estimate_severity(rows)
    chances = chances_above(severity, dict.fromkeys(range(4), 5), np.random.default_rng(1))
    for role in range(4):
        of_role = [chance for (group, _), chance in chances.items() if group == role]
        assert sum(of_role) == pytest.approx(5)
        assert min(of_role) >= 0
        assert max(of_role) <= 1
    again = chances_above(severity, dict.fromkeys(range(4), 5), np.random.default_rng(1))
    assert again == chances


def test_chances_are_calibrated():
    stated, true = [], []
    for seed in range(8):
        rows, truth = edition(seed)
        chances = chances_above(
            estimate_severity(rows), dict.fromkeys(range(4), 5), np.random.default_rng(seed)
        )
        for role in range(4):
            best = sorted((team for team in truth if team[0] == role), key=truth.get, reverse=True)[:5]
            for team in truth:
                if team[0] == role:
                    stated.append(chances[team])
                    true.append(team in best)
    stated, true = np.array(stated), np.array(true)
    for low, high in [(0, 0.2), (0.2, 0.5), (0.5, 0.8), (0.8, 1.01)]:
        inside = (stated >= low) & (stated < high)
        assert abs(stated[inside].mean() - true[inside].mean()) < 0.12


def test_raw_and_adjusted_ranks_stand_side_by_side():
    results = [
        Played(team=team, round=1, table=team, rank=None, points=D(0), score=D(raw), adjusted=D(adjusted))
        for team, raw, adjusted in [("A", 75, 74), ("B", 74, 76), ("C", 73, 75)]
    ]
    listed = [Entrant(team=team) for team in "ABC"]
    changes = compare(
        standings(listed, results, ["average_score"]),
        standings(listed, results, ["adjusted_score"]),
        places=1,
        chances={"A": 0.3},
    )
    assert [
        (each.team, each.raw_rank, each.adjusted_rank, each.moves_across, each.chance) for each in changes
    ] == [
        ("B", 2, 1, True, None),
        ("C", 3, 2, False, None),
        ("A", 1, 3, True, 0.3),
    ]


def two_rankings():
    results = [
        Played(team=team, round=1, table=team, rank=None, points=D(0), score=D(raw), adjusted=D(adjusted))
        for team, raw, adjusted in [("A", 76, 74), ("B", 75, 77), ("C", 74, 76), ("D", 73, 73)]
    ]
    listed = [Entrant(team=team) for team in "ABCD"]
    return [standings(listed, results, [metric]) for metric in ("average_score", "adjusted_score")]


def test_the_break_under_both_rankings_follows_the_whole_rule():
    rule = BreakRule(size=2, reserves=1, institution_cap=1)
    houses = {"B": "x", "C": "x"}
    changes = compare_outcomes(
        *two_rankings(), lambda ranking: advancement(break_from(ranking, rule, institution_of=houses))
    )
    assert [(each.team, each.by_raw, each.by_adjusted, each.differs) for each in changes] == [
        ("B", "advances", "advances", False),
        ("C", "", "", False),
        ("A", "advances", "advances", False),
        ("D", "reserve", "reserve", False),
    ]
    changes = compare_outcomes(
        *two_rankings(), lambda ranking: advancement(break_from(ranking, BreakRule(size=1)))
    )
    assert {each.team for each in changes if each.differs} == {"A", "B"}


def test_the_awards_under_both_rankings():
    awards = [Tier(name="gold", count=1), Tier(name="silver", count=1)]
    changes = compare_outcomes(*two_rankings(), lambda ranking: tiers(ranking, awards))
    assert [(each.team, each.by_raw, each.by_adjusted) for each in changes] == [
        ("B", "silver", "gold"),
        ("C", "", "silver"),
        ("A", "gold", ""),
        ("D", "", ""),
    ]


def test_only_ranked_teams_take_places_from_each_other():
    rows, _ = edition(4)
    severity = estimate_severity(rows)
    ranked = {(0, team) for team in range(6)}
    chances = chances_above(severity, {0: 2}, np.random.default_rng(1), among=ranked)
    assert set(chances) == ranked
    assert sum(chances.values()) == pytest.approx(2)

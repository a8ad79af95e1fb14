"""Who advances, who is still alive, who is honoured."""

import csv
from decimal import Decimal as D
from itertools import permutations, product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from judging.scoring.alive import (
    alive_before_last_round,
    alive_by_bounds,
    bounds_of_averages,
    bounds_of_points,
)
from judging.scoring.awards import (
    IndividualAward,
    Tier,
    best_coaches,
    by_nomination,
    by_standing,
    one_award_a_person,
    tiers,
)
from judging.scoring.breaks import BreakRule, EliminationScore, break_from, elimination_order
from judging.scoring.delegates import DelegateScore, delegate_sheet_scores, delegate_standings
from judging.scoring.sheets import CriterionRule, MarkLine
from judging.scoring.standings import Standing


def ranking(text, rounds=None):
    """ "A1 B2 C2 D4 E-" is a ranking with a shared second place and E unranked."""
    entries = [(entry[0], entry[1:]) for entry in text.split()]
    shared = [rank for _, rank in entries]
    return [
        Standing(
            team=team,
            rank=None if rank == "-" else int(rank),
            is_shared=rank != "-" and shared.count(rank) > 1,
            values={},
            rounds_played=(rounds or {}).get(team, 5),
        )
        for team, rank in entries
    ]


def names(breaking):
    return "".join(each.team for each in breaking)


@pytest.mark.parametrize(
    ("text", "size", "reserves", "lots", "advancing", "waiting", "tie"),
    [
        ("A1 B2 C3 D4", 2, 1, {}, "AB", "C", ""),
        ("A1 B2 C2 D4", 3, 0, {}, "ABC", "", ""),
        ("A1 B2 C2 D4", 2, 1, {}, "A", "", "BC"),
        ("A1 B2 C2 D4", 2, 1, {"C": 9, "B": 1}, "AC", "B", ""),
        ("A1 B2 C2 D2 E5", 2, 1, {"C": 9, "B": 1}, "AC", "B", ""),
        ("A1 B2 C2 D2 E5", 2, 1, {"C": 9}, "A", "", "BCD"),
        ("A1 B1 C1 D1", 4, 0, {}, "ABCD", "", ""),
        ("A1 B2 C3 D3", 2, 1, {}, "AB", "", "CD"),
        ("A1 B2 C-", 3, 0, {}, "AB", "", ""),
        ("", 2, 1, {}, "", "", ""),
    ],
)
def test_the_line_is_drawn_by_rank_and_then_by_recorded_lots(
    text, size, reserves, lots, advancing, waiting, tie
):
    found = break_from(
        ranking(text),
        BreakRule(size=size, reserves=reserves),
        lots={team: D(lot) for team, lot in lots.items()},
    )
    assert (names(found.advancing), names(found.reserves), "".join(found.open_tie)) == (
        advancing,
        waiting,
        tie,
    )


def test_a_team_is_passed_over_for_a_stated_reason():
    found = break_from(
        ranking("A1 B2 C3 D4 E5 F6 G-", rounds={"B": 2}),
        BreakRule(size=3, reserves=1, minimum_rounds=3, institution_cap=1),
        institution_of={"A": "x", "C": "x", "D": "y", "E": None, "F": None},
        not_eligible=frozenset("D"),
    )
    assert names(found.advancing) == "AEF"
    assert found.passed_over == {
        "B": "minimum_rounds",
        "C": "institution_cap",
        "D": "not_eligible",
        "G": "unranked",
    }


def test_level_teams_of_a_full_institution_need_a_lot():
    same = {"B": "x", "C": "x", "D": "y"}
    rule = BreakRule(size=3, institution_cap=1)
    assert break_from(ranking("A1 B2 C2 D4"), rule, institution_of=same).open_tie == ("B", "C")
    lots = {"B": D(1), "C": D(2)}
    assert names(break_from(ranking("A1 B2 C2 D4"), rule, institution_of=same, lots=lots).advancing) == "ACD"


small_rankings = st.lists(st.integers(1, 3), min_size=1, max_size=5).map(
    lambda levels: " ".join(
        f"{team}{1 + sum(other < level for other in levels)}"
        for level, team in sorted(zip(levels, "ABCDE", strict=False))
    )
)


@settings(max_examples=150, deadline=None)
@given(
    small_rankings,
    st.integers(1, 3),
    st.integers(0, 2),
    st.none() | st.integers(1, 2),
    st.lists(st.sampled_from("xyz"), min_size=5, max_size=5),
)
def test_a_lot_is_asked_for_exactly_where_it_would_change_something(text, size, reserves, cap, houses):
    lines = ranking(text)
    rule = BreakRule(size=size, reserves=reserves, institution_cap=cap)
    institutions = dict(zip("ABCDE", houses, strict=True))

    def outcome(lots):
        found = break_from(lines, rule, institution_of=institutions, lots=lots)
        assert found.open_tie == () or not lots
        return frozenset(names(found.advancing)), frozenset(names(found.reserves))

    teams = [line.team for line in lines]
    outcomes = {outcome(dict(zip(order, map(D, range(9)), strict=False))) for order in permutations(teams)}
    undecided = break_from(lines, rule, institution_of=institutions)
    assert bool(undecided.open_tie) == (len(outcomes) > 1)
    if not undecided.open_tie:
        assert outcomes == {(frozenset(names(undecided.advancing)), frozenset(names(undecided.reserves)))}


@settings(max_examples=40, deadline=None)
@given(small_rankings, st.randoms(use_true_random=False))
def test_the_order_of_level_lines_changes_no_break(text, random):
    rule = BreakRule(size=2, reserves=1)
    lots = {team: D(place) for place, team in enumerate("ABCDE")}
    lines = ranking(text)
    shuffled = sorted(random.sample(lines, len(lines)), key=lambda line: line.rank)
    assert break_from(shuffled, rule, lots=lots) == break_from(lines, rule, lots=lots)


@pytest.mark.real_data
@pytest.mark.parametrize(("name", "size"), [("naudc2024", 16), ("usudc2023", 16), ("wudc2023", 48)])
def test_the_open_break_of_real_tournaments(shared_data, name, size):
    def rows(path):
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    lines = [
        Standing(
            team=row["team_id"],
            rank=int(row["rank_official"].rstrip("=")),
            is_shared="=" in row["rank_official"],
            values={},
        )
        for row in rows(shared_data / "bp_tabs" / name / "tab_official.csv")
    ]
    official = [
        row["team_id"]
        for row in rows(shared_data / "bp_tabs" / name / "breaks_official.csv")
        if row["category"] == "open"
    ]
    assert [each.team for each in break_from(lines, BreakRule(size=size)).advancing] == official[:size]


@pytest.mark.parametrize(
    ("basis", "expected"),
    [
        ("round_raw", [["B"], ["A"], ["C", "D"]]),
        ("round_adjusted", [["A"], ["C", "D"], ["B"]]),
        ("cumulative", [["C", "D"], ["A"], ["B"]]),
    ],
)
def test_an_elimination_round_of_one_role_is_ordered_by_its_basis(basis, expected):
    scores = [
        EliminationScore(team="A", raw=D(72), adjusted=D(75), cumulative=D(2), preliminary_rank=4),
        EliminationScore(team="B", raw=D(74), adjusted=D(70), cumulative=D(1), preliminary_rank=1),
        EliminationScore(team="C", raw=D(71), adjusted=D(73), cumulative=D(3), preliminary_rank=2),
        EliminationScore(team="D", raw=D(71), adjusted=D(73), cumulative=D(3), preliminary_rank=2),
    ]
    found = elimination_order(scores, basis)
    assert [[each.team for each in level] for level in found] == expected


def test_preliminary_rank_and_then_a_lot_break_an_elimination_tie():
    scores = [
        EliminationScore(team="A", raw=D(72), adjusted=None, cumulative=D(0), preliminary_rank=4),
        EliminationScore(team="B", raw=D(72), adjusted=D(1), cumulative=D(0), preliminary_rank=3, lot=D(1)),
        EliminationScore(team="C", raw=D(72), adjusted=D(9), cumulative=D(0), preliminary_rank=3, lot=D(2)),
    ]
    found = elimination_order(scores, "round_adjusted")
    assert [[each.team for each in level] for level in found] == [["C"], ["B"], ["A"]]


POINTS = (D(3), D(2), D(1), D(0))
eight = st.lists(st.integers(0, 5), min_size=8, max_size=8)


def endings(table, ties):
    """Every way a table can end: who finishes level with whom, best first, and what each then gets."""
    found = []
    for places in product(range(4), repeat=len(table)):
        levels = sorted(set(places))
        if levels != list(range(len(levels))) or (ties == "forbidden" and len(levels) < len(table)):
            continue
        award, next_place = {}, 0
        for level in levels:
            teams = [team for team, place in zip(table, places, strict=True) if place == level]
            worth = POINTS[next_place : next_place + len(teams)]
            award |= dict.fromkeys(teams, sum(worth) / len(worth))
            next_place += len(teams)
        found.append(award)
    return found


def brute_force(points, tables, places, ties):
    """Every way the round can end: through if always within even at worst, out if never even at best."""
    always, ever = dict.fromkeys(points, True), dict.fromkeys(points, False)
    for awards in product(*(endings(table, ties) for table in tables)):
        got = {team: award for of_table in awards for team, award in of_table.items()}
        final = {team: own + got.get(team, 0) for team, own in points.items()}
        for team, own in final.items():
            above = sum(other > own for other in final.values())
            level = sum(other == own for other in final.values()) - 1
            always[team] &= above + level < places
            ever[team] |= above < places
    return {team: "through" if always[team] else "alive" if ever[team] else "out" for team in points}


@settings(max_examples=6, deadline=None)
@given(eight, st.integers(1, 6), st.sampled_from(["shared", "forbidden"]))
@example([6, 6, 6, 6, 5, 0, 0, 0], 1, "shared")
def test_who_is_alive_before_the_last_round_is_exact(values, places, ties):
    points = {team: D(value) for team, value in zip("ABCDEFGH", values, strict=True)}
    tables = ["ABCD", "EFGH"]
    found = alive_before_last_round(points, tables, POINTS, places, table_ties=ties)
    assert found == brute_force(points, tables, places, ties)


@pytest.mark.parametrize(
    ("ties", "expected"), [("shared", "alive"), ("forbidden", "out"), ("chair", "alive")]
)
def test_rivals_who_share_their_places_may_let_a_team_through(ties, expected):
    points = dict(zip("ABCDE", map(D, (6, 6, 6, 6, "7.5")), strict=True))
    assert alive_before_last_round(points, ["ABCD"], POINTS, 2, table_ties=ties)["E"] == expected


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(0, 5), min_size=5, max_size=5), st.integers(1, 3))
def test_teams_of_another_division_take_points_and_are_not_counted(values, places):
    points = {team: D(value) for team, value in zip("ABEFG", values, strict=True)}
    tables = ["ABxy", "EFGz"]
    found = alive_before_last_round(points, tables, POINTS, places)
    assert found == brute_force(points, tables, places, "shared")


def test_a_team_without_a_seat_and_a_table_of_three_are_counted():
    points = {"A": D(5), "B": D(5), "C": D(2), "D": D(9)}
    three = (D("2.5"), D("1.5"), D("0.5"))
    found = alive_before_last_round(points, ["ABC"], POINTS, 2, three_team_points=three)
    assert found == {"A": "alive", "B": "alive", "C": "out", "D": "through"}


def test_bounds_are_certain_where_they_decide():
    points = {"A": D(9), "B": D(5), "C": D(1)}
    low, high = bounds_of_points(points, POINTS, [D(1)])
    assert alive_by_bounds(low, high, 1) == {"A": "through", "B": "out", "C": "out"}
    low, high = bounds_of_points(points, POINTS, [D(1), D(1)])
    assert alive_by_bounds(low, high, 1) == {"A": "alive", "B": "alive", "C": "out"}
    averages = bounds_of_averages({"A": (D(160), 2), "B": (D(120), 2)}, D(50), D(100), 1)
    assert averages == ({"A": D(70), "B": D(170) / 3}, {"A": D(260) / 3, "B": D(220) / 3})
    assert alive_by_bounds(*averages, places=1) == {"A": "alive", "B": "alive"}


GOLD, SILVER = Tier(name="gold", count=1), Tier(name="silver", count=1)
TENTH, THIRD = Tier(name="gold", percentage=D(10)), Tier(name="silver", percentage=D(30))
TWO_SILVERS = Tier(name="silver", count=2)
ALL_FIVE = Tier(name="gold", count=5)


@pytest.mark.parametrize(
    ("text", "awards", "expected"),
    [
        ("A1 B2 C3 D4", [GOLD, TWO_SILVERS], {"A": "gold", "B": "silver", "C": "silver"}),
        ("A1 B1 C3 D4", [GOLD, SILVER], {"A": "gold", "B": "gold"}),
        ("A1 B2 C2 D4", [GOLD, SILVER], {"A": "gold", "B": "silver", "C": "silver"}),
        ("A1 B2 C3 D4 E5", [TENTH, THIRD], {"A": "gold", "B": "silver", "C": "silver"}),
        ("A1 B2 C-", [ALL_FIVE], {"A": "gold", "B": "gold"}),
    ],
)
def test_tiers_by_count_and_percentage_never_split_level_teams(text, awards, expected):
    assert tiers(ranking(text), awards) == expected


def scored(delegate, *scores):
    return [
        DelegateScore(delegate=delegate, round=number, score=D(score))
        for number, score in enumerate(scores, 1)
    ]


def test_delegates_are_ranked_by_average_with_a_minimum_of_rounds():
    (lines,) = delegate_standings(
        [*scored("a", 80, 70), *scored("b", 75, 75), *scored("c", 99), *scored("d", 60, 61)], minimum_rounds=2
    ).values()
    assert [(line.delegate, line.rank, line.is_shared, line.average, line.deviation) for line in lines] == [
        ("a", 1, True, D(75), D(5)),
        ("b", 1, True, D(75), D(0)),
        ("d", 3, False, D("60.5"), D("0.5")),
        ("c", None, False, D(99), D(0)),
    ]


def test_delegates_of_different_roles_are_never_compared():
    roles = {"a": "igo", "b": "enterprise"}
    found = delegate_standings([*scored("a", 80), *scored("b", 90)], group_of=roles)
    assert {role: [(line.delegate, line.rank) for line in lines] for role, lines in found.items()} == {
        "igo": [("a", 1)],
        "enterprise": [("b", 1)],
    }


def test_a_delegates_score_may_be_of_some_criteria_only():
    rules = [
        CriterionRule(id=name, target=target, minimum=D(0), maximum=D(10), weight=D(weight))
        for name, target, weight in [("law", "delegate", 2), ("speech", "delegate", 1), ("plan", "team", 1)]
    ]
    marks = [
        MarkLine(team="A", delegate="a", criterion="law", mark=D(7)),
        MarkLine(team="A", delegate="a", criterion="speech", mark=D(9)),
        MarkLine(team="A", criterion="plan", mark=D(5)),
    ]
    assert delegate_sheet_scores(marks, rules) == {"a": D(23)}
    assert delegate_sheet_scores(marks, rules, only={"speech"}) == {"a": D(9)}


def test_one_award_a_person():
    (lines,) = delegate_standings([*scored("a", 80), *scored("b", 75), *scored("c", 75)]).values()
    awards = [
        by_standing("best delegate", lines),
        by_nomination("public speaking", ["a", "b", "a", "c", "b", "a"]),
        IndividualAward(name="diplomacy", candidates=(("a",), ("d",)), places=2),
    ]
    assert one_award_a_person(awards) == {
        "best delegate": ("a",),
        "public speaking": ("b",),
        "diplomacy": ("d",),
    }


def test_the_best_coach_is_the_one_whose_teams_tiers_are_worth_most():
    tier_of = {"A": "gold", "B": "silver", "C": "silver", "D": "silver"}
    coach_of = {"A": "kim", "B": "li", "C": "li"}
    worth = {"gold": D(3), "silver": D(2)}
    assert best_coaches(tier_of, coach_of, worth) == [("li", D(4)), ("kim", D(3))]

"""The search and the exact solver: never worse than the start, and no better than what trying everything finds."""

from collections.abc import Iterator
from itertools import combinations, permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from competition.draw.bounds import pull_up_bound, spread_bound, widest_bound
from competition.draw.costs import Costs, Weights, costs_of
from competition.draw.drawn import drawn
from competition.draw.engine import plan
from competition.draw.exact import cheapest
from competition.draw.explain import explain
from competition.draw.model import Problem
from competition.draw.presets import weights_of
from competition.draw.search import improve
from competition.draw.starts import columns, first_seating, fours
from competition.draw.world import Ints, world_of
from core.roles import ROLES
from tests.competition.draw.builders import ROLE_NAMES, histories, problem, team

some = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def partitions(rows: list[int], size: int = 4) -> Iterator[list[tuple[int, ...]]]:
    """All ways to divide rows into groups of a size (the last may be smaller)."""
    if not rows:
        yield []
        return
    for rest in combinations(rows[1:], size - 1):
        left = [row for row in rows[1:] if row not in rest]
        for more in partitions(left, size):
            yield [(rows[0], *rest), *more]


def by_hand(table: Ints, costs: Costs) -> float:
    """The cost of a table, written differently from the engine."""
    w, weights = costs.world, costs.weights
    total = sum(costs.role[row, r] for r, row in enumerate(table))
    total += sum(costs.pair[a, b] for a, b in combinations(table, 2))
    points = [w.high[row] for row in table if not w.is_vacant[row]]
    width = max(points) - min(points)
    return float(total + weights.spread * width + weights.square * max(width - weights.free, 0) ** 2)


@some
@given(histories(least=5))
def test_no_step_of_the_search_leads_to_a_draw_worse_than_its_start(source: dict[str, Any]) -> None:
    question = Problem.from_json(source)
    world = world_of(question)
    costs = costs_of(world, weights_of(question.preset, 5, question.round))
    for start in (fours, columns):
        first = costs.best_roles(start(world, np.random.default_rng(1)))
        found = improve(first, costs, np.random.default_rng(2), steps=60)
        assert costs.of(found).sum() <= costs.of(first).sum()
        assert sorted(found.ravel().tolist()) == list(range(len(world.teams)))


@some
@given(histories(least=5))
def test_the_cost_of_a_table_is_what_the_definition_says(source: dict[str, Any]) -> None:
    question = Problem.from_json(source)
    costs = costs_of(world_of(question), weights_of(question.preset, 5, question.round))
    seats = first_seating(costs, np.random.default_rng(1))
    assert costs.of(seats).tolist() == pytest.approx([by_hand(table, costs) for table in seats])
    best = [min(by_hand(np.array(order), costs) for order in permutations(table)) for table in seats]
    assert costs.of(costs.best_roles(seats)).tolist() == pytest.approx(best)


@some
@given(histories(least=8, most=8))
def test_the_exact_draw_of_eight_teams_is_what_trying_everything_finds(source: dict[str, Any]) -> None:
    question = Problem.from_json(source)
    is_strict = question.preset == "strict"
    costs = costs_of(world_of(question), weights_of(question.preset, 2, question.round))
    every = (costs.of(costs.best_roles(np.array(tables))).sum() for tables in partitions(list(range(8))))
    least = min(every)
    start = costs.best_roles(fours(costs.world, np.random.default_rng(1)))
    found, is_proved = cheapest(start, costs, is_strict=is_strict)
    assert is_proved
    assert costs.of(found).sum() == pytest.approx(least)


def test_a_draw_of_twenty_four_teams_is_proved() -> None:
    teams = [
        team(i, points=i % 7, roles=dict(zip(ROLE_NAMES, (i % 3, 1, (i + 1) % 2, 1), strict=True)))
        | {"met": {f"T{(i + 5) % 24}": 1, f"T{(i - 5) % 24}": 1}}
        for i in range(24)
    ]
    for preset in ("balanced", "fair", "strict"):
        assert plan(
            Problem.from_json(problem(teams, method="power_paired", preset=preset))
        ).report.proved_optimal


def test_strict_keeps_the_least_spread_whatever_the_history() -> None:
    rng = np.random.default_rng(5)
    teams = [
        team(i, points=int(rng.integers(0, 12)), roles={r: int(rng.integers(3)) for r in ROLE_NAMES})
        for i in range(48)
    ]
    for i in range(0, 48, 2):
        teams[i]["met"] = {f"T{i + 1}": 1}
    report = plan(Problem.from_json(problem(teams, method="power_paired", preset="strict"))).report
    assert report.spread == report.lower_bounds.spread


@pytest.mark.parametrize("number", [4, 8])
def test_fair_gives_every_role_once_in_four_rounds(number: int) -> None:
    rng = np.random.default_rng(number)
    teams = []
    for i in range(40):
        roles = dict.fromkeys(ROLE_NAMES, number // 4)
        roles[ROLE_NAMES[i % 4]] -= 1
        teams.append(team(i, points=int(rng.integers(0, 10)), roles=roles))
    report = plan(
        Problem.from_json(problem(teams, method="power_paired", preset="fair", round=number, rounds=9))
    ).report
    assert report.role_violations == 0


@given(st.lists(st.integers(0, 6), min_size=6, max_size=9))
@settings(max_examples=40, deadline=None)
def test_the_bounds_of_points_are_attained_by_the_best_of_all_seatings(points: list[int]) -> None:
    points = sorted(points, reverse=True)
    tables = -(-len(points) // 4)
    short = 4 * tables - len(points)
    seatings = list(_seatings(list(range(len(points))), tables, short))
    values = [[[points[i] for i in table] for table in seating] for seating in seatings]
    spread = min(sum(max(table) - min(table) for table in seating) for seating in values)
    widest = min(max(max(table) - min(table) for table in seating) for seating in values)
    pulled = min(sum(p < max(table) for table in seating for p in table) for seating in values)
    assert widest_bound(points, tables, short) == widest
    assert spread_bound(points, tables, short) <= spread
    assert short or spread_bound(points, tables, short) == spread
    assert pull_up_bound(points, tables) <= pulled


def _seatings(rows: list[int], tables: int, short: int) -> Iterator[list[tuple[int, ...]]]:
    """All ways to divide rows into fours and `short` threes."""
    if tables == 0:
        yield []
        return
    for size in [size for size, fits in ((4, tables > short), (3, short > 0)) if fits]:
        for rest in combinations(rows[1:], size - 1):
            left = [row for row in rows[1:] if row not in rest]
            for more in _seatings(left, tables - 1, short - (size == 3)):
                yield [(rows[0], *rest), *more]


def test_wide_tables_late_in_an_edition_are_said_in_a_warning() -> None:
    teams = [team(i, points=9 if i == 0 else 0, institution=None) for i in range(8)]
    late = plan(Problem.from_json(problem(teams, method="power_paired", round=4, rounds=4)))
    early = plan(Problem.from_json(problem(teams, method="power_paired", round=2, rounds=4)))
    assert [(note.code, note.is_warning, note.text) for note in late.report.notes] == [
        ("wide_tables", True, "Tables more than 4 points wide: 1")
    ]
    assert early.report.notes == ()


def test_an_explanation_names_every_imperfection() -> None:
    teams = [team(i, points=3 - i, institution="A" if i < 2 else None) for i in range(4)]
    teams[2]["met"] = {"T3": 1}
    teams[3]["roles"] = dict.fromkeys(ROLE_NAMES, 0) | {"government": 2}
    question = Problem.from_json(problem(teams, method="power_paired"))
    (only,) = explain(question, plan(question).tables)
    assert (only.width, [set(pair) for pair in only.repeats]) == (3, [{"T2", "T3"}])
    assert [set(pair) for pair in only.kin] == [{"T0", "T1"}]
    assert (only.unbalanced, sorted(only.pulled_up)) == (("T3",), ["T1", "T2", "T3"])
    assert not only.is_perfect


def test_teams_that_miss_the_same_roles_are_company_before_a_round_that_gives_the_last_role() -> None:
    played = [
        ("government", "enterprise"),
        ("government", "local_ngo"),
        ("local_ngo", "igo"),
        ("igo", "local_ngo"),
    ]
    teams = [
        team(i, institution=None, roles={role: int(role in pair) for role in ROLE_NAMES})
        for i, pair in enumerate(played)
    ]
    weights = Weights(ahead=3.0)

    def company(number: int, rounds: int | None) -> list[list[float]]:
        question = Problem.from_json(problem(teams, method="power_paired", round=number, rounds=rounds))
        pairs: list[list[float]] = costs_of(world_of(question), weights).pair.tolist()
        return pairs

    shared = [[2, 1, 0, 0], [1, 2, 1, 1], [0, 1, 2, 2], [0, 1, 2, 2]]
    assert company(3, 9) == company(7, None) == [[3.0 * (2 - n) for n in row] for row in shared]
    for number, rounds in ((1, 9), (4, 9), (5, 9), (3, 3), (6, 7)):
        assert company(number, rounds) == [[0.0] * 4] * 4


def test_weights_of_nothing_cost_nothing() -> None:
    costs = costs_of(world_of(Problem.from_json(problem(8))), Weights(institution=0))
    assert costs.of(first_seating(costs, np.random.default_rng(1))).sum() == 0
    assert drawn(Problem.from_json(problem(8))).is_proved
    assert len(ROLES) == 4

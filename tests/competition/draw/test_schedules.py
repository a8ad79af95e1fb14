"""Schedules: who meets whom when all rounds are made ahead."""

from collections import Counter
from itertools import combinations, permutations, product

import numpy as np
import pytest

from competition.draw.ahead import broken_roles
from competition.draw.engine import plan, schedule
from competition.draw.model import BadProblem, Plan, Problem
from competition.draw.scheduled import scheduled
from competition.draw.shifts import addition, repeats, shifts
from core.roles import ROLES
from tests.competition.draw.builders import problem


def meetings(plans: tuple[Plan, ...]) -> Counter[tuple[str, str]]:
    return Counter(
        pair for each in plans for table in each.tables for pair in combinations(sorted(table.teams), 2)
    )


def most_roles(plans: tuple[Plan, ...]) -> int:
    """The largest difference between role counts that any team has at any time."""
    counts: dict[str, Counter[str]] = {}
    worst = 0
    for each in plans:
        for table in each.tables:
            for role in ROLES:
                if (name := table.seats[role]) is not None:
                    counts.setdefault(name, Counter())[role] += 1
        worst = max(worst, *(max(c[r] for r in ROLES) - min(c[r] for r in ROLES) for c in counts.values()))
    return worst


@pytest.mark.parametrize("m", [*range(4, 31), 50, 500])
def test_four_rotating_rounds_repeat_nothing_from_sixteen_teams_on(m: int) -> None:
    assert repeats(shifts(m, 4), m) == 0


@pytest.mark.parametrize("m", [*range(9, 41), 50, 500])
def test_nine_rounds_repeat_nothing_from_nine_tables_on(m: int) -> None:
    assert repeats(shifts(m, 9), m) == 0


@pytest.mark.parametrize("m", [5, 7, 8, 9, 11, 13, 16, 17, 19, 23, 25, 27, 29])
def test_a_prime_power_of_tables_gives_as_many_rounds_as_tables(m: int) -> None:
    assert repeats(shifts(m, m), m) == 0


@pytest.mark.parametrize("m", [5, 6, 7, 8, 9])
def test_from_five_tables_on_there_are_five_rounds(m: int) -> None:
    assert repeats(shifts(m, 5), m) == 0


@pytest.mark.parametrize("m", [4, 6, 8, 9, 12, 16, 25, 27])
def test_addition_is_a_commutative_group(m: int) -> None:
    add = addition(m)
    assert (add == add.T).all()
    assert (add[0] == np.arange(m)).all()
    assert all(sorted(row) == list(range(m)) for row in add.tolist())
    assert (add[add[:, :, None], np.arange(m)] == add[np.arange(m)[:, None, None], add[None]]).all()


@pytest.mark.parametrize(
    ("teams", "rounds"), [(16, 4), (20, 4), (24, 4), (40, 9), (48, 9), (88, 9), (200, 9)]
)
def test_a_rotating_schedule_is_perfect(teams: int, rounds: int) -> None:
    plans = schedule(Problem.from_json(problem(teams, method="scheduled", rounds=rounds)))
    assert len(plans) == rounds
    assert all(
        sorted(name for t in each.tables for name in t.teams) == sorted(f"T{i}" for i in range(teams))
        for each in plans
    )
    assert max(meetings(plans).values()) == 1
    assert most_roles(plans) == 1
    assert sum(each.report.institution_meetings for each in plans) == 0
    assert all(each.report.proved_optimal for each in plans)


def test_two_thousand_teams_are_scheduled_over_nine_rounds() -> None:
    rounds = scheduled(Problem.from_json(problem(2000, method="scheduled", rounds=9)), 9)
    assert [len(tables) for tables in rounds] == [500] * 9
    met = Counter(
        pair
        for tables in rounds
        for seats in tables
        for pair in combinations(sorted(str(name) for name in seats.values()), 2)
    )
    assert (len(met), max(met.values())) == (9 * 500 * 6, 1)


def test_broken_roles_are_counted_at_any_time_and_each_team_once() -> None:
    one = dict(zip(ROLES, "abcd", strict=True))
    turned = dict(zip(ROLES, "bcda", strict=True))
    assert broken_roles([[one], [turned]]) == 0
    assert broken_roles([[one], [one], [turned]]) == 4
    assert broken_roles([[one], [one | {ROLES[0]: "b", ROLES[1]: "a"}]]) == 2


@pytest.mark.parametrize("teams", [5, 6, 7, 9, 17, 18, 19, 37, 46, 90])
def test_vacant_seats_are_as_few_as_can_be_at_different_tables_and_rotate(teams: int) -> None:
    plans = schedule(Problem.from_json(problem(teams, method="scheduled", rounds=4)))
    vacant = Counter[str]()
    for each in plans:
        assert sum(4 - len(table.teams) for table in each.tables) == -teams % 4
        assert teams == 5 or all(len(table.teams) >= 3 for table in each.tables)
        vacant.update(name for t in each.tables if len(t.teams) < 4 for name in t.teams)
    if 4 * (-teams % 4) <= -(-teams // 4):
        assert max(vacant.values()) == 1
    assert most_roles(plans) <= 1


@pytest.mark.parametrize(
    ("teams", "rounds"), [(21, 3), (37, 3), (29, 4), (33, 4), (34, 4), (42, 4), (61, 5), (101, 9)]
)
def test_nobody_meets_a_second_vacant_seat_before_all_have_met_one(teams: int, rounds: int) -> None:
    source = problem(teams, method="scheduled", rounds=rounds)
    for each in source["teams"]:
        each["institution"] = None
    plans = schedule(Problem.from_json(source))
    vacant = Counter({each["id"]: 0 for each in source["teams"]})
    for drawn in plans:
        vacant.update(name for t in drawn.tables if len(t.teams) < 4 for name in t.teams)
        assert max(vacant.values()) - min(vacant.values()) <= 1
    assert max(meetings(plans).values()) == 1
    assert most_roles(plans) <= 1


@pytest.mark.parametrize(("per_role", "rounds"), [(4, 4), (5, 5), (6, 5), (7, 7), (10, 9), (11, 9), (17, 9)])
def test_fixed_roles_meet_nobody_twice(per_role: int, rounds: int) -> None:
    source = problem(4 * per_role, role_policy="fixed", method="scheduled", rounds=rounds)
    for each in source["teams"]:
        each["institution"] = None
    plans = schedule(Problem.from_json(source))
    roles = {each["id"]: each["role"] for each in source["teams"]}
    assert all(roles[name] == role for each in plans for t in each.tables for role, name in t.seats.items())
    assert max(meetings(plans).values()) == 1


def test_three_teams_a_role_over_three_rounds_repeat_three_pairs_and_no_fewer() -> None:
    plans = schedule(Problem.from_json(problem(12, role_policy="fixed", method="scheduled", rounds=3)))
    assert sum(times > 1 for times in meetings(plans).values()) == 3


@pytest.mark.parametrize("per_role", [2, 3])
def test_with_two_or_three_teams_a_role_a_second_round_must_repeat(per_role: int) -> None:
    moves = list(permutations(range(per_role)))
    still = tuple(range(per_role))
    clean = [
        four
        for four in product(moves, repeat=3)
        if all(
            a != b for one, other in combinations([still, *four], 2) for a, b in zip(one, other, strict=True)
        )
    ]
    assert clean == []


def test_uneven_role_brackets_get_vacant_seats_in_the_short_roles() -> None:
    source = problem(30, role_policy="fixed", method="scheduled", rounds=4)
    plans = schedule(Problem.from_json(source))
    for each in plans:
        missing = [role for table in each.tables for role, name in table.seats.items() if name is None]
        assert sorted(missing) == ["igo", "local_ngo"]
        assert len({table.table for table in each.tables if None in table.seats.values()}) == 2


def test_institutions_in_fixed_roles_are_kept_apart_where_possible() -> None:
    plans = schedule(Problem.from_json(problem(40, role_policy="fixed", method="scheduled", rounds=4)))
    assert sum(each.report.institution_meetings for each in plans) == 0


@pytest.mark.parametrize(("per_role", "rounds"), [(5, 2), (6, 2), (8, 4), (12, 4)])
@pytest.mark.parametrize("seed", range(3))
def test_small_fixed_fields_of_large_institutions_are_parted_where_shifts_leave_room(
    per_role: int, rounds: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    names = [f"I{i}" for i in range(4 * per_role) for _ in range(1 + i % 4)][: 4 * per_role]
    rng.shuffle(names)
    source = problem(4 * per_role, role_policy="fixed", method="scheduled", rounds=rounds)
    for each, name in zip(source["teams"], names, strict=True):
        each["institution"] = name
    plans = schedule(Problem.from_json(source))
    assert sum(each.report.institution_meetings for each in plans) == 0
    assert max(meetings(plans).values()) == 1


@pytest.mark.parametrize("sizes", [[4, 4, 4, 3, 3, 3, 3, 2, 2, 2, 2], [3, 3, 2, 2, 2, 2, 1, 1]])
@pytest.mark.parametrize("seed", range(3))
def test_institutions_that_pack_whole_into_four_groups_never_meet(sizes: list[int], seed: int) -> None:
    names = [f"I{i}" for i, size in enumerate(sizes) for _ in range(size)]
    source = problem(len(names), method="scheduled", rounds=4, seed=seed)
    for each, name in zip(source["teams"], names, strict=True):
        each["institution"] = name
    plans = schedule(Problem.from_json(source))
    assert sum(each.report.institution_meetings for each in plans) == 0


def test_each_round_of_a_schedule_is_the_round_that_plan_gives() -> None:
    whole = schedule(Problem.from_json(problem(24, method="scheduled")))
    single = [plan(Problem.from_json(problem(24, method="scheduled", round=r))) for r in (1, 2, 3, 4)]
    assert [each.tables for each in whole] == [each.tables for each in single]


def test_a_random_schedule_knows_its_own_earlier_rounds() -> None:
    plans = schedule(Problem.from_json(problem(32, method="random", rounds=4)))
    assert max(meetings(plans).values()) == 1
    assert most_roles(plans) == 1


def test_what_cannot_be_made_ahead_is_refused() -> None:
    with pytest.raises(BadProblem, match="needs the results of the round before"):
        schedule(Problem.from_json(problem(method="power_paired")))
    with pytest.raises(BadProblem, match="rounds is needed"):
        schedule(Problem.from_json(problem(method="scheduled", rounds=None)))

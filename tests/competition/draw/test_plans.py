"""Plans of one round: properties that hold for every problem."""

from collections import Counter
from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings

from competition.draw.engine import plan
from competition.draw.history import after
from competition.draw.model import BadProblem, Measures, Plan, Problem
from core.roles import ROLES
from tests.competition.draw.builders import histories, problem, team

few = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def seats(drawn: Plan) -> list[str]:
    return sorted(name for table in drawn.tables for name in table.teams)


def recount(source: Problem, drawn: Plan) -> Measures:
    """The figures once more, written differently from the engine."""
    teams = {team.id: team for team in source.teams}
    tables = [[teams[name] for name in table.teams] for table in drawn.tables]
    pairs = [(a, b) for table in tables for a in table for b in table if a.id < b.id]
    pulled = {
        team.id for table in tables for team in table if any(other.points > team.points for other in table)
    }
    counts = {name: Counter(team.roles) for name, team in teams.items()}
    for table in drawn.tables:
        for role, name in table.seats.items():
            if name is not None:
                counts[name][role] += 1
    widths = [max(team.points for team in table) - min(team.points for team in table) for table in tables]
    return Measures(
        repeat_meetings=sum(bool(a.met.get(b.id)) for a, b in pairs),
        institution_meetings=sum(a.institution == b.institution is not None for a, b in pairs),
        role_violations=sum(max(c[r] for r in ROLES) - min(c[r] for r in ROLES) > 1 for c in counts.values()),
        spread=sum(widths),
        widest=max(widths),
        pull_ups=len(pulled),
        most_pulled_up=max(team.pull_ups + (team.id in pulled) for team in source.teams),
    )


@few
@given(histories())
def test_every_team_sits_once_and_the_report_is_a_recount(source: dict[str, object]) -> None:
    question = Problem.from_json(source)
    drawn = plan(question)
    assert seats(drawn) == sorted(team.id for team in question.teams)
    assert [table.table for table in drawn.tables] == list(range(1, len(drawn.tables) + 1))
    assert all(list(table.seats) == list(ROLES) for table in drawn.tables)
    counted = recount(question, drawn)
    assert drawn.report.figures() == counted.figures()


@few
@given(histories())
def test_no_lower_bound_lies_above_its_value(source: dict[str, object]) -> None:
    report = plan(Problem.from_json(source)).report
    bounds = report.lower_bounds.figures()
    assert [name for name, value in report.figures().items() if bounds[name] > value] == []


@few
@given(histories(method="random"))
def test_the_same_seed_gives_the_same_random_plan(source: dict[str, object]) -> None:
    first, second = (plan(Problem.from_json(source)) for _ in range(2))
    assert first == second


@few
@given(histories(least=8))
def test_a_locked_table_stays_and_the_rest_is_drawn_round_it(source: dict[str, object]) -> None:
    kept = {"government": "T3", "enterprise": "T1", "local_ngo": None, "igo": "T7"}
    question = Problem.from_json(source | {"locked": [{"table": 2, "seats": kept}]})
    drawn = plan(question)
    assert {role.value: name for role, name in drawn.tables[1].seats.items()} == kept
    assert seats(drawn) == sorted(team.id for team in question.teams)


def test_another_seed_gives_another_random_plan() -> None:
    first, second = (plan(Problem.from_json(problem(24, seed=seed))) for seed in (1, 2))
    assert first.tables != second.tables


def test_vacant_seats_sit_at_different_tables_with_teams_that_met_fewest() -> None:
    teams = [team(i, vacancies=int(i < 9)) for i in range(18)]
    drawn = plan(Problem.from_json(problem(teams=teams)))
    short = [table for table in drawn.tables if len(table.teams) < 4]
    assert [len(table.teams) for table in short] == [3, 3]
    assert {name for table in short for name in table.teams} <= {f"T{i}" for i in range(9, 18)}


def test_institutions_meet_only_where_they_must() -> None:
    crowded = [team(i, institution="A" if i < 6 else f"I{i}") for i in range(16)]
    drawn = plan(Problem.from_json(problem(teams=crowded)))
    assert drawn.report.institution_meetings == drawn.report.lower_bounds.institution_meetings == 2


def test_points_that_sort_into_whole_tables_make_level_tables() -> None:
    teams = [team(i, points=i // 4, institution=None) for i in range(16)]
    report = plan(Problem.from_json(problem(method="power_paired", teams=teams))).report
    assert (report.spread, report.widest, report.pull_ups, report.proved_optimal) == (0, 0, 0, True)


def test_fixed_roles_cannot_be_paired_by_points() -> None:
    source = problem(16, role_policy="fixed", method="power_paired")
    with pytest.raises(BadProblem, match=r"set options\.pair_by to role_rank"):
        plan(Problem.from_json(source))


def test_fixed_roles_pair_by_rank_inside_the_role() -> None:
    source = problem(24, role_policy="fixed", method="power_paired", options={"pair_by": "role_rank"})
    for i, each in enumerate(source["teams"]):
        each |= {"points": 100 - i, "institution": None}
    drawn = plan(Problem.from_json(source))
    assert [table.teams for table in drawn.tables] == [
        tuple(f"T{4 * k + role}" for role in range(4)) for k in range(6)
    ]


def test_fixed_roles_never_seat_a_team_in_another_role() -> None:
    drawn = plan(Problem.from_json(problem(30, role_policy="fixed")))
    roles = {f"T{i}": i % 4 for i in range(30)}
    assert all(roles[name] == i for t in drawn.tables for i, name in enumerate(t.seats.values()) if name)
    assert sorted(len(table.teams) for table in drawn.tables) == [3, 3, 4, 4, 4, 4, 4, 4]


def test_a_locked_number_above_the_tables_is_refused() -> None:
    source = problem(
        8,
        locked=[
            {"table": 9, "seats": {"government": "T1", "enterprise": None, "local_ngo": None, "igo": None}}
        ],
    )
    with pytest.raises(BadProblem, match="number above the 3 tables"):
        plan(Problem.from_json(source))


def test_effort_never_costs_quality() -> None:
    teams = [team(i, points=i % 7, met={f"T{(i + 1) % 40}": 1, f"T{(i - 1) % 40}": 1}) for i in range(40)]
    question = Problem.from_json(problem(method="power_paired", preset="fair", teams=teams))
    plain = plan(replace(question, options=replace(question.options, effort=0))).report
    drawn = plan(question).report
    assert (drawn.role_violations, drawn.repeat_meetings) <= (plain.role_violations, plain.repeat_meetings)


@pytest.mark.parametrize("teams", [33, 46, 79])
def test_fair_draws_let_every_team_play_each_role_once_in_four_rounds_with_vacant_seats_too(
    teams: int,
) -> None:
    lots = Random(teams)
    current = Problem.from_json(problem(teams, method="power_paired", preset="fair", rounds=4))
    for number in (1, 2, 3, 4):
        current = replace(current, round=number)
        tables = [table.seats for table in plan(current).tables]
        gained = {
            name: place for seats in tables for place, name in enumerate(lots.sample(list(seats.values()), 4))
        }
        current = after(
            current, tables, {name: points for name, points in gained.items() if name is not None}
        )
    assert [dict(team.roles) for team in current.teams] == [dict.fromkeys(ROLES, 1)] * teams

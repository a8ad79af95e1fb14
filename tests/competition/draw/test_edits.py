"""Edits and repairs: what a change would do, and the smallest ones that mend a draw."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from competition.draw.edits import what_if
from competition.draw.engine import plan
from competition.draw.measures import measure
from competition.draw.model import BadProblem, LockedTable, Problem, TeamState
from competition.draw.repair import repairs
from core.roles import ROLES, Role
from tests.competition.draw.builders import problem, team

GOVERNMENT, ENTERPRISE, NGO, IGO = ROLES


def drawn(count: int, **changes: object) -> tuple[Problem, tuple]:  # type: ignore[type-arg]
    teams = [team(i, points=i % 4, institution=None) for i in range(count)]
    question = Problem.from_json(problem(teams, method="power_paired", **changes))
    return question, plan(question).tables


@given(st.integers(1, 4), st.sampled_from(ROLES), st.integers(1, 4), st.sampled_from(ROLES))
@settings(max_examples=30, deadline=None)
def test_an_exchange_changes_what_a_recount_says_and_back_again_nothing(
    a: int, r: Role, b: int, s: Role
) -> None:
    question, tables = drawn(15)
    once = what_if(question, tables, [((a, r), (b, s))])
    back = what_if(question, once.tables, [((a, r), (b, s))])
    assert back.after == once.before
    assert [table.seats for table in back.tables] == [table.seats for table in tables]
    assert back.difference == {name: -value for name, value in once.difference.items()}


def test_an_exchange_names_who_moves_and_who_changes_role() -> None:
    question, tables = drawn(8)
    change = what_if(question, tables, [((1, GOVERNMENT), (2, IGO))])
    both = sorted([tables[0].seats[GOVERNMENT], tables[1].seats[IGO]])
    assert (list(change.moved), list(change.new_roles)) == (both, both)


def test_an_exchange_among_two_thousand_teams_moves_two_and_counts_all() -> None:
    question, tables = drawn(2000, options={"effort": 0})
    change = what_if(question, tables, [((1, GOVERNMENT), (500, GOVERNMENT))])
    assert list(change.moved) == sorted([tables[0].seats[GOVERNMENT], tables[499].seats[GOVERNMENT]])
    assert change.before == measure(question, [table.seats for table in tables])
    assert change.after == measure(question, [table.seats for table in change.tables])


def test_exchanges_that_cannot_be_are_refused() -> None:
    question, tables = drawn(8)
    with pytest.raises(BadProblem, match="there is no table 9"):
        what_if(question, tables, [((9, GOVERNMENT), (1, GOVERNMENT))])
    fixed = Problem.from_json(problem(8, role_policy="fixed"))
    with pytest.raises(BadProblem, match="only seats of one role"):
        what_if(fixed, plan(fixed).tables, [((1, GOVERNMENT), (2, IGO))])


def test_a_withdrawn_team_leaves_a_vacant_seat_and_nobody_moves() -> None:
    question, tables = drawn(16)
    now = replace(question, teams=question.teams[:-1])
    first = repairs(now, tables)[0]
    assert (first.kind, first.change.moved, first.change.new_roles) == ("fill", (), ())
    assert sum(name is None for table in first.change.tables for name in table.seats.values()) == 1


def test_a_late_team_takes_the_vacant_seat() -> None:
    question, tables = drawn(15)
    late = TeamState(id="late", points=0)
    first = repairs(replace(question, teams=(*question.teams, late)), tables)[0]
    assert first.change.moved == ()
    assert all(len(table.teams) == 4 for table in first.change.tables)


def test_a_team_too_many_opens_a_table_of_three() -> None:
    question, tables = drawn(16)
    late = TeamState(id="late", points=0)
    first = repairs(replace(question, teams=(*question.teams, late)), tables)[0]
    assert sorted(len(table.teams) for table in first.change.tables) == [3, 3, 3, 4, 4]
    assert len(first.change.moved) == 2


def test_four_withdrawals_may_give_up_a_table() -> None:
    question, tables = drawn(16)
    gone = {table.teams[0] for table in tables}
    now = replace(question, teams=tuple(each for each in question.teams if each.id not in gone))
    options = repairs(now, tables)
    assert [option.kind for option in options].count("dissolve") >= 1
    dissolved = next(option for option in options if option.kind == "dissolve")
    assert [len(table.teams) for table in dissolved.change.tables] == [4, 4, 4]
    assert len(dissolved.change.moved) == 3


def test_there_are_at_most_three_repairs_and_the_smallest_is_first() -> None:
    question, tables = drawn(24)
    options = repairs(replace(question, teams=question.teams[2:]), tables)
    moved = [len(option.change.moved) for option in options]
    assert (len(options) <= 3, moved) == (True, sorted(moved))
    assert all(
        sorted(n for t in option.change.tables for n in t.teams)
        == sorted(each.id for each in question.teams[2:])
        for option in options
    )


def test_a_fixed_edition_is_repaired_inside_the_role() -> None:
    question = Problem.from_json(problem(16, role_policy="fixed"))
    tables = plan(question).tables
    late = TeamState(id="late", role=IGO)
    gone = next(each for each in question.teams if each.role is IGO)
    now = replace(question, teams=(*(each for each in question.teams if each is not gone), late))
    first = repairs(now, tables)[0]
    assert first.change.moved == ()
    assert [table.seats[IGO] for table in first.change.tables].count("late") == 1


def test_a_locked_table_is_never_repaired() -> None:
    question, tables = drawn(16)
    kept = tables[1]
    gone = tables[0].teams[0]
    now = replace(
        question,
        teams=tuple(each for each in question.teams if each.id != gone),
        locked=(LockedTable(seats=kept.seats, table=kept.table),),
    )
    for option in repairs(now, tables):
        assert [table.seats for table in option.change.tables if table.table == kept.table] == [kept.seats]

"""Who is not there in a round: the next draw leaves them out, panels and rooms are filled without them."""

from __future__ import annotations

import pytest
from flask import Flask

from competition.rounds.queries import live_draw, tables_of_draw
from competition.rounds.services.absences import absences_of, set_absence
from competition.rounds.services.drafting import draft_draw
from core.access import SYSTEM
from core.errors import NotFound
from tests.factories import make_edition, make_judge, make_room, make_round, make_team


def say(round_id: int, kind: str, public_id: str, *, is_absent: bool = True) -> str:
    return set_absence(
        actor=SYSTEM,
        round_id=round_id,
        kind=kind,  # type: ignore[arg-type]
        public_id=public_id,
        is_absent=is_absent,
        reason="ill",
    )


def draw(round_id: int, method: str = "random"):  # type: ignore[no-untyped-def]
    draft_draw(actor=SYSTEM, round_id=round_id, method=method, seed=1)
    found = live_draw(round_id)
    assert found is not None
    return tables_of_draw(found.id)


def test_a_team_that_is_absent_is_not_drawn_and_one_that_came_after_all_is(app: Flask) -> None:
    edition = make_edition()
    teams = [make_team(edition, f"T{number}") for number in range(9)]
    first, second = make_round(edition, 1), make_round(edition, 2)
    assert say(first.id, "team", teams[0].public_id) == "T0"
    assert {team for table in draw(first.id) for team in table.team_ids} == {t.id for t in teams[1:]}
    assert {team for table in draw(second.id) for team in table.team_ids} == {t.id for t in teams}
    say(first.id, "team", teams[0].public_id, is_absent=False)
    assert {team for table in draw(first.id) for team in table.team_ids} == {t.id for t in teams}


def test_a_schedule_leaves_the_seat_of_an_absent_team_empty_and_stays_the_same_schedule(app: Flask) -> None:
    edition = make_edition()
    teams = [make_team(edition, f"T{number}") for number in range(16)]
    rounds = [make_round(edition, number) for number in (1, 2)]
    whole = [draw(row.id, "scheduled") for row in rounds]
    say(rounds[0].id, "team", teams[3].public_id)
    again = [draw(row.id, "scheduled") for row in rounds]
    without = [tuple(team for team in table.team_ids if team != teams[3].id) for table in whole[0]]
    assert [table.team_ids for table in again[0]] == without
    assert [table.team_ids for table in again[1]] == [table.team_ids for table in whole[1]]


def test_judges_and_rooms_that_are_not_there_are_not_filled_in(app: Flask) -> None:
    edition = make_edition()
    for number in range(8):
        make_team(edition, f"T{number}")
    judges = [make_judge(edition, f"J{number}") for number in range(3)]
    rooms = [make_room(edition, f"R{number}") for number in range(3)]
    row = make_round(edition)
    say(row.id, "judge", judges[0].public_id)
    say(row.id, "room", rooms[0].public_id)
    tables = draw(row.id)
    assert {place.judge_id for table in tables for place in table.panel} == {j.id for j in judges[1:]}
    assert {table.room_id for table in tables} == {room.id for room in rooms[1:]}


def test_saying_it_twice_is_saying_it_once(app: Flask) -> None:
    edition = make_edition()
    team, row = make_team(edition), make_round(edition)
    for _again in range(2):
        say(row.id, "team", team.public_id)
    assert [(one.kind, one.subject_id, one.reason) for one in absences_of(row.id)] == [
        ("team", team.id, "ill")
    ]


def test_a_team_of_another_edition_is_not_found(app: Flask) -> None:
    row, foreign = make_round(make_edition()), make_team(make_edition())
    with pytest.raises(NotFound):
        say(row.id, "team", foreign.public_id)

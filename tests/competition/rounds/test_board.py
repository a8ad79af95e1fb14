"""The board of a draft: moves shown before they are made, taken back, locked tables, two organisers at once."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from competition.editions.public import find_edition
from competition.entries.models import Judge
from competition.rounds.models import NegotiationTable
from competition.rounds.queries import live_draw, tables_of_draw
from competition.rounds.services.drafting import draft_draw
from competition.rounds.services.history import undo_change
from competition.rounds.services.lifecycle import confirm_draw, release_draw
from competition.rounds.services.panels import place_judge
from competition.rounds.services.seating import SeatAt, lock_table, seat_team, swap_seats
from core.access import SYSTEM
from core.db import db
from core.errors import Conflict, ProblemsFound, Stale
from core.roles import ROLES, Role
from tests.competition.rounds.conftest import Browser
from tests.factories import (
    make_edition,
    make_judge,
    make_organiser,
    make_person,
    make_room,
    make_round,
    make_team,
    make_user,
    sign_in,
)

CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
BOARD = "/e/open/rounds/1/board"


@pytest.fixture
def scene(app: Flask) -> Any:
    """Twelve teams at three tables, five judges, three rooms; the round."""
    edition = make_edition("open")
    for number in range(12):
        make_team(edition, f"T{number}")
    for number in range(5):
        make_judge(edition, f"J{number}")
    for number in range(3):
        make_room(edition, f"R{number}")
    row = make_round(edition)
    draft_draw(actor=SYSTEM, round_id=row.id, method="random", seed=5)
    return row


def tables(row: Any) -> Any:
    draw = live_draw(row.id)
    assert draw is not None
    return tables_of_draw(draw.id)


def state(row: Any) -> list[Any]:
    return [(t.name, dict(t.seats), t.panel, t.room_id, t.is_locked) for t in tables(row)]


def test_every_kind_of_change_is_taken_back_in_its_order(scene: Any) -> None:
    seen = [state(scene)]
    first, second, third = tables(scene)
    team = first.seats[Role.IGO]
    steps = [
        lambda: swap_seats(
            actor=SYSTEM,
            round_id=scene.id,
            first=SeatAt(table_id=first.id, role=Role.IGO),
            second=SeatAt(table_id=second.id, role=Role.ENTERPRISE),
        ),
        lambda: seat_team(actor=SYSTEM, round_id=scene.id, team_id=team, seat=None),
        lambda: seat_team(
            actor=SYSTEM,
            round_id=scene.id,
            team_id=team,
            seat=SeatAt(table_id=third.id, role=Role.GOVERNMENT),
        ),
        lambda: place_judge(
            actor=SYSTEM, round_id=scene.id, table_id=second.id, judge_id=first.chair_id, position="chair"
        ),
        lambda: place_judge(
            actor=SYSTEM, round_id=scene.id, table_id=second.id, judge_id=first.chair_id, position=None
        ),
    ]
    for step in steps:
        step()
        seen.append(state(scene))
    assert all(one != other for one, other in itertools.pairwise(seen))
    for expected in reversed(seen[:-1]):
        undo_change(actor=SYSTEM, round_id=scene.id)
        assert state(scene) == expected
    with pytest.raises(Conflict, match="nothing to take back"):
        undo_change(actor=SYSTEM, round_id=scene.id)


def test_a_released_draw_has_nothing_to_take_back(scene: Any) -> None:
    first, second, _third = tables(scene)
    swap_seats(
        actor=SYSTEM,
        round_id=scene.id,
        first=SeatAt(table_id=first.id, role=Role.IGO),
        second=SeatAt(table_id=second.id, role=Role.IGO),
    )
    confirm_draw(actor=SYSTEM, round_id=scene.id)
    release_draw(actor=SYSTEM, round_id=scene.id)
    with pytest.raises(Conflict):
        undo_change(actor=SYSTEM, round_id=scene.id)


def test_a_team_that_takes_a_seat_leaves_the_other_without_one(scene: Any) -> None:
    first, second, _third = tables(scene)
    team, other = first.seats[Role.IGO], second.seats[Role.IGO]
    outcome = seat_team(
        actor=SYSTEM, round_id=scene.id, team_id=team, seat=SeatAt(table_id=second.id, role=Role.IGO)
    )
    assert outcome.second == other
    seated = {key for table in tables(scene) for key in table.team_ids}
    assert other not in seated
    with pytest.raises(ProblemsFound):
        confirm_draw(actor=SYSTEM, round_id=scene.id)


def test_a_locked_table_stays_with_its_panel_and_room_when_the_rest_is_drawn_again(scene: Any) -> None:
    locked = tables(scene)[1]
    lock_table(actor=SYSTEM, round_id=scene.id, table_id=locked.id, is_locked=True)
    for seed in (11, 12, 13):
        draft_draw(actor=SYSTEM, round_id=scene.id, method="random", seed=seed)
        now = next(table for table in tables(scene) if table.name == locked.name)
        assert now.is_locked
        assert dict(now.seats) == dict(locked.seats)
        assert now.panel == locked.panel
        assert now.room_id == locked.room_id
        assert sum(len(table.team_ids) for table in tables(scene)) == 12


def test_a_locked_table_is_not_changed_by_hand(scene: Any) -> None:
    first, second, _third = tables(scene)
    lock_table(actor=SYSTEM, round_id=scene.id, table_id=second.id, is_locked=True)
    seats = {
        "first": SeatAt(table_id=first.id, role=Role.IGO),
        "second": SeatAt(table_id=second.id, role=Role.IGO),
    }
    with pytest.raises(Conflict, match="is locked"):
        swap_seats(actor=SYSTEM, round_id=scene.id, **seats)
    lock_table(actor=SYSTEM, round_id=scene.id, table_id=second.id, is_locked=False)
    swap_seats(actor=SYSTEM, round_id=scene.id, **seats)


def test_a_schedule_cannot_keep_a_locked_table_and_says_so(scene: Any) -> None:
    lock_table(actor=SYSTEM, round_id=scene.id, table_id=tables(scene)[0].id, is_locked=True)
    with pytest.raises(Conflict, match="Unlock them, or draw at random"):
        draft_draw(actor=SYSTEM, round_id=scene.id, method="scheduled", seed=1)


def test_the_second_organiser_is_told_what_the_first_one_moved(scene: Any) -> None:
    first, second, _third = tables(scene)
    version = scene.version
    seats = {
        "first": SeatAt(table_id=first.id, role=Role.IGO),
        "second": SeatAt(table_id=second.id, role=Role.IGO),
    }
    swap_seats(actor=SYSTEM, round_id=scene.id, version=version, **seats)
    with pytest.raises(Stale) as caught:
        swap_seats(actor=SYSTEM, round_id=scene.id, version=version, **seats)
    assert any("↔" in line for line in caught.value.details)


@pytest.fixture
def director(browser: Browser, scene: Any) -> Browser:
    person = make_person()
    edition = find_edition("open")
    assert edition is not None
    make_organiser(edition, person)
    sign_in(browser, make_user(person=person))  # type: ignore[arg-type]
    return browser


def send(browser: Browser, path: str, **fields: str) -> TestResponse:
    page = browser.get(BOARD).text
    token = CSRF.search(page)
    key = re.search(r'name="idempotency_key"[^>]*value="([^"]+)"', page)
    version = re.search(r'name="version"[^>]*value="(\d+)"', page)
    assert token
    assert key
    assert version
    held = {"csrf_token": token.group(1), "idempotency_key": key.group(1), "version": version.group(1)}
    return browser.post(path, data={**held, **fields})


def test_a_move_is_shown_first_and_then_made(director: Browser, scene: Any) -> None:
    first, second, _third = tables(scene)
    pick, to = f"seat:{first.public_id}.igo", f"seat:{second.public_id}.igo"
    before = state(scene)
    assert "Where to with" in director.get(f"{BOARD}?pick={pick}").text
    shown = director.get(f"{BOARD}?pick={pick}&to={to}").text
    assert "change places" in shown
    assert state(scene) == before
    assert send(director, f"{BOARD}/move", pick=pick, to=to).status_code == 303
    now = {table.id: table for table in tables(scene)}
    assert now[first.id].seats[Role.IGO] == second.seats[Role.IGO]
    assert now[second.id].seats[Role.IGO] == first.seats[Role.IGO]
    assert send(director, f"{BOARD}/undo").status_code == 303
    assert state(scene) == before


def test_a_judge_is_moved_with_a_position_and_a_lock_is_set(director: Browser, scene: Any) -> None:
    free = next(
        judge
        for judge in db.session.scalars(select(Judge))
        if judge.id not in {place.judge_id for table in tables(scene) for place in table.panel}
    )
    table = tables(scene)[2]
    pick, to = f"judge:{free.public_id}", f"table:{table.public_id}"
    assert "as panellist" in director.get(f"{BOARD}?pick={pick}&to={to}").text
    assert send(director, f"{BOARD}/move", pick=pick, to=to, position="trainee").status_code == 303
    assert (free.id, "trainee") in {(p.judge_id, p.position) for p in tables(scene)[2].panel}
    assert send(director, f"{BOARD}/lock/{table.public_id}", is_locked="1").status_code == 303
    assert db.session.get_one(NegotiationTable, table.id).is_locked


@pytest.mark.parametrize(
    "query",
    [
        "pick=seat:nowhere.igo",
        "pick=judge:nobody",
        "pick=team:nobody",
        "pick=x",
        "pick=seat:{table}.king",
        "pick=seat:{table}.igo&to=table:{table}",
        "pick=seat:{table}.igo&to=seat:nowhere.igo",
    ],
)
def test_a_move_that_makes_no_sense_is_refused_in_words(director: Browser, scene: Any, query: str) -> None:
    answer = director.get(f"{BOARD}?{query.format(table=tables(scene)[0].public_id)}")
    assert answer.status_code == 422
    assert "Choose what to move, and where to." in answer.text


def test_a_board_is_there_only_while_the_draw_is_a_draft(director: Browser, scene: Any) -> None:
    confirm_draw(actor=SYSTEM, round_id=scene.id)
    assert director.get(BOARD).status_code == 409


def test_in_a_fixed_edition_only_seats_of_the_role_are_offered(app: Flask, browser: Browser) -> None:
    edition = make_edition("open", role_policy="fixed")
    for number in range(16):
        make_team(edition, f"T{number}", role=ROLES[number % 4].value)
    row = make_round(edition)
    draft_draw(actor=SYSTEM, round_id=row.id, method="scheduled", seed=1)
    person = make_person()
    make_organiser(edition, person)
    sign_in(browser, make_user(person=person))  # type: ignore[arg-type]
    first, second = tables(row)[:2]
    page = browser.get(f"{BOARD}?pick=seat:{first.public_id}.igo").text
    offered = set(re.findall(r"to=seat:[\w-]+\.(\w+)", page))
    assert offered == {"igo"}
    answer = browser.get(f"{BOARD}?pick=seat:{first.public_id}.igo&to=seat:{second.public_id}.government")
    assert answer.status_code == 422

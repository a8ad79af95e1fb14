"""A round's lights, what if somebody is not there, and the paper pack, over HTTP."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select
from werkzeug.test import TestResponse

from competition.entries.check_in import note_arrival
from competition.entries.models import Judge, Team
from competition.rounds.public import (
    Place,
    SeatRepair,
    Trouble,
    confirm_draw,
    draft_draw,
    get_round_facts,
    live_draw,
    release_draw,
    round_facts,
    tables_of_draw,
)
from core.access import SYSTEM
from core.audit import AuditEntry
from core.db import db
from core.roles import Role
from core.worker import run_pending
from tabroom.models import PaperPack
from tabroom.round_lights import RoundLights, round_lights
from tabroom.views.what_if import team_titles
from tests.factories import (
    make_delegate,
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
KEY = re.compile(r'name="idempotency_key"[^>]*value="([^"]+)"')
VERSION = re.compile(r'name="version"[^>]*value="(\d+)"')
ANSWER = re.compile(r'name="key"[^>]*value="(\w+)"')
NOW = datetime(2026, 5, 16, 8, tzinfo=UTC)
GO = "/e/open/rounds/1/go"


@pytest.fixture
def scene(client: FlaskClient) -> Any:
    """An edition of twelve teams, five judges, three rooms and one round; its director at the browser."""
    edition = make_edition("open", timezone="Asia/Shanghai")
    for number in range(12):
        team = make_team(edition, f"Team {number}")
        make_delegate(team, f"Lin {number}", is_captain=True, contact=f"+86 21 5555 {number:04d}")
    for number in range(5):
        make_judge(edition, f"Judge {number}", contact=f"judge{number}@example.org")
    for number in range(3):
        make_room(edition, f"Room {number}")
    make_round(edition, starts_at=NOW)

    person = make_person()
    make_organiser(edition, person)
    sign_in(client, make_user(person=person))
    db.session.commit()
    return edition


def lights_of(edition: Any) -> RoundLights:
    from flask import current_app

    with current_app.test_request_context("/"):
        return round_lights(edition, get_round_facts(edition.id, 1), [], NOW)


def light(edition: Any, key: str) -> Any:
    return next(one for one in lights_of(edition).lights if one.key == key)


def draw(edition: Any) -> None:
    draft_draw(actor=SYSTEM, round_id=get_round_facts(edition.id, 1).id, method="random", seed=4)
    db.session.commit()


def send(client: FlaskClient, path: str, page: str, **fields: str) -> TestResponse:
    html = client.get(page).text
    hidden = {"csrf_token": CSRF, "idempotency_key": KEY, "version": VERSION, "key": ANSWER}
    found = {name: match.group(1) for name, pattern in hidden.items() if (match := pattern.search(html))}
    return client.post(path, data={**found, **fields})


def test_the_lights_follow_a_round_from_its_draw_to_its_release(app: Flask, scene: Any) -> None:
    board = lights_of(scene)
    assert (board.colour, board.next.key if board.next else "") == ("green", "draw")
    draw(scene)
    board = lights_of(scene)
    assert {one.key: one.state for one in board.lights} == {
        "check_in": "off",
        "before": "off",
        "draw": "todo",
        "judges": "done",
        "rooms": "done",
        "release": "todo",
        "case": "off",
        "sheets": "todo",
        "confirmation": "todo",
        "publication": "todo",
    }
    facts = get_round_facts(scene.id, 1)
    confirm_draw(actor=SYSTEM, round_id=facts.id)
    assert light(scene, "release").state == "todo"
    release_draw(actor=SYSTEM, round_id=facts.id)
    board = lights_of(scene)
    assert light(scene, "release").state == "done"
    assert board.next is not None
    assert board.next.key == "sheets"
    assert len(light(scene, "sheets").lines) == 3


def test_who_was_not_seen_at_the_desk_is_named_with_a_number_to_call(app: Flask, scene: Any) -> None:
    draw(scene)
    first = db.session.scalars(select(Team)).first()
    assert first is not None
    note_arrival(
        actor=SYSTEM, edition=scene, kind="team", public_id=first.public_id, day=NOW.date(), is_here=True
    )
    found = light(scene, "check_in")
    assert (found.state, len(found.lines), found.more) == ("warning", 12, 2)
    assert found.lines[0].contact_url == "tel:+862155550001"
    assert lights_of(scene).colour == "amber"


def test_a_missing_team_is_mended_in_two_taps(client: FlaskClient, scene: Any) -> None:
    draw(scene)
    draw_id = get_round_facts(scene.id, 1).draw_id
    assert draw_id is not None
    team_id = tables_of_draw(draw_id)[0].team_ids[0]
    team = db.session.get_one(Team, team_id)
    page = f"/e/open/rounds/1/what-if/team/{team.public_id}"
    db.session.commit()
    answer = send(client, f"{GO}/absences", GO, who=f"team:{team.public_id}", is_absent="1", reason="train")
    assert (answer.status_code, answer.location) == (303, page)
    assert light(scene, "draw").state == "blocked"
    assert lights_of(scene).colour == "red"
    shown = client.get(page)
    assert "Leave the seat empty" in shown.text
    done = send(client, page, page)
    assert (done.status_code, done.location) == (303, GO)
    assert light(scene, "draw").state == "todo"
    assert team_id not in {t for table in tables_of_draw(draw_id) for t in table.team_ids}
    assert "train" in client.get(GO).text
    again = send(client, f"{GO}/absences", GO, who=f"team:{team.public_id}", is_absent="0")
    assert again.status_code == 303
    assert light(scene, "draw").state == "blocked"
    assert "has no seat" in light(scene, "draw").lines[0].text
    assert "A seat for" in client.get(page).text


def test_answers_that_begin_with_the_same_move_are_told_apart_by_all_their_moves(app: Flask) -> None:
    def moving(**places: tuple[Place | None, Place | None]) -> SeatRepair:
        moved = {int(key[1:]): place for key, place in places.items()}
        return SeatRepair(kind="move", tables=(), given_up=(), moved=moved)

    gone = ("1", Role.GOVERNMENT), None
    first = ("2", Role.GOVERNMENT), ("1", Role.GOVERNMENT)
    trouble = Trouble(
        team=SimpleNamespace(id=9, name="Nine"),  # type: ignore[arg-type]
        table=None,
        frozen="",
        repairs=(
            SeatRepair(kind="vacant", tables=(), given_up=(), moved={9: gone}),
            moving(t9=gone, t1=first, t2=(("3", Role.LOCAL_NGO), ("2", Role.GOVERNMENT))),
            moving(t9=gone, t1=first, t3=(("4", Role.LOCAL_NGO), ("2", Role.GOVERNMENT))),
        ),
    )
    with app.test_request_context("/"):
        assert team_titles(trouble, {1: "One", 2: "Two", 3: "Three"}) == [
            "Leave the seat empty",
            "One moves to table 1, Government and Two moves to table 2, Government",
            "One moves to table 1, Government and Three moves to table 2, Government",
        ]


def test_an_answer_that_is_not_possible_any_more_is_refused(client: FlaskClient, scene: Any) -> None:
    draw(scene)
    team = db.session.scalars(select(Team)).first()
    assert team is not None
    page = f"/e/open/rounds/1/what-if/team/{team.public_id}"
    answer = send(client, page, page, key="0" * 24)
    assert answer.status_code == 409
    assert "not possible any more" in answer.text
    stale = send(client, page, page, version="99")
    assert stale.status_code == 409


def test_a_judge_who_went_home_is_replaced(client: FlaskClient, scene: Any) -> None:
    draw(scene)
    live = live_draw(get_round_facts(scene.id, 1).id)
    assert live is not None
    chair = tables_of_draw(live.id)[0].chair_id
    judge = db.session.get_one(Judge, chair)
    page = f"/e/open/rounds/1/what-if/judge/{judge.public_id}"
    answer = send(client, f"{GO}/absences", GO, who=f"judge:{judge.public_id}", is_absent="1")
    assert answer.location == page
    assert light(scene, "judges").state == "blocked"
    assert "takes the place" in client.get(page).text
    assert send(client, page, page).status_code == 303
    assert light(scene, "judges").state == "done"


def test_nothing_is_chosen_and_nothing_happens(client: FlaskClient, scene: Any) -> None:
    answer = send(client, f"{GO}/absences", GO, who="", is_absent="1")
    assert answer.status_code == 422
    assert "Choose who or what is not there." in answer.text
    assert send(client, f"{GO}/absences", GO, who="team:nobody", is_absent="1").status_code == 404


def test_the_paper_pack_is_made_at_each_release_and_its_download_is_on_record(
    app: Flask, client: FlaskClient, scene: Any
) -> None:
    assert send(client, f"{GO}/paper.pdf", GO).status_code == 404
    draw(scene)
    facts = get_round_facts(scene.id, 1)
    confirm_draw(actor=SYSTEM, round_id=facts.id)
    release_draw(actor=SYSTEM, round_id=facts.id)
    db.session.commit()
    assert "being made" in client.get(GO).text
    run_pending(app)
    got = send(client, f"{GO}/paper.pdf", GO)
    assert (got.mimetype, got.headers["Cache-Control"]) == ("application/pdf", "no-store")
    pages = [page.extract_text() for page in PdfReader(BytesIO(got.data)).pages]
    assert "Room 0" in pages[0]
    assert "Judge 1" in pages[0]
    assert any("+86 21 5555 0003" in page for page in pages)
    assert sum("Scoresheet" in page for page in pages) == 3
    verbs = db.session.scalars(select(AuditEntry.verb)).all()
    assert "paper_pack.downloaded" in verbs
    assert send(client, f"{GO}/paper", GO).status_code == 303
    run_pending(app)
    assert len(db.session.scalars(select(PaperPack.id)).all()) == 1
    assert round_facts(scene.id)[0].draw_version == 1

"""Divisions and rooms: added, changed, removed; two organisers at once; what is used stays."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from competition.editions import parts, queries
from competition.editions.models import Division, Edition, Room
from competition.entries.models import TeamDivision
from competition.rounds.models import Draw, NegotiationTable
from core.access import SYSTEM
from core.db import db
from core.errors import Conflict, Invalid, NotFound, Stale
from tests.factories import (
    NOW,
    add,
    make_division,
    make_edition,
    make_organiser,
    make_person,
    make_room,
    make_round,
    make_team,
    make_user,
    sign_in,
)

NAMES = {"code": "ESL", "name": "English as a second language", "name_zh": "英语为第二语言"}
ROOM = {"name": "A1", "site": "", "building": "", "capacity": 20, "is_step_free": True, "link": ""}


def save(edition: Edition, division: Division | None, version: int = 1, **changes: str) -> Division:
    values = {**NAMES, **changes}
    return parts.save_division(
        actor=SYSTEM, edition=edition, division=division, version=version, values=values
    )


def remove(edition: Edition, division: Division, version: int = 1) -> None:
    parts.remove_division(actor=SYSTEM, edition=edition, division=division, version=version)


def test_a_division_is_added_behind_the_others_and_renamed(app: Flask) -> None:
    edition = make_edition()
    make_division(edition, "open", position=4)
    esl = save(edition, None, 0)
    assert (esl.position, esl.version) == (5, 1)
    save(edition, esl, code="EFL")
    assert [(row.code, row.version) for row in queries.divisions_of(edition.id)] == [("open", 1), ("EFL", 2)]


def test_of_two_who_change_a_division_or_room_the_second_is_told(app: Flask) -> None:
    edition = make_edition()
    division, room = make_division(edition), make_room(edition, "A1")
    for is_second in (False, True):
        if is_second:
            with pytest.raises(Stale):
                save(edition, division, 1, name="Second")
            with pytest.raises(Stale):
                parts.edit_room(actor=SYSTEM, edition=edition, room=room, version=1, values=ROOM)
            with pytest.raises(Stale):
                parts.remove_room(actor=SYSTEM, edition=edition, room=room, version=1)
            with pytest.raises(Stale):
                remove(edition, division, 1)
        else:
            save(edition, division, 1, name="First")
            parts.edit_room(actor=SYSTEM, edition=edition, room=room, version=1, values=ROOM)
    assert (division.name, room.capacity, room.version) == ("First", 20, 2)


def test_two_divisions_or_rooms_never_share_a_name(app: Flask) -> None:
    edition = make_edition()
    save(edition, None)
    other, room = make_division(edition, "open"), make_room(edition, "B1")
    make_room(edition, "A1")
    with pytest.raises(Conflict, match="ESL"):
        save(edition, None)
    with pytest.raises(Conflict, match="ESL"):
        save(edition, other)
    with pytest.raises(Conflict, match="A1"):
        parts.edit_room(actor=SYSTEM, edition=edition, room=room, version=1, values=ROOM)
    assert (other.code, room.name) == ("open", "B1")


def test_a_division_that_is_used_stays_and_says_why(app: Flask) -> None:
    edition = make_edition()
    division = make_division(edition, "ESL")
    membership = add(TeamDivision(team_id=make_team(edition).id, division_id=division.id))
    with pytest.raises(Conflict, match="Teams are in division ESL"):
        remove(edition, division)
    db.session.delete(membership)
    round_ = make_round(edition, division_id=division.id)
    with pytest.raises(Conflict, match="A round is for division ESL only"):
        remove(edition, division)
    db.session.delete(round_)
    remove(edition, division)
    assert queries.divisions_of(edition.id) == []


def test_a_room_that_is_used_stays_and_says_why(app: Flask) -> None:
    edition = make_edition()
    room, free = make_room(edition, "A1"), make_room(edition, "B1")
    draw = add(Draw(round_id=make_round(edition).id, version=1, state="draft", created_at=NOW))
    add(NegotiationTable(draw_id=draw.id, name="T1", room_id=room.id))
    with pytest.raises(Conflict, match="Room A1 is used"):
        parts.remove_room(actor=SYSTEM, edition=edition, room=room, version=1)
    parts.remove_room(actor=SYSTEM, edition=edition, room=free, version=1)
    assert [row.name for row in queries.rooms_of(edition.id)] == ["A1"]


def test_divisions_and_rooms_of_another_edition_are_not_found(app: Flask) -> None:
    mine, other = make_edition(), make_edition()
    with pytest.raises(NotFound):
        queries.get_division(mine.id, make_division(other).public_id)
    with pytest.raises(NotFound):
        queries.get_room(mine.id, make_room(other).public_id)


def test_rooms_that_are_there_already_are_passed_over(app: Flask) -> None:
    edition = make_edition()
    make_room(edition, "A1")
    assert parts.add_rooms(actor=SYSTEM, edition=edition, names=["A1", "B1", "B1"]) == 1
    assert [room.name for room in queries.rooms_of(edition.id)] == ["A1", "B1"]


def test_rooms_without_end_are_refused_together(app: Flask) -> None:
    edition = make_edition()
    names = [f"Room {number}" for number in range(parts.MOST_ROOMS)]
    assert parts.add_rooms(actor=SYSTEM, edition=edition, names=names) == parts.MOST_ROOMS
    with pytest.raises(Invalid, match="at most 2000 rooms"):
        parts.add_rooms(actor=SYSTEM, edition=edition, names=["One more", "Room 1"])
    assert len(queries.rooms_of(edition.id)) == parts.MOST_ROOMS


@pytest.fixture
def director(app: Flask, client: FlaskClient) -> FlaskClient:
    person = make_person()
    make_organiser(make_edition("spring"), person)
    sign_in(client, make_user(person=person))
    return client


def spring() -> Edition:
    return db.session.scalars(select(Edition).where(Edition.slug == "spring")).one()


def hidden(text: str) -> dict[str, str]:
    """The CSRF token and the version of a page's form."""
    found = {
        name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', text) for name in ("csrf_token", "version")
    }
    return {name: match[1] for name, match in found.items() if match}


def test_a_room_is_changed_and_removed_on_screen(director: FlaskClient) -> None:
    room = make_room(spring(), "A1", is_step_free=False)
    db.session.commit()
    page = f"/e/spring/setup/rooms/{room.public_id}"
    form = hidden(director.get(page).text)
    sent = {
        **form,
        "name": "A1",
        "capacity": "30",
        "is_step_free": "yes",
        "link": "https://meet.example.org/a",
    }
    assert director.post(page, data=sent).status_code == 303
    db.session.expire_all()
    assert (room.capacity, room.is_step_free, room.link) == (30, True, "https://meet.example.org/a")
    assert director.post(page, data={**form, **sent, "link": "javascript:alert(1)"}).status_code == 422
    assert director.post(page + "/remove", data=form).status_code == 409
    assert director.post(page + "/remove", data={**form, "version": "2"}).status_code == 303
    assert db.session.scalars(select(Room)).all() == []


def test_who_saves_a_division_second_sees_what_the_first_one_saved_and_may_save_again(
    director: FlaskClient,
) -> None:
    division = make_division(spring(), "ESL")
    db.session.commit()
    page = f"/e/spring/setup/divisions/{division.public_id}"
    form = hidden(director.get(page).text)
    for name, expected in (("First", 303), ("Second", 409)):
        answer = director.post(page, data={**form, "code": "ESL", "name": name})
        assert answer.status_code == expected
    assert "Full name: saved in the meantime as “First”." in answer.text
    again = director.post(page, data={**hidden(answer.text), "code": "ESL", "name": "Second"})
    db.session.expire_all()
    assert (again.status_code, division.name) == (303, "Second")


def test_a_division_is_emptied_and_then_removed_on_screen(director: FlaskClient) -> None:
    edition = spring()
    division = make_division(edition, "ESL")
    team = make_team(edition)
    add(TeamDivision(team_id=team.id, division_id=division.id))
    db.session.commit()
    page = f"/e/spring/setup/divisions/{division.public_id}"
    text = director.get(page).text
    assert "Take all teams out of it" in text
    form = hidden(text)
    assert director.post(page + "/remove", data=form).status_code == 409
    empty = f"/e/spring/people/divisions/{division.public_id}/empty"
    assert director.post(empty, data=form).status_code == 303
    assert director.post(page + "/remove", data=form).status_code == 303
    db.session.expire_all()
    assert (db.session.scalars(select(Division)).all(), team.version) == ([], 2)

"""The check-in desk: who is expected, who was seen, two desks at once, the browser's way without script."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from competition.editions.models import Edition
from competition.entries.check_in import expected_on, note_arrival, today
from core.access import SYSTEM
from core.audit import AuditEntry
from core.db import db
from core.errors import NotFound
from tests.factories import (
    make_delegate,
    make_edition,
    make_institution,
    make_judge,
    make_organiser,
    make_person,
    make_team,
    make_user,
    sign_in,
)

DAY = date(2026, 5, 16)


def note(edition: Edition, kind: str, public_id: str, *, is_here: bool = True) -> None:
    note_arrival(
        actor=SYSTEM,
        edition=edition,
        kind=kind,  # type: ignore[arg-type]
        public_id=public_id,
        day=DAY,
        is_here=is_here,
    )


def here(edition: Edition, day: date = DAY) -> list[str]:
    return [one.name for one in expected_on(edition.id, day) if one.arrived_at is not None]


def test_teams_that_take_part_and_judges_are_expected_with_their_captain(app: Flask) -> None:
    edition = make_edition()
    team = make_team(edition, "Fudan A", institution_id=make_institution(edition, "Fudan").id)
    make_delegate(team, "Ann", contact="ann@example.org")
    make_delegate(team, "Bo", name_local="博", contact="bo@example.org", is_captain=True, code="D7")
    make_team(edition, "Gone", status="withdrawn")
    make_judge(edition, "Judge Ito")
    found = expected_on(edition.id, DAY)
    assert [(one.kind, one.name, one.institution, one.contact_name, one.contact) for one in found] == [
        ("team", "Fudan A", "Fudan", "Bo", "bo@example.org"),
        ("judge", "Judge Ito", "", "", ""),
    ]
    assert found[0].people[1] == "Bo 博 D7"


def test_checking_in_counts_for_that_day_only_and_twice_is_once(app: Flask) -> None:
    edition = make_edition()
    team, judge = make_team(edition, "A"), make_judge(edition, "J")
    for _again in range(2):
        note(edition, "team", team.public_id)
    note(edition, "judge", judge.public_id)
    assert (here(edition), here(edition, date(2026, 5, 17))) == (["A", "J"], [])
    assert [entry.verb for entry in db.session.query(AuditEntry).order_by(AuditEntry.id)] == [
        "check_in.noted",
        "check_in.noted",
    ]


def test_a_check_in_can_be_taken_back(app: Flask) -> None:
    edition = make_edition()
    team = make_team(edition, "A")
    note(edition, "team", team.public_id)
    note(edition, "team", team.public_id, is_here=False)
    note(edition, "team", team.public_id, is_here=False)
    assert here(edition) == []


def test_somebody_of_another_edition_is_not_found(app: Flask) -> None:
    edition, foreign = make_edition(), make_team(make_edition(), "Foreign")
    with pytest.raises(NotFound):
        note(edition, "team", foreign.public_id)


def test_the_day_is_the_one_where_the_event_is(app: Flask) -> None:
    edition = make_edition(timezone="Asia/Shanghai")
    assert today(edition, datetime(2026, 5, 15, 17, 0, tzinfo=UTC)) == DAY


@pytest.fixture
def desk(app: Flask, client: FlaskClient) -> Edition:
    edition = make_edition("spring", starts_on=DAY, ends_on=date(2026, 5, 17))
    person = make_person()
    make_organiser(edition, person, "tab")
    sign_in(client, make_user(person=person))
    return edition


def test_the_desk_checks_in_without_script_and_keeps_its_search(desk: Edition, client: FlaskClient) -> None:
    team = make_team(desk, "Fudan A")
    make_team(desk, "Tongji B")
    page = client.get("/e/spring/check-in?day=2026-05-16&q=fudan")
    assert ("Fudan A" in page.text, "Tongji B" in page.text) == (True, False)
    form = {"csrf_token": _token(page.text), "day": "2026-05-16", "q": "fudan", "is_here": "1"}
    done = client.post(f"/e/spring/check-in/team/{team.public_id}", data=form)
    assert (done.status_code, done.headers["Location"]) == (303, "/e/spring/check-in?day=2026-05-16&q=fudan")
    assert here(desk) == ["Fudan A"]
    assert "Fudan A is checked in." in client.get(done.headers["Location"]).text


def test_only_who_is_missing_can_be_shown(desk: Edition, client: FlaskClient) -> None:
    first, second = make_team(desk, "Alpha"), make_team(desk, "Beta")
    note(desk, "team", first.public_id)
    db.session.commit()
    page = client.get("/e/spring/check-in?day=2026-05-16&missing=1").text
    assert (first.name in page, second.name in page) == (False, True)


def test_a_badge_leads_to_one_team_and_an_unreadable_day_is_today(desk: Edition, client: FlaskClient) -> None:
    team = make_team(desk, "Alpha")
    db.session.commit()
    page = client.get(f"/e/spring/check-in/team/{team.public_id}?day=yesterday")
    assert (page.status_code, "They are here" in page.text) == (200, True)
    assert client.get("/e/spring/check-in/judge/nobody").status_code == 404


def _token(text: str) -> str:
    return text.split('name="csrf_token" value="')[1].split('"')[0]

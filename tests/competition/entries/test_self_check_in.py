"""Delegates, teams, rooms and oneself at the desk: who counts as here, the hours, the board, the file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from competition.editions.models import Edition
from competition.entries.check_in import expected_on, note_arrival
from competition.entries.finding import everybody
from competition.entries.models import Arrival, Delegate, Team
from competition.entries.self_check_in import are_open, check_self_in, find_hours, set_hours
from core.access import SYSTEM, Actor, Capacity, CapacityKind
from core.audit import AuditEntry
from core.db import db, utc_now
from core.errors import Conflict, Invalid, Stale
from tests.competition.rounds.conftest import Browser
from tests.factories import (
    make_delegate,
    make_edition,
    make_judge,
    make_organiser,
    make_person,
    make_room,
    make_team,
    make_user,
    sign_in,
)

DAY = date(2026, 5, 16)
NOON = datetime(2026, 5, 16, 12, 0, tzinfo=UTC)


@pytest.fixture
def edition(app: Flask) -> Edition:
    return make_edition("spring", starts_on=DAY, ends_on=DAY, team_size_minimum=2)


def note(edition: Edition, row: object, kind: str, *, is_here: bool = True, site: str = "") -> None:
    note_arrival(
        actor=SYSTEM,
        edition=edition,
        kind=kind,  # type: ignore[arg-type]
        public_id=row.public_id,  # type: ignore[attr-defined]
        day=DAY,
        is_here=is_here,
        site=site,
    )


def here(edition: Edition) -> list[str]:
    return [one.name for one in everybody(edition.id, DAY) if one.arrived_at is not None]


def team_of(edition: Edition, *names: str) -> tuple[Team, list[Delegate]]:
    team = make_team(edition, "Fudan A")
    return team, [make_delegate(team, name) for name in names]


def test_a_team_comes_with_its_delegates_and_goes_with_them(edition: Edition) -> None:
    team, _people = team_of(edition, "Ann", "Bo", "Cy")
    note(edition, team, "team")
    assert here(edition) == ["Fudan A", "Ann", "Bo", "Cy"]
    note(edition, team, "team", is_here=False)
    assert here(edition) == []


def test_a_team_is_here_once_enough_of_it_are(edition: Edition) -> None:
    _team, (ann, bo, _cy) = team_of(edition, "Ann", "Bo", "Cy")
    note(edition, ann, "delegate")
    assert here(edition) == ["Ann"]
    assert [one.arrived_at for one in expected_on(edition.id, DAY)] == [None]
    note(edition, bo, "delegate")
    assert here(edition) == ["Fudan A", "Ann", "Bo"]
    note(edition, ann, "delegate", is_here=False)
    assert here(edition) == ["Bo"]


def test_a_team_smaller_than_the_smallest_is_here_when_all_are(edition: Edition) -> None:
    _team, (ann,) = team_of(edition, "Ann")
    note(edition, ann, "delegate")
    assert here(edition) == ["Fudan A", "Ann"]


def test_a_room_can_be_ready_and_is_nobody_who_is_expected(edition: Edition) -> None:
    room = make_room(edition, "B12")
    note(edition, room, "room")
    assert (here(edition), expected_on(edition.id, DAY)) == (["B12"], [])


def test_the_database_keeps_one_of_four(edition: Edition) -> None:
    team, (ann,) = team_of(edition, "Ann")
    from sqlalchemy.exc import IntegrityError

    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.add(
            Arrival(edition_id=edition.id, day=DAY, noted_at=NOON, team_id=team.id, delegate_id=ann.id)
        )


def delegate_actor(row: Delegate) -> Actor:
    capacity = Capacity(kind=CapacityKind.DELEGATE, edition_id=row.edition_id, subject_id=row.id)
    return Actor(name=row.name, person_id=1, capacities=frozenset({capacity}))


def open_hours(edition: Edition, version: int = 0, hours: int = 2) -> None:
    set_hours(
        actor=SYSTEM,
        edition=edition,
        day=DAY,
        version=version,
        opens_at=NOON,
        closes_at=NOON + timedelta(hours=hours),
    )


@pytest.mark.parametrize(("minutes", "is_open"), [(-1, False), (0, True), (119, True), (120, False)])
def test_hours_are_open_from_their_first_minute_to_before_their_last(
    edition: Edition, minutes: int, is_open: bool
) -> None:
    open_hours(edition)
    assert are_open(find_hours(edition.id, DAY), NOON + timedelta(minutes=minutes)) is is_open


def test_one_checks_oneself_in_within_the_hours_only(edition: Edition) -> None:
    _team, (ann, _bo) = team_of(edition, "Ann", "Bo")
    with pytest.raises(Conflict):
        check_self_in(actor=delegate_actor(ann), edition=edition, site="", now=NOON)
    open_hours(edition)
    assert check_self_in(actor=delegate_actor(ann), edition=edition, site="North", now=NOON) == 1
    row = db.session.query(Arrival).one()
    assert (row.delegate_id, row.way, row.site) == (ann.id, "self", "North")


def test_hours_are_changed_by_one_at_a_time(edition: Edition) -> None:
    open_hours(edition)
    with pytest.raises(Stale):
        open_hours(edition)
    with pytest.raises(Invalid):
        open_hours(edition, version=1, hours=-1)
    assert "check_in.opened" in [entry.verb for entry in db.session.query(AuditEntry)]


@pytest.fixture
def browser_of(app: Flask, edition: Edition) -> Callable[[object], Browser]:
    def make(who: object) -> Browser:
        browser, person = Browser(app), make_person()
        if isinstance(who, str):
            make_organiser(edition, person, who)
        else:
            who.person_id = person.id  # type: ignore[attr-defined]
        sign_in(browser, make_user(person=person))  # type: ignore[arg-type]
        return browser

    return make


Browsers = Callable[[object], Browser]


def token_of(page: str) -> str:
    return page.split('name="csrf_token" value="')[1].split('"')[0]


def test_a_scanned_code_checks_in_at_once_and_a_name_is_a_search(
    edition: Edition, browser_of: Browsers
) -> None:
    _team, (ann, _bo) = team_of(edition, "Ann", "Bo")
    tab = browser_of("tab")
    page = tab.get("/e/spring/check-in?day=2026-05-16").text
    form = {"csrf_token": token_of(page), "day": "2026-05-16"}
    done = tab.post("/e/spring/check-in/scan", data={**form, "q": ann.code.lower()})
    assert (done.status_code, here(edition)) == (303, ["Ann"])
    assert "Ann (Fudan A) is checked in." in tab.get(done.headers["Location"]).text
    again = tab.post("/e/spring/check-in/scan", data={**form, "q": ann.code})
    assert "was checked in already" in tab.get(again.headers["Location"]).text
    search = tab.post("/e/spring/check-in/scan", data={**form, "q": "bo"})
    assert search.headers["Location"].endswith("q=bo")
    assert "Bo</a>" in tab.get(search.headers["Location"]).text
    assert here(edition) == ["Ann"]


def test_a_badge_identifies_and_never_authenticates(
    edition: Edition, browser_of: Browsers, app: Flask
) -> None:
    _team, (ann, bo) = team_of(edition, "Ann", "Bo")
    path = f"/e/spring/check-in/delegate/{ann.public_id}"
    assert Browser(app).get(path).status_code == 302
    assert browser_of(bo).get(path).status_code == 403
    assert "They are here" in browser_of("tab").get(path).text


def test_one_says_that_one_is_here_on_a_page_of_ones_own(edition: Edition, browser_of: Browsers) -> None:
    _team, (ann, _bo) = team_of(edition, "Ann", "Bo")
    own = browser_of(ann)
    assert "Please go to the desk." in own.get("/e/spring/check-in/me").text
    now = utc_now()
    set_hours(
        actor=SYSTEM,
        edition=edition,
        day=now.date(),
        version=0,
        opens_at=now - timedelta(minutes=5),
        closes_at=now + timedelta(minutes=5),
    )
    assert "Say that you are here" in own.get("/e/spring/me").text
    token = token_of(own.get("/e/spring/check-in/me").text)
    assert own.post("/e/spring/check-in/me", data={"csrf_token": token, "site": "Mars"}).status_code == 303
    assert "You are checked in for today." in own.get("/e/spring/check-in/me").text
    assert "Say that you are here" not in own.get("/e/spring/me").text
    assert db.session.query(Arrival).filter_by(delegate_id=ann.id).one().site == ""


def test_the_board_counts_by_site_and_names_who_is_missing_with_whom_to_call(
    edition: Edition, browser_of: Browsers
) -> None:
    team, (ann,) = team_of(edition, "Ann")
    ann.is_captain, ann.contact = True, "+86 21 5555 0100"
    judge = make_judge(edition, "Judge Ito")
    note(edition, judge, "judge", site="North")
    page = browser_of("tab").get("/e/spring/check-in/board?day=2026-05-16").text
    assert ("Still missing: 1" in page, "tel:+862155550100" in page, "North" in page) == (True, True, True)
    assert team.name in page


def test_the_hours_are_set_on_the_desk_in_the_editions_time(edition: Edition, browser_of: Browsers) -> None:
    edition.timezone = "Asia/Shanghai"
    tab = browser_of("tab")
    token = token_of(tab.get("/e/spring/check-in?day=2026-05-16").text)
    form = {"csrf_token": token, "day": "2026-05-16", "version": "0", "opens": "08:00", "closes": "09:30"}
    assert tab.post("/e/spring/check-in/hours", data=form).status_code == 303
    row = find_hours(edition.id, DAY)
    assert row is not None
    assert (row.opens_at, row.closes_at) == (
        datetime(2026, 5, 16, 0, 0, tzinfo=UTC),
        datetime(2026, 5, 16, 1, 30, tzinfo=UTC),
    )
    assert tab.post("/e/spring/check-in/hours", data={**form, "opens": "late"}).status_code == 422
    assert tab.post("/e/spring/check-in/hours", data=form).status_code == 409


def test_the_file_of_arrivals_is_the_directors_and_on_record(edition: Edition, browser_of: Browsers) -> None:
    _team, (ann,) = team_of(edition, "=Ann")
    note(edition, ann, "delegate")
    director, tab = browser_of("director"), browser_of("tab")
    token = token_of(director.get("/e/spring/check-in?day=2026-05-16").text)
    form = {"csrf_token": token, "day": "2026-05-16"}
    answer = director.post("/e/spring/check-in/arrivals", data=form)
    assert (answer.status_code, "'=Ann" in answer.text) == (200, True)
    assert tab.post("/e/spring/check-in/arrivals", data=form).status_code in (400, 403)
    assert "export_list" in [entry.verb for entry in db.session.query(AuditEntry)]


def test_lists_come_in_pages_with_filters(edition: Edition, browser_of: Browsers) -> None:
    for number in range(70):
        make_team(edition, f"Team {number:02d}", position=number)
    tab = browser_of("tab")
    first = tab.get("/e/spring/check-in?day=2026-05-16").text
    assert ("Team 59" in first, "Team 60" in first) == (True, False)
    assert "Team 69" in tab.get("/e/spring/check-in?day=2026-05-16&page=2").text
    assert "Team 00" not in tab.get("/e/spring/check-in?day=2026-05-16&kind=judge").text
    assert tab.get("/e/spring/check-in?day=2026-05-16&page=99&order=nonsense&kind=x").status_code == 200

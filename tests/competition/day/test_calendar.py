"""The calendar address: one's own agenda for whoever has it, until it is ended; it opens nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask

from core.access import Actor, Capacity, CapacityKind
from core.db import db
from core.links import PrivateLink
from tests.competition.day.conftest import MORNING, Day, token_of
from tests.competition.rounds.conftest import Browser

Browsers = Callable[[str], Browser]


def make(browser: Browser, page: str) -> str:
    """Make a calendar address on a page; its path."""
    path = f"/e/spring/{page}"
    token = token_of(browser.get(path).text)
    assert browser.post(f"{path}/calendar", data={"csrf_token": token}).status_code == 303
    found = re.search(r'value="http://localhost(/calendar/[^"]+\.ics)"', browser.get(path).text)
    assert found
    return found[1]


def test_the_file_holds_the_agenda_of_its_owner(day: Day, browser_of: Browsers, app: Flask) -> None:
    day.item(title="Opening; hall, left", link="https://meet.example/1")
    day.publish()
    answer = Browser(app).get(make(browser_of("captain"), "agenda"))
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
    assert "Set-Cookie" not in answer.headers
    text = answer.text.replace("\r\n ", "")
    assert f"UID:round-{day.edition.public_id}-1@parley" in text
    assert "SUMMARY:Round 1\\, table 1" in text
    assert "LOCATION:B12\\, North" in text
    assert "Role: Government" in text
    assert "If that fails: https://backup.example/b12" in text
    assert "SUMMARY:Opening\\; hall\\, left" in text


def test_a_new_address_ends_the_earlier_one_and_ending_ends_it(
    day: Day, browser_of: Browsers, app: Flask
) -> None:
    captain, program = browser_of("captain"), Browser(app)
    first = make(captain, "agenda")
    second = make(captain, "agenda")
    assert [program.get(path).status_code for path in (first, second)] == [404, 200]
    token = token_of(captain.get("/e/spring/agenda").text)
    captain.post("/e/spring/agenda/calendar/stop", data={"csrf_token": token})
    assert program.get(second).status_code == 404


def test_a_calendar_address_is_no_way_to_sign_in(day: Day, browser_of: Browsers, app: Flask) -> None:
    path = make(browser_of("captain"), "agenda")
    token = path.removeprefix("/calendar/").removesuffix(".ics")
    assert Browser(app).get(f"/l/{token}").status_code == 404


def test_it_ends_with_its_owners_part_in_the_edition(day: Day, browser_of: Browsers, app: Flask) -> None:
    path = make(browser_of("captain"), "agenda")
    db.session.delete(day.captain)
    assert Browser(app).get(path).status_code == 404


def test_it_lasts_two_months_after_the_last_day(day: Day, browser_of: Browsers) -> None:
    make(browser_of("judge"), "agenda")
    link = db.session.query(PrivateLink).one()
    assert (link.expires_at - MORNING).days == 59 + 1


@pytest.mark.parametrize(("who", "page"), [("judge", "agenda"), ("coach", "agenda"), ("tab", "timetable")])
def test_judges_coaches_and_organisers_have_one_too(
    day: Day, browser_of: Browsers, app: Flask, who: str, page: str
) -> None:
    text = Browser(app).get(make(browser_of(who), page)).text
    assert text.count("BEGIN:VEVENT") == 1


def test_it_speaks_the_language_of_its_owner(day: Day, browser_of: Browsers, app: Flask) -> None:
    from accounts.models import Person

    path = make(browser_of("captain"), "agenda")
    db.session.get_one(Person, day.captain.person_id).locale = "zh_Hans"
    assert "第一轮" in Browser(app).get(path).text.replace("\r\n ", "")


def test_a_captains_link_has_the_captains_calendar(day: Day) -> None:
    from competition.day.models import CalendarFeed
    from competition.day.services.feeds import find_own_link, make_link

    captain = Capacity(kind=CapacityKind.CAPTAIN, edition_id=day.edition.id, subject_id=day.teams[0].id)
    actor = Actor(link_id=1, capacities=frozenset({captain}))
    link = make_link(actor=actor, edition=day.edition, now=MORNING)
    feed = db.session.query(CalendarFeed).one()
    assert (feed.kind, feed.subject_id) == ("delegate", day.captain.id)
    assert find_own_link(actor, day.edition) is link

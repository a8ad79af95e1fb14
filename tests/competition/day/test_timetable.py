"""The organisers' timetable: lines in the edition's own time, two organisers at once, bad input."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from competition.day.models import TimetableItem
from competition.day.queries import find_timetable, items_of, whole_timetable
from competition.day.services.timetable import publish_timetable, save_item
from core.access import SYSTEM
from core.audit import AuditEntry
from core.db import db
from core.errors import Invalid, Stale
from tests.competition.day.conftest import BEFORE, MORNING, Day, token_of
from tests.competition.rounds.conftest import Browser
from tests.factories import make_division, make_round

Browsers = Callable[[str], Browser]
FORM = {
    "version": "0",
    "title": "Opening",
    "day": "2031-05-16",
    "starts": "08:00",
    "ends": "08:45",
    "audience": "all",
    "room": "",
}


def send(browser: Browser, path: str, **values: str) -> object:
    token = token_of(browser.get("/e/spring/timetable/new").text)
    return browser.post(path, data={**FORM, "csrf_token": token, **values})


def test_a_line_is_written_in_the_time_of_the_edition(day: Day, browser_of: Browsers) -> None:
    answer = send(
        browser_of("tab"), "/e/spring/timetable/new", title_zh="开幕式", link="https://meet.example/1"
    )
    assert answer.status_code == 303  # type: ignore[attr-defined]
    row = items_of(day.edition.id)[0]
    assert (row.title, row.title_zh, row.starts_at, row.ends_at - row.starts_at) == (
        "Opening",
        "开幕式",
        MORNING - timedelta(hours=1),
        timedelta(minutes=45),
    )


def test_an_end_before_the_start_is_on_the_next_day(day: Day, browser_of: Browsers) -> None:
    send(browser_of("tab"), "/e/spring/timetable/new", starts="22:00", ends="00:30")
    row = items_of(day.edition.id)[0]
    assert row.ends_at - row.starts_at == timedelta(hours=2, minutes=30)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"ends": "08:00"}, "This ends when it starts."),
        ({"title": ""}, "Fill this in."),
        ({"link": "javascript:alert(1)"}, "Write a full address, beginning with https://."),
        ({"backup_link": "meet.example"}, "Write a full address, beginning with https://."),
        ({"audience": "nobody"}, "Not a valid choice"),
        ({"title": "x" * 201}, "Use at most 200 characters."),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    day: Day, browser_of: Browsers, values: dict[str, str], said: str
) -> None:
    answer = send(browser_of("tab"), "/e/spring/timetable/new", **values)
    assert (answer.status_code, said in answer.text) == (422, True)  # type: ignore[attr-defined]
    assert items_of(day.edition.id) == []


def test_an_hour_that_does_not_exist_on_the_night_of_the_change_is_refused(
    day: Day, browser_of: Browsers
) -> None:
    day.edition.timezone = "Europe/Berlin"
    answer = send(
        browser_of("tab"), "/e/spring/timetable/new", day="2031-03-30", starts="02:30", ends="04:00"
    )
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert "it does not exist or exists twice" in answer.text  # type: ignore[attr-defined]


def test_a_division_can_be_the_audience(day: Day, browser_of: Browsers) -> None:
    division = make_division(day.edition, name="Students", name_zh="学生组")
    send(browser_of("tab"), "/e/spring/timetable/new", audience=division.public_id)
    row = items_of(day.edition.id)[0]
    assert (row.audience, row.division_id) == ("division", division.id)


def test_the_second_of_two_organisers_is_told_and_nothing_is_lost(day: Day, browser_of: Browsers) -> None:
    item = day.item()
    path = f"/e/spring/timetable/{item.public_id}"
    tab = browser_of("tab")
    assert send(tab, path, version="1", title="Opening ceremony").status_code == 303  # type: ignore[attr-defined]
    late = send(tab, path, version="1", title="Welcome")
    assert late.status_code == 409  # type: ignore[attr-defined]
    assert "saved in the meantime as “Opening ceremony”" in late.text  # type: ignore[attr-defined]
    assert db.session.get_one(TimetableItem, item.id).title == "Opening ceremony"


def test_rounds_with_a_time_are_among_the_lines_by_themselves(day: Day) -> None:
    make_round(day.edition, 2)
    day.item()
    assert [(one.title, one.round) for one in whole_timetable(day.edition)] == [
        ("Opening", None),
        ("Round 1", 1),
    ]
    first = whole_timetable(day.edition)[1]
    assert first.ends_at - first.starts_at == timedelta(minutes=161)


def test_sequence_grows_with_every_change_and_the_name_never_changes(day: Day) -> None:
    item = day.item()
    uid = whole_timetable(day.edition)[0].uid
    values = {
        name: getattr(item, name) for name in ("title", "title_zh", "starts_at", "ends_at", "site", "room_id")
    }
    values |= {"audience": "all", "division_id": None, "link": "", "backup_link": "", "place": "Garden"}
    for version in (1, 2):
        save_item(actor=SYSTEM, edition=day.edition, item=item, version=version, values=values, now=BEFORE)
    after = whole_timetable(day.edition)[0]
    assert (after.uid, after.sequence, after.place) == (uid, 1, "Garden")


def test_an_end_before_the_start_is_refused_by_the_service_too(day: Day) -> None:
    with pytest.raises(Invalid):
        day.item(ends_at=MORNING - timedelta(hours=2))


def test_publishing_is_once_and_on_the_record(day: Day) -> None:
    day.publish()
    with pytest.raises(Stale):
        publish_timetable(actor=SYSTEM, edition=day.edition, version=0, is_published=False, now=BEFORE)
    row = find_timetable(day.edition.id)
    assert row is not None
    assert (row.published_at, row.version) == (BEFORE, 1)
    assert [entry.verb for entry in db.session.query(AuditEntry)] == ["timetable.published"]


def test_a_line_is_removed_and_publishing_is_a_button(day: Day, browser_of: Browsers) -> None:
    item, tab = day.item(), browser_of("tab")
    token = token_of(tab.get("/e/spring/timetable/new").text)
    form = {"csrf_token": token, "version": "0"}
    assert tab.post("/e/spring/timetable/publish", data=form).status_code == 303
    assert "Hide it" in tab.get("/e/spring/timetable").text
    assert tab.post(f"/e/spring/timetable/{item.public_id}/remove", data=form).status_code == 409
    assert (
        tab.post(f"/e/spring/timetable/{item.public_id}/remove", data={**form, "version": "1"}).status_code
        == 303
    )
    assert items_of(day.edition.id) == []

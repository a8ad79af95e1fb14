"""The clock of a round in the hands of several people: hall and tables, two organisers, reload, who may do what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from competition.day.models import ClockEvent
from competition.day.seats import Vacancies, vacancies_of
from competition.day.services.clocks import find_clock, follow_hall, press, set_sessions
from competition.day.showing import clock_view
from competition.rounds.models import NegotiationTable, Seat
from competition.rounds.public import RoundFacts, find_round_facts
from core.access import SYSTEM
from core.audit import AuditEntry
from core.db import db
from core.errors import Conflict, Invalid, Stale
from core.roles import ROLES, Role
from tests.competition.day.conftest import MORNING, Day, token_of
from tests.competition.rounds.conftest import Browser
from tests.factories import add, make_team

Browsers = Callable[[str], Browser]
PLAN = {"opening": 4, "bilateral": 10, "ad_hoc": 30, "pause": 0, "quadrilateral": 60, "resolution": 15}


def facts_of(day: Day) -> RoundFacts:
    facts = find_round_facts(day.edition.id, 1)
    assert facts is not None
    return facts


def pressed(
    day: Day, action: str, version: int, *, at: int = 0, table: int | None = None, **more: object
) -> int:
    row = press(
        actor=SYSTEM,
        facts=facts_of(day),
        table_id=table,
        action=action,
        version=version,
        now=MORNING + timedelta(seconds=at),
        **more,  # type: ignore[arg-type]
    )
    return row.version


def left(day: Day, at: int, table: int | None = None) -> tuple[int, str, bool]:
    view = clock_view(facts_of(day), MORNING + timedelta(seconds=at), table)
    return view.reading.part, view.left, view.reading.is_running


def test_what_it_shows_is_computed_when_read_so_it_survives_everything(day: Day) -> None:
    pressed(day, "start", 0)
    db.session.expire_all()
    assert left(day, 61) == (0, "2:59", True)


def test_the_second_of_two_who_press_next_at_once_is_told(day: Day) -> None:
    version = pressed(day, "start", 0)
    pressed(day, "next", version, at=10)
    with pytest.raises(Stale):
        pressed(day, "next", version, at=10)
    assert left(day, 10) == (1, "4:00", True)


def test_two_who_pause_at_once_have_paused(day: Day) -> None:
    version = pressed(day, "start", 0)
    pressed(day, "pause", version, at=30)
    pressed(day, "pause", version, at=31)
    assert left(day, 500) == (0, "3:30", False)
    assert db.session.query(ClockEvent).filter_by(action="pause").count() == 1


def test_a_table_follows_the_hall_until_it_has_its_own_time(day: Day) -> None:
    version = pressed(day, "start", 0)
    table = day.table.id
    assert left(day, 60, table) == (0, "3:00", True)
    pressed(day, "add", 0, at=60, table=table, seconds=300)
    assert (left(day, 60, table), left(day, 60)) == ((0, "8:00", True), (0, "3:00", True))
    version = pressed(day, "next", version, at=60)
    assert (left(day, 60, table)[0], left(day, 60)[0]) == (0, 1)
    assert follow_hall(actor=SYSTEM, facts=facts_of(day), table_id=None, now=MORNING) == 1
    assert left(day, 60, table) == left(day, 60)


def test_a_pause_of_the_hall_holds_for_every_table(day: Day) -> None:
    version = pressed(day, "start", 0)
    pressed(day, "add", 0, table=day.table.id, seconds=60)
    version = pressed(day, "pause", version, at=30, reason="Fire alarm")
    assert left(day, 900, day.table.id) == (0, "4:30", False)
    pressed(day, "start", version, at=900)
    assert left(day, 930, day.table.id) == (0, "4:00", True)


def test_pauses_are_on_record_with_reason_and_session(day: Day) -> None:
    version = pressed(day, "start", 0)
    pressed(day, "pause", version, at=30, reason="Fire alarm")
    events = db.session.query(ClockEvent).order_by(ClockEvent.id)
    assert [(one.action, one.kind, one.reason) for one in events] == [
        ("start", "opening", ""),
        ("pause", "opening", "Fire alarm"),
    ]
    assert [entry.verb for entry in db.session.query(AuditEntry)] == ["clock.start", "clock.pause"]


def test_a_round_that_is_over_does_not_start_and_a_button_that_is_none_does_nothing(day: Day) -> None:
    version = 0
    for _part in range(12):
        version = pressed(day, "next", version)
    with pytest.raises(Conflict):
        pressed(day, "start", version)
    with pytest.raises(Invalid):
        pressed(day, "explode", version)
    assert pressed(day, "reset", version) == version + 1
    assert left(day, 0) == (0, "4:00", False)


def test_the_plan_of_a_round_is_set_before_its_clock_starts(day: Day) -> None:
    row = set_sessions(actor=SYSTEM, facts=facts_of(day), version=0, minutes=PLAN, is_automatic=True)
    assert [part.kind for part in clock_view(facts_of(day), MORNING).parts].count("pause") == 0
    pressed(day, "start", 0)
    assert left(day, 16 * 60 + 5) == (4, "9:55", True)
    with pytest.raises(Conflict):
        set_sessions(actor=SYSTEM, facts=facts_of(day), version=row.version, minutes=PLAN, is_automatic=False)


@pytest.mark.parametrize("minutes", [dict.fromkeys(PLAN, 0), {**PLAN, "opening": 241}, {**PLAN, "pause": -1}])
def test_a_plan_has_some_minutes_and_not_too_many(day: Day, minutes: dict[str, int]) -> None:
    with pytest.raises(Invalid):
        set_sessions(actor=SYSTEM, facts=facts_of(day), version=0, minutes=minutes, is_automatic=False)


def empty(day: Day, *roles: Role) -> None:
    """Nobody sits on these chairs of the table."""
    db.session.execute(
        update(Seat).where(Seat.role.in_(roles), Seat.table_id == day.table.id).values(team_id=None)
    )
    db.session.commit()


def test_an_empty_chair_of_the_whole_hall_is_passed_over(day: Day) -> None:
    empty(day, Role.ENTERPRISE)
    version = pressed(day, "start", 0)
    version = pressed(day, "next", version, at=10)
    assert left(day, 10) == (2, "4:00", True)
    assert pressed(day, "back", version, at=20) == version + 1
    assert left(day, 20)[0] == 0


def test_one_table_with_an_empty_chair_sees_it_and_passes_over_it_on_its_own_clock(
    day: Day, browser_of: Browsers
) -> None:
    other = add(NegotiationTable(draw_id=day.table.draw_id, name="Far"))
    for role in ROLES:
        team = make_team(day.edition, f"Far {role}")
        add(Seat(draw_id=day.table.draw_id, table_id=other.id, role=role, team_id=team.id))
    empty(day, Role.GOVERNMENT)
    assert left(day, 0) == (0, "4:00", False)
    wall = browser_of("director").get("/e/spring/draw/1/clock").text
    assert f"empty chair at table {day.table.name}" in wall
    mine = browser_of("judge").get("/e/spring/clock/1").text
    assert "This chair is empty: nobody speaks. Prepare meanwhile." in mine
    assert mine.count("has nobody to talk with: prepare") == 3
    pressed(day, "start", 0, table=day.table.id)
    assert (left(day, 0, day.table.id), left(day, 0)) == ((1, "4:00", True), (0, "4:00", False))


def test_a_table_at_which_nobody_sits_yet_is_no_empty_chair(day: Day) -> None:
    other = add(NegotiationTable(draw_id=day.table.draw_id, name="Later"))
    for role in ROLES:
        add(Seat(draw_id=day.table.draw_id, table_id=other.id, role=role, team_id=None))
    assert vacancies_of(facts_of(day)) == Vacancies(tables={}, everywhere=frozenset())
    empty(day, Role.IGO)
    assert vacancies_of(facts_of(day)).everywhere == {Role.IGO}


def post(browser: Browser, path: str, page: str, **values: str) -> int:
    token = token_of(browser.get(page).text)
    return browser.post(path, data={"csrf_token": token, **values}).status_code


def test_organisers_press_and_the_page_shows_it_without_script(day: Day, browser_of: Browsers) -> None:
    tab, path = browser_of("tab"), "/e/spring/rounds/1/clock"
    assert "The clock stands still." in tab.get(path).text
    assert post(tab, path, path, action="start", version="0") == 303
    assert post(tab, path, path, action="pause", version="1", reason="Late start") == 303
    page = tab.get(path).text
    assert ("Late start" in page, "Go on" in page, 'http-equiv="refresh"' in page) == (True, True, True)
    assert post(tab, path, path, action="next", version="1") == 409
    assert post(tab, path, path, action="add", version="2", seconds="-60") == 303
    row = find_clock(day.round.id)
    assert row is not None
    assert row.added_seconds == -60


def test_a_judge_of_the_table_has_its_clock_in_hand_and_a_team_only_sees_it(
    day: Day, browser_of: Browsers
) -> None:
    path = "/e/spring/clock/1"
    judge, captain = browser_of("judge"), browser_of("captain")
    assert post(judge, path, path, action="start", version="0") == 303
    page = captain.get(path)
    assert ("This table has its own time." in page.text, 'name="action"' in page.text) == (True, False)
    assert post(captain, path, path, action="pause", version="1") == 403
    assert post(judge, path, path, action="follow") == 303
    assert find_clock(day.round.id, day.table.id) is None


def test_the_wall_sees_it_once_released_and_public(day: Day, browser_of: Browsers, app: Flask) -> None:
    anybody, path = Browser(app), "/e/spring/draw/1/clock"
    assert [anybody.get(path + end).status_code for end in ("", ".json")] == [404, 404]
    day.edition.is_public = True
    page = anybody.get(path).text
    assert ("Opening statements" in page, "开场陈述" in page) == (True, True)
    state = anybody.get(path + ".json").json
    assert (state["part"], state["left"], state["running"]) == (0, 240_000, False)
    assert browser_of("captain").get(path).status_code == 200
    assert anybody.get("/e/spring/draw/9/clock").status_code == 404


def test_the_plan_is_written_on_its_page(day: Day, browser_of: Browsers) -> None:
    tab, path = browser_of("tab"), "/e/spring/rounds/1/sessions"
    form = {name: str(value) for name, value in PLAN.items()}
    assert post(tab, path, path, version="0", **{**form, "opening": "999"}) == 422
    assert post(tab, path, path, version="0", **form) == 303
    assert "151 minutes" in tab.get(path).text


def test_times_of_the_clock_are_moments(day: Day) -> None:
    pressed(day, "start", 0)
    row = find_clock(day.round.id)
    assert row is not None
    assert isinstance(row.started_at, datetime)
    assert row.started_at == MORNING

"""A day with everybody in it: an edition in Shanghai, a released round of one table, people with browsers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from competition.day.models import TimetableItem
from competition.day.services.timetable import publish_timetable, save_item
from competition.editions.models import Edition
from competition.entries.models import Delegate, Judge, Team
from competition.rounds.models import NegotiationTable, PanelJudge, Round
from core.access import SYSTEM
from core.db import db
from tests.competition.rounds.builders import make_draw
from tests.competition.rounds.conftest import Browser
from tests.factories import (
    add,
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

MORNING = datetime(2031, 5, 16, 1, 0, tzinfo=UTC)
BEFORE = MORNING - timedelta(days=30)


@dataclass
class Day:
    """One released round of one table in a room with links."""

    edition: Edition
    teams: list[Team]
    captain: Delegate
    judge: Judge
    round: Round
    table: NegotiationTable

    def item(self, **values: Any) -> TimetableItem:
        """A line of the timetable, at eight in the morning where the edition is."""
        usual = {
            "title": "Opening",
            "title_zh": "开幕式",
            "starts_at": MORNING - timedelta(hours=1),
            "ends_at": MORNING,
            "site": "",
            "place": "Great Hall",
            "room_id": None,
            "audience": "all",
            "division_id": None,
            "link": "",
            "backup_link": "",
        }
        row, _told = save_item(
            actor=SYSTEM, edition=self.edition, item=None, version=0, values={**usual, **values}, now=BEFORE
        )
        return row

    def publish(self) -> None:
        publish_timetable(actor=SYSTEM, edition=self.edition, version=0, is_published=True, now=BEFORE)


@pytest.fixture
def day(app: Flask) -> Day:
    edition = make_edition(
        "spring",
        name="Spring Cup",
        timezone="Asia/Shanghai",
        starts_on=date(2031, 5, 16),
        ends_on=date(2031, 5, 17),
    )
    teams = [make_team(edition, f"Team {letter}") for letter in "ABCD"]
    captain = make_delegate(teams[0], "Lin Wei", is_captain=True, contact="lin@example.org")
    judge = make_judge(edition, "Judge Ito", contact="ito@example.org")
    round_ = make_round(edition, starts_at=MORNING, name_zh="第一轮")
    draw = make_draw(round_, teams)
    room = make_room(
        edition,
        "B12",
        site="North",
        link="https://meet.example/b12",
        backup_link="https://backup.example/b12",
    )
    table = db.session.query(NegotiationTable).filter_by(draw_id=draw.id).one()
    table.room_id = room.id
    add(PanelJudge(table_id=table.id, judge_id=judge.id, position="chair"))
    db.session.flush()
    return Day(edition, teams, captain, judge, round_, table)


@pytest.fixture
def browser_of(app: Flask, day: Day) -> Callable[[str], Browser]:
    """A browser in which somebody of the day is signed in: tab, director, captain, judge, coach or outsider."""

    def make(who: str) -> Browser:
        browser = Browser(app)
        person = make_person(who.title())
        if who in ("tab", "director"):
            make_organiser(day.edition, person, who)
        elif who == "captain":
            day.captain.person_id = person.id
        elif who == "judge":
            day.judge.person_id = person.id
        elif who == "coach":
            for team in day.teams[:2]:
                team.coach_person_id = person.id
        sign_in(browser, make_user(person=person))  # type: ignore[arg-type]
        return browser

    return make


def token_of(page: str) -> str:
    """The CSRF token of a page."""
    return page.split('name="csrf_token" value="')[1].split('"')[0]

"""The day at 400 teams and 1,600 people: server CPU per page, and of a change that everybody is told of.

python -m benchmarks.day
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app import create_app
from competition.day.models import TimetableItem
from competition.day.services.timetable import FIELDS, publish_timetable, save_item
from competition.editions.models import Edition
from competition.entries.models import Delegate
from core.access import SYSTEM
from core.db import Base, db
from tests.conftest import make_settings
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

TEAMS, SIZE, JUDGES = 400, 4, 150
START = datetime(2031, 5, 16, 1, 0, tzinfo=UTC)
LIMIT = 100.0
PAGES = {
    "director": (
        "check-in?day=2031-05-16",
        "check-in?day=2031-05-16&q=fang+min",
        "check-in?day=2031-05-16&kind=delegate&page=9",
        "check-in/board?day=2031-05-16",
        "timetable",
        "overview",
    ),
    "delegate": ("agenda", "me", "check-in/me"),
}


def fill() -> Edition:
    """An edition of that size, with ten rounds and thirty lines in its timetable."""
    edition = make_edition(
        "large", timezone="Asia/Shanghai", starts_on=date(2031, 5, 16), ends_on=date(2031, 5, 18)
    )
    for number in range(TEAMS):
        team = make_team(edition, f"University {number} A", position=number)
        for place in range(SIZE):
            make_delegate(
                team,
                f"Fang Min {number}-{place}",
                name_local=f"方敏{number}",
                is_captain=place == 0,
                contact=f"d{number}-{place}@example.org",
                position=place,
            )
    for number in range(JUDGES):
        make_judge(edition, f"Judge {number}", contact=f"j{number}@example.org")
    for number in range(100):
        make_room(edition, f"B{number:03d}", site="North" if number % 2 else "South")
    for number in range(1, 11):
        make_round(edition, number, starts_at=START + timedelta(hours=3 * number))
    for number in range(30):
        start = START + timedelta(hours=number)
        item(edition, title=f"Line {number}", starts_at=start, ends_at=start + timedelta(minutes=40))
    publish_timetable(actor=SYSTEM, edition=edition, version=0, is_published=True, now=START)
    return edition


def item(edition: Edition, row: TimetableItem | None = None, **values: Any) -> tuple[TimetableItem, int]:
    """Write a line of the timetable; who is told."""
    usual = {
        "title_zh": "",
        "site": "",
        "place": "",
        "room_id": None,
        "division_id": None,
        "link": "",
        "backup_link": "",
    }
    stored = (
        {name: getattr(row, name) for name in FIELDS} if row is not None else {**usual, "audience": "all"}
    )
    return save_item(
        actor=SYSTEM,
        edition=edition,
        item=row,
        version=row.version if row else 0,
        values={**stored, **values},
        now=START - timedelta(days=9),
    )


def cpu(work: Callable[[], object], times: int = 7) -> float:
    """The middle of several runs, in milliseconds of this process."""
    taken = []
    for _run in range(times):
        begun = time.process_time()
        work()
        taken.append((time.process_time() - begun) * 1000)
    return sorted(taken)[times // 2]


def main() -> int:
    """Print a line per page; 1 when one needs more than its limit."""
    worst = 0.0
    with tempfile.TemporaryDirectory() as name:
        app = create_app(
            make_settings(Path(name), f"sqlite:///{Path(name) / 'day.sqlite'}", log_level="ERROR")
        )
        with app.app_context():
            Base.metadata.create_all(db.engine)
            edition = fill()
            director, delegate = make_person("Director"), make_person("Delegate")
            make_organiser(edition, director)
            first = db.session.scalars(select(Delegate).order_by(Delegate.id)).first()
            assert first is not None
            first.person_id = delegate.id
            clients = {"director": app.test_client(), "delegate": app.test_client()}
            for who, person in (("director", director), ("delegate", delegate)):
                sign_in(clients[who], make_user(person=person))
            db.session.commit()
            line = db.session.scalars(select(TimetableItem)).first()
            begun = time.process_time()
            _row, told = item(edition, line, place="Garden")
            mails = (time.process_time() - begun) * 1000
            db.session.rollback()
            db.session.remove()
        for who, paths in PAGES.items():
            for path in paths:
                answer = clients[who].get(f"/e/large/{path}")
                assert answer.status_code == 200, (path, answer.status_code)
                took = cpu(lambda who=who, path=path: clients[who].get(f"/e/large/{path}"))  # type: ignore[misc]
                worst = max(worst, took)
                print(f"{who:9} {path:46} {took:7.1f} ms CPU  {len(answer.data) / 1024:6.0f} KB")
        print(f"a change that {told} people are told of: {mails:.0f} ms CPU")
    print(
        f"worst page {worst:.1f} ms, limit {LIMIT:.0f} ms "
        f"(in-process client, SQLite, {TEAMS} teams, {TEAMS * SIZE} people)"
    )
    return int(worst > LIMIT)


if __name__ == "__main__":
    sys.exit(main())

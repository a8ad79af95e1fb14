"""A mail to 2,000 people: CPU of the page with its preview and count, and of each mail until the mail server has it.

python -m benchmarks.messages
"""

from __future__ import annotations

import socket
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from flask import Flask

from app import create_app
from competition.entries.models import Delegate
from competition.messages.queries import counts_of
from competition.messages.recipients import addressed
from competition.messages.services.mailings import send_mailing, write_mailing
from core import mail
from core.access import SYSTEM
from core.db import Base, db, utc_now
from core.worker import run_pending
from tests.conftest import make_settings
from tests.factories import make_edition, make_organiser, make_person, make_team, make_user, sign_in

TEAMS, SIZE = 500, 4
PAGE_LIMIT, MAIL_LIMIT = 100.0, 25.0
WORDS = {
    "subject": "News for {team}",
    "subject_zh": "{team} 的消息",
    "body": "Dear {name},\n\nplease see {page} about your table.\n\nThe organisers",
    "body_zh": "{name}：\n\n请看 {page}。\n\n组委会",
    "audience": "delegates",
    "is_essential": False,
}


class Sink:
    """A mail server that takes everything."""

    def __init__(self) -> None:
        self.count = 0

    async def handle_DATA(self, _server: Any, _session: Any, _envelope: Any) -> str:
        self.count += 1
        return "250 OK"


def fill() -> int:
    """An edition of 2,000 delegates with addresses, its director, and a draft; returns the draft's key."""
    edition = make_edition("large", name="Large", name_zh="大赛")
    for number in range(TEAMS):
        team = make_team(edition, f"Team {number}", position=number)
        db.session.add_all(
            Delegate(
                edition_id=edition.id,
                team_id=team.id,
                code=f"D{number}-{place}",
                name=f"Fang Min {number}-{place}",
                contact=f"d{number}-{place}@example.org",
                position=place,
            )
            for place in range(SIZE)
        )
    person = make_person("Director")
    make_organiser(edition, person)
    make_user("director@example.org", person=person)
    row = write_mailing(actor=SYSTEM, edition=edition, values=WORDS)
    db.session.commit()
    return row.id


def page_cost(app: Flask, path: str) -> float:
    """Milliseconds of CPU of a page, the best of five."""
    from accounts.models import User

    client = app.test_client()
    sign_in(client, db.session.query(User).filter_by(email="director@example.org").one())
    costs = []
    for _turn in range(6):
        started = time.process_time()
        assert client.get(path).status_code == 200, path
        costs.append((time.process_time() - started) * 1000)
    return min(costs[1:])


def main() -> int:
    """Print the figures; fails above the limits."""
    sink = Sink()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    with tempfile.TemporaryDirectory() as folder:
        settings = make_settings(
            Path(folder), f"sqlite:///{folder}/messages.sqlite", smtp_url=f"smtp://127.0.0.1:{port}"
        )
        app = create_app(settings)
        with app.app_context():
            Base.metadata.create_all(db.engine)
            worst = measure(app, fill(), sink)
            db.session.remove()
            db.engine.dispose()
    controller.stop()
    return 0 if worst <= 1 else 1


def measure(app: Flask, mailing_id: int, sink: Sink) -> float:
    """Each figure as a share of its limit; returns the largest."""
    from competition.editions.public import get_edition_by_id
    from competition.messages.models import Mailing

    row = db.session.get_one(Mailing, mailing_id)
    edition, path = get_edition_by_id(row.edition_id), f"/e/large/messages/mails/{row.public_id}"
    preview = page_cost(app, path)
    count = addressed(edition, row.audience, is_essential=False).count
    started = time.process_time()
    send_mailing(
        actor=SYSTEM,
        edition=edition,
        row=row,
        version=row.version,
        count=count,
        is_repeat_agreed=False,
        now=utc_now(),
    )
    db.session.commit()
    press = (time.process_time() - started) * 1000
    started = time.process_time()
    while run_pending(app) or mail.has_due(utc_now()):
        pass
    each = (time.process_time() - started) * 1000 / count
    assert counts_of([mailing_id])[mailing_id] == {"sent": count}
    assert sink.count == count
    status = page_cost(app, path)
    for name, cost, limit in (
        (f"preview of a mail to {count}", preview, PAGE_LIMIT),
        ("how each address stands", status, PAGE_LIMIT),
        ("each mail, worker and mail server", each, MAIL_LIMIT),
    ):
        print(f"{name:<36} {cost:7.1f} ms CPU, limit {limit:.0f}, ratio {cost / limit:.2f}")
    print(f"{'pressing “Send”':<36} {press:7.1f} ms CPU")
    return max(preview / PAGE_LIMIT, status / PAGE_LIMIT, each / MAIL_LIMIT)


if __name__ == "__main__":
    sys.exit(main())

"""A worker process that is really killed (SIGKILL) in the middle of a mailing: nobody gets the mail twice.

The rule that holds is at most once: a mail whose sending was cut off is given up as “may have arrived” and is sent
again only when a person asks for it; every other address gets exactly one.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import create_engine, func, select, text

from app import create_app
from competition.messages.models import Mailing, MailingRecipient
from competition.messages.queries import counts_of
from core import jobs, mail
from core.db import Base, db, utc_now
from core.outbox import UNSURE, OutboxMessage
from core.worker import run_pending
from tests.competition.messages.test_mailings import WORDS, draft, make_crowd, send
from tests.conftest import make_settings
from tests.factories import make_edition

ROOT = Path(__file__).resolve().parents[3]
PEOPLE, CUT_OFF_AT = 180, 7
PATIENCE = 180
"""Seconds within which even a very busy machine has started a process; nothing is measured."""


class Sink:
    """A mail server that takes a mail and, at the one chosen, keeps its answer back until it is let go."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.is_holding = True
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.taken.append(str(envelope.rcpt_tos[0]))
        while self.is_holding and len(self.taken) == CUT_OFF_AT:
            await asyncio.sleep(0.02)
        return "250 OK"


@pytest.fixture
def sink() -> Iterator[Sink]:
    found = Sink()
    found.controller.start()
    yield found
    found.is_holding = False
    found.controller.stop()


@pytest.fixture
def own_database(database_url: str, tmp_path: Path) -> Iterator[str]:
    """A database of this test alone: what another process shall see must be committed."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'killed.sqlite'}"
        return
    admin = create_engine(database_url, isolation_level="AUTOCOMMIT")
    name = f"killed_{secrets.token_hex(6)}"
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield admin.url.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def own_app(own_database: str, tmp_path: Path, sink: Sink) -> Iterator[Flask]:
    """An application on that database, and connected to that mail server."""
    application = create_app(
        make_settings(tmp_path, own_database, smtp_url=f"smtp://127.0.0.1:{sink.port}?timeout=30")
    )
    with application.app_context():
        Base.metadata.create_all(db.engine)
        yield application
        db.session.remove()
        db.engine.dispose()


def worker(app: Flask) -> subprocess.Popen[bytes]:
    """A worker as a process of its own."""
    settings = app.extensions["parley_settings"]
    environment = {
        **os.environ,
        "PARLEY_ENV": "testing",
        "PARLEY_SECRET_KEY": settings.secret_key,
        "DATABASE_URL": settings.database_url,
        "PARLEY_INSTANCE": str(settings.instance_path),
        "PARLEY_PUBLIC_URL": settings.public_url,
        "PARLEY_LOG_LEVEL": "ERROR",
        "SMTP_URL": settings.smtp_url,
    }
    command = [sys.executable, "-m", "flask", "--app", "app", "worker"]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)


def wait_for(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def test_after_a_worker_was_killed_another_one_sends_the_rest_and_no_address_gets_two(
    own_app: Flask, sink: Sink
) -> None:
    edition = make_edition("open", name="Open")
    make_crowd(edition, PEOPLE)
    row: Mailing = draft(edition, **WORDS)
    send(edition, row)
    mailing_id = row.id
    db.session.remove()
    first = worker(own_app)
    try:
        wait_for(lambda: len(sink.taken) == CUT_OFF_AT)
    finally:
        first.send_signal(signal.SIGKILL)
        assert first.wait() == -signal.SIGKILL
    assert len(sink.taken) == CUT_OFF_AT
    sink.is_holding = False
    later = utc_now() + timedelta(minutes=11)
    jobs.sweep(later)
    assert mail.sweep(later) == 1
    while run_pending(own_app) or mail.has_due(utc_now()):
        pass
    addresses = db.session.scalars(
        select(MailingRecipient.address).where(MailingRecipient.mailing_id == mailing_id)
    ).all()
    assert len(addresses) == PEOPLE
    assert Counter(sink.taken) == Counter(addresses)
    assert counts_of([mailing_id])[mailing_id] == {"sent": PEOPLE - 1, "failed": 1}
    unsure = db.session.scalars(select(OutboxMessage).where(OutboxMessage.error == UNSURE)).one()
    assert unsure.to_address == sink.taken[CUT_OFF_AT - 1]
    assert db.session.scalar(select(func.count(OutboxMessage.id))) == PEOPLE

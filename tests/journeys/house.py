"""The real thing under test: a fresh installation with the demo, web and worker, and a mailbox for everybody."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
PATIENCE = 120
"""Seconds until the server must answer, or a mail must be there, on a busy machine."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """Address and password of a demo person."""

    address: str
    password: str


class Mailbox:
    """Everything that was mailed, kept in the order of arrival."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port())

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 kept"

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self._controller.port}"

    def open(self) -> None:
        self._controller.start()

    def close(self) -> None:
        self._controller.stop()

    def wait_for(self, address: str, *, subject: str = "", after: int = 0) -> str:
        """The text of the newest mail to `address` with these words in its subject, once it has come."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            for mail in reversed(self.mails[after:]):
                if address in str(mail["To"]) and subject in str(mail["Subject"]):
                    body = mail.get_body(("plain",))
                    assert body is not None
                    return str(body.get_content())
            time.sleep(0.1)
        kept = [(str(mail["To"]), str(mail["Subject"])) for mail in self.mails[after:]]
        raise AssertionError(f"No mail to {address} about {subject!r} came; there are: {kept}")

    def link_for(self, address: str, *, subject: str = "", after: int = 0) -> str:
        """The address in that mail."""
        text = self.wait_for(address, subject=subject, after=after)
        found = re.search(r"https?://\S+", text)
        assert found, f"This mail has no link in it:\n{text}"
        return found.group()

    def code_for(self, address: str, *, after: int = 0) -> str:
        """The six-digit code in the newest mail to `address`."""
        text = self.wait_for(address, after=after)
        found = re.search(r"\b(\d{3})[ -]?(\d{3})\b", text)
        assert found, f"This mail has no code in it:\n{text}"
        return "".join(found.groups())


@dataclass(slots=True)
class House:
    """A running installation."""

    folder: Path
    mailbox: Mailbox
    port: int
    people: dict[str, SignIn] = field(default_factory=dict)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.folder / "serve.log"

    def flask(self, *arguments: str) -> str:
        """Run a command of the installation; returns what it prints."""
        command = [str(BIN / "flask"), "--app", "app", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self._environment(), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"flask {' '.join(arguments)} failed:\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def open(self) -> None:
        """Migrate, load the demo, start web and worker, wait until they answer."""
        self.flask("db", "upgrade")
        pattern = re.compile(r"^  .+?  +(\S+)@example\.org +(\S+)$", re.MULTILINE)
        for account, password in pattern.findall(self.flask("demo")):
            self.people[account] = SignIn(f"{account}@example.org", password)
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [str(BIN / "flask"), "--app", "app", "serve"],
                cwd=ROOT,
                env=self._environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait_until_up()

    def close(self) -> None:
        """Stop web and worker and wait for them."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()

    def wait_until_all_is_mailed(self) -> None:
        """Until the worker has nothing to mail."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with closing(sqlite3.connect(self.folder / "instance" / "parley.sqlite")) as database:
                (waiting,) = database.execute(
                    "SELECT count(*) FROM outbox_message WHERE state IN ('queued', 'sending')"
                ).fetchone()
            if not waiting:
                return
            time.sleep(0.2)
        raise AssertionError(f"The worker does not come to an end of its mails:\n{self.last_words()}")

    def last_words(self, lines: int = 60) -> str:
        """The end of the server's log."""
        return (
            "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:]) if self.log.exists() else ""
        )

    def _environment(self) -> dict[str, str]:
        outside = {name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")}
        for name in ("DATABASE_URL", "REDIS_URL", "FLASK_APP", "FLASK_DEBUG"):
            outside.pop(name, None)
        return outside | {
            "PARLEY_INSTANCE": str(self.folder / "instance"),
            "PARLEY_LIMIT_SIGN_IN": "1000 per minute",
            "PORT": str(self.port),
            "SMTP_URL": self.mailbox.url,
            "PYTHONUNBUFFERED": "1",
        }

    def _wait_until_up(self) -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            assert self._process is not None
            assert self._process.poll() is None, f"The server stopped:\n{self.last_words()}"
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        raise AssertionError(f"The server does not answer:\n{self.last_words()}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

"""Mail leaves after the deed, at most once, with its secrets only in the letter itself."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from flask import Flask, url_for
from flask_babel import Babel
from sqlalchemy import delete, func, select

from config import Settings
from core import mail, outbox
from core.db import db, unit_of_work, utc_now
from core.errors import Conflict, Invalid
from core.jobs import Job
from core.mail import parse_smtp_url, send_due
from core.outbox import MailState, OutboxMessage, masked, post, register_secret, secret
from core.worker import run_pending


class Sink:
    """What a real mail server took; it can be told to refuse."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.answers: dict[str, str] = {}
        self.data_answer = "250 OK"
        self.drops_after_data = False
        self.port = free_port()

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        if self.data_answer.startswith("250"):
            message = BytesParser(policy=default).parsebytes(envelope.content)
            assert isinstance(message, EmailMessage)
            self.taken.append(message)
            self.recipients.extend(envelope.rcpt_tos)
        if self.drops_after_data:
            server.transport.abort()
        return self.data_answer


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def sink() -> Iterator[Sink]:
    handler = Sink()
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port)
    controller.start()
    yield handler
    controller.stop()


@pytest.fixture
def make_app(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], Flask]]:
    """A kernel that knows no feature: whoever registered a silence elsewhere has no tables here."""
    monkeypatch.setattr(outbox, "_silences", [])
    made: list[Flask] = []

    def make(smtp_url: str) -> Flask:
        app = Flask(__name__)
        app.config.update(SQLALCHEMY_DATABASE_URI=database_url)
        app.extensions["parley_settings"] = Settings(
            environment="testing",
            secret_key="only-for-tests",
            database_url=database_url,
            instance_path=tmp_path,
            public_url="https://parley.example",
            smtp_url=smtp_url,
            mail_from="Parley 谈判 <parley@parley.example>",
        )
        db.init_app(app)
        Babel(app)
        app.add_url_rule("/l/<token>", endpoint="open", view_func=lambda token: token)
        context = app.app_context()
        context.push()
        db.metadata.create_all(db.engine, tables=[Job.__table__, OutboxMessage.__table__])  # type: ignore[list-item]
        clear()
        made.append(app)
        app.extensions["test_context"] = context
        return app

    yield make
    for app in reversed(made):
        clear()
        db.engine.dispose()
        app.extensions["test_context"].pop()


def clear() -> None:
    with unit_of_work():
        db.session.execute(delete(OutboxMessage))
        db.session.execute(delete(Job))


@pytest.fixture
def real(make_app: Callable[[str], Flask], sink: Sink) -> Flask:
    """A small application with real commits, connected to the sink."""
    return make_app(f"smtp://127.0.0.1:{sink.port}?timeout=5")


def write(to: str = "ada@example.org", body: str = "Hello\n", **more: Any) -> int:
    with unit_of_work():
        values = {"subject": "Round 3", "kind": "test", "scope": "edition:1", "locale": "zh_Hans"} | more
        return post(to=to, body=body, **values).id


def message(key: int) -> OutboxMessage:
    db.session.remove()
    return db.session.get_one(OutboxMessage, key)


class TestSending:
    def test_a_letter_arrives_with_proper_headers(self, real: Flask, sink: Sink) -> None:
        key = write(subject="第三轮 Round 3", body="你好 Ada\n")

        assert run_pending(real) == 0

        (letter,) = sink.taken
        assert sink.recipients == ["ada@example.org"]
        assert letter["To"] == "ada@example.org"
        assert letter["From"] == "Parley 谈判 <parley@parley.example>"
        assert letter["Subject"] == "第三轮 Round 3"
        assert letter["Auto-Submitted"] == "auto-generated"
        assert letter["Content-Language"] == "zh-Hans"
        assert letter["Message-ID"].endswith("@parley.example>")
        assert letter["Date"].datetime.tzinfo is not None
        assert letter.get_content().splitlines() == ["你好 Ada"]
        sent = message(key)
        assert (sent.state, sent.attempts, sent.error) == (MailState.SENT, 1, "")
        assert sent.sent_at is not None

    def test_a_letter_leaves_only_if_the_deed_happened(self, real: Flask, sink: Sink) -> None:
        def refused() -> None:
            with unit_of_work():
                post(to="ada@example.org", subject="x", body="x", kind="test")
                raise Conflict

        with pytest.raises(Conflict):
            refused()
        run_pending(real)
        assert sink.taken == []

    def test_many_letters_go_over_one_connection(self, real: Flask, sink: Sink) -> None:
        for n in range(10):
            write(to=f"p{n}@example.org")
        assert send_due() == 10
        assert sink.recipients == [f"p{n}@example.org" for n in range(10)]

    def test_two_workers_send_every_letter_once(self, real: Flask, sink: Sink) -> None:
        for n in range(30):
            write(to=f"p{n}@example.org")
        db.session.remove()

        def send() -> None:
            with real.app_context():
                while send_due() > 0:
                    pass

        threads = [threading.Thread(target=send) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sorted(sink.recipients) == sorted(f"p{n}@example.org" for n in range(30))


class TestSecrets:
    @pytest.fixture(autouse=True)
    def secrets(self) -> Iterator[None]:
        register_secret("test_link", lambda key: url_for("open", token=f"token{key}") if key < 100 else None)
        yield
        outbox._secrets.pop("test_link", None)

    def test_a_secret_is_in_the_letter_and_nowhere_else(self, real: Flask, sink: Sink) -> None:
        place = secret("test_link", 42)
        key = write(body=f"Open {place}\n", secrets=[place])

        send_due()

        assert sink.taken[0].get_content().splitlines() == ["Open /l/token42"]
        assert message(key).body == "Open [[test_link:42]]\n"
        assert masked(message(key).body) == "Open ••••\n"

    def test_an_expired_secret_stops_the_letter(self, real: Flask, sink: Sink) -> None:
        place = secret("test_link", 100)
        key = write(body=place, secrets=[place])
        other = write()

        assert send_due() == 1

        assert (message(key).state, message(key).error) == (MailState.FAILED, outbox.EXPIRED)
        assert message(other).state == MailState.SENT

    def test_nobody_can_type_their_way_to_another_ones_secret(self, real: Flask) -> None:
        with pytest.raises(Invalid):
            write(body=f"Dear [[test_link:7]], {secret('test_link', 42)}", secrets=[secret("test_link", 42)])

    def test_a_secret_that_looks_like_a_place_is_not_filled_again(self, real: Flask, sink: Sink) -> None:
        register_secret("test_link", lambda key: "[[test_link:43]]" if key == 42 else "other")
        place = secret("test_link", 42)
        write(body=place, secrets=[place])
        send_due()
        assert sink.taken[0].get_content().strip() == "[[test_link:43]]"

    def test_a_secret_nobody_knows_fails_without_stopping_the_others(self, real: Flask) -> None:
        place = secret("nobody", 1)
        key = write(body=place, secrets=[place])
        other = write()
        send_due()
        assert (message(key).state, message(other).state) == (MailState.FAILED, MailState.SENT)


class TestRefusing:
    @pytest.mark.parametrize(
        "address",
        [
            "",
            "ada",
            "ada@",
            "@example.org",
            "ada@example.org\nBcc: all@example.org",
            "ada@example.org\r\nBcc: x",
            "ada@example.org, eve@example.org",
            "Ada <ada@example.org>",
            "a" * 250 + "@example.org",
        ],
    )
    def test_what_is_no_single_address_is_refused(self, real: Flask, address: str) -> None:
        with pytest.raises(Invalid):
            write(to=address)

    @pytest.mark.parametrize("subject", ["one\ntwo", "one\r\nBcc: all@example.org", "one\u2028two"])
    def test_a_subject_cannot_bring_in_a_header(self, real: Flask, subject: str) -> None:
        with pytest.raises(Invalid):
            write(subject=subject)

    def test_a_long_subject_arrives_whole_in_one_header(self, real: Flask, sink: Sink) -> None:
        subject = "第三轮 " * 40
        write(subject=subject.strip())
        send_due()
        assert sink.taken[0]["Subject"] == subject.strip()


class TestFailing:
    def test_a_server_that_is_away_is_tried_five_times(self, make_app: Callable[[str], Flask]) -> None:
        make_app(f"smtp://127.0.0.1:{free_port()}?timeout=2")
        key = write()
        waits = []
        for _ in range(5):
            before = utc_now()
            with unit_of_work():
                db.session.get_one(OutboxMessage, key).next_attempt_at = before
            assert send_due() == 0
            waits.append(round((message(key).next_attempt_at - before).total_seconds() / 60))

        assert waits[:4] == [1, 5, 30, 120]
        assert (message(key).state, message(key).attempts) == (MailState.FAILED, 5)
        assert message(key).error == outbox.UNREACHABLE

    def test_a_letter_is_not_tried_before_its_time(self, real: Flask, sink: Sink) -> None:
        sink.answers["ada@example.org"] = "451 greylisted"
        key = write()
        send_due()
        sink.answers.clear()
        assert send_due() == 0
        assert message(key).state == MailState.QUEUED
        assert send_due(now=utc_now() + timedelta(minutes=2)) == 1
        assert message(key).state == MailState.SENT

    def test_an_address_that_does_not_exist_fails_at_once_and_alone(self, real: Flask, sink: Sink) -> None:
        sink.answers["gone@example.org"] = "550 no such user"
        gone, there = write(to="gone@example.org"), write()
        assert send_due() == 1
        assert (message(gone).state, message(gone).error) == (MailState.FAILED, outbox.REFUSED)
        assert message(there).state == MailState.SENT

    def test_a_server_that_dies_after_the_text_is_not_sent_it_again(self, real: Flask, sink: Sink) -> None:
        sink.drops_after_data = True
        key = write()
        send_due()
        assert (message(key).state, message(key).error) == (MailState.FAILED, outbox.UNSURE)
        sink.drops_after_data = False
        assert send_due(now=utc_now() + timedelta(days=1)) == 0
        assert len(sink.taken) == 1

    def test_a_worker_that_dies_while_sending_is_noticed_and_nothing_goes_twice(self, real: Flask) -> None:
        key = write()
        assert mail._claim(utc_now()) is not None
        assert mail.sweep(utc_now() + timedelta(minutes=5)) == 0
        assert mail.sweep(utc_now() + timedelta(minutes=11)) == 1
        assert (message(key).state, message(key).error) == (MailState.FAILED, outbox.UNSURE)

    def test_a_person_may_decide_to_send_again(self, real: Flask, sink: Sink) -> None:
        sink.answers["ada@example.org"] = "550 full"
        key = write()
        send_due()
        sink.answers.clear()
        with unit_of_work():
            outbox.retry(db.session.get_one(OutboxMessage, key))
        assert send_due() == 1
        assert message(key).state == MailState.SENT

    def test_without_a_server_everything_stays_in_the_outbox(
        self, make_app: Callable[[str], Flask], caplog: pytest.LogCaptureFixture
    ) -> None:
        make_app("")
        key = write()
        assert [send_due(), send_due()] == [0, 0]
        assert (message(key).state, message(key).attempts) == (MailState.QUEUED, 0)


class TestTheServer:
    @pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")
    def test_a_server_that_wants_a_password_gets_it(self, make_app: Callable[[str], Flask]) -> None:
        def check(
            _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: LoginPassword
        ) -> AuthResult:
            return AuthResult(success=data.login == b"parley" and data.password == b"p@ss:word")

        sink = Sink()
        controller = Controller(
            sink,
            hostname="127.0.0.1",
            port=sink.port,
            authenticator=check,
            auth_required=True,
            auth_require_tls=False,
        )
        controller.start()
        try:
            make_app(f"smtp://parley:p%40ss%3Aword@127.0.0.1:{sink.port}?timeout=5")
            write()
            assert send_due() == 1
        finally:
            controller.stop()
        assert len(sink.taken) == 1

    @pytest.mark.parametrize(
        ("url", "host", "port", "security"),
        [
            ("smtp://mail.example", "mail.example", 25, "none"),
            ("smtp://u:p@mail.example?starttls=1", "mail.example", 587, "starttls"),
            ("smtp://mail.example:2525", "mail.example", 2525, "none"),
            ("smtps://u:p@mail.example", "mail.example", 465, "tls"),
        ],
    )
    def test_how_the_address_of_the_server_is_read(
        self, url: str, host: str, port: int, security: str
    ) -> None:
        server = parse_smtp_url(url)
        assert (server.host, server.port, server.security) == (host, port, security)
        assert "p@" not in repr(server)

    @pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://"])
    def test_a_wrong_address_of_the_server_is_told_clearly(self, url: str) -> None:
        with pytest.raises(ValueError, match="SMTP_URL must look like"):
            parse_smtp_url(url)


def test_old_letters_are_deleted_with_their_addresses(real: Flask, sink: Sink) -> None:
    write()
    send_due()
    waiting = write()
    assert outbox.purge(utc_now() + timedelta(days=29)) == 0
    assert outbox.purge(utc_now() + timedelta(days=31)) == 1
    assert db.session.scalar(select(func.count()).select_from(OutboxMessage)) == 1
    assert message(waiting).state == MailState.QUEUED

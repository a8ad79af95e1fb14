"""Handing over the mail of the outbox.

A message is sent at most once: it is marked before it is handed over, and one whose fate is unknown (the
process died, the server went silent after the text) is shown as failed instead of being sent again.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import policy
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import parse_qs, unquote, urlsplit

import structlog
from flask import Flask, current_app
from sqlalchemy import and_, select, update

from core.db import db, unit_of_work, utc_now
from core.outbox import (
    EXPIRED,
    REFUSED,
    SILENT,
    UNREACHABLE,
    UNSURE,
    UNWRITABLE,
    MailState,
    OutboxMessage,
    SecretGone,
    Silenced,
    filled,
    is_silent,
)

if TYPE_CHECKING:
    from config import Settings

log = structlog.get_logger(__name__)
RETRY_MINUTES = (1, 5, 30, 120)
LOST_AFTER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where mail is handed over: smtp://user:password@host:port?starttls=1, or smtps://."""

    host: str
    port: int
    security: Literal["none", "starttls", "tls"] = "none"
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    timeout: float = 20.0


def parse_smtp_url(url: str) -> MailServer:
    """The server that SMTP_URL names. Raises ValueError with one clear line (without the password)."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("SMTP_URL must look like smtp://user:password@host:587?starttls=1 or smtps://host.")
    wants_starttls = query.get("starttls", ["0"])[-1].lower() in ("1", "yes", "true", "on")
    security: Literal["none", "starttls", "tls"] = "starttls" if wants_starttls else "none"
    if parts.scheme == "smtps":
        security = "tls"
    return MailServer(
        host=parts.hostname,
        port=parts.port or {"none": 25, "starttls": 587, "tls": 465}[security],
        security=security,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        timeout=float(query.get("timeout", ["20"])[-1]),
    )


class _WatchesHandover:
    """Remembers whether the text of a message has begun to travel: from then on its fate may be unknown."""

    has_begun = False

    def data(self, msg: Any) -> tuple[int, bytes]:
        self.has_begun = True
        answer: tuple[int, bytes] = super().data(msg)  # type: ignore[misc]
        self.has_begun = False
        return answer


class _Smtp(_WatchesHandover, smtplib.SMTP):
    pass


class _SmtpTls(_WatchesHandover, smtplib.SMTP_SSL):
    pass


Connection = _Smtp | _SmtpTls


@contextmanager
def _connection(server: MailServer) -> Iterator[Connection]:
    context = ssl.create_default_context()
    smtp: Connection
    if server.security == "tls":
        smtp = _SmtpTls(server.host, server.port, timeout=server.timeout, context=context)
    else:
        smtp = _Smtp(server.host, server.port, timeout=server.timeout)
    try:
        if server.security == "starttls":
            smtp.starttls(context=context)
        if server.user:
            smtp.login(server.user, server.password)
        yield smtp
    finally:
        try:
            smtp.quit()
        except (OSError, smtplib.SMTPException):
            smtp.close()


def mail_server() -> MailServer | None:
    """The configured mail server; None when mail only collects in the outbox."""
    settings: Settings = current_app.extensions["parley_settings"]
    return parse_smtp_url(settings.smtp_url) if settings.smtp_url else None


def send_due(*, now: datetime | None = None, limit: int = 50) -> int:
    """Send the messages that are due, at most `limit`; returns how many the mail server took.

    Without a mail server everything stays queued; that is logged once.
    """
    moment = now or utc_now()
    if not has_due(moment):
        return 0
    server = mail_server()
    if server is None:
        _say_once_that_mail_stays()
        return 0
    return _send_batch(server, moment, limit)


def has_due(now: datetime) -> bool:
    """Whether any message is due (a plain read: it takes no lock)."""
    found = db.session.scalar(select(OutboxMessage.id).where(_is_due(now)).limit(1))
    db.session.rollback()
    return found is not None


def _say_once_that_mail_stays() -> None:
    if not current_app.extensions.get("parley_mail_stays"):
        current_app.extensions["parley_mail_stays"] = True
        log.warning("mail_stays_in_outbox", reason="SMTP_URL is not set")


def _send_batch(server: MailServer, now: datetime, limit: int) -> int:
    first = _claim(now)
    if first is None:
        return 0
    sent = 0
    try:
        with _connection(server) as smtp:
            message: OutboxMessage | None = first
            while message is not None:
                is_usable = _send_one(smtp, message)
                sent += message.state == MailState.SENT
                message = _claim(now) if is_usable and sent < limit else None
    except (OSError, smtplib.SMTPException) as error:
        if sent == 0 and first.state == MailState.SENDING:
            log.warning(
                "mail_server_unreachable", host=server.host, port=server.port, error=type(error).__name__
            )
            _put_back(first, UNREACHABLE)
    return sent


def _is_due(now: datetime) -> Any:
    return and_(OutboxMessage.state == MailState.QUEUED.value, OutboxMessage.next_attempt_at <= now)


def _claim(now: datetime) -> OutboxMessage | None:
    """Mark the oldest due message as being sent and count the attempt, before anything leaves the house."""
    due = select(OutboxMessage).where(_is_due(now)).order_by(OutboxMessage.next_attempt_at, OutboxMessage.id)
    with unit_of_work():
        message = db.session.scalar(due.limit(1).with_for_update(skip_locked=True))
        if message is not None:
            message.state, message.attempts = MailState.SENDING.value, message.attempts + 1
            message.next_attempt_at = utc_now()
    return message


def _send_one(smtp: Connection, message: OutboxMessage) -> bool:
    """Hand one message over and write what became of it; False when the connection is of no more use."""
    try:
        mail = compose(message)
    except (SecretGone, Silenced) as refusal:
        _settle(message, MailState.FAILED, SILENT if isinstance(refusal, Silenced) else EXPIRED)
        return True
    except (ValueError, UnicodeError, MessageError, LookupError):
        log.exception("mail_unwritable", message_id=message.id, kind=message.kind)
        _settle(message, MailState.FAILED, UNWRITABLE)
        return True
    try:
        smtp.send_message(mail, to_addrs=[message.to_address])
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
        return _answer_refusal(smtp, message, error)
    except (smtplib.SMTPNotSupportedError, UnicodeError, ValueError):
        _settle(message, MailState.FAILED, REFUSED)
        return True
    except (OSError, smtplib.SMTPException):
        if smtp.has_begun:
            _settle(message, MailState.FAILED, UNSURE)
        else:
            _put_back(message, UNREACHABLE)
        return False
    _settle(message, MailState.SENT, "")
    return True


def _answer_refusal(
    smtp: Connection,
    message: OutboxMessage,
    error: smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused,
) -> bool:
    codes = (
        [code for code, _text in error.recipients.values()]
        if isinstance(error, smtplib.SMTPRecipientsRefused)
        else [error.smtp_code]
    )
    smtp.has_begun = False
    log.info("mail_refused", message_id=message.id, kind=message.kind, codes=codes)
    if all(500 <= code < 600 for code in codes):
        _settle(message, MailState.FAILED, REFUSED)
    else:
        _put_back(message, UNREACHABLE)
    return 421 not in codes


def _put_back(message: OutboxMessage, error: str) -> None:
    """Try again later: after 1, 5, 30 and 120 minutes; then it has failed."""
    if message.attempts > len(RETRY_MINUTES):
        _settle(message, MailState.FAILED, error)
        return
    wait = timedelta(minutes=RETRY_MINUTES[message.attempts - 1])
    _settle(message, MailState.QUEUED, error, next_attempt_at=utc_now() + wait)


def _settle(message: OutboxMessage, state: MailState, error: str, **values: Any) -> None:
    """Write the outcome. Only a message that is still being sent by us changes."""
    if state is MailState.SENT:
        values["sent_at"] = utc_now()
    mine = and_(
        OutboxMessage.id == message.id,
        OutboxMessage.state == MailState.SENDING.value,
        OutboxMessage.attempts == message.attempts,
    )
    with unit_of_work():
        db.session.execute(update(OutboxMessage).where(mine).values(state=state.value, error=error, **values))
    message.state = state.value


def compose(message: OutboxMessage) -> EmailMessage:
    """The message as it travels, secrets filled in. Raises SecretGone when one of them has expired."""
    settings: Settings = current_app.extensions["parley_settings"]
    name, address = parseaddr(settings.mail_from)
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"] = Address(name, addr_spec=address)
    mail["To"] = Address(addr_spec=message.to_address)
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(message.created_at)
    mail["Message-ID"] = (
        f"<{message.id}.{int(message.created_at.timestamp() * 1000)}@{_own_domain(settings)}>"
    )
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    body, headers = _filled(message)
    mail.set_content(body)
    for name, value in headers.items():
        mail[name] = value
    mail["Content-Language"] = message.locale.replace("_", "-")
    return mail


def _own_domain(settings: Settings) -> str:
    return urlsplit(settings.public_url).hostname or parseaddr(settings.mail_from)[1].rpartition("@")[2]


def _filled(message: OutboxMessage) -> tuple[str, dict[str, str]]:
    """The body and the further headers with the places this message may fill. Raises Silenced, SecretGone.

    They are filled in a transaction of their own, and as if for a request, so that addresses can be built.
    """
    settings: Settings = current_app.extensions["parley_settings"]
    base_url = settings.public_url or "http://localhost"
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    with app.test_request_context(base_url=base_url), unit_of_work():
        if is_silent(message.scope):
            raise Silenced
        texts = [message.body, *message.headers.values()]
        body, *headers = [filled(one, message.secrets) for one in texts]
        return body, dict(zip(message.headers, headers, strict=True))


def sweep(now: datetime) -> int:
    """Give up messages whose sending was cut off: they may have arrived, and are not sent twice."""
    lost = and_(
        OutboxMessage.state == MailState.SENDING.value, OutboxMessage.next_attempt_at < now - LOST_AFTER
    )
    if db.session.scalar(select(OutboxMessage.id).where(lost).limit(1)) is None:
        db.session.rollback()
        return 0
    with unit_of_work():
        given_up = update(OutboxMessage).where(lost).values(state=MailState.FAILED.value, error=UNSURE)
        return int(db.session.execute(given_up).rowcount)  # type: ignore[attr-defined]

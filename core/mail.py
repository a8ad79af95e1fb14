"""The outbox: mail is a row written with the deed, sent after the commit; secrets are filled in only then.

A message is sent at most once: it is marked before it is handed over, and one whose fate is unknown (the
process died, the server went silent after the text) is shown as failed instead of being sent again.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import policy
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import parse_qs, unquote, urlsplit

import structlog
from flask import Flask, current_app
from sqlalchemy import JSON, CheckConstraint, Index, String, Text, and_, delete, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Keyed, db, unit_of_work, utc_now
from core.errors import Invalid
from core.localised import N_

if TYPE_CHECKING:
    from config import Settings

log = structlog.get_logger(__name__)
RETRY_MINUTES = (1, 5, 30, 120)
LOST_AFTER = timedelta(minutes=10)
KEEP = timedelta(days=30)
MASK = "••••"
SECRET = re.compile(r"\[\[([a-z][a-z0-9_]*):(\d+)\]\]")
CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")

UNSURE = N_("The connection broke while this was being handed over; it may or may not have arrived.")
EXPIRED = N_("What this message carries has expired or been revoked, so it was not sent.")
REFUSED = N_("The mail server refused this address or message.")
UNREACHABLE = N_("The mail server could not be reached, or did not take the message.")
SILENT = N_("This edition is a rehearsal, so nothing is mailed from it.")
UNWRITABLE = N_("This message could not be put into a form that mail servers accept.")


class MailState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


STATES = ", ".join(f"'{state.value}'" for state in MailState)


class OutboxMessage(Base, Keyed):
    """One message to one address. The body holds places like [[link:42]], never the secrets themselves."""

    __tablename__ = "outbox_message"
    __table_args__ = (
        CheckConstraint(f"state IN ({STATES})", name="state"),
        Index(None, "state", "next_attempt_at"),
    )

    to_address: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    secrets: Mapped[list[str]] = mapped_column(JSON, default=list)
    headers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, server_default=text("'{}'"))
    kind: Mapped[str] = mapped_column(String(64))
    scope: Mapped[str] = mapped_column(String(80), default="", index=True)
    locale: Mapped[str] = mapped_column(String(20), default="en")
    state: Mapped[str] = mapped_column(String(12), default=MailState.QUEUED.value)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]


class SecretGone(LookupError):
    """What a place in a message stands for has expired or been revoked."""


class Silenced(LookupError):
    """The message comes from a scope from which nothing may be sent."""


SecretFunction = Callable[[int], str | None]
_secrets: dict[str, SecretFunction] = {}


def register_secret(kind: str, function: SecretFunction) -> None:
    """Say what [[kind:id]] stands for at the moment of sending; None (or SecretGone) when it has expired."""
    _secrets[kind] = function


Silence = Callable[[str], bool]
_silences: list[Silence] = []


def register_silence(function: Silence) -> Silence:
    """Register `scope -> whether no mail may ever leave from it`: asked when a mail is posted, and when it is sent."""
    if function not in _silences:
        _silences.append(function)
    return function


def is_silent(scope: str) -> bool:
    """Whether mail of this scope is refused."""
    return bool(scope) and any(function(scope) for function in _silences)


def secret(kind: str, key: int) -> str:
    """The place in a body where a secret is filled in when the message is sent."""
    return f"[[{kind}:{key}]]"


def masked(body: str) -> str:
    """The body as it may be shown on a screen: secrets were never in it, their places are dots."""
    return SECRET.sub(MASK, body)


def post(
    *,
    to: str,
    subject: str,
    body: str,
    kind: str,
    scope: str = "",
    locale: str = "en",
    secrets: Iterable[str] = (),
    headers: Mapping[str, str] | None = None,
) -> OutboxMessage:
    """Add a message to the current transaction; a worker sends it after the commit.

    From a scope that is silent nothing is kept: what is returned was refused, and never reaches the outbox.
    `headers` are further header lines, in which the same places are filled.

    `secrets` lists the places (made with `secret()`) that may be filled in. A body with any other such place
    is refused: text typed by a person must not be able to fetch somebody else's link.
    Raises Invalid for an address or subject that would break the message's headers.
    """
    allowed = list(secrets)
    if any(match.group() not in allowed for match in SECRET.finditer(body)):
        raise Invalid("A message may not contain [[…]] with a word and a number in it. Write it differently.")
    now = utc_now()
    message = OutboxMessage(
        to_address=checked_address(to),
        subject=_checked_subject(subject),
        body=body,
        secrets=allowed,
        headers=dict(headers or {}),
        kind=kind,
        scope=scope,
        locale=locale,
        next_attempt_at=now,
        created_at=now,
    )
    if is_silent(scope):
        message.state, message.error = MailState.FAILED.value, SILENT
        return message
    db.session.add(message)
    db.session.flush()
    return message


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One of many messages that are posted together; it holds no secrets."""

    to: str
    subject: str
    body: str
    locale: str = "en"


def post_all(letters: Iterable[Letter], *, kind: str, scope: str, not_before: datetime) -> int:
    """Add many messages to the current transaction at once, to be sent from a moment on; returns how many.

    Raises Invalid for an address or subject that would break the message's headers, or a body with a [[place:1]].
    """
    now = utc_now()
    rows = []
    for letter in letters:
        if SECRET.search(letter.body):
            raise Invalid(
                "A message may not contain [[…]] with a word and a number in it. Write it differently."
            )
        rows.append(
            OutboxMessage(
                to_address=checked_address(letter.to),
                subject=_checked_subject(letter.subject),
                body=letter.body,
                secrets=[],
                kind=kind,
                scope=scope,
                locale=letter.locale,
                next_attempt_at=not_before,
                created_at=now,
            )
        )
    db.session.add_all(rows)
    db.session.flush()
    return len(rows)


def checked_address(address: str) -> str:
    """The e-mail address itself; raises Invalid when it is none or would smuggle in a header."""
    text = address.strip()
    try:
        if CONTROL.search(address) or len(text) > 254:
            raise ValueError
        if not (parsed := Address(addr_spec=text)).username or not parsed.domain:
            raise ValueError
    except (ValueError, MessageError, IndexError):
        raise Invalid(
            "“%(address)s” is not an e-mail address.", address=CONTROL.sub(" ", text)[:80]
        ) from None
    return text


def _checked_subject(subject: str) -> str:
    if CONTROL.search(subject):
        raise Invalid("The subject of a message must be one line.")
    return subject[:300]


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
        filled = [SECRET.sub(lambda match: _fill(match, message.secrets), one) for one in texts]
        return filled[0], dict(zip(message.headers, filled[1:], strict=True))


def _fill(match: re.Match[str], allowed: list[str]) -> str:
    if match.group() not in allowed:
        return match.group()
    text = _secrets[match[1]](int(match[2]))
    if text is None:
        raise SecretGone(match[1])
    return text


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


def retry(message: OutboxMessage) -> None:
    """Queue a failed message again (a person's decision: it may arrive twice)."""
    if message.state != MailState.FAILED:
        raise Invalid("Only a message that failed can be sent again.")
    message.state, message.attempts, message.error = MailState.QUEUED.value, 0, ""
    message.next_attempt_at = utc_now()
    db.session.flush()


def purge(now: datetime) -> int:
    """Delete what was sent or given up a month ago: addresses are personal. Returns how many."""
    old = and_(
        OutboxMessage.state.in_((MailState.SENT.value, MailState.FAILED.value)),
        OutboxMessage.created_at < now - KEEP,
    )
    with unit_of_work():
        return int(db.session.execute(delete(OutboxMessage).where(old)).rowcount)  # type: ignore[attr-defined]

"""The outbox: mail is a row written with the deed; what is secret in it stands there as a place, not as a text.

`core.mail` hands the rows over after the commit, and fills the places only then.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.errors import MessageError
from email.headerregistry import Address
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, Index, String, Text, and_, delete, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Keyed, db, unit_of_work, utc_now
from core.errors import Invalid
from core.localised import N_

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


def filled(text: str, allowed: Iterable[str]) -> str:
    """The text with those of its places filled that it may fill. Raises SecretGone."""
    return SECRET.sub(lambda match: _fill(match, allowed), text)


def _fill(match: re.Match[str], allowed: Iterable[str]) -> str:
    if match.group() not in allowed:
        return match.group()
    text = _secrets[match[1]](int(match[2]))
    if text is None:
        raise SecretGone(match[1])
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What is written to one address."""

    to: str
    subject: str
    body: str
    locale: str = "en"


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
    letter = Letter(to=to, subject=subject, body=body, locale=locale)
    message = _row(letter, kind=kind, scope=scope, now=utc_now(), secrets=list(secrets))
    message.headers = dict(headers or {})
    if is_silent(scope):
        message.state, message.error = MailState.FAILED.value, SILENT
        return message
    db.session.add(message)
    db.session.flush()
    return message


def post_all(letters: Iterable[Letter], *, kind: str, scope: str, not_before: datetime) -> int:
    """Add many messages without secrets to the current transaction at once, to be sent from a moment on; returns how
    many.

    Raises Invalid for an address or subject that would break the message's headers, or a body with a [[place:1]].
    """
    now = utc_now()
    rows = [_row(letter, kind=kind, scope=scope, now=now, secrets=[]) for letter in letters]
    for row in rows:
        row.next_attempt_at = not_before
    db.session.add_all(rows)
    db.session.flush()
    return len(rows)


def _row(letter: Letter, *, kind: str, scope: str, now: datetime, secrets: list[str]) -> OutboxMessage:
    if any(match.group() not in secrets for match in SECRET.finditer(letter.body)):
        raise Invalid("A message may not contain [[…]] with a word and a number in it. Write it differently.")
    return OutboxMessage(
        to_address=checked_address(letter.to),
        subject=_checked_subject(letter.subject),
        body=letter.body,
        secrets=secrets,
        kind=kind,
        scope=scope,
        locale=letter.locale,
        next_attempt_at=now,
        created_at=now,
    )


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

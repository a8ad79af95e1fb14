"""Getting no more mail of an edition that is not essential: a signed address per person and edition, one click.

The address is signed, not stored; it says which line of `mail_choice` it is about, and works without signing in.
"""

from __future__ import annotations

from datetime import datetime

import structlog
from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from competition.messages.models import MailChoice
from core.access import ANONYMOUS
from core.audit import edition_scope, record
from core.db import db
from core.links import public_address
from core.outbox import register_secret, secret

log = structlog.get_logger(__name__)
PURPOSE = "unsubscribe"


def choice_of(edition_id: int, address: str) -> MailChoice:
    """What an address wants of an edition; a new line when nothing was asked of it yet."""
    query = select(MailChoice).where(
        MailChoice.edition_id == edition_id, MailChoice.address == address.casefold()
    )
    found = db.session.scalar(query)
    if found is None:
        try:
            with db.session.begin_nested():
                db.session.add(MailChoice(edition_id=edition_id, address=address.casefold()))
        except IntegrityError:
            log.info("mail_choice_made_meanwhile", edition_id=edition_id)
        found = db.session.scalars(query).one()
    return found


def unsubscribe_place(choice: MailChoice) -> str:
    """The place in a mail where the address is filled in when it is sent."""
    return secret(PURPOSE, choice.id)


def unsubscribe_headers(choice: MailChoice) -> dict[str, str]:
    """What lets a mail program offer the same in one click (RFC 8058)."""
    return {
        "List-Unsubscribe": f"<{unsubscribe_place(choice)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def find_choice(token: str) -> MailChoice | None:
    """The line that a signed address is about; None for any other text."""
    try:
        key = _serializer().loads(token)
    except BadSignature:
        return None
    return db.session.get(MailChoice, key) if isinstance(key, int) else None


def choose(*, choice: MailChoice, wants_no_more: bool, now: datetime) -> None:
    """Want no more mail that is not essential, or want it again."""
    if wants_no_more == (choice.unsubscribed_at is not None):
        return
    choice.unsubscribed_at = now if wants_no_more else None
    db.session.flush()
    verb = "mail.unsubscribed" if wants_no_more else "mail.subscribed_again"
    record(ANONYMOUS, verb, "mail_choice", choice.id, scope=edition_scope(choice.edition_id))


def address_for(choice_id: int) -> str:
    """The full address for one line."""
    routes = current_app.url_map.bind("localhost")
    return public_address(routes.build("unsubscribing.show", {"token": _serializer().dumps(choice_id)}))


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.config["SECRET_KEY"]), salt=PURPOSE)


register_secret(PURPOSE, address_for)

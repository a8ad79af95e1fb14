"""Letters of registration: in the edition's language, with a private link whose token is filled in on sending."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from flask_babel import force_locale

from competition.editions.public import Edition
from core import outbox
from core.audit import edition_scope
from core.links import PrivateLink
from core.localised import in_language

Write = Callable[[str, str], tuple[str, Sequence[str]]]
"""`(title of the edition, place of the link) -> (subject, paragraphs)`, called in the language of the letter."""


def letter_locale(edition: Edition) -> str:
    """The language in which an edition writes to people whose own it does not know."""
    return "zh_Hans" if edition.languages.startswith("zh") else "en"


def post_letter(edition: Edition, *, to: str, kind: str, link: PrivateLink, write: Write) -> None:
    """Put a letter into the outbox."""
    locale = letter_locale(edition)
    place = outbox.secret("link", link.id)
    with force_locale(locale):
        subject, paragraphs = write(in_language(edition.name, edition.name_zh, locale), place)
    outbox.post(
        to=to,
        subject=subject,
        body="\n\n".join(text for text in paragraphs if text) + "\n",
        kind=kind,
        scope=edition_scope(edition.id),
        locale=locale,
        secrets=[place],
    )


def moment_in_letter(edition: Edition, moment: datetime) -> str:
    """A moment on the edition's wall clock in the language of its letters, with the zone."""
    zone, locale = ZoneInfo(edition.timezone), letter_locale(edition)
    day = format_date(moment.astimezone(zone).date(), "long", locale=locale)
    return f"{day} {format_time(moment, 'short', tzinfo=zone, locale=locale)} ({edition.timezone})"

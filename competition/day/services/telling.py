"""Mails about a timetable that changed after it was published: to those concerned, one each, a few minutes later.

Changes made within those minutes are added to the mail that waits, so that an hour of moving things about is not
an hour of mails. Only addresses are written to; a telephone number is for the desk.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from flask_babel import force_locale, gettext
from sqlalchemy import select

from accounts.public import person, user_account
from competition.day.models import TimetableItem
from competition.day.queries import item_entry
from competition.editions.public import Edition, organisers_of, rooms_of
from competition.entries.public import delegate_table, judge_table, team_division_table, team_table
from core.audit import edition_scope
from core.db import db
from core.errors import Invalid
from core.links import public_address
from core.localised import in_language
from core.outbox import Letter, MailState, OutboxMessage, checked_address, post_all

KIND = "timetable_changed"
WAITS = timedelta(minutes=5)
LONGEST_BODY = 8000


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A line of the timetable as it is put into a mail, and whom it concerns."""

    title: str
    title_zh: str
    starts_at: datetime
    ends_at: datetime
    where: str
    audience: str
    division_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """Somebody who is written to, in their language."""

    address: str
    name: str
    locale: str


def shown(edition: Edition, item: TimetableItem) -> Told:
    """An item as a mail tells of it."""
    entry = item_entry(item, {room.id: room for room in rooms_of(edition.id)}, {}, "en")
    return Told(
        title=item.title,
        title_zh=item.title_zh,
        starts_at=item.starts_at,
        ends_at=item.ends_at,
        where=", ".join(filter(None, (entry.place, entry.site))),
        audience=item.audience,
        division_id=item.division_id,
    )


def tell(
    edition: Edition, before: Told | None, after: Told | None, *, now: datetime, without: int | None = None
) -> int:
    """Tell those concerned before or after a change, in this transaction; returns how many people that are.

    What is over is not told. `without` is the person who made the change.
    """
    if all(one is None or one.ends_at <= now for one in (before, after)):
        return 0
    people: dict[str, Addressee] = {}
    for one in (before, after):
        if one is not None:
            people |= {
                each.address: each for each in concerned(edition, one.audience, one.division_id, without)
            }
    lines = {locale: _words(edition, before, after, locale) for locale in ("en", "zh_Hans")}
    waiting = _waiting(edition, now)
    for address in people.keys() & waiting.keys():
        row = waiting[address]
        if len(row.body) < LONGEST_BODY:
            row.body = row.body.rstrip("\n") + "\n\n" + lines[row.locale] + "\n"
    new = [one for address, one in people.items() if address not in waiting]
    letters = [_letter(edition, one, lines[one.locale]) for one in new]
    post_all(letters, kind=KIND, scope=edition_scope(edition.id), not_before=now + WAITS)
    return len(people)


def _waiting(edition: Edition, now: datetime) -> dict[str, OutboxMessage]:
    """The mails of this kind that have not left the house yet, by address."""
    query = select(OutboxMessage).where(
        OutboxMessage.scope == edition_scope(edition.id),
        OutboxMessage.kind == KIND,
        OutboxMessage.state == MailState.QUEUED.value,
        OutboxMessage.attempts == 0,
        OutboxMessage.next_attempt_at > now,
    )
    return {row.to_address: row for row in db.session.scalars(query.with_for_update())}


def _letter(edition: Edition, who: Addressee, line: str) -> Letter:
    with force_locale(who.locale):
        title = in_language(edition.name, edition.name_zh, who.locale)
        body = [
            gettext("Dear %(name)s,", name=who.name),
            gettext("the timetable of %(edition)s has changed for you.", edition=title),
            gettext("Your agenda shows everything: %(address)s", address=_agenda_address(edition)),
            line,
        ]
        subject = gettext("%(edition)s: your timetable has changed", edition=title)
    return Letter(to=who.address, subject=subject, body="\n\n".join(body) + "\n", locale=who.locale)


def _agenda_address(edition: Edition) -> str:
    return public_address(f"/e/{edition.slug}/agenda")


def _words(edition: Edition, before: Told | None, after: Told | None, locale: str) -> str:
    """What changed, in one paragraph."""
    told = after or before
    assert told is not None
    title = in_language(told.title, told.title_zh, locale)
    was, now = (_when(edition, one, locale) if one is not None else "" for one in (before, after))
    with force_locale(locale):
        if after is None:
            return gettext("%(title)s does not take place. It was: %(when)s", title=title, when=was)
        if before is None:
            return gettext("New: %(title)s. %(when)s", title=title, when=now)
        if was == now:
            return gettext(
                "%(title)s, %(when)s: look at your agenda for what changed.", title=title, when=now
            )
        return gettext("%(title)s is now: %(now)s. It was: %(before)s", title=title, now=now, before=was)


def _when(edition: Edition, told: Told, locale: str) -> str:
    zone = ZoneInfo(edition.timezone)
    day = format_date(told.starts_at.astimezone(zone).date(), "full", locale=locale)
    clocks = [format_time(at, "short", tzinfo=zone, locale=locale) for at in (told.starts_at, told.ends_at)]
    text = f"{day} {clocks[0]}–{clocks[1]} ({edition.timezone})"
    return f"{text} · {told.where}" if told.where else text


def concerned(
    edition: Edition, audience: str, division_id: int | None, without: int | None = None
) -> list[Addressee]:
    """Who is written to about something for this audience; somebody in two capacities once."""
    rows: list[tuple[str, str, str | None, int | None]] = []
    if audience in ("all", "teams", "division", "division_round"):
        rows += _delegates(edition, division_id)
    if audience in ("all", "judges", "division_round"):
        rows += _judges(edition)
    if audience in ("all", "organisers"):
        rows += _organisers(edition)
    usual = "zh_Hans" if edition.languages.startswith("zh") else "en"
    found: dict[str, Addressee] = {}
    for address, name, locale, person_id in rows:
        if person_id is not None and person_id == without:
            continue
        if (checked := _address(address)) is not None:
            found.setdefault(checked, Addressee(address=checked, name=name, locale=locale or usual))
    return list(found.values())


def _address(text: str) -> str | None:
    """The address, or None for what is none (a telephone number, a typing mistake)."""
    try:
        return checked_address(text) if "@" in text else None
    except Invalid:
        return None


def _delegates(
    edition: Edition, division_id: int | None
) -> Iterable[tuple[str, str, str | None, int | None]]:
    row = delegate_table.c
    query = (
        select(row.contact, row.name, row.name_local, person.c.locale, row.person_id)
        .join(team_table, team_table.c.id == row.team_id)
        .outerjoin(person, person.c.id == row.person_id)
        .where(row.edition_id == edition.id, team_table.c.status.in_(("registered", "stand_in")))
        .order_by(row.id)
    )
    if division_id is not None:
        within = select(team_division_table.c.team_id).where(team_division_table.c.division_id == division_id)
        query = query.where(row.team_id.in_(within))
    return [
        (contact, name or local, locale, key)
        for contact, name, local, locale, key in db.session.execute(query)
    ]


def _judges(edition: Edition) -> Iterable[tuple[str, str, str | None, int | None]]:
    row = judge_table.c
    query = (
        select(row.contact, row.name, row.name_local, person.c.locale, row.person_id)
        .outerjoin(person, person.c.id == row.person_id)
        .where(row.edition_id == edition.id)
        .order_by(row.id)
    )
    return [
        (contact, name or local, locale, key)
        for contact, name, local, locale, key in db.session.execute(query)
    ]


def _organisers(edition: Edition) -> Iterable[tuple[str, str, str | None, int | None]]:
    keys = [one.person_id for one in organisers_of(edition.id)]
    query = (
        select(user_account.c.email, person.c.name, person.c.locale, person.c.id)
        .join(person, person.c.id == user_account.c.person_id)
        .where(person.c.id.in_(keys), user_account.c.email_confirmed_at.is_not(None))
    )
    return [tuple(one) for one in db.session.execute(query)]  # type: ignore[misc]

"""An agenda as a calendar file: what each event is called and says, in the language of its owner."""

from __future__ import annotations

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from accounts.public import find_person
from competition.day.agenda import agenda_of, reader_of_feed
from competition.day.ical import Event, calendar
from competition.day.queries import Entry
from competition.editions.public import Edition, organisers_of
from competition.entries.public import delegate_table, judge_table, team_table
from competition.rounds.public import role_words
from core.db import db
from core.links import public_address
from core.localised import DEFAULT_LOCALE, in_language
from core.roles import Role


def calendar_of(edition: Edition, kind: str, subject_id: int) -> bytes | None:
    """The file; None once its owner takes part no more."""
    locale = _language(edition, kind, subject_id)
    if locale is None:
        return None
    with force_locale(locale):
        entries = agenda_of(edition, reader_of_feed(kind, subject_id), locale)
        name = in_language(edition.name, edition.name_zh, locale)
        return calendar(name, edition.timezone, [_event(edition, entry) for entry in entries])


def _language(edition: Edition, kind: str, subject_id: int) -> str | None:
    """The owner's language; None when there is no such person in the edition any more."""
    usual = "zh_Hans" if edition.languages.startswith("zh") else DEFAULT_LOCALE
    if kind == "organiser":
        found = next((one.person_id for one in organisers_of(edition.id) if one.id == subject_id), None)
        return _locale(found, usual) if found is not None else None
    table, column = {
        "delegate": (delegate_table, "person_id"),
        "judge": (judge_table, "person_id"),
        "coach": (team_table, "coach_person_id"),
    }[kind]
    row = db.session.execute(
        select(table.c[column]).where(table.c.id == subject_id, table.c.edition_id == edition.id)
    ).one_or_none()
    if row is None or (kind == "coach" and row[0] is None):
        return None
    return _locale(row[0], usual)


def _locale(person_id: int | None, usual: str) -> str:
    card = find_person(person_id) if person_id is not None else None
    return card.locale if card is not None else usual


def _event(edition: Edition, entry: Entry) -> Event:
    lines = []
    if entry.role:
        lines.append(_("Role: %(role)s", role=role_words(Role(entry.role))))
    if entry.detail:
        lines.append(entry.detail)
    if entry.link:
        lines.append(_("Online: %(link)s", link=entry.link))
    if entry.backup_link:
        lines.append(_("If that fails: %(link)s", link=entry.backup_link))
    lines.append(public_address(f"/e/{edition.slug}/agenda"))
    title = entry.title
    if entry.table:
        title = _("%(title)s, table %(table)s", title=title, table=entry.table)
    if entry.team:
        title = f"{title} ({entry.team})"
    return Event(
        uid=f"{entry.uid}@parley",
        sequence=entry.sequence,
        changed_at=entry.changed_at,
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        summary=title,
        place=", ".join(filter(None, (entry.place, entry.site))),
        description="\n".join(lines),
        url=entry.link,
    )

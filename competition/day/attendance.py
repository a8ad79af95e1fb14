"""Certificates of attendance on paper, in English and Chinese: only for those who were seen, with their days."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from babel.lists import format_list
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import case, select

from competition.editions.public import Edition
from competition.entries.public import (
    Delegate,
    arrival_table,
    delegate_table,
    institution_table,
    judge_table,
    own_rows,
    team_table,
)
from core.access import Actor
from core.db import db
from core.localised import in_language
from core.pdf import LINE, Document, Format

LANGUAGES = ("en", "zh_Hans")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """Somebody who was there, and on which days; a judge has no team. `team_local`: its university in Chinese."""

    kind: str
    key: int
    name: str
    name_local: str
    team: str
    team_local: str
    days: tuple[date, ...]


def attendances_of(edition: Edition) -> list[Attendance]:
    """Everybody who was checked in on at least one day, delegates team by team, then judges."""
    return [*_delegates(edition.id), *_judges(edition.id)]


def own_attendances(actor: Actor, edition: Edition) -> list[Attendance]:
    """The actor's own, as a delegate and as a judge."""
    keys = {
        ("delegate" if isinstance(row, Delegate) else "judge", row.id) for row in own_rows(actor, edition)
    }
    return [one for one in attendances_of(edition) if (one.kind, one.key) in keys]


def was_there(actor: Actor, edition: Edition) -> bool:
    """Whether the actor was checked in on some day."""
    rows = own_rows(actor, edition)
    seen = arrival_table.c
    return any(
        db.session.scalar(
            select(seen.id)
            .where((seen.delegate_id if isinstance(row, Delegate) else seen.judge_id) == row.id)
            .limit(1)
        )
        is not None
        for row in rows
    )


def _delegates(edition_id: int) -> Iterable[Attendance]:
    row, team, home, seen = delegate_table.c, team_table.c, institution_table.c, arrival_table.c
    is_named_after = home.name == team.name
    query = (
        select(
            row.id,
            row.name,
            row.name_local,
            row.code,
            team.name.label("team"),
            case((is_named_after, home.name_local), else_="").label("team_local"),
            seen.day,
        )
        .join(team_table, team.id == row.team_id)
        .outerjoin(institution_table, home.id == team.institution_id)
        .join(arrival_table, seen.delegate_id == row.id)
        .where(row.edition_id == edition_id)
        .order_by(team.position, team.id, row.position, row.id, seen.day)
    )
    return _gathered("delegate", db.session.execute(query).all())


def _judges(edition_id: int) -> Iterable[Attendance]:
    row, seen = judge_table.c, arrival_table.c
    query = (
        select(row.id, row.name, row.name_local, row.code, seen.day)
        .join(arrival_table, seen.judge_id == row.id)
        .where(row.edition_id == edition_id)
        .order_by(row.position, row.id, seen.day)
    )
    return _gathered("judge", db.session.execute(query).all())


def _gathered(kind: str, rows: Sequence[object]) -> list[Attendance]:
    days: dict[int, list[date]] = {}
    people: dict[int, object] = {}
    for row in rows:
        days.setdefault(row.id, []).append(row.day)  # type: ignore[attr-defined]
        people[row.id] = row  # type: ignore[attr-defined]
    return [
        Attendance(
            kind=kind,
            key=key,
            name=row.name or row.name_local or row.code,  # type: ignore[attr-defined]
            name_local=row.name_local if row.name else "",  # type: ignore[attr-defined]
            team=getattr(row, "team", ""),
            team_local=getattr(row, "team_local", ""),
            days=tuple(days[key]),
        )
        for key, row in people.items()
    ]


def attendance_pdf(
    edition: Edition,
    people: Sequence[Attendance],
    paper: Format,
    progress: Callable[[int], None] = lambda _done: None,
) -> tuple[bytes, int]:
    """A page for each, and how many there are."""
    document = Document(title=edition.name, paper=paper, is_landscape=True, is_numbered=False)
    for number, one in enumerate(people, 1):
        document.add_page()
        _page(document, edition, one)
        progress(number)
    return document.made(), len(people)


def _page(document: Document, edition: Edition, one: Attendance) -> None:
    sheet = document.sheet
    sheet.set_draw_color(*LINE)
    sheet.set_line_width(0.6)
    sheet.rect(10, 10, sheet.w - 20, sheet.h - 20)
    document.space(38)
    document.text(_both(lambda _at: _("Certificate of attendance")), size=26, is_strong=True, is_centred=True)
    document.space(12)
    document.text(_both(lambda _at: _("This is to certify that")), is_muted=True, is_centred=True)
    document.space(4)
    names = f"{one.name}  {one.name_local}" if one.name_local else one.name
    document.text(names, size=28, is_strong=True, is_centred=True)
    document.space(10)
    for locale in LANGUAGES:
        document.text(_in(locale, lambda at: _words(edition, one, at)), size=13, is_centred=True)
        document.space(2)
    document.space(12)
    document.text(edition.place, is_muted=True, is_centred=True)


def _words(edition: Edition, one: Attendance, locale: str) -> str:
    values = {
        "edition": in_language(edition.name, edition.name_zh, locale),
        "days": format_list([format_date(day, "long", locale=locale) for day in one.days], locale=locale),
    }
    if one.kind == "judge":
        return _("was present as a judge at %(edition)s on %(days)s.", **values)
    team = in_language(one.team, one.team_local, locale)
    return _("was present with %(team)s at %(edition)s on %(days)s.", team=team, **values)


def _in(locale: str, words: Callable[[str], str]) -> str:
    with force_locale(locale):
        return words(locale)


def _both(words: Callable[[str], str]) -> str:
    """The words in English and Chinese, once where both are the same."""
    return "\n".join(dict.fromkeys(_in(locale, words) for locale in LANGUAGES))

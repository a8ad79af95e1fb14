"""The entries of one edition's log as its reader narrows them: newest first, counted, page by page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from competition.editions.public import Edition
from competition.entries.public import delegate_table, judge_table, team_table
from competition.likeness.searching import Wanted
from core.audit import AuditEntry, edition_scope
from core.db import db
from core.filters import ListFilter
from core.links import PrivateLink
from tabroom.log.actors import BY_LINK, organisers_ever, people_like
from tabroom.log.deeds import KINDS, verbs_of
from tabroom.log.subjects import NOUNS

PER_PAGE = 100
MOST_FOUND = 4000
"""How many people or teams one search may stand for."""
FIRST_YEAR, LAST_YEAR = 2000, 9000


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFilter(ListFilter):
    """What the reader looks for: a name (of who did it, or whom it is about), a kind, who, and a day of the edition."""

    KNOWN: ClassVar = {"kind": KINDS, "who": ("organisers", "others", "nobody"), "sort": ("oldest",)}

    kind: str = ""
    who: str = ""
    day: str = ""

    @property
    def date(self) -> date | None:
        """The day asked for; None for none, or for what is no day."""
        try:
            found = date.fromisoformat(self.day)
        except ValueError:
            return None
        return found if FIRST_YEAR < found.year < LAST_YEAR else None


def count_entries(edition: Edition, asked: LogFilter) -> int:
    """How many entries the filter leaves."""
    return db.session.scalar(_narrowed(select(func.count(AuditEntry.id)), edition, asked)) or 0


def entries_of(edition: Edition, asked: LogFilter, *, limit: int, offset: int = 0) -> Sequence[AuditEntry]:
    """The entries that the filter leaves, newest first unless the oldest are asked for first."""
    order = AuditEntry.id if asked.sort == "oldest" else AuditEntry.id.desc()
    query = _narrowed(select(AuditEntry), edition, asked).order_by(order)
    return db.session.scalars(query.limit(limit).offset(offset)).all()


def _narrowed(query: Select[Any], edition: Edition, asked: LogFilter) -> Select[Any]:
    return query.where(AuditEntry.scope == edition_scope(edition.id), *_conditions(edition, asked))


def _conditions(edition: Edition, asked: LogFilter) -> Iterator[ColumnElement[bool]]:
    yield or_(
        *(
            and_(AuditEntry.thing == thing, AuditEntry.verb.in_(verbs))
            for thing, verbs in verbs_of(asked.kind).items()
        )
    )
    if asked.date is not None:
        first = datetime.combine(asked.date, time(), tzinfo=ZoneInfo(edition.timezone))
        last = datetime.combine(asked.date + timedelta(days=1), time(), tzinfo=ZoneInfo(edition.timezone))
        yield AuditEntry.at >= first.astimezone(UTC)
        yield AuditEntry.at < last.astimezone(UTC)
    if asked.who:
        yield _done_by(edition, asked.who)
    if asked.q:
        yield or_(*_named_like(edition, asked.q))


def _done_by(edition: Edition, who: str) -> ColumnElement[bool]:
    is_nobody = and_(AuditEntry.person_id.is_(None), AuditEntry.link_id.is_(None))
    if who == "nobody":
        return is_nobody
    is_organiser = AuditEntry.person_id.in_(organisers_ever(edition))
    if who == "organisers":
        return is_organiser
    return or_(AuditEntry.link_id.is_not(None), and_(AuditEntry.person_id.is_not(None), ~is_organiser))


def _named_like(edition: Edition, text: str) -> Iterator[ColumnElement[bool]]:
    """Done by somebody with such a name, or about a team, delegate or judge with one."""
    yield AuditEntry.person_id.in_(people_like(edition, text)[:MOST_FOUND])
    about = {
        "team": _keys_like(team_table, edition, text),
        "delegate": _keys_like(delegate_table, edition, text),
        "judge": _keys_like(judge_table, edition, text),
    }
    for noun, keys in about.items():
        things = [thing for thing, its in NOUNS.items() if its == noun]
        yield and_(AuditEntry.thing.in_(things), AuditEntry.thing_id.in_(keys))
        purposes = sorted(BY_LINK & set(things))
        links = select(PrivateLink.id).where(
            PrivateLink.edition_id == edition.id,
            PrivateLink.purpose.in_(purposes),
            PrivateLink.subject_id.in_(keys),
        )
        yield AuditEntry.link_id.in_(links)


def _keys_like(table: Any, edition: Edition, text: str) -> list[int]:
    wanted = Wanted.of(text)
    has_local = "name_local" in table.c
    columns = [table.c.id, table.c.name, *([table.c.name_local] if has_local else [])]
    rows = db.session.execute(select(*columns).where(table.c.edition_id == edition.id))
    return [row.id for row in rows if wanted.fits(tuple(row[1:]))][:MOST_FOUND]

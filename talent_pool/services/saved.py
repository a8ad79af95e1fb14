"""Saved searches, and the daily digest of them: counts and links, never a card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select

from core.access import Actor
from core.audit import record
from core.db import db, unit_of_work, utc_now
from core.errors import Conflict, Invalid, NotFound
from core.forms import folded
from core.localised import N_
from core.worker import purge_step
from talent_pool import index
from talent_pool.consent import get_employer
from talent_pool.employer_models import SavedSearch
from talent_pool.mails import DigestLine, post_digest
from talent_pool.models import PUBLIC_ID, Employer, EmployerMember
from talent_pool.search.query import BadQuery, parse_query

MOST_SEARCHES = 20
EVERY = timedelta(hours=23)
"""The sweep runs about once an hour; a digest comes at about the same time each day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchLine:
    """A saved search with how many cards it finds now, and how many of them are new since the last digest."""

    row: SavedSearch
    total: int
    news: int


def save_search(
    *, actor: Actor, name: str, words: str, filters: Mapping[str, Sequence[str]], is_daily: bool = True
) -> SavedSearch:
    """Keep a search for oneself. Raises Invalid for a bad query or no name, Conflict for too many."""
    employer, title, now = get_employer(actor), folded(name), utc_now()
    if not title or len(title) > 80:
        raise Invalid(N_("Give the search a name of at most %(most)d characters."), most=80)
    try:
        parse_query(words)
    except BadQuery as fault:
        raise Invalid(fault.message, **fault.values) from None
    owned = select(func.count(SavedSearch.id)).where(SavedSearch.person_id == actor.person_id)
    if (db.session.scalar(owned) or 0) >= MOST_SEARCHES:
        raise Conflict(N_("Keep at most %(most)d searches. Remove one first."), most=MOST_SEARCHES)
    assert actor.person_id is not None
    row = SavedSearch(
        employer_id=employer.id,
        person_id=actor.person_id,
        name=title,
        words=words,
        filters={facet: list(values) for facet, values in filters.items()},
        is_daily=is_daily,
        created_at=now,
        told_at=now,
    )
    db.session.add(row)
    db.session.flush()
    record(actor, "add", "pool_saved_search", row.id)
    return row


def remove_search(*, actor: Actor, public_id: str) -> None:
    """Forget a search of one's own. Raises NotFound."""
    row = _own(actor, public_id)
    record(actor, "remove", "pool_saved_search", row.id)
    db.session.delete(row)
    db.session.flush()


def set_daily(*, actor: Actor, public_id: str, is_daily: bool) -> None:
    """Mail the counts of a search every day, or not. Raises NotFound."""
    row = _own(actor, public_id)
    row.is_daily, row.told_at = is_daily, utc_now()
    db.session.flush()


def searches_of(actor: Actor) -> list[SearchLine]:
    """One's own searches with their counts now."""
    employer = get_employer(actor)
    return [_counted(employer, row) for row in db.session.scalars(_of(employer, actor.person_id))]


@purge_step
def send_digests(now: datetime) -> None:
    """One mail a member and day, for all their searches that found something new."""
    with unit_of_work():
        due = (
            select(SavedSearch.employer_id, SavedSearch.person_id)
            .join(
                EmployerMember,
                (EmployerMember.employer_id == SavedSearch.employer_id)
                & (EmployerMember.person_id == SavedSearch.person_id),
            )
            .join(Employer, Employer.id == SavedSearch.employer_id)
            .where(SavedSearch.is_daily, SavedSearch.told_at <= now - EVERY, Employer.state == "approved")
            .distinct()
        )
        for employer_id, person_id in db.session.execute(due).all():
            _tell(db.session.get_one(Employer, employer_id), person_id, now)


def _tell(employer: Employer, person_id: int, now: datetime) -> None:
    query = _of(employer, person_id).where(SavedSearch.is_daily, SavedSearch.told_at <= now - EVERY)
    found = [_counted(employer, row, now) for row in db.session.scalars(query.with_for_update()).all()]
    news = [
        DigestLine(name=line.row.name, total=line.total, news=line.news, public_id=line.row.public_id)
        for line in found
        if line.news
    ]
    for line in found:
        line.row.told_at = now
    db.session.flush()
    if news:
        post_digest(employer, person_id, news)


def _counted(employer: Employer, row: SavedSearch, now: datetime | None = None) -> SearchLine:
    try:
        total, news = index.count_news(
            employer, parse_query(row.words), row.filters, since=row.told_at, now=now
        )
    except (BadQuery, index.TooSlow):
        return SearchLine(row=row, total=0, news=0)
    return SearchLine(row=row, total=total, news=news)


def _of(employer: Employer, person_id: int | None) -> Select[Any]:
    query = select(SavedSearch).where(
        SavedSearch.employer_id == employer.id, SavedSearch.person_id == person_id
    )
    return query.order_by(SavedSearch.id)


def _own(actor: Actor, public_id: str) -> SavedSearch:
    employer = get_employer(actor)
    row = db.session.scalar(_of(employer, actor.person_id).where(SavedSearch.public_id == public_id))
    if not PUBLIC_ID.fullmatch(public_id) or row is None:
        raise NotFound
    return row


def get_search(actor: Actor, public_id: str) -> SavedSearch:
    """One of one's own searches; raises NotFound for any other."""
    return _own(actor, public_id)

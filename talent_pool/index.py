"""The search index of cards: writing it with the card, and asking it, alike on SQLite and PostgreSQL.

The database finds words; filters and counts come from the bits in `memory`. What an employer may see is decided by
`consent.is_visible_to` alone, once for the counts and once more for every card that is handed out.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from sqlalchemy import Connection, delete, func, or_, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError

from core.db import db, utc_now
from talent_pool.cards import facets_of, searchable_texts, whole_card
from talent_pool.index_models import PoolIndex, PoolText
from talent_pool.memory import Sight, catch_up, memory, read, sight_of
from talent_pool.models import Employer, PoolConsent, PoolProfile
from talent_pool.search import fts5, tsvector
from talent_pool.search.bitmaps import Bits, CardBits, Keys, count
from talent_pool.search.expressions import Either, Expression, as_asked, wanted
from talent_pool.search.order import day_number, seed_of

Filters = Mapping[str, Sequence[str]]
WINDOW = 1_000
"""How far down a result can be read: an employer narrows a search, nobody copies the pool."""
MOST_NEWS = 5_000
"""More are not counted one by one: that many new cards in a day say enough."""
MOST_SECONDS = 2.0
STEPS_BETWEEN_LOOKS = 20_000
NOBODY: Keys = np.zeros(0, np.int64)

QUERY_CANCELLED = "57014"
ON_SQLITE = text("SELECT group_concat(rowid) FROM pool_words WHERE pool_words MATCH :words")
ON_POSTGRESQL = text(
    "SELECT string_agg(int4send(profile_id), ''),"
    " string_agg(int4send(profile_id), '') FILTER (WHERE headline @@ CAST(:wanted AS tsquery))"
    " FROM pool_text WHERE words @@ CAST(:words AS tsquery)"
)
"""One visit to every card that is found tells both where the words are, and whether a wanted one is in the headline."""


class TooSlow(Exception):
    """The words of a query kept the database busy for longer than anybody waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCard:
    """One card that an employer may see."""

    profile_id: int
    handle: str
    card: dict[str, Any]
    confirmed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One page of a search: how many cards there are, those of the page, and the counts for each filter."""

    total: int
    cards: tuple[FoundCard, ...]
    counts: dict[str, dict[str, int]]


def write_index(profile: PoolProfile) -> None:
    """Replace what can be found of a profile by what its card holds now; call it also when it is seen by others now."""
    if not profile.is_listed:
        clear_index(profile.id)
        return
    yes = select(PoolConsent.confirmed_at).where(
        PoolConsent.person_id == profile.person_id, PoolConsent.withdrawn_at.is_(None)
    )
    confirmed_at = max(profile.updated_at, db.session.scalar(yes) or profile.updated_at)
    dialect: Any = postgresql if _is_postgresql() else sqlite
    for table, values in (
        (PoolIndex, index_values(profile.card, profile.handle, confirmed_at.date())),
        (PoolText, text_values(profile.card)),
    ):
        row = dialect.insert(table).values(profile_id=profile.id, **values)
        db.session.execute(row.on_conflict_do_update(index_elements=[table.profile_id], set_=values))


def index_values(card: dict[str, Any], handle: str, confirmed_on: date) -> dict[str, Any]:
    """What filters and order use of a card."""
    facets = " ".join(f"{facet}:{value}" for facet, value in facets_of(card))
    return {"facets": facets, "confirmed_on": confirmed_on, "seed": seed_of(handle)}


def text_values(card: dict[str, Any]) -> dict[str, str]:
    """What words find of a card, as the database in use stores it."""
    headline, words = (tsvector if _is_postgresql() else fts5).written(searchable_texts(card))
    return {"headline": headline, "words": words}


def clear_index(profile_id: int) -> None:
    """Take a profile out of every search."""
    db.session.execute(delete(PoolIndex).where(PoolIndex.profile_id == profile_id))


def search_cards(
    employer: Employer,
    expression: Expression | None,
    filters: Filters | None = None,
    *,
    offset: int = 0,
    limit: int = 15,
    now: datetime | None = None,
) -> Found:
    """One page of the cards that this employer may see and that hold the query and the filters. Raises TooSlow."""
    now, filters, here = now or utc_now(), filters or {}, memory()
    db.session.flush()
    with here.lock:
        catch_up(here)
        sight = sight_of(here, employer, now)
        base = sight.bits & here.cards.listed
        headline = np.zeros_like(here.cards.listed)
        if expression is not None:
            with _bounded():
                holding, headline = _holding(here.cards, expression)
                base = base & holding
        found = here.cards.filtered(base, filters)
        limit = max(0, min(limit, WINDOW - offset))
        today = day_number(now.date())
        keys = here.cards.first(found, headline, today, offset=offset, limit=limit)
        total, counts = count(found), here.cards.counts(base, filters)
    return Found(total=total, cards=tuple(_cards(sight, keys)), counts=counts)


def count_news(
    employer: Employer,
    expression: Expression | None,
    filters: Filters,
    *,
    since: datetime,
    now: datetime | None = None,
) -> tuple[int, int]:
    """How many cards hold the query and the filters, and how many of them were saved or confirmed since a moment."""
    now, here = now or utc_now(), memory()
    db.session.flush()
    with here.lock:
        catch_up(here)
        found = sight_of(here, employer, now).bits & here.cards.listed
        if expression is not None:
            with _bounded():
                found = found & _holding(here.cards, expression)[0]
        found = here.cards.filtered(found, filters)
        keys = here.cards.keys_of(found)
        fresh = keys[here.cards.days[keys] >= day_number(since.date())].tolist()
    said_yes = select(PoolConsent.person_id).where(
        PoolConsent.withdrawn_at.is_(None), PoolConsent.confirmed_at > since
    )
    renewed = or_(PoolProfile.updated_at > since, PoolProfile.person_id.in_(said_yes))
    query = select(func.count(PoolProfile.id)).where(PoolProfile.id.in_(fresh[:MOST_NEWS]), renewed)
    return count(found), db.session.scalar(query) or 0


def confirmed_on(profile_id: int) -> date | None:
    """The day by which a card is sorted."""
    return db.session.scalar(select(PoolIndex.confirmed_on).where(PoolIndex.profile_id == profile_id))


def _cards(sight: Sight, keys: list[int]) -> Iterator[FoundCard]:
    """The cards of these profiles in this order, each only if the employer may see it at this moment."""
    by_key = {row.id: row for row in read(sight.asking, {"keys": keys})} if keys else {}
    for key in keys:
        if (row := by_key.get(key)) is not None:
            card, day = whole_card(row.card), row.confirmed_on
            yield FoundCard(profile_id=key, handle=row.handle, card=card, confirmed_on=day)


def _holding(cards: CardBits, expression: Expression) -> tuple[Bits, Bits]:
    """The cards that hold an expression, and those among them with something in their headline that it wants."""
    asked, is_rest = as_asked(expression)
    phrases = tuple(dict.fromkeys(wanted(expression)))
    headline = Either(phrases) if phrases else None
    if not is_rest:
        found, first = _keys(asked, headline)
        return cards.bits_of(found), cards.bits_of(first)
    left_out, _none = _keys(asked, None)
    _found, first = _keys(headline, headline) if headline is not None else (NOBODY, NOBODY)
    return ~cards.bits_of(left_out), cards.bits_of(first)


def _keys(asked: Expression, headline: Expression | None) -> tuple[Keys, Keys]:
    """The keys of the profiles that the database finds, and of those whose headline holds what is wanted there."""
    run = db.session.connection().execute
    if _is_postgresql():
        wanted_there = tsvector.match(headline) if headline is not None else None
        rows = run(ON_POSTGRESQL, {"words": tsvector.match(asked), "wanted": wanted_there}).one()
        found, first = (np.frombuffer(packed or b"", ">i4").astype(np.int64) for packed in rows)
        return found, first
    questions = [fts5.match(asked), *([fts5.match_headline(headline)] if headline is not None else [])]
    listed = [run(ON_SQLITE, {"words": words}).scalar() for words in questions]
    answers = [np.fromstring(keys or "", np.int64, sep=",") for keys in listed]
    return answers[0], answers[1] if headline is not None else NOBODY


@contextmanager
def _bounded() -> Iterator[None]:
    """Give up after MOST_SECONDS, so that no query holds up anybody else. Raises TooSlow."""
    connection = db.session.connection()
    try:
        with _bounded_on_postgresql(connection) if _is_postgresql() else _bounded_on_sqlite(connection):
            yield
    except OperationalError as error:
        if "interrupted" in str(error.orig) or getattr(error.orig, "sqlstate", "") == QUERY_CANCELLED:
            raise TooSlow from None
        raise


@contextmanager
def _bounded_on_sqlite(connection: Connection) -> Iterator[None]:
    """SQLite asks after every so many steps whether to go on."""
    driver: Any = connection.connection.driver_connection
    end = time.monotonic() + MOST_SECONDS
    driver.set_progress_handler(lambda: time.monotonic() > end, STEPS_BETWEEN_LOOKS)
    try:
        yield
    finally:
        driver.set_progress_handler(None, 0)


@contextmanager
def _bounded_on_postgresql(connection: Connection) -> Iterator[None]:
    """The savepoint leaves the transaction usable for the page that says that it took too long.

    A word that half of all cards hold is still found faster in the index than by unpacking every card's words, which
    the planner takes to cost nothing.
    """
    limit = f"SET LOCAL statement_timeout = {int(MOST_SECONDS * 1000)}"
    with connection.begin_nested():
        connection.exec_driver_sql(f"{limit}; SET LOCAL enable_seqscan = off")
        yield
        connection.exec_driver_sql(
            "SET LOCAL statement_timeout = DEFAULT; SET LOCAL enable_seqscan = DEFAULT"
        )


def _is_postgresql() -> bool:
    return db.session.get_bind().dialect.name == "postgresql"

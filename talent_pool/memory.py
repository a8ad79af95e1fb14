"""The cards' bits in this process: brought up to date before each search by what the database says has changed."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from flask import current_app
from sqlalchemy import Row, Select, bindparam, func, select

from core.db import db
from talent_pool.consent import is_visible_to, sight_ends_at
from talent_pool.index_models import PoolChange, PoolIndex
from talent_pool.models import Employer, PoolProfile
from talent_pool.search.bitmaps import Bits, CardBits
from talent_pool.search.order import day_number

MOST_CHANGES = 2_000
"""With more changes than these the cards are read anew instead of one by one."""
KEPT_NONCES = 2_000
MOST_EMPLOYERS = 200


EMPLOYER_FACTS = tuple(column.key for column in Employer.__table__.columns)
CHANGES = (
    select(PoolChange.number, PoolChange.nonce, PoolChange.profile_id)
    .where(PoolChange.number >= bindparam("number"))
    .order_by(PoolChange.number)
    .limit(MOST_CHANGES + 1)
)
NEWEST = select(PoolChange.number, PoolChange.nonce).order_by(PoolChange.number.desc())
CARDS = select(PoolProfile.id, PoolProfile.handle, PoolProfile.card, PoolIndex.confirmed_on).join(
    PoolIndex, PoolIndex.profile_id == PoolProfile.id
)


@dataclass(slots=True)
class Sight:
    """What one employer sees, and for how long that can be said. `asking` is the condition put to the database, with
    the keys of the profiles in question: built once, since building it takes longer than answering it."""

    facts: tuple[Any, ...]
    number: int
    ends_at: datetime
    bits: Bits
    asking: Select[Any]


@dataclass(slots=True)
class Memory:
    """Bits of all listed cards as of change `number`, and what each employer sees of them."""

    cards: CardBits = field(default_factory=CardBits)
    number: int = 0
    nonces: OrderedDict[int, int] = field(default_factory=OrderedDict)
    changed: OrderedDict[int, int] = field(default_factory=OrderedDict)
    sights: OrderedDict[int, Sight] = field(default_factory=OrderedDict)
    lock: threading.RLock = field(default_factory=threading.RLock)


def memory() -> Memory:
    """The memory of this application in this process."""
    found: Memory = current_app.extensions.setdefault("talent_pool_memory", Memory())
    return found


def catch_up(here: Memory) -> None:
    """Bring the bits to what the database holds now. Call it with the lock held."""
    news = _changes_since(here.number)
    if news and news[0].number == here.number and here.nonces.get(here.number) == news[0].nonce:
        _take_in(here, news[1:])
    elif news or not _is_older_reading(here):
        _start_anew(here)


def sight_of(here: Memory, employer: Employer, now: datetime) -> Sight:
    """The cards that this employer sees now; consent.is_visible_to alone says which those are."""
    facts = tuple(getattr(employer, name) for name in EMPLOYER_FACTS)
    sight = here.sights.get(employer.id)
    if sight is None or sight.facts != facts or now >= sight.ends_at:
        sight = here.sights[employer.id] = _look(here, employer, facts, now)
        while len(here.sights) > MOST_EMPLOYERS:
            here.sights.popitem(last=False)
    elif sight.number < here.number:
        _look_again(here, sight)
    here.sights.move_to_end(employer.id)
    return sight


def read(query: Any, values: dict[str, Any] | None = None) -> Sequence[Row[Any]]:
    """The rows of a query over columns, without what the session does for objects."""
    return db.session.connection().execute(query, values or {}).all()


def _look(here: Memory, employer: Employer, facts: tuple[Any, ...], now: datetime) -> Sight:
    condition = is_visible_to(employer, now=now)
    among = PoolProfile.id.in_(bindparam("keys", expanding=True))
    return Sight(
        facts=facts,
        number=here.number,
        ends_at=sight_ends_at(employer, now=now),
        bits=_bits(here, read(select(PoolProfile.id).where(condition))),
        asking=CARDS.where(among, condition),
    )


def _look_again(here: Memory, sight: Sight) -> None:
    """Ask anew about the cards that changed since this employer last searched, and about no other."""
    keys = [key for key, number in here.changed.items() if number > sight.number]
    changed = here.cards.bits_of(np.array(keys, np.int64))
    before = np.pad(sight.bits, (0, len(changed) - len(sight.bits)))
    sight.bits = (before & ~changed) | _bits(here, read(sight.asking, {"keys": keys}))
    sight.number = here.number


def _bits(here: Memory, rows: Sequence[Row[Any]]) -> Bits:
    return here.cards.bits_of(np.array([row[0] for row in rows], np.int64))


def _changes_since(number: int) -> Sequence[Row[Any]]:
    return read(CHANGES, {"number": number})


def _is_older_reading(here: Memory) -> bool:
    """Whether the database shows an earlier moment of the same history: another thread has seen more already."""
    last = db.session.execute(NEWEST.limit(1)).first()
    return here.nonces.get(last.number) == last.nonce if last is not None else here.number == 0


def _take_in(here: Memory, news: Sequence[Row[Any]]) -> None:
    if not news:
        return
    if len(news) >= MOST_CHANGES:
        _start_anew(here)
        return
    keys = {row.profile_id for row in news}
    here.cards.reserve(max(keys))
    found = {
        row.profile_id: row for row in db.session.execute(_cards().where(PoolIndex.profile_id.in_(keys)))
    }
    for key in keys:
        if (row := found.get(key)) is None:
            here.cards.drop(key)
        else:
            _put(here.cards, row)
    for change in news:
        here.nonces[change.number] = change.nonce
        here.changed[change.profile_id] = change.number
        here.changed.move_to_end(change.profile_id)
    here.number = news[-1].number
    _forget_the_oldest(here)


def _forget_the_oldest(here: Memory) -> None:
    while len(here.nonces) > KEPT_NONCES:
        here.nonces.popitem(last=False)
    while len(here.changed) > MOST_CHANGES:
        _key, number = here.changed.popitem(last=False)
        for employer_id in [key for key, sight in here.sights.items() if sight.number < number]:
            del here.sights[employer_id]


def _start_anew(here: Memory) -> None:
    """Read every card. The number comes first: what is written in between is read twice and never missed."""
    nonces = [(row.number, row.nonce) for row in read(NEWEST.limit(KEPT_NONCES))]
    cards = CardBits()
    cards.reserve(db.session.scalar(select(func.max(PoolIndex.profile_id))) or 0)
    for row in db.session.execute(_cards().execution_options(yield_per=5_000)):
        _put(cards, row)
    here.cards, here.number = cards, nonces[0][0] if nonces else 0
    here.nonces = OrderedDict(reversed(nonces))
    here.changed.clear()
    here.sights.clear()


def _cards() -> Any:
    return select(PoolIndex.profile_id, PoolIndex.facets, PoolIndex.confirmed_on, PoolIndex.seed)


def _put(cards: CardBits, row: Any) -> None:
    values = [value.partition(":")[::2] for value in row.facets.split()]
    cards.put(row.profile_id, values, day_number(row.confirmed_on), row.seed)

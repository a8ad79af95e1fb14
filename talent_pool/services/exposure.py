"""Counts on how many results pages a card stood, by day: the organisers' equity view is made from it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from core.db import db, open_write_transaction, utc_now
from talent_pool.consent import held_profiles
from talent_pool.employer_models import PoolShown


def note_shown(profile_ids: Sequence[int]) -> None:
    """Count one more showing of these cards, in a transaction of its own after the page was made."""
    if not profile_ids:
        return
    db.session.rollback()
    open_write_transaction()
    count_shown(profile_ids, utc_now().date())
    db.session.commit()


def count_shown(profile_ids: Sequence[int], day: date) -> None:
    """Count one more showing of these cards on a day; a card that has left meanwhile is none."""
    there = held_profiles(profile_ids)
    if not there:
        return
    dialect: Any = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    first = dialect.insert(PoolShown).values([{"profile_id": key, "day": day, "times": 1} for key in there])
    db.session.execute(
        first.on_conflict_do_update(
            index_elements=[PoolShown.profile_id, PoolShown.day], set_={"times": PoolShown.times + 1}
        )
    )

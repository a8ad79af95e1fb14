"""Keeping the index whole: cards that lack an entry get one, and old changes are forgotten."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select

from core.db import db, unit_of_work
from core.worker import purge_step
from talent_pool.index import write_index
from talent_pool.index_models import PoolChange, PoolIndex
from talent_pool.models import PoolProfile

CHANGES_KEPT = 20_000
"""A process that is further behind reads every card anew."""


@purge_step
def mend_index(_now: datetime) -> None:
    """Index listed cards that have no entry (after an upgrade), and forget changes that every process has seen."""
    with unit_of_work():
        missing = PoolProfile.id.not_in(select(PoolIndex.profile_id))
        for profile in db.session.scalars(select(PoolProfile).where(PoolProfile.is_listed, missing)).all():
            write_index(profile)
        newest = db.session.scalar(select(func.max(PoolChange.number))) or 0
        db.session.execute(delete(PoolChange).where(PoolChange.number <= newest - CHANGES_KEPT))


def index_all() -> int:
    """Write the entry of every listed card; returns how many there are."""
    keys = db.session.scalars(select(PoolProfile.id).where(PoolProfile.is_listed)).all()
    for key in keys:
        write_index(db.session.get_one(PoolProfile, key))
        db.session.expunge_all()
    return len(keys)

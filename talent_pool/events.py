"""The log that a person reads: which employer viewed their card, asked, learned who they are, or downloaded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.access import Actor
from core.db import db, open_write_transaction, utc_now
from talent_pool.models import Employer, PoolProfile
from talent_pool.person_models import PoolEvent


def record_event(
    event: str,
    *,
    actor: Actor,
    employer: Employer,
    profile: PoolProfile,
    now: datetime | None = None,
) -> PoolEvent:
    """Add what an employer did with one card: `viewed`, `asked`, `revealed` or `downloaded`.

    In the same transaction as the deed (the name is shown by the same answer that writes it), so that nothing
    is seen unlogged.
    """
    return record_events(event, actor=actor, employer=employer, profiles=[profile], now=now)[0]


def record_events(
    event: str,
    *,
    actor: Actor,
    employer: Employer,
    profiles: Sequence[PoolProfile],
    now: datetime | None = None,
) -> list[PoolEvent]:
    """The same for several cards at once, such as the rows of an export."""
    moment = now or utc_now()
    rows = [
        PoolEvent(
            person_id=profile.person_id,
            employer_id=employer.id,
            member_id=actor.person_id,
            handle=profile.handle,
            event=event,
            at=moment,
        )
        for profile in profiles
    ]
    db.session.add_all(rows)
    db.session.flush()
    return rows


def note_event(event: str, *, actor: Actor, employer: Employer, profile: PoolProfile) -> None:
    """The same for a page that only reads: on record before anything is shown, in a transaction of its own."""
    db.session.rollback()
    open_write_transaction()
    record_event(event, actor=actor, employer=employer, profile=profile)
    db.session.commit()

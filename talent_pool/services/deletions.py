"""Employers confirm that they deleted what they learned of people who left or took their yes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from core.access import Actor
from core.audit import record
from core.db import db, utc_now
from core.errors import NotFound
from talent_pool.consent import answerable_employers
from talent_pool.models import PUBLIC_ID, Employer
from talent_pool.person_models import DeletionNotice, PoolEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletionLine:
    """What was asked of an employer, for its members, the person and the operator."""

    public_id: str
    employer: str
    handle: str
    told_at: datetime | None
    asked_at: datetime
    due_at: datetime
    confirmed_at: datetime | None


def confirm_deletion(*, actor: Actor, public_id: str, now: datetime | None = None) -> None:
    """Say for one's employer that a person's data are deleted; a second time changes nothing. Raises NotFound."""
    employers = [employer.id for employer in answerable_employers(actor)]
    query = select(DeletionNotice).where(
        DeletionNotice.public_id == public_id, DeletionNotice.employer_id.in_(employers)
    )
    notice = db.session.scalar(query.with_for_update()) if PUBLIC_ID.fullmatch(public_id) else None
    if notice is None:
        raise NotFound
    if notice.confirmed_at is None:
        notice.confirmed_at, notice.confirmed_by = now or utc_now(), actor.person_id
        db.session.flush()
        record(actor, "confirm", "pool_deletion_notice", notice.id)


def deletions_of(*employers: Employer) -> list[DeletionLine]:
    """What these employers were asked to delete, open ones first."""
    return _lines(DeletionNotice.employer_id.in_([employer.id for employer in employers]))


def deletions_for(person_id: int) -> list[DeletionLine]:
    """Which employers were asked to delete what they learned of a person."""
    return _lines(DeletionNotice.person_id == person_id)


def open_deletions() -> list[DeletionLine]:
    """What no employer has confirmed yet, the oldest first."""
    return sorted(_lines(DeletionNotice.confirmed_at.is_(None)), key=lambda line: line.due_at)


TOLD_AT = (
    select(func.max(PoolEvent.at))
    .where(
        PoolEvent.employer_id == DeletionNotice.employer_id,
        PoolEvent.handle == DeletionNotice.handle,
        PoolEvent.event == "revealed",
    )
    .scalar_subquery()
)
"""When the employer learned who it is: its own copies are of that day or later."""


def _lines(condition: object) -> list[DeletionLine]:
    rows = db.session.execute(
        select(DeletionNotice, Employer.name, Employer.name_local, TOLD_AT)
        .join(Employer, Employer.id == DeletionNotice.employer_id)
        .where(condition)  # type: ignore[arg-type]
        .order_by(DeletionNotice.confirmed_at.is_not(None), DeletionNotice.id.desc())
    )
    return [
        DeletionLine(
            public_id=notice.public_id,
            employer=name or name_local,
            handle=notice.handle,
            told_at=told_at,
            asked_at=notice.asked_at,
            due_at=notice.due_at,
            confirmed_at=notice.confirmed_at,
        )
        for notice, name, name_local, told_at in rows
    ]

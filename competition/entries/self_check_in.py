"""Checking oneself in: the hours that an organiser opens for a day, and a signed-in person who says “I am here”."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select

from competition.editions.public import Edition
from competition.entries.check_in import Kind, note_arrival, today
from competition.entries.models import Arrival, CheckInHours, Delegate, Judge
from competition.entries.queries import find_own_delegate, find_own_judge
from core.access import Actor
from core.audit import edition_scope, record
from core.db import db, hold
from core.errors import Conflict, Invalid, Stale
from core.localised import N_
from core.revisions import bump


def find_hours(edition_id: int, day: date) -> CheckInHours | None:
    """When people may check themselves in on a day."""
    query = select(CheckInHours).where(CheckInHours.edition_id == edition_id, CheckInHours.day == day)
    return db.session.scalar(query)


def are_open(hours: CheckInHours | None, now: datetime) -> bool:
    """Whether somebody may check themselves in at this moment."""
    return hours is not None and hours.opens_at <= now < hours.closes_at


def set_hours(
    *, actor: Actor, edition: Edition, day: date, version: int, opens_at: datetime, closes_at: datetime
) -> CheckInHours:
    """Open self check-in for a day between two moments (closing before it opens: not at all). Raises Stale."""
    if closes_at < opens_at:
        raise Invalid(N_("This closes before it opens."))
    hold(edition)
    row = find_hours(edition.id, day)
    if row is None:
        row = CheckInHours(edition_id=edition.id, day=day, opens_at=opens_at, closes_at=closes_at, version=0)
        db.session.add(row)
        db.session.flush()
    if row.version != version:
        raise Stale
    row.opens_at, row.closes_at = opens_at, closes_at
    row.version += 1
    db.session.flush()
    scope = edition_scope(edition.id)
    record(actor, "check_in.opened", "edition", edition.id, scope=scope, details={"day": day.isoformat()})
    bump(scope)
    return row


def own_rows(actor: Actor, edition: Edition) -> list[Delegate | Judge]:
    """What the actor can check in as: a delegate, a judge, or both."""
    rows = [find_own_delegate(actor, edition), find_own_judge(actor, edition)]
    return [row for row in rows if row is not None]


def own_arrival(row: Delegate | Judge, day: date) -> Arrival | None:
    """Whether one is noted as here on a day."""
    column = Arrival.delegate_id if isinstance(row, Delegate) else Arrival.judge_id
    return db.session.scalar(select(Arrival).where(column == row.id, Arrival.day == day))


def check_self_in(*, actor: Actor, edition: Edition, site: str, now: datetime) -> int:
    """Note the actor as here, in everything they are; returns in how many. Raises Conflict outside the hours."""
    day = today(edition, now)
    if not are_open(find_hours(edition.id, day), now):
        raise Conflict(N_("Self check-in is not open at the moment. Please go to the desk."))
    rows = own_rows(actor, edition)
    for row in rows:
        kind: Kind = "delegate" if isinstance(row, Delegate) else "judge"
        note_arrival(
            actor=actor,
            edition=edition,
            kind=kind,
            public_id=row.public_id,
            day=day,
            is_here=True,
            site=site,
            way="self",
        )
    return len(rows)

"""How much one member may do in a day: caps that hold up copying the pool, with an entry that the operator sees."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from core.access import Actor
from core.audit import AuditEntry, record
from core.db import db, open_write_transaction, utc_now
from core.errors import DomainError
from core.localised import N_
from talent_pool.events import record_events
from talent_pool.models import Employer, EmployerMember, PoolProfile
from talent_pool.person_models import PoolEvent

CAPS = {"viewed": 200, "asked": 50, "exported": 50}
DAY = timedelta(days=1)
REFUSALS = {
    "viewed": N_("You have opened %(cap)d cards within a day; that is the most. Go on tomorrow."),
    "asked": N_("You have asked %(cap)d people within a day; that is the most. Go on tomorrow."),
    "exported": N_("You have exported %(cap)d people within a day; that is the most. Go on tomorrow."),
}


class CapReached(DomainError):
    """More than one member may do in a day."""

    status = 429
    word = "cap_reached"
    default = N_("That is the most for one day. Go on tomorrow.")


def spend(
    event: str,
    *,
    actor: Actor,
    employer: Employer,
    profiles: Sequence[PoolProfile],
    now: datetime | None = None,
) -> None:
    """Note what is done with these cards, if the day's cap has room for all of them. Raises CapReached.

    The operator then finds an entry, whatever becomes of the request.
    """
    moment = now or utc_now()
    _one_at_a_time(actor, employer)
    if used(event, actor=actor, now=moment) + len(profiles) > CAPS[event]:
        refuse(event, actor=actor, employer=employer, now=moment)
    record_events(event, actor=actor, employer=employer, profiles=profiles, now=moment)


def look_at(*, actor: Actor, employer: Employer, profile: PoolProfile, now: datetime | None = None) -> None:
    """Note that a card is opened, before it is shown; the same card counts once a day. Raises CapReached.

    For a page that only reads: it ends that transaction and writes in one of its own.
    """
    moment = now or utc_now()
    if _has_seen(actor, employer, profile.handle, moment):
        return
    db.session.rollback()
    open_write_transaction()
    spend("viewed", actor=actor, employer=employer, profiles=[profile], now=moment)
    db.session.commit()


def room(event: str, *, actor: Actor, now: datetime) -> int:
    """How much of the day's cap this member has left."""
    return max(0, CAPS[event] - used(event, actor=actor, now=now))


def used(event: str, *, actor: Actor, now: datetime) -> int:
    """How much of the day's cap this member has used."""
    query = select(func.count(PoolEvent.id)).where(
        PoolEvent.member_id == actor.person_id, PoolEvent.event == event, PoolEvent.at > now - DAY
    )
    return db.session.scalar(query) or 0


def refuse(event: str, *, actor: Actor, employer: Employer, now: datetime) -> None:
    """Undo the request, leave an entry for the operator (one a day is enough), and raise CapReached."""
    employer_id = employer.id
    db.session.rollback()
    open_write_transaction()
    if not _is_noted(event, actor, now):
        record(actor, "reach_cap", "employer", employer_id, details={"cap": event, "of": CAPS[event]})
    db.session.commit()
    raise CapReached(REFUSALS[event], cap=CAPS[event])


def _one_at_a_time(actor: Actor, employer: Employer) -> None:
    """Two windows of one member wait for each other, so that the last place is given once."""
    member = select(EmployerMember.id).where(
        EmployerMember.employer_id == employer.id, EmployerMember.person_id == actor.person_id
    )
    db.session.execute(member.with_for_update())


def _has_seen(actor: Actor, employer: Employer, handle: str, now: datetime) -> bool:
    query = select(PoolEvent.id).where(
        PoolEvent.member_id == actor.person_id,
        PoolEvent.employer_id == employer.id,
        PoolEvent.event == "viewed",
        PoolEvent.handle == handle,
        PoolEvent.at > now - DAY,
    )
    return db.session.scalar(query.limit(1)) is not None


def _is_noted(event: str, actor: Actor, now: datetime) -> bool:
    query = select(AuditEntry).where(
        AuditEntry.person_id == actor.person_id, AuditEntry.verb == "reach_cap", AuditEntry.at > now - DAY
    )
    return any(entry.details.get("cap") == event for entry in db.session.scalars(query))

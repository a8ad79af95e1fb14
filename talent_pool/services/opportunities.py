"""Opportunities: what an employer offers, written once and put to several people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select, update

from core.access import Actor
from core.audit import record
from core.db import db, hold, utc_now
from core.errors import Invalid, NotFound, Stale
from core.forms import folded, lines
from core.localised import N_
from core.revisions import bump
from talent_pool.consent import get_employer
from talent_pool.employer_models import Opportunity
from talent_pool.models import PUBLIC_ID, ContactRequest, Employer
from talent_pool.services.membership import REVISION

LONGEST = {"title": 120, "place": 120, "pay": 120, "contact": 200, "details": 1000}
NEEDED = ("title", "place", "pay", "contact")
SOONEST = 3
"""Days from a question to the closing day, at the least: nobody should have to decide by tomorrow."""
LATEST = 366


def add_opportunity(
    *, actor: Actor, title: str, place: str, pay: str, closes_on: date | None, contact: str, details: str = ""
) -> Opportunity:
    """Offer something. Raises Invalid where title, place, pay, contact or a day some way ahead is missing."""
    employer, now = get_employer(actor), utc_now()
    values = _checked({"title": title, "place": place, "pay": pay, "contact": contact, "details": details})
    row = Opportunity(
        **values,
        closes_on=_checked_day(closes_on, now.date()),
        employer_id=employer.id,
        created_by=actor.person_id,
        created_at=now,
    )
    db.session.add(row)
    db.session.flush()
    record(actor, "add", "pool_opportunity", row.id, details={"employer": employer.id})
    return row


def close_opportunity(*, actor: Actor, public_id: str, version: int) -> None:
    """Ask nobody else for it, and end what nobody has answered: nobody says who they are for what is gone.

    An answer that came first stands. Raises NotFound, Stale.
    """
    row, now = get_opportunity(get_employer(actor), public_id), utc_now()
    hold(row)
    if row.version != version or row.closed_at is not None:
        raise Stale
    row.closed_at, row.version = now, row.version + 1
    unanswered = (
        ContactRequest.opportunity_id == row.id,
        ContactRequest.state == "asked",
        ContactRequest.expires_at > now,
    )
    db.session.execute(
        update(ContactRequest)
        .where(*unanswered)
        .values(state="withdrawn", ended_at=now)
        .execution_options(synchronize_session="fetch")
    )
    db.session.flush()
    record(actor, "close", "pool_opportunity", row.id)
    bump(REVISION)


def get_opportunity(employer: Employer, public_id: str) -> Opportunity:
    """One of this employer's opportunities; raises NotFound for any other."""
    query = select(Opportunity).where(
        Opportunity.public_id == public_id, Opportunity.employer_id == employer.id
    )
    row = db.session.scalar(query) if PUBLIC_ID.fullmatch(public_id) else None
    if row is None:
        raise NotFound
    return row


def find_offer(key: int | None) -> Opportunity | None:
    """The opportunity behind a request, where there is one."""
    return db.session.get(Opportunity, key) if key is not None else None


def is_open(row: Opportunity, today: date) -> bool:
    """Whether people can still be asked for it."""
    return row.closed_at is None and row.closes_on >= today


def may_be_asked_for(row: Opportunity, today: date) -> bool:
    """Whether there is still time for somebody who is asked today to decide."""
    return row.closed_at is None and (row.closes_on - today).days >= SOONEST


def opportunities_of(employer: Employer) -> Sequence[Opportunity]:
    """Everything an employer offers or offered, the newest first."""
    query = select(Opportunity).where(Opportunity.employer_id == employer.id)
    return db.session.scalars(query.order_by(Opportunity.id.desc())).all()


def _checked(values: dict[str, str]) -> dict[str, str]:
    clean = {key: lines(value) if key == "details" else folded(value) for key, value in values.items()}
    if any(not clean[key] for key in NEEDED):
        raise Invalid(N_("Say what it is, where, what it pays and whom to write to: people decide by that."))
    if any(len(value) > LONGEST[key] for key, value in clean.items()):
        raise Invalid(N_("One of these texts is too long."))
    return clean


def _checked_day(day: date | None, today: date) -> date:
    if day is None or not SOONEST <= (day - today).days <= LATEST:
        message = N_(
            "Choose a closing day between %(days)d days from now and a year: people need time to decide."
        )
        raise Invalid(message, days=SOONEST)
    return day

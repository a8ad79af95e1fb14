"""Reveals: one employer asks one person, who alone decides, once, whether that employer learns who they are."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from sqlalchemy import select, update

from core.access import SYSTEM, Actor
from core.audit import record
from core.db import db, utc_now
from core.errors import Conflict, Invalid, NotFound
from core.localised import N_
from core.revisions import bump
from talent_pool.caps import spend
from talent_pool.consent import get_employer, get_own_profile, get_visible_profile, is_seen_by
from talent_pool.employer_models import Opportunity
from talent_pool.events import record_event
from talent_pool.mails import post_accepted, post_request
from talent_pool.models import PUBLIC_ID, ContactRequest, Employer, PoolProfile
from talent_pool.person_models import PoolRule
from talent_pool.services.membership import REVISION, ask_to_delete
from talent_pool.services.opportunities import find_offer

LONGEST_MESSAGE = 1000
ANSWER_WITHIN = timedelta(days=14)
TOO_LATE = {
    "accepted": N_("You have answered this request already."),
    "declined": N_("You have answered this request already."),
    "withdrawn": N_(
        "The employer has taken this request back or closed the opportunity. They learned nothing."
    ),
    "expired": N_("This request has expired. They learned nothing."),
    "revoked": N_("You have taken your yes back already."),
}


def ask_contact(
    *, actor: Actor, handle: str, message: str, now: datetime | None = None, opportunity_id: int | None = None
) -> ContactRequest:
    """Ask the person behind a card for contact, once. Raises NotFound for a card that is not to be seen, CapReached."""
    employer, moment = get_employer(actor), now or utc_now()
    profile = get_visible_profile(actor, handle, is_changing=True)
    text = message.replace("\x00", "").strip()
    if not text or len(text) > LONGEST_MESSAGE:
        raise Invalid(N_("Write a message of at most %(max)d characters."), max=LONGEST_MESSAGE)
    if find_request(employer, profile.id) is not None:
        raise Conflict(N_("Your organisation has asked this person already."))
    request = ContactRequest(
        employer_id=employer.id,
        profile_id=profile.id,
        opportunity_id=opportunity_id,
        message=text,
        created_at=moment,
        expires_at=answer_until(moment, find_offer(opportunity_id)),
    )
    db.session.add(request)
    db.session.flush()
    record(actor, "ask", "contact_request", request.id, details={"employer": employer.id})
    spend("asked", actor=actor, employer=employer, profiles=[profile], now=moment)
    after_asking(request, employer, profile, now=moment)
    return request


def answer_until(asked_at: datetime, offer: Opportunity | None) -> datetime:
    """The last moment for an answer: after fourteen days, or at the end of the day on which the opportunity closes."""
    latest = asked_at + ANSWER_WITHIN
    if offer is None:
        return latest
    return min(latest, datetime.combine(offer.closes_on, time(23, 59, 59), tzinfo=UTC))


def after_asking(request: ContactRequest, employer: Employer, profile: PoolProfile, *, now: datetime) -> None:
    """Tell the person; where they said yes to this employer beforehand, that is the answer at once."""
    preapproved = select(PoolRule.id).where(
        PoolRule.profile_id == profile.id, PoolRule.rule == "preapproved", PoolRule.value == str(employer.id)
    )
    if db.session.scalar(preapproved) is None:
        post_request(employer, profile.person_id, request.expires_at.date())
        return
    request.is_preapproved = True
    db.session.flush()
    _settle(request, "accepted", now)
    _reveal(SYSTEM, request, employer, profile, now)


def answer_contact(
    *, actor: Actor, public_id: str, is_accepted: bool, now: datetime | None = None
) -> ContactRequest:
    """Say yes or no to an employer that asked oneself. Raises NotFound, or Conflict once there is another outcome."""
    profile, moment = get_own_profile(actor, is_changing=True), now or utc_now()
    request = _own_request(profile, public_id)
    employer = db.session.get_one(Employer, request.employer_id)
    if is_accepted and employer.state != "approved":
        raise Conflict(N_("This organisation may not search at the moment, so it cannot get your address."))
    if is_accepted and not is_seen_by(employer, profile, now=moment):
        raise Conflict(
            N_(
                "Your card is paused or hidden from this organisation. Let it see your card first, then say yes."
            )
        )
    _settle(request, "accepted" if is_accepted else "declined", moment)
    record(actor, request.state, "contact_request", request.id, details={"employer": request.employer_id})
    if is_accepted:
        _reveal(actor, request, employer, profile, moment)
    return request


def revoke_contact(*, actor: Actor, public_id: str, now: datetime | None = None) -> ContactRequest:
    """Take a yes back: the employer sees nothing any more and is asked to delete what it has. Raises Conflict."""
    profile, moment = get_own_profile(actor, is_changing=True), now or utc_now()
    request = _own_request(profile, public_id)
    if request.state != "accepted":
        raise Conflict(TOO_LATE.get(request.state, N_("You have not answered this request yet.")))
    employer = db.session.get_one(Employer, request.employer_id)
    ask_to_delete(profile, now=moment, employer_id=employer.id)
    request.state, request.ended_at = "revoked", moment
    db.session.flush()
    record(actor, "revoke", "contact_request", request.id, details={"employer": employer.id})
    record_event("revoked", actor=SYSTEM, employer=employer, profile=profile, now=moment)
    bump(REVISION)
    return request


def withdraw_request(*, actor: Actor, public_id: str, now: datetime | None = None) -> ContactRequest:
    """An employer takes its own request back before it was answered. Raises NotFound, Conflict."""
    employer = get_employer(actor)
    if not PUBLIC_ID.fullmatch(public_id):
        raise NotFound
    request = db.session.scalar(
        select(ContactRequest)
        .where(ContactRequest.public_id == public_id, ContactRequest.employer_id == employer.id)
        .execution_options(populate_existing=True)
    )
    if request is None:
        raise NotFound
    _settle(
        request, "withdrawn", now or utc_now(), refusal=N_("This request has been answered or has ended.")
    )
    record(actor, "withdraw", "contact_request", request.id, details={"employer": employer.id})
    return request


def state_now(request: ContactRequest, now: datetime | None = None) -> str:
    """The state of a request at a moment: one that nobody answered in time has expired, whoever wrote that down."""
    is_over = request.state == "asked" and request.expires_at <= (now or utc_now())
    return "expired" if is_over else request.state


def find_request(employer: Employer, profile_id: int) -> ContactRequest | None:
    """What this employer has asked the person behind a profile."""
    return db.session.scalar(
        select(ContactRequest).where(
            ContactRequest.employer_id == employer.id, ContactRequest.profile_id == profile_id
        )
    )


def _own_request(profile: PoolProfile, public_id: str) -> ContactRequest:
    if not PUBLIC_ID.fullmatch(public_id):
        raise NotFound
    request = db.session.scalar(
        select(ContactRequest)
        .where(ContactRequest.public_id == public_id, ContactRequest.profile_id == profile.id)
        .execution_options(populate_existing=True)
    )
    if request is None:
        raise NotFound
    return request


def _settle(request: ContactRequest, state: str, now: datetime, *, refusal: str = "") -> None:
    """Give an open request its one outcome. The database decides who was first, by one conditional update."""
    ends = {"answered_at": now} if state in ("accepted", "declined") else {"ended_at": now}
    changed = db.session.execute(
        update(ContactRequest)
        .where(
            ContactRequest.id == request.id, ContactRequest.state == "asked", ContactRequest.expires_at > now
        )
        .values(state=state, **ends)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(request)
    if changed.rowcount == 0:  # type: ignore[attr-defined]
        raise Conflict(refusal or TOO_LATE[state_now(request, now)])
    bump(REVISION)


def _reveal(
    actor: Actor, request: ContactRequest, employer: Employer, profile: PoolProfile, now: datetime
) -> None:
    record_event("revealed", actor=SYSTEM, employer=employer, profile=profile, now=now)
    if actor.is_system:
        record(actor, "accepted", "contact_request", request.id, details={"employer": employer.id})
    post_accepted(employer, profile.handle)

"""Contact requests: one employer asks one person, who alone decides whether that employer learns who they are."""

from __future__ import annotations

from sqlalchemy import select

from core.access import Actor
from core.audit import record
from core.db import db, utc_now
from core.errors import Conflict, Invalid, NotFound
from core.localised import N_
from talent_pool.consent import get_employer, get_own_profile, get_visible_profile
from talent_pool.mails import post_accepted, post_request
from talent_pool.models import PUBLIC_ID, ContactRequest, Employer

LONGEST_MESSAGE = 1000


def ask_contact(*, actor: Actor, handle: str, message: str) -> ContactRequest:
    """Ask the person behind a card for contact, once. Raises NotFound for a card that is not to be seen."""
    employer = get_employer(actor)
    profile = get_visible_profile(actor, handle, is_changing=True)
    text = message.replace("\x00", "").strip()
    if not text or len(text) > LONGEST_MESSAGE:
        raise Invalid(N_("Write a message of at most %(max)d characters."), max=LONGEST_MESSAGE)
    if find_request(employer, profile.id) is not None:
        raise Conflict(N_("Your organisation has asked this person already."))
    request = ContactRequest(
        employer_id=employer.id, profile_id=profile.id, message=text, created_at=utc_now()
    )
    db.session.add(request)
    db.session.flush()
    record(actor, "ask", "contact_request", request.id, details={"employer": employer.id})
    post_request(employer, profile.person_id)
    return request


def answer_contact(*, actor: Actor, public_id: str, is_accepted: bool) -> ContactRequest:
    """Say yes or no to an employer that asked oneself. Raises NotFound, or Conflict after an answer."""
    profile = get_own_profile(actor, is_changing=True)
    if not PUBLIC_ID.fullmatch(public_id):
        raise NotFound
    request = db.session.scalar(
        select(ContactRequest)
        .where(ContactRequest.public_id == public_id, ContactRequest.profile_id == profile.id)
        .with_for_update()
    )
    if request is None:
        raise NotFound
    if request.state != "asked":
        raise Conflict(N_("You have answered this request already."))
    employer = db.session.get_one(Employer, request.employer_id)
    if is_accepted and employer.state != "approved":
        raise Conflict(N_("This organisation may not search at the moment, so it cannot get your address."))
    request.state, request.answered_at = ("accepted" if is_accepted else "declined"), utc_now()
    db.session.flush()
    record(actor, request.state, "contact_request", request.id, details={"employer": request.employer_id})
    if is_accepted:
        post_accepted(employer, profile.handle)
    return request


def find_request(employer: Employer, profile_id: int) -> ContactRequest | None:
    """What this employer has asked the person behind a profile."""
    return db.session.scalar(
        select(ContactRequest).where(
            ContactRequest.employer_id == employer.id, ContactRequest.profile_id == profile_id
        )
    )

"""Employers: somebody applies for an organisation, the operator decides, and only then may its members search."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select

from core.access import Actor, Capacity, CapacityKind, Permission, capacity_provider
from core.audit import record
from core.db import db, utc_now
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.forms import folded
from core.localised import N_
from talent_pool.consent import acting_person
from talent_pool.facts import COUNTRIES
from talent_pool.mails import post_decision
from talent_pool.models import PUBLIC_ID, Employer, EmployerMember
from talent_pool.services.domains import prove_by_own_address

SHORTEST_REASON = 10
KINDS = ("government", "enterprise", "igo", "ngo")
MOVES = {
    "approved": ("applied", "declined", "suspended"),
    "declined": ("applied",),
    "suspended": ("approved",),
}


def apply_employer(
    *, actor: Actor, name: str, kind: str, website: str, purpose: str, name_local: str = "", country: str = ""
) -> Employer:
    """Ask to be let in for an organisation; the applicant becomes its first member once it is approved.

    Raises Conflict for somebody who has applied or is a member already, Invalid for a bad value.
    """
    person_id = acting_person(actor)
    earlier = find_employer_of(person_id)
    if earlier is not None and earlier.state != "declined":
        raise Conflict(N_("You have applied for an organisation already."))
    employer = Employer(
        **_checked(name=name, name_local=name_local, kind=kind, website=website, purpose=purpose),
        country=country if country in COUNTRIES else "",
        applicant_id=person_id,
        created_at=utc_now(),
    )
    prove_by_own_address(employer, person_id, employer.created_at)
    db.session.add(employer)
    db.session.flush()
    record(actor, "apply", "employer", employer.id, details={"kind": kind})
    return employer


def decide_employer(
    *, actor: Actor, employer: Employer, state: str, reason: str = "", now: datetime | None = None
) -> None:
    """Approve, decline or suspend, at once and for every member.

    An organisation that has not proved its domain is let in only with a reason, which is recorded. Raises Forbidden
    for all but the operator, Conflict where it does not follow, Invalid without that reason.
    """
    if not actor.may(Permission.OPERATE):
        raise Forbidden
    why = folded(reason)[:300]
    is_unproved = state == "approved" and employer.proved_at is None and not actor.is_system
    if is_unproved and employer.approved_at is None and len(why) < SHORTEST_REASON:
        raise Invalid(N_("The domain is not proved. Say how you made sure that it is them."))
    if employer.state not in MOVES.get(state, ()):
        raise Conflict(N_("Somebody has decided this in the meantime. Nothing was changed."))
    employer.state, employer.decided_at = state, now or utc_now()
    if state == "approved":
        employer.approved_at = employer.approved_at or employer.decided_at
        _let_in(employer)
    db.session.flush()
    record(actor, state, "employer", employer.id, details={"reason": why} if why else {})
    if state in ("approved", "declined"):
        post_decision(employer)


def approve_employer(*, actor: Actor, employer: Employer, now: datetime | None = None) -> None:
    """Let an employer search from now on."""
    decide_employer(actor=actor, employer=employer, state="approved", now=now)


def get_employer_row(public_id: str, *, is_changing: bool = False) -> Employer:
    """An employer by its id in addresses; raises NotFound."""
    query = select(Employer).where(Employer.public_id == public_id)
    is_id = PUBLIC_ID.fullmatch(public_id) is not None
    row = db.session.scalar(query.with_for_update() if is_changing else query) if is_id else None
    if row is None:
        raise NotFound
    return row


def find_employer_of(person_id: int) -> Employer | None:
    """The organisation that a person belongs to or has applied for, whatever its state."""
    belongs = select(EmployerMember.employer_id).where(EmployerMember.person_id == person_id)
    query = select(Employer).where(Employer.id.in_(belongs) | (Employer.applicant_id == person_id))
    return db.session.scalars(query.order_by(Employer.state == "declined", Employer.id)).first()


KINDS_BY_STATE = {"approved": CapacityKind.EMPLOYER, "suspended": CapacityKind.SUSPENDED_EMPLOYER}


@capacity_provider
def employer_capacities(person_id: int) -> Iterable[Capacity]:
    """Being a member of an approved employer, or of one that was suspended and still answers for what it learned."""
    query = (
        select(Employer.id, Employer.state)
        .join(EmployerMember, EmployerMember.employer_id == Employer.id)
        .where(EmployerMember.person_id == person_id, Employer.state.in_(KINDS_BY_STATE))
    )
    return [Capacity(kind=KINDS_BY_STATE[state], subject_id=key) for key, state in db.session.execute(query)]


def _let_in(employer: Employer) -> None:
    members = select(EmployerMember.person_id).where(EmployerMember.employer_id == employer.id)
    if employer.applicant_id is not None and employer.applicant_id not in db.session.scalars(members).all():
        db.session.add(
            EmployerMember(employer_id=employer.id, person_id=employer.applicant_id, is_owner=True)
        )


def _checked(**values: str) -> dict[str, Any]:
    clean = {key: folded(value.replace("\x00", "")) for key, value in values.items()}
    if not clean["name"] and not clean["name_local"]:
        raise Invalid(N_("Give the organisation's name in at least one script."))
    if (
        max(len(clean["name"]), len(clean["name_local"]), len(clean["website"])) > 200
        or len(clean["purpose"]) > 1000
    ):
        raise Invalid(N_("One of these texts is too long."))
    if clean["kind"] not in KINDS:
        raise Invalid(N_("Choose what kind of organisation it is."))
    if not clean["purpose"]:
        raise Invalid(N_("Say what you are looking for people for."))
    if "[[" in clean["name"] + clean["name_local"]:
        raise Invalid(N_("A name may not contain [[."))
    return {**clean, "website": _checked_website(clean["website"])}


def _checked_website(text: str) -> str:
    """The address with its scheme; only http and https, so that nothing else can be clicked."""
    address = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(address)
        is_good = parts.scheme in ("http", "https") and "." in (parts.hostname or "") and " " not in address
    except ValueError:
        is_good = False
    if not is_good or len(address) > 200 or "@" in address:
        raise Invalid(N_("Give the organisation's website, for example www.example.org."))
    return address

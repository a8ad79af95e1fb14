"""Who may see what of the talent pool: the only place that answers, for persons, employers and everybody else.

A person alone puts themselves in and takes themselves out. Employers see the cards of those whose consent holds,
and a name and address only where that person said yes to that employer. Nobody else sees anything.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, select

from accounts.public import confirmed_address, get_person
from core.access import Actor, CapacityKind, Permission
from core.db import db
from core.errors import Conflict, Forbidden, NotFound
from core.localised import N_
from talent_pool.models import ContactRequest, Employer, PoolConsent, PoolProfile

TEXT_VERSION = "2026-11"
"""The version of the consent text in templates/talent_pool/_consent.html; a changed text is a new version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """What an employer learns of a person who said yes to them."""

    name: str
    name_local: str
    address: str


def acting_person(actor: Actor) -> int:
    """The person who acts for themselves; raises Forbidden for links, the system and everybody else."""
    if actor.person_id is None or actor.is_link or actor.is_system:
        raise Forbidden(N_("Only you yourself, signed in, can decide about the talent pool."))
    return actor.person_id


def joining_person(actor: Actor) -> int:
    """The person who may give consent now; raises Forbidden, or Conflict without an address confirmed as theirs."""
    person_id = acting_person(actor)
    if confirmed_address(person_id) is None:
        raise Conflict(N_("Confirm your e-mail address first: sign in once by mail."))
    return person_id


def find_consent(person_id: int) -> PoolConsent | None:
    """The consent of this person that holds now."""
    return db.session.scalar(
        select(PoolConsent).where(PoolConsent.person_id == person_id, PoolConsent.withdrawn_at.is_(None))
    )


def find_own_profile(actor: Actor) -> PoolProfile | None:
    """The actor's own profile, while their consent holds."""
    person_id = acting_person(actor)
    return db.session.scalar(
        select(PoolProfile).where(PoolProfile.person_id == person_id, _has_live_consent())
    )


def get_own_profile(actor: Actor, *, is_changing: bool = False) -> PoolProfile:
    """The actor's own profile (locked while it changes); raises NotFound for those who are not in the pool."""
    query = select(PoolProfile).where(PoolProfile.person_id == acting_person(actor), _has_live_consent())
    profile = db.session.scalar(query.with_for_update(of=PoolProfile) if is_changing else query)
    if profile is None:
        raise NotFound(N_("You are not in the talent pool."))
    return profile


def is_visible() -> ColumnElement[bool]:
    """The condition under which any employer sees a profile: saved by the person, and their consent holds."""
    return PoolProfile.is_listed & _has_live_consent()


def find_employer(actor: Actor) -> Employer | None:
    """The approved employer for which the actor may act."""
    if not actor.may(Permission.SEARCH_POOL) or actor.is_system:
        return None
    keys = [one.subject_id for one in actor.capacities_of(CapacityKind.EMPLOYER)]
    query = select(Employer).where(Employer.id.in_(keys), Employer.state == "approved").order_by(Employer.id)
    return db.session.scalars(query).first()


def get_employer(actor: Actor) -> Employer:
    """Like `find_employer`; raises Forbidden."""
    employer = find_employer(actor)
    if employer is None:
        raise Forbidden(N_("Only members of an approved employer can search the talent pool."))
    return employer


def get_visible_profile(actor: Actor, handle: str, *, is_changing: bool = False) -> PoolProfile:
    """A profile that the actor's employer may see; raises NotFound for any other, whatever the reason."""
    get_employer(actor)
    if not (handle.isascii() and handle.replace("-", "").isalnum()):
        raise NotFound
    query = select(PoolProfile).where(PoolProfile.handle == handle, is_visible())
    profile = db.session.scalar(query.with_for_update(of=PoolProfile) if is_changing else query)
    if profile is None:
        raise NotFound
    return profile


def find_contact(employer: Employer, request: ContactRequest, person_id: int) -> Contact | None:
    """Name and address, for the one employer to whom the person said yes and only while they are in the pool."""
    is_theirs = request.employer_id == employer.id and request.state == "accepted"
    if not is_theirs or employer.state != "approved" or find_consent(person_id) is None:
        return None
    person = get_person(person_id)
    return Contact(name=person.name, name_local=person.name_local, address=confirmed_address(person_id) or "")


def _has_live_consent() -> ColumnElement[bool]:
    return exists(
        select(PoolConsent.id).where(
            PoolConsent.person_id == PoolProfile.person_id, PoolConsent.withdrawn_at.is_(None)
        )
    )

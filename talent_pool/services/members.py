"""Who acts for an employer: members invite colleagues at the organisation's own domain, and take them out again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from accounts.public import (
    confirmed_address,
    get_people,
    invited_address_provider,
    normalised_address,
    person,
)
from core.access import Actor
from core.audit import record
from core.db import db, hold, utc_now
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.localised import N_
from talent_pool.consent import acting_person, get_employer
from talent_pool.employer_models import EmployerInvitation, SavedSearch
from talent_pool.mails import post_member_invitation
from talent_pool.models import PUBLIC_ID, Employer, EmployerMember
from talent_pool.services.domains import is_at

HOLDS_FOR = timedelta(days=14)
MOST_MEMBERS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLine:
    """One member as their colleagues see them."""

    public_id: str
    name: str
    address: str
    is_owner: bool
    is_self: bool


def invite_member(*, actor: Actor, email: str, now: datetime | None = None) -> EmployerInvitation:
    """Invite a colleague at the organisation's domain. Raises Forbidden for all but owners, Invalid, Conflict."""
    employer, moment = _owned(actor), now or utc_now()
    address = normalised_address(email)
    if not is_at(address, employer.domain):
        raise Invalid(N_("Invite colleagues at @%(domain)s only."), domain=employer.domain or "–")
    if any(line.address == address for line in members_of(employer, actor)):
        raise Conflict(N_("They are a member already."))
    if len(members_of(employer, actor)) + len(open_invitations(employer, moment)) >= MOST_MEMBERS:
        raise Conflict(N_("An organisation has at most %(most)d members."), most=MOST_MEMBERS)
    if any(row.email == address for row in open_invitations(employer, moment)):
        raise Conflict(N_("They are invited already."))
    row = EmployerInvitation(
        employer_id=employer.id,
        email=address,
        invited_by=actor.person_id,
        created_at=moment,
        expires_at=moment + HOLDS_FOR,
    )
    db.session.add(row)
    db.session.flush()
    record(actor, "invite", "employer", employer.id)
    post_member_invitation(employer, address, acting_person(actor))
    return row


def withdraw_invitation(*, actor: Actor, public_id: str) -> None:
    """Take an invitation back; one that has ended stays ended. Raises NotFound."""
    employer = _owned(actor)
    row = _invitation(public_id)
    if row is None or row.employer_id != employer.id:
        raise NotFound
    row.ended_at = row.ended_at or utc_now()
    db.session.flush()


def accept_invitation(*, actor: Actor, public_id: str, now: datetime | None = None) -> Employer:
    """Become a member, signed in at the invited address. Raises NotFound for any other invitation, Conflict."""
    person_id, moment = acting_person(actor), now or utc_now()
    row = _invitation(public_id)
    if row is None or row.email != confirmed_address(person_id):
        raise NotFound
    hold(row)
    employer = db.session.get_one(Employer, row.employer_id)
    if row.ended_at is not None or row.expires_at <= moment or employer.state != "approved":
        raise Conflict(N_("This invitation has ended. Ask your colleague for another one."))
    if db.session.scalar(select(EmployerMember.id).where(EmployerMember.person_id == person_id)) is not None:
        raise Conflict(N_("You act for an organisation already."))
    row.ended_at = moment
    db.session.add(EmployerMember(employer_id=employer.id, person_id=person_id))
    db.session.flush()
    record(actor, "join", "employer", employer.id)
    return employer


def remove_member(*, actor: Actor, public_id: str) -> None:
    """Take a member (the public id of their person) out at once; the last owner stays. Raises NotFound, Conflict."""
    employer = _owned(actor)
    hold(employer)
    query = (
        select(EmployerMember)
        .join(person, person.c.id == EmployerMember.person_id)
        .where(person.c.public_id == public_id, EmployerMember.employer_id == employer.id)
    )
    row = db.session.scalar(query) if PUBLIC_ID.fullmatch(public_id) else None
    if row is None:
        raise NotFound
    owners = select(func.count(EmployerMember.id)).where(
        EmployerMember.employer_id == employer.id, EmployerMember.is_owner
    )
    if row.is_owner and db.session.scalar(owners) == 1:
        raise Conflict(N_("Somebody must be able to invite. You are the last one who can."))
    searches = delete(SavedSearch).where(
        SavedSearch.employer_id == employer.id, SavedSearch.person_id == row.person_id
    )
    db.session.execute(searches)
    record(actor, "remove", "employer_member", row.id, details={"employer": employer.id})
    db.session.delete(row)
    db.session.flush()


def members_of(employer: Employer, actor: Actor) -> list[MemberLine]:
    """Everybody who acts for an employer."""
    query = (
        select(EmployerMember).where(EmployerMember.employer_id == employer.id).order_by(EmployerMember.id)
    )
    rows = db.session.scalars(query).all()
    people = get_people(row.person_id for row in rows)
    return [
        MemberLine(
            public_id=people[row.person_id].public_id,
            name=people[row.person_id].name or people[row.person_id].name_local,
            address=confirmed_address(row.person_id) or "",
            is_owner=row.is_owner,
            is_self=row.person_id == actor.person_id,
        )
        for row in rows
    ]


def open_invitations(employer: Employer, now: datetime | None = None) -> Sequence[EmployerInvitation]:
    """The invitations of an employer that can still be accepted."""
    query = select(EmployerInvitation).where(
        EmployerInvitation.employer_id == employer.id,
        EmployerInvitation.ended_at.is_(None),
        EmployerInvitation.expires_at > (now or utc_now()),
    )
    return db.session.scalars(query.order_by(EmployerInvitation.id)).all()


def invitations_to(person_id: int) -> list[tuple[EmployerInvitation, Employer]]:
    """The invitations to a person's own confirmed address."""
    query = (
        select(EmployerInvitation, Employer)
        .join(Employer, Employer.id == EmployerInvitation.employer_id)
        .where(
            EmployerInvitation.email == (confirmed_address(person_id) or "-"),
            EmployerInvitation.ended_at.is_(None),
            EmployerInvitation.expires_at > utc_now(),
            Employer.state == "approved",
        )
    )
    return [(row, employer) for row, employer in db.session.execute(query)]


def may_invite(employer: Employer, actor: Actor) -> bool:
    """Whether this member may invite and take out others."""
    query = select(EmployerMember.is_owner).where(
        EmployerMember.employer_id == employer.id, EmployerMember.person_id == actor.person_id
    )
    return bool(db.session.scalar(query))


@invited_address_provider
def name_of_invited(address: str) -> str | None:
    """A colleague who was invited may make an account by signing in by mail."""
    query = select(EmployerInvitation.id).where(
        EmployerInvitation.email == address,
        EmployerInvitation.ended_at.is_(None),
        EmployerInvitation.expires_at > utc_now(),
    )
    return address.partition("@")[0] if db.session.scalar(query.limit(1)) is not None else None


def _owned(actor: Actor) -> Employer:
    employer = get_employer(actor)
    if not may_invite(employer, actor):
        raise Forbidden(N_("Only whoever applied for your organisation can do this."))
    return employer


def _invitation(public_id: str) -> EmployerInvitation | None:
    if not PUBLIC_ID.fullmatch(public_id):
        return None
    return db.session.scalar(select(EmployerInvitation).where(EmployerInvitation.public_id == public_id))

"""Reading what employers asked and which employers there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from accounts.public import confirmed_address, get_people
from core.db import db
from talent_pool.consent import Contact, find_contact, is_visible
from talent_pool.models import ContactRequest, Employer, PoolConsent, PoolProfile


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedByEmployer:
    """A request as the person asked sees it."""

    public_id: str
    employer: str
    employer_local: str
    kind: str
    website: str
    message: str
    state: str
    created_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedByUs:
    """A request as the employer that asked sees it: `contact` only after a yes."""

    handle: str
    headline: str
    message: str
    state: str
    created_at: datetime
    contact: Contact | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """An employer as the operator sees it, with who applied."""

    row: Employer
    applicant: str
    address: str


def requests_to(profile_id: int) -> list[AskedByEmployer]:
    """What employers asked a person, unanswered ones first, then the newest."""
    rows = db.session.execute(
        select(
            ContactRequest.public_id,
            Employer.name.label("employer"),
            Employer.name_local.label("employer_local"),
            Employer.kind,
            Employer.website,
            ContactRequest.message,
            ContactRequest.state,
            ContactRequest.created_at,
            ContactRequest.answered_at,
        )
        .join(Employer, Employer.id == ContactRequest.employer_id)
        .where(ContactRequest.profile_id == profile_id)
        .order_by(ContactRequest.state != "asked", ContactRequest.id.desc())
    )
    return [AskedByEmployer(**row._mapping) for row in rows]


def requests_of(employer: Employer) -> list[AskedByUs]:
    """What an employer asked, newest first; requests to people who left are gone."""
    rows = db.session.execute(
        select(ContactRequest, PoolProfile)
        .join(PoolProfile, PoolProfile.id == ContactRequest.profile_id)
        .where(ContactRequest.employer_id == employer.id, is_visible())
        .order_by(ContactRequest.id.desc())
    )
    return [
        AskedByUs(
            handle=profile.handle,
            headline=profile.card["headline"],
            message=request.message,
            state=request.state,
            created_at=request.created_at,
            contact=find_contact(employer, request, profile.person_id),
        )
        for request, profile in rows
    ]


def asked_handles(employer: Employer) -> dict[str, str]:
    """Handle -> state of the request, of everybody an employer has asked."""
    rows = db.session.execute(
        select(PoolProfile.handle, ContactRequest.state)
        .join(PoolProfile, PoolProfile.id == ContactRequest.profile_id)
        .where(ContactRequest.employer_id == employer.id)
    )
    return {row.handle: row.state for row in rows}


def approved_employers() -> Sequence[Employer]:
    """Everybody who may search now, by name: persons see this list before and after they join."""
    query = select(Employer).where(Employer.state == "approved")
    return db.session.scalars(query.order_by(Employer.name, Employer.id)).all()


def applications() -> list[Application]:
    """All employers for the operator, those that wait for a decision first."""
    query = select(Employer).order_by(Employer.state != "applied", Employer.id.desc())
    rows = db.session.scalars(query).all()
    people = get_people(row.applicant_id for row in rows if row.applicant_id is not None)
    return [
        Application(
            row=row,
            applicant=people[row.applicant_id].name or people[row.applicant_id].name_local,
            address=confirmed_address(row.applicant_id) or "",
        )
        if row.applicant_id in people
        else Application(row=row, applicant="", address="")
        for row in rows
    ]


def count_open_requests(person_id: int) -> int:
    """How many employers wait for this person's answer."""
    query = (
        select(func.count(ContactRequest.id))
        .join(PoolProfile, PoolProfile.id == ContactRequest.profile_id)
        .where(PoolProfile.person_id == person_id, ContactRequest.state == "asked")
    )
    return db.session.scalar(query) or 0


def count_visible_cards() -> int:
    """How many cards employers can see."""
    return db.session.scalar(select(func.count(PoolProfile.id)).where(is_visible())) or 0


def consents_of(person_id: int) -> Sequence[PoolConsent]:
    """Every consent a person gave, oldest first."""
    query = select(PoolConsent).where(PoolConsent.person_id == person_id)
    return db.session.scalars(query.order_by(PoolConsent.id)).all()


def count_waiting_employers() -> int:
    """How many employers have applied and wait for the operator."""
    return db.session.scalar(select(func.count(Employer.id)).where(Employer.state == "applied")) or 0

"""Reading what employers asked and which employers there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil

from sqlalchemy import ColumnElement, and_, case, func, literal, select

from accounts.public import confirmed_address, get_people
from core.audit import AuditEntry
from core.db import db, utc_now
from talent_pool.consent import WAIT_FOR_NEW, Contact, find_contact, is_let_see, is_visible, is_visible_to
from talent_pool.employer_models import Opportunity
from talent_pool.models import ContactRequest, Employer, PoolConsent, PoolProfile
from talent_pool.person_models import DeletionNotice, PoolEvent
from talent_pool.services.contacts import state_now

LONGEST_LOG = 2000
FEWEST_ANSWERS = 5
NEWEST_ANSWERS = 200
CAPS_SHOWN = timedelta(days=30)


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
    expires_at: datetime
    is_preapproved: bool
    answered_at: datetime | None
    title: str | None
    place: str | None
    pay: str | None
    closes_on: date | None
    closed_at: datetime | None
    contact: str | None
    details: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """Whether one employer sees a card; `from_day` is when it will by itself, if it does not yet."""

    employer: Employer
    is_seeing: bool
    from_day: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """What one employer did on one day, and how often."""

    day: date
    employer: str
    employer_local: str
    event: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedByUs:
    """A request as the employer that asked sees it: `contact` only after a yes."""

    public_id: str
    handle: str
    headline: str
    message: str
    opportunity: str
    state: str
    created_at: datetime
    expires_at: datetime
    contact: Contact | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CapLine:
    """A member reached a cap."""

    at: datetime
    employer: str
    member: str
    cap: str
    most: int


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
            ContactRequest.expires_at,
            ContactRequest.is_preapproved,
            ContactRequest.answered_at,
            Opportunity.title,
            Opportunity.place,
            Opportunity.pay,
            Opportunity.closes_on,
            Opportunity.closed_at,
            Opportunity.contact,
            Opportunity.details,
        )
        .join(Employer, Employer.id == ContactRequest.employer_id)
        .outerjoin(Opportunity, Opportunity.id == ContactRequest.opportunity_id)
        .where(ContactRequest.profile_id == profile_id)
        .order_by(ContactRequest.state != "asked", ContactRequest.id.desc())
    )
    now = utc_now()
    return [
        AskedByEmployer(**{**row._mapping, "state": _state_at(row.state, row.expires_at, now)})
        for row in rows
    ]


def _state_at(state: str, expires_at: datetime, now: datetime) -> str:
    return "expired" if state == "asked" and expires_at <= now else state


def requests_of(
    employer: Employer, *, state: str = "", offset: int = 0, limit: int | None = None
) -> list[AskedByUs]:
    """What an employer asked (in one state, if given), newest first; requests to people whom it cannot see any more
    are gone."""
    query = (
        select(ContactRequest, PoolProfile, Opportunity.title)
        .join(PoolProfile, PoolProfile.id == ContactRequest.profile_id)
        .outerjoin(Opportunity, Opportunity.id == ContactRequest.opportunity_id)
        .where(ContactRequest.employer_id == employer.id, is_visible_to(employer))
        .order_by(ContactRequest.id.desc())
    )
    if state:
        query = query.where(_state_expression(utc_now()) == state)
    rows = db.session.execute(query.offset(offset).limit(limit))
    return [
        AskedByUs(
            public_id=request.public_id,
            handle=profile.handle,
            headline=profile.card["headline"],
            message=request.message,
            opportunity=title or "",
            state=state_now(request),
            created_at=request.created_at,
            expires_at=request.expires_at,
            contact=find_contact(employer, request, profile.person_id),
        )
        for request, profile, title in rows
    ]


def count_requests(employer: Employer) -> dict[str, int]:
    """State -> how many of this employer's requests are in it, of those that it can see."""
    state = _state_expression(utc_now()).label("state_now")
    rows = db.session.execute(
        select(state, func.count().label("requests"))
        .select_from(ContactRequest)
        .join(PoolProfile, PoolProfile.id == ContactRequest.profile_id)
        .where(ContactRequest.employer_id == employer.id, is_visible_to(employer))
        .group_by(state)
    )
    return {row.state_now: row.requests for row in rows}


def _state_expression(now: datetime) -> ColumnElement[str]:
    """The same as `state_now`, for a database."""
    is_over = and_(ContactRequest.state == "asked", ContactRequest.expires_at <= now)
    return case((is_over, literal("expired")), else_=ContactRequest.state)


def asked_handles(employer: Employer, profile_ids: Sequence[int]) -> dict[str, str]:
    """Handle -> state of the request, of those among these profiles whom an employer has asked."""
    rows = db.session.execute(
        select(PoolProfile.handle, ContactRequest)
        .join(PoolProfile, PoolProfile.id == ContactRequest.profile_id)
        .where(ContactRequest.employer_id == employer.id, ContactRequest.profile_id.in_(profile_ids))
    )
    return {handle: state_now(request) for handle, request in rows}


def asked_for(employer: Employer) -> dict[int, tuple[int, int]]:
    """Opportunity -> how many were asked for it, and how many said yes, of those whom the employer can see now."""
    rows = db.session.execute(
        select(
            ContactRequest.opportunity_id,
            func.count(),
            func.count(ContactRequest.id).filter(ContactRequest.state == "accepted"),
        )
        .join(PoolProfile, PoolProfile.id == ContactRequest.profile_id)
        .where(
            ContactRequest.employer_id == employer.id,
            ContactRequest.opportunity_id.is_not(None),
            is_visible_to(employer),
        )
        .group_by(ContactRequest.opportunity_id)
    )
    return {key: (asked, yes) for key, asked, yes in rows if key is not None}


def usual_days() -> int | None:
    """Within how many days half of all answers came, whoever answered; None while there are fewer than five."""
    moments = select(ContactRequest.created_at, ContactRequest.answered_at).where(
        ContactRequest.answered_at.is_not(None), ContactRequest.is_preapproved.is_(False)
    )
    newest = moments.order_by(ContactRequest.id.desc()).limit(NEWEST_ANSWERS)
    waits = sorted(answered - asked for asked, answered in db.session.execute(newest) if answered)
    if len(waits) < FEWEST_ANSWERS:
        return None
    return max(1, ceil(waits[len(waits) // 2] / timedelta(days=1)))


def caps_reached(now: datetime) -> list[CapLine]:
    """Which members reached a cap within the last month, the latest first."""
    rows = db.session.execute(
        select(AuditEntry, Employer)
        .join(Employer, Employer.id == AuditEntry.thing_id)
        .where(
            AuditEntry.verb == "reach_cap", AuditEntry.thing == "employer", AuditEntry.at > now - CAPS_SHOWN
        )
        .order_by(AuditEntry.id.desc())
        .limit(200)
    ).all()
    people = get_people(entry.person_id for entry, _employer in rows if entry.person_id is not None)
    return [
        CapLine(
            at=entry.at,
            employer=employer.name or employer.name_local,
            member=people[entry.person_id].name or people[entry.person_id].name_local
            if entry.person_id in people
            else "",
            cap=str(entry.details.get("cap", "")),
            most=int(entry.details.get("of", 0)),
        )
        for entry, employer in rows
    ]


def count_open_deletions(employer: Employer) -> int:
    """How many deletions this employer has not confirmed yet."""
    query = select(func.count(DeletionNotice.id)).where(
        DeletionNotice.employer_id == employer.id, DeletionNotice.confirmed_at.is_(None)
    )
    return db.session.scalar(query) or 0


def approved_employers() -> Sequence[Employer]:
    """Everybody who may search now, by name: persons see this list before and after they join."""
    query = select(Employer).where(Employer.state == "approved")
    return db.session.scalars(query.order_by(Employer.name, Employer.id)).all()


def sights_of(profile: PoolProfile, now: datetime | None = None) -> list[Sight]:
    """For every approved employer whether it sees this card, as its own search would have it.

    A card that is not saved or is paused is seen by nobody; this says who would see it otherwise.
    """
    moment = now or utc_now()
    return [
        Sight(
            employer=row,
            is_seeing=_would_see(profile, row, moment),
            from_day=_sees_from(profile, row, moment),
        )
        for row in approved_employers()
    ]


def coming_employers(person_id: int, now: datetime) -> list[Sight]:
    """The organisations that are new and will see this person's card by themselves, unless they decide otherwise."""
    new = select(Employer).where(Employer.state == "approved", Employer.approved_at > now - WAIT_FOR_NEW)
    employers = db.session.scalars(new.order_by(Employer.approved_at, Employer.id)).all()
    shown = select(PoolProfile).where(PoolProfile.person_id == person_id, is_visible(now=now))
    profile = db.session.scalar(shown) if employers else None
    if profile is None:
        return []
    days = [(row, _sees_from(profile, row, now)) for row in employers]
    return [Sight(employer=row, is_seeing=False, from_day=day) for row, day in days if day is not None]


def _would_see(profile: PoolProfile, employer: Employer, moment: datetime) -> bool:
    query = select(PoolProfile.id).where(PoolProfile.id == profile.id, is_let_see(employer, now=moment))
    return db.session.scalar(query) is not None


def _sees_from(profile: PoolProfile, employer: Employer, moment: datetime) -> datetime | None:
    later = (employer.approved_at or moment) + WAIT_FOR_NEW
    waits = later > moment and not _would_see(profile, employer, moment)
    return later if waits and _would_see(profile, employer, later) else None


def log_of(person_id: int) -> list[LogLine]:
    """What employers did with a person's card, by day, newest first."""
    query = (
        select(PoolEvent.at, PoolEvent.event, Employer.name, Employer.name_local)
        .join(Employer, Employer.id == PoolEvent.employer_id)
        .where(PoolEvent.person_id == person_id)
        .order_by(PoolEvent.at.desc(), PoolEvent.id.desc())
        .limit(LONGEST_LOG)
    )
    found: dict[tuple[date, str, str, str], int] = {}
    for at, event, name, name_local in db.session.execute(query):
        key = (at.date(), name, name_local, event)
        found[key] = found.get(key, 0) + 1
    return [
        LogLine(
            day=day,
            employer=name or name_local,
            employer_local=name_local if name else "",
            event=event,
            count=count,
        )
        for (day, name, name_local, event), count in found.items()
    ]


def events_of(person_id: int) -> list[dict[str, object]]:
    """Every entry of a person's log, oldest first."""
    query = (
        select(PoolEvent.at, PoolEvent.event, PoolEvent.handle, Employer.name, Employer.name_local)
        .join(Employer, Employer.id == PoolEvent.employer_id)
        .where(PoolEvent.person_id == person_id)
        .order_by(PoolEvent.id)
    )
    return [
        {"at": row.at, "event": row.event, "handle": row.handle, "employer": row.name or row.name_local}
        for row in db.session.execute(query)
    ]


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
        .where(
            PoolProfile.person_id == person_id,
            ContactRequest.state == "asked",
            ContactRequest.expires_at > utc_now(),
        )
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

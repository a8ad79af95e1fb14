"""Who may see what of the talent pool: the only place that answers, for persons, employers and everybody else.

A person alone puts themselves in and takes themselves out. An employer sees a card while the consent behind it holds
and the person's own choices let that employer in; a name and contact only where that person said yes to that
employer. Nobody else sees anything. Times are compared when read: nothing waits for a sweep to end.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select, true

from accounts.public import confirmed_address, get_person
from core.access import Actor, CapacityKind, Permission
from core.db import db, utc_now
from core.errors import Conflict, Forbidden, NotFound
from core.localised import N_
from talent_pool.cards import whole_card
from talent_pool.hiding import name_runs
from talent_pool.identifying import institution_of
from talent_pool.models import ContactRequest, Employer, PoolConsent, PoolProfile
from talent_pool.person_models import PoolCv, PoolRule

TEXT_VERSION = "2026-11-30.2"
"""The version of the consent text in talent_pool/notice.py; a changed text is a new version."""
HOLDS_FOR = timedelta(days=730)
"""How long a yes holds without another one."""
NEVER = datetime.max.replace(tzinfo=UTC)
WAIT_FOR_NEW = timedelta(days=7)
"""How long a newly approved employer sees nothing of those who want time to decide about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """What an employer learns of a person who said yes to them."""

    name: str
    name_local: str
    address: str
    institution: str
    institution_local: str
    has_cv: bool


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


def find_consent(person_id: int, *, now: datetime | None = None) -> PoolConsent | None:
    """The consent of this person that holds now."""
    return db.session.scalar(select(PoolConsent).where(PoolConsent.person_id == person_id, _holds(now)))


def find_own_profile(actor: Actor) -> PoolProfile | None:
    """The actor's own profile, while their consent holds."""
    person_id = acting_person(actor)
    return db.session.scalar(
        select(PoolProfile).where(PoolProfile.person_id == person_id, has_live_consent())
    )


def get_own_profile(actor: Actor, *, is_changing: bool = False) -> PoolProfile:
    """The actor's own profile (locked while it changes); raises NotFound for those who are not in the pool."""
    query = select(PoolProfile).where(PoolProfile.person_id == acting_person(actor), has_live_consent())
    profile = db.session.scalar(query.with_for_update(of=PoolProfile) if is_changing else query)
    if profile is None:
        raise NotFound(N_("You are not in the talent pool."))
    return profile


def is_visible(*, now: datetime | None = None) -> ColumnElement[bool]:
    """The condition under which some employer may see a profile: saved, not paused, and the consent holds.

    Which employer, `is_visible_to` says; use this one only for counts that are shown to nobody outside.
    """
    return and_(PoolProfile.is_listed, PoolProfile.paused_at.is_(None), has_live_consent(now=now))


def is_visible_to(employer: Employer, *, now: datetime | None = None) -> ColumnElement[bool]:
    """The condition over PoolProfile under which this one employer sees a profile now.

    Saved, not paused, consent holds (with the transfer abroad where the employer sits abroad), let in by the
    person's choices, and hidden neither from this organisation nor from its kind, country or name.
    """
    return and_(PoolProfile.is_listed, PoolProfile.paused_at.is_(None), is_let_see(employer, now=now))


def is_seen_by(employer: Employer, profile: PoolProfile, *, now: datetime | None = None) -> bool:
    """Whether this employer sees this profile now."""
    query = select(PoolProfile.id).where(PoolProfile.id == profile.id, is_visible_to(employer, now=now))
    return db.session.scalar(query) is not None


def is_let_see(employer: Employer, *, now: datetime | None = None) -> ColumnElement[bool]:
    """The same but for whether the card is saved and not paused: what the person's own pages tell them."""
    if employer.state != "approved":
        return false()
    moment = now or utc_now()
    return and_(
        has_live_consent(now=moment, is_abroad=is_abroad(employer)),
        or_(_is_let_in(employer, moment), PoolProfile.id.in_(_ruled("shown", str(employer.id)))),
        PoolProfile.id.not_in(_hidden_from(employer)),
    )


def sight_ends_at(employer: Employer, *, now: datetime) -> datetime:
    """When what this employer sees changes without anybody doing anything: a consent ends, or it is new no more."""
    oldest = db.session.scalar(
        select(func.min(PoolConsent.confirmed_at)).where(_holds(now)).execution_options(autoflush=False)
    )
    approved_at = employer.approved_at or now
    moments = [approved_at + WAIT_FOR_NEW, oldest + HOLDS_FOR if oldest else NEVER]
    return min((moment for moment in moments if moment > now), default=NEVER)


def has_live_consent(*, now: datetime | None = None, is_abroad: bool = False) -> ColumnElement[bool]:
    """The condition over PoolProfile that its person's consent holds; `is_abroad`: with the transfer abroad."""
    extra = PoolConsent.allows_abroad if is_abroad else true()
    return exists(
        select(PoolConsent.id).where(PoolConsent.person_id == PoolProfile.person_id, _holds(now), extra)
    )


def may_be_counted() -> ColumnElement[bool]:
    """The condition over PoolProfile that its person agreed to be counted in the organisers' statistics."""
    return exists(
        select(PoolConsent.id).where(
            PoolConsent.person_id == PoolProfile.person_id, _holds(None), PoolConsent.allows_statistics
        )
    )


def is_abroad(employer: Employer) -> bool:
    """Whether what this employer sees leaves the country of this installation; where it sits unknown, it does."""
    return employer.country != home_country()


def home_country() -> str:
    """The ISO code of the country in which this installation is run."""
    country: str = current_app.extensions["parley_settings"].country
    return country


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


def answerable_employers(actor: Actor) -> Sequence[Employer]:
    """The employers for which the actor answers when somebody asks to be deleted: also suspended ones, which see
    nothing of the pool any more and still hold what they learned. Raises Forbidden where there is none."""
    if not actor.may(Permission.CONFIRM_DELETIONS) or actor.is_system:
        raise Forbidden(N_("Only members of an employer can confirm that something is deleted."))
    kinds = (CapacityKind.EMPLOYER, CapacityKind.SUSPENDED_EMPLOYER)
    keys = [one.subject_id for kind in kinds for one in actor.capacities_of(kind)]
    query = select(Employer).where(Employer.id.in_(keys))
    return db.session.scalars(query.order_by(Employer.state, Employer.id)).all()


def get_visible_profile(actor: Actor, handle: str, *, is_changing: bool = False) -> PoolProfile:
    """A profile that the actor's employer may see; raises NotFound for any other, whatever the reason."""
    employer = get_employer(actor)
    if not (handle.isascii() and handle.replace("-", "").isalnum()):
        raise NotFound
    query = select(PoolProfile).where(PoolProfile.handle == handle, is_visible_to(employer))
    profile = db.session.scalar(query.with_for_update(of=PoolProfile) if is_changing else query)
    if profile is None:
        raise NotFound
    return profile


def held_profiles(profile_ids: Iterable[int]) -> list[int]:
    """Those of these profiles that are still there, in order, and stay until the transaction ends: for whoever writes
    rows that belong to a card. Nobody waits for anybody but for a person who is leaving."""
    query = select(PoolProfile.id).where(PoolProfile.id.in_(list(profile_ids))).order_by(PoolProfile.id)
    return list(db.session.scalars(query.with_for_update(read=True, key_share=True)))


def shown_card(profile: PoolProfile, employer: Employer) -> dict[str, Any] | None:
    """The card that this employer sees; None where it may not see it. Nothing else of a profile is ever shown."""
    query = select(PoolProfile.card).where(PoolProfile.id == profile.id, is_visible_to(employer))
    card = db.session.scalar(query)
    return None if card is None else whole_card(card)


def find_contact(employer: Employer, request: ContactRequest, person_id: int) -> Contact | None:
    """Who it is, for the one employer to whom the person said yes, and only while it may see their card."""
    if request.employer_id != employer.id or request.state != "accepted":
        return None
    sees = select(PoolProfile.id).where(PoolProfile.id == request.profile_id, is_visible_to(employer))
    if db.session.scalar(sees) is None:
        return None
    person, (institution, institution_local) = get_person(person_id), institution_of(person_id)
    return Contact(
        name=person.name,
        name_local=person.name_local,
        address=confirmed_address(person_id) or "",
        institution=institution,
        institution_local=institution_local,
        has_cv=db.session.scalar(_cv_of(request.profile_id)) is not None,
    )


def find_revealed_cv(employer: Employer, request: ContactRequest, person_id: int) -> PoolCv | None:
    """The CV of a person who said yes to this employer."""
    if find_contact(employer, request, person_id) is None:
        return None
    return db.session.scalar(select(PoolCv).where(PoolCv.profile_id == request.profile_id))


def _cv_of(profile_id: int) -> Any:
    return select(PoolCv.id).where(PoolCv.profile_id == profile_id)


def _holds(now: datetime | None) -> ColumnElement[bool]:
    return and_(PoolConsent.withdrawn_at.is_(None), PoolConsent.confirmed_at > (now or utc_now()) - HOLDS_FOR)


def _is_let_in(employer: Employer, now: datetime) -> ColumnElement[bool]:
    """Whether the audience chosen at one moment holds this employer, which was there then or came later."""
    approved_at = employer.approved_at or employer.decided_at or now
    has_waited = approved_at + WAIT_FOR_NEW <= now
    welcome = ("at_once", "after_7_days") if has_waited else ("at_once",)
    was_there = PoolProfile.audience_at >= approved_at
    return or_(
        and_(was_there, PoolProfile.audience == "all"),
        and_(~was_there, PoolProfile.new_employers.in_(welcome)),
    )


def _hidden_from(employer: Employer) -> Any:
    """The keys of the profiles whose rules hide them from this employer."""
    return select(PoolRule.profile_id).where(
        or_(
            and_(PoolRule.rule == "hidden", PoolRule.value == str(employer.id)),
            and_(PoolRule.rule == "kind", PoolRule.value == employer.kind),
            and_(PoolRule.rule == "country", PoolRule.value == (employer.country or "-")),
            and_(PoolRule.rule == "name", PoolRule.value.in_(name_runs(employer.name, employer.name_local))),
        )
    )


def _ruled(rule: str, value: str) -> Any:
    return select(PoolRule.profile_id).where(PoolRule.rule == rule, PoolRule.value == value)

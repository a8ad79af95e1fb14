"""Joining, choosing, pausing and leaving: one person's own act, whole within one transaction."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError

from core.access import SYSTEM, Actor
from core.audit import record
from core.db import db, utc_now
from core.errors import Conflict, NotFound
from core.localised import N_
from core.revisions import bump
from talent_pool.consent import (
    HOLDS_FOR,
    TEXT_VERSION,
    acting_person,
    find_consent,
    get_own_profile,
    joining_person,
)
from talent_pool.index import write_index
from talent_pool.mails import post_deletion
from talent_pool.models import ContactRequest, Employer, PoolConsent, PoolProfile
from talent_pool.person_models import DeletionNotice
from talent_pool.services.choices import Choices, keep_choices
from talent_pool.services.records import add_record

REVISION = "pool"
HANDLE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
DELETE_WITHIN = timedelta(days=30)
CONSENT_OF = select(PoolConsent).where(
    PoolConsent.person_id == bindparam("person"), PoolConsent.withdrawn_at.is_(None)
)
PROFILE_OF = select(PoolProfile).where(PoolProfile.person_id == bindparam("person")).with_for_update()
TOLD = select(ContactRequest.employer_id).where(
    ContactRequest.profile_id == bindparam("profile"), ContactRequest.state == "accepted"
)


def join_pool(*, actor: Actor, choices: Choices | None = None, now: datetime | None = None) -> PoolProfile:
    """Give consent to the present text, by an adult who ticked it; returns a new, empty profile that nobody sees
    before it is saved. `choices` are the further purposes and who may see the card.

    Raises Forbidden unless the actor is a signed-in person, Conflict when they are in already or have no
    confirmed address.
    """
    person_id, moment = joining_person(actor), now or utc_now()
    if find_consent(person_id, now=moment) is not None:
        raise Conflict(N_("You are in the talent pool already."))
    _end_lapsed_of(person_id, moment)
    consent = PoolConsent(
        person_id=person_id, text_version=TEXT_VERSION, given_at=moment, confirmed_at=moment
    )
    profile = PoolProfile(
        person_id=person_id, handle=new_handle(), updated_at=moment, audience_at=moment, card={}
    )
    try:
        with db.session.begin_nested():
            db.session.add_all([consent, profile])
    except IntegrityError:  # two windows at once: the database lets one of them in
        raise Conflict(N_("You are in the talent pool already.")) from None
    keep_choices(consent, profile, choices or Choices(), now=moment)
    record(actor, "give", "pool_consent", consent.id, details={"text_version": TEXT_VERSION})
    add_record("given", actor=actor, consent=consent, profile=profile, now=moment)
    bump(REVISION)
    return profile


def change_choices(*, actor: Actor, choices: Choices, version: int, now: datetime | None = None) -> None:
    """Change the further purposes and who may see the card. Raises Stale when the page shown was an older one."""
    profile, moment = get_own_profile(actor, is_changing=True), now or utc_now()
    consent = _own_consent(profile, moment)
    keep_choices(consent, profile, choices, now=moment, version=version)
    record(actor, "change", "pool_consent", consent.id, personal=["choices"])
    add_record("changed", actor=actor, consent=consent, profile=profile, now=moment)
    _show_again(profile)


def confirm_consent(*, actor: Actor, now: datetime | None = None) -> None:
    """Say yes again to the present text: the two years begin anew."""
    profile, moment = get_own_profile(actor, is_changing=True), now or utc_now()
    consent = _own_consent(profile, moment)
    consent.confirmed_at, consent.text_version, consent.reminded_at = moment, TEXT_VERSION, None
    record(actor, "confirm", "pool_consent", consent.id, details={"text_version": TEXT_VERSION})
    add_record("confirmed", actor=actor, consent=consent, profile=profile, now=moment)
    _show_again(profile)


def pause(*, actor: Actor, is_paused: bool, now: datetime | None = None) -> None:
    """Take the card out of everything for a while, or show it again; twice does no harm."""
    profile, moment = get_own_profile(actor, is_changing=True), now or utc_now()
    if (profile.paused_at is not None) == is_paused:
        return
    profile.paused_at = moment if is_paused else None
    consent = _own_consent(profile, moment)
    record(actor, "pause" if is_paused else "resume", "pool_profile", profile.id)
    act = "paused" if is_paused else "resumed"
    add_record(act, actor=actor, consent=consent, profile=profile, now=moment)
    _show_again(profile)


def leave_pool(*, actor: Actor, now: datetime | None = None) -> None:
    """Withdraw consent: profile, CV, index and contact requests are gone at once; what stays is the record.

    Employers that learned who it is are asked to delete it. Somebody who is not in the pool is not in it afterwards
    either: a second click does no harm.
    """
    person_id, moment = acting_person(actor), now or utc_now()
    consent = db.session.scalar(CONSENT_OF, {"person": person_id})
    if consent is not None:
        end_consent(actor=actor, consent=consent, act="withdrawn", now=moment)


def end_consent(*, actor: Actor, consent: PoolConsent, act: str, now: datetime) -> None:
    """Take somebody out whole, because they withdrew or because two years went by."""
    profile = db.session.scalar(PROFILE_OF, {"person": consent.person_id})
    with db.session.no_autoflush:  # everything is read first, then written at once
        consent.withdrawn_at = now
        if profile is not None:
            ask_to_delete(profile, now=now)
        record(actor, "withdraw" if act == "withdrawn" else "end", "pool_consent", consent.id)
        if profile is not None:
            db.session.delete(profile)  # takes CV, rules, index, requests, lists and notes with it
        add_record(act, actor=actor, consent=consent, profile=profile, now=now)
    bump(REVISION)


def ask_to_delete(
    profile: PoolProfile, *, now: datetime, employer_id: int | None = None
) -> list[DeletionNotice]:
    """Ask the employers (or the one) that learned who it is to delete it, and to confirm that."""
    told = set(db.session.scalars(TOLD, {"profile": profile.id}))
    notices = [
        DeletionNotice(
            employer_id=key,
            person_id=profile.person_id,
            handle=profile.handle,
            asked_at=now,
            due_at=now + DELETE_WITHIN,
        )
        for key in sorted(told if employer_id is None else told & {employer_id})
    ]
    db.session.add_all(notices)
    for notice in notices:
        post_deletion(db.session.get_one(Employer, notice.employer_id), notice.handle)
    return notices


def _show_again(profile: PoolProfile) -> None:
    """Who sees the card has changed: every search, in every process, looks at it anew."""
    write_index(profile)
    bump(REVISION)


def _own_consent(profile: PoolProfile, now: datetime) -> PoolConsent:
    consent = find_consent(profile.person_id, now=now)
    if consent is None:
        raise NotFound
    return consent


def _end_lapsed_of(person_id: int, now: datetime) -> None:
    """A yes that ran out, and which the sweep has not met yet, makes room for the new one."""
    query = select(PoolConsent).where(
        PoolConsent.person_id == person_id,
        PoolConsent.withdrawn_at.is_(None),
        PoolConsent.confirmed_at <= now - HOLDS_FOR,
    )
    for consent in db.session.scalars(query).all():
        end_consent(actor=SYSTEM, consent=consent, act="ended", now=now)


def new_handle() -> str:
    """A random name for a card, such as 7KQM-X3PD: it matches no other id, and a rejoining person gets another."""
    letters = "".join(secrets.choice(HANDLE_LETTERS) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"

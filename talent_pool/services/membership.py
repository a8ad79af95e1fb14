"""Joining and leaving the pool: one person's own act, whole within one transaction."""

from __future__ import annotations

import secrets

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from core.access import Actor
from core.audit import record
from core.db import db, utc_now
from core.errors import Conflict
from core.localised import N_
from core.revisions import bump
from talent_pool.consent import TEXT_VERSION, acting_person, find_consent, joining_person
from talent_pool.index import clear_index
from talent_pool.models import ContactRequest, PoolConsent, PoolProfile

REVISION = "pool"
HANDLE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def join_pool(*, actor: Actor) -> PoolProfile:
    """Give consent to the present text; returns a new, empty profile that nobody sees before it is saved.

    Raises Forbidden unless the actor is a signed-in person, Conflict when they are in already or have no
    confirmed address.
    """
    person_id = joining_person(actor)
    if find_consent(person_id) is not None:
        raise Conflict(N_("You are in the talent pool already."))
    consent = PoolConsent(person_id=person_id, text_version=TEXT_VERSION, given_at=utc_now())
    profile = PoolProfile(person_id=person_id, handle=new_handle(), updated_at=utc_now(), card={})
    try:
        with db.session.begin_nested():
            db.session.add_all([consent, profile])
    except IntegrityError:  # two windows at once: the database lets one of them in
        raise Conflict(N_("You are in the talent pool already.")) from None
    record(actor, "give", "pool_consent", consent.id, details={"text_version": TEXT_VERSION})
    bump(REVISION)
    return profile


def leave_pool(*, actor: Actor) -> None:
    """Withdraw consent: profile, index and contact requests are gone at once; when it was given and ended stays.

    Somebody who is not in the pool is not in it afterwards either: a second click does no harm.
    """
    person_id = acting_person(actor)
    consent = find_consent(person_id)
    if consent is None:
        return
    consent.withdrawn_at = utc_now()
    query = select(PoolProfile.id).where(PoolProfile.person_id == person_id).with_for_update()
    for key in db.session.scalars(query).all():
        clear_index(key)
        for model, column in ((ContactRequest, ContactRequest.profile_id), (PoolProfile, PoolProfile.id)):
            rows = delete(model).where(column == key)
            db.session.execute(rows, execution_options={"synchronize_session": "fetch"})
    db.session.flush()
    record(actor, "withdraw", "pool_consent", consent.id)
    bump(REVISION)


def new_handle() -> str:
    """A random name for a card, such as 7KQM-X3PD: it matches no other id, and a rejoining person gets another."""
    letters = "".join(secrets.choice(HANDLE_LETTERS) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"

"""What the talent pool holds about one person, for their download."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import select

from accounts.public import eraser, own_data_provider
from core.access import Actor
from core.db import db
from talent_pool.models import EmployerMember, PoolConsent, PoolProfile
from talent_pool.person_models import PoolCv, PoolInvitation
from talent_pool.queries import consents_of, events_of, requests_to
from talent_pool.services.choices import choices_of
from talent_pool.services.deletions import deletions_for
from talent_pool.services.employers import find_employer_of
from talent_pool.services.records import receipt_of, records_of
from talent_pool.services.rights import erase, rights_of


@own_data_provider("talent_pool")
def pool_data(person_id: int) -> dict[str, Any]:
    """Consents and their records, the card and who may see it, what employers asked and did, rights, invitations."""
    profile = db.session.scalar(select(PoolProfile).where(PoolProfile.person_id == person_id))
    invitation = db.session.scalar(select(PoolInvitation).where(PoolInvitation.person_id == person_id))
    consents = consents_of(person_id)
    return {
        "consents": [_consent_data(row) for row in consents],
        "consent_records": [receipt_of(row) for row in records_of(person_id)],
        "profile": _profile_data(profile) if profile else None,
        "choices": asdict(choices_of(consents[-1], profile)) if profile and consents else None,
        "contact_requests": [asdict(request) for request in requests_to(profile.id)] if profile else [],
        "log": events_of(person_id),
        "deletions_asked": [asdict(line) for line in deletions_for(person_id)],
        "rights_requests": [
            {"kind": row.kind, "words": row.words, "asked_at": row.asked_at, "answer": row.answer}
            for row in rights_of(person_id)
        ],
        "invitation": {"invited_at": invitation.invited_at, "reminded_at": invitation.reminded_at}
        if invitation
        else None,
        "employer": _employer_data(person_id),
    }


def _employer_data(person_id: int) -> dict[str, Any] | None:
    employer = find_employer_of(person_id)
    if employer is None:
        return None
    return {name: getattr(employer, name) for name in ("name", "name_local", "kind", "state")}


def _consent_data(row: PoolConsent) -> dict[str, Any]:
    names = (
        "text_version", "given_at", "confirmed_at", "allows_abroad", "allows_statistics", "withdrawn_at"
    )  # fmt: skip
    return {name: getattr(row, name) for name in names}


def _profile_data(profile: PoolProfile) -> dict[str, Any]:
    cv = db.session.execute(
        select(PoolCv.size, PoolCv.uploaded_at).where(PoolCv.profile_id == profile.id)
    ).first()
    return {
        "handle": profile.handle,
        "card": profile.card,
        "headline": profile.headline,
        "about": profile.about,
        "facts": profile.facts,
        "hidden": profile.hidden,
        "shows_results": profile.shows_results,
        "shows_exactly": profile.shows_exactly,
        "is_listed": profile.is_listed,
        "paused_at": profile.paused_at,
        "updated_at": profile.updated_at,
        "cv": {"size": cv.size, "uploaded_at": cv.uploaded_at} if cv else None,
    }


@eraser
def erase_from_pool(person_id: int, address: str) -> None:
    """Leave the pool and cut what remains of it from the person; they act for no employer any more."""
    erase(actor=Actor(person_id=person_id, user_id=person_id))
    for row in db.session.scalars(select(EmployerMember).where(EmployerMember.person_id == person_id)):
        db.session.delete(row)
    db.session.flush()

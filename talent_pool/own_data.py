"""What the talent pool holds about one person, for their download."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import select

from accounts.public import own_data_provider
from core.db import db
from talent_pool.models import PoolProfile
from talent_pool.queries import consents_of, requests_to
from talent_pool.services.employers import find_employer_of


@own_data_provider("talent_pool")
def pool_data(person_id: int) -> dict[str, Any]:
    """Consents, the card, what employers asked, and the organisation they act for."""
    profile = db.session.scalar(select(PoolProfile).where(PoolProfile.person_id == person_id))
    employer = find_employer_of(person_id)
    return {
        "consents": [
            {"text_version": row.text_version, "given_at": row.given_at, "withdrawn_at": row.withdrawn_at}
            for row in consents_of(person_id)
        ],
        "profile": _profile_data(profile) if profile else None,
        "contact_requests": [asdict(request) for request in requests_to(profile.id)] if profile else [],
        "employer": {
            "name": employer.name,
            "name_local": employer.name_local,
            "kind": employer.kind,
            "state": employer.state,
        }
        if employer
        else None,
    }


def _profile_data(profile: PoolProfile) -> dict[str, Any]:
    return {
        "handle": profile.handle,
        "card": profile.card,
        "facts": profile.facts,
        "hidden": profile.hidden,
        "shows_results": profile.shows_results,
        "is_listed": profile.is_listed,
        "updated_at": profile.updated_at,
    }

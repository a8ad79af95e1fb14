"""A person's CV: a PDF told by its content, kept with the profile, replaced and removed at will."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from core.access import Actor
from core.audit import record
from core.db import db, utc_now
from core.errors import Invalid
from core.localised import N_
from core.plain_pdf import check_plain_pdf
from talent_pool.consent import get_own_profile
from talent_pool.person_models import PoolCv

MOST_BYTES = 5 * 1024 * 1024


def save_cv(*, actor: Actor, data: bytes, now: datetime | None = None) -> PoolCv:
    """Keep this file as one's CV in place of an earlier one. Raises Invalid."""
    profile = get_own_profile(actor, is_changing=True)
    check_cv(data)
    _delete(profile.id)
    row = PoolCv(
        profile_id=profile.id, name="CV.pdf", size=len(data), uploaded_at=now or utc_now(), data=data
    )
    db.session.add(row)
    db.session.flush()
    record(actor, "upload", "pool_cv", row.id, personal=["data"])
    return row


def remove_cv(*, actor: Actor) -> None:
    """Remove one's CV; without one, nothing happens."""
    profile = get_own_profile(actor, is_changing=True)
    _delete(profile.id)
    record(actor, "remove", "pool_cv", None, details={"profile": profile.id})


def find_cv(profile_id: int) -> PoolCv | None:
    """The CV of a profile, for its own person; employers ask talent_pool.consent."""
    return db.session.scalar(select(PoolCv).where(PoolCv.profile_id == profile_id))


def check_cv(data: bytes) -> None:
    """Raise Invalid unless these bytes are a whole PDF, not too large, and without anything that runs."""
    if not data:
        raise Invalid(N_("Choose a file first."))
    if len(data) > MOST_BYTES:
        raise Invalid(N_("This file is larger than 5 MB. Save it smaller, for example without pictures."))
    check_plain_pdf(data)


def _delete(profile_id: int) -> None:
    rows = delete(PoolCv).where(PoolCv.profile_id == profile_id)
    db.session.execute(rows, execution_options={"synchronize_session": "fetch"})

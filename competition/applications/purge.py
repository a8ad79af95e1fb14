"""Six months after an edition, what was not chosen and what was sensitive in applications is deleted."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from sqlalchemy import delete, select, update

from competition.applications.models import Application, ApplicationCall
from competition.editions.public import Edition
from core.db import db, unit_of_work
from core.worker import purge_step

KEPT = timedelta(days=183)
NOT_CHOSEN = ("applied", "reserve", "declined", "withdrawn")
EMPTIED = {"gender": "", "motivation": "", "wishes_together": "", "wishes_apart": "", "culture": ""}


@purge_step
def purge_applications(now: datetime) -> None:
    """Delete applications that led to nothing (with their reviews), empty the sensitive answers of the others."""
    with unit_of_work():
        for edition_id in _over(now):
            mine = Application.edition_id == edition_id
            db.session.execute(delete(Application).where(mine, Application.state.in_(NOT_CHOSEN)))
            db.session.execute(update(Application).where(mine).values(**EMPTIED))


def _over(now: datetime) -> list[int]:
    """Editions that ended (or, without a day, whose call closed) six months ago."""
    rows = db.session.execute(
        select(Edition.id, Edition.ends_on, ApplicationCall.closes_at).join(
            ApplicationCall, ApplicationCall.edition_id == Edition.id
        )
    )
    ends = (
        (key, datetime.combine(ends_on, time.max, UTC) if ends_on else closes_at)
        for key, ends_on, closes_at in rows
    )
    return [key for key, end in ends if end is not None and end + KEPT < now]

"""Private links that live as long as registration does: they move when its end moves."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from core.access import CapacityKind
from core.db import db
from core.links import PrivateLink

INVITATION = timedelta(days=14)
"""How long an invitation works at least, whatever the deadline."""
GRACE = timedelta(days=1)
"""How long links outlive the deadline: whoever is typing then is told so, and keeps what they typed."""
MOVING = (CapacityKind.REGISTRANT, CapacityKind.CAPTAIN)


def end_of_captains_link(closes_at: datetime | None, made_at: datetime) -> datetime:
    """Until registration closes (and a little longer), and at least as long as an invitation."""
    return max((closes_at or made_at) + GRACE, made_at + INVITATION)


def end_of_registration_link(closes_at: datetime | None, made_at: datetime) -> datetime:
    """Until registration closes, and a little longer; without a deadline as long as an invitation."""
    return closes_at + GRACE if closes_at is not None else made_at + INVITATION


def move_links(edition_id: int, closes_at: datetime) -> None:
    """Give every link of this edition that nobody ended the end that follows from the new deadline.

    Links that ran out with the earlier deadline work again when the new one is later: captains hold them already.
    """
    query = select(PrivateLink).where(
        PrivateLink.edition_id == edition_id,
        PrivateLink.purpose.in_(MOVING),
        PrivateLink.revoked_at.is_(None),
    )
    for link in db.session.scalars(query):
        if link.purpose == CapacityKind.CAPTAIN:
            link.expires_at = end_of_captains_link(closes_at, link.created_at)
        elif link.subject_id is None:
            link.expires_at = end_of_registration_link(closes_at, link.created_at)
    db.session.flush()

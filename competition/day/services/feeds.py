"""Use cases of calendar links: one address per person and capacity, made, made anew, ended."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from sqlalchemy import select

from competition.day.models import CalendarFeed
from competition.editions.public import Edition
from competition.entries.public import find_own_delegate
from core.access import Actor, CapacityKind
from core.audit import edition_scope, record
from core.db import db
from core.errors import Forbidden
from core.links import PrivateLink, create_link, find_live_link, revoke_link

LASTS_AFTER = timedelta(days=60)
LASTS_WITHOUT_DATES = timedelta(days=366)
K = CapacityKind
KINDS = (
    (K.JUDGE, "judge"),
    (K.COACH, "coach"),
    (K.DIRECTOR, "organiser"),
    (K.TAB, "organiser"),
)
"""Whose agenda a link shows, the first that the person is; before them a delegate, or for a captain the captain."""


def _whose(actor: Actor, edition: Edition) -> tuple[str, int] | None:
    if (delegate := find_own_delegate(actor, edition)) is not None:
        return "delegate", delegate.id
    for capacity, kind in KINDS:
        found = actor.capacities_of(capacity, edition_id=edition.id)
        if found and found[0].subject_id is not None:
            return kind, found[0].subject_id
    return None


def _find_feed(edition: Edition, kind: str, subject_id: int) -> CalendarFeed | None:
    return db.session.scalar(
        select(CalendarFeed).where(
            CalendarFeed.edition_id == edition.id,
            CalendarFeed.kind == kind,
            CalendarFeed.subject_id == subject_id,
        )
    )


def find_own_link(actor: Actor, edition: Edition) -> PrivateLink | None:
    """The actor's calendar link that works now."""
    whose = _whose(actor, edition)
    feed = _find_feed(edition, *whose) if whose else None
    if feed is None:
        return None
    return find_live_link(purpose=K.CALENDAR, edition_id=edition.id, subject_id=feed.id)


def make_link(*, actor: Actor, edition: Edition, now: datetime) -> PrivateLink:
    """A new calendar link for the actor's own agenda; an earlier one ends. Raises Forbidden for who has none."""
    whose = _whose(actor, edition)
    if whose is None:
        raise Forbidden
    feed = _find_feed(edition, *whose)
    if feed is None:
        feed = CalendarFeed(edition_id=edition.id, kind=whose[0], subject_id=whose[1])
        db.session.add(feed)
        db.session.flush()
    link = create_link(
        purpose=K.CALENDAR, edition_id=edition.id, subject_id=feed.id, expires_at=_end(edition, now)
    )
    record(actor, "calendar.linked", feed.kind, feed.subject_id, scope=edition_scope(edition.id))
    return link


def _end(edition: Edition, now: datetime) -> datetime:
    """Two months after the last day, and never at once."""
    if edition.ends_on is None:
        return now + LASTS_WITHOUT_DATES
    last = datetime.combine(edition.ends_on, time(), tzinfo=UTC) + LASTS_AFTER
    return max(last, now + LASTS_AFTER)


def stop_link(*, actor: Actor, edition: Edition) -> None:
    """End the actor's calendar link; calendars that have it get nothing any more."""
    link = find_own_link(actor, edition)
    if link is None:
        return
    revoke_link(link)
    record(actor, "calendar.unlinked", "private_link", link.id, scope=edition_scope(edition.id))

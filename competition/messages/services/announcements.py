"""Announcing: write, publish, change, withdraw. What was published says when, and is never changed in silence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from competition.editions.public import Edition
from competition.messages.audiences import choices
from competition.messages.models import Announcement
from core.access import Actor
from core.audit import edition_scope, record
from core.db import db, hold, utc_now
from core.errors import Conflict, Invalid, Stale
from core.localised import N_
from core.revisions import bump

FIELDS = ("title", "title_zh", "body", "body_zh", "audience", "is_public")


def write_announcement(*, actor: Actor, edition: Edition, values: Mapping[str, Any]) -> Announcement:
    """A new announcement that nobody sees yet. Raises Invalid where it says nothing in either language."""
    _check(edition, values)
    row = Announcement(edition_id=edition.id, created_at=utc_now(), **values)
    db.session.add(row)
    db.session.flush()
    _record(actor, "announcement.written", row)
    return row


def edit_announcement(
    *, actor: Actor, edition: Edition, row: Announcement, values: Mapping[str, Any], version: int
) -> None:
    """Change an announcement; its readers see the change at once. Raises Stale, Conflict once withdrawn."""
    hold(row)
    if row.version != version:
        raise Stale
    if row.withdrawn_at is not None:
        raise Conflict(N_("This announcement was withdrawn. Write a new one."))
    _check(edition, values)
    for name in FIELDS:
        setattr(row, name, values[name])
    row.version += 1
    db.session.flush()
    _record(actor, "announcement.edited", row)


def publish_announcement(*, actor: Actor, row: Announcement, now: datetime) -> None:
    """Show it to its audience from now on. Raises Conflict once withdrawn; publishing twice changes nothing."""
    hold(row)
    if row.withdrawn_at is not None:
        raise Conflict(N_("This announcement was withdrawn. Write a new one."))
    if row.published_at is None:
        row.published_at = now
        row.version += 1
        db.session.flush()
        _record(actor, "announcement.published", row)


def withdraw_announcement(*, actor: Actor, row: Announcement, now: datetime) -> None:
    """Take it off every page; it stays in the organisers' list."""
    hold(row)
    if row.withdrawn_at is None:
        row.withdrawn_at = now
        row.version += 1
        db.session.flush()
        _record(actor, "announcement.withdrawn", row)


def _check(edition: Edition, values: Mapping[str, Any]) -> None:
    if not (values["title"] and values["body"]) and not (values["title_zh"] and values["body_zh"]):
        raise Invalid(N_("Write a title and a text in at least one of the two languages."))
    if values["audience"] not in dict(choices(edition)):
        raise Invalid(N_("Choose for whom this is."))


def _record(actor: Actor, verb: str, row: Announcement) -> None:
    scope = edition_scope(row.edition_id)
    record(actor, verb, "announcement", row.id, scope=scope, details={"audience": row.audience})
    bump(scope)

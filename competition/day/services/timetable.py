"""Use cases of the timetable: write a line, take one away, publish it; those concerned are told at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from competition.day.models import Timetable, TimetableItem
from competition.day.queries import find_timetable, items_of
from competition.day.services.telling import Told, shown, tell
from competition.editions.public import Edition
from core.access import Actor
from core.audit import edition_scope, record
from core.db import db, hold
from core.errors import Invalid, Stale
from core.localised import N_
from core.revisions import bump

MOST_ITEMS = 400
FIELDS = (
    "title",
    "title_zh",
    "starts_at",
    "ends_at",
    "site",
    "place",
    "room_id",
    "audience",
    "division_id",
    "link",
    "backup_link",
)
MATTERS = frozenset(FIELDS) - {"title", "title_zh"}
"""A change of one of these is worth a mail; a better title is not."""


def save_item(
    *,
    actor: Actor,
    edition: Edition,
    item: TimetableItem | None,
    version: int,
    values: Mapping[str, Any],
    now: datetime,
) -> tuple[TimetableItem, int]:
    """Add a line or change one; returns it and how many people are told of the change.

    Raises Stale when somebody else saved it in the meantime, Invalid when it ends before it starts.
    """
    hold(edition)
    if values["ends_at"] <= values["starts_at"]:
        raise Invalid(N_("This ends before it starts."))
    if item is None:
        if len(items_of(edition.id)) >= MOST_ITEMS:
            raise Invalid(N_("A timetable has at most %(most)d lines."), most=MOST_ITEMS)
        item, before = TimetableItem(edition_id=edition.id, version=0, sequence=-1), None
        db.session.add(item)
    else:
        _hold_version(item, version)
        before = shown(edition, item)
    changed = [name for name in FIELDS if getattr(item, name) != values[name]]
    for name in changed:
        setattr(item, name, values[name])
    item.version += 1
    if changed:
        item.sequence, item.changed_at = (item.sequence or 0) + 1, now
    db.session.flush()
    _record(actor, edition, "timetable.saved", item, changed=changed if before is not None else [])
    if before is not None and not MATTERS & set(changed):
        return item, 0
    return item, _tell(actor, edition, before, shown(edition, item), now)


def remove_item(*, actor: Actor, edition: Edition, item: TimetableItem, version: int, now: datetime) -> int:
    """Take a line away; returns how many people are told."""
    hold(edition)
    _hold_version(item, version)
    before = shown(edition, item)
    db.session.delete(item)
    db.session.flush()
    _record(actor, edition, "timetable.removed", item, name=item.title)
    return _tell(actor, edition, before, None, now)


def publish_timetable(
    *, actor: Actor, edition: Edition, version: int, is_published: bool, now: datetime
) -> Timetable:
    """Show the timetable to those concerned, or to organisers only again. Raises Stale."""
    hold(edition)
    row = find_timetable(edition.id)
    if row is None:
        row = Timetable(edition_id=edition.id, version=0)
        db.session.add(row)
        db.session.flush()
    if row.version != version:
        raise Stale
    row.published_at = (row.published_at or now) if is_published else None
    row.version += 1
    db.session.flush()
    scope = edition_scope(edition.id)
    verb = "timetable.published" if is_published else "timetable.hidden"
    record(actor, verb, "edition", edition.id, scope=scope)
    bump(scope)
    return row


def _tell(actor: Actor, edition: Edition, before: Told | None, after: Told | None, now: datetime) -> int:
    row = find_timetable(edition.id)
    if row is None or row.published_at is None:
        return 0
    return tell(edition, before, after, now=now, without=actor.person_id)


def _hold_version(item: TimetableItem, version: int) -> None:
    hold(item)
    if item.version != version:
        raise Stale


def _record(
    actor: Actor, edition: Edition, verb: str, item: TimetableItem, **details: str | list[str]
) -> None:
    scope = edition_scope(edition.id)
    record(actor, verb, "timetable_item", item.id, scope=scope, details=details)
    bump(scope)

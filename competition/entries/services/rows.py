"""What every row of the roster gets: its place, its code, and an entry in the audit when it changes."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from competition.editions.public import Edition
from competition.entries.models import Delegate, Judge, Team
from core.access import Actor
from core.audit import edition_scope, record
from core.db import db
from core.revisions import bump

LETTERS: dict[type[Delegate] | type[Judge], str] = {Delegate: "D", Judge: "J"}


def next_position(model: type[Team] | type[Delegate] | type[Judge], edition: Edition) -> int:
    """The place behind all others of its kind, counted from 0."""
    last = db.session.scalar(select(func.max(model.position)).where(model.edition_id == edition.id))
    return 0 if last is None else last + 1


def free_code(model: type[Delegate] | type[Judge], edition: Edition, position: int) -> str:
    """The first code from the place on that nobody of the edition has: D001, J001."""
    taken = set(db.session.scalars(select(model.code).where(model.edition_id == edition.id)))
    number = position + 1
    while (code := f"{LETTERS[model]}{number:03d}") in taken:
        number += 1
    return code


def record_row(
    actor: Actor,
    edition: Edition,
    verb: str,
    thing: str,
    thing_id: int,
    personal: Sequence[str] = (),
    changed: Sequence[str] = (),
    **gone: int | str,
) -> None:
    """Put a change on record. `gone`: what the log can still say of a row that is not there afterwards; no person's
    name."""
    details = {**({"changed": list(changed)} if changed else {}), **gone}
    record(actor, verb, thing, thing_id, scope=edition_scope(edition.id), details=details, personal=personal)
    bump(edition_scope(edition.id))

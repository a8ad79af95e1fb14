"""Changing the rubric: possible until the first sheet is submitted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete

from competition.editions.public import Edition
from core.access import Actor
from core.audit import edition_scope, record
from core.db import db
from core.errors import Conflict, Invalid
from core.localised import N_
from core.revisions import bump
from judging.models import Criterion, Mark
from judging.queries import criteria_of, has_submitted_sheet, next_position

LOCKED = N_(
    "The rubric is locked: a judge has submitted a sheet, and every sheet is marked by the same rubric."
)


def save_criterion(
    *, actor: Actor, edition: Edition, values: Mapping[str, Any], criterion: Criterion | None = None
) -> Criterion:
    """Add a criterion, or change `criterion`. Raises Conflict when locked, Invalid for a code already used."""
    refuse_locked(edition)
    _check(edition, values, criterion)
    if criterion is None:
        criterion = Criterion(edition_id=edition.id, position=next_position(edition.id))
        db.session.add(criterion)
    elif criterion.target != values["target"]:
        db.session.execute(delete(Mark).where(Mark.criterion_id == criterion.id))
    for name, value in values.items():
        setattr(criterion, name, value)
    db.session.flush()
    _record(actor, "save_criterion", edition, code=criterion.code)
    return criterion


def remove_criterion(*, actor: Actor, edition: Edition, criterion: Criterion) -> None:
    """Take a criterion out, with what drafts hold for it."""
    refuse_locked(edition)
    db.session.execute(delete(Mark).where(Mark.criterion_id == criterion.id))
    db.session.delete(criterion)
    db.session.flush()
    _record(actor, "remove_criterion", edition, code=criterion.code)


def move_criterion(*, actor: Actor, edition: Edition, criterion: Criterion, by: int) -> None:
    """Move a criterion up (-1) or down (1) among those of the same target."""
    refuse_locked(edition)
    peers = [one for one in criteria_of(edition.id) if one.target == criterion.target]
    at = next(number for number, one in enumerate(peers) if one.id == criterion.id)
    peers.insert(max(0, min(at + by, len(peers) - 1)), peers.pop(at))
    others = [one for one in criteria_of(edition.id) if one.target != criterion.target]
    for position, one in enumerate(peers + others):
        one.position = position
    db.session.flush()
    _record(actor, "move_criterion", edition, code=criterion.code)


def refuse_locked(edition: Edition) -> None:
    """Raise Conflict once a sheet was submitted."""
    if has_submitted_sheet(edition.id):
        raise Conflict(LOCKED)


def _check(edition: Edition, values: Mapping[str, Any], criterion: Criterion | None) -> None:
    own_id = criterion.id if criterion is not None else None
    if any(one.code == values["code"] and one.id != own_id for one in criteria_of(edition.id)):
        raise Invalid(
            N_("Another criterion has the code “%(code)s”. Choose a different one."), code=values["code"]
        )
    if values["minimum"] >= values["maximum"]:
        raise Invalid(N_("The highest mark must be above the lowest one."))
    step = values["step"]
    if step is not None and (step <= 0 or (values["maximum"] - values["minimum"]) % step != 0):
        raise Invalid(N_("The step must lead exactly from the lowest mark to the highest one."))
    if values["weight"] <= 0:
        raise Invalid(N_("The weight must be above zero."))


def _record(actor: Actor, verb: str, edition: Edition, **details: Any) -> None:
    record(actor, verb, "rubric", edition.id, scope=edition_scope(edition.id), details=details)
    bump(edition_scope(edition.id))

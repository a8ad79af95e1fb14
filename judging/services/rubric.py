"""Changing the rubric: possible until a sheet exists; every change is a version."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from competition.editions.public import Edition
from core.access import Actor
from core.audit import edition_scope, record
from core.db import db, utc_now
from core.errors import Conflict, Invalid, NotFound
from core.localised import N_
from core.revisions import bump
from judging.models import Criterion, RubricVersion
from judging.queries import criteria_of, has_sheet, next_position
from judging.rubric_templates import TEMPLATES

LOCKED = N_("The rubric is locked: a judge has begun a sheet, and every sheet is marked by the same rubric.")
FIELDS = (
    "code",
    "name",
    "name_zh",
    "target",
    "minimum",
    "maximum",
    "step",
    "weight",
    "session",
    "anchors",
    "may_be_unobserved",
)


def save_criterion(
    *, actor: Actor, edition: Edition, values: Mapping[str, Any], criterion: Criterion | None = None
) -> Criterion:
    """Add a criterion, or change `criterion`. Raises Conflict when locked, Invalid for what breaks a rule."""
    refuse_locked(edition)
    checked = {**values, "anchors": sorted_anchors(values)}
    _check(edition, checked, criterion)
    if criterion is None:
        criterion = Criterion(edition_id=edition.id, position=next_position(edition.id))
        db.session.add(criterion)
    for name, value in checked.items():
        setattr(criterion, name, value)
    db.session.flush()
    _record(actor, "save_criterion", edition, code=criterion.code)
    return criterion


def remove_criterion(*, actor: Actor, edition: Edition, criterion: Criterion) -> None:
    """Take a criterion out."""
    refuse_locked(edition)
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


def begin_with(*, actor: Actor, edition: Edition, template: str) -> None:
    """Write a template's criteria into an empty rubric. Raises Conflict where there are criteria already."""
    refuse_locked(edition)
    chosen = next((one for one in TEMPLATES if one.code == template), None)
    if chosen is None:
        raise NotFound(N_("There is no such rubric to begin with."))
    if criteria_of(edition.id):
        raise Conflict(N_("This rubric has criteria already. Remove them before you begin with another one."))
    for position, values in enumerate(chosen.criteria):
        db.session.add(Criterion(edition_id=edition.id, position=position, **values))
    db.session.flush()
    _record(actor, "begin_rubric", edition, template=template)


def refuse_locked(edition: Edition) -> None:
    """Raise Conflict once a sheet exists."""
    if has_sheet(edition.id):
        raise Conflict(LOCKED)


def versions_of_rubric(edition_id: int) -> list[RubricVersion]:
    """Every version of the rubric, newest first."""
    query = select(RubricVersion).where(RubricVersion.edition_id == edition_id)
    return list(db.session.scalars(query.order_by(RubricVersion.number.desc())))


def sorted_anchors(values: Mapping[str, Any]) -> list[dict[str, str]]:
    """The anchors of a criterion from the lowest mark up, those without any text left out."""
    given = [one for one in values.get("anchors") or () if one["text"] or one["text_zh"]]
    return sorted(given, key=lambda one: Decimal(one["mark"]))


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
    _check_anchors(values)


def _check_anchors(values: Mapping[str, Any]) -> None:
    marks = [Decimal(one["mark"]) for one in values["anchors"]]
    for mark in marks:
        if not values["minimum"] <= mark <= values["maximum"]:
            raise Invalid(
                N_("%(mark)s is described, but marks go from %(low)s to %(high)s."),
                mark=format(mark, "f"),
                low=format(values["minimum"], "f"),
                high=format(values["maximum"], "f"),
            )
    if len(set(marks)) < len(marks):
        raise Invalid(N_("The same mark is described twice."))


def _record(actor: Actor, verb: str, edition: Edition, **details: Any) -> None:
    last = db.session.scalar(
        select(func.max(RubricVersion.number)).where(RubricVersion.edition_id == edition.id)
    )
    db.session.add(
        RubricVersion(
            edition_id=edition.id,
            number=(last or 0) + 1,
            criteria=[_stored(one) for one in criteria_of(edition.id)],
            changed_at=utc_now(),
            changed_by=actor.person_id,
        )
    )
    db.session.flush()
    record(actor, verb, "rubric", edition.id, scope=edition_scope(edition.id), details=details)
    bump(edition_scope(edition.id))


def _stored(criterion: Criterion) -> dict[str, Any]:
    values = {name: getattr(criterion, name) for name in FIELDS}
    return {
        name: format(value, "f") if isinstance(value, Decimal) else value for name, value in values.items()
    }

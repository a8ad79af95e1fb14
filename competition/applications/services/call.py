"""Use cases of the call: letting people apply alone, what reviewers score."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from competition.applications.models import Application, ApplicationCall, Review, ReviewCriterion
from competition.applications.queries import criteria_of, find_call
from competition.applications.services.records import hold_version, noted
from competition.editions.public import Edition, find_notice
from core.access import Actor
from core.db import db, hold
from core.errors import Conflict, Invalid
from core.localised import N_

FIRST_CRITERIA = (
    ("Motivation", "参赛动机"),
    ("Argument and language", "论证与语言表达"),
    ("What they bring to a mixed team", "对跨学科团队的贡献"),
)


def save_call(*, actor: Actor, edition: Edition, version: int, values: Mapping[str, Any]) -> ApplicationCall:
    """Set up how people apply alone; raises Invalid when it opens without a privacy notice or an end."""
    hold(edition)
    call = find_call(edition.id)
    if values["is_on"] and find_notice(edition.id) is None:
        raise Invalid(N_("People cannot apply before the privacy notice is written."))
    if values["is_on"] and values["closes_at"] is None:
        raise Invalid(N_("Say until when people may apply."))
    if call is None:
        call = ApplicationCall(edition_id=edition.id, version=0)
        db.session.add(call)
        _add_first_criteria(edition)
    else:
        hold_version(call, version)
    for name, value in values.items():
        setattr(call, name, value)
    call.version += 1
    db.session.flush()
    noted(actor, edition.id, "save", "application_call", call.id, details={"is_on": call.is_on})
    return call


def _add_first_criteria(edition: Edition) -> None:
    if not criteria_of(edition.id):
        db.session.add_all(
            ReviewCriterion(edition_id=edition.id, name=name, name_zh=name_zh, position=position)
            for position, (name, name_zh) in enumerate(FIRST_CRITERIA)
        )


def add_criterion(*, actor: Actor, edition: Edition, values: Mapping[str, Any]) -> ReviewCriterion:
    """One more thing to score, as long as nobody has scored anything."""
    hold(edition)
    _refuse_once_scored(edition)
    row = ReviewCriterion(edition_id=edition.id, position=len(criteria_of(edition.id)), **values)
    db.session.add(row)
    db.session.flush()
    noted(actor, edition.id, "add", "review_criterion", row.id)
    return row


def remove_criterion(*, actor: Actor, edition: Edition, criterion: ReviewCriterion) -> None:
    """Score one thing less, as long as nobody has scored anything."""
    hold(edition)
    _refuse_once_scored(edition)
    db.session.delete(criterion)
    noted(actor, edition.id, "remove", "review_criterion", criterion.id)


def is_scored(edition_id: int) -> bool:
    """Whether any reviewer has given marks."""
    query = select(Review.id).join(Application, Application.id == Review.application_id)
    found = query.where(Application.edition_id == edition_id, Review.is_conflict.is_(False)).limit(1)
    return db.session.scalar(found) is not None


def _refuse_once_scored(edition: Edition) -> None:
    if is_scored(edition.id):
        raise Conflict(N_("Reviewers have begun to score, so what they score stays as it is."))

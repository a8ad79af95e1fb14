"""Reading applications, reviewers and the teams being formed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from competition.applications.models import (
    Application,
    ApplicationCall,
    PairWish,
    Review,
    ReviewCriterion,
    Reviewer,
    TeamPlan,
)
from competition.applications.selection import Ranked, Weighing, ranked
from competition.editions.public import Edition
from core.access import Actor, CapacityKind
from core.db import db
from core.errors import NotFound
from core.localised import N_


def find_call(edition_id: int) -> ApplicationCall | None:
    """How people apply alone for this edition, if it was ever set up."""
    return db.session.scalar(select(ApplicationCall).where(ApplicationCall.edition_id == edition_id))


def is_call_open(edition: Edition, call: ApplicationCall | None, now: datetime) -> bool:
    """Whether people may apply and change what they wrote (worked out when read)."""
    return (
        call is not None
        and call.is_on
        and edition.archived_at is None
        and call.closes_at is not None
        and now < call.closes_at
    )


def criteria_of(edition_id: int) -> Sequence[ReviewCriterion]:
    """What reviewers score, in order."""
    query = select(ReviewCriterion).where(ReviewCriterion.edition_id == edition_id)
    return db.session.scalars(query.order_by(ReviewCriterion.position, ReviewCriterion.id)).all()


def get_criterion(edition_id: int, public_id: str) -> ReviewCriterion:
    """A criterion of this edition; raises NotFound for any other."""
    found = db.session.scalar(
        select(ReviewCriterion).where(
            ReviewCriterion.edition_id == edition_id, ReviewCriterion.public_id == public_id
        )
    )
    if found is None:
        raise NotFound(N_("There is no such criterion in this edition."))
    return found


def applications_of(edition_id: int, *states: str) -> Sequence[Application]:
    """Applications in the order they came, those in some states only where given."""
    query = select(Application).where(Application.edition_id == edition_id)
    if states:
        query = query.where(Application.state.in_(states))
    return db.session.scalars(query.order_by(Application.submitted_at, Application.id)).all()


def get_application(edition_id: int, public_id: str) -> Application:
    """An application of this edition; raises NotFound for any other."""
    found = db.session.scalar(
        select(Application).where(Application.edition_id == edition_id, Application.public_id == public_id)
    )
    if found is None:
        raise NotFound(N_("There is no such application in this edition."))
    return found


def find_own_application(edition_id: int, person_id: int | None, address: str) -> Application | None:
    """The application of a signed-in person: theirs already, or written down for the address they confirmed."""
    if person_id is None:
        return None
    own = (Application.person_id == person_id) | (
        Application.person_id.is_(None) & (Application.contact == address.lower()) & (address != "")
    )
    query = select(Application).where(Application.edition_id == edition_id, own)
    return db.session.scalar(query.order_by(Application.id).limit(1))


def own_applications(person_id: int) -> Sequence[Application]:
    """Every application of a person, newest first."""
    query = select(Application).where(Application.person_id == person_id)
    return db.session.scalars(query.order_by(Application.submitted_at.desc())).all()


def reviewers_of(edition_id: int) -> Sequence[Reviewer]:
    """Who scores applications."""
    query = select(Reviewer).where(Reviewer.edition_id == edition_id)
    return db.session.scalars(query.order_by(Reviewer.name, Reviewer.id)).all()


def get_reviewer(edition_id: int, public_id: str) -> Reviewer:
    """A reviewer of this edition; raises NotFound for any other."""
    found = db.session.scalar(
        select(Reviewer).where(Reviewer.edition_id == edition_id, Reviewer.public_id == public_id)
    )
    if found is None:
        raise NotFound(N_("There is no such reviewer in this edition."))
    return found


def find_own_reviewer(actor: Actor, edition: Edition) -> Reviewer | None:
    """The reviewer that the actor is: by their private link, or as an organiser who joined."""
    held = actor.capacities_of(CapacityKind.REVIEWER, edition_id=edition.id)
    if held:
        return db.session.get(Reviewer, held[0].subject_id)
    if actor.person_id is None:
        return None
    return db.session.scalar(
        select(Reviewer).where(Reviewer.edition_id == edition.id, Reviewer.person_id == actor.person_id)
    )


def reviews_of_reviewer(reviewer_id: int) -> dict[int, Review]:
    """What a reviewer has said so far, by application."""
    rows = db.session.scalars(select(Review).where(Review.reviewer_id == reviewer_id))
    return {row.application_id: row for row in rows}


def reviews_of_application(application_id: int) -> list[tuple[Review, Reviewer]]:
    """Everything said about one application, by reviewer."""
    query = select(Review, Reviewer).join(Reviewer, Reviewer.id == Review.reviewer_id)
    rows = db.session.execute(query.where(Review.application_id == application_id).order_by(Reviewer.id))
    return [(review, reviewer) for review, reviewer in rows]


def review_counts(edition_id: int) -> dict[int, int]:
    """How many reviewers have scored each application."""
    rows = db.session.execute(
        select(Review.application_id, func.count())
        .join(Application, Application.id == Review.application_id)
        .where(Application.edition_id == edition_id, Review.is_conflict.is_(False))
        .group_by(Review.application_id)
    )
    return {row[0]: row[1] for row in rows}


def ranking(edition_id: int) -> list[Ranked]:
    """The applications that have not been withdrawn, by score."""
    criteria = [
        Weighing(key=row.public_id, maximum=row.maximum, weight=row.weight) for row in criteria_of(edition_id)
    ]
    keys = db.session.scalars(
        select(Application.id).where(Application.edition_id == edition_id, Application.state != "withdrawn")
    )
    marks: dict[int, list[dict[str, int]]] = {key: [] for key in keys}
    rows = db.session.execute(
        select(Review.application_id, Review.marks)
        .join(Application, Application.id == Review.application_id)
        .where(Application.edition_id == edition_id, Review.is_conflict.is_(False))
    )
    for key, given in rows:
        if key in marks:
            marks[key].append(given)
    return ranked(marks, criteria)


def pair_wishes(edition_id: int) -> Sequence[PairWish]:
    """The organisers' wishes about pairs."""
    query = select(PairWish).where(PairWish.edition_id == edition_id)
    return db.session.scalars(query.order_by(PairWish.id)).all()


def find_plan(edition_id: int) -> TeamPlan | None:
    """The teams being formed, or formed."""
    return db.session.scalar(select(TeamPlan).where(TeamPlan.edition_id == edition_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class CallState:
    """What other rooms show of a call."""

    is_on: bool
    is_open: bool
    closes_at: datetime | None
    waiting: int


def call_state(edition: Edition, now: datetime) -> CallState:
    """Whether people apply alone for this edition, and how many wait for an answer."""
    call = find_call(edition.id)
    waiting = select(func.count()).where(Application.edition_id == edition.id, Application.state == "applied")
    return CallState(
        is_on=call is not None and call.is_on,
        is_open=is_call_open(edition, call, now),
        closes_at=call.closes_at if call else None,
        waiting=db.session.scalar(waiting) or 0 if call else 0,
    )

"""Use cases of reviewers: inviting them, scoring without seeing the others, being done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from flask import url_for
from sqlalchemy import select

from competition.applications.models import Application, Review, Reviewer
from competition.applications.queries import criteria_of, find_call
from competition.applications.services.letters import post_reviewer_link
from competition.applications.services.records import noted
from competition.editions.public import Edition, get_edition_by_id
from competition.likeness.institutions import are_alike
from core.access import Actor, CapacityKind
from core.db import db, hold, utc_now
from core.errors import Conflict, Invalid
from core.links import Landing, PrivateLink, create_link, find_links, landing, revoke_link
from core.localised import N_

AFTER_THE_CALL = timedelta(days=60)
PERSONAL = ("contact", "institution", "name")


def add_reviewer(
    *, actor: Actor, edition: Edition, name: str, contact: str, institution: str, person_id: int | None = None
) -> Reviewer:
    """A guest who is mailed a link, or (with `person_id`) an organiser who reviews too."""
    hold(edition)
    same = (Reviewer.contact == contact.lower()) | (
        Reviewer.person_id.is_not(None) & (Reviewer.person_id == person_id)
    )
    if db.session.scalar(select(Reviewer.id).where(Reviewer.edition_id == edition.id, same)) is not None:
        raise Conflict(N_("%(name)s is a reviewer already."), name=name)
    row = Reviewer(
        edition_id=edition.id,
        person_id=person_id,
        name=name,
        contact=contact.lower(),
        institution=institution,
        created_at=utc_now(),
    )
    db.session.add(row)
    db.session.flush()
    noted(actor, edition.id, "add", "reviewer", row.id, PERSONAL)
    if person_id is None:
        invite(actor=actor, edition=edition, reviewer=row)
    return row


def invite(*, actor: Actor, edition: Edition, reviewer: Reviewer) -> PrivateLink:
    """A fresh private link for a reviewer; the earlier one ends."""
    call = find_call(edition.id)
    from_when = max(utc_now(), call.closes_at) if call and call.closes_at else utc_now()
    link = create_link(
        purpose=CapacityKind.REVIEWER,
        edition_id=edition.id,
        subject_id=reviewer.id,
        expires_at=from_when + AFTER_THE_CALL,
        bound_address=reviewer.contact,
    )
    post_reviewer_link(edition, reviewer, link)
    noted(actor, edition.id, "invite", "reviewer", reviewer.id)
    return link


def remove_reviewer(*, actor: Actor, edition: Edition, reviewer: Reviewer) -> None:
    """End a reviewer's part; their scores go with them."""
    hold(edition)
    for link in find_links(purpose=CapacityKind.REVIEWER, edition_id=edition.id, subject_id=reviewer.id):
        revoke_link(link)
    for review in db.session.scalars(select(Review).where(Review.reviewer_id == reviewer.id)):
        db.session.delete(review)
    db.session.flush()
    db.session.delete(reviewer)
    noted(actor, edition.id, "remove", "reviewer", reviewer.id, PERSONAL)


def has_conflict(reviewer: Reviewer, application: Application) -> bool:
    """Whether both belong to one institution, or are one person: then the reviewer never scores."""
    return (
        are_alike(reviewer.institution, application.institution) in ("same", "script")
        or reviewer.contact == application.contact
        or (reviewer.person_id is not None and reviewer.person_id == application.person_id)
    )


def save_review(
    *,
    actor: Actor,
    edition: Edition,
    reviewer: Reviewer,
    application: Application,
    marks: Mapping[str, int],
    comment: str,
    is_conflict: bool,
) -> Review:
    """Score an application, or declare a conflict with the person: their marks are dropped then."""
    hold(reviewer)
    if reviewer.done_at is not None:
        raise Conflict(
            N_("You said that you are done, so your scores stand. Ask an organiser to reopen them.")
        )
    if has_conflict(reviewer, application):
        raise Conflict(N_("You do not score people of your own institution, nor yourself."))
    if application.state == "withdrawn":
        raise Conflict(N_("This application has been withdrawn."))
    checked = {} if is_conflict else _checked(edition, marks)
    review = db.session.scalar(
        select(Review).where(Review.application_id == application.id, Review.reviewer_id == reviewer.id)
    )
    if review is None:
        review = Review(application_id=application.id, reviewer_id=reviewer.id)
        db.session.add(review)
    review.marks = checked
    review.comment = "" if is_conflict else comment
    review.is_conflict, review.saved_at = is_conflict, utc_now()
    db.session.flush()
    noted(actor, edition.id, "review", "application", application.id, ("comment", "marks"))
    return review


def _checked(edition: Edition, marks: Mapping[str, int]) -> dict[str, int]:
    found = {}
    for criterion in criteria_of(edition.id):
        mark = marks.get(criterion.public_id)
        if mark is None or not 0 <= mark <= criterion.maximum:
            raise Invalid(
                N_("%(name)s: give a whole number from 0 to %(most)d."),
                name=criterion.name,
                most=criterion.maximum,
            )
        found[criterion.public_id] = mark
    return found


def finish(*, actor: Actor, edition: Edition, reviewer: Reviewer) -> None:
    """The reviewer is done: their scores stand, and they see the others'."""
    hold(reviewer)
    reviewer.done_at = reviewer.done_at or utc_now()
    noted(actor, edition.id, "finish", "reviewer", reviewer.id)


def reopen(*, actor: Actor, edition: Edition, reviewer: Reviewer) -> None:
    """An organiser lets a reviewer go on; that they have seen other scores by then is in the record."""
    hold(reviewer)
    reviewer.done_at = None
    noted(actor, edition.id, "reopen", "reviewer", reviewer.id)


@landing(CapacityKind.REVIEWER)
def land_reviewer(link: PrivateLink) -> Landing:
    """Where a reviewer's link leads."""
    if link.edition_id is None:
        raise LookupError(f"private link {link.id} has lost its edition")
    edition = get_edition_by_id(link.edition_id)
    reviewer = db.session.get(Reviewer, link.subject_id)
    place = url_for("reviewing.queue", slug=edition.slug)
    return Landing(reviewer.name if reviewer else "", place, edition.timezone)

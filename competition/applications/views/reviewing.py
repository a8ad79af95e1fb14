"""Pages of a reviewer: what is left to score, one application at a time, being done."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.public import confirmed_address, get_person
from competition.applications import queries
from competition.applications.forms import JoinForm, ReviewForm, review_form
from competition.applications.models import Application, Review, Reviewer
from competition.applications.services import reviewing
from competition.applications.vocabulary import ATTRIBUTES, word
from competition.editions.public import Edition, get_edition
from core.access import Permission, current_actor, requires
from core.errors import Conflict, DomainError, NotFound
from core.forms import whole_number
from core.localised import chosen_locale, in_language, translated

blueprint = Blueprint("reviewing", __name__, url_prefix="/e/<slug>/review")
SHOWN = ("discipline", "year", "culture", "experience", "institution")


@blueprint.get("")
@requires(Permission.REVIEW_APPLICATIONS)
def queue(slug: str) -> ResponseReturnValue:
    """What is left to score, the applications with the fewest reviews first; an organiser may join here."""
    edition = get_edition(slug)
    own = queries.find_own_reviewer(current_actor(), edition)
    if own is None:
        return render_template("applications/join.html", edition=edition, form=JoinForm())
    said_of = queries.reviews_of_reviewer(own.id)
    mine = _reviewable(edition, own)
    return render_template(
        "applications/queue.html",
        edition=edition,
        reviewer=own,
        open_ones=[row for row in mine if row.id not in said_of],
        done_ones=[(row, said_of[row.id]) for row in mine if row.id in said_of],
        criteria=queries.criteria_of(edition.id),
        word=word,
    )


def _reviewable(edition: Edition, own: Reviewer) -> list[Application]:
    """What the reviewer may score; ties in the number of reviews are broken differently for each reviewer."""
    counts = queries.review_counts(edition.id)
    rows = [
        row
        for row in queries.applications_of(edition.id)
        if row.state != "withdrawn" and not reviewing.has_conflict(own, row)
    ]
    return sorted(rows, key=lambda row: (counts.get(row.id, 0), (row.id * 7919 + own.id * 104_729) % 9973))


@blueprint.post("/join")
@requires(Permission.REVIEW_APPLICATIONS)
def join(slug: str) -> ResponseReturnValue:
    """An organiser reviews too."""
    edition, form, actor = get_edition(slug), JoinForm(), current_actor()
    address = confirmed_address(actor.person_id) if actor.person_id is not None else None
    if actor.person_id is None or not address:
        raise NotFound
    if not form.validate_on_submit():
        return render_template("applications/join.html", edition=edition, form=form), 422
    if queries.find_own_reviewer(actor, edition) is None:
        reviewing.add_reviewer(
            actor=actor,
            edition=edition,
            name=get_person(actor.person_id).name,
            contact=address,
            institution=form.institution.data,
            person_id=actor.person_id,
        )
    return redirect(url_for("reviewing.queue", slug=slug), code=303)


@blueprint.post("/done")
@requires(Permission.REVIEW_APPLICATIONS)
def finish(slug: str) -> ResponseReturnValue:
    """The scores stand; those of the others can be seen from now on."""
    edition = get_edition(slug)
    reviewing.finish(actor=current_actor(), edition=edition, reviewer=_own(edition))
    flash(_("Thank you. Your scores stand, and you can see those of the others now."), "success")
    return redirect(url_for("reviewing.queue", slug=slug), code=303)


@blueprint.get("/<application_id>")
@requires(Permission.REVIEW_APPLICATIONS)
def one(slug: str, application_id: str) -> ResponseReturnValue:
    """One application to score."""
    edition = get_edition(slug)
    row, own = queries.get_application(edition.id, application_id), _own(edition)
    before = queries.reviews_of_reviewer(own.id).get(row.id)
    return _page(edition, own, row, _form(edition, before), before)


@blueprint.post("/<application_id>")
@requires(Permission.REVIEW_APPLICATIONS)
def save(slug: str, application_id: str) -> ResponseReturnValue:
    """Save the scores, or a conflict, and go on to the next one."""
    edition = get_edition(slug)
    row, own = queries.get_application(edition.id, application_id), _own(edition)
    is_conflict = "conflict" in request.form
    form = _form(edition, None)
    before = queries.reviews_of_reviewer(own.id).get(row.id)
    if not is_conflict and not form.validate_on_submit():
        return _page(edition, own, row, form, before), 422
    marks = {
        item.name.removeprefix("mark-"): whole_number(str(item.data or ""), otherwise=-1)
        for item in form
        if item.name.startswith("mark-")
    }
    try:
        reviewing.save_review(
            actor=current_actor(),
            edition=edition,
            reviewer=own,
            application=row,
            marks=marks,
            comment=form.comment.data or "",
            is_conflict=is_conflict,
        )
    except DomainError as fault:
        form.form_errors.append(translated(fault.message, fault.values))
        return _page(edition, own, row, form, before), fault.status
    flash(_("Saved: %(name)s", name=row.name), "success")
    said_of = queries.reviews_of_reviewer(own.id)
    following = next((each for each in _reviewable(edition, own) if each.id not in said_of), None)
    if following is None:
        return redirect(url_for("reviewing.queue", slug=slug), code=303)
    return redirect(url_for("reviewing.one", slug=slug, application_id=following.public_id), code=303)


def _own(edition: Edition) -> Reviewer:
    own = queries.find_own_reviewer(current_actor(), edition)
    if own is None:
        raise Conflict("You do not review yet. Join the reviewers first.")
    return own


def _form(edition: Edition, before: Review | None) -> ReviewForm:
    criteria = [
        (row.public_id, in_language(row.name, row.name_zh, chosen_locale()), row.maximum)
        for row in queries.criteria_of(edition.id)
    ]
    values = {f"mark-{key}": str(mark) for key, mark in before.marks.items()} if before else {}
    comment = before.comment if before else ""
    return review_form(criteria)(data={**values, "comment": comment})


def _page(edition: Edition, own: Reviewer, row: Application, form: ReviewForm, before: Review | None) -> str:
    if reviewing.has_conflict(own, row):
        raise NotFound
    others = queries.reviews_of_application(row.id) if own.done_at is not None else []
    return render_template(
        "applications/review.html",
        edition=edition,
        reviewer=own,
        row=row,
        form=form,
        before=before,
        others=[(review, each) for review, each in others if each.id != own.id and not review.is_conflict],
        criteria=queries.criteria_of(edition.id),
        facts=[(ATTRIBUTES[name], word(name, getattr(row, name))) for name in SHOWN if getattr(row, name)],
    )

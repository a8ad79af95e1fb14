"""Pages on which a director writes what the edition asks its teams and delegates."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.editions.public import Edition, get_edition
from competition.entries.forms import VersionForm
from competition.entries.registering import questions as service
from competition.entries.registering.forms import QuestionForm
from competition.entries.registering.models import Question
from core.access import Permission, current_actor, requires
from core.errors import DomainError, Stale, said
from core.forms import say_what_is_saved
from core.idempotency import once

FIELDS = ("label", "label_zh", "audience", "kind", "choices", "choices_zh", "is_required", "is_sensitive")

blueprint = Blueprint("questions", __name__, url_prefix="/e/<slug>/setup/registration/questions")


@blueprint.get("")
@requires(Permission.EDIT_EDITION)
def index(slug: str) -> ResponseReturnValue:
    """Every question with how many have answered it."""
    edition = get_edition(slug)
    rows = service.questions_of(edition.id)
    return render_template(
        "entries/questions.html",
        edition=edition,
        questions=[(row, service.label_of(row)) for row in rows],
        counts=service.answer_counts(edition.id),
    )


@blueprint.get("/new")
@requires(Permission.EDIT_EDITION)
def new(slug: str) -> ResponseReturnValue:
    """An empty form."""
    return _page(get_edition(slug), None, QuestionForm())


@blueprint.post("/new")
@requires(Permission.EDIT_EDITION)
def add(slug: str) -> ResponseReturnValue:
    """Ask one more question."""
    return _save(get_edition(slug), None)


@blueprint.get("/<question_id>")
@requires(Permission.EDIT_EDITION)
def edit(slug: str, question_id: str) -> ResponseReturnValue:
    """One question."""
    edition = get_edition(slug)
    row = service.get_question(edition.id, question_id)
    return _page(edition, row, QuestionForm(obj=row))


@blueprint.post("/<question_id>")
@requires(Permission.EDIT_EDITION)
def save(slug: str, question_id: str) -> ResponseReturnValue:
    """Change a question."""
    edition = get_edition(slug)
    return _save(edition, service.get_question(edition.id, question_id))


@blueprint.post("/<question_id>/up")
@requires(Permission.EDIT_EDITION)
def move_up(slug: str, question_id: str) -> ResponseReturnValue:
    """Ask it one place earlier."""
    edition = get_edition(slug)
    row = service.get_question(edition.id, question_id)
    service.move_up(actor=current_actor(), edition=edition, question=row)
    return redirect(url_for("questions.index", slug=slug), code=303)


@blueprint.post("/<question_id>/remove")
@requires(Permission.EDIT_EDITION)
def remove(slug: str, question_id: str) -> ResponseReturnValue:
    """Ask it no longer."""
    edition, form = get_edition(slug), VersionForm()
    row = service.get_question(edition.id, question_id)
    service.remove_question(actor=current_actor(), edition=edition, question=row, version=form.version.number)
    flash(_("The question is removed, with its answers."), "success")
    return redirect(url_for("questions.index", slug=slug), code=303)


def _save(edition: Edition, row: Question | None) -> ResponseReturnValue:
    form = QuestionForm()
    if not form.validate_on_submit():
        return _page(edition, row, form), 422

    def work() -> str:
        service.save_question(
            actor=current_actor(),
            edition=edition,
            question=row,
            version=form.version.number,
            values=form.values,
        )
        flash(_("Saved."), "success")
        return url_for("questions.index", slug=edition.slug)

    try:
        return once(current_actor(), f"save_question:{edition.id}", work)
    except DomainError as fault:
        form.form_errors.append(said(fault))
        if isinstance(fault, Stale) and row is not None:
            say_what_is_saved(form, row, FIELDS)
        return _page(edition, row, form), fault.status


def _page(edition: Edition, row: Question | None, form: QuestionForm) -> str:
    return render_template(
        "entries/question.html",
        edition=edition,
        question=row,
        form=form,
        answers=service.count_answers(row.id) if row else 0,
    )

"""The form on which somebody confirms their own data alone: names, the edition's questions, age, the privacy notice."""

from __future__ import annotations

from wtforms import Field

from competition.editions.public import Edition
from competition.entries.forms import ConfirmSelfForm
from competition.entries.models import Delegate, Judge
from competition.entries.registering.models import Question
from competition.entries.registering.questions import (
    answers_in,
    asked_fields,
    given_answers,
    questions_of,
    with_questions,
)


def confirm_form(edition: Edition, me: Delegate | Judge, *, is_filled: bool = False) -> ConfirmSelfForm:
    """The form for a delegate, with what the edition asks of them, or for a judge; `is_filled` with what is known."""
    asked = questions_of(edition.id, "delegate") if isinstance(me, Delegate) else []
    form_class = with_questions(ConfirmSelfForm, asked)
    known = given_answers(me, asked) if isinstance(me, Delegate) and is_filled else {}
    form = form_class(obj=me, **known) if is_filled else form_class()
    if isinstance(me, Judge) or not edition.minimum_age:
        del form.is_of_age
    elif is_filled:
        form.is_of_age.data = (me.age_confirmed or 0) >= edition.minimum_age
    return form


def own_questions(form: ConfirmSelfForm, me: Delegate | Judge) -> list[tuple[Question, Field]]:
    """The questions beside their fields; a judge is asked none."""
    if isinstance(me, Judge):
        return []
    return asked_fields(form, questions_of(me.edition_id, "delegate"))


def own_answers(form: ConfirmSelfForm, me: Delegate) -> dict[int, str]:
    """What was answered, by the key of the question."""
    return answers_in(form, questions_of(me.edition_id, "delegate"))

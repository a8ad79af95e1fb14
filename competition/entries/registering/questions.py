"""An edition's own questions: writing them, the fields they become on a form, and keeping the answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, func, select
from wtforms import Field, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from competition.editions.public import Edition
from competition.entries.models import Delegate, Team
from competition.entries.registering.models import Answer, Question
from core.access import Actor
from core.audit import edition_scope, record
from core.db import db, hold
from core.errors import Conflict, NotFound, Stale
from core.forms import BaseForm, TextField
from core.localised import N_, chosen_locale, in_language
from core.revisions import bump

MOST_QUESTIONS = 40
MOST_CHOICES = 60
PREFIX = "q_"
SomeForm = TypeVar("SomeForm", bound=BaseForm)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A question in the reader's language with what was answered."""

    label: str
    text: str
    is_sensitive: bool


def questions_of(edition_id: int, audience: str | None = None) -> Sequence[Question]:
    """The questions of an edition (to teams or to delegates) in their order."""
    query = select(Question).where(Question.edition_id == edition_id)
    if audience is not None:
        query = query.where(Question.audience == audience)
    return db.session.scalars(query.order_by(Question.position, Question.id)).all()


def get_question(edition_id: int, public_id: str) -> Question:
    """A question of this edition; raises NotFound for any other."""
    query = select(Question).where(Question.edition_id == edition_id, Question.public_id == public_id)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound(N_("There is no such question in this edition."))
    return found


def save_question(
    *, actor: Actor, edition: Edition, question: Question | None, version: int, values: Mapping[str, Any]
) -> Question:
    """Add a question or change one. Once answered, neither its kind nor whom it is asked can change."""
    hold(edition)
    if question is None:
        present = questions_of(edition.id)
        if len(present) >= MOST_QUESTIONS:
            raise Conflict(N_("An edition asks at most %(count)d questions."), count=MOST_QUESTIONS)
        question = Question(edition_id=edition.id, version=0, position=_next_position(present))
    else:
        hold(question)
        if question.version != version:
            raise Stale
        changes_shape = any(getattr(question, name) != values[name] for name in ("audience", "kind"))
        if changes_shape and count_answers(question.id):
            raise Conflict(N_("This question has been answered, so its kind stays. Ask a new one instead."))
    for name, value in values.items():
        setattr(question, name, value)
    question.version += 1
    db.session.add(question)
    db.session.flush()
    _record(actor, edition, "save", question.id)
    return question


def _next_position(present: Sequence[Question]) -> int:
    return max((row.position for row in present), default=-1) + 1


def remove_question(*, actor: Actor, edition: Edition, question: Question, version: int) -> None:
    """Ask no longer; what was answered goes with the question."""
    hold(question)
    if question.version != version:
        raise Stale
    db.session.delete(question)
    db.session.flush()
    _record(actor, edition, "remove", question.id)


def move_up(*, actor: Actor, edition: Edition, question: Question) -> None:
    """Ask a question one place earlier."""
    hold(edition)
    rows = list(questions_of(edition.id))
    place = rows.index(question)
    if place > 0:
        rows[place - 1], rows[place] = rows[place], rows[place - 1]
    for position, row in enumerate(rows):
        row.position = position
    _record(actor, edition, "move", question.id)


def count_answers(question_id: int) -> int:
    """How many have answered a question."""
    return db.session.scalar(select(func.count(Answer.id)).where(Answer.question_id == question_id)) or 0


def answer_counts(edition_id: int) -> dict[int, int]:
    """How many have answered, by question."""
    query = (
        select(Answer.question_id, func.count(Answer.id))
        .join(Question, Question.id == Answer.question_id)
        .where(Question.edition_id == edition_id)
        .group_by(Answer.question_id)
    )
    return dict(db.session.execute(query).all())  # type: ignore[arg-type]


def choices_of(question: Question) -> list[tuple[str, str]]:
    """The choices as (stored text, text for the reader)."""
    first, second = question.choices.splitlines(), question.choices_zh.splitlines()
    other = second + [""] * len(first)
    return [
        (text, in_language(text, other[place], chosen_locale())) for place, text in enumerate(first) if text
    ]


def label_of(question: Question) -> str:
    """The question in the reader's language."""
    return in_language(question.label, question.label_zh, chosen_locale())


def with_questions(form: type[SomeForm], questions: Sequence[Question]) -> type[SomeForm]:
    """A form class that also asks these questions, in fields named after them."""
    fields = {PREFIX + question.public_id: _field(question) for question in questions}
    return type(form)(form.__name__, (form,), fields)  # type: ignore[misc]


def _field(question: Question) -> Any:
    needed = [InputRequired(_l("Answer this question."))] if question.is_required else []
    label = label_of(question)
    if question.kind == "text":
        return TextField(label, needed, maximum=500)
    choices = [("yes", _("Yes")), ("no", _("No"))] if question.kind == "yes_no" else choices_of(question)
    empty = SelectChoice("", _("Choose one") if question.is_required else _("No answer"))
    return SelectField(label, needed, choices=[empty, *(SelectChoice(*choice) for choice in choices)])


def asked_fields(form: BaseForm, questions: Sequence[Question]) -> list[tuple[Question, Field]]:
    """The questions beside their fields on a form."""
    return [(question, form[PREFIX + question.public_id]) for question in questions]


def answers_in(form: BaseForm, questions: Sequence[Question]) -> dict[int, str]:
    """What a form answers, by the key of the question."""
    return {question.id: field.data or "" for question, field in asked_fields(form, questions)}


def given_answers(subject: Team | Delegate, questions: Sequence[Question]) -> dict[str, str]:
    """What a team or delegate has answered, by the name of the field."""
    names = {question.id: PREFIX + question.public_id for question in questions}
    return {names[row.question_id]: row.text for row in _answers(subject) if row.question_id in names}


def answered(subject: Team | Delegate) -> list[Answered]:
    """Questions and answers of a team or delegate, in the reader's language."""
    audience = "team" if isinstance(subject, Team) else "delegate"
    texts = {row.question_id: row.text for row in _answers(subject)}
    return [
        Answered(
            label=label_of(question),
            text=shown_answer(question, texts.get(question.id, "")),
            is_sensitive=question.is_sensitive,
        )
        for question in questions_of(subject.edition_id, audience)
    ]


def shown_answer(question: Question, text: str) -> str:
    """An answer in the reader's language."""
    if question.kind == "yes_no":
        return {"yes": _("Yes"), "no": _("No")}.get(text, "")
    return dict(choices_of(question)).get(text, text) if question.kind == "choice" else text


def keep_answers(subject: Team | Delegate, answers: Mapping[int, str]) -> None:
    """Write answers by the key of the question; an empty one is none."""
    column = _column(subject)
    db.session.execute(
        delete(Answer).where(column == subject.id, Answer.question_id.in_(list(answers))),
        execution_options={"synchronize_session": "fetch"},
    )
    db.session.add_all(
        Answer(question_id=key, text=text, **{column.key: subject.id})
        for key, text in answers.items()
        if text
    )
    db.session.flush()


def _answers(subject: Team | Delegate) -> Sequence[Answer]:
    return db.session.scalars(select(Answer).where(_column(subject) == subject.id)).all()


def _column(subject: Team | Delegate) -> Any:
    return Answer.team_id if isinstance(subject, Team) else Answer.delegate_id


def _record(actor: Actor, edition: Edition, verb: str, key: int) -> None:
    scope = edition_scope(edition.id)
    record(actor, verb, "registration_question", key, scope=scope)
    bump(scope)

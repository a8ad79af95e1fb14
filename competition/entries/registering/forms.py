"""Forms of an edition's rules of registration and of its own questions."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateTimeLocalField, EmailField, IntegerField, RadioField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Email, InputRequired, Length, NumberRange, Optional

from competition.entries.registering.questions import MOST_CHOICES
from core.forms import BaseForm, LongTextField, TextField, VersionField, folded

REQUIRED = InputRequired(_l("Fill this in."))


class RulesForm(BaseForm):
    """How many teams the edition takes, and what coaches may do."""

    version = VersionField()
    places = IntegerField(_l("Places for teams"), [Optional(), NumberRange(1, 5000)])
    per_institution = IntegerField(_l("Most teams of one institution"), [Optional(), NumberRange(1, 1000)])
    offer_hours = IntegerField(_l("Hours to accept an offered place"), [InputRequired(), NumberRange(1, 720)])
    coach_in_room = BooleanField(_l("They may be in the room while their team negotiates"))
    coach_brief = BooleanField(_l("They may read their team's brief where the round says so"))
    coach_lineup = BooleanField(_l("They may record a substitution"))
    coach_marks = BooleanField(_l("They see their team's report card once results are published"))
    coach_feedback = BooleanField(_l("They see the judges' words to their team"))
    coach_protest = BooleanField(_l("They may file queries and protests for their team"))


class OwnDeadlineForm(BaseForm):
    """Until when a captain may change their team after the deadline, in the edition's local time; empty: no longer."""

    until = DateTimeLocalField(_l("Until"), [Optional()], format="%Y-%m-%dT%H:%M")


class LateForm(BaseForm):
    """Who may register a team after the deadline, and until when, in the edition's local time."""

    address = EmailField(_l("E-mail"), [REQUIRED, Email(_l("Write an e-mail address.")), Length(max=254)])
    until = DateTimeLocalField(_l("Until"), [REQUIRED], format="%Y-%m-%dT%H:%M")


class QuestionForm(BaseForm):
    """One question that the edition asks."""

    version = VersionField()
    label = TextField(_l("Question"), [REQUIRED], maximum=300)
    label_zh = TextField(_l("Question in Chinese"), maximum=300)
    audience = RadioField(
        _l("Asked of"),
        [REQUIRED],
        choices=[
            SelectChoice("delegate", _l("Every delegate, alone")),
            SelectChoice("team", _l("The captain, for the team")),
        ],
        default="delegate",
    )
    kind = RadioField(
        _l("Answered by"),
        [REQUIRED],
        choices=[
            SelectChoice("text", _l("A line of text")),
            SelectChoice("choice", _l("One of several choices")),
            SelectChoice("yes_no", _l("Yes or no")),
        ],
        default="text",
    )
    choices = LongTextField(_l("Choices, one a line"), maximum=6000)
    choices_zh = LongTextField(_l("The same choices in Chinese, line by line"), maximum=6000)
    is_required = BooleanField(_l("Must be answered"))
    is_sensitive = BooleanField(_l("Sensitive: deleted six months after the edition"))

    def validate_choices(self, field: Any) -> None:
        choices = choice_lines(field.data)
        if self.kind.data == "choice" and len(choices) < 2:
            raise ValidationError(_("Write at least two choices, one a line."))
        if len(choices) > MOST_CHOICES:
            raise ValidationError(_("Write at most %(count)d choices.", count=MOST_CHOICES))
        if len(set(choices)) < len(choices):
            raise ValidationError(_("Two of the choices are the same."))
        if any(len(choice) > 200 for choice in choices):
            raise ValidationError(_("A choice may have at most 200 characters."))

    def validate_choices_zh(self, field: Any) -> None:
        if field.data and len(choice_lines(field.data)) != len(choice_lines(self.choices.data)):
            raise ValidationError(_("Write as many choices as in the other language, in the same order."))

    @property
    def values(self) -> dict[str, Any]:
        """What the question is to become; choices only where they are asked for."""
        named = ("label", "label_zh", "audience", "kind", "is_required", "is_sensitive")
        is_choice = self.kind.data == "choice"
        texts = {
            name: "\n".join(choice_lines(self[name].data)) if is_choice else ""
            for name in ("choices", "choices_zh")
        }
        return {**{name: self[name].data for name in named}, **texts}


def choice_lines(text: str | None) -> list[str]:
    """The choices that were typed, one a line, without empty lines."""
    return [choice for line in (text or "").splitlines() if (choice := folded(line))]

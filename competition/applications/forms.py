"""Forms of applications by person: shape only; the rules live in the services."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    EmailField,
    IntegerField,
    RadioField,
    SelectField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Email, InputRequired, Length, NumberRange, Optional

from competition.applications.models import ApplicationCall
from competition.applications.vocabulary import ATTRIBUTES, CHOICES
from core.forms import BaseForm, LongTextField, TextField, VersionField
from core.localised import chosen_locale, in_language

REQUIRED = InputRequired(_l("Fill this in."))
EMAIL = Email(_l("Write an e-mail address, for example name@university.edu."))
ADDRESS = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")
MOST_WISHES = 3


def _choices(attribute: str) -> list[SelectChoice]:
    return [
        SelectChoice("", _l("Please choose")),
        *(SelectChoice(*item) for item in CHOICES[attribute].items()),
    ]


class ApplyForm(BaseForm):
    """One person's application."""

    name = TextField(_l("Your name"), [REQUIRED])
    name_local = TextField(_l("Your name in your own script"))
    institution = TextField(_l("University or organisation"), [REQUIRED])
    discipline = SelectField(_l("What you study or work in"), [REQUIRED], choices=_choices("discipline"))
    year = SelectField(_l("Where you are in your studies"), [REQUIRED], choices=_choices("year"))
    culture = SelectField(_l("The language you grew up with"), [REQUIRED], choices=_choices("culture"))
    experience = SelectField(
        _l("Negotiation, moot court, debating or Model UN before"), [REQUIRED], choices=_choices("experience")
    )
    gender = SelectField(
        _l("Gender"),
        choices=[SelectChoice("", _l("I would rather not say")), *_choices("gender")[1:]],
        description=_l("Only so that teams are mixed. Reviewers do not see it."),
    )
    motivation = LongTextField(_l("Why you would like to take part"), [REQUIRED], maximum=3000)
    wishes_together = LongTextField(
        _l("People you would like in your team"),
        maximum=800,
        description=_l(
            "Their e-mail addresses, one a line, three at most. They count when those people take part."
        ),
    )
    wishes_apart = LongTextField(
        _l("People you would rather not be in a team with"),
        maximum=800,
        description=_l("Their e-mail addresses, one a line. Only the organisers see this."),
    )
    is_of_age = BooleanField(_l("I am old enough"))
    has_read = BooleanField(
        _l("I have read the privacy notice"), [InputRequired(_l("Tick this when you have read the notice."))]
    )

    def fit(self, call: ApplicationCall, minimum_age: int) -> None:
        """Ask only what this edition asks."""
        if not call.asks_institution:
            del self.institution
        if not call.asks_gender:
            del self.gender
        question = in_language(call.question, call.question_zh, chosen_locale())
        if question:
            self.motivation.label.text = question
        if minimum_age:
            self.is_of_age.label.text = _("I am at least %(age)d years old", age=minimum_age)
        else:
            del self.is_of_age

    def validate_is_of_age(self, field: Any) -> None:
        if not field.data:
            raise ValidationError(_("Only people of this age can take part."))

    def validate_wishes_together(self, field: Any) -> None:
        _check_addresses(field.data)

    def validate_wishes_apart(self, field: Any) -> None:
        _check_addresses(field.data)

    @property
    def values(self) -> dict[str, str]:
        """What is stored of the application."""
        names = ("name", "name_local", "institution", "discipline", "year", "culture", "experience", "gender")
        found = {name: self[name].data or "" for name in (*names, "motivation") if name in self}
        return found | {
            name: ";".join(addresses_in(self[name].data)) for name in ("wishes_together", "wishes_apart")
        }


def addresses_in(text: str | None) -> list[str]:
    """The addresses of a field, one a line or separated by commas, in small letters."""
    return [part.lower() for part in re.split(r"[\s,;，；、]+", text or "") if part]


def _check_addresses(text: str | None) -> None:
    found = addresses_in(text)
    if len(found) > MOST_WISHES:
        raise ValidationError(_("Name at most %(count)d people.", count=MOST_WISHES))
    for address in found:
        if not ADDRESS.fullmatch(address):
            raise ValidationError(_("“%(text)s” is no e-mail address.", text=address[:80]))


class CallForm(BaseForm):
    """How people apply alone."""

    version = VersionField()
    is_on = BooleanField(_l("People apply alone for this edition"))
    closes_at = DateTimeLocalField(_l("Until when"), [Optional()], format="%Y-%m-%dT%H:%M")
    places = IntegerField(_l("How many are chosen"), [REQUIRED, NumberRange(1, 1000)], default=30)
    reserves = IntegerField(_l("How many reserves"), [InputRequired(), NumberRange(0, 1000)], default=6)
    asks_institution = BooleanField(_l("Ask for the university (leave it out on one campus)"))
    asks_gender = BooleanField(_l("Ask for the gender, to mix the teams"))
    question = TextField(_l("The question applicants answer"), maximum=500)
    question_zh = TextField(_l("The question in Chinese"), maximum=500)

    def validate_closes_at(self, field: Any) -> None:
        if field.data is not None and not 1900 <= field.data.year <= 2199:
            raise ValidationError(_("Check the year."))


class CriterionForm(BaseForm):
    """One thing that reviewers score."""

    name = TextField(_l("What is scored"), [REQUIRED], maximum=120)
    name_zh = TextField(_l("In Chinese"), maximum=120)
    maximum = IntegerField(_l("Highest score"), [REQUIRED, NumberRange(1, 100)], default=5)
    weight = IntegerField(_l("Weight"), [REQUIRED, NumberRange(1, 20)], default=1)


class LineForm(BaseForm):
    """The line: how many are accepted, how many stand by."""

    version = VersionField()
    places = IntegerField(_l("Places"), [REQUIRED, NumberRange(1, 1000)])
    reserves = IntegerField(_l("Reserves"), [InputRequired(), NumberRange(0, 1000)])


class ReviewerForm(BaseForm):
    """A guest who helps to choose."""

    name = TextField(_l("Name"), [REQUIRED])
    contact = EmailField(_l("E-mail"), [REQUIRED, EMAIL, Length(max=254)])
    institution = TextField(_l("Their university or organisation"))


class JoinForm(BaseForm):
    """An organiser who reviews too says where they belong."""

    institution = TextField(_l("Your university or organisation"))


class ReviewForm(BaseForm):
    """One review; a field for each criterion is added by `review_form`."""

    comment = LongTextField(_l("Comment for the organisers"), maximum=2000)


def review_form(criteria: list[tuple[str, str, int]]) -> type[ReviewForm]:
    """The form for these criteria: key, name and highest score of each."""

    class MarkedForm(ReviewForm):
        """A choice of marks for each criterion."""

    for key, name, maximum in criteria:
        choices = [SelectChoice(str(mark), str(mark)) for mark in range(maximum + 1)]
        needed = InputRequired(_l("Give a score."))
        setattr(MarkedForm, f"mark-{key}", RadioField(name, [needed], choices=choices))
    return MarkedForm


class FormForm(BaseForm):
    """How teams are formed; a weight for each attribute is added by `form_form`."""

    version = VersionField()
    teams = IntegerField(_l("How many teams"), [REQUIRED, NumberRange(1, 300)])
    seed = IntegerField(
        _l("Seed"), [InputRequired(), NumberRange(0, 999_999_999)],
        description=_l("The same seed forms the same teams again."),
    )  # fmt: skip


def form_form(attributes: list[str]) -> type[FormForm]:
    """The form for these attributes."""
    importance = [
        SelectChoice("0", _l("does not matter")),
        SelectChoice("1", _l("matters")),
        SelectChoice("2", _l("matters much")),
        SelectChoice("4", _l("matters most")),
    ]

    class WeighedForm(FormForm):
        """One importance for each attribute."""

    for name in attributes:
        setattr(WeighedForm, f"weight-{name}", SelectField(ATTRIBUTES[name], choices=importance))
    return WeighedForm


class PairForm(BaseForm):
    """Two people together or apart."""

    first = SelectField(_l("Who"), [REQUIRED])
    second = SelectField(_l("and who"), [REQUIRED])
    wish = SelectField(
        _l("What"),
        choices=[
            SelectChoice("together:hard", _l("must be in one team")),
            SelectChoice("together:soft", _l("better in one team")),
            SelectChoice("apart:soft", _l("better in two teams")),
            SelectChoice("apart:hard", _l("must be in two teams")),
        ],
    )


class VersionForm(BaseForm):
    """A button that acts on what was shown, and on nothing newer."""

    version = VersionField()

"""Forms of judging: shape only; the rules live in the services."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    RadioField,
    SelectField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Regexp

from core.forms import BaseForm, ExactField, LongTextField, TextField, VersionField
from core.roles import ROLES

REQUIRED = InputRequired(_l("Fill this in."))


ANCHORS = 5


class AnchorForm(Form):
    """What one mark means; empty where it says nothing."""

    mark = ExactField(_l("Mark"))
    text = TextField(_l("What it means"), maximum=300)
    text_zh = TextField(_l("What it means, in Chinese"), maximum=300)

    def validate_text(self, field: Any) -> None:
        has_text = bool(field.data or self.text_zh.data)
        if has_text and self.mark.data is None and not self.mark.errors:
            raise ValidationError(_("Say which mark this describes."))

    def value(self) -> dict[str, str] | None:
        """The anchor as it is stored; nothing where no text is given."""
        if self.mark.data is None or not (self.text.data or self.text_zh.data):
            return None
        return {
            "mark": format(self.mark.data, "f"),
            "text": self.text.data or "",
            "text_zh": self.text_zh.data or "",
        }


class CriterionForm(BaseForm):
    """One line of the rubric."""

    code = TextField(
        _l("Short name"),
        [REQUIRED, Regexp(r"^[^;]+$", message=_l("Leave out the semicolon."))],
        maximum=60,
        description=_l("Short and unique, for files."),
    )
    name = TextField(_l("Name of the criterion"), [REQUIRED])
    name_zh = TextField(_l("Name in Chinese"))
    target = RadioField(
        _l("Who is marked"),
        [REQUIRED],
        choices=[SelectChoice("team", _l("The team, once")), SelectChoice("delegate", _l("Each delegate"))],
        default="team",
    )
    minimum = ExactField(_l("Lowest mark"))
    maximum = ExactField(_l("Highest mark"))
    step = ExactField(_l("Step"), description=_l("1 for whole marks, 0.5 for halves; empty for any number."))
    weight = ExactField(_l("Weight"), description=_l("How many times a mark counts."))
    session = TextField(
        _l("Session"), maximum=120, description=_l("The part of the round it is about, if only one.")
    )
    may_be_unobserved = BooleanField(
        _l("A judge may say “not observed”"),
        description=_l(
            "Then no mark is asked for, and the criterion counts as the judge’s average of the same team, to the step."
        ),
    )
    anchors = FieldList(FormField(AnchorForm), min_entries=ANCHORS, max_entries=20)

    def validate_minimum(self, field: Any) -> None:
        _require_number(field)

    def validate_maximum(self, field: Any) -> None:
        _require_number(field)

    def validate_weight(self, field: Any) -> None:
        _require_number(field)

    def values(self) -> dict[str, Any]:
        """What the form says, without the token."""
        names = ("code", "name", "name_zh", "target", "minimum", "maximum", "step", "weight", "session")
        anchors = [entry.form.value() for entry in self.anchors]
        return {
            **{name: getattr(self, name).data for name in names},
            "may_be_unobserved": self.may_be_unobserved.data,
            "anchors": [one for one in anchors if one is not None],
        }


class ReasonForm(BaseForm):
    """Why something is decided."""

    reason = TextField(_l("Reason"), [REQUIRED], maximum=500)


class CalibrationForm(BaseForm):
    """The practice table: what judges read before they mark it, and the names of its four parties."""

    title = TextField(_l("Title"), [REQUIRED])
    text = LongTextField(
        _l("What happened at this table"),
        maximum=20000,
        description=_l("A report of a negotiation, or the address of a recording that every judge can open."),
    )
    text_zh = LongTextField(_l("The same in Chinese"), maximum=20000)
    party_government = TextField(_l("Name of the government"))
    party_enterprise = TextField(_l("Name of the enterprise"))
    party_local_ngo = TextField(_l("Name of the local NGO"))
    party_igo = TextField(_l("Name of the IGO"))
    version = VersionField()

    def values(self) -> dict[str, Any]:
        """What the form says, without token and version."""
        return {
            "title": self.title.data,
            "text": self.text.data or "",
            "text_zh": self.text_zh.data or "",
            "parties": {role.value: self[f"party_{role.value}"].data or "" for role in ROLES},
        }


class OutcomeForm(BaseForm):
    """What happened at a seat."""

    outcome = SelectField(
        _l("What happened"),
        choices=[
            SelectChoice("played", _l("Played as planned")),
            SelectChoice("late", _l("Came late")),
            SelectChoice("absent", _l("Absent: no rank, no score")),
            SelectChoice("left", _l("Left early")),
        ],
    )
    reason = TextField(_l("Reason"), maximum=500)


class PenaltyForm(BaseForm):
    """Marks taken from a team's score."""

    amount = ExactField(_l("Marks taken off"))
    reason = TextField(_l("Reason"), [REQUIRED], maximum=500)

    def validate_amount(self, field: Any) -> None:
        _require_number(field)


def _require_number(field: Any) -> None:
    if field.data is None and not field.errors:
        raise ValidationError(_("Type a number, for example 7.5."))

"""Forms of rounds and draws: shape only; the rules live in the services."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, IntegerField, SelectField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional

from competition.editions.public import UnclearLocalTime, to_utc
from competition.rounds.services.drafting import LARGEST_SEED
from core.forms import BaseForm, ExactField, TextField, VersionField

REQUIRED = InputRequired(_l("Fill this in."))
METHOD_CHOICES = [
    SelectChoice("scheduled", _l("Scheduled: all preliminary rounds fit together")),
    SelectChoice("random", _l("Random: a lot, without meeting again where it can be avoided")),
    SelectChoice("power_paired", _l("Power-paired: teams with like points meet")),
]
PRESET_CHOICES = [
    SelectChoice("balanced", _l("Balanced: close tables, few repeats, roles in turn")),
    SelectChoice("fair", _l("Fair: roles first, then repeats, then points")),
    SelectChoice("strict", _l("Strict: points first, then the rest")),
]


class RoundForm(BaseForm):
    """What a round is called, when it starts, and what it counts."""

    version = VersionField()
    name = TextField(_l("Name of the round"), [REQUIRED])
    name_zh = TextField(_l("Name in Chinese"))
    stage = SelectField(
        _l("Stage"),
        choices=[
            SelectChoice("preliminary", _l("Preliminary")),
            SelectChoice("elimination", _l("Elimination")),
        ],
    )
    division = SelectField(_l("Division"))
    weight = ExactField(_l("Weight"), [InputRequired(_l("Type a number, for example 1."))])
    starts_at = DateTimeLocalField(
        _l("Starts at"), [Optional()], format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
    )
    starts_at_utc: datetime | None = None

    def __init__(self, *args: Any, zone: str, divisions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.division.choices = [
            SelectChoice("", _("All teams")),
            *(SelectChoice(*pair) for pair in divisions),
        ]

    def validate_starts_at(self, field: Any) -> None:
        """The wall-clock time must happen exactly once in the edition's zone."""
        self.starts_at_utc = None
        if field.data is None:
            return
        try:
            self.starts_at_utc = to_utc(field.data, self.zone)
        except UnclearLocalTime:
            raise ValidationError(
                _("Clocks are changed in that hour, so this time happens twice or never. Choose another one.")
            ) from None


class DraftForm(BaseForm):
    """How to draw a round."""

    method = SelectField(_l("How"), choices=METHOD_CHOICES)
    preset = SelectField(_l("Preset"), choices=PRESET_CHOICES)
    seed = IntegerField(
        _l("Seed"),
        [Optional(), NumberRange(0, LARGEST_SEED, message=_l("Use a whole number from 0 to %(max)s."))],
        description=_l("Leave it empty for a new lot. The same seed gives the same draw."),
    )

    def offer(self, role_policy: str) -> DraftForm:
        """Leave out what an edition of this policy cannot use."""
        if role_policy == "fixed":
            self.method.choices = [choice for choice in METHOD_CHOICES if choice.value != "power_paired"]
        return self

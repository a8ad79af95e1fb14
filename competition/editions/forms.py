"""Forms of an edition: shape only; the rules live in services and rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    EmailField,
    IntegerField,
    RadioField,
    SelectField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Email, InputRequired, Length, NumberRange, Optional, Regexp

from competition.editions.rules import METRICS, is_timezone, split_list
from core.forms import BaseForm, LanguagesField, LongTextField, TextField, VersionField, parse_exact
from core.localised import joined

MOST_ADVANCING = 1000
REQUIRED = InputRequired(_l("Fill this in."))
PANEL_METHODS = [
    SelectChoice("mean", _l("Mean of the sheets")),
    SelectChoice("median", _l("Median of the sheets")),
    SelectChoice("trimmed_mean", _l("Mean without the highest and the lowest")),
]
TIES = [
    SelectChoice("shared", _l("Shared: the points are averaged")),
    SelectChoice("chair", _l("The chair's sheet decides")),
    SelectChoice("forbidden", _l("Forbidden: judges must break them")),
]
BASES = [
    SelectChoice("round_adjusted", _l("This round's marks, less severities")),
    SelectChoice("round_raw", _l("This round's raw marks")),
    SelectChoice("cumulative", _l("All rounds together")),
]


class EditionForm(BaseForm):
    """What an edition is called, where and when it is, and by which rules it ranks."""

    version = VersionField()
    name = TextField(_l("Name of the edition"), [REQUIRED])
    name_zh = TextField(_l("Name in Chinese"))
    slug = TextField(
        _l("Short name for addresses"),
        [
            REQUIRED,
            Regexp(r"^[a-z0-9]+(-[a-z0-9]+)*$", message=_l("Use small letters, digits and single hyphens.")),
        ],
        maximum=60,
    )
    role_policy = RadioField(
        _l("Roles"),
        [REQUIRED],
        choices=[
            SelectChoice(
                "fixed", _l("Fixed: a team keeps one role and is ranked against the teams of that role")
            ),
            SelectChoice("rotating", _l("Rotating: a team plays every role in turn and is ranked overall")),
        ],
    )
    timezone = TextField(_l("Time zone"), [REQUIRED], maximum=60)
    starts_on = DateField(_l("First day"), [Optional()])
    ends_on = DateField(_l("Last day"), [Optional()])
    place = TextField(_l("Place"))
    languages = LanguagesField(_l("Working languages"), maximum=100)
    team_size_minimum = IntegerField(
        _l("Fewest delegates in a team"), [REQUIRED, NumberRange(1, 20)], default=3
    )
    team_size_maximum = IntegerField(
        _l("Most delegates in a team"), [REQUIRED, NumberRange(1, 20)], default=5
    )

    def validate_timezone(self, field: Any) -> None:
        if not is_timezone(field.data):
            raise ValidationError(_("Use the name of a zone, for example Asia/Shanghai."))

    def validate_starts_on(self, field: Any) -> None:
        _check_day(field.data)

    def validate_ends_on(self, field: Any) -> None:
        _check_day(field.data)
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError(_("The last day lies before the first one."))

    def validate_team_size_maximum(self, field: Any) -> None:
        if self.team_size_minimum.data and field.data < self.team_size_minimum.data:
            raise ValidationError(_("This is smaller than the fewest delegates."))


class RulesForm(BaseForm):
    """How marks become scores, points and ranks."""

    version = VersionField()
    table_points = TextField(_l("Points at a table, first place first"), [REQUIRED], maximum=60)
    three_team_points = TextField(_l("Points where three teams sit"), [REQUIRED], maximum=60)
    standings_metrics = TextField(_l("Ranked by, most important first"))
    panel_method = SelectField(_l("Several judges at a table"), choices=PANEL_METHODS)
    score_decimals = IntegerField(_l("Decimals of a table score"), [InputRequired(), NumberRange(0, 6)])
    delegate_marks = SelectField(
        _l("Marks of the delegates"),
        choices=[
            SelectChoice("mean", _l("Their mean counts for the team")),
            SelectChoice("sum", _l("Their sum counts for the team")),
        ],
    )
    table_ties = SelectField(_l("Ties at a table"), choices=TIES)
    minimum_rounds = IntegerField(_l("Rounds needed to break"), [Optional(), NumberRange(0, 50)])
    elimination_basis = SelectField(_l("Elimination is decided by"), choices=BASES)

    def validate_table_points(self, field: Any) -> None:
        _check_points(field.data, 4)

    def validate_three_team_points(self, field: Any) -> None:
        _check_points(field.data, 3)

    def validate_standings_metrics(self, field: Any) -> None:
        unknown = [name for name in split_list(field.data) if name not in METRICS]
        if unknown:
            raise ValidationError(
                _(
                    "%(name)s is not a metric. Known are: %(known)s.",
                    name=unknown[0],
                    known=joined(METRICS),
                )
            )


def _check_day(day: date | None) -> None:
    """A year typed with a digit too few or too many is no day of a competition."""
    if day is not None and not 1900 <= day.year <= 2199:
        raise ValidationError(_("Check the year."))


def _check_points(text: str, count: int) -> None:
    points = [parse_exact(part) for part in split_list(text)]
    if len(points) != count:
        raise ValidationError(_("Write %(count)d numbers separated by semicolons.", count=count))


class VersionForm(BaseForm):
    """A button that acts on what was shown, and on nothing newer."""

    version = VersionField()


class DivisionForm(BaseForm):
    """A separately ranked class of teams."""

    version = VersionField()
    code = TextField(_l("Short name"), [REQUIRED], maximum=60)
    name = TextField(_l("Full name"))
    name_zh = TextField(_l("Name in Chinese"))


class BreakForm(BaseForm):
    """Size and reserves of each bracket's break, in fields that the page adds: `size-KEY` and `reserves-KEY`."""

    version = VersionField()


def break_form(keys: Sequence[str]) -> type[BreakForm]:
    """The form for these brackets."""
    places = [Optional(), NumberRange(0, MOST_ADVANCING, message=_l("Write a number from 0 to 1000."))]

    class SizedForm(BreakForm):
        """One pair of numbers for each bracket."""

    for key in keys:
        setattr(SizedForm, f"size-{key}", IntegerField(_l("Teams that advance"), places))
        setattr(SizedForm, f"reserves-{key}", IntegerField(_l("Reserves"), places))
    return SizedForm


class RoomsForm(BaseForm):
    """Rooms by name, one a line."""

    names = LongTextField(_l("Rooms, one a line"), [REQUIRED], maximum=20_000)


class RoomForm(BaseForm):
    """What is known of one room."""

    version = VersionField()
    name = TextField(_l("Name of the room"), [REQUIRED], maximum=120)
    site = TextField(_l("Site"), maximum=120)
    building = TextField(_l("Building"), maximum=120)
    capacity = IntegerField(_l("How many it seats"), [Optional(), NumberRange(0, 100_000)])
    is_step_free = SelectField(
        _l("Reached without steps"),
        coerce=lambda text: {"yes": True, "no": False, "True": True, "False": False}.get(str(text)),
        choices=[
            SelectChoice("", _l("Not known")),
            SelectChoice("yes", _l("Yes")),
            SelectChoice("no", _l("No")),
        ],
    )
    link = TextField(
        _l("Link of an online room"),
        [Optional(), Regexp(r"^https?://\S+$", message=_l("Write a full address, beginning with https://."))],
        maximum=400,
    )
    backup_link = TextField(
        _l("Backup link"),
        [Optional(), Regexp(r"^https?://\S+$", message=_l("Write a full address, beginning with https://."))],
        maximum=400,
    )


class OrganiserForm(BaseForm):
    """Who else runs the edition: an address that somebody has confirmed as theirs."""

    email = EmailField(
        _l("Their sign-in address"), [REQUIRED, Email(_l("Write an e-mail address.")), Length(max=254)]
    )
    capacity = RadioField(
        _l("What they may do"),
        [REQUIRED],
        choices=[
            SelectChoice("tab", _l("Tab team: people, rounds and results")),
            SelectChoice("director", _l("Director: everything, also settings and publishing")),
        ],
        default="tab",
    )


class NoticeForm(BaseForm):
    """What participants are told about their data."""

    controller = TextField(_l("Who is responsible"), [REQUIRED])
    contact = TextField(_l("How to reach them about data"), [REQUIRED])
    country = TextField(
        _l("Country (two letters)"),
        [REQUIRED, Regexp(r"^[A-Z]{2}$", message=_l("Two capital letters, such as CN."))],
    )
    purposes = LongTextField(_l("What the data are used for"), [REQUIRED])
    published = LongTextField(_l("What is published, and where"), [REQUIRED])
    retention = LongTextField(_l("How long the data are kept"), [REQUIRED])


class RegistrationForm(BaseForm):
    """Until when teams may register, in the edition's local time."""

    closes_at = DateTimeLocalField(_l("Registration closes"), [REQUIRED], format="%Y-%m-%dT%H:%M")

    def validate_closes_at(self, field: Any) -> None:
        _check_day(field.data)


class ConfirmForm(BaseForm):
    """Nothing but the CSRF token and a tick, for deeds that should not happen by accident."""

    sure = BooleanField(_l("Yes"), [REQUIRED])

"""Forms of the day: shape only; the rules live in the services."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, SelectField, TimeField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional, Regexp

from competition.day.plan import MOST_MINUTES
from competition.editions.public import Division, Room, UnclearLocalTime, to_utc
from core.forms import BaseForm, TextField, VersionField

REQUIRED = InputRequired(_l("Fill this in."))
ADDRESS = Regexp(r"^https?://\S+$", message=_l("Write a full address, beginning with https://."))
AUDIENCES = (
    ("all", _l("Everybody")),
    ("teams", _l("Teams")),
    ("judges", _l("Judges")),
    ("organisers", _l("Organisers")),
)


class ItemForm(BaseForm):
    """One line of the timetable, on the edition's own clock."""

    version = VersionField()
    title = TextField(_l("What it is"), [REQUIRED])
    title_zh = TextField(_l("In Chinese"))
    day = DateField(_l("Day"), [REQUIRED])
    starts = TimeField(_l("Starts at"), [REQUIRED])
    ends = TimeField(_l("Ends at"), [REQUIRED])
    audience = SelectField(_l("For whom"), default="all")
    site = TextField(_l("Site"), maximum=120)
    room = SelectField(_l("Room"))
    place = TextField(_l("Place in words"))
    link = TextField(_l("Online link"), [Optional(), ADDRESS], maximum=400)
    backup_link = TextField(_l("Backup link"), [Optional(), ADDRESS], maximum=400)
    starts_at: datetime
    ends_at: datetime

    def __init__(
        self,
        *args: Any,
        zone: str,
        rooms: Iterable[Room],
        divisions: Iterable[tuple[Division, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.room.choices = [
            SelectChoice("", _("None of the rooms")),
            *(SelectChoice(room.public_id, room.name) for room in rooms),
        ]
        self.audience.choices = [
            *(SelectChoice(value, label) for value, label in AUDIENCES),
            *(SelectChoice(row.public_id, _("Division %(name)s", name=name)) for row, name in divisions),
        ]

    def validate_starts(self, field: Any) -> None:
        """The wall-clock time must happen exactly once in the edition's zone."""
        if self.day.data and field.data:
            self.starts_at = self._moment(datetime.combine(self.day.data, field.data))

    def validate_ends(self, field: Any) -> None:
        """An end at or before the start is on the next day, as for a party that goes on after midnight."""
        if not (self.day.data and self.starts.data and field.data):
            return
        end = datetime.combine(self.day.data, field.data)
        if field.data == self.starts.data:
            raise ValidationError(_("This ends when it starts."))
        if field.data < self.starts.data:
            end += timedelta(days=1)
        self.ends_at = self._moment(end)

    def _moment(self, local: datetime) -> datetime:
        try:
            return to_utc(local, self.zone)
        except (UnclearLocalTime, OverflowError):
            raise ValidationError(
                _("Clocks change in that hour: it does not exist or exists twice.")
            ) from None


def _minutes(label: Any) -> IntegerField:
    return IntegerField(label, [InputRequired(_l("Fill this in.")), NumberRange(0, MOST_MINUTES)])


class SessionsForm(BaseForm):
    """How many minutes each session of a round takes; 0 leaves one out."""

    version = VersionField()
    opening = _minutes(_l("Opening statement of each role"))
    bilateral = _minutes(_l("Each of the three bilateral talks"))
    ad_hoc = _minutes(_l("Ad-hoc talks"))
    pause = _minutes(_l("Short break"))
    quadrilateral = _minutes(_l("Quadrilateral negotiation"))
    resolution = _minutes(_l("Resolution"))
    is_automatic = BooleanField(_l("Sessions follow one another by themselves"))

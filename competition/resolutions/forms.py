"""Forms of resolutions: shape only. The issues of the writing page are read by `entry`."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, ValidationError
from wtforms.validators import Optional

from competition.editions.public import UnclearLocalTime, to_utc
from core.forms import BaseForm, LongTextField, VersionField

FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]


class WritingForm(BaseForm):
    """The text's version; what it says of the issues is read beside it."""

    version = VersionField()


class WordForm(BaseForm):
    """A seat's word on the text that was shown."""

    version = VersionField()
    remark = LongTextField(_l("What is not right?"), maximum=500, render_kw={"rows": 3})


class WindowForm(BaseForm):
    """From when until when the tables may write, on the edition's clock."""

    opens_at = DateTimeLocalField(_l("Open from"), [Optional()], format=FORMATS)
    closes_at = DateTimeLocalField(_l("Open until"), [Optional()], format=FORMATS)

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.moments: dict[str, Any] = {"opens_at": None, "closes_at": None}

    def _read(self, field: Any) -> None:
        """The wall-clock time must happen exactly once in the edition's zone."""
        try:
            self.moments[field.name] = None if field.data is None else to_utc(field.data, self.zone)
        except UnclearLocalTime:
            raise ValidationError(
                _("Clocks are changed in that hour, so this time happens twice or never. Choose another one.")
            ) from None

    def validate_opens_at(self, field: Any) -> None:
        self._read(field)

    def validate_closes_at(self, field: Any) -> None:
        self._read(field)

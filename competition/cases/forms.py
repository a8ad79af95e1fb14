"""Forms of cases: shape only; the rules live in the services."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateTimeLocalField, SelectField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from competition.editions.public import UnclearLocalTime, to_utc
from core.forms import BaseForm, TextField, VersionField
from core.markdown import MOST_CHARACTERS

REQUIRED = InputRequired(_l("Fill this in."))
LONG = Length(max=MOST_CHARACTERS, message=_l("This text is too long."))


class NewCaseForm(BaseForm):
    """A title is all a case begins with."""

    title = TextField(_l("Title of the case"), [REQUIRED])


class CaseForm(BaseForm):
    """The public part of a case in both languages."""

    version = VersionField()
    title = TextField(_l("Title of the case"), [REQUIRED])
    title_zh = TextField(_l("Title in Chinese"))
    background = TextAreaField(_l("Background"), [LONG], render_kw={"rows": 12})
    background_zh = TextAreaField(_l("Background in Chinese"), [LONG], render_kw={"rows": 12})
    session_plan = TextAreaField(_l("Plan of the sessions"), [LONG], render_kw={"rows": 6})
    session_plan_zh = TextAreaField(_l("Plan of the sessions in Chinese"), [LONG], render_kw={"rows": 6})
    issues = TextAreaField(_l("Issues and their options"), [LONG], render_kw={"rows": 12})


class BriefForm(BaseForm):
    """A role's confidential brief in both languages."""

    version = VersionField()
    party = TextField(_l("Name of the party"))
    party_zh = TextField(_l("Name of the party in Chinese"))
    body = TextAreaField(_l("Confidential brief"), [LONG], render_kw={"rows": 16})
    body_zh = TextAreaField(_l("Confidential brief in Chinese"), [LONG], render_kw={"rows": 16})


class CaseFileForm(BaseForm):
    """A case file that is brought in."""

    file = FileField(_l("Case file (.json)"), [FileRequired(_l("Choose a file."))])


class AttachForm(BaseForm):
    """A file for the public part or for one brief."""

    role = SelectField(_l("Belongs to"))
    file = FileField(_l("File"), [FileRequired(_l("Choose a file."))])

    def offer(self, choices: list[tuple[str, str]]) -> AttachForm:
        """The public part and the four briefs."""
        self.role.choices = [SelectChoice(*choice) for choice in choices]
        return self


class ReleaseForm(BaseForm):
    """Which case a round negotiates, and who may read it from when on."""

    case = SelectField(_l("Case"))
    release_at = DateTimeLocalField(
        _l("Open by itself at"), [Optional()], format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
    )
    judges_read = BooleanField(_l("The judges of a table read its briefs"))
    coaches_read = BooleanField(_l("A team's coach reads its brief"))
    release_at_utc: Any = None

    def __init__(self, *args: Any, zone: str, cases: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.case.choices = [SelectChoice(*pair) for pair in cases]

    def validate_release_at(self, field: Any) -> None:
        """The wall-clock time must happen exactly once in the edition's zone."""
        self.release_at_utc = None
        if field.data is None:
            return
        try:
            self.release_at_utc = to_utc(field.data, self.zone)
        except UnclearLocalTime:
            raise ValidationError(
                _("Clocks are changed in that hour, so this time happens twice or never. Choose another one.")
            ) from None

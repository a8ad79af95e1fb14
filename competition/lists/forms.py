"""Forms of lists from elsewhere: shape only."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from competition.lists.fields import KINDS
from core.forms import BaseForm, VersionField


class UploadForm(BaseForm):
    """A file, and what is in it."""

    kind = RadioField(
        _l("What is in the list"),
        [InputRequired(_l("Choose one of these."))],
        choices=[SelectChoice(*item) for item in KINDS.items()],
        default="teams",
    )
    file = FileField(_l("File (.xlsx or .csv)"), [FileRequired(_l("Choose a file."))])


class VersionForm(BaseForm):
    """A button that acts on what was shown, and on nothing newer."""

    version = VersionField()

"""Forms of messages: shape only; the rules live in the services."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField
from wtforms.fields.choices import SelectChoice

from core.forms import BaseForm, LongTextField, TextField, VersionField


class AudienceForm(BaseForm):
    """For whom something is."""

    version = VersionField()
    audience = SelectField(_l("For"))

    def offer(self, choices: list[tuple[str, str]]) -> None:
        """Every audience of the edition."""
        self.audience.choices = [SelectChoice(*one) for one in choices]


class MailingForm(AudienceForm):
    """A mail in both languages."""

    subject = TextField(_l("Subject in English"))
    body = LongTextField(_l("Text in English"), maximum=20_000, render_kw={"rows": 12})
    subject_zh = TextField(_l("Subject in Chinese"))
    body_zh = LongTextField(_l("Text in Chinese"), maximum=20_000, render_kw={"rows": 12})
    is_essential = BooleanField(_l("Needed for taking part: it goes to those too who want no further mail"))


class AnnouncementForm(AudienceForm):
    """An announcement in both languages."""

    title = TextField(_l("Title in English"))
    body = LongTextField(_l("Text in English"), maximum=20_000, render_kw={"rows": 8})
    title_zh = TextField(_l("Title in Chinese"))
    body_zh = LongTextField(_l("Text in Chinese"), maximum=20_000, render_kw={"rows": 8})
    is_public = BooleanField(_l("Show it on the public page too"))


class SendForm(BaseForm):
    """Sending: the version and the count that were shown."""

    version = VersionField()
    count = HiddenField()
    is_repeat_agreed = BooleanField(_l("I mean it: send the same words again"))

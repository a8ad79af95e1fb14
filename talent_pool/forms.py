"""The forms of the talent pool: shape only; what a card may say is decided by its service."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectMultipleField
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from core.forms import BaseForm, LongTextField, TextField, VersionField
from talent_pool.facts import LANGUAGES
from talent_pool.labels import kind_names, kind_of_post_names, language_name, skill_names
from talent_pool.services.contacts import LONGEST_MESSAGE
from talent_pool.services.profiles import LONGEST

REQUIRED = InputRequired(_l("Fill this in."))


class CheckboxesField(SelectMultipleField):
    """Several choices as tick boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class JoinForm(BaseForm):
    """Consent: un-ticked, and nothing without it."""

    consent = BooleanField(
        _l("I am 18 or over, I have read this, and I want to be in the talent pool."),
        [InputRequired(_l("Tick this if you want to join. If not, just leave this page."))],
    )


class ProfileForm(BaseForm):
    """What one's card shows."""

    version = VersionField()
    headline = TextField(_l("Headline"), [REQUIRED], maximum=LONGEST["headline"])
    about = LongTextField(_l("About you"), maximum=LONGEST["about"])
    skills = CheckboxesField(_l("Skills"))
    languages = CheckboxesField(_l("Languages you work in"))
    kinds = CheckboxesField(_l("What you look for"))
    shows_results = BooleanField(_l("Show my published results"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.languages.choices = [(code, language_name(code)) for code in LANGUAGES]
        self.kinds.choices = list(kind_of_post_names().items())
        self.skills.choices = list(skill_names().items())


class EmployerForm(BaseForm):
    """An application for an organisation."""

    name = TextField(_l("Name of the organisation"), maximum=200)
    name_local = TextField(_l("Name in Chinese or another script"), maximum=200)
    kind = RadioField(_l("Kind of organisation"), [InputRequired(_l("Choose one."))])
    website = TextField(_l("Website"), [REQUIRED], maximum=190)
    purpose = LongTextField(_l("What you look for people for"), [REQUIRED], maximum=1000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = list(kind_names().items())


class ContactForm(BaseForm):
    """A message to the person behind a card."""

    message = LongTextField(_l("Your message"), [REQUIRED], maximum=LONGEST_MESSAGE)

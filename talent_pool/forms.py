"""The forms of the talent pool: shape only; what a card may say is decided by its service."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from core.forms import BaseForm, LongTextField, TextField
from talent_pool.facts import COUNTRIES
from talent_pool.labels import country_name, kind_names

REQUIRED = InputRequired(_l("Fill this in."))


class CheckboxesField(SelectMultipleField):
    """Several choices as tick boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class EmployerForm(BaseForm):
    """An application for an organisation."""

    name = TextField(_l("Name of the organisation"), maximum=200)
    name_local = TextField(_l("Name in Chinese or another script"), maximum=200)
    kind = RadioField(_l("Kind of organisation"), [InputRequired(_l("Choose one."))])
    country = SelectField(_l("Country"), [InputRequired(_l("Choose one."))])
    website = TextField(_l("Website"), [REQUIRED], maximum=190)
    purpose = LongTextField(_l("What you look for people for"), [REQUIRED], maximum=1000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = list(kind_names().items())
        countries = [(code, country_name(code)) for code in COUNTRIES]
        self.country.choices = [("", _("Choose")), *sorted(countries, key=lambda pair: pair[1])]

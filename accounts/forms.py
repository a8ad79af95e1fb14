"""The forms of this feature: shape only, the rules are in passwords, people and second_factor."""

from __future__ import annotations

import unicodedata
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, SelectField, ValidationError
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.widgets import EmailInput

from accounts.addresses import MAXIMUM, find_normalised
from accounts.passwords import MAXIMUM as LONGEST_PASSWORD
from core.forms import BaseForm, TextField
from core.localised import LOCALES


class AddressField(TextField):
    """An e-mail address; `data` is its one spelling once validated."""

    widget = EmailInput()
    data: Any

    def __init__(self, label: Any = None, render_kw: dict[str, str] | None = None, **kwargs: Any) -> None:
        words = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        needed = DataRequired(_l("Type your e-mail address."))
        super().__init__(label, [needed], maximum=MAXIMUM, render_kw={**words, **(render_kw or {})}, **kwargs)

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if validation_stopped or self.errors:
            return
        address = find_normalised(self.data)
        if address is None:
            raise ValidationError(_l("Type a whole e-mail address, for example ada@example.org."))
        self.data = address


def digits(text: str | None) -> str:
    """A code as it is compared: full-width digits made plain, blanks left out."""
    return "".join(unicodedata.normalize("NFKC", text or "").split())


class SignInForm(BaseForm):
    """Address and password."""

    email = AddressField(_l("E-mail address"))
    password = PasswordField(
        _l("Password"),
        [
            InputRequired(_l("Type your password, or let us mail you a sign-in link.")),
            Length(max=LONGEST_PASSWORD),
        ],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()


class AskForm(BaseForm):
    """The address to which a one-time sign-in goes."""

    email = AddressField(_l("E-mail address"))
    next = HiddenField()


class CodeForm(BaseForm):
    """A code of six digits, or one that recovers a lost second factor."""

    code = TextField(
        _l("Code"),
        [DataRequired(_l("Type the code."))],
        maximum=40,
        render_kw={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"},
    )
    next = HiddenField()


class SixDigitForm(CodeForm):
    """A code that is always six digits: phones show their number pad."""

    code = TextField(
        _l("Six-digit code"),
        [DataRequired(_l("Type the six digits."))],
        maximum=40,
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )


class NameForm(BaseForm):
    """A person's name as they write it."""

    name = TextField(
        _l("Your name"),
        description=_l("As you write it in Latin letters, family name first if that is your way."),
        render_kw={"autocomplete": "name"},
    )
    name_local = TextField(
        _l("Your name in another script"),
        description=_l("For example in Chinese characters: 欧阳雪."),
    )

    def validate_name(self, field: Any) -> None:
        """At least one of the two."""
        if not self.name.data and not self.name_local.data:
            raise ValidationError(_l("Type your name, in one script at least."))


class NewAccountForm(NameForm):
    """Who somebody is, and the address that they will confirm."""

    email = AddressField(_l("E-mail address"), render_kw={"autocomplete": "email"})
    next = HiddenField()


class LocaleForm(BaseForm):
    """The language of pages and mail."""

    locale = SelectField(
        _l("Language of pages and mail"),
        choices=[SelectChoice(value, label) for value, label in LOCALES.items()],
    )


class PasswordForm(BaseForm):
    """A new password, and the present one where it is asked for."""

    current = PasswordField(_l("Present password"), render_kw={"autocomplete": "current-password"})
    password = PasswordField(
        _l("New password"),
        [InputRequired(_l("Type a new password.")), Length(max=LONGEST_PASSWORD)],
        description=_l("At least 10 characters. A few words in a row are easy to remember."),
        render_kw={"autocomplete": "new-password"},
    )

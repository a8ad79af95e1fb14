"""The form all features build on: trimmed text, bounded lengths, fields for exact numbers and local times."""

from __future__ import annotations

import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length
from wtforms.widgets import NumberInput

from core.idempotency import new_key


def folded(text: str | None) -> str:
    """Text after Unicode NFC with white space folded and trimmed: how names are stored and compared."""
    return " ".join(unicodedata.normalize("NFC", text or "").split())


class BaseForm(FlaskForm):  # type: ignore[misc]
    """CSRF-protected form; shape is checked here, rules live in the domain."""

    def key_field(self) -> str:
        """A fresh idempotency key for a form that is being shown."""
        return new_key()


class TextField(StringField):
    """One line of text, folded, never longer than `maximum` characters."""

    def __init__(self, label: Any = None, validators: Any = (), maximum: int = 200, **kwargs: Any) -> None:
        super().__init__(
            label,
            [*validators, Length(max=maximum, message=_l("Use at most %(max)d characters."))],
            filters=[folded],
            **kwargs,
        )


class LongTextField(TextAreaField):
    """Several lines of text, never longer than `maximum` characters."""

    def __init__(self, label: Any = None, validators: Any = (), maximum: int = 5000, **kwargs: Any) -> None:
        super().__init__(
            label,
            [*validators, Length(max=maximum, message=_l("Use at most %(max)d characters."))],
            filters=[lambda text: (text or "").strip()],
            **kwargs,
        )


class VersionField(HiddenField):
    """The version of the thing that the form was filled in against."""


class ExactField(Field):
    """An exact decimal number, typed with point or comma, at most six decimals."""

    widget = NumberInput(step="any")

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else format(self.data, "f")

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        self.data = parse_exact(text) if text else None


def parse_exact(text: str) -> Decimal:
    """The number in `text`; raises ValidationError (a ValueError) with a plain sentence otherwise."""
    try:
        number = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        raise ValidationError(gettext("Type a number, for example 7.5.")) from None
    if not number.is_finite() or abs(number) > Decimal("1000000000"):
        raise ValidationError(gettext("This number is too large."))
    if number != round(number, 6):
        raise ValidationError(gettext("Use at most six decimals."))
    return number

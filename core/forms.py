"""The form all features build on: trimmed text, bounded lengths, fields for exact numbers and local times."""

from __future__ import annotations

import re
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

UNSPEAKABLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
"""Control characters, halves of surrogates, and marks that turn the direction of the text around them."""
LINE_END = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1f]")


def printable(text: str | None) -> str:
    """Text without characters that nobody types: they hide what is written, or no database or file takes them."""
    return UNSPEAKABLE.sub("", text or "")


def folded(text: str | None) -> str:
    """Text after Unicode NFC with white space folded and trimmed: how names are stored and compared."""
    return " ".join(unicodedata.normalize("NFC", printable(text)).split())


def lines(text: str | None) -> str:
    """Text of several lines: each keeps its place, line ends are one kind."""
    return LINE_END.sub("\n", printable(text)).strip()


def whole_number(text: str, *, otherwise: int) -> int:
    """The number in `text` if it is a plain one of at most nine digits (“²” is a digit too, and no number)."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else otherwise


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
            filters=[lines],
            **kwargs,
        )


class VersionField(HiddenField):
    """The version of the thing that the form was filled in against; `number` is 0 where that is no version."""

    @property
    def number(self) -> int:
        return whole_number(str(self.data or ""), otherwise=0)


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

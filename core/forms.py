"""The form all features build on: trimmed text, bounded lengths, fields for exact numbers and local times."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectFieldBase
from wtforms.validators import Length
from wtforms.widgets import NumberInput

from core.idempotency import new_key
from core.languages import shown_languages, stored_languages
from core.localised import chosen_locale

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


class LanguagesField(TextField):
    """Languages by name, in the reader's words or any others, kept as codes where they are known."""

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else self.shown(self.data or "")

    @staticmethod
    def shown(stored: str) -> str:
        """What is kept, as it can be typed again."""
        comma = "、" if chosen_locale() == "zh_Hans" else ", "
        return comma.join(shown_languages(stored))

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata([stored_languages(printable(text)) for text in valuelist])


class LongTextField(TextAreaField):
    """Several lines of text, never longer than `maximum` characters."""

    def __init__(self, label: Any = None, validators: Any = (), maximum: int = 5000, **kwargs: Any) -> None:
        super().__init__(
            label,
            [*validators, Length(max=maximum, message=_l("Use at most %(max)d characters."))],
            filters=[lines],
            **kwargs,
        )


class Versioned(Protocol):
    """A row that counts how often it was saved."""

    @property
    def version(self) -> int: ...


def say_what_is_saved(form: BaseForm, row: Versioned, names: Iterable[str]) -> None:
    """After a stale save: name each field in which what was typed differs from what somebody else has saved.

    The form then carries the present version, so that sending it again is a decision and not an accident.
    """
    for name in names:
        saved = getattr(row, name)
        if (form[name].data or None) != (saved or None):
            text = gettext(
                "%(label)s: saved in the meantime as “%(value)s”.",
                label=form[name].label.text,
                value=_as_shown(form[name], saved),
            )
            form.form_errors.append(text)
    form["version"].raw_data, form["version"].data = None, row.version


def _as_shown(field: Field, value: object) -> object:
    """A stored value in the words of the field's choices, where it has any."""
    if isinstance(field, LanguagesField):
        return field.shown(str(value or "")) or "–"
    choices = field.iter_choices() if isinstance(field, SelectFieldBase) else ()
    labels = (label for stored, label, *_rest in choices if (field.coerce(stored) or None) == (value or None))
    return next(labels, "–" if value is None or value == "" else value)


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

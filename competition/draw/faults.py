"""What is wrong with a problem, said in one line, and the checks of single JSON values that say it."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import cast

MOST_TEAMS = 5000
MOST_ROUNDS = 60
LARGEST_NUMBER = 10**9
LONGEST_NUMBER = 40
LONGEST_TEXT = 200


class BadProblem(ValueError):
    """The problem cannot be drawn; the text is one line that a person can act on."""

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()))


def as_object(
    value: object,
    where: str,
    *,
    required: frozenset[str] = frozenset(),
    optional: frozenset[str] = frozenset(),
) -> Mapping[str, object]:
    """A JSON object that has the required keys and no key that is neither required nor optional."""
    if not isinstance(value, Mapping):
        raise BadProblem(f"{where} must be an object, not {_kind(value)}")
    for key in value:
        if key not in required and key not in optional:
            raise BadProblem(f"{where} has an unknown key {_shown(key)}")
    for key in sorted(required):
        if key not in value:
            raise BadProblem(f"{where} lacks the key {key!r}")
    return cast(Mapping[str, object], value)


def as_mapping(value: object, where: str) -> Mapping[str, object]:
    """A JSON object whose keys are free."""
    if not isinstance(value, Mapping):
        raise BadProblem(f"{where} must be an object, not {_kind(value)}")
    return cast(Mapping[str, object], value)


def as_list(value: object, where: str, *, most: int) -> list[object]:
    """A JSON array of at most `most` elements (longer ones are refused before anything is read from them)."""
    if not isinstance(value, list | tuple):
        raise BadProblem(f"{where} must be a list, not {_kind(value)}")
    if len(value) > most:
        raise BadProblem(f"{where} has {len(value)} elements, at most {most} are accepted")
    return list(value)


def as_text(value: object, where: str) -> str:
    """A string that is not empty and can be written down (half of a surrogate pair cannot)."""
    if not isinstance(value, str):
        raise BadProblem(f"{where} must be a text, not {_kind(value)}")
    if not value:
        raise BadProblem(f"{where} must not be empty")
    if any("\ud800" <= letter <= "\udfff" for letter in value):
        raise BadProblem(f"{where} holds half a character")
    if len(value) > LONGEST_TEXT:
        raise BadProblem(f"{where} is longer than {LONGEST_TEXT} characters")
    return value


def as_text_or_none(value: object, where: str) -> str | None:
    """A string, or null; an empty string is null."""
    return None if value is None or value == "" else as_text(value, where)


def as_choice(value: object, where: str, choices: tuple[str, ...]) -> str:
    """One of a closed vocabulary."""
    if value not in choices:
        raise BadProblem(f"{where} must be one of {', '.join(choices)}, not {_shown(value)}")
    return str(value)


def as_count(value: object, where: str, *, least: int = 0, most: int = LARGEST_NUMBER) -> int:
    """A whole number between `least` and `most`."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadProblem(f"{where} must be a whole number, not {_kind(value)}")
    if not least <= value <= most:
        raise BadProblem(f"{where} must lie between {least} and {most}")
    return value


def as_points(value: object, where: str) -> Fraction:
    """An exact number."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | Fraction):
        raise BadProblem(f"{where} must be a number, not {_kind(value)}")
    if isinstance(value, int | Fraction):
        return Fraction(value)
    text = str(value)
    try:
        if len(text) > LONGEST_NUMBER or abs(Decimal(text).adjusted()) > LONGEST_NUMBER:
            raise ValueError
        return Fraction(text)
    except (ValueError, ArithmeticError):
        raise BadProblem(f"{where} must be a plain number, not {_shown(value)}") from None


def _kind(value: object) -> str:
    """The JSON word for the type of a value."""
    if value is None:
        return "null"
    names = {bool: "true or false", str: "a text", list: "a list", dict: "an object", Decimal: "a fraction"}
    return names.get(type(value), "a number")


def _shown(value: object) -> str:
    """The value as it may be repeated in a message: short, on one line."""
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."

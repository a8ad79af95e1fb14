"""One cell in, one cell out: what a person typed becomes a typed value, and the value becomes a cell again."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from competition.editions.public import UnclearLocalTime, to_local, to_utc
from core.db import trimmed
from core.forms import folded
from core.localised import N_
from core.spreadsheets import MILLIONTH, Value, cleaned, date_of, datetime_of, number_of, text_of, truth_of
from tabroom.workbook.columns import Column, Kind

IN_LIST = re.compile(r'\s*(?:"(?P<quoted>(?=(?:[^"]|"")*;)(?:[^"]|"")*)"\s*(?=;|$)|(?P<plain>[^;]+))')
WHOLE = re.compile("[+-]?[0-9]{1,19}")
MOST_EXACT = 2**53
"""Larger whole numbers do not survive a spreadsheet's binary numbers: they are written as text."""

NOT_A_NUMBER = N_("This must be a number.")
NOT_WHOLE = N_("This must be a whole number.")
OUT_OF_RANGE = N_("This must be a number from %(low)s to %(high)s.")
NOT_A_DATE = N_("This must be a date, such as 2025-05-17.")
NOT_A_TIME = N_("This must be a date and time, such as 2025-05-17 09:30.")
TWICE = N_("This hour exists twice in %(zone)s: clocks are set back. Add the offset, such as %(example)s.")
NEVER = N_("This hour does not exist in %(zone)s: clocks are set forward.")
NOT_YES_OR_NO = N_("This must be yes or no.")
NOT_A_CHOICE = N_("This must be one of: %(choices)s.")
TOO_LONG = N_("This text has %(count)s characters; at most %(most)s fit.")
TWICE_IN_LIST = N_("The list names “%(part)s” twice.")


@dataclass(frozen=True, slots=True)
class Bad(Exception):
    """The cell cannot be read: a code, a sentence, and what fills it."""

    code: str
    message: str
    values: dict[str, object]


def read_value(cell: Value, column: Column, zone: str | None = None) -> Any:
    """The typed value of a cell, None for an empty one. Raises Bad."""
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    return READERS[column.kind](cell, column, zone)


def name_text(text: str) -> str:
    """A name as it is stored and compared: NFC, white space folded, nothing that no spreadsheet can hold."""
    return folded(cleaned(text))


def free_text(text: str) -> str:
    """A text of sentences: NFC, trimmed, line breaks kept."""
    lines = cleaned(text).replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", lines).strip()


def stored_text(text: str | None) -> str | None:
    """A stored name as its cell holds it: none instead of empty."""
    return name_text(text or "") or None


def stored_sentence(text: str | None) -> str | None:
    """A stored text of sentences as its cell holds it."""
    return free_text(text or "") or None


def _name(cell: Value, column: Column, _zone: str | None) -> str | None:
    return _bounded(name_text(_as_typed(cell)), column) or None


def _text(cell: Value, column: Column, _zone: str | None) -> str | None:
    return _bounded(free_text(_as_typed(cell)), column) or None


def _as_typed(cell: Value) -> str:
    """The text of a cell; a spreadsheet takes the word TRUE for a truth and shows it so."""
    return str(cell).upper() if isinstance(cell, bool) else text_of(cell)


def _bounded(text: str, column: Column) -> str:
    if len(text) > column.length:
        raise Bad("too_long", TOO_LONG, {"count": len(text), "most": column.length})
    return text


def _number(cell: Value, column: Column, _zone: str | None) -> Decimal:
    try:
        number = number_of(cell)
    except ValueError:
        raise Bad("not_a_number", NOT_A_NUMBER, {}) from None
    if not column.low <= number <= column.high:
        raise Bad("out_of_range", OUT_OF_RANGE, {"low": str(column.low), "high": str(column.high)})
    return trimmed(number.quantize(MILLIONTH, ROUND_HALF_UP))


def _integer(cell: Value, column: Column, zone: str | None) -> int:
    if isinstance(cell, str) and WHOLE.fullmatch(cell.strip()):
        cell = int(cell)
        if column.low <= cell <= column.high:
            return cell
    number = _number(cell, column, zone)
    if number != number.to_integral_value():
        raise Bad("not_whole", NOT_WHOLE, {})
    return int(number)


def _date(cell: Value, _column: Column, _zone: str | None) -> date:
    try:
        return date_of(cell)
    except ValueError:
        raise Bad("not_a_date", NOT_A_DATE, {}) from None


def _local_time(cell: Value, _column: Column, zone: str | None) -> datetime | None:
    """A local time of the edition as UTC; a text may carry its own offset."""
    try:
        if isinstance(cell, str) and (typed := datetime.fromisoformat(cell.strip())).tzinfo is not None:
            return typed.astimezone(UTC).replace(microsecond=0)
        local = datetime_of(cell).replace(microsecond=0)
    except (ValueError, OverflowError):
        raise Bad("not_a_time", NOT_A_TIME, {}) from None
    if zone is None:
        return None
    try:
        return to_utc(local, zone)
    except UnclearLocalTime:
        raise _unclear(local, zone) from None
    except OverflowError:
        raise Bad("not_a_time", NOT_A_TIME, {}) from None


def _unclear(local: datetime, zone: str) -> Bad:
    first = local.replace(tzinfo=ZoneInfo(zone))
    if first.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) != local:
        return Bad("time_never", NEVER, {"zone": zone})
    return Bad("time_twice", TWICE, {"zone": zone, "example": first.isoformat(sep=" ", timespec="minutes")})


def _flag(cell: Value, _column: Column, _zone: str | None) -> bool:
    try:
        return truth_of(cell)
    except ValueError:
        raise Bad("not_yes_or_no", NOT_YES_OR_NO, {}) from None


def _choice(cell: Value, column: Column, _zone: str | None) -> str:
    return _chosen(text_of(cell), column)


def _chosen(text: str, column: Column) -> str:
    word = folded(text).casefold().replace(" ", "_").replace("-", "_")
    if word not in column.choices:
        raise Bad("not_a_choice", NOT_A_CHOICE, {"choices": ", ".join(column.choices)})
    return word


def split_names(text: str) -> list[str]:
    """The names in a list cell; one that has a ; itself stands in quotation marks."""
    return [
        found["quoted"].replace('""', '"') if found["quoted"] is not None else found["plain"]
        for found in IN_LIST.finditer(text)
    ]


def _in_list(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"' if ";" in name else name


def _names(cell: Value, column: Column, _zone: str | None) -> tuple[str, ...] | None:
    parts = [part for each in split_names(text_of(cell)) if (part := name_text(each))]
    _bounded(";".join(parts), column)
    return _distinct(parts, column) or None


def _choices(cell: Value, column: Column, _zone: str | None) -> tuple[str, ...] | None:
    return (
        _distinct([_chosen(part, column) for part in text_of(cell).split(";") if part.strip()], column)
        or None
    )


def _distinct(parts: list[str], column: Column) -> tuple[str, ...]:
    if column.name not in ("table_points", "three_team_points"):
        for index, part in enumerate(parts):
            if part in parts[:index]:
                raise Bad("twice_in_list", TWICE_IN_LIST, {"part": part})
    return tuple(parts)


READERS: dict[Kind, Callable[[Value, Column, str | None], Any]] = {
    Kind.NAME: _name,
    Kind.TEXT: _text,
    Kind.INTEGER: _integer,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.LOCAL_TIME: _local_time,
    Kind.FLAG: _flag,
    Kind.CHOICE: _choice,
    Kind.NAMES: _names,
    Kind.CHOICES: _choices,
}


def write_value(value: Any, zone: str) -> Value:
    """The cell for a typed value: read again, it gives the same value."""
    if isinstance(value, tuple):
        return ";".join(_in_list(name) for name in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return _written_time(value, zone)
    if isinstance(value, int) and abs(value) > MOST_EXACT:
        return str(value)
    cell: Value = value
    return cell


def _written_time(value: datetime, zone: str) -> Value:
    local = to_local(value, zone)
    try:
        to_utc(local, zone)
    except UnclearLocalTime:
        return value.astimezone(ZoneInfo(zone)).isoformat(sep=" ")
    return local

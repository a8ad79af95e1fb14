"""Spreadsheets in and out: cells as exact values, and nothing we write ever becomes a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import Invalid, TooLarge
from core.localised import N_
from core.problems import Problem
from core.workbook_safety import (
    SHOWN_CELLS,
    FoundCells,
    Limits,
    NotAWorkbook,
    SheetScan,
    checked_workbook,
    column_letters,
    too_big,
)

if TYPE_CHECKING:
    import xlsxwriter.format
    import xlsxwriter.worksheet

__all__ = [
    "MIMETYPE",
    "SHOWN_CELLS",
    "Cells",
    "Limits",
    "NotAWorkbook",
    "Sheet",
    "Value",
    "WorkbookWriter",
    "cleaned",
    "column_letters",
    "csv_for_people",
    "csv_raw",
    "date_of",
    "datetime_of",
    "exact_number",
    "number_of",
    "read_workbook",
    "text_of",
    "truth_of",
]

Value = None | str | bool | int | Decimal | date | datetime | time | timedelta
"""What a cell may hold; a `date` has no time of day, numbers are exact to six decimals."""

MIMETYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_TEXT = 32_767
MOST_ROWS = 1_048_576
MEASURED_ROWS = 200
MILLIONTH = Decimal("0.000001")
DEFAULT_LIMITS = Limits()
FIXED_MOMENT = datetime(2000, 1, 1)  # noqa: DTZ001
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

FORMULA = N_("This cell holds a formula, not a value. Copy it and paste it as a value.")
MORE_FORMULAS = N_("%(count)s more cells of this sheet hold formulas.")
ERROR_VALUE = N_("This cell holds an error such as #N/A, not a value.")
MORE_ERROR_VALUES = N_("%(count)s more cells of this sheet hold errors.")
UNREADABLE = N_("This workbook is damaged. Open it, save it again as .xlsx and send that.")
TOO_MANY_ROWS = N_("A sheet cannot hold more than 1,048,575 rows.")
TOO_LONG = N_("A text of %(count)s characters is too long for a cell (at most 32,767).")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """The places (row, column; from 1) of some kind of cell: the first fifty of a column, and how many it has."""

    places: tuple[tuple[int, int], ...] = ()
    counts: Mapping[int, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return sum(self.counts.values())

    def among(self, columns: Collection[int]) -> Cells:
        """Those in these columns."""
        return Cells(
            places=tuple(place for place in self.places if place[1] in columns),
            counts={column: count for column, count in self.counts.items() if column in columns},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One worksheet. `rows[0]` is row 1 of the sheet; trailing empty rows and cells are left out."""

    name: str
    rows: list[list[Value]]
    formulas: Cells = field(default_factory=Cells)
    errors: Cells = field(default_factory=Cells)

    @property
    def problems(self) -> list[Problem]:
        """A fault for each formula and each error value such as #N/A; the first fifty, then a count."""
        return [
            *self._faults(self.formulas, "formula", FORMULA, MORE_FORMULAS),
            *self._faults(self.errors, "error_value", ERROR_VALUE, MORE_ERROR_VALUES),
        ]

    def _faults(self, cells: Cells, code: str, message: str, more: str) -> Iterator[Problem]:
        shown = cells.places[:SHOWN_CELLS]
        for row, column in shown:
            yield Problem(where=(self.name, row, column_letters(column)), code=code, message=message)
        if rest := cells.count - len(shown):
            yield Problem(where=(self.name,), code=code, message=more, values={"count": rest})


# Reading


def read_workbook(source: bytes | str | Path, limits: Limits = DEFAULT_LIMITS) -> list[Sheet]:
    """The worksheets of an .xlsx file (its content or its path), in their order.

    Formulas and error values are told by `Sheet.problems`; their cells hold the last computed value or None.
    Raises NotAWorkbook for anything that is not a sound workbook, TooLarge for one beyond `limits`.
    """
    clean, scans = checked_workbook(_loaded(source, limits), limits)
    return _read(clean, scans)


def _loaded(source: bytes | str | Path, limits: Limits) -> bytes:
    if isinstance(source, bytes):
        return source
    size = Path(source).stat().st_size
    if size > limits.packed:
        raise too_big(size, limits)
    return Path(source).read_bytes()


def _read(clean: io.BytesIO, scans: Sequence[SheetScan]) -> list[Sheet]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with CalamineWorkbook.from_object(clean) as book:
            return [
                Sheet(
                    name=scan.name,
                    rows=_values(book.get_sheet_by_name(scan.name).to_python(skip_empty_area=False)),
                    formulas=_cells(scan.formulas),
                    errors=_cells(scan.errors),
                )
                for scan in scans
            ]
    except (CalamineError, ValueError, OverflowError, OSError):
        raise NotAWorkbook(UNREADABLE) from None


def _cells(found: FoundCells) -> Cells:
    return Cells(places=tuple(found.places), counts=dict(found.counts))


def _values(raw: list[list[Any]]) -> list[list[Value]]:
    rows = [_trimmed([_value(cell) for cell in row]) for row in raw]
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _trimmed(row: list[Value]) -> list[Value]:
    while row and row[-1] is None:
        row.pop()
    return row


def _value(cell: Any) -> Value:
    if cell == "":
        return None
    if isinstance(cell, float):
        return exact_number(cell)
    value: Value = cell
    return value


def exact_number(number: float) -> int | Decimal:
    """The number as it was typed: 1.0 is 1, 0.1 is exactly 0.1; rounded half up to six decimals."""
    if number.is_integer():
        return int(number)
    exact = Decimal(repr(number)).quantize(MILLIONTH, ROUND_HALF_UP).normalize()
    return int(exact) if exact == exact.to_integral_value() else exact


# Understanding cells


def text_of(value: Value) -> str:
    """The cell as a person would type it: 2023, 7.5, yes, 2025-05-17, 2025-05-17 09:30; empty for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds" if value.second else "minutes")
    if isinstance(value, (date, time)):
        return value.isoformat()
    return str(value)


def number_of(value: Value) -> Decimal:
    """The cell as an exact number; a number typed as text counts. Raises ValueError otherwise."""
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, str) and "_" not in value:
        try:
            number = Decimal(value.strip())
        except InvalidOperation:
            raise ValueError(value) from None
        if number.is_finite() and abs(number) < 10**15:
            return number
    raise ValueError(text_of(value))


def date_of(value: Value) -> date:
    """The cell as a day; an ISO date typed as text counts. Raises ValueError otherwise."""
    if isinstance(value, datetime) and value.time() == time():
        return value.date()
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str):
        return date.fromisoformat(value.strip())
    raise ValueError(text_of(value))


def datetime_of(value: Value) -> datetime:
    """The cell as a local day and time without zone; ISO text counts. Raises ValueError otherwise."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())
    if isinstance(value, str):
        parsed = datetime.fromisoformat(value.strip())
        if parsed.tzinfo is None:
            return parsed
    raise ValueError(text_of(value))


def truth_of(value: Value) -> bool:
    """The cell as yes or no. Raises ValueError otherwise."""
    if isinstance(value, bool):
        return value
    word = text_of(value).strip().lower()
    if word in ("yes", "true", "1"):
        return True
    if word in ("no", "false", "0"):
        return False
    raise ValueError(word)


# Writing


def cleaned(text: str) -> str:
    """Text without the control characters that no spreadsheet can hold (tab and line breaks stay)."""
    return UNWRITABLE.sub("", text)


class WorkbookWriter:
    """An .xlsx workbook in the making. The same data give the same bytes; text is always text.

    Control characters other than tab and line breaks are left out of texts; a text of more than 32,767
    characters is refused. `is_large` keeps one row at a time in memory.
    """

    def __init__(self, *, title: str = "", is_large: bool = False) -> None:
        import xlsxwriter

        self._buffer = io.BytesIO()
        self.book = xlsxwriter.Workbook(
            self._buffer,
            {
                "constant_memory": is_large,
                "in_memory": not is_large,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "default_date_format": "yyyy-mm-dd",
            },
        )
        self.book.set_properties({"title": cleaned(title), "created": FIXED_MOMENT})
        self._names: set[str] = set()
        self._formats: dict[tuple[tuple[str, Any], ...], xlsxwriter.format.Format] = {}

    def style(self, **properties: Any) -> xlsxwriter.format.Format:
        """A cell format with XlsxWriter's property names; the same properties give the same format."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format(dict(properties))
        return self._formats[key]

    def add_sheet(
        self,
        name: str,
        headers: Sequence[str],
        rows: Iterable[Sequence[Value]],
        *,
        widths: Sequence[float | None] | None = None,
        number_formats: Sequence[str | None] | None = None,
        kinds: Sequence[str | None] | None = None,
        freeze: bool = True,
        autofilter: bool = True,
    ) -> xlsxwriter.worksheet.Worksheet:
        """Write one sheet with a bold header row; returns XlsxWriter's worksheet for charts and the like.

        `widths` (characters), `number_formats` ("0.00") and `kinds` hold one entry per column, None for the
        usual: a width from the first 200 rows, the general format, the value's own kind. Kind "text" writes
        numbers as text too, so that a code such as 007 stays what it is.
        """
        sheet = self.book.add_worksheet(self._free_name(name))
        remaining = iter(rows)
        first = [list(row) for row in islice(remaining, MEASURED_ROWS)]
        count = len(headers)
        self._set_columns(sheet, _padded(widths, count) if widths else _fitting(headers, first))
        for column, header in enumerate(headers):
            sheet.write_string(
                0, column, cleaned(header), self.style(bold=True, text_wrap=True, valign="top")
            )
        formats, texts = _padded(number_formats, count), _padded(kinds, count)
        last = self._write_rows(sheet, chain(first, remaining), formats, texts)
        if freeze:
            sheet.freeze_panes(1, 0)
        if autofilter and headers:
            sheet.autofilter(0, 0, max(1, last), count - 1)
        if last:
            sheet.ignore_errors({"number_stored_as_text": f"A2:{column_letters(max(1, count))}{last + 1}"})
        return sheet

    def save(self) -> bytes:
        """The finished file; nothing can be added afterwards."""
        self.book.close()
        return self._buffer.getvalue()

    def _free_name(self, name: str) -> str:
        """A sheet name that Excel accepts and that is not taken: 31 characters, none of []:*?/\\."""
        base = re.sub(r"[\[\]:*?/\\]", " ", cleaned(name)).strip().strip("'")[:31] or "Sheet"
        free, number = base, 2
        while free.lower() in self._names or free.lower() == "history":
            suffix = f" {number}"
            free, number = base[: 31 - len(suffix)] + suffix, number + 1
        self._names.add(free.lower())
        return free

    def _set_columns(self, sheet: xlsxwriter.worksheet.Worksheet, widths: Sequence[float | None]) -> None:
        for column, width in enumerate(widths):
            if width is not None:
                sheet.set_column(column, column, width)

    def _write_rows(
        self,
        sheet: xlsxwriter.worksheet.Worksheet,
        rows: Iterable[Sequence[Value]],
        formats: Sequence[str | None],
        kinds: Sequence[str | None],
    ) -> int:
        last = 0
        for last, row in enumerate(rows, start=1):
            if last >= MOST_ROWS:
                raise TooLarge(TOO_MANY_ROWS)
            for column, value in enumerate(row):
                number_format = formats[column] if column < len(formats) else None
                is_text = column < len(kinds) and kinds[column] == "text"
                self._write(
                    sheet,
                    last,
                    column,
                    text_of(value) if is_text and value is not None else value,
                    number_format,
                )
        return last

    def _write(
        self,
        sheet: xlsxwriter.worksheet.Worksheet,
        row: int,
        column: int,
        value: Value,
        number_format: str | None,
    ) -> None:
        if value is None or value == "":
            return
        style = self.style(num_format=number_format) if number_format else None
        if isinstance(value, str):
            sheet.write_string(row, column, _writable(value))
        elif isinstance(value, bool):
            sheet.write_boolean(row, column, value)
        elif isinstance(value, (int, Decimal)):
            sheet.write_number(row, column, value, style)
        elif isinstance(value, datetime) and value.tzinfo is not None:
            raise ValueError(
                "a time with a zone cannot be written to a spreadsheet; convert it to local time"
            )
        else:
            sheet.write_datetime(row, column, value, style or self.style(num_format=_date_format(value)))


def _date_format(value: date | time | timedelta) -> str:
    if isinstance(value, datetime):
        return "yyyy-mm-dd hh:mm"
    if isinstance(value, date):
        return "yyyy-mm-dd"
    return "[h]:mm" if isinstance(value, timedelta) else "hh:mm"


def _writable(text: str) -> str:
    clean = cleaned(text)
    if len(clean) > LONGEST_TEXT:
        raise Invalid(TOO_LONG, count=len(clean))
    return clean


def _padded(entries: Sequence[Any] | None, count: int) -> list[Any]:
    given = list(entries or ())
    return given + [None] * (count - len(given))


def _fitting(headers: Sequence[str], rows: Sequence[Sequence[Value]]) -> list[float]:
    """Widths that show the header and the first rows, between 6 and 60 characters."""
    widths = [_shown_width(header) + 4 for header in headers]
    for row in rows:
        for column, value in enumerate(row[: len(widths)]):
            widths[column] = max(widths[column], _shown_width(text_of(value)) + 2)
    return [float(min(60, max(6, width))) for width in widths]


def _shown_width(text: str) -> int:
    """Characters, Chinese ones counted double."""
    return sum(2 if ord(letter) >= 0x1100 else 1 for letter in text)


def csv_for_people(rows: Iterable[Sequence[Value]]) -> str:
    """CSV that a person opens in Excel: a mark for UTF-8 in front, formula-like text made harmless with '."""
    return "\ufeff" + _csv(([_harmless(value) for value in row] for row in rows), "\r\n")


def csv_raw(rows: Iterable[Sequence[Value]]) -> str:
    """CSV for programs: raw values, nothing added."""
    return _csv((tuple(text_of(value) for value in row) for row in rows), "\n")


def _harmless(value: Value) -> str:
    text = text_of(value)
    is_typed = isinstance(value, str) and text.lstrip(" ").startswith(FORMULA_STARTS)
    return f"'{text}" if is_typed else text


def _csv(rows: Iterable[Sequence[str]], line_end: str) -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator=line_end).writerows(rows)
    return buffer.getvalue()

"""A file somebody has becomes a grid of texts: .xlsx, or CSV in the encodings and with the separators people have."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter

from core.errors import Invalid, TooLarge
from core.forms import folded
from core.localised import N_
from core.spreadsheets import Limits, Sheet, read_workbook, text_of

SEPARATORS = ",;\t|，；"
SAMPLE = 20
LONGEST_WESTERN = 4
"""As many accented letters in a row do not occur in a name of a Western language."""
MEGABYTE = 1024 * 1024
MOST_BYTES = 8 * MEGABYTE
MOST_ROWS = 10_000
MOST_COLUMNS = 80
LONGEST_CELL = 1000
LIMITS = Limits(packed=MOST_BYTES, unpacked=80 * MEGABYTE, sheets=50, rows=50_000, columns=500, cells=800_000)
NO_LIST = N_(
    "This file is neither an Excel workbook (.xlsx) nor a CSV list. Save it as one of them and send that."
)
OLD_EXCEL = N_("This is a workbook of an old Excel (.xls). Open it, save it as .xlsx and send that.")
EMPTY = N_("There is no row in this list.")
TOO_LONG = N_("A list has at most %(rows)d rows and %(columns)d columns. Send it in parts.")
TOO_HEAVY = N_("This file is larger than 8 MB. A list of people is much smaller; send only the list.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The cells of a list as texts, the sheet they came from, and which cells hold formulas (row, column from 0)."""

    rows: list[list[str]]
    sheet: str = ""
    formulas: list[list[int]]


def read_grid(data: bytes) -> Grid:
    """The list in a file, told by its content and never by its name.

    Raises Invalid for what is no list, TooLarge for what is beyond the limits.
    """
    if len(data) > MOST_BYTES:
        raise TooLarge(TOO_HEAVY)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Invalid(OLD_EXCEL)
    grid = _of_workbook(data) if data.startswith(b"PK") else _of_csv(data)
    if not grid.rows:
        raise Invalid(EMPTY)
    if len(grid.rows) > MOST_ROWS or max(map(len, grid.rows)) > MOST_COLUMNS:
        raise TooLarge(TOO_LONG, rows=MOST_ROWS, columns=MOST_COLUMNS)
    return grid


def _of_workbook(data: bytes) -> Grid:
    """The sheet with most in it."""
    sheets = read_workbook(data, LIMITS)
    sheet = max(sheets, key=lambda each: sum(len(row) for row in each.rows), default=None)
    if sheet is None:
        raise Invalid(EMPTY)
    rows = _trimmed([[_cell(text_of(value)) for value in row] for row in sheet.rows])
    return Grid(rows=rows, sheet=sheet.name[:120], formulas=_formulas(sheet))


def _formulas(sheet: Sheet) -> list[list[int]]:
    return [[row - 1, column - 1] for row, column in (*sheet.formulas.places, *sheet.errors.places)]


def _of_csv(data: bytes) -> Grid:
    text = _decoded(data)
    text = text.replace("\x00", "")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    rows: list[list[str]] = []
    try:
        for row in reader:
            rows.append([_cell(value) for value in row])
            if len(rows) > MOST_ROWS + 1000:
                break
    except csv.Error:
        raise Invalid(NO_LIST) from None
    return Grid(rows=_trimmed(rows), formulas=[])


def _separator(text: str) -> str:
    """The separator that parts most of the first rows, and then gives most of them as many cells as each other. A comma
    inside “Li, Wei” is not in the headers, and not on every line the same number of times.
    """

    def fit(separator: str) -> tuple[int, ...]:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        try:
            widths = Counter(len(row) for row in islice(reader, SAMPLE) if len(row) > 1)
        except csv.Error:
            return (0,)
        width, rows = max(widths.items(), key=itemgetter(1), default=(0, 0))
        return widths.total(), rows, width

    return max(SEPARATORS, key=fit)


def _decoded(data: bytes) -> str:
    """Text in UTF-8, UTF-16 (also without its mark), GB 18030 or Windows-1252. Raises Invalid for anything that is no
    text.
    """
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _tried(data, encoding)
    zeros = data[:4000].count(0)
    if zeros > len(data[:4000]) // 4:
        return _tried(data, "utf-16-le" if data[1:2] == b"\x00" else "utf-16-be")
    if zeros:
        raise Invalid(NO_LIST)
    try:
        return _checked(data.decode("utf-8"))
    except UnicodeDecodeError:
        return _tried(data, "cp1252" if _is_western(data) else "gb18030")


def _is_western(data: bytes) -> bool:
    """Whether letters beyond ASCII stand alone between others, as é and ü do; Chinese ones take two bytes or four."""
    runs = [len(run) for run in re.findall(rb"[\x80-\xff]+", data)]
    return sum(length % 2 for length in runs) > len(runs) / 2 and max(runs) < LONGEST_WESTERN


def _tried(data: bytes, encoding: str) -> str:
    try:
        return _checked(data.decode(encoding))
    except UnicodeDecodeError:
        raise Invalid(NO_LIST) from None


def _checked(text: str) -> str:
    """Raises Invalid where a text is full of what nobody types, as programs and pictures are."""
    odd = sum(1 for letter in text[:20_000] if ord(letter) < 32 and letter not in "\t\r\n\x0b\x0c")
    if odd > max(2, len(text[:20_000]) // 200):
        raise Invalid(NO_LIST)
    return text


def _cell(text: str) -> str:
    return folded(text)[:LONGEST_CELL]


def _trimmed(rows: list[list[str]]) -> list[list[str]]:
    """Without empty cells at the ends of rows; empty rows stay where rows follow, so that numbers fit the file."""
    for row in rows:
        while row and not row[-1]:
            row.pop()
    while rows and not rows[-1]:
        rows.pop()
    return rows

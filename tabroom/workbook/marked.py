"""The file as it was sent, with its faults marked where they are: red cells whose notes say what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from core.forms import folded

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

MOST_BYTES = 500_000
"""A larger file is not marked: reading and writing every style of it would keep its sender waiting for the list."""
RED, DARK_RED = "FFC7CE", "C00000"
MOST_WORDS = 2_000
WIDTH, LINE = 320, 22
"""Of a note and of each of its lines, in points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong at one place: row from 1 (0: the whole sheet), column by its header ("": the whole row)."""

    sheet: str
    row: int
    column: str
    text: str


def marked(data: bytes, faults: Iterable[Fault]) -> bytes:
    """The workbook with every fault at its cell; what is in no sheet of it is left to the list on the page."""
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(data))
    sheets = {_key(sheet.title): sheet for sheet in book.worksheets}
    headers = {name: _headers(sheet) for name, sheet in sheets.items()}
    notes: dict[tuple[str, int, int], list[str]] = {}
    for fault in faults:
        name = _key(fault.sheet)
        if name in sheets:
            place = (name, max(fault.row, 1), headers[name].get(_key(fault.column), 1))
            notes.setdefault(place, []).append(fault.text)
    for (name, row, column), lines in notes.items():
        sheets[name].sheet_properties.tabColor = DARK_RED
        _mark(_cell(sheets[name], row, column), lines)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _key(name: object) -> str:
    return folded(str(name)).casefold().replace(" ", "_")


def _headers(sheet: Worksheet) -> Mapping[str, int]:
    first = next(sheet.iter_rows(min_row=1, max_row=1), ())
    return {_key(cell.value): cell.column for cell in first if cell.value is not None}


def _cell(sheet: Worksheet, row: int, column: int) -> Cell:
    """The cell itself, or the one that shows what is merged there."""
    for area in sheet.merged_cells.ranges:
        if area.min_row <= row <= area.max_row and area.min_col <= column <= area.max_col:
            row, column = area.min_row, area.min_col
    found: Cell = sheet.cell(row, column)
    return found


def _mark(cell: Cell, lines: Iterable[str]) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    said = [*([cell.comment.text] if cell.comment is not None else []), *dict.fromkeys(lines)]
    words = "\n".join(said)[:MOST_WORDS]
    height = LINE * sum(1 + len(line) // 45 for line in words.splitlines()) + LINE
    cell.comment = Comment(words, "Parley", height=height, width=WIDTH)
    cell.fill = PatternFill("solid", fgColor=RED)

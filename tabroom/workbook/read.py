"""From the sheets of a file to typed rows: headers, cells, required values, repeated keys; every fault at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.forms import folded
from core.localised import N_
from core.spreadsheets import SHOWN_CELLS, Cells, Value, column_letters
from core.spreadsheets import Sheet as FileSheet
from tabroom.workbook.columns import Column, Sheet
from tabroom.workbook.faults import Faults
from tabroom.workbook.layout import EDITION, SHEETS
from tabroom.workbook.read_settings import default_settings, read_settings
from tabroom.workbook.rows import Row, Rows, Workbook, key_of
from tabroom.workbook.values import Bad, read_value

Places = dict[int, Column]


def read_sheets(sheets: Sequence[FileSheet], faults: Faults) -> Workbook:
    """The rows of every sheet we know; one without any cell is as good as missing. Cells that cannot be read are
    faults and count as empty.
    """
    known = _known_sheets(sheets, faults)
    book = Workbook(settings=default_settings())
    if "Edition" not in known:
        faults.add(("Edition",), "missing_sheet", N_("The sheet “Edition” is missing."))
    else:
        book.settings = read_settings(known["Edition"], _edition_rows(known["Edition"], faults), faults)
    zone = book.settings.values.get("timezone")
    for layout in SHEETS:
        if layout is not EDITION and layout.name in known and known[layout.name].rows:
            book.sheets[layout.name] = read_rows(known[layout.name], layout, zone, faults)
    return book


def _edition_rows(sheet: FileSheet, faults: Faults) -> Rows:
    return read_rows(sheet, EDITION, None, faults)


def _known_sheets(sheets: Sequence[FileSheet], faults: Faults) -> dict[str, FileSheet]:
    names = {sheet.name.casefold(): sheet.name for sheet in SHEETS}
    known: dict[str, FileSheet] = {}
    for sheet in sheets:
        name = names.get(folded(sheet.name).casefold())
        if name is None:
            if sheet.rows:
                _warn_unknown(faults, sheet.name, list(names.values()))
        elif name in known:
            faults.add((name,), "sheet_twice", N_("There are two sheets “%(value)s”."), sheet.name)
        else:
            known[name] = sheet
    return known


def _warn_unknown(faults: Faults, name: str, names: list[str]) -> None:
    guess = faults.guess(name, names)
    message = (
        N_("This sheet is not part of the format and is not read. Did you mean “%(guess)s”?")
        if guess
        else N_("This sheet is not part of the format and is not read.")
    )
    faults.warn((name,), "unknown_sheet", message, name, guess=guess)


def _places(sheet: FileSheet, layout: Sheet, faults: Faults) -> Places:
    """Which column of the file holds which column of the layout."""
    known = {column.name: column for column in layout.columns}
    places: Places = {}
    headers = sheet.rows[0] if sheet.rows else []
    for index, cell in enumerate(headers):
        header = folded(str(cell)) if cell is not None else ""
        column = known.get(header.casefold().replace(" ", "_"))
        if column is None:
            _note_strange_column(sheet, layout, index, header, faults)
        elif column in places.values():
            faults.add(
                (layout.name, 1, column.name),
                "column_twice",
                N_("There are two columns “%(value)s”."),
                header,
            )
        else:
            places[index] = column
    present = {column.name for column in places.values()}
    for column in layout.columns:
        if column.is_required and column.name not in present:
            faults.add(
                (layout.name, 1, column.name),
                "missing_column",
                N_("The column “%(column)s” is missing."),
                None,
                column=column.name,
            )
    return places


def _note_strange_column(sheet: FileSheet, layout: Sheet, index: int, header: str, faults: Faults) -> None:
    where = (layout.name, 1, header or column_letters(index + 1))
    if header:
        guess = faults.guess(header, layout.names)
        message = (
            N_("This column is not part of the format and is not read. Did you mean “%(guess)s”?")
            if guess
            else N_("This column is not part of the format and is not read.")
        )
        faults.warn(where, "unknown_column", message, header, guess=guess)
    elif any(index < len(row) and row[index] is not None for row in sheet.rows):
        faults.warn(where, "column_without_header", N_("This column has no header and is not read."))


def _note_bad_cells(sheet: FileSheet, layout: Sheet, places: Places, faults: Faults) -> set[tuple[int, int]]:
    """Formulas and error values where something is read: the first are reported, the others counted."""
    bad: set[tuple[int, int]] = set()
    for found, problem in ((sheet.formulas, "formula"), (sheet.errors, "error_value")):
        cells = _read_here(found, layout, places)
        shown = cells.places[:SHOWN_CELLS]
        for row, column in shown:
            if (row, column) not in bad:
                known = places.get(column - 1) if row > 1 else None
                where = (layout.name, row, known.name if known else column_letters(column))
                faults.add(where, problem, BAD_CELLS[problem])
        bad.update(cells.places)
        if rest := cells.count - len(shown):
            faults.add_many((layout.name,), problem, MORE_BAD_CELLS[problem], rest)
    return bad


def _read_here(cells: Cells, layout: Sheet, places: Places) -> Cells:
    """The cells of columns that are read; all of them where a required column was not even found."""
    return cells.among([index + 1 for index in places]) if _has_required(layout, places) else cells


def _has_required(layout: Sheet, places: Places) -> bool:
    present = {column.name for column in places.values()}
    return all(column.name in present for column in layout.columns if column.is_required)


BAD_CELLS = {
    "formula": N_("This cell holds a formula, not a value. Copy it and paste it as a value."),
    "error_value": N_("This cell holds an error such as #N/A, not a value."),
}
MORE_BAD_CELLS = {
    "formula": N_("%(count)s more cells of this sheet hold formulas."),
    "error_value": N_("%(count)s more cells of this sheet hold errors."),
}


def read_rows(sheet: FileSheet, layout: Sheet, zone: str | None, faults: Faults) -> Rows:
    places = _places(sheet, layout, faults)
    bad = _note_bad_cells(sheet, layout, places, faults)
    has_more_bad = any(
        cells.count > len(cells.places)
        for found in (sheet.formulas, sheet.errors)
        for cells in (_read_here(found, layout, places),)
    )
    present = frozenset(column.name for column in places.values())
    read = Rows(columns=present, is_whole=_has_required(layout, places))
    required = [column.name for column in layout.columns if column.is_required and column.name in present]
    empty = {column.name: column.default for column in layout.columns}
    for number, cells in enumerate(sheet.rows[1:], start=2):
        if all(cell is None for cell in cells):
            continue
        values = dict(empty)
        broken = _read_cells(cells, number, layout.name, places, bad, zone, values, faults)
        for name in required:
            if values[name] is None and name not in broken and not has_more_bad:
                faults.add((layout.name, number, name), "required", N_("This cell must not be empty."))
        if all(values[column.name] is not None for column in layout.columns if column.is_required):
            given = {
                column.name
                for index, column in places.items()
                if index < len(cells) and cells[index] is not None
            }
            derived = frozenset(
                name for name in ("draw_state", "results_state") if name in empty and name not in given
            )
            read.rows.append(Row(number, values, derived))
        elif layout.key and values[layout.key[0]] is not None:
            read.broken.add(key_of(layout.name, values))
    _note_repeats(read, layout, faults)
    return read


def _read_cells(
    cells: Sequence[Value],
    number: int,
    sheet: str,
    places: Places,
    bad: set[tuple[int, int]],
    zone: str | None,
    values: dict[str, Any],
    faults: Faults,
) -> set[str]:
    """Fill `values` from one row; returns the columns whose cells could not be read.

    A formula is a fault already. What it came to last is read all the same, so that nothing else is at fault for it.
    """
    broken: set[str] = set()
    for index, column in places.items():
        is_bad = (number, index + 1) in bad
        if is_bad:
            broken.add(column.name)
        cell = cells[index] if index < len(cells) else None
        if cell is None:
            continue
        try:
            value = read_value(cell, column, zone)
        except Bad as fault:
            broken.add(column.name)
            if not is_bad:
                faults.add((sheet, number, column.name), fault.code, fault.message, cell, **fault.values)
        else:
            if value is not None:
                values[column.name] = value
    return broken


def _note_repeats(rows: Rows, layout: Sheet, faults: Faults) -> None:
    if not layout.key:
        return
    first: dict[tuple[Any, ...], int] = {}
    for row in rows:
        key = key_of(layout.name, row.values)
        earlier = first.setdefault(key, row.number)
        if earlier != row.number:
            what = " · ".join(str(part) for part in key if part is not None)
            faults.add(
                (layout.name, row.number, layout.key[-1]),
                "repeated",
                N_("“%(value)s” is already in row %(row)s. It may stand here once."),
                what,
                row=earlier,
            )

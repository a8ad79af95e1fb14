"""A file laid over what is stored: the edition as it would be afterwards (pure)."""

from __future__ import annotations

from dataclasses import replace

from tabroom.workbook.layout import BY_NAME, OF_A_ROUND, SHEETS
from tabroom.workbook.rows import Row, Rows, Settings, Workbook, key_of

STATES = ("draw_state", "results_state")


def overlay(stored: Workbook, file: Workbook) -> Workbook:
    """The file's rows over the stored ones.

    Rows are matched by their key. A column, key or sheet that the file does not have leaves what is stored; an
    empty cell empties it. Stored rows that the file does not name stay. What happened in a round is taken whole:
    for a round that the file speaks of, the sheets it has replace the stored rows of those sheets.
    """
    merged = Workbook(settings=_settings(stored.settings, file.settings))
    spoken = {row["round"] for sheet in OF_A_ROUND for row in file.rows(sheet)}
    for sheet in SHEETS[1:]:
        if sheet.name not in file.sheets:
            merged.sheets[sheet.name] = stored.sheets.get(sheet.name) or Rows(columns=frozenset(sheet.names))
        elif sheet.name in OF_A_ROUND:
            merged.sheets[sheet.name] = _of_rounds(stored, file, sheet.name, spoken)
        else:
            merged.sheets[sheet.name] = _by_key(stored, file, sheet.name)
    _reopen_states(merged, file, spoken)
    return merged


def _settings(stored: Settings, file: Settings) -> Settings:
    values = {**stored.values, **{key: file[key] for key in file.numbers}}
    return Settings(values=values, numbers=file.numbers)


def _filled(row: Row, stored: Row | None, columns: frozenset[str]) -> Row:
    """The file's row, with the columns the file does not have as they are stored."""
    if stored is None:
        return row
    values = {name: value if name in columns else stored[name] for name, value in row.values.items()}
    return Row(row.number, values, row.derived)


def _by_key(stored: Workbook, file: Workbook, sheet: str) -> Rows:
    columns = file.sheets[sheet].columns
    of_file, known = file.by_key(sheet), stored.by_key(sheet)
    rows = [_filled(of_file[key], row, columns) if key in of_file else row for key, row in known.items()]
    rows += [row for key, row in of_file.items() if key not in known]
    return Rows(columns=columns, rows=rows, broken=file.sheets[sheet].broken, is_whole=file.is_whole(sheet))


def _of_rounds(stored: Workbook, file: Workbook, sheet: str, spoken: set[int]) -> Rows:
    columns, known = file.sheets[sheet].columns, stored.by_key(sheet)
    has_key = bool(BY_NAME[sheet].key)
    rows = [row for row in stored.rows(sheet) if row["round"] not in spoken]
    rows += [
        _filled(row, known.get(key_of(sheet, row.values)) if has_key else None, columns)
        for row in file.rows(sheet)
    ]
    return Rows(columns=columns, rows=rows, broken=file.sheets[sheet].broken, is_whole=file.is_whole(sheet))


def _reopen_states(merged: Workbook, file: Workbook, spoken: set[int]) -> None:
    """States that the file leaves open follow from what it says of the round, not from what is stored."""
    of_file = file.named("Rounds")
    found = merged.sheets["Rounds"]
    rows = []
    for row in found:
        given = of_file.get(row["round"])
        is_open = [name for name in STATES if given is None or given[name] is None]
        if row["round"] in spoken:
            values = {**row.values, **dict.fromkeys(is_open)}
            row = Row(row.number, values, frozenset(is_open))
        elif given is not None and is_open:
            row = Row(row.number, row.values, frozenset(is_open))
        rows.append(row)
    merged.sheets["Rounds"] = replace(found, rows=rows)

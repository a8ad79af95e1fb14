"""Reads the CSV of the scoring commands; every fault is one clear line."""

import csv
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import TextIO

Columns = dict[str, list[str]]


LARGEST_MARK = Decimal(10) ** 9
"""Beyond this, squares of marks lose the digits that estimation needs."""


class InputError(ValueError):
    """The input cannot be used; the message is one line for a person."""


def read_columns(stream: TextIO, required: Sequence[str], optional: Sequence[str] = ()) -> Columns:
    """The named columns as text, stripped. Optional columns that are not there are left out; others are ignored."""
    rows = csv.reader(stream, strict=True)
    header = [name.lstrip("\ufeff").strip().lower() for name in next(rows, [])]
    if missing := [name for name in required if name not in header]:
        raise InputError(f"the input lacks the column {', '.join(missing)}")
    if twice := [name for name in (*required, *optional) if header.count(name) > 1]:
        raise InputError(f"the input has the column {', '.join(twice)} twice")
    wanted = [name for name in (*required, *optional) if name in header]
    places = [header.index(name) for name in wanted]
    columns: list[list[str]] = [[] for _ in wanted]
    for line, row in enumerate(rows, start=2):
        if len(row) != len(header):
            if not row:
                continue
            raise InputError(f"line {line} has {len(row)} values, the header {len(header)}")
        for column, place in zip(columns, places, strict=True):
            column.append(row[place].strip())
    found = dict(zip(wanted, columns, strict=True))
    if not found[required[0]]:
        raise InputError("the input has no marks")
    _require_ids(found, [name for name in wanted if name != "mark"])
    return found


def _require_ids(columns: Columns, names: Sequence[str]) -> None:
    for name in names:
        if name in ("target", "judge") and "" in columns[name]:
            raise InputError(f"a mark has no {name} (mark number {columns[name].index('') + 1})")


def floats(marks: Sequence[str]) -> list[float]:
    """The marks as floating-point numbers, for estimation."""
    try:
        values = [float(mark) for mark in marks]
    except ValueError:
        values = []
    if any("_" in mark for mark in marks):
        values = []
    if not values or not all(map(isfinite, values)) or max(map(abs, values)) > LARGEST_MARK:
        return [float(value) for value in decimals(marks)]
    return values


def decimals(marks: Sequence[str]) -> list[Decimal]:
    """The marks as exact decimals, or the fault of the first that is none."""
    values = []
    for number, mark in enumerate(marks, start=1):
        try:
            value = Decimal(
                mark.replace("_", "?")
            )  # Python reads 1_000 as a thousand, a spreadsheet does not
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite():
            raise InputError(f"mark number {number} is not a number: {mark[:40]!r}")
        if value.copy_abs() > LARGEST_MARK:
            raise InputError(f"mark number {number} is beyond {LARGEST_MARK:,}: {mark[:40]!r}")
        values.append(value)
    return values

"""An edition as rows of typed values: the one form in which files, stored editions and comparisons meet (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tabroom.workbook.layout import BY_NAME, SHEETS

Key = tuple[Any, ...]


@dataclass(slots=True)
class Row:
    """One row: its number in the file (0 where it is not from a file) and its values by column name.

    `derived` names the values that the file left open and that follow from the others.
    """

    number: int
    values: dict[str, Any]
    derived: frozenset[str] = frozenset()

    def __getitem__(self, column: str) -> Any:
        return self.values[column]


@dataclass(slots=True)
class Rows:
    """One sheet: the columns that are present, and its rows in order.

    `broken` holds the keys of rows that could not be read to the end; `is_whole` is False where a required column
    is missing, so that no row could be: what refers to them is not at fault.
    """

    columns: frozenset[str]
    rows: list[Row] = field(default_factory=list)
    broken: set[Key] = field(default_factory=set)
    is_whole: bool = True

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(slots=True)
class Settings:
    """The sheet `Edition`: values by key, and the row of each key that is present."""

    values: dict[str, Any] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)

    def __getitem__(self, key: str) -> Any:
        return self.values[key]


@dataclass(slots=True)
class Workbook:
    """A whole edition. A sheet that is missing is an empty one that is not in `sheets`."""

    settings: Settings = field(default_factory=Settings)
    sheets: dict[str, Rows] = field(default_factory=dict)

    def rows(self, sheet: str) -> list[Row]:
        """The rows of a sheet, none where it is missing."""
        found = self.sheets.get(sheet)
        return found.rows if found is not None else []

    def broken(self, sheet: str) -> set[Any]:
        """The names of the sheet's rows that could not be read to the end."""
        found = self.sheets.get(sheet)
        return {key[0] for key in found.broken} if found is not None else set()

    def is_whole(self, sheet: str) -> bool:
        """Whether the sheet has the columns that its rows need."""
        found = self.sheets.get(sheet)
        return found is None or found.is_whole

    def by_key(self, sheet: str) -> dict[Key, Row]:
        """The rows of a sheet by its key; of rows with the same key the first."""
        found: dict[Key, Row] = {}
        for row in self.rows(sheet):
            found.setdefault(key_of(sheet, row.values), row)
        return found

    def named(self, sheet: str) -> dict[Any, Row]:
        """The rows of a sheet whose key is one column, by that name."""
        return {key[0]: row for key, row in self.by_key(sheet).items()}

    @property
    def count(self) -> int:
        return sum(len(self.rows(sheet.name)) for sheet in SHEETS)


def key_of(sheet: str, values: Mapping[str, Any]) -> Key:
    """What identifies a row of this sheet; the whole row where the sheet has no key."""
    layout = BY_NAME[sheet]
    return tuple(values[name] for name in (layout.key or layout.names))

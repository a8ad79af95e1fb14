"""What a column or a sheet of the workbook is made of: kinds of cells, columns, sheets (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

MOST = Decimal(1_000_000_000)
"""No number in a workbook is larger: below it six decimals survive the way through a spreadsheet."""


class Kind(StrEnum):
    """What a cell is read as."""

    NAME = "name"
    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"
    LOCAL_TIME = "local_time"
    FLAG = "flag"
    CHOICE = "choice"
    NAMES = "names"
    CHOICES = "choices"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column (or one key of `Edition`).

    `length` bounds texts, `low` and `high` numbers, `choices` words; `to` names the sheet whose first column holds
    the names that may stand here; `default` is what an empty cell means where it does not mean "none".
    """

    name: str
    kind: Kind = Kind.TEXT
    is_required: bool = False
    length: int = 200
    low: Decimal = -MOST
    high: Decimal = MOST
    choices: tuple[str, ...] = ()
    to: str = ""
    default: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet: `key` names the columns that may not repeat together (none: rows may repeat)."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()

    def column(self, name: str) -> Column:
        """The column called `name`."""
        return next(column for column in self.columns if column.name == name)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

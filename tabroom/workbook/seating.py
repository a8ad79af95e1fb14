"""Who sat where and who judged whom: lookups over the rows of the rounds (pure)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from tabroom.workbook.layout import ROLE_WORDS, VACANT
from tabroom.workbook.rows import Row, Workbook

TableKey = tuple[int, str]
SheetKey = tuple[int, str, str]


@dataclass(slots=True)
class Seating:
    """Lookups by (round, table) and by (round, table, judge)."""

    seats: dict[TableKey, dict[str, str]] = field(default_factory=dict)
    """role -> team of the occupied seats, in the order of the roles."""
    table_of: dict[tuple[int, str], str] = field(default_factory=dict)
    """(round, team) -> table."""
    panel: dict[TableKey, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    """judge -> position."""
    sheets: dict[SheetKey, Row] = field(default_factory=dict)
    marks: dict[SheetKey, list[Row]] = field(default_factory=lambda: defaultdict(list))
    judges_with_sheets: dict[TableKey, list[str]] = field(default_factory=lambda: defaultdict(list))
    """Whoever has a scoresheet or marks, in the order of the panel."""
    results: dict[TableKey, list[Row]] = field(default_factory=lambda: defaultdict(list))
    outcomes: dict[tuple[int, str], Row] = field(default_factory=dict)
    absent_delegates: set[tuple[int, str]] = field(default_factory=set)
    penalties: dict[tuple[int, str], list[Row]] = field(default_factory=lambda: defaultdict(list))
    delegates: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """team -> its delegates."""
    unread: set[tuple[Any, ...]] = field(default_factory=set)
    """(round, table) of draws and (round, table, judge) of panels whose rows could not be read to the end."""
    has_every_draw: bool = True
    has_every_panel: bool = True
    """False where the sheet lacks a column that its rows need."""


def seating_of(book: Workbook) -> Seating:
    """The lookups of a workbook."""
    found = Seating(has_every_draw=book.is_whole("Draw"), has_every_panel=book.is_whole("Panels"))
    found.unread = {
        key for sheet in ("Draw", "Panels") if sheet in book.sheets for key in book.sheets[sheet].broken
    }
    for row in book.rows("Delegates"):
        found.delegates[row["team"]].add(row["delegate"])
    for row in book.rows("Draw"):
        teams = {role: row[role] for role in ROLE_WORDS if row[role] not in (None, VACANT)}
        found.seats[row["round"], row["table"]] = teams
        found.table_of.update({(row["round"], team): row["table"] for team in teams.values()})
    for row in book.rows("Panels"):
        found.panel[row["round"], row["table"]].setdefault(row["judge"], row["position"])
    for row in book.rows("Scoresheets"):
        found.sheets[_sheet_key(row)] = row
    for row in book.rows("Marks"):
        found.marks[_sheet_key(row)].append(row)
    _order_sheets(found)
    for row in book.rows("Results"):
        found.results[row["round"], row["table"]].append(row)
    for row in book.rows("Outcomes"):
        found.outcomes[row["round"], row["team"]] = row
    for row in book.rows("Lineups"):
        if not row["took_part"]:
            found.absent_delegates.add((row["round"], row["delegate"]))
    for row in book.rows("Penalties"):
        found.penalties[row["round"], row["team"]].append(row)
    return found


def _sheet_key(row: Row) -> Any:
    return row["round"], row["table"], row["judge"]


def _order_sheets(found: Seating) -> None:
    known = dict.fromkeys([*found.sheets, *found.marks])
    for (number, table), panel in found.panel.items():
        present = [judge for judge in panel if (number, table, judge) in known]
        if present:
            found.judges_with_sheets[number, table] = present

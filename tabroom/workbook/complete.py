"""What follows from what: open states, sheets that marks imply, results in their one form (pure)."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from tabroom.workbook.layout import BY_NAME
from tabroom.workbook.outcomes import Outcomes, TableOutcome
from tabroom.workbook.rows import Row, Rows, Workbook
from tabroom.workbook.seating import Seating, TableKey


def complete(book: Workbook, seating: Seating, outcomes: Outcomes) -> Workbook:
    """The workbook that an export of this edition would hold. `book` itself is left as it is."""
    done = Workbook(settings=book.settings, sheets=dict(book.sheets))
    done.sheets["Scoresheets"] = _scoresheets(book, seating)
    done.sheets["Results"] = _results(book, outcomes)
    done.sheets["Rounds"] = _rounds(book, seating, outcomes)
    _order_divisions(done)
    return done


def _scoresheets(book: Workbook, seating: Seating) -> Rows:
    """Marks without a scoresheet make one: confirmed."""
    rows = list(book.rows("Scoresheets"))
    for key, marks in seating.marks.items():
        if key not in seating.sheets:
            number, table, judge = key
            values = {
                "round": number,
                "table": table,
                "judge": judge,
                "state": "confirmed",
                "version": 1,
                "reason": None,
            }
            rows.append(Row(marks[0].number, values, frozenset(values)))
    return Rows(columns=frozenset(BY_NAME["Scoresheets"].names), rows=rows)


def _results(book: Workbook, outcomes: Outcomes) -> Rows:
    """Results only where they say more than the scoresheets do."""
    numbers = {(row["round"], row["team"]): row.number for row in book.rows("Results")}
    rows: list[Row] = []
    for (number, table), outcome in outcomes.items():
        if not says_more(outcome):
            continue
        for place in outcome.places:
            values: dict[str, Any] = {
                "round": number,
                "table": table,
                "team": place.team,
                "rank": place.rank,
                "score": place.score,
                "advances": place.advances,
            }
            if any(values[name] is not None for name in ("rank", "score", "advances")):
                rows.append(Row(numbers.get((number, place.team), 0), values))
    return Rows(columns=frozenset(BY_NAME["Results"].names), rows=rows)


def says_more(outcome: TableOutcome) -> bool:
    """Whether a table's result cannot be worked out from its scoresheets alone."""
    return outcome.source == "given" or any(place.advances is not None for place in outcome.places)


def _rounds(book: Workbook, seating: Seating, outcomes: Outcomes) -> Rows:
    tables: dict[int, list[TableKey]] = defaultdict(list)
    for key, teams in seating.seats.items():
        if teams or key in outcomes:
            tables[key[0]].append(key)
    drawn = {row["round"] for row in book.rows("Draw")}
    played = {key[0] for key in (*outcomes, *seating.sheets, *seating.marks)}
    rows = []
    for row in book.rows("Rounds"):
        number, values = row["round"], dict(row.values)
        if values["draw_state"] is None and number in drawn:
            values["draw_state"] = "released" if number in played else "draft"
        if values["results_state"] is None:
            own = tables[number]
            is_over = bool(own) and all(key in outcomes for key in own)
            values["results_state"] = "confirmed" if is_over else "open"
        rows.append(Row(row.number, values, row.derived))
    present = book.sheets["Rounds"].columns if "Rounds" in book.sheets else frozenset(BY_NAME["Rounds"].names)
    return Rows(columns=present, rows=rows)


def _order_divisions(book: Workbook) -> None:
    """Memberships in the order of the sheet `Divisions`: there the order is kept."""
    order = {name: place for place, name in enumerate(book.named("Divisions"))}
    for sheet in ("Teams", "Delegates"):
        found = book.sheets.get(sheet)
        if found is None:
            continue
        rows = []
        for row in found:
            divisions = row["divisions"]
            if divisions is not None and len(divisions) > 1:
                ordered = tuple(sorted(divisions, key=lambda name: order.get(name, 0)))
                row = Row(row.number, {**row.values, "divisions": ordered}, row.derived)
            rows.append(row)
        book.sheets[sheet] = Rows(columns=found.columns, rows=rows)

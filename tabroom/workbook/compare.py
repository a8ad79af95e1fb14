"""What a file would create and change in an edition, sheet by sheet and round by round (pure)."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from tabroom.workbook.layout import BY_NAME, OF_A_ROUND, SETTINGS, SHEETS
from tabroom.workbook.outcomes import Outcomes
from tabroom.workbook.rows import Key, Row, Workbook, key_of

POINT_RULES = ("table_points", "three_team_points")
STATES = ("draw_state", "results_state")
OF_THE_ROUND_ROW = ("stage", "weight")
HOW_DRAWN = ("draw_method", "draw_preset", "draw_options", "seed", "engine")


@dataclass(slots=True)
class Counts:
    """How many rows of a sheet the file creates, changes, finds as they are; and stored rows it does not name."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    kept: int = 0


@dataclass(slots=True)
class Difference:
    """Everything that differs. `rows` holds (row, its changed columns; none for a new row) per sheet."""

    counts: dict[str, Counts] = field(default_factory=dict)
    settings: list[str] = field(default_factory=list)
    rows: dict[str, list[tuple[Row, frozenset[str] | None]]] = field(default_factory=dict)
    rounds: dict[int, tuple[str, int]] = field(default_factory=dict)
    """Round to be written anew -> the first sheet and row that differ."""
    states: dict[int, tuple[str, int]] = field(default_factory=dict)
    """Round in which nothing but a state differs."""

    @property
    def is_empty(self) -> bool:
        return not (self.settings or self.rounds or self.states or any(self.rows.values()))


def compare(
    stored: Workbook,
    merged: Workbook,
    *,
    stored_outcomes: dict[tuple[int, str, str], Any],
    outcomes: Outcomes,
) -> Difference:
    """What lies between the stored edition (empty for a new one) and `merged`."""
    found = Difference()
    _compare_settings(stored, merged, found)
    _compare_rounds(stored, merged, found)
    for sheet in SHEETS[1:]:
        if sheet.name in OF_A_ROUND:
            _count_rows(stored, merged, sheet.name, found)
        else:
            _compare_rows(stored, merged, sheet.name, found)
    _compare_outcomes(stored, merged, stored_outcomes, outcomes, found)
    return found


def _compare_settings(stored: Workbook, merged: Workbook, found: Difference) -> None:
    counts = found.counts["Edition"] = Counts()
    for column in SETTINGS:
        is_new = column.name not in stored.settings.values
        is_changed = is_new or stored.settings[column.name] != merged.settings[column.name]
        if is_changed:
            found.settings.append(column.name)
        if column.name in merged.settings.numbers:
            counts.created += is_new
            counts.changed += is_changed and not is_new
            counts.unchanged += not is_changed


def _compare_rows(stored: Workbook, merged: Workbook, sheet: str, found: Difference) -> None:
    counts = Counts()
    changes: list[tuple[Row, frozenset[str] | None]] = []
    known = stored.by_key(sheet)
    ignored = frozenset((*STATES, *HOW_DRAWN)) if sheet == "Rounds" else frozenset[str]()
    for key, row in merged.by_key(sheet).items():
        earlier = known.get(key)
        if earlier is None:
            counts.created += 1
            changes.append((row, None))
            continue
        differing = _differing(earlier, row)
        if differing:
            counts.changed += 1
        elif row.number:
            counts.unchanged += 1
        else:
            counts.kept += 1
        if differing - ignored:
            changes.append((row, differing - ignored))
    found.counts[sheet], found.rows[sheet] = counts, changes


def _differing(earlier: Row, row: Row) -> frozenset[str]:
    return frozenset(name for name, value in row.values.items() if earlier[name] != value)


def _count_rows(stored: Workbook, merged: Workbook, sheet: str, found: Difference) -> None:
    counts = found.counts[sheet] = Counts()
    if not BY_NAME[sheet].key:
        _count_keyless(stored, merged, sheet, counts)
        return
    known = stored.by_key(sheet)
    for key, row in merged.by_key(sheet).items():
        earlier = known.get(key)
        if earlier is None:
            counts.created += 1
        elif earlier.values != row.values:
            counts.changed += 1
        elif row.number:
            counts.unchanged += 1
        else:
            counts.kept += 1


def _count_keyless(stored: Workbook, merged: Workbook, sheet: str, counts: Counts) -> None:
    known = Counter(key_of(sheet, row.values) for row in stored.rows(sheet))
    for row in merged.rows(sheet):
        key = key_of(sheet, row.values)
        if known[key] > 0:
            known[key] -= 1
            counts.unchanged += bool(row.number)
            counts.kept += not row.number
        else:
            counts.created += 1


def _compare_rounds(stored: Workbook, merged: Workbook, found: Difference) -> None:
    for sheet in OF_A_ROUND:
        before, after = _contents(stored, sheet), _contents(merged, sheet)
        for number in before.keys() | after.keys():
            if before[number] != after[number]:
                found.rounds.setdefault(number, (sheet, _first_row(merged, sheet, number, before[number])))
    known = stored.named("Rounds")
    points = any(name in found.settings for name in POINT_RULES)
    played = {row["round"] for row in stored.rows("Draw")}
    for row in merged.rows("Rounds"):
        number, earlier = row["round"], known.get(row["round"])
        if earlier is None or number in found.rounds:
            continue
        weighs = points or any(earlier[name] != row[name] for name in OF_THE_ROUND_ROW)
        is_redrawn = any(earlier[name] != row[name] for name in HOW_DRAWN)
        if is_redrawn or (weighs and number in played):
            found.rounds[number] = ("Rounds", row.number)
        else:
            _compare_states(earlier, row, found)


def _compare_states(earlier: Row, row: Row, found: Difference) -> None:
    """A state that merely follows from the file does not overrule the one that is stored."""
    for name in STATES:
        if earlier[name] == row[name]:
            continue
        if name in row.derived:
            row.values[name] = earlier[name]
        else:
            found.states[row["round"]] = ("Rounds", row.number)


def _contents(book: Workbook, sheet: str) -> dict[int, Counter[Key]]:
    names = BY_NAME[sheet].names
    found: dict[int, Counter[Key]] = defaultdict(Counter)
    for row in book.rows(sheet):
        found[row["round"]][tuple(row.values[name] for name in names)] += 1
    return found


def _first_row(merged: Workbook, sheet: str, number: int, before: Counter[Key]) -> int:
    names = BY_NAME[sheet].names
    for row in merged.rows(sheet):
        if row["round"] == number and tuple(row.values[name] for name in names) not in before:
            return row.number
    return 0


def _compare_outcomes(
    stored: Workbook,
    merged: Workbook,
    stored_outcomes: dict[tuple[int, str, str], Any],
    outcomes: Outcomes,
    found: Difference,
) -> None:
    """Rounds whose results would come out differently though their own sheets are the same (a changed rubric)."""
    after = {
        (number, table, place.team): (place.rank, place.score, place.advances)
        for (number, table), outcome in outcomes.items()
        for place in outcome.places
    }
    known = {row["round"] for row in stored.rows("Rounds")}
    for key in stored_outcomes.keys() | after.keys():
        if key[0] in known and stored_outcomes.get(key) != after.get(key):
            found.rounds.setdefault(key[0], ("Criteria", 0))

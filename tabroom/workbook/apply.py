"""Writing an edition: its settings and everybody in it; rounds are in `apply_rounds`. Runs in one open transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from core.db import db, new_public_id
from tabroom.workbook.check import conflict_of
from tabroom.workbook.compare import Difference
from tabroom.workbook.layout import SETTINGS
from tabroom.workbook.rows import Row, Workbook
from tabroom.workbook.tables import delete_where, ids_of, insert_rows, table, update_row


@dataclass(slots=True)
class Ids:
    """Name -> key, sheet by sheet, of the edition being written."""

    edition_id: int
    of: dict[str, dict[Any, int]] = field(default_factory=dict)

    def find(self, sheet: str, name: Any) -> int | None:
        """The key of what is called `name`; None for no name."""
        return None if name is None else self.of[sheet][name]

    def load(self, sheet: str) -> None:
        """Read the keys again, after rows were inserted."""
        place = PLACES[sheet]
        self.of[sheet] = ids_of(place.table, place.name, self.edition_id)


Convert = Callable[[Any, Ids], Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sheet's rows are stored: `columns` maps a column of the sheet to one of the table."""

    table: str
    name: str
    columns: Mapping[str, tuple[str, Convert]]
    has_position: bool = False
    has_version: bool = False
    is_dated: bool = False


def _as_is(value: Any, _ids: Ids) -> Any:
    return value


def _text(value: Any, _ids: Ids) -> str:
    return value or ""


def _joined(value: Any, _ids: Ids) -> str:
    return ";".join(value or ())


def _key(sheet: str) -> Convert:
    return lambda value, ids: ids.find(sheet, value)


def _texts(*names: str) -> dict[str, tuple[str, Convert]]:
    return {name: (name, _text) for name in names}


def _plain(*names: str) -> dict[str, tuple[str, Convert]]:
    return {name: (name, _as_is) for name in names}


PLACES: dict[str, Place] = {
    "Institutions": Place(
        "institution",
        "code",
        {"institution": ("code", _text), **_texts("name", "name_local"), "country": ("country", _text)},
        has_version=True,
    ),
    "Divisions": Place(
        "division",
        "code",
        {"division": ("code", _text), **_texts("name", "name_zh")},
        has_position=True,
        has_version=True,
    ),
    "Teams": Place(
        "team",
        "name",
        {
            "team": ("name", _text),
            "institution": ("institution_id", _key("Institutions")),
            "role": ("role", _as_is),
            "wishes": ("wishes", _joined),
            "coach": ("coach", _text),
            **_plain("status", "withdrawn_from"),
        },
        has_position=True,
        has_version=True,
        is_dated=True,
    ),
    "Delegates": Place(
        "delegate",
        "code",
        {
            "delegate": ("code", _text),
            "team": ("team_id", _key("Teams")),
            **_texts("name", "name_local", "contact"),
        },
        has_position=True,
    ),
    "Judges": Place(
        "judge",
        "code",
        {
            "judge": ("code", _text),
            "institution": ("institution_id", _key("Institutions")),
            "rating": ("rating", _as_is),
            "languages": ("languages", _joined),
            **_texts("name", "name_local", "contact"),
        },
        has_position=True,
        has_version=True,
    ),
    "Rooms": Place(
        "room",
        "name",
        {
            "room": ("name", _text),
            "capacity": ("capacity", _as_is),
            "step_free": ("is_step_free", _as_is),
            **_texts("site", "building", "link"),
        },
        has_version=True,
    ),
    "Criteria": Place(
        "criterion",
        "code",
        {
            "criterion": ("code", _text),
            **_texts("name", "name_zh", "session"),
            **_plain("target", "minimum", "maximum", "step", "weight"),
        },
        has_position=True,
    ),
}


def apply_settings(edition_id: int | None, book: Workbook, difference: Difference, now: datetime) -> int:
    """Create the edition, or change the settings that differ; returns its key."""
    edition = table("edition")
    values = values_of_settings(book, difference)
    if edition_id is None:
        created = insert(edition).values(public_id=new_public_id(), created_at=now, **values)
        return int(db.session.execute(created.returning(edition.c.id)).scalar_one())
    if values:
        changed = update(edition).where(edition.c.id == edition_id)
        db.session.execute(changed.values(version=edition.c.version + 1, **values))
    return edition_id


def values_of_settings(book: Workbook, difference: Difference) -> dict[str, Any]:
    """The settings that differ, as an edition stores them."""
    names = [name for name in difference.settings if name != "format"]
    columns = {column.name: column for column in SETTINGS}
    return {name: _setting(book.settings[name], columns[name].kind) for name in names}


def _setting(value: Any, kind: str) -> Any:
    if kind == "names":
        return ";".join(value or ())
    return "" if value is None and kind in ("name", "text") else value


def apply_people(ids: Ids, book: Workbook, difference: Difference, now: datetime) -> None:
    """Everything that is not of a round: institutions, divisions, teams, delegates, judges, rooms, rubric."""
    for sheet, place in PLACES.items():
        ids.load(sheet)
        changes = difference.rows.get(sheet, [])
        if changes:
            _write_sheet(ids, sheet, place, changes, now)
            ids.load(sheet)
    _write_divisions(ids, difference, "Teams", "team_division", "team_id")
    _write_divisions(ids, difference, "Delegates", "delegate_division", "delegate_id")
    _write_conflicts(ids, book, difference)
    _write_breaks(ids, difference)
    _write_awards(ids, difference)


def _write_sheet(
    ids: Ids, sheet: str, place: Place, changes: list[tuple[Row, frozenset[str] | None]], now: datetime
) -> None:
    """New rows in bulk, changed ones one by one. A name that is stored but not exported counts as changed."""
    new: list[dict[str, Any]] = []
    position = _next_position(place.table, ids.edition_id) if place.has_position else 0
    known = ids.of[sheet]
    for row, changed in changes:
        key = known.get(row[next(iter(place.columns))])
        columns = place.columns if changed is None else [name for name in changed if name in place.columns]
        values = {place.columns[name][0]: place.columns[name][1](row[name], ids) for name in columns}
        if key is not None:
            _update(place, key, values)
            continue
        if place.has_position:
            values["position"] = position + len(new)
        if place.is_dated:
            values["created_at"] = now
        new.append({"edition_id": ids.edition_id, **values})
    insert_rows(place.table, new)


def _update(place: Place, key: int, values: dict[str, Any]) -> None:
    if not values:
        return
    if place.has_version:
        values["version"] = table(place.table).c.version + 1
    update_row(place.table, key, values)


def _next_position(name: str, edition_id: int) -> int:
    target = table(name)
    last = db.session.scalar(select(func.max(target.c.position)).where(target.c.edition_id == edition_id))
    return 0 if last is None else last + 1


def _changed_in(difference: Difference, sheet: str, column: str) -> list[Row]:
    return [row for row, changed in difference.rows.get(sheet, []) if changed is None or column in changed]


def _write_divisions(ids: Ids, difference: Difference, sheet: str, name: str, owner: str) -> None:
    rows = _changed_in(difference, sheet, "divisions")
    key_column = "team" if sheet == "Teams" else "delegate"
    owners = [ids.of[sheet][row[key_column]] for row in rows]
    delete_where(name, owner, owners)
    insert_rows(
        name,
        (
            {owner: key, "division_id": ids.of["Divisions"][division]}
            for key, row in zip(owners, rows, strict=True)
            for division in row["divisions"] or ()
        ),
    )


def _write_conflicts(ids: Ids, book: Workbook, difference: Difference) -> None:
    rows = _changed_in(difference, "Judges", "conflicts")
    institutions, teams = book.named("Institutions"), book.named("Teams")
    owners = [ids.of["Judges"][row["judge"]] for row in rows]
    delete_where("judge_conflict", "judge_id", owners)
    new: list[dict[str, Any]] = []
    for key, row in zip(owners, rows, strict=True):
        for position, part in enumerate(row["conflicts"] or ()):
            kind, name = conflict_of(part, institutions, teams)
            new.append(
                {
                    "judge_id": key,
                    "institution_id": ids.of["Institutions"][name] if kind == "institution" else None,
                    "team_id": ids.of["Teams"][name] if kind == "team" else None,
                    "position": position,
                }
            )
    insert_rows("judge_conflict", new)


def _write_breaks(ids: Ids, difference: Difference) -> None:
    rule, new = table("break_rule"), []
    for row, changed in difference.rows.get("Breaks", []):
        values = {name: row[name] for name in ("size", "reserves")}
        division_id = ids.find("Divisions", row["division"])
        if changed is None:
            new.append(
                {"edition_id": ids.edition_id, "division_id": division_id, "role": row["role"], **values}
            )
        else:
            same = (rule.c.edition_id == ids.edition_id) & (rule.c.role.is_not_distinct_from(row["role"]))
            same &= rule.c.division_id.is_not_distinct_from(division_id)
            db.session.execute(update(rule).where(same).values(**values))
    insert_rows("break_rule", new)


def _write_awards(ids: Ids, difference: Difference) -> None:
    new = [row for row, changed in difference.rows.get("Awards", []) if changed is None]
    if not new:
        return
    first = _next_position("award", ids.edition_id)
    names = ("award", "kind", "winner", "reason")
    insert_rows(
        "award",
        (
            {"edition_id": ids.edition_id, "position": position, **{name: row[name] or "" for name in names}}
            for position, row in enumerate(new, start=first)
        ),
    )

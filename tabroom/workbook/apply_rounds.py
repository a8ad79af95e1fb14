"""Writing rounds: the round itself, its draw as a new version, panels, sheets, marks, and results as facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import func, select, update

from competition.rounds.public import RecordedPlace, RecordedTable, record_results
from core.access import Actor
from core.db import db
from judging.public import NewMark, NewSheet, insert_marks, insert_sheets
from tabroom.workbook.apply import Ids
from tabroom.workbook.compare import Difference
from tabroom.workbook.layout import ROLE_WORDS, VACANT
from tabroom.workbook.outcomes import Outcomes
from tabroom.workbook.rows import Row, Workbook
from tabroom.workbook.seating import SheetKey, seating_of
from tabroom.workbook.tables import CHUNK, chunks, delete_where, insert_rows, table, update_row

REPLACED = ("outcome", "lineup", "penalty")


def apply_rounds(
    *, actor: Actor, ids: Ids, book: Workbook, outcomes: Outcomes, difference: Difference, now: datetime
) -> None:
    """Insert new rounds, change the others, and write anew what happened in those that differ."""
    new = {row["round"] for row, changed in difference.rows.get("Rounds", []) if changed is None}
    _write_rows(ids, difference)
    rewritten = new | difference.rounds.keys()
    for row in book.rows("Rounds"):
        number = row["round"]
        if number in rewritten and number not in new:
            update_row(
                "round", ids.of["Rounds"][number], _how_drawn(row) | {"results_state": row["results_state"]}
            )
        elif number in difference.states:
            _write_states(ids.of["Rounds"][number], row, now)
    if rewritten:
        _Rounds(actor, ids, book, outcomes, rewritten, now).write()


def _write_rows(ids: Ids, difference: Difference) -> None:
    round_ = table("round")

    def load() -> dict[Any, int]:
        query = select(round_.c.number, round_.c.id).where(round_.c.edition_id == ids.edition_id)
        return dict(db.session.execute(query).all())

    ids.of["Rounds"] = load()
    new: list[dict[str, Any]] = []
    for row, changed in difference.rows.get("Rounds", []):
        values = {
            "name": row["name"] or "",
            "name_zh": row["name_zh"] or "",
            "stage": row["stage"],
            "division_id": ids.find("Divisions", row["division"]),
            "weight": row["weight"],
            "starts_at": row["starts_at"],
        }
        if changed is None:
            how = _how_drawn(row) | {"results_state": row["results_state"]}
            new.append({"edition_id": ids.edition_id, "number": row["round"], **values, **how})
        else:
            update_row("round", ids.of["Rounds"][row["round"]], {**values, "version": round_.c.version + 1})
    if new:
        insert_rows("round", new)
        ids.of["Rounds"] = load()


def _how_drawn(row: Row) -> dict[str, Any]:
    return {
        "draw_method": row["draw_method"] or "",
        "draw_preset": row["draw_preset"] or "",
        "draw_options": row["draw_options"] or "",
        "draw_seed": row["seed"],
        "draw_engine": row["engine"] or "",
    }


def _write_states(round_id: int, row: Row, now: datetime) -> None:
    draw, round_ = table("draw"), table("round")
    changed = {"results_state": row["results_state"], "version": round_.c.version + 1}
    update_row("round", round_id, changed)
    if row["draw_state"] is not None:
        live = (draw.c.round_id == round_id) & (draw.c.state.notin_(("superseded", row["draw_state"])))
        released = now if row["draw_state"] == "released" else None
        db.session.execute(update(draw).where(live).values(state=row["draw_state"], released_at=released))


@dataclass(slots=True)
class _Rounds:
    """The rounds that are written anew, and what writing them shares."""

    actor: Actor
    ids: Ids
    book: Workbook
    outcomes: Outcomes
    numbers: set[int]
    now: datetime

    def write(self) -> None:
        self._retire()
        tables = self._write_draws()
        self._write_seats(tables)
        insert_rows("panel_judge", self._panel_rows(tables))
        for name, sheet in (("outcome", "Outcomes"), ("lineup", "Lineups"), ("penalty", "Penalties")):
            insert_rows(name, self._round_rows(sheet))
        sheets = self._write_sheets(tables)
        self._write_marks(sheets)
        self._record_results(tables)

    def _of(self, sheet: str) -> Iterator[Row]:
        return (row for row in self.book.rows(sheet) if row["round"] in self.numbers)

    def _round_ids(self) -> list[int]:
        return [self.ids.of["Rounds"][number] for number in sorted(self.numbers)]

    def _retire(self) -> None:
        """What these rounds had: earlier draws stay as superseded versions, with their sheets and results."""
        draw, keys = table("draw"), self._round_ids()
        for part in chunks(keys):
            db.session.execute(update(draw).where(draw.c.round_id.in_(part)).values(state="superseded"))
        for name in REPLACED:
            delete_where(name, "round_id", keys)

    def _write_draws(self) -> dict[tuple[int, str], int]:
        """A new live draw for each round that has one; returns the tables' keys by (round, name)."""
        draw, place = table("draw"), table("negotiation_table")
        rounds = self.ids.of["Rounds"]
        live = {row["round"]: row for row in self._of("Rounds") if row["draw_state"] is not None}
        insert_rows("draw", self._draw_rows(live.values()))
        draws: dict[int, int] = {}
        for number in live:
            query = select(draw.c.id).where(draw.c.round_id == rounds[number], draw.c.state != "superseded")
            draws[number] = db.session.execute(query).scalar_one()
        positions: dict[int, int] = defaultdict(int)
        rows = []
        for row in self._of("Draw"):
            rows.append(
                {
                    "draw_id": draws[row["round"]],
                    "name": row["table"],
                    "position": positions[row["round"]],
                    "bracket": row["bracket"] or "",
                    "room_id": self.ids.find("Rooms", row["room"]),
                }
            )
            positions[row["round"]] += 1
        insert_rows("negotiation_table", rows)
        return {
            (number, name): key
            for number, draw_id in draws.items()
            for name, key in db.session.execute(
                select(place.c.name, place.c.id).where(place.c.draw_id == draw_id)
            )
        }

    def _draw_rows(self, rows: Iterable[Row]) -> Iterator[dict[str, Any]]:
        draw = table("draw")
        for row in rows:
            round_id = self.ids.of["Rounds"][row["round"]]
            last = db.session.scalar(select(func.max(draw.c.version)).where(draw.c.round_id == round_id))
            yield {
                "round_id": round_id,
                "version": (last or 0) + 1,
                "state": row["draw_state"],
                "method": row["draw_method"] or "",
                "preset": row["draw_preset"] or "",
                "options": row["draw_options"] or "",
                "seed": row["seed"],
                "engine": row["engine"] or "",
                "created_at": self.now,
                "released_at": self.now if row["draw_state"] == "released" else None,
            }

    def _write_seats(self, tables: dict[tuple[int, str], int]) -> None:
        place = table("negotiation_table")
        draws: dict[int, int] = {}
        for part in chunks(list(tables.values())):
            query = select(place.c.id, place.c.draw_id).where(place.c.id.in_(part))
            draws.update(dict(db.session.execute(query).all()))
        teams = self.ids.of["Teams"]
        insert_rows(
            "seat",
            (
                {
                    "draw_id": draws[key],
                    "table_id": key,
                    "role": role,
                    "team_id": None if row[role] == VACANT else teams[row[role]],
                }
                for row in self._of("Draw")
                for key in (tables[row["round"], row["table"]],)
                for role in ROLE_WORDS
                if row[role] is not None
            ),
        )

    def _panel_rows(self, tables: dict[tuple[int, str], int]) -> Iterator[dict[str, Any]]:
        judges = self.ids.of["Judges"]
        for row in self._of("Panels"):
            yield {
                "table_id": tables[row["round"], row["table"]],
                "judge_id": judges[row["judge"]],
                "position": row["position"],
            }

    def _round_rows(self, sheet: str) -> Iterator[dict[str, Any]]:
        """Rows of Outcomes, Lineups and Penalties: names become keys, everything else stays."""
        names = {
            "round": ("round_id", "Rounds"),
            "team": ("team_id", "Teams"),
            "delegate": ("delegate_id", "Delegates"),
        }
        for row in self._of(sheet):
            values: dict[str, Any] = {}
            for column, value in row.values.items():
                if column in names:
                    target, owner = names[column]
                    values[target] = self.ids.of[owner][value]
                else:
                    values[column] = (value or "") if column == "reason" else value
            yield values

    def _write_sheets(self, tables: dict[tuple[int, str], int]) -> dict[SheetKey, int]:
        """Scoresheets; returns their keys by (round, table, judge)."""
        judges, absent = self.ids.of["Judges"], self._absent()
        rows = list(self._of("Scoresheets"))
        sheets = [
            NewSheet(
                table_id=tables[row["round"], row["table"]],
                judge_id=judges[row["judge"]],
                state=row["state"],
                version=row["version"],
                reason=row["reason"] or "",
                absent=absent.get((row["round"], row["table"], row["judge"]), ()),
            )
            for row in rows
        ]
        keys = insert_sheets(sheets, now=self.now)
        return {(row["round"], row["table"], row["judge"]): key for row, key in zip(rows, keys, strict=True)}

    def _absent(self) -> dict[SheetKey, tuple[int, ...]]:
        """Per sheet the delegates without marks where a team-mate has them: they did not take part."""
        marked: dict[SheetKey, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for row in self._of("Marks"):
            if row["delegate"] is not None:
                marked[row["round"], row["table"], row["judge"]][row["team"]].add(row["delegate"])
        mates, ids = seating_of(self.book).delegates, self.ids.of["Delegates"]
        return {
            key: tuple(sorted(ids[each] for team, names in teams.items() for each in mates[team] - names))
            for key, teams in marked.items()
        }

    def _write_marks(self, sheets: dict[SheetKey, int]) -> None:
        of = self.ids.of
        teams, delegates, criteria = of["Teams"], of["Delegates"], of["Criteria"]
        rows = self._of("Marks")
        while part := list(islice(rows, CHUNK)):
            insert_marks(
                [
                    NewMark(
                        scoresheet_id=sheets[row["round"], row["table"], row["judge"]],
                        team_id=teams[row["team"]],
                        criterion_id=criteria[row["criterion"]],
                        mark=row["mark"],
                        delegate_id=delegates[row["delegate"]] if row["delegate"] is not None else None,
                    )
                    for row in part
                ]
            )

    def _record_results(self, tables: dict[tuple[int, str], int]) -> None:
        for source in ("sheets", "given"):
            recorded = list(self._recorded(tables, source))
            if recorded:
                record_results(actor=self.actor, source=source, recorded=recorded)

    def _recorded(self, tables: dict[tuple[int, str], int], source: str) -> Iterator[RecordedTable]:
        teams = self.ids.of["Teams"]
        for key, outcome in self.outcomes.items():
            if key[0] in self.numbers and outcome.source == source:
                places = [
                    RecordedPlace(
                        team_id=teams[place.team],
                        rank=place.rank,
                        is_shared=place.is_shared,
                        score=place.score,
                        advances=place.advances,
                    )
                    for place in outcome.places
                ]
                yield RecordedTable(table_id=tables[key], placings=places)

"""A round's tables as the organisers see them: who owes a sheet, what the sheets say, whether a table is ready."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from competition.editions.public import Edition, organisers_of
from competition.entries.public import judge_table
from competition.rounds.public import (
    RoundFacts,
    TableFacts,
    TableResultFacts,
    live_results,
    tables_of_draw,
)
from core.db import db
from judging.models import Scoresheet
from judging.plan import SheetPlan, plans_of
from judging.queries import marks_of_sheets, sheets_of_tables
from judging.scoring.sheets import MarkLine
from judging.scoring.tables import PanelSheet, TableResult, table_result
from judging.services.sheets import sheet_totals

GIVEN = ("submitted", "confirmed")


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelLine:
    """A judge on the panel and the state of their sheet: owed, draft, submitted, confirmed, waived or none.

    `none` is a sheet that nobody waits for: a trainee's, or any at a table whose result is confirmed without it.
    `needs_second` where it was typed in from paper and a second organiser, if there is one, has yet to compare it.
    """

    judge_id: int
    judge_public_id: str
    name: str
    name_local: str
    contact: str
    position: str
    state: str
    sheet: Scoresheet | None
    needs_second: bool = False

    @property
    def counts(self) -> bool:
        return self.position != "trainee"

    @property
    def is_owed(self) -> bool:
        return self.counts and self.state in ("owed", "draft")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableBoard:
    """One table: its plan, its panel, its confirmed result if there is one."""

    plan: SheetPlan
    lines: tuple[PanelLine, ...]
    result: TableResultFacts | None

    @property
    def table(self) -> TableFacts:
        return self.plan.table

    @property
    def state(self) -> str:
        """`confirmed`, `correcting` (a sheet was reopened since), `ready`, `waiting` or `no_panel`."""
        counted = [line for line in self.lines if line.counts]
        if self.result is not None:
            is_open = any(line.state in ("draft", "submitted", "owed") for line in counted)
            if not is_open:
                return "confirmed"
            is_waiting = any(line.is_owed or line.needs_second for line in counted)
            return "correcting" if is_waiting else "ready"
        if not counted:
            return "no_panel"
        if any(line.is_owed or line.needs_second for line in counted):
            return "waiting"
        return "ready"

    @property
    def token(self) -> str:
        """Changes whenever anything changes that the table's result is made of."""
        parts = [
            str(self.result.version if self.result else 0),
            *(f"{x.judge_id}:{x.position}:{x.state}:{_revision(x)}" for x in self.lines),
            *(f"{team.id}:{team.outcome}:{team.penalty}" for team in self.plan.teams),
            *(str(one.id) for team in self.plan.teams for one in team.delegates if one.is_out),
        ]
        return hashlib.sha256("|".join(parts).encode()).hexdigest()[:24]


def _revision(line: PanelLine) -> str:
    return f"{line.sheet.id}.{line.sheet.revision}" if line.sheet is not None else "-"


def boards_of_round(edition: Edition, facts: RoundFacts) -> list[TableBoard]:
    """Every table of the round's live draw, in order; empty without a draw."""
    if facts.draw_id is None:
        return []
    return _boards(edition, tables_of_draw(facts.draw_id), live_results(facts.draw_id))


def board_of_table(edition: Edition, table: TableFacts) -> TableBoard:
    """One table."""
    return _boards(edition, [table], live_results(table.draw_id))[0]


def _boards(
    edition: Edition, tables: Sequence[TableFacts], results: Mapping[int, TableResultFacts]
) -> list[TableBoard]:
    plans = plans_of(edition, tables)
    sheets = sheets_of_tables([table.id for table in tables])
    has_second = any(sheet.entered_by for sheet in sheets.values()) and len(organisers_of(edition.id)) > 1
    judges = _judges({place.judge_id for table in tables for place in table.panel})
    return [
        TableBoard(
            plan=plans[table.id],
            lines=tuple(
                _line(
                    place.judge_id,
                    place.position,
                    judges,
                    sheets.get((table.id, place.judge_id)),
                    table.id in results,
                    has_second,
                )
                for place in table.panel
            ),
            result=results.get(table.id),
        )
        for table in tables
    ]


def _line(
    judge_id: int,
    position: str,
    judges: Mapping[int, Mapping[str, str]],
    sheet: Scoresheet | None,
    has_result: bool,
    has_second: bool,
) -> PanelLine:
    unasked = "none" if has_result or position == "trainee" else "owed"
    state = sheet.state if sheet is not None else unasked
    return PanelLine(
        judge_id=judge_id,
        position=position,
        state=state,
        sheet=sheet,
        needs_second=has_second
        and sheet is not None
        and sheet.state == "submitted"
        and sheet.entered_by is not None
        and sheet.checked_by is None,
        **judges[judge_id],
    )


def _judges(ids: set[int]) -> dict[int, dict[str, str]]:
    columns = judge_table.c
    rows = db.session.execute(
        select(
            columns.id, columns.public_id, columns.code, columns.name, columns.name_local, columns.contact
        ).where(columns.id.in_(ids))
    )
    return {
        row.id: {
            "judge_public_id": row.public_id,
            "name": row.name or row.name_local or row.code,
            "name_local": row.name_local if row.name else "",
            "contact": row.contact,
        }
        for row in rows
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the given sheets of a table say: marks and totals by judge."""

    marks: Mapping[int, Sequence[MarkLine]]
    scores: Mapping[int, Mapping[Hashable, Decimal]]


def reading_of(board: TableBoard) -> Reading:
    """The marks and totals (less penalties) of the sheets that were handed in."""
    given = {
        line.judge_id: line.sheet for line in board.lines if line.sheet is not None and line.state in GIVEN
    }
    marks = marks_of_sheets([sheet.id for sheet in given.values()])
    by_judge = {judge: marks.get(sheet.id, []) for judge, sheet in given.items()}
    return Reading(
        marks=by_judge,
        scores={
            judge: sheet_totals(board.plan, lines, given[judge].absent, with_penalties=True)
            for judge, lines in by_judge.items()
        },
    )


def outcome_of(board: TableBoard, reading: Reading) -> TableResult:
    """The table's result as its sheets make it now.

    Raises SheetsMissingError, TieForbiddenError, or ValueError when no sheet counts.
    """
    sheets = [
        PanelSheet(
            judge=line.judge_id,
            position=line.position,  # type: ignore[arg-type]
            state=_engine_state(line),  # type: ignore[arg-type]
            scores=reading.scores.get(line.judge_id, {}),
        )
        for line in board.lines
    ]
    return table_result(
        sheets,
        [team.id for team in board.plan.marked_teams],
        method=board.plan.panel_method,  # type: ignore[arg-type]
        decimals=board.plan.score_decimals,
        table_ties=board.plan.table_ties,  # type: ignore[arg-type]
    )


def _engine_state(line: PanelLine) -> str | None:
    """A submitted sheet is confirmed by the very act of confirming; one that nobody waits for is waived."""
    return {"submitted": "confirmed", "owed": None, "none": "waived"}.get(line.state, line.state)

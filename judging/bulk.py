"""Many scoresheets at once: writing them for an import, and working out every table's result from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy import insert

from competition.editions.public import get_edition_by_id
from competition.rounds.public import RecordedPlace, RecordedTable, round_facts
from core.db import db, utc_now
from judging.board import TableBoard, boards_of_round, outcome_of, reading_of
from judging.models import Mark, Scoresheet


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSheet:
    """A scoresheet to write, as a workbook gives it."""

    table_id: int
    judge_id: int
    state: str = "confirmed"
    version: int = 1
    reason: str = ""
    absent: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMark:
    """A mark to write on a sheet; `delegate_id` is None on a team criterion."""

    scoresheet_id: int
    team_id: int
    criterion_id: int
    mark: Decimal
    delegate_id: int | None = None


def insert_sheets(sheets: Sequence[NewSheet], *, now: datetime | None = None) -> list[int]:
    """Write many sheets; returns their keys in the same order."""
    moment = now or utc_now()
    rows = [
        {
            "table_id": sheet.table_id,
            "judge_id": sheet.judge_id,
            "state": sheet.state,
            "version": sheet.version,
            "revision": 1,
            "reason": sheet.reason,
            "absent": list(sheet.absent),
            "saved_at": moment,
            "submitted_at": moment if sheet.state in ("submitted", "confirmed") else None,
        }
        for sheet in sheets
    ]
    if not rows:
        return []
    return list(
        db.session.scalars(insert(Scoresheet).returning(Scoresheet.id, sort_by_parameter_order=True), rows)
    )


def insert_marks(marks: Sequence[NewMark]) -> None:
    """Write many marks."""
    if marks:
        db.session.execute(
            insert(Mark),
            [
                {
                    "scoresheet_id": mark.scoresheet_id,
                    "team_id": mark.team_id,
                    "delegate_id": mark.delegate_id,
                    "criterion_id": mark.criterion_id,
                    "mark": mark.mark,
                }
                for mark in marks
            ],
        )


def results_from_sheets(edition_id: int) -> list[RecordedTable]:
    """The result of every table that has confirmed sheets that count and no result yet, ready for `record_results`.

    A panellist without a sheet is no fault here. Raises TieForbiddenError as a single table would.
    """
    edition = get_edition_by_id(edition_id)
    found: list[RecordedTable] = []
    for facts in round_facts(edition_id):
        for board in boards_of_round(edition, facts):
            if board.result is None and any(
                line.counts and line.state == "confirmed" for line in board.lines
            ):
                found.append(_recorded(board))
    return found


def _recorded(board: TableBoard) -> RecordedTable:
    waiting = [replace(line, state="none") if line.state == "owed" else line for line in board.lines]
    counted = replace(board, lines=tuple(waiting))
    placings = outcome_of(counted, reading_of(counted)).placings
    return RecordedTable(
        table_id=board.table.id,
        placings=[
            RecordedPlace(team_id=place.team, rank=place.rank, is_shared=place.is_shared, score=place.score)  # type: ignore[arg-type]
            for place in placings
        ],
    )

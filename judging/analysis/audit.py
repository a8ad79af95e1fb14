"""What an auditor starts from: every counted mark, exact, in the order in which a spreadsheet adds it up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import exists, or_, select

from competition.editions.public import Edition
from competition.rounds.public import SeatedResult, lineup, round_
from core.db import db
from judging.analysis.counted import counted_sheets, sheet_scores_of_edition
from judging.models import Criterion, Mark, Scoresheet
from judging.scoring.tables import panel_score


class AuditMark(NamedTuple):
    """One counted mark; `delegate` is None on a team criterion."""

    round: int
    table: int
    team: int
    judge: int
    delegate: int | None
    criterion: int
    mark: Decimal


def audit_marks(edition_id: int, last: int) -> list[AuditMark]:
    """The marks of the preliminary rounds up to `last`, table by table, team by team, sheet by sheet.

    A sheet's team criteria come first, then delegate by delegate. Marks of delegates who did not take part are not
    among them.
    """
    sheet = (
        counted_sheets(edition_id, last)
        .add_columns(
            round_.c.number.label("number"),
            round_.c.id.label("round_id"),
            Scoresheet.table_id,
            Scoresheet.judge_id,
        )
        .subquery()
    )
    stayed_away = exists().where(
        lineup.c.round_id == sheet.c.round_id,
        lineup.c.delegate_id == Mark.delegate_id,
        lineup.c.took_part.is_(False),
    )
    rows = db.session.execute(
        select(
            sheet.c.number,
            sheet.c.table_id,
            Mark.team_id,
            sheet.c.judge_id,
            Mark.delegate_id,
            Mark.criterion_id,
            Mark.mark,
        )
        .join(sheet, sheet.c.id == Mark.scoresheet_id)
        .join(Criterion, Criterion.id == Mark.criterion_id)
        .where(or_(Mark.delegate_id.is_(None), ~stayed_away))
        .order_by(
            sheet.c.number,
            sheet.c.table_id,
            Mark.team_id,
            sheet.c.judge_id,
            Mark.delegate_id.is_not(None),
            Mark.delegate_id,
            Criterion.position,
            Criterion.id,
        )
    )
    return [AuditMark(*row) for row in rows]


def raw_scores(
    edition: Edition, last: int, results: Sequence[SeatedResult]
) -> dict[tuple[int, int], Decimal]:
    """The panel's score of every (team, round) that has sheets, as the sheets make it, whatever was recorded."""
    scored = {(result.team_id, result.round) for result in results if result.score is not None}
    panels: dict[tuple[int, int], list[Decimal]] = defaultdict(list)
    for sheet in sheet_scores_of_edition(edition, last, scored):
        panels[sheet.team, sheet.round].append(sheet.score)  # type: ignore[index]
    return {
        key: panel_score(scores, edition.panel_method, edition.score_decimals)  # type: ignore[arg-type]
        for key, scores in panels.items()
    }

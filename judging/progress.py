"""How far judging is: sheets expected and handed in per round, tables a judge still owes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from competition.rounds.public import (
    TableFacts,
    draw,
    negotiation_table,
    panel_judge,
    round_,
    table_result,
    tables_of_judge,
)
from core.db import db
from judging.models import Scoresheet
from judging.queries import LIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetProgress:
    """Sheets of one round: how many are waited for in all, how many are in (or no longer needed)."""

    expected: int
    done: int


IS_DONE: ColumnElement[bool] = or_(
    func.coalesce(Scoresheet.state, "").in_(("submitted", "confirmed", "waived")),
    and_(Scoresheet.id.is_(None), table_result.c.id.is_not(None)),
)


def sheet_progress(edition_id: int) -> dict[int, SheetProgress]:
    """Progress by round number, for rounds whose draw is confirmed or released."""
    query = (
        _places(round_.c.number, func.count(panel_judge.c.id), func.sum(case((IS_DONE, 1), else_=0)))
        .where(round_.c.edition_id == edition_id, draw.c.state.in_(("confirmed", "released")))
        .group_by(round_.c.number)
    )
    return {
        number: SheetProgress(expected=expected, done=int(done))
        for number, expected, done in db.session.execute(query)
    }


def owed_counts(edition_id: int) -> Counter[int]:
    """How many sheets each judge still owes in released draws, by the judge's key."""
    query = (
        _places(panel_judge.c.judge_id, func.count(panel_judge.c.id))
        .where(round_.c.edition_id == edition_id, draw.c.state == "released", ~IS_DONE)
        .group_by(panel_judge.c.judge_id)
    )
    return Counter({row[0]: row[1] for row in db.session.execute(query)})


def owed_tables(judge_id: int) -> Sequence[TableFacts]:
    """The tables of released draws for which a judge still owes a sheet that counts, in order."""
    query = _places(panel_judge.c.table_id).where(
        panel_judge.c.judge_id == judge_id, draw.c.state == "released", ~IS_DONE
    )
    owed = set(db.session.scalars(query))
    return [table for table in tables_of_judge(judge_id) if table.id in owed]


def owed_judges(table_ids: Sequence[int]) -> list[tuple[int, int]]:
    """(table, judge) for every sheet that counts and is still owed at these tables, in order."""
    query = _places(panel_judge.c.table_id, panel_judge.c.judge_id).where(
        panel_judge.c.table_id.in_(list(table_ids)), ~IS_DONE
    )
    rows = db.session.execute(query.order_by(panel_judge.c.table_id, panel_judge.c.id))
    return [(table_id, judge_id) for table_id, judge_id in rows]


def has_sheet_of_tables(table_ids: Sequence[int]) -> bool:
    """Whether any judge has begun a sheet at one of these tables."""
    query = select(Scoresheet.id).where(Scoresheet.table_id.in_(list(table_ids)))
    return db.session.scalar(query.limit(1)) is not None


def _places(*columns: Any) -> Select[Any]:
    """Every place on a panel whose sheet counts, with the live sheet and result where there are."""
    return (
        select(*columns)
        .select_from(panel_judge)
        .join(negotiation_table, negotiation_table.c.id == panel_judge.c.table_id)
        .join(draw, draw.c.id == negotiation_table.c.draw_id)
        .join(round_, round_.c.id == draw.c.round_id)
        .outerjoin(
            Scoresheet,
            and_(
                Scoresheet.table_id == panel_judge.c.table_id,
                Scoresheet.judge_id == panel_judge.c.judge_id,
                LIVE,
            ),
        )
        .outerjoin(
            table_result, and_(table_result.c.table_id == panel_judge.c.table_id, table_result.c.is_live)
        )
        .where(panel_judge.c.position != "trainee")
    )

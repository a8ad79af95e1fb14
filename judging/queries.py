"""Reading rubrics, scoresheets and marks, and what judging needs to know of people and rounds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from competition.rounds.public import draw, negotiation_table, panel_judge, round_, table_result
from core.db import db
from core.errors import NotFound
from core.localised import N_
from judging.models import Criterion, Mark, Recusal, Scoresheet
from judging.scoring.sheets import CriterionRule, MarkLine

LIVE: ColumnElement[bool] = Scoresheet.state != "superseded"
GIVEN = ("submitted", "confirmed")


def criteria_of(edition_id: int) -> Sequence[Criterion]:
    """The rubric in its order: the team's criteria first, then the delegates'."""
    query = select(Criterion).where(Criterion.edition_id == edition_id)
    return db.session.scalars(query.order_by(Criterion.target.desc(), Criterion.position, Criterion.id)).all()


def get_criterion(edition_id: int, public_id: str) -> Criterion:
    """A criterion of this edition; raises NotFound for any other."""
    query = select(Criterion).where(Criterion.edition_id == edition_id, Criterion.public_id == public_id)
    criterion = db.session.scalar(query)
    if criterion is None:
        raise NotFound(N_("There is no such criterion in this edition."))
    return criterion


def rule_of(criterion: Criterion) -> CriterionRule:
    """A criterion as the scoring engine reads it."""
    return CriterionRule(
        id=criterion.id,
        target=criterion.target,  # type: ignore[arg-type]
        minimum=criterion.minimum,
        maximum=criterion.maximum,
        step=criterion.step,
        weight=criterion.weight,
    )


def find_sheet(table_id: int, judge_id: int) -> Scoresheet | None:
    """The live sheet of a judge for a table."""
    query = select(Scoresheet).where(Scoresheet.table_id == table_id, Scoresheet.judge_id == judge_id, LIVE)
    return db.session.scalar(query.execution_options(populate_existing=True))


def sheets_of_tables(table_ids: Sequence[int]) -> dict[tuple[int, int], Scoresheet]:
    """The live sheets of these tables, by table and judge."""
    query = select(Scoresheet).where(Scoresheet.table_id.in_(table_ids), LIVE).order_by(Scoresheet.id)
    rows = db.session.scalars(query.execution_options(populate_existing=True))
    return {(sheet.table_id, sheet.judge_id): sheet for sheet in rows}


def versions_of_sheet(table_id: int, judge_id: int) -> Sequence[Scoresheet]:
    """Every version of a judge's sheet for a table, newest first, as the database has them now."""
    query = select(Scoresheet).where(Scoresheet.table_id == table_id, Scoresheet.judge_id == judge_id)
    ordered = query.order_by(Scoresheet.version.desc()).execution_options(populate_existing=True)
    return db.session.scalars(ordered).all()


def marks_of_sheets(sheet_ids: Iterable[int]) -> Mapping[int, list[MarkLine]]:
    """The marks on each of these sheets."""
    lines: dict[int, list[MarkLine]] = defaultdict(list)
    rows = db.session.execute(
        select(Mark.scoresheet_id, Mark.team_id, Mark.delegate_id, Mark.criterion_id, Mark.mark)
        .where(Mark.scoresheet_id.in_(list(sheet_ids)))
        .order_by(Mark.id)
    )
    for sheet_id, team, delegate, criterion, mark in rows:
        lines[sheet_id].append(MarkLine(team=team, delegate=delegate, criterion=criterion, mark=mark))
    return lines


def has_submitted_sheet(edition_id: int) -> bool:
    """Whether any sheet of the edition was ever submitted (then the rubric no longer changes)."""
    query = _sheets_of_edition(edition_id).where(
        (Scoresheet.state.in_(GIVEN)) | (Scoresheet.submitted_at.is_not(None))
    )
    return db.session.execute(query.limit(1)).first() is not None


def has_sheet(edition_id: int) -> bool:
    """Whether any sheet of the edition exists that holds marks or was handed in (then the rubric is frozen)."""
    has_marks = select(Mark.id).where(Mark.scoresheet_id == Scoresheet.id).exists()
    query = _sheets_of_edition(edition_id).where(has_marks | Scoresheet.submitted_at.is_not(None))
    return db.session.execute(query.limit(1)).first() is not None


def submitted_tables(table_ids: Sequence[int]) -> list[int]:
    """Those of the tables for which a sheet was submitted."""
    query = select(Scoresheet.table_id).where(Scoresheet.table_id.in_(table_ids), Scoresheet.state.in_(GIVEN))
    return list(db.session.scalars(query.distinct()))


def has_sheet_of(table_id: int, judge_id: int) -> bool:
    """Whether the judge has handed in a sheet for the table."""
    sheet = find_sheet(table_id, judge_id)
    return sheet is not None and sheet.state in GIVEN


def tables_with_sheet_of(table_ids: Sequence[int], judge_id: int) -> set[int]:
    """Those of the tables for which the judge has handed in a sheet."""
    query = select(Scoresheet.table_id).where(
        Scoresheet.table_id.in_(table_ids), Scoresheet.judge_id == judge_id, Scoresheet.state.in_(GIVEN)
    )
    return set(db.session.scalars(query))


def _sheets_of_edition(edition_id: int):  # type: ignore[no-untyped-def]
    return (
        select(Scoresheet.id)
        .join(negotiation_table, negotiation_table.c.id == Scoresheet.table_id)
        .join(draw, draw.c.id == negotiation_table.c.draw_id)
        .join(round_, round_.c.id == draw.c.round_id)
        .where(round_.c.edition_id == edition_id)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPlace:
    """A judge's place on a panel; `has_recused` where the judge stepped back, `has_result` where the table has one."""

    position: str
    has_recused: bool
    has_result: bool


def lock_place(table_id: int, judge_id: int) -> HeldPlace | None:
    """Hold the judge's place on the panel until the end of the transaction; None without a place."""
    away = select(Recusal.id).where(Recusal.table_id == table_id, Recusal.judge_id == judge_id).exists()
    done = select(table_result.c.id).where(table_result.c.table_id == table_id, table_result.c.is_live)
    query = select(panel_judge.c.position, away.label("away"), done.exists().label("done")).where(
        panel_judge.c.table_id == table_id, panel_judge.c.judge_id == judge_id
    )
    row = db.session.execute(query.with_for_update(of=panel_judge)).first()
    if row is None:
        return None
    return HeldPlace(position=row.position, has_recused=row.away, has_result=row.done)


def lock_table(table_id: int) -> None:
    """Hold a table until the end of the transaction: whoever confirms it second waits, and then sees it confirmed."""
    db.session.execute(
        select(negotiation_table.c.id).where(negotiation_table.c.id == table_id).with_for_update()
    )


def has_result(table_id: int) -> bool:
    """Whether the table has a confirmed result."""
    query = select(table_result.c.id).where(table_result.c.table_id == table_id, table_result.c.is_live)
    return db.session.execute(query).first() is not None


def next_position(edition_id: int) -> int:
    """Where a new criterion goes: to the end."""
    last = db.session.scalar(select(func.max(Criterion.position)).where(Criterion.edition_id == edition_id))
    return 0 if last is None else last + 1

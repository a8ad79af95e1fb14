"""The sheets that made the confirmed results: which they are, and what each gives every team."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from decimal import Context, Decimal
from math import gcd
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    and_,
    case,
    distinct,
    exists,
    func,
    null,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import aliased

from competition.editions.public import Edition
from competition.entries.public import team_table
from competition.rounds.public import (
    draw,
    lineup,
    negotiation_table,
    panel_judge,
    penalties,
    round_,
    table_result,
)
from core.db import db
from judging.models import Criterion, Mark, Scoresheet
from judging.queries import criteria_of
from judging.scoring.adjusted import SheetScore
from judging.scoring.exact import ZERO, exact_sum

MILLION = 1_000_000
_WIDE = Context(prec=60)


def counted_sheets(edition_id: int, last: int) -> Select[Any]:
    """The keys of the sheets that made the live results of the preliminary rounds up to `last`.

    They are the confirmed sheets of chairs and panellists. While a sheet is open again for a correction, the version
    that the standing result was made of still counts.
    """
    return (
        select(Scoresheet.id)
        .join(negotiation_table, negotiation_table.c.id == Scoresheet.table_id)
        .join(draw, draw.c.id == negotiation_table.c.draw_id)
        .join(round_, round_.c.id == draw.c.round_id)
        .join(table_result, and_(table_result.c.table_id == Scoresheet.table_id, table_result.c.is_live))
        .join(
            panel_judge,
            and_(
                panel_judge.c.table_id == Scoresheet.table_id, panel_judge.c.judge_id == Scoresheet.judge_id
            ),
        )
        .where(
            round_.c.edition_id == edition_id,
            round_.c.stage == "preliminary",
            round_.c.number <= last,
            draw.c.state != "superseded",
            panel_judge.c.position != "trainee",
            or_(Scoresheet.state == "confirmed", Scoresheet.id.in_(_open_again(edition_id))),
        )
    )


def _open_again(edition_id: int) -> list[int]:
    """The last version, handed in before the standing result, of every sheet that is being corrected now."""
    later = aliased(Scoresheet)
    settled = exists().where(
        later.table_id == Scoresheet.table_id,
        later.judge_id == Scoresheet.judge_id,
        later.state.in_(("confirmed", "waived")),
    )
    query = (
        select(func.max(Scoresheet.id))
        .join(negotiation_table, negotiation_table.c.id == Scoresheet.table_id)
        .join(draw, draw.c.id == negotiation_table.c.draw_id)
        .join(round_, round_.c.id == draw.c.round_id)
        .join(table_result, and_(table_result.c.table_id == Scoresheet.table_id, table_result.c.is_live))
        .where(
            round_.c.edition_id == edition_id,
            Scoresheet.state == "superseded",
            Scoresheet.submitted_at <= table_result.c.confirmed_at,
            ~settled,
        )
        .group_by(Scoresheet.table_id, Scoresheet.judge_id)
    )
    return list(db.session.scalars(query))


def sheet_scores_of_edition(
    edition: Edition, last: int, scored: Collection[tuple[int, int]]
) -> list[SheetScore]:
    """What every counted sheet gives each team in `scored` (team, round), penalties taken off.

    The same as `judging.scoring.sheets.sheet_scores` of each sheet, summed by the database in exact integers so that
    ninety thousand marks do not pass through Python. The bracket is the team's role where roles are fixed.
    """
    criteria = criteria_of(edition.id)
    if not criteria:
        return []
    unit, factors = _whole_weights(criteria)
    of_team = {one.id: factors[one.id] for one in criteria if one.target == "team"}
    of_delegate = {one.id: factors[one.id] for one in criteria if one.target == "delegate"}
    rows = db.session.execute(_sums(edition.id, last, of_team, of_delegate))
    charged = _charged(edition.id)
    is_fixed = edition.role_policy == "fixed"
    found: list[SheetScore] = []
    for number, team, judge, role, own, delegates, people in rows:
        if (team, number) not in scored:
            continue
        shared = Decimal(int(delegates)) * unit
        if people and edition.delegate_marks == "mean":
            shared = _WIDE.divide(shared, Decimal(people))
        penalty = charged.get((team, number), ZERO)
        parts = [Decimal(int(own)) * unit, shared, -penalty]
        found.append(
            SheetScore(
                team=team,
                round=number,
                judge=judge,
                score=exact_sum(parts),
                bracket=role if is_fixed else None,
                penalty=penalty,
            )
        )
    return found


def _whole_weights(criteria: Iterable[Criterion]) -> tuple[Decimal, dict[int, int]]:
    """Whole numbers in the proportion of the weights, and what one of them times a millionth of a mark is worth."""
    millionths = {one.id: int(one.weight * MILLION) for one in criteria}
    common = gcd(*millionths.values()) or 1
    unit = Decimal(common).scaleb(-12)
    return unit, {key: weight // common for key, weight in millionths.items()}


def _sums(
    edition_id: int, last: int, of_team: Mapping[int, int], of_delegate: Mapping[int, int]
) -> Select[Any]:
    """(round, team, judge, role, weighted team marks, weighted delegate marks, delegates) of each sheet and team."""
    mark = type_coerce(Mark.mark, BigInteger)
    sheets = counted_sheets(edition_id, last).add_columns(
        round_.c.number.label("number"), round_.c.id.label("round_id"), Scoresheet.judge_id
    )
    sheet = sheets.subquery()
    stayed_away = exists().where(
        lineup.c.round_id == sheet.c.round_id,
        lineup.c.delegate_id == Mark.delegate_id,
        lineup.c.took_part.is_(False),
    )
    counts_for_delegate = Mark.criterion_id.in_(of_delegate)
    return (
        select(
            sheet.c.number,
            Mark.team_id,
            sheet.c.judge_id,
            func.coalesce(team_table.c.role, ""),
            func.sum(mark * _factor(of_team)),
            func.sum(mark * _factor(of_delegate)),
            func.count(distinct(case((counts_for_delegate, Mark.delegate_id), else_=null()))),
        )
        .join(sheet, sheet.c.id == Mark.scoresheet_id)
        .join(team_table, team_table.c.id == Mark.team_id)
        .where(or_(Mark.delegate_id.is_(None), ~stayed_away))
        .group_by(sheet.c.number, Mark.team_id, sheet.c.judge_id, team_table.c.role, Mark.scoresheet_id)
    )


def _factor(factors: Mapping[int, int]) -> ColumnElement[Any]:
    if not factors:
        return type_coerce(0, BigInteger)
    return case(dict(factors), value=Mark.criterion_id, else_=0)


def _charged(edition_id: int) -> dict[tuple[int, int], Decimal]:
    charged: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    for penalty in penalties(edition_id):
        charged[penalty.team_id, penalty.round] += penalty.amount
    return charged

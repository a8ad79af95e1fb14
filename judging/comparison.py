"""A table's sheets side by side: totals, single marks, and where the judges are far apart."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from judging.board import Reading, TableBoard
from judging.models import Criterion
from judging.plan import SheetPlan, SheetTeam
from judging.scoring.tables import TableResult

FAR_APART = Decimal("0.3")
"""Marks this much of the scale apart, or totals half as much of theirs, are pointed out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkRow:
    """One criterion (of one delegate, or of the team): the marks of the judges by key."""

    criterion: Criterion
    delegate: str
    marks: Mapping[int, Decimal]
    is_far_apart: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamComparison:
    """One team: its total on each sheet, and at the table where that can be said."""

    team: SheetTeam
    totals: Mapping[int, Decimal]
    score: Decimal | None
    rank_text: str
    is_far_apart: bool
    rows: tuple[MarkRow, ...]


def compare(board: TableBoard, reading: Reading, result: TableResult | None) -> list[TeamComparison]:
    """The teams that are marked, in the order of the roles."""
    placings = {placing.team: placing for placing in result.placings} if result else {}
    counted = [line.judge_id for line in board.lines if line.counts]
    compared = []
    for team in board.plan.marked_teams:
        totals = {judge: scores[team.id] for judge, scores in reading.scores.items() if team.id in scores}
        placing = placings.get(team.id)
        compared.append(
            TeamComparison(
                team=team,
                totals=totals,
                score=placing.score if placing else None,
                rank_text=f"{placing.rank}{'=' if placing.is_shared else ''}" if placing else "",
                is_far_apart=_is_far(
                    [totals[judge] for judge in counted if judge in totals], _reach(board.plan), FAR_APART / 2
                ),
                rows=tuple(_rows(board.plan, team, reading, counted)),
            )
        )
    return compared


def _rows(plan: SheetPlan, team: SheetTeam, reading: Reading, counted: Sequence[int]) -> list[MarkRow]:
    given: dict[tuple[Hashable, Hashable], dict[int, Decimal]] = {}
    for judge, lines in reading.marks.items():
        for line in lines:
            if line.team == team.id:
                given.setdefault((line.delegate, line.criterion), {})[judge] = line.mark
    targets: list[tuple[int | None, str, Sequence[Criterion]]] = [(None, "", plan.team_criteria)]
    targets += [(one.id, one.name, plan.delegate_criteria) for one in team.delegates]
    return [
        MarkRow(
            criterion=criterion,
            delegate=name,
            marks=given.get((delegate, criterion.id), {}),
            is_far_apart=_differs(given.get((delegate, criterion.id), {}), criterion, counted, reading),
        )
        for delegate, name, criteria in targets
        for criterion in criteria
    ]


def _differs(
    marks: Mapping[int, Decimal], criterion: Criterion, counted: Sequence[int], reading: Reading
) -> bool:
    """Far apart on the scale, or marked by some of the judges only (they disagree about who took part)."""
    handed_in = [judge for judge in counted if judge in reading.marks]
    values = [marks[judge] for judge in handed_in if judge in marks]
    if values and len(values) < len(handed_in):
        return True
    return _is_far(values, criterion.maximum - criterion.minimum, FAR_APART)


def _is_far(values: Sequence[Decimal], reach: Decimal, share: Decimal) -> bool:
    return len(values) > 1 and max(values) - min(values) >= reach * share


def _reach(plan: SheetPlan) -> Decimal:
    """How far apart two totals could be (delegates counted once, as in their mean)."""
    return sum(((one.maximum - one.minimum) * one.weight for one in plan.criteria), Decimal(0)) or Decimal(1)

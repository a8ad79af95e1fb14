"""Reasons to leave tables of a released draw as they are, told by the rooms that built on them (sheets, briefs)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from core.errors import Conflict
from core.localised import N_

Blocker = Callable[[Sequence[int]], Mapping[int, str]]
JudgeBlocker = Callable[[Sequence[int], int], Collection[int]]
_blockers: list[Blocker] = []
_judge_blockers: list[JudgeBlocker] = []


def register_blocker(function: Blocker) -> Blocker:
    """Register `table ids -> a reason per table` (English source sentences); a table without one may change."""
    if function not in _blockers:
        _blockers.append(function)
    return function


def reasons_against_changing(table_ids: Sequence[int]) -> dict[int, str]:
    """The tables that something was built on, each with the first reason found."""
    found: dict[int, str] = {}
    for blocker in _blockers if table_ids else ():
        found = {**blocker(table_ids), **found}
    return found


def register_judge_blocker(function: JudgeBlocker) -> JudgeBlocker:
    """Register `table ids, judge -> the tables among them where that judge's work counts already`."""
    if function not in _judge_blockers:
        _judge_blockers.append(function)
    return function


def refuse_to_take_off(tables: Mapping[int, str], judge_id: int) -> None:
    """Raise Conflict when a judge's work at one of these tables (names by key) counts already."""
    for blocker in _judge_blockers if tables else ():
        for table_id in blocker(list(tables), judge_id):
            raise Conflict(
                N_(
                    "This judge has submitted a sheet for table %(table)s, so they stay on its panel. "
                    "If the sheet should not count, waive it there with a reason."
                ),
                table=tables[table_id],
            )

"""Reasons to leave tables of a released draw as they are, told by the rooms that built on them (sheets, briefs)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

Blocker = Callable[[Sequence[int]], Mapping[int, str]]
_blockers: list[Blocker] = []


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

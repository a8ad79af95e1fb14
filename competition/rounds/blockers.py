"""Reasons not to take a released draw back, told by the rooms that have built on it (briefs, scoresheets)."""

from __future__ import annotations

from collections.abc import Callable

Blocker = Callable[[int], list[str]]
_blockers: list[Blocker] = []


def register_blocker(function: Blocker) -> Blocker:
    """Register `draw_id -> reasons` (English source sentences); an empty list lets the draw be taken back."""
    if function not in _blockers:
        _blockers.append(function)
    return function


def reasons_against_undoing(draw_id: int) -> list[str]:
    """Everything that has been built on a released draw."""
    return [reason for blocker in _blockers for reason in blocker(draw_id)]

"""What other rooms of the house do when something happened to a draw, in the same transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

Listener = Callable[[int], None]
_listeners: list[Listener] = []
TimeListener = Callable[[int, datetime | None], None]
_time_listeners: list[TimeListener] = []


def on_release(function: Listener) -> Listener:
    """Register `round id -> None`, called when a draw is released and whenever a released one changes."""
    if function not in _listeners:
        _listeners.append(function)
    return function


def was_released(round_id: int) -> None:
    """Tell every room that asked."""
    for listener in _listeners:
        listener(round_id)


def on_new_time(function: TimeListener) -> TimeListener:
    """Register `round id, earlier start -> None`, called when the start of a round is set, changed or taken away."""
    if function not in _time_listeners:
        _time_listeners.append(function)
    return function


def has_new_time(round_id: int, before: datetime | None) -> None:
    """Tell every room that asked."""
    for listener in _time_listeners:
        listener(round_id, before)

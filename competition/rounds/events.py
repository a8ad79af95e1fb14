"""What other rooms of the house do when something happened to a draw, in the same transaction."""

from __future__ import annotations

from collections.abc import Callable

Listener = Callable[[int], None]
_listeners: list[Listener] = []


def on_release(function: Listener) -> Listener:
    """Register `round id -> None`, called when a draw is released and whenever a released one changes."""
    if function not in _listeners:
        _listeners.append(function)
    return function


def was_released(round_id: int) -> None:
    """Tell every room that asked."""
    for listener in _listeners:
        listener(round_id)

"""The session clock: what it shows at a moment, and what each button makes of it (pure; times come in)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from competition.day.plan import Part

MOST_ADDED = timedelta(hours=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The clock as it is kept. It runs since `started_at` on top of `elapsed`; None: it stands still.

    `added` was given to the present part on top of its length. `part` beyond the last one: the round is over.
    """

    part: int = 0
    elapsed: timedelta = timedelta()
    added: timedelta = timedelta()
    started_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the clock shows: the present part, how long it is and what is left of it (below zero: over time)."""

    part: int
    length: timedelta
    left: timedelta
    is_running: bool
    is_over: bool
    first: int = 0
    """The part with which the round begins."""

    @property
    def is_fresh(self) -> bool:
        """Whether nothing has happened yet."""
        return self.part == self.first and not self.is_running and self.left == self.length


def settled(clock: Clock, parts: Sequence[Part], now: datetime, *, is_automatic: bool) -> Clock:
    """The same clock, with what has passed counted in: parts that follow by themselves have followed, and those for
    which nobody is there are passed over.
    """
    elapsed = clock.elapsed
    if clock.started_at is not None:
        elapsed += max(now - clock.started_at, timedelta())
    part, added = clock.part, clock.added
    while part < len(parts):
        length = _length(parts, part, added)
        if not (parts[part].is_empty or (is_automatic and elapsed >= length)):
            break
        part, elapsed, added = part + 1, elapsed - length, timedelta()
    if part >= len(parts):
        return Clock(part=len(parts))
    started = now if clock.started_at is not None else None
    return Clock(part=part, elapsed=elapsed, added=added, started_at=started)


def _length(parts: Sequence[Part], part: int, added: timedelta) -> timedelta:
    if parts[part].is_empty:
        return timedelta()
    return max(timedelta(seconds=parts[part].seconds) + added, timedelta())


def read(clock: Clock, parts: Sequence[Part], now: datetime, *, is_automatic: bool) -> Reading:
    """What the clock shows at a moment."""
    here = settled(clock, parts, now, is_automatic=is_automatic)
    is_over = here.part >= len(parts)
    length = timedelta() if is_over else _length(parts, here.part, here.added)
    return Reading(
        part=here.part,
        length=length,
        left=length - here.elapsed,
        is_running=here.started_at is not None,
        is_over=is_over,
        first=_beyond(parts, 0, 1),
    )


def going(clock: Clock, now: datetime) -> Clock:
    """Started, or going on after a pause; one that runs keeps running."""
    return clock if clock.started_at is not None else replace(clock, started_at=now)


def paused(clock: Clock) -> Clock:
    """Standing still where it is (a settled clock)."""
    return replace(clock, started_at=None)


def moved(clock: Clock, parts: Sequence[Part], steps: int, now: datetime) -> Clock:
    """At the beginning of a later or earlier part, running if it ran; beyond the last part the round is over."""
    part, way = clock.part, 1 if steps > 0 else -1
    for _step in range(abs(steps)):
        part = _beyond(parts, part + way, way)
    part = _beyond(parts, 0, 1) if part < 0 else min(part, len(parts))
    runs = clock.started_at is not None and part < len(parts)
    return Clock(part=part, started_at=now if runs else None)


def _beyond(parts: Sequence[Part], part: int, way: int) -> int:
    """This part, or the next in that direction for which somebody is there."""
    while 0 <= part < len(parts) and parts[part].is_empty:
        part += way
    return part


def lengthened(clock: Clock, by: timedelta) -> Clock:
    """With more (or less) time for the present part, within reason."""
    return replace(clock, added=min(max(clock.added + by, -MOST_ADDED), MOST_ADDED))

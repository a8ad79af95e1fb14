"""A moment on the wall clocks of two places: the edition's zone, and the reader's beside it (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """What a clock in another place shows; `days` counts calendar days from the edition's day (-1, 0, 1)."""

    clock: datetime
    days: int


def elsewhere(moment: datetime, here: str, there: str) -> Elsewhere:
    """The moment in the zone `there`, measured against the calendar of the zone `here`."""
    clock = moment.astimezone(ZoneInfo(there))
    return Elsewhere(clock=clock, days=(clock.date() - moment.astimezone(ZoneInfo(here)).date()).days)


def offset_name(moment: datetime, zone: str) -> str:
    """How far a zone is from UTC at a moment: UTC+8, UTC-3:30, UTC."""
    offset = moment.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
    minutes = int(offset.total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    if not minutes:
        return "UTC"
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02d}" if rest else "")

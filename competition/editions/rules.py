"""The rules of an edition read from its settings: points, metrics, languages, time zone (pure)."""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR, UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo, available_timezones

DEFAULT_METRICS = {
    "rotating": ("points", "total_score", "firsts", "seconds"),
    "fixed": ("adjusted_score", "average_score"),
}
METRICS = (
    "points",
    "total_score",
    "average_score",
    "adjusted_score",
    "firsts",
    "seconds",
    "draw_strength",
    "manual",
)


class UnclearLocalTime(ValueError):
    """A local time that never happens, or happens twice, because clocks are changed, or that no calendar holds."""


def split_list(text: str) -> tuple[str, ...]:
    """The parts of a `;`-separated cell, trimmed, without empty ones."""
    return tuple(part.strip() for part in text.split(";") if part.strip())


def points_list(text: str) -> tuple[Decimal, ...]:
    """`3;2;1;0` as exact numbers, first place first."""
    return tuple(Decimal(part.replace(",", ".")) for part in split_list(text))


def metrics_of(role_policy: str, named: str) -> tuple[str, ...]:
    """The standings metrics: those named, or the default of the role policy."""
    return split_list(named) or DEFAULT_METRICS[role_policy]


def is_timezone(name: str) -> bool:
    """Whether `name` is a zone of the IANA database."""
    return name in available_timezones()


def to_utc(local: datetime, zone_name: str) -> datetime:
    """A wall-clock time of the edition as UTC.

    Raises UnclearLocalTime for an hour that does not exist or exists twice on the day clocks change.
    """
    if not MINYEAR < local.year < MAXYEAR:
        raise UnclearLocalTime("beyond the calendar")
    zone = ZoneInfo(zone_name)
    first, second = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() != second.utcoffset():
        exists = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None)
        raise UnclearLocalTime("exists twice" if exists else "does not exist")
    return first.astimezone(UTC)


def to_local(moment: datetime, zone_name: str) -> datetime:
    """A stored time as wall-clock time of the edition, without a zone."""
    return moment.astimezone(ZoneInfo(zone_name)).replace(tzinfo=None)

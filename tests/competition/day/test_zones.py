"""Wall clocks of two places: across the date line, and on the night when clocks change."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from competition.day.zones import elsewhere, offset_name

MORNING = datetime(2026, 5, 16, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("here", "there", "clock", "days"),
    [
        ("Asia/Shanghai", "Europe/Berlin", "03:00", 0),
        ("Asia/Shanghai", "America/Los_Angeles", "18:00", -1),
        ("Pacific/Pago_Pago", "Pacific/Kiritimati", "15:00", 1),
        ("Pacific/Kiritimati", "Pacific/Pago_Pago", "14:00", -1),
        ("Pacific/Auckland", "Pacific/Honolulu", "15:00", -1),
    ],
)
def test_the_other_clock_and_how_many_days_away_it_is(here: str, there: str, clock: str, days: int) -> None:
    found = elsewhere(MORNING, here, there)
    assert (found.clock.strftime("%H:%M"), found.days) == (clock, days)


def test_an_hour_before_and_after_clocks_change_keeps_both_right() -> None:
    before, after = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
    shown = [
        elsewhere(moment, "Asia/Shanghai", "Europe/Berlin").clock.strftime("%H:%M")
        for moment in (before, after)
    ]
    assert shown == ["02:30", "02:30"]
    assert [offset_name(moment, "Europe/Berlin") for moment in (before, after)] == ["UTC+2", "UTC+1"]


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        ("UTC", "UTC"),
        ("Asia/Shanghai", "UTC+8"),
        ("Asia/Kathmandu", "UTC+5:45"),
        ("America/St_Johns", "UTC-2:30"),
        ("Pacific/Kiritimati", "UTC+14"),
    ],
)
def test_a_zone_says_how_far_it_is_from_utc(zone: str, name: str) -> None:
    assert offset_name(MORNING, zone) == name

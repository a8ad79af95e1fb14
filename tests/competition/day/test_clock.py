"""The session clock as a rule: what it shows at a moment, and what each button makes of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from competition.day.clock import Clock, going, lengthened, moved, paused, read, settled
from competition.day.plan import Part
from competition.day.showing import shown

NOON = datetime(2031, 5, 16, 12, 0, tzinfo=UTC)
PARTS = (
    Part(kind="opening", seconds=240),
    Part(kind="ad_hoc", seconds=600),
    Part(kind="resolution", seconds=60),
)


def at(clock: Clock, seconds: int, *, is_automatic: bool = False) -> tuple[int, int, bool]:
    """Part, seconds left and whether it runs, so many seconds after noon."""
    found = read(clock, PARTS, NOON + timedelta(seconds=seconds), is_automatic=is_automatic)
    return found.part, round(found.left.total_seconds()), found.is_running


def test_a_fresh_clock_stands_at_the_beginning() -> None:
    assert at(Clock(), 500) == (0, 240, False)
    assert read(Clock(), PARTS, NOON, is_automatic=False).is_fresh


def test_time_passes_only_while_it_runs() -> None:
    running = going(Clock(), NOON)
    assert at(running, 30) == (0, 210, True)
    still = paused(settled(running, PARTS, NOON + timedelta(seconds=30), is_automatic=False))
    assert at(still, 500) == (0, 210, False)
    assert at(going(still, NOON + timedelta(seconds=500)), 510) == (0, 200, True)


def test_started_twice_is_started_once() -> None:
    running = going(Clock(), NOON)
    assert going(running, NOON + timedelta(seconds=9)) is running


def test_it_counts_over_time_until_somebody_goes_on() -> None:
    running = going(Clock(), NOON)
    assert at(running, 275) == (0, -35, True)
    assert at(moved(running, PARTS, 1, NOON + timedelta(seconds=275)), 280) == (1, 595, True)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (239, (0, 1, True)),
        (240, (1, 600, True)),
        (839, (1, 1, True)),
        (870, (2, 30, True)),
        (900, (3, 0, False)),
        (99999, (3, 0, False)),
    ],
)
def test_sessions_may_follow_by_themselves(seconds: int, expected: tuple[int, int, bool]) -> None:
    assert at(going(Clock(), NOON), seconds, is_automatic=True) == expected


def test_going_back_or_on_begins_a_session_and_stays_within_the_round() -> None:
    still = Clock(part=1, elapsed=timedelta(seconds=100))
    assert at(moved(still, PARTS, -1, NOON), 0) == (0, 240, False)
    assert at(moved(Clock(), PARTS, -1, NOON), 0) == (0, 240, False)
    over = moved(Clock(part=2, started_at=NOON), PARTS, 1, NOON)
    assert read(over, PARTS, NOON, is_automatic=False).is_over
    assert at(moved(over, PARTS, 1, NOON), 60) == (3, 0, False)


def test_added_time_is_for_this_session_only_and_has_a_limit() -> None:
    longer = lengthened(going(Clock(), NOON), timedelta(minutes=5))
    assert at(longer, 0) == (0, 540, True)
    assert at(moved(longer, PARTS, 1, NOON), 0) == (1, 600, True)
    assert lengthened(longer, timedelta(days=9)).added == timedelta(hours=2)
    assert at(lengthened(Clock(), timedelta(hours=-1)), 0) == (0, 0, False)


def test_a_server_whose_clock_went_back_loses_nothing() -> None:
    assert at(going(Clock(elapsed=timedelta(seconds=40)), NOON), -20) == (0, 200, True)


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (245, "4:05"),
        (60, "1:00"),
        (0.2, "0:01"),
        (0, "0:00"),
        (-0.4, "0:00"),
        (-35, "+0:35"),
        (-3725, "+62:05"),
    ],
)
def test_what_is_left_in_words(left: float, words: str) -> None:
    assert shown(timedelta(seconds=left)) == words


HOLES = (
    Part(kind="opening", seconds=240, is_empty=True),
    Part(kind="opening", seconds=240),
    Part(kind="opening", seconds=240, is_empty=True),
    Part(kind="ad_hoc", seconds=600),
)


@pytest.mark.parametrize(
    ("seconds", "expected"), [(0, (1, 240)), (239, (1, 1)), (240, (3, 600)), (840, (4, 0))]
)
def test_an_empty_part_takes_no_time_of_a_clock_that_goes_on_by_itself(
    seconds: int, expected: tuple[int, int]
) -> None:
    found = read(going(Clock(), NOON), HOLES, NOON + timedelta(seconds=seconds), is_automatic=True)
    assert (found.part, found.left.total_seconds()) == expected


def test_buttons_pass_over_an_empty_part_in_both_directions() -> None:
    fresh = settled(Clock(), HOLES, NOON, is_automatic=False)
    assert (fresh.part, read(Clock(), HOLES, NOON, is_automatic=False).is_fresh) == (1, True)
    later = moved(fresh, HOLES, 1, NOON)
    assert [later.part, moved(later, HOLES, -1, NOON).part, moved(fresh, HOLES, -1, NOON).part] == [3, 1, 1]
    assert moved(later, HOLES, 1, NOON).part == 4

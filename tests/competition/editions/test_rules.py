"""Rules of an edition as they are written in its settings."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from competition.editions.rules import UnclearLocalTime, metrics_of, points_list, split_list, to_local, to_utc


def test_points_are_exact_numbers_first_place_first() -> None:
    assert points_list("2.5; 1.5;0.5") == (Decimal("2.5"), Decimal("1.5"), Decimal("0.5"))


def test_an_empty_list_has_no_parts() -> None:
    assert split_list(" ; ") == ()


@pytest.mark.parametrize(
    ("policy", "named", "expected"),
    [
        ("rotating", "", ("points", "total_score", "firsts", "seconds")),
        ("fixed", "", ("adjusted_score", "average_score")),
        ("fixed", "points;firsts", ("points", "firsts")),
    ],
)
def test_metrics_are_those_named_or_the_default_of_the_policy(
    policy: str, named: str, expected: tuple[str, ...]
) -> None:
    assert metrics_of(policy, named) == expected


def test_a_local_time_goes_to_utc_and_back() -> None:
    moment = to_utc(datetime(2025, 5, 17, 9, 0), "Asia/Shanghai")
    assert moment == datetime(2025, 5, 17, 1, 0, tzinfo=UTC)
    assert to_local(moment, "Asia/Shanghai") == datetime(2025, 5, 17, 9, 0)


@pytest.mark.parametrize(
    ("local", "why"),
    [(datetime(2025, 3, 30, 2, 30), "does not exist"), (datetime(2025, 10, 26, 2, 30), "exists twice")],
)
def test_an_hour_in_which_clocks_change_is_refused(local: datetime, why: str) -> None:
    with pytest.raises(UnclearLocalTime, match=why):
        to_utc(local, "Europe/Berlin")


@pytest.mark.parametrize("local", [datetime(9999, 12, 31, 23, 59), datetime(1, 1, 1)])
def test_a_time_at_the_edge_of_the_calendar_is_refused_instead_of_breaking(local: datetime) -> None:
    with pytest.raises(UnclearLocalTime):
        to_utc(local, "Asia/Shanghai")

"""What ranks are worth: a truth table."""

from __future__ import annotations

from decimal import Decimal

import pytest

from competition.rounds.points import UNRANKED, Place, points_for

FOUR = [Decimal(text) for text in ("3", "2", "1", "0")]
THREE = [Decimal(text) for text in ("2.5", "1.5", "0.5")]


def worth(ranks: list[int | None], weight: str = "1") -> list[str]:
    places = points_for(dict(enumerate(ranks)), FOUR, THREE, Decimal(weight))
    return [str(places[i].points.normalize() + 0) for i in range(len(ranks))]


@pytest.mark.parametrize(
    ("ranks", "expected"),
    [
        ([1, 2, 3, 4], ["3", "2", "1", "0"]),
        ([4, 3, 2, 1], ["0", "1", "2", "3"]),
        ([1, 1, 3, 4], ["2.5", "2.5", "1", "0"]),
        ([1, 2, 2, 4], ["3", "1.5", "1.5", "0"]),
        ([1, 2, 3, 3], ["3", "2", "0.5", "0.5"]),
        ([1, 1, 3, 3], ["2.5", "2.5", "0.5", "0.5"]),
        ([1, 1, 1, 4], ["2", "2", "2", "0"]),
        ([1, 2, 2, 2], ["3", "1", "1", "1"]),
        ([1, 1, 1, 1], ["1.5", "1.5", "1.5", "1.5"]),
    ],
)
def test_four_ranked_teams_share_the_points_of_the_places_they_span(
    ranks: list[int | None], expected: list[str]
) -> None:
    assert worth(ranks) == expected


@pytest.mark.parametrize(
    ("ranks", "expected"),
    [
        ([1, 2, 3, None], ["2.5", "1.5", "0.5", "0"]),
        ([1, 2, 4, None], ["2.5", "1.5", "0.5", "0"]),
        ([1, 1, None, 3], ["2", "2", "0", "0.5"]),
        ([1, 1, 1], ["1.5", "1.5", "1.5"]),
        ([2, 1, None, None], ["1.5", "2.5", "0", "0"]),
        ([1, None, None, None], ["2.5", "0", "0", "0"]),
        ([None, None, None, None], ["0", "0", "0", "0"]),
    ],
)
def test_fewer_than_four_ranked_teams_are_worth_the_three_team_points(
    ranks: list[int | None], expected: list[str]
) -> None:
    assert worth(ranks) == expected


def test_the_weight_of_the_round_multiplies_the_points() -> None:
    assert worth([1, 2, 3, 4], "2") == ["6", "4", "2", "0"]
    assert worth([1, 2, 2, 4], "0.5") == ["1.5", "0.75", "0.75", "0"]


def test_points_are_rounded_half_up_to_six_decimals() -> None:
    thirds = points_for({1: 1, 2: 1, 3: 1}, FOUR, [Decimal(1), Decimal(1), Decimal(0)])
    assert thirds[1].points == Decimal("0.666667")
    assert worth([1, 2, 3, 4], "0.0000005") == ["0.000002", "0.000001", "0.000001", "0"]


def test_places_are_renumbered_when_a_team_between_is_taken_out() -> None:
    places = points_for({10: 1, 11: None, 12: 3, 13: 3}, FOUR, THREE)
    assert places == {
        10: Place(rank=1, is_shared=False, points=Decimal("2.5")),
        11: UNRANKED,
        12: Place(rank=2, is_shared=True, points=Decimal(1)),
        13: Place(rank=2, is_shared=True, points=Decimal(1)),
    }

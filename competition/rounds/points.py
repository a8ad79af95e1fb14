"""What a rank is worth at a table: pure, exact arithmetic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

MILLIONTH = Decimal("0.000001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A team's place at its table without stand-ins and absent teams; `rank` is None without a place."""

    rank: int | None
    is_shared: bool
    points: Decimal


UNRANKED = Place(rank=None, is_shared=False, points=Decimal(0))


def points_for(
    ranks: Mapping[int, int | None],
    table_points: Sequence[Decimal],
    three_team_points: Sequence[Decimal],
    weight: Decimal = Decimal(1),
) -> dict[int, Place]:
    """The place and points of every team in `ranks` (team id -> rank; None for absent teams and stand-ins).

    Ranks are read as an order: 1, 2, 4 at a table whose third was taken out becomes 1, 2, 3, and teams with
    equal ranks share the place and the average of the points of the places they span. Fewer than four ranked
    teams are worth `three_team_points`, from the top. Points are multiplied by the round's weight and rounded
    half up to six decimals.
    """
    order = sorted(rank for rank in ranks.values() if rank is not None)
    scale = table_points if len(order) >= 4 else three_team_points
    return {team: _place(rank, order, scale, weight) for team, rank in ranks.items()}


def _place(rank: int | None, order: list[int], scale: Sequence[Decimal], weight: Decimal) -> Place:
    if rank is None:
        return UNRANKED
    first, sharing = order.index(rank), order.count(rank)
    worth = sum((Fraction(points) for points in scale[first : first + sharing]), Fraction(0))
    return Place(rank=first + 1, is_shared=sharing > 1, points=_exact(worth / sharing * Fraction(weight)))


def _exact(number: Fraction) -> Decimal:
    """A fraction as a decimal with at most six places, halves away from zero."""
    wide = Decimal(number.numerator * 10**12 // number.denominator) / Decimal(10**12)
    return wide.quantize(MILLIONTH, rounding=ROUND_HALF_UP)

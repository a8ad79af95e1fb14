"""Who can still reach the break: certain, possible or out, before the remaining rounds are played.

With one round left and its draw known the answer is exact on points: tables do not influence each other, so the best
and the worst case of a team are found table by table over the orders of finish. Otherwise only bounds are given.
"""

from collections.abc import Hashable, Mapping, Sequence
from decimal import Decimal
from itertools import permutations
from typing import Literal

from judging.scoring.exact import ZERO

Chance = Literal["through", "alive", "out"]


def alive_before_last_round(
    points: Mapping[Hashable, Decimal],
    tables: Sequence[Sequence[Hashable]],
    table_points: Sequence[Decimal],
    places: int,
    *,
    weight: Decimal = Decimal(1),
    three_team_points: Sequence[Decimal] = (),
) -> dict[Hashable, Chance]:
    """Exact on points: `tables` hold the ranked teams of the last round's draw (three where a seat is not ranked).

    A team is `through` when it is among the first `places` however the round ends, even if every tie goes against
    it; `out` when it cannot be among them even if every tie goes for it. Shared places are not considered.
    """
    awards = {
        size: [weight * each for each in worth] for size, worth in _worths(table_points, three_team_points)
    }
    table_of = {team: number for number, table in enumerate(tables) for team in table}
    found: dict[Hashable, Chance] = {}
    for team, own in points.items():
        worth = awards[len(tables[table_of[team]])] if team in table_of else [ZERO]
        best, worst = own + max(worth), own + min(worth)
        above = _count(points, tables, awards, team, best, max(worth), is_best_case=True)
        not_below = _count(points, tables, awards, team, worst, min(worth), is_best_case=False)
        found[team] = "through" if not_below < places else "alive" if above < places else "out"
    return found


def _worths(
    table_points: Sequence[Decimal], three_team_points: Sequence[Decimal]
) -> list[tuple[int, Sequence[Decimal]]]:
    return [(len(table_points), table_points), (len(three_team_points), three_team_points)]


def _count(
    points: Mapping[Hashable, Decimal],
    tables: Sequence[Sequence[Hashable]],
    awards: Mapping[int, Sequence[Decimal]],
    team: Hashable,
    mark: Decimal,
    taken: Decimal,
    *,
    is_best_case: bool,
) -> int:
    """The fewest rivals strictly above `mark` (best case), or the most at or above it (worst case)."""
    seated = {each for table in tables for each in table}
    idle = [own for each, own in points.items() if each not in seated and each != team]
    total = sum(_beats(own, mark, is_best_case) for own in idle)
    for table in tables:
        worth = list(awards[len(table)])
        rivals = [each for each in table if each != team]
        if team in table:
            worth.remove(taken)
        counts = (
            sum(
                _beats(points[each] + award, mark, is_best_case)
                for each, award in zip(rivals, order, strict=True)
            )
            for order in permutations(worth)
        )
        total += min(counts) if is_best_case else max(counts)
    return total


def _beats(own: Decimal, mark: Decimal, is_best_case: bool) -> bool:
    return own > mark if is_best_case else own >= mark


def alive_by_bounds(
    lowest: Mapping[Hashable, Decimal], highest: Mapping[Hashable, Decimal], places: int
) -> dict[Hashable, Chance]:
    """Bounds for any metric: each team will end between its `lowest` and its `highest` value.

    Teams are treated as if they did not influence each other, so `alive` may be too hopeful; `through` and `out`
    are certain.
    """
    return {
        team: "through"
        if sum(highest[other] >= lowest[team] for other in highest if other != team) < places
        else "out"
        if sum(lowest[other] > highest[team] for other in lowest if other != team) >= places
        else "alive"
        for team in lowest
    }


def bounds_of_points(
    points: Mapping[Hashable, Decimal], table_points: Sequence[Decimal], weights_left: Sequence[Decimal]
) -> tuple[dict[Hashable, Decimal], dict[Hashable, Decimal]]:
    """The lowest and the highest points each team can end with when several rounds are left."""
    low, high = (each * sum(weights_left, ZERO) for each in (min(table_points), max(table_points)))
    return {team: own + low for team, own in points.items()}, {
        team: own + high for team, own in points.items()
    }


def bounds_of_averages(
    totals: Mapping[Hashable, tuple[Decimal, int]], minimum: Decimal, maximum: Decimal, rounds_left: int
) -> tuple[dict[Hashable, Decimal], dict[Hashable, Decimal]]:
    """The lowest and highest average score: `totals` are (sum, rounds played), a table score lies within limits."""

    def average(total: Decimal, played: int, score: Decimal) -> Decimal:
        rounds = played + rounds_left
        return (total + rounds_left * score) / rounds if rounds else ZERO

    return (
        {team: average(total, played, minimum) for team, (total, played) in totals.items()},
        {team: average(total, played, maximum) for team, (total, played) in totals.items()},
    )

"""Who can still reach the break: certain, possible or out, before the remaining rounds are played.

With one round left and its draw known the answer is exact on points: tables do not influence each other, so the best
and the worst case of a team are found table by table over the ways it can end. Otherwise only bounds are given.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import permutations
from typing import Literal

from judging.scoring.exact import ZERO, exact_mean
from judging.scoring.tables import TableTies

Chance = Literal["through", "alive", "out"]


def alive_before_last_round(
    points: Mapping[Hashable, Decimal],
    tables: Sequence[Sequence[Hashable]],
    table_points: Sequence[Decimal],
    places: int,
    *,
    weight: Decimal = Decimal(1),
    three_team_points: Sequence[Decimal] = (),
    table_ties: TableTies = "shared",
) -> dict[Hashable, Chance]:
    """Exact on points: `tables` hold the ranked teams of the last round's draw (three where a seat is not ranked).

    `points` are those of the teams that compete for the `places`; a table may seat others beside them (another
    division), who take points and are not counted. A team is `through` when it is among the first `places` however
    the round ends, even if every tie goes against it; `out` when it cannot be among them even if every tie goes for
    it. Unless ties at a table are `forbidden`, level teams at a table share its points.
    """
    worths = {
        len(each): tuple(sorted((weight * worth for worth in each), reverse=True))
        for each in (three_team_points, table_points)
    }
    table_of = {team: number for number, table in enumerate(tables) for team in table}
    can_share = table_ties != "forbidden"
    found: dict[Hashable, Chance] = {}
    for team, own in points.items():
        worth = worths[len(tables[table_of[team]])] if team in table_of else (ZERO,)
        above, not_below = (
            _rivals(points, tables, worths, team, own + taken, taken, can_share, is_best_case=is_best_case)
            for taken, is_best_case in ((worth[0], True), (worth[-1], False))
        )
        found[team] = "through" if not_below < places else "alive" if above < places else "out"
    return found


def _rivals(
    points: Mapping[Hashable, Decimal],
    tables: Sequence[Sequence[Hashable]],
    worths: Mapping[int, tuple[Decimal, ...]],
    team: Hashable,
    mark: Decimal,
    taken: Decimal,
    can_share: bool,
    *,
    is_best_case: bool,
) -> int:
    """The fewest rivals strictly above `mark` (best case), or the most at or above it (worst case).

    At its own table the team is alone in first or in last place: sharing would bring it nearer to its rivals.
    """
    seated = {each for table in tables for each in table}
    idle = [own for each, own in points.items() if each not in seated and each != team]
    total = sum(_beats(own, mark, is_best_case) for own in idle)
    for table in tables:
        worth = worths[len(table)]
        if team in table:
            worth = _without(worth, taken)
        own = tuple(points.get(each) for each in table if each != team)
        total += _rivals_at(own, worth, mark, can_share, is_best_case)
    return total


def _without(worth: tuple[Decimal, ...], taken: Decimal) -> tuple[Decimal, ...]:
    place = worth.index(taken)
    return worth[:place] + worth[place + 1 :]


@lru_cache(maxsize=20_000)
def _rivals_at(
    own: tuple[Decimal | None, ...],
    worth: tuple[Decimal, ...],
    mark: Decimal,
    can_share: bool,
    is_best_case: bool,
) -> int:
    """How many of one table's teams end beyond the mark, at least or at most; None is nobody's rival."""
    counts = [
        sum(
            before is not None and _beats(before + award, mark, is_best_case)
            for before, award in zip(own, awards, strict=True)
        )
        for awards in _endings(worth, can_share)
    ]
    return min(counts) if is_best_case else max(counts)


@lru_cache(maxsize=64)
def _endings(worth: tuple[Decimal, ...], can_share: bool) -> tuple[tuple[Decimal, ...], ...]:
    """What the teams of a table can get, in their order: every order of finish, and every way to share places."""
    groupings = _shared(worth) if can_share else [worth]
    return tuple({awards for grouping in groupings for awards in permutations(grouping)})


def _shared(worth: tuple[Decimal, ...]) -> Iterator[tuple[Decimal, ...]]:
    """The worth of the places, best first, for every choice of neighbouring places that are shared."""
    if not worth:
        yield ()
    for size in range(1, len(worth) + 1):
        share = exact_mean(worth[:size])
        for rest in _shared(worth[size:]):
            yield (*[share] * size, *rest)


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

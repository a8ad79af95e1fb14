"""Where the search begins: a first seating of a world, good in one respect and plain in all others."""

import numpy as np

from competition.draw.costs import Costs
from competition.draw.world import Ints, World


def first_seating(costs: Costs, rng: np.random.Generator) -> Ints:
    """The cheaper of two starts: level tables whatever the roles, or perfect roles as level as they allow.

    Where every team keeps its own role only the second exists.
    """
    world = costs.world
    by_role = costs.best_roles(columns(world, rng))
    if (world.own >= 0).any():
        return by_role
    level = costs.best_roles(fours(world, rng))
    return min((level, by_role), key=lambda seats: float(costs.of(seats).sum()))


def fours(world: World, rng: np.random.Generator) -> Ints:
    """The teams sorted by points (equals by lot) in fours; the last tables have a vacant seat each where
    needed.
    """
    order = _sorted(world, rng)
    teams, vacant = order[~world.is_vacant[order]], order[world.is_vacant[order]]
    tables = len(order) // 4
    rows: list[list[int]] = [[] for _ in range(tables)]
    for i, seat in enumerate(vacant.tolist()):
        rows[tables - 1 - i % tables].append(seat)
    queue = iter(teams.tolist())
    for row in rows:
        row += [next(queue) for _ in range(4 - len(row))]
    return np.array(rows, dtype=np.int64).reshape(-1, 4)


def columns(world: World, rng: np.random.Generator) -> Ints:
    """A column per role, each sorted by points, vacant seats last: the k-th of every column at table k.

    A team goes to the role it has played least, if there is room. In rounds 4k of an edition with fair
    roles these are the classes of teams that miss the same role, all of one size.
    """
    order = _sorted(world, rng)
    size = len(order) // 4
    rows: list[list[int]] = [[], [], [], []]
    late: list[int] = []
    wish = np.where(world.own >= 0, world.own, world.counts.argmin(axis=1))
    for i in order.tolist():
        row = rows[wish[i]]
        (row if len(row) < size and not world.is_vacant[i] else late).append(i)
    for i in late:
        room = world.own[i] if world.own[i] >= 0 else min(range(4), key=lambda r: len(rows[r]))
        rows[room].append(i)
    return np.array(rows, dtype=np.int64).reshape(4, -1).T


def _sorted(world: World, rng: np.random.Generator) -> Ints:
    """All rows by points downwards, equals by lot, vacant seats last."""
    order: Ints = np.lexsort((rng.random(len(world.high)), -world.high))
    return order

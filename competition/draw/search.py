"""The search: lift one member from every table and seat the lifted anew, each time at the least possible
cost.

With three members staying at each of K tables, the cheapest way to seat K lifted members is a linear
assignment on the exact objective (all 24 orders of the four roles considered), so no step ever makes a draw
worse. A fixed number of kicks - a few swaps of teams near in points, then the same steps - leads out of
dead ends; what is not worse stays. The number of steps depends on the problem alone, never on the clock:
the same seed gives the same draw.
"""

import itertools

import numpy as np

from competition.draw.assignment import assigned
from competition.draw.costs import ORDERS, Costs
from competition.draw.world import Floats, Ints

BLOCK = 64
"""Tables in one assignment: neighbours in points, so that nothing is lost by not comparing the far ends."""


def improve(
    seats: Ints,
    costs: Costs,
    rng: np.random.Generator,
    *,
    sweeps: int,
    kicks: int,
    lift_by_role: bool = False,
) -> Ints:
    """A draw that costs no more than the given one (tables x 4, the column being the role)."""
    best = costs.best_roles(seats)
    for _ in range(sweeps):
        sweep(best, costs, rng, lift_by_role=lift_by_role)
    value = costs.of(best).sum()
    for _ in range(kicks):
        if value == 0:
            break
        other = best.copy()
        kick(other, costs, rng)
        for _ in range(4):
            sweep(other, costs, rng, lift_by_role=lift_by_role)
        reached = costs.of(other).sum()
        if reached <= value:
            best, value = other, reached
    return best


def sweep(seats: Ints, costs: Costs, rng: np.random.Generator, *, lift_by_role: bool = False) -> None:
    """Lifts one member from every table and seats them anew, block by block of neighbouring tables, in
    place.
    """
    m = len(seats)
    heights = costs.world.high[seats].max(axis=1)
    order = np.lexsort((rng.random(m), -heights))
    lifted = np.full(m, rng.integers(4)) if lift_by_role else rng.integers(4, size=m)
    first = int(rng.integers(1, BLOCK + 1)) if m > BLOCK else m
    edges = [0, *range(first, m, BLOCK), m]
    for start, stop in itertools.pairwise(edges):
        if start < stop:
            reseat(seats, order[start:stop], lifted, costs)


def reseat(seats: Ints, block: Ints, lifted: Ints, costs: Costs) -> None:
    """The assignment for one block of tables: `lifted[k]` is the column taken from table k."""
    rows = seats[block]
    column = lifted[block][:, None]
    out = np.take_along_axis(rows, column, axis=1)[:, 0]
    stay = rows[np.arange(4) != column].reshape(-1, 3)
    cost = seat_costs(out, stay, costs)
    seats[block, :3] = stay
    seats[block, 3] = out[assigned(cost.T)]
    seats[block] = costs.best_roles(seats[block])


def seat_costs(out: Ints, stay: Ints, costs: Costs) -> Floats:
    """The cost of table j with member i added, at [i, j], up to what does not depend on i."""
    w = costs.world
    pairs = costs.pair[out[:, None, None], stay[None]].sum(axis=2)
    ways = sum(costs.role[stay[:, k, None], ORDERS[None, :, k]] for k in range(3))
    left = np.asarray(ways).reshape(-1, 4, 6).min(axis=2)
    roles = (costs.role[out][:, None, :] + left[None]).min(axis=2)
    high = np.maximum(w.high[out][:, None], w.high[stay].max(axis=1)[None])
    low = np.minimum(w.low[out][:, None], w.low[stay].min(axis=1)[None])
    total: Floats = pairs + roles + costs.range_cost(high, low)
    return total


def kick(seats: Ints, costs: Costs, rng: np.random.Generator) -> None:
    """Two to five swaps of teams of neighbouring tables, in place."""
    m = len(seats)
    if m < 2:
        return
    heights = costs.world.high[seats].max(axis=1)
    order = np.lexsort((rng.random(m), -heights))
    for _ in range(int(rng.integers(2, 6))):
        i = int(rng.integers(m - 1))
        a, b = order[i], order[min(m - 1, i + int(rng.integers(1, 4)))]
        x = int(rng.integers(4))
        y = x if (costs.world.own >= 0).any() else int(rng.integers(4))
        seats[a, x], seats[b, y] = seats[b, y], seats[a, x]

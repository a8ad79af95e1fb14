"""The search: lift one member from every table and seat the lifted anew, each time as cheaply as possible.

With three members staying at each of K tables, the cheapest way to seat K lifted members is a linear
assignment on the exact objective, all 24 orders of the four roles considered. Repeated, that soon stands
still in a dead end; so the assignments are first made on costs blurred by noise, and the noise dies away
(simulated annealing, Kirkpatrick et al. 1983, with perturbed assignments for moves: Papandreou and Yuille
2011). The best draw seen is kept. The number of steps depends on the problem alone, never on a clock: the
same seed gives the same draw.
"""

from itertools import pairwise

import numpy as np

from competition.draw.costs import Costs
from competition.draw.solvers import assigned
from competition.draw.world import Floats, Ints

BLOCK = 64
"""Tables in one assignment: neighbours in points, so that nothing is lost by not comparing the far ends."""
HOT, COLD = 15.0, 0.3
"""The noise at the beginning and at the end, in units of cost (a repeat costs 10); larger draws, where a good
start is nearly the answer, begin cooler.
"""
DEVIATION = 12**0.5
"""What makes the deviation of an even spread over one unit 1."""
FINAL_SWEEPS = 12
LOOK = 3
"""Every so many steps the draw is compared with the best seen; without noise, after each."""
OTHERS = np.array([[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2]])
"""The columns that stay when one is lifted."""


def improve(
    seats: Ints, costs: Costs, rng: np.random.Generator, *, steps: int, lift_by_role: bool = False
) -> Ints:
    """A draw that costs no more than the given one (tables x 4, the column being the role).

    `lift_by_role` lifts the same role from every table, for editions where each team keeps its own.
    """
    current = seats.copy()
    hot = HOT * min(1.0, 12 / len(seats)) ** 0.25
    best, least = current.copy(), costs.at_best(current).sum()
    for step in range(steps + FINAL_SWEEPS):
        if least == 0:
            break
        if step == steps:
            current = best.copy()
        noise = hot * (COLD / hot) ** (step / steps) if step < steps else 0.0
        sweep(current, costs, rng, noise=noise, lift_by_role=lift_by_role)
        if step < steps and step % LOOK:
            continue
        reached = costs.at_best(current).sum()
        if reached <= least:
            best, least = current.copy(), reached
    return costs.best_roles(best)


def sweep(
    seats: Ints, costs: Costs, rng: np.random.Generator, *, noise: float = 0.0, lift_by_role: bool = False
) -> None:
    """Lifts one member from every table and seats them anew, block by block of neighbouring tables, in
    place.
    """
    m = len(seats)
    lifted = np.full(m, rng.integers(4)) if lift_by_role else rng.integers(4, size=m)
    for block in _blocks(seats, costs, rng):
        reseat(seats, block, lifted[block], costs, rng, noise)


def _blocks(seats: Ints, costs: Costs, rng: np.random.Generator) -> list[Ints]:
    """The tables in blocks of neighbours by their highest points, cut at other places each time."""
    m = len(seats)
    if m <= BLOCK:
        return [np.arange(m)]
    heights = costs.world.high[seats].max(axis=1)
    order = np.lexsort((rng.random(m), -heights))
    edges = sorted({0, *range(int(rng.integers(1, BLOCK + 1)), m, BLOCK), m})
    return [order[start:stop] for start, stop in pairwise(edges)]


def reseat(
    seats: Ints, block: Ints, lifted: Ints, costs: Costs, rng: np.random.Generator, noise: float
) -> None:
    """The assignment for one block of tables: `lifted[k]` is the column taken from the k-th."""
    rows = seats[block]
    out = rows[np.arange(len(block)), lifted]
    stay = np.take_along_axis(rows, OTHERS[lifted], axis=1)
    cost = seat_costs(out, stay, costs)
    if noise:
        cost += noise * DEVIATION * (rng.random(cost.shape) - 0.5)
    seats[block, lifted] = out[assigned(cost)]


def seat_costs(out: Ints, stay: Ints, costs: Costs) -> Floats:
    """The cost of table j with member i added, at [j, i], up to what does not depend on i."""
    a, b, c = costs.pair[out][:, stay.T].transpose(1, 2, 0)
    left = costs.orders(stay).reshape(-1, 4, 6).min(axis=2)
    own = costs.role[out]
    total: Floats = left[:, 0, None] + own[:, 0]
    for r in range(1, 4):
        np.minimum(total, left[:, r, None] + own[:, r], out=total)
    total += a + b + c
    w = costs.world
    high = np.maximum(w.high[stay].max(axis=1)[:, None], w.high[out])
    low = np.minimum(w.low[stay].min(axis=1)[:, None], w.low[out])
    total += costs.range_cost(high, low)
    return total

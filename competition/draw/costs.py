"""What a table costs: the exact objective that the search lowers, with the weights of every preset.

A table's cost is the sum over its pairs (institution, repeat, vacancy), over its seats (roles) and one term
for the range of its points; so tables are independent, and a draw's cost is the sum over its tables.
"""

from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from competition.draw.world import Floats, Ints, World

NEVER = 1e9
"""The cost of what must not be: a role that is not the team's own, two vacant seats at one table."""

ORDERS = np.array(sorted(permutations(range(4)), key=lambda p: p[3]), dtype=np.int64)
"""The 24 ways to seat four members, the role of each; sorted by the role of the last, six ways each."""

MEMBERS = np.argsort(ORDERS, axis=1)
"""The same ways the other way round: the member that takes each role."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Costs: per pair of one institution; times n^2 for teams that met n times; times d^2 for a role played
    d times more than the team's rarest; per point of a table's range; times its square beyond `free`
    points; per vacant seat met too early.
    """

    institution: float = 400.0
    repeat: float = 10.0
    role: float = 1000.0
    spread: float = 0.0
    square: float = 0.0
    free: float = 0.0
    vacancy: float = 3000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """The objective of one world: `pair` (n x n), `role` (n x 4), and the two range terms."""

    world: World
    pair: NDArray[np.float32]
    role: Floats
    weights: Weights

    def range_cost(self, high: Floats, low: Floats) -> Floats:
        """The cost of a table whose points lie between low and high (both may be arrays)."""
        w = self.weights
        width: Floats = np.maximum(high - low, 0.0)
        cost: Floats = w.spread * width
        if w.square:
            cost += w.square * np.maximum(width - w.free, 0.0) ** 2
        return cost

    def of(self, seats: Ints) -> Floats:
        """The cost of every table; seats is (tables x 4), the column being the role."""
        total = self.role[seats, np.arange(4)].sum(axis=1)
        for a in range(4):
            for b in range(a):
                total = total + self.pair[seats[:, a], seats[:, b]]
        w = self.world
        result: Floats = total + self.range_cost(w.high[seats].max(axis=1), w.low[seats].min(axis=1))
        return result

    def best_roles(self, seats: Ints) -> Ints:
        """The same tables with their four members in the cheapest of the 24 orders."""
        options = sum(self.role[seats[:, k]][:, ORDERS[:, k]] for k in range(4))
        order = MEMBERS[np.asarray(options).argmin(axis=1)]
        result: Ints = seats[np.arange(len(seats))[:, None], order]
        return result


def costs_of(world: World, weights: Weights) -> Costs:
    """The objective of a world under the given weights."""
    vacant = world.is_vacant
    pair = np.square(world.met, dtype=np.float32) * np.float32(weights.repeat)
    pair[world.kin] += weights.institution
    early = world.vacancies - (world.vacancies[~vacant].min() if (~vacant).any() else 0)
    pair[:, vacant] = (weights.vacancy * early)[:, None]
    pair[vacant, :] = weights.vacancy * early
    pair[np.ix_(vacant, vacant)] = NEVER
    return Costs(world=world, pair=pair, role=_role_costs(world, weights), weights=weights)


def _role_costs(world: World, weights: Weights) -> Floats:
    """d^2 for a role played d times more than the rarest: d >= 1 is just what makes a violation of a fair
    history.
    """
    excess = world.counts - world.counts.min(axis=1, keepdims=True)
    cost: Floats = weights.role * excess.astype(np.float64) ** 2
    cost[world.is_vacant] = 0.0
    bound: NDArray[np.bool_] = world.own >= 0
    cost[bound] = NEVER
    cost[bound, world.own[bound]] = 0.0
    return cost

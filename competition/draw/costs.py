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


FIRST, SECOND = np.triu_indices(4, 1)
"""The six pairs of members of a table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Costs: per pair of one institution; times n^power for teams that met n times; times d^2 for a role played
    d times more than the team's rarest; per point of a table's range; times its square beyond `free`
    points; per vacant seat met too early; and, where a round 4k is coming, per missing role that two teams
    at a table do not share (`ahead`, see `_unlike`).
    """

    institution: float = 400.0
    repeat: float = 10.0
    power: float = 2.0
    role: float = 1000.0
    spread: float = 0.0
    square: float = 0.0
    free: float = 0.0
    vacancy: float = 3000.0
    ahead: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """The objective of one world: `pair` (n x n), `role` (n x 4), `ways` (4 x n x 24: what a row's role costs
    as the k-th member of a table seated in each of the 24 orders), and the two range terms.
    """

    world: World
    pair: NDArray[np.float32]
    role: Floats
    ways: Floats
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
        result: Floats = self._of_company(seats) + self.role[seats, np.arange(4)].sum(axis=1)
        return result

    def at_best(self, seats: Ints) -> Floats:
        """The cost of every table with its members in the cheapest of the 24 orders."""
        result: Floats = self._of_company(seats) + self.orders(seats).min(axis=1)
        return result

    def orders(self, members: Ints) -> Floats:
        """What the roles of each table's first members (tables x up to 4) cost in each of the 24 orders."""
        total: Floats = self.ways[0][members[:, 0]]
        for k in range(1, members.shape[1]):
            total += self.ways[k][members[:, k]]
        return total

    def best_roles(self, seats: Ints) -> Ints:
        """The same tables with their four members in the cheapest of the 24 orders."""
        result: Ints = np.take_along_axis(seats, MEMBERS[self.orders(seats).argmin(axis=1)], axis=1)
        return result

    def _of_company(self, seats: Ints) -> Floats:
        """The cost of who sits together, whatever their roles."""
        w = self.world
        pairs = self.pair[seats[:, FIRST], seats[:, SECOND]].sum(axis=1, dtype=np.float64)
        return pairs + self.range_cost(w.high[seats].max(axis=1), w.low[seats].min(axis=1))


def costs_of(world: World, weights: Weights) -> Costs:
    """The objective of a world under the given weights."""
    vacant = world.is_vacant
    pair = world.met.astype(np.float32) ** np.float32(weights.power) * np.float32(weights.repeat)
    pair[world.kin] += weights.institution
    if weights.ahead and looks_ahead(world):
        pair += weights.ahead * _unlike(world)
    early = world.vacancies - (world.vacancies[~vacant].min() if (~vacant).any() else 0)
    pair[:, vacant] = (weights.vacancy * early)[:, None]
    pair[vacant, :] = weights.vacancy * early
    pair[np.ix_(vacant, vacant)] = NEVER
    role = _role_costs(world, weights)
    ways = np.stack([role[:, ORDERS[:, k]] for k in range(4)])
    return Costs(world=world, pair=pair, role=role, ways=ways, weights=weights)


def looks_ahead(world: World) -> bool:
    """Whether this is round 4k-2 or 4k-1 of an edition that has a round 4k, where each team then misses one
    role.
    """
    return world.round % 4 in (2, 3) and (world.rounds is None or world.rounds >= -(-world.round // 4) * 4)


def _unlike(world: World) -> NDArray[np.float32]:
    """How few missing roles two teams share: the most that any two share, less those of this pair.

    Why that matters: in round 4k the teams that miss each role must be matched, one of each at a table, and
    the tables are as wide as these classes lie unevenly over the points. Each table plays every role once,
    so while tables are level no choice of roles makes the classes more even; what makes them uneven is the
    luck of results. Of a table with k members of a class, the number that finish above a place varies
    (hypergeometrically) with k (4 - k): least where a table's teams miss the same roles. As the sum of
    k (4 - k) falls by two for each pair and role that are shared, this is a cost of pairs.
    """
    misses = (world.counts == world.counts.min(axis=1, keepdims=True)).astype(np.float32)
    shared = misses @ misses.T
    return np.asarray(shared.max(initial=0.0) - shared, dtype=np.float32)


def _role_costs(world: World, weights: Weights) -> Floats:
    """d^2 for a role played d times more than the rarest: d >= 1 is just what makes a violation of a fair
    history. A vacant seat is a team in this (see `world`).
    """
    excess = world.counts - world.counts.min(axis=1, keepdims=True)
    cost: Floats = weights.role * excess.astype(np.float64) ** 2
    bound: NDArray[np.bool_] = world.own >= 0
    cost[bound] = NEVER
    cost[bound, world.own[bound]] = 0.0
    return cost

"""Making a placement better by swaps: tabu search over all pairs, then moves of whole groups."""

import numpy as np
import numpy.typing as npt

from competition.formation.costs import Costs, Numbers

EFFORT = 120_000_000
"""Pairs looked at in one search: 1,300 steps for 300 people, about a second; fewer people take less."""
MOST_STEPS = 2_500
LEAST_STEPS = 60
NEVER = np.iinfo(np.int64).max // 4


class Seating:
    """A placement in the making: the team of everybody, and what everybody would cost in every team."""

    def __init__(self, costs: Costs, team: npt.NDArray[np.int64]) -> None:
        self.costs = costs
        self.team = team.copy()
        self.prices: Numbers = np.zeros((costs.count, costs.teams), dtype=np.int64)
        for number in range(costs.teams):
            self.prices[:, number] = costs.pairs[:, team == number].sum(axis=1)
        self.cost = int(self.prices[np.arange(costs.count), team].sum()) // 2

    def changes(self) -> Numbers:
        """What swapping each two people would change; NEVER for pairs of one team and for locked people."""
        prices, pairs, team, free = self.prices, self.costs.pairs, self.team, self.costs.free
        moved = prices[:, team]
        own = prices[np.arange(len(team)), team]
        change = moved + moved.T
        change -= own[:, None]
        change -= own[None, :]
        change -= 2 * pairs
        change[team[:, None] == team[None, :]] = NEVER
        change[~free, :] = NEVER
        change[:, ~free] = NEVER
        return change

    def change_of(self, one: int, others: npt.NDArray[np.int64]) -> Numbers:
        """What swapping one person with each of `others`, who share a team, would change."""
        here, there = int(self.team[one]), int(self.team[others[0]])
        gained = self.prices[one, there] - self.prices[one, here]
        return (
            gained
            + self.prices[others, here]
            - self.prices[others, there]
            - 2 * self.costs.pairs[one, others]
        )

    def swap(self, first: int, second: int) -> None:
        """Let two people change places."""
        one, other = int(self.team[first]), int(self.team[second])
        pairs = self.costs.pairs
        before = self.prices[first, one] + self.prices[second, other]
        after = self.prices[first, other] + self.prices[second, one] - 2 * pairs[first, second]
        self.cost += int(after - before)
        moved = pairs[:, second] - pairs[:, first]
        self.prices[:, one] += moved
        self.prices[:, other] -= moved
        self.team[first], self.team[second] = other, one


def improve(
    costs: Costs, team: npt.NDArray[np.int64], bound: int, dice: np.random.Generator, share: float = 1.0
) -> tuple[npt.NDArray[np.int64], int]:
    """The best placement that swaps lead to from `team`, never worse than it, and its cost.

    Each step takes the best swap, even one that makes things worse; who left a team may not come back for a while.
    """
    seating = Seating(costs, team)
    best, least = seating.team.copy(), seating.cost
    steps = max(LEAST_STEPS, min(MOST_STEPS, int(share * EFFORT / costs.count**2)))
    barred = np.zeros((costs.count, costs.teams), dtype=np.int64)
    for step in range(1, steps + 1):
        if least <= bound:
            break
        change = seating.changes()
        returns = barred[:, seating.team] > step
        is_barred = (returns | returns.T) & (change >= least - seating.cost)
        change[is_barred] = NEVER
        place = int(change.argmin())
        if change.flat[place] >= NEVER:
            break
        first, second = divmod(place, costs.count)
        until = step + 4 + int(dice.integers(0, 9))
        barred[first, seating.team[first]] = barred[second, seating.team[second]] = until
        seating.swap(first, second)
        if seating.cost < least:
            best, least = seating.team.copy(), seating.cost
    return best, least


def move_groups(costs: Costs, team: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], int]:
    """Move groups that must stay together to other teams, in exchange for people there, as long as that helps."""
    seating = Seating(costs, team)
    bound = {one for group in costs.groups for one in group}
    singles = costs.free & ~np.isin(np.arange(costs.count), list(bound))
    for group in costs.groups:
        if costs.free[list(group)].all():
            for target in range(costs.teams):
                _try_exchange(seating, group, target, singles)
    return seating.team, seating.cost


def _try_exchange(
    seating: Seating, group: tuple[int, ...], target: int, singles: npt.NDArray[np.bool_]
) -> None:
    """Exchange a group for whoever of a team is cheapest to give; taken back where that is no gain."""
    before, done = seating.cost, list[tuple[int, int]]()
    if (seating.team[list(group)] == target).any():
        return
    for member in group:
        there = np.flatnonzero((seating.team == target) & singles)
        if not len(there):
            break
        partner = int(there[int(seating.change_of(member, there).argmin())])
        seating.swap(member, partner)
        done.append((member, partner))
    if len(done) < len(group) or seating.cost >= before:
        for member, partner in reversed(done):
            seating.swap(member, partner)

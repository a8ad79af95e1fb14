"""Repairs: the smallest changes to a draw when a team withdraws, comes late or is added, each with its
consequences.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from competition.draw.costs import Costs, costs_of
from competition.draw.drawn import stage
from competition.draw.edits import Change, changed
from competition.draw.model import Problem, TablePlan
from competition.draw.solvers import assigned
from competition.draw.world import Ints
from core.roles import ROLES

MOST_REPAIRS = 3
MOST_DISSOLVED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """One way to mend a draw: `fill` seats the newcomers in vacant seats, `move` lets one more team change
    seats so that the draw is better, `dissolve` gives up a table that is no longer needed.
    """

    kind: str
    change: Change
    cost: float


def repairs(problem: Problem, tables: Sequence[TablePlan]) -> tuple[Repair, ...]:
    """Up to three repairs, the one that moves fewest teams first.

    The problem has the teams as they are now: those at the tables and no longer in it have withdrawn, those
    in it and at no table are to be seated. Nobody else moves unless the repair's kind says so, except that
    a table opened for a newcomer takes teams from full ones until it has three. Locked tables stay as they
    are.
    """
    locked = [dict(table.seats) for table in problem.locked]
    aside = [(table.table, table.seats) for table in tables if dict(table.seats) in locked]
    free = [table for table in tables if dict(table.seats) not in locked]
    found: dict[object, Repair] = {}
    for kind, numbers, seats, costs in _candidates(problem, free, [number for number, _ in aside]):
        rows = [
            (n, row)
            for n, row in zip(numbers, map(costs.world.seats, seats), strict=True)
            if any(row.values())
        ]
        change = changed(problem, tables, sorted(rows + aside, key=lambda place: place[0]))
        key = tuple(tuple(table.seats[role] for role in ROLES) for table in change.tables)
        found.setdefault(key, Repair(kind=kind, change=change, cost=float(costs.of(seats).sum())))
    ranked = sorted(
        found.values(), key=lambda each: (len(each.change.moved), len(each.change.new_roles), each.cost)
    )
    return tuple(ranked[:MOST_REPAIRS])


def _candidates(
    problem: Problem, tables: Sequence[TablePlan], taken: Sequence[int]
) -> Iterator[tuple[str, list[int], Ints, Costs]]:
    """Kind, table numbers and seats of every repair worth showing."""
    numbers = [table.table for table in tables]
    room = len(tables)
    while not _has_room(problem, room):
        room += 1
        numbers.append(max([*numbers, *taken], default=0) + 1)
    if not room:
        return
    costs = _costs(problem, room)
    by_role = problem.role_policy == "fixed"
    base = _settled(_rows(costs, tables, room), costs)
    if not by_role:
        base = _evened(base, costs)
    yield "fill", numbers, base, costs
    better = sorted(
        ((gain, i, seats) for i, (gain, seats) in enumerate(_moves(base, costs, by_role)) if gain < 0),
        key=lambda option: option[:2],
    )
    for _, _, seats in better[: MOST_REPAIRS - 1]:
        yield "move", numbers, seats, costs
    if room > 1 and not by_role and _has_room(problem, room - 1):
        smaller = _costs(problem, room - 1)
        short = np.argsort(-costs.world.is_vacant[base].sum(axis=1), kind="stable")
        for k in short[:MOST_DISSOLVED]:
            kept = [table for i, table in enumerate(tables) if i != k]
            rest = [number for i, number in enumerate(numbers) if i != k]
            yield "dissolve", rest, _settled(_rows(smaller, kept, room - 1), smaller), smaller


def _has_room(problem: Problem, tables: int) -> bool:
    """Whether the teams that are not locked find seats at so many tables."""
    locked = {name for table in problem.locked for name in table.seats.values()}
    free = [team for team in problem.teams if team.id not in locked]
    if problem.role_policy == "rotating":
        return 4 * tables >= len(free)
    return all(sum(team.role is role for team in free) <= tables for role in ROLES)


def _costs(problem: Problem, tables: int) -> Costs:
    world, weights = stage(problem, np.random.default_rng([problem.seed, problem.round]), tables)
    return costs_of(world, weights)


def _rows(costs: Costs, tables: Sequence[TablePlan], room: int) -> Ints:
    """The seats of the teams that are still there; -1 where nobody sits."""
    row = {team.id: i for i, team in enumerate(costs.world.teams) if team is not None}
    seats = np.full((room, 4), -1, dtype=np.int64)
    for k, table in enumerate(tables):
        seats[k] = [row.get(table.seats[role] or "", -1) for role in ROLES]
    return seats


def _settled(seats: Ints, costs: Costs) -> Ints:
    """Everybody who has no seat in the empty ones, vacant seats in those left, at the least cost of each
    alone.
    """
    empty = np.argwhere(seats < 0)
    waiting = np.setdiff1d(np.arange(len(costs.world.teams)), seats)
    seats = seats.copy()
    for group in (waiting[~costs.world.is_vacant[waiting]], waiting[costs.world.is_vacant[waiting]]):
        left = [tuple(place) for place in empty if seats[tuple(place)] < 0]
        if not len(group):
            continue
        cost = np.array([[_alone(seats[k], r, i, costs) for k, r in left] for i in group])
        for i, j in zip(group, assigned(cost), strict=True):
            seats[left[j]] = i
    return seats


def _alone(table: Ints, role: int, row: int, costs: Costs) -> float:
    """The cost of one more at a table, with those who sit there; company costs less than an empty table."""
    present = table[table >= 0]
    w = costs.world
    cost = float(costs.role[row, role] + costs.pair[row, present].sum())
    if len(present) and not w.is_vacant[row]:
        high = np.array(max(w.high[row], w.high[present].max()))
        low = np.array(min(w.low[row], w.low[present].min()))
        cost += float(costs.range_cost(high, low))
    return cost


def _moves(base: Ints, costs: Costs, by_role: bool) -> Iterator[tuple[float, Ints]]:
    """Every way to move one team to a vacant seat at another table, with what it adds to the cost."""
    for k, r in np.argwhere(costs.world.is_vacant[base]):
        for a in range(len(base)):
            for b in [r] if by_role else range(4):
                if a != k and not costs.world.is_vacant[base[a, b]]:
                    seats = base.copy()
                    seats[k, r], seats[a, b] = seats[a, b], seats[k, r]
                    yield float(costs.of(seats[[k, a]]).sum() - costs.of(base[[k, a]]).sum()), seats


def _evened(base: Ints, costs: Costs) -> Ints:
    """The cheapest moves from full tables until no table has two vacant seats (or no table is full)."""
    while True:
        vacant = costs.world.is_vacant[base].sum(axis=1)
        short, full = np.flatnonzero(vacant > 1), np.flatnonzero(vacant == 0)
        if not len(short) or not len(full):
            return base
        part = np.concatenate([short[:1], full])
        options = [
            (gain, i, seats)
            for i, (gain, seats) in enumerate(_moves(base[part], costs, False))
            if costs.world.is_vacant[seats[0]].sum() < vacant[short[0]]
        ]
        base = base.copy()
        base[part] = min(options, key=lambda option: option[:2])[2]

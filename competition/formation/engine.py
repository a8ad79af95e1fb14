"""Forming teams: check, deal people out, improve by swaps, report. The same problem always gives the same teams."""

import numpy as np
import numpy.typing as npt

from competition.formation.costs import Costs, costs_of
from competition.formation.faults import find_faults
from competition.formation.measures import SOFT, least_squares, report
from competition.formation.model import CannotForm, Fault, Formation, Placement, Problem
from competition.formation.search import Seating, improve, move_groups

STARTS = 2


def form_teams(problem: Problem) -> Formation:
    """Teams of equal sizes (differing by at most one) that are as balanced as can be found.

    Raises CannotForm with the reasons where hard wishes and locks do not go together.
    """
    if faults := find_faults(problem):
        raise CannotForm(faults)
    costs = costs_of(problem)
    team = _best(problem, costs)
    placement = {person.id: int(team[place]) for place, person in enumerate(problem.people)}
    found = report(problem, placement)
    if found.broken_hard or not found.has_fair_sizes:
        people = dict.fromkeys(one for wish in found.broken_hard for one in (wish.first, wish.second))
        raise CannotForm([Fault(code="no_arrangement", people=tuple(people))])
    return Formation(placement=placement, report=found)


def _best(problem: Problem, costs: Costs) -> npt.NDArray[np.int64]:
    """The best of several searches, the first of them from the placement that is there."""
    bound = _bound(problem, costs)
    dice = np.random.default_rng(problem.seed)
    kept = _padded(problem, costs)
    starts = [kept] if kept is not None else []
    while len(starts) < STARTS:
        starts.append(_dealt(problem, costs, dice))
    best, least = starts[0], Seating(costs, starts[0]).cost
    for start in starts:
        if least <= bound:
            break
        team, cost = improve(costs, start, bound, dice, 0.75 / STARTS)
        if costs.groups and cost > bound:
            team, cost = move_groups(costs, team)
            team, cost = improve(costs, team, bound, dice, 0.25 / STARTS)
        if cost < least:
            best, least = team, cost
    return best


def _bound(problem: Problem, costs: Costs) -> int:
    """The least that the pair costs can come to: perfect spreads, every wish kept."""
    total = 0
    for name, weight in problem.attributes.items():
        words = [word for person in problem.people if (word := person.values.get(name, ""))]
        least = sum(least_squares(words.count(word), problem.teams) for word in set(words))
        total += weight * (least - len(words))
    known = {person.id for person in problem.people}
    for wish in problem.wishes:
        if wish.kind == "together" and wish.first in known and wish.second in known:
            total -= costs.hard if wish.is_hard else SOFT * wish.weight
    return total


def _padded(problem: Problem, costs: Costs) -> npt.NDArray[np.int64] | None:
    """The placement that is there with its phantoms; None where it is incomplete, unfair or ignores a lock."""
    start: Placement = problem.start
    if any(not 0 <= start.get(person.id, -1) < problem.teams for person in problem.people):
        return None
    team = [start[person.id] for person in problem.people]
    room = [costs.size - team.count(number) for number in range(costs.teams)]
    is_locked = all(start.get(one) == place for one, place in problem.locked.items() if one in start)
    if min(room) < 0 or max(room) > 1 or not is_locked:
        return None
    return np.array(team + [number for number in range(costs.teams) if room[number]], dtype=np.int64)


def _dealt(problem: Problem, costs: Costs, dice: np.random.Generator) -> npt.NDArray[np.int64]:
    """Locked people first, then groups, the largest first, then everybody else where they cost least."""
    team = np.full(costs.count, -1, dtype=np.int64)
    room = np.full(costs.teams, costs.size, dtype=np.int64)
    prices = np.zeros((costs.count, costs.teams), dtype=np.int64)

    def put(one: int, number: int) -> None:
        team[one] = number
        room[number] -= 1
        prices[:, number] += costs.pairs[:, one]

    for place, person in enumerate(problem.people):
        if person.id in problem.locked:
            put(place, problem.locked[person.id])
    for group in _units(costs, dice):
        rest = [one for one in group if team[one] < 0]
        held = [int(team[one]) for one in group if team[one] >= 0]
        number = held[0] if held else _roomiest(prices[rest].sum(axis=0), room, len(rest), costs.hard)
        for one in rest:
            put(one, number if room[number] > 0 else _roomiest(prices[one], room, 1, costs.hard))
    return team


def _units(costs: Costs, dice: np.random.Generator) -> list[tuple[int, ...]]:
    """Groups in falling size, single people in random order, then the phantoms."""
    bound = {one for group in costs.groups for one in group}
    singles = [(int(one),) for one in dice.permutation(costs.people) if int(one) not in bound]
    groups = [costs.groups[int(place)] for place in dice.permutation(len(costs.groups))]
    groups.sort(key=len, reverse=True)
    return [*groups, *singles, *((one,) for one in range(costs.people, costs.count))]


def _roomiest(price: npt.NDArray[np.int64], room: npt.NDArray[np.int64], needed: int, hard: int) -> int:
    """The team with room that breaks nothing hard, has most room, and costs least; any with room failing that."""
    order = sorted(
        np.flatnonzero(room >= min(needed, int(room.max()))).tolist(),
        key=lambda number: (max(0, int(price[number])) // hard, -int(room[number]), int(price[number])),
    )
    return int(order[0])

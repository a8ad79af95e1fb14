"""A problem as numbers: what every two people cost when they share a team. Everything is a sum over such pairs.

The sum of squared counts of an attribute is the number of people plus twice the pairs of one value that share a team;
a wish apart costs its pair, a wish together gains it. People are padded with phantoms, at most one of them in a team,
so that all teams are equally large and every change of a placement is a swap.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from competition.formation.faults import groups_of, hard, largest_size
from competition.formation.measures import SOFT
from competition.formation.model import Problem

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """`pairs[i, j]` is the cost of i and j in one team; those behind `people` are phantoms.

    `hard` outweighs everything soft taken together; `free` marks who may be moved; `groups` must stay together.
    """

    people: int
    teams: int
    size: int
    pairs: Numbers
    hard: int
    free: npt.NDArray[np.bool_]
    groups: tuple[tuple[int, ...], ...]

    @property
    def count(self) -> int:
        return self.people + self.phantoms

    @property
    def phantoms(self) -> int:
        return self.teams * self.size - self.people


def costs_of(problem: Problem) -> Costs:
    """The pair costs of a problem."""
    people, size = len(problem.people), largest_size(problem)
    index = {person.id: place for place, person in enumerate(problem.people)}
    pairs = np.zeros((problem.teams * size, problem.teams * size), dtype=np.int64)
    for name, weight in problem.attributes.items():
        pairs[:people, :people] += 2 * weight * _same(problem, name)
    _add_soft(problem, index, pairs)
    top = int(np.abs(pairs).sum()) + 1
    for wish in hard(problem, "together"):
        _add(pairs, index[wish.first], index[wish.second], -top)
    for wish in hard(problem, "apart"):
        _add(pairs, index[wish.first], index[wish.second], top)
    pairs[people:, people:] += top
    np.fill_diagonal(pairs, 0)
    free = np.array([person.id not in problem.locked for person in problem.people], dtype=np.bool_)
    groups = {tuple(index[one] for one in group) for group in groups_of(problem).values() if len(group) > 1}
    return Costs(
        people=people,
        teams=problem.teams,
        size=size,
        pairs=pairs,
        hard=top,
        free=np.concatenate([free, np.ones(len(pairs) - people, dtype=np.bool_)]),
        groups=tuple(sorted(groups)),
    )


def _same(problem: Problem, name: str) -> Numbers:
    """1 for each pair with the same known value."""
    words = [person.values.get(name, "") for person in problem.people]
    numbers = {word: number for number, word in enumerate(dict.fromkeys(word for word in words if word))}
    codes = np.array([numbers.get(word, -1 - place) for place, word in enumerate(words)])
    return (codes[:, None] == codes[None, :]).astype(np.int64)


def _add_soft(problem: Problem, index: dict[str, int], pairs: Numbers) -> None:
    for wish in problem.wishes:
        if not wish.is_hard and wish.first in index and wish.second in index:
            sign = 1 if wish.kind == "apart" else -1
            _add(pairs, index[wish.first], index[wish.second], sign * SOFT * wish.weight)


def _add(pairs: Numbers, first: int, second: int, cost: int) -> None:
    pairs[first, second] += cost
    pairs[second, first] += cost

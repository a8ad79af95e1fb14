"""A problem as arrays: one row per team that may still be moved, and one per vacant seat, so that both are
alike.

A vacant seat has no institution, no history and no points (its highest is minus infinity, its lowest
infinity), so that every table has four members and the arithmetic needs no special case.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from competition.draw.faults import MOST_ROUNDS
from competition.draw.model import Problem, Seats, TeamState
from core.roles import ROLES

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The free teams and vacant seats of a problem, n rows in all (n = 4 x tables).

    `high` and `low` are the points; `counts` the roles played (n x 4); `met` the meetings (n x n); `kin`
    whether two share an institution; `own` the only role a row may take (-1: any); `vacancies` and
    `pull_ups` as in the teams.
    """

    teams: tuple[TeamState | None, ...]
    high: Floats
    low: Floats
    counts: Ints
    met: NDArray[np.uint8]
    kin: NDArray[np.bool_]
    own: Ints
    vacancies: Ints
    pull_ups: Ints
    round: int
    rounds: int | None

    @property
    def is_vacant(self) -> NDArray[np.bool_]:
        """Which rows are vacant seats."""
        return np.isinf(self.low)

    def seats(self, table: Ints) -> Seats:
        """One table of four rows (a column per role) as seats."""
        return {
            role: None if (team := self.teams[row]) is None else team.id
            for role, row in zip(ROLES, table, strict=True)
        }


def world_of(
    problem: Problem,
    *,
    points: Callable[[TeamState], Fraction | int] | None = None,
    tables: int | None = None,
) -> World:
    """The free part of a problem; `points` may replace what the teams are compared by, and `tables` ask for
    more tables than are needed (vacant seats fill them).
    """
    seated = {team for table in problem.locked for team in table.seats.values() if team is not None}
    free = [team for team in problem.teams if team.id not in seated]
    own = _vacant_roles(problem, free, tables)
    teams: list[TeamState | None] = [*free, *(None for _ in own)]
    value = np.array([float(points(team) if points else team.points) for team in free])
    counts = np.array(
        [[team.roles.get(role, 0) for role in ROLES] for team in free] + _left_empty(problem, len(own)),
        dtype=np.int64,
    )
    fixed = problem.role_policy == "fixed"
    return World(
        teams=tuple(teams),
        high=np.concatenate([value, np.full(len(own), -np.inf)]),
        low=np.concatenate([value, np.full(len(own), np.inf)]),
        counts=counts.reshape(-1, 4),
        met=_met(free, len(teams)),
        kin=_kin(free, len(teams)),
        own=np.array(
            [ROLES.index(team.role) if fixed and team.role else -1 for team in free] + own, dtype=np.int64
        ),
        vacancies=np.array([team.vacancies if team else 0 for team in teams], dtype=np.int64),
        pull_ups=np.array([team.pull_ups if team else 0 for team in teams], dtype=np.int64),
        round=problem.round,
        rounds=problem.rounds,
    )


def _vacant_roles(problem: Problem, free: list[TeamState], tables: int | None) -> list[int]:
    """The role of each vacant seat (-1: any role), as many as fill up the tables."""
    if problem.role_policy == "rotating":
        seats = 4 * tables if tables is not None else len(free) + -len(free) % 4
        return [-1] * (seats - len(free))
    sizes = [sum(team.role is role for team in free) for role in ROLES]
    size = max(tables or 0, *sizes)
    return [i for i, count in enumerate(sizes) for _ in range(size - count)]


def _left_empty(problem: Problem, vacant: int) -> list[list[int]]:
    """The role counts of the vacant seats, as if each were a team that has yet to play one role: the role to leave
    empty.

    All teams can play all roles equally often only if the vacant seats go round the roles too. So each goes where
    most teams have been, the seats before it counted as one team less to come; equals in turn, beginning by the seed.
    """
    turn = problem.seed % len(ROLES)
    played = {
        role: sum(team.roles.get(role, 0) for team in problem.teams) for role in ROLES[turn:] + ROLES[:turn]
    }
    found = []
    for _ in range(vacant):
        empty = max(played, key=played.__getitem__)
        played[empty] -= 1
        found.append([int(role is not empty) for role in ROLES])
    return found


def _met(free: list[TeamState], n: int) -> NDArray[np.uint8]:
    row = {team.id: i for i, team in enumerate(free)}
    met = np.zeros((n, n), dtype=np.uint8)
    for i, team in enumerate(free):
        for other, times in team.met.items():
            j = row.get(other)
            if j is not None:
                met[i, j] = max(met[i, j], min(times, MOST_ROUNDS))
                met[j, i] = met[i, j]
    return met


def _kin(free: list[TeamState], n: int) -> NDArray[np.bool_]:
    """Pairs of one institution; teams without one (and vacant seats) get a number of their own."""
    number: dict[str, int] = {}
    of = np.array([-1 - i for i in range(n)])
    for i, team in enumerate(free):
        if team.institution is not None:
            of[i] = number.setdefault(team.institution, len(number))
    kin: NDArray[np.bool_] = of[:, None] == of
    np.fill_diagonal(kin, False)
    return kin

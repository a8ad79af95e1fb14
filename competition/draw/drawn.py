"""Draws of one round by search: where each method starts, and what its weights are."""

from fractions import Fraction

import numpy as np

from competition.draw.costs import Weights, costs_of
from competition.draw.model import BadProblem, Problem, Seats, TeamState
from competition.draw.search import improve
from competition.draw.world import Ints, World, world_of
from core.roles import ROLES

RANDOM = Weights()
PRESETS = {
    "balanced": Weights(role=100.0, square=10.0),
    "fair": Weights(spread=5.0),
    "strict": Weights(role=100.0, spread=1e4),
}
ROLE_RANK = Weights(square=10.0)


def drawn(problem: Problem) -> tuple[Seats, ...]:
    """The seats of the tables that are not locked, the highest points first (or in the order of a lot)."""
    rng = np.random.default_rng([problem.seed, problem.round])
    world, weights = _stage(problem, rng)
    if not world.teams:
        return ()
    fixed = problem.role_policy == "fixed"
    start = _columns(world, rng) if fixed else _fours(world, rng)
    tables = len(start)
    effort = problem.options.effort
    seats = improve(
        start,
        costs_of(world, weights),
        rng,
        sweeps=40 * effort,
        kicks=effort * max(10, 3000 // (tables + 10)),
        lift_by_role=fixed,
    )
    return tuple(world.seats(table) for table in seats)


def _stage(problem: Problem, rng: np.random.Generator) -> tuple[World, Weights]:
    """What the teams are compared by, and the weights."""
    if problem.method == "random":
        return world_of(problem, points=lambda team: 0), RANDOM
    if problem.role_policy == "rotating":
        return world_of(problem), PRESETS[problem.preset]
    if problem.options.pair_by != "role_rank":
        raise BadProblem("fixed roles cannot be power-paired by points: set options.pair_by to role_rank")
    ranks = _role_ranks(problem.teams, rng)
    return world_of(problem, points=lambda team: ranks[team.id]), ROLE_RANK


def _role_ranks(teams: tuple[TeamState, ...], rng: np.random.Generator) -> dict[str, int]:
    """Each team's place inside its role, counted downwards from 0 so that more is better; equals by lot."""
    lots = rng.permutation(len(teams))
    order = sorted(zip(teams, lots, strict=True), key=lambda pair: (-Fraction(pair[0].points), pair[1]))
    ranks: dict[str, int] = {}
    for role in ROLES:
        ranks |= {
            team.id: -place for place, team in enumerate(team for team, _ in order if team.role is role)
        }
    return ranks


def _fours(world: World, rng: np.random.Generator) -> Ints:
    """The teams sorted by points (equals by lot) in fours; the last tables have a vacant seat each where
    needed.
    """
    vacant = np.flatnonzero(world.is_vacant)
    order = np.lexsort((rng.random(len(world.high)), -world.high))
    teams = [int(i) for i in order if not world.is_vacant[i]]
    tables = len(order) // 4
    rows: list[list[int]] = [[] for _ in range(tables)]
    for i, seat in enumerate(vacant):
        rows[tables - 1 - i % tables].append(int(seat))
    queue = iter(teams)
    for row in rows:
        row += [next(queue) for _ in range(4 - len(row))]
    return np.array(rows, dtype=np.int64)


def _columns(world: World, rng: np.random.Generator) -> Ints:
    """A column per role, each sorted by what the teams are compared by; vacant seats last."""
    order = np.lexsort((rng.random(len(world.high)), -world.high))
    return np.stack([order[world.own[order] == role] for role in range(4)], axis=1)

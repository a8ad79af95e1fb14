"""Draws of one round by search: where each method starts, and what its weights are."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from competition.draw.bounds import table_count
from competition.draw.costs import Weights, costs_of
from competition.draw.exact import MOST_SEATS, cheapest
from competition.draw.model import BadProblem, Preset, Problem, Seats, TeamState
from competition.draw.presets import RANDOM, ROLE_RANK, weights_of
from competition.draw.search import improve
from competition.draw.starts import first_seating
from competition.draw.world import Ints, World, world_of
from core.roles import ROLES

PLAIN = (170_000, 20)
STEPS: Mapping[Preset, tuple[int, int]] = {
    "balanced": (160_000, 12),
    "fair": (160_000, 4),
    "strict": (340_000, 20),
}
"""Steps of the search, shared by the tables of a draw: so many over (tables + so many). Small draws get more each,
large ones fewer. Where roles or the least spread are sacred few exchanges are allowed and good ones are hard to come
by: `fair` gets more in small fields and `strict` everywhere. Draws that are then solved exactly need no more than a
good start: a quarter of the plain number."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """The seats of the tables that are not locked, and whether nothing cheaper exists."""

    seats: tuple[Seats, ...]
    is_proved: bool


def drawn(problem: Problem) -> Drawn:
    """The draw of the free teams by the problem's method and preset."""
    rng = np.random.default_rng([problem.seed, problem.round])
    world, weights = stage(problem, rng)
    if not world.teams:
        return Drawn((), True)
    costs = costs_of(world, weights)
    start = first_seating(costs, rng)
    is_strict = problem.method == "power_paired" and problem.preset == "strict"
    by_role = problem.role_policy == "fixed"
    found = improve(start, costs, rng, steps=_steps(problem, start), lift_by_role=by_role)
    seats, is_proved = cheapest(found, costs, is_strict=is_strict)
    return Drawn(tuple(world.seats(table) for table in seats), is_proved)


def _steps(problem: Problem, start: Ints) -> int:
    is_small = start.size <= MOST_SEATS
    is_plain = is_small or problem.method == "random" or problem.role_policy == "fixed"
    shared, more = PLAIN if is_plain else STEPS[problem.preset]
    return problem.options.effort * shared // (len(start) + more) // (4 if is_small else 1)


def stage(problem: Problem, rng: np.random.Generator, tables: int | None = None) -> tuple[World, Weights]:
    """What the teams are compared by, and the weights; `tables` may ask for more tables than are needed."""
    if problem.method == "random":
        return world_of(problem, points=lambda team: 0, tables=tables), RANDOM
    if problem.role_policy == "rotating":
        weights = weights_of(problem.preset, table_count(problem), problem.round)
        return world_of(problem, tables=tables), weights
    if problem.options.pair_by != "role_rank":
        raise BadProblem("fixed roles cannot be power-paired by points: set options.pair_by to role_rank")
    ranks = _role_ranks(problem.teams, rng)
    return world_of(problem, points=lambda team: ranks[team.id], tables=tables), ROLE_RANK


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

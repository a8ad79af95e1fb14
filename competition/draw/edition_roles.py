"""Roles for a fixed edition: who is given which role for the whole event, at the least regret and provably
so.

Role brackets are equal (they differ by at most one team), an institution's teams are spread over the roles,
wishes are respected as far as that allows, and equals are decided by lot.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from competition.draw.model import BadProblem
from competition.draw.solvers import Program, least
from core.roles import ROLES, Role

CROWDED = 1000.0
"""The regret of one team too many of an institution in a role: more than any wishes could outweigh."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A team that needs a role; `wishes` ranks roles, the dearest first, and may name all, some or none."""

    id: str
    institution: str | None = None
    wishes: tuple[Role, ...] = ()

    def regret(self, role: Role) -> int:
        """How many of its wishes rank above the role; a team without wishes regrets nothing."""
        return self.wishes.index(role) if role in self.wishes else len(self.wishes)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleAssignment:
    """The roles, each team's regret, and the proof: no assignment under the same rules has less regret in
    all.

    `lots` are the lots drawn per team and role from the seed; among the assignments of least regret the one
    with the least sum of lots was taken, so that anyone with the wishes and the seed can replay it.
    """

    roles: Mapping[str, Role]
    regrets: Mapping[str, int]
    total_regret: int
    least_regret: int
    seed: int
    lots: Mapping[str, tuple[float, ...]] = field(repr=False)

    @property
    def is_proved(self) -> bool:
        """Whether the total equals the lower bound."""
        return self.total_regret == self.least_regret


def assign_roles(
    teams: Sequence[Wish], *, seed: int, kept: Mapping[str, Role] | None = None
) -> RoleAssignment:
    """Gives every team a role; teams in `kept` keep theirs.

    A flow from teams over (institution, role) to roles, whose bounds are whole numbers, has a whole optimum
    (Ahuja, Magnanti and Orlin, Network Flows, theorem 9.10). It is solved twice: for the least regret,
    then, at that regret, for the least sum of lots. Raises `BadProblem` for duplicate ids or where the kept
    roles are unknown.
    """
    kept = kept or {}
    _check(teams, kept)
    lots = np.random.default_rng(seed).random((len(teams), 4))
    program = _program(teams, kept)
    regret = np.array([[team.regret(role) for role in ROLES] for team in teams], dtype=np.float64).ravel()
    slack = np.full(program.width - len(regret), CROWDED)
    first, bound = least(program, np.concatenate([regret, slack]))
    program.limit(np.concatenate([regret, slack]), float(first @ np.concatenate([regret, slack])))
    second, _ = least(program, np.concatenate([lots.ravel(), np.zeros(len(slack))]))
    chosen = second[: len(regret)].reshape(-1, 4).argmax(axis=1)
    roles = {team.id: ROLES[i] for team, i in zip(teams, chosen, strict=True)}
    crowded = round(float(second[len(regret) :].sum()))
    return RoleAssignment(
        roles=roles,
        regrets={team.id: team.regret(roles[team.id]) for team in teams},
        total_regret=sum(team.regret(roles[team.id]) for team in teams),
        least_regret=int(np.ceil(bound - CROWDED * crowded - 1e-6)),
        seed=seed,
        lots={team.id: tuple(float(x) for x in row) for team, row in zip(teams, lots, strict=True)},
    )


def _check(teams: Sequence[Wish], kept: Mapping[str, Role]) -> None:
    twice = [name for name, times in Counter(team.id for team in teams).items() if times > 1]
    if twice:
        raise BadProblem(f"two teams have the id {twice[0]!r}")
    strange = sorted(set(kept) - {team.id for team in teams})
    if strange:
        raise BadProblem(f"a role is kept for an unknown team {strange[0]!r}")


def _program(teams: Sequence[Wish], kept: Mapping[str, Role]) -> Program:
    """One variable per team and role, then one per (institution, role) for the teams beyond its even
    share.
    """
    several = [name for name, n in Counter(t.institution for t in teams if t.institution).items() if n > 1]
    program = Program(width=4 * len(teams) + 4 * len(several), integral=4 * len(teams))
    even, more = divmod(len(teams), 4)
    taken = Counter(kept.values())
    high = max(even + (more > 0), *taken.values(), 0)
    low = even if max(taken.values(), default=0) <= even + (more > 0) else 0
    for i, team in enumerate(teams):
        program.row(range(4 * i, 4 * i + 4), 1, 1)
        if team.id in kept:
            program.row([4 * i + ROLES.index(kept[team.id])], 1, 1)
    for r in range(4):
        program.row(range(r, 4 * len(teams), 4), low, high)
    for j, name in enumerate(several):
        members = [i for i, team in enumerate(teams) if team.institution == name]
        share = -(-len(members) // 4)
        for r in range(4):
            program.row([4 * i + r for i in members], 0, share, relief=4 * len(teams) + 4 * j + r)
    return program

"""The elimination rounds: seeding the break into tables, and making the next round from the last.

Rotating editions advance the top two of every table; fixed editions the best q of each role over all
tables. Tables are numbered by their best seed, so that table i meets table m + 1 - i in the next round and
the bracket needs no drawing of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import permutations
from typing import Literal

import numpy as np

from competition.draw.model import BadProblem, Number, Seats
from competition.draw.solvers import assigned
from core.roles import ROLES, Role

RoleRule = Literal["lot", "choice", "balance"]
KIN = 1000.0
"""Worse than any displacement inside a tier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaking:
    """A team that broke: its seed (1 is best; within its role in a fixed edition) and what its seat depends
    on.
    """

    id: str
    seed: int
    institution: str | None = None
    role: Role | None = None
    roles: Mapping[Role, int] = field(default_factory=dict)
    choice: tuple[Role, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EliminationRound:
    """The tables of a round, the first holding the best seed, and the teams that wait for the next round."""

    tables: tuple[Seats, ...]
    byes: tuple[str, ...] = ()


def seed_bracket(teams: Sequence[Breaking], *, seed: int, roles: RoleRule = "lot") -> EliminationRound:
    """The first elimination round.

    Rotating: 4 x 2^k teams fill 2^k tables, seeds folded (with m tables, table i holds i, 2m+1-i, 2m+i,
    4m+1-i); of 6 x 2^k the top third waits. Fixed: as many teams of every role, one of each at every table.
    Raises `BadProblem` for any other number.
    """
    rng = np.random.default_rng(seed)
    ranked = sorted(teams, key=lambda team: team.seed)
    if any(team.role is not None for team in teams):
        return EliminationRound(tables=_fixed_tables(ranked))
    byes = _byes(len(ranked))
    playing = ranked[byes:]
    m = len(playing) // 4
    tiers = [playing[i * m : (i + 1) * m] for i in range(4)]
    groups = _folded(tiers)
    return EliminationRound(
        tables=tuple(_seated(group, roles, rng) for group in groups),
        byes=tuple(team.id for team in ranked[:byes]),
    )


def next_round(
    last: EliminationRound,
    results: Mapping[str, Number],
    teams: Sequence[Breaking],
    *,
    seed: int,
    roles: RoleRule = "lot",
    best_of_role: int | None = None,
) -> EliminationRound:
    """The round after `last`; more in `results` is better, equals go by seed.

    Rotating: the top two of each table meet those of table m + 1 - i, or the teams that waited. Fixed: the
    best `best_of_role` of each role over all tables, seeded by their results.
    """
    rng = np.random.default_rng(seed)
    known = {team.id: team for team in teams}
    order = {team.id: (-results.get(team.id, 0), team.seed) for team in teams}
    if best_of_role is not None:
        return EliminationRound(tables=_fixed_tables(_best(last, order, known, best_of_role)))
    winners = [
        [known[name] for name in sorted(_present(table), key=order.__getitem__)[:2]] for table in last.tables
    ]
    m = len(winners)
    if last.byes:
        waiting = [known[name] for name in last.byes]
        groups = [[waiting[i], waiting[2 * m - 1 - i], *winners[m - 1 - i]] for i in range(m)]
    elif m % 2 == 0:
        groups = [winners[i] + winners[m - 1 - i] for i in range(m // 2)]
    else:
        raise BadProblem("the final has been held: there is no round after it")
    return EliminationRound(tables=tuple(_seated(group, roles, rng) for group in groups))


def _byes(count: int) -> int:
    """How many of the best wait: none of 4 x 2^k, a third of 6 x 2^k."""
    for per_power, part in ((4, 0), (6, 3)):
        tables, rest = divmod(count, per_power)
        if rest == 0 and tables & (tables - 1) == 0 and tables:
            return count // part if part else 0
    raise BadProblem(
        f"{count} teams cannot break: an elimination needs 4, 6, 8, 12, 16, 24, 32, 48 ... teams"
    )


def _folded(tiers: Sequence[Sequence[Breaking]]) -> list[list[Breaking]]:
    """One team of every tier per table, every second tier turned round, institutions apart where possible.

    The first tier stays; each other tier is assigned at the least displacement from its folded place, a
    meeting of one institution costing more than any displacement.
    """
    m = len(tiers[0])
    groups = [[team] for team in tiers[0]]
    for number, tier in enumerate(tiers[1:], 1):
        home = list(range(m))[:: -1 if number % 2 else 1]
        cost = np.array(
            [
                [abs(home[i] - k) ** 2 / m**2 + KIN * _kin(team, groups[k]) for k in range(m)]
                for i, team in enumerate(tier)
            ]
        )
        for team, k in zip(tier, assigned(cost), strict=True):
            groups[k].append(team)
    return groups


def _kin(team: Breaking, group: Iterable[Breaking]) -> int:
    return sum(team.institution is not None and team.institution == other.institution for other in group)


def _fixed_tables(ranked: Sequence[Breaking]) -> tuple[Seats, ...]:
    tiers = [[team for team in ranked if team.role is role] for role in ROLES]
    if len({len(tier) for tier in tiers}) != 1 or not tiers[0]:
        raise BadProblem("a fixed elimination round needs equally many teams of every role")
    return tuple({role: team.id for role, team in zip(ROLES, group, strict=True)} for group in _folded(tiers))


def _best(
    last: EliminationRound, order: Mapping[str, tuple[Number, int]], known: Mapping[str, Breaking], count: int
) -> list[Breaking]:
    """The best of each role over all tables, the best first."""
    if not 1 <= count <= len(last.tables):
        raise BadProblem(f"{count} of each role cannot advance from {len(last.tables)} tables")
    present = sorted((name for table in last.tables for name in _present(table)), key=order.__getitem__)
    return [known[n] for role in ROLES for n in [n for n in present if known[n].role is role][:count]]


def _present(table: Seats) -> list[str]:
    return [name for name in table.values() if name is not None]


def _seated(group: Sequence[Breaking], rule: RoleRule, rng: np.random.Generator) -> Seats:
    """Four teams in their roles: by lot; by choice, the best seed first; or by the roles they have played
    least.
    """
    lots = [list(order) for order in rng.permutation(list(permutations(ROLES)))]
    if rule == "balance":
        lots.sort(
            key=lambda order: sum(team.roles.get(Role(r), 0) for team, r in zip(group, order, strict=True))
        )
    given = [Role(role) for role in lots[0]]
    if rule == "choice":
        given = _chosen(group, given)
    seats = {role: team.id for team, role in zip(group, given, strict=True)}
    return {role: seats[role] for role in ROLES}


def _chosen(group: Sequence[Breaking], lots: Sequence[Role]) -> list[Role]:
    """The best seed takes the first free role of its choice; who chose nothing free gets what the lot
    left.
    """
    free = list(lots)
    taken: dict[str, Role] = {}
    for team in sorted(group, key=lambda team: team.seed):
        wish = next((role for role in team.choice if role in free), None)
        if wish is not None:
            free.remove(wish)
            taken[team.id] = wish
    return [taken[team.id] if team.id in taken else free.pop(0) for team in group]

"""Schedules: all preliminary rounds ahead, by turning four groups of teams against each other (see `shifts`).

In a rotating edition the groups are four parts of the field, and group g plays role (g + t) mod 4 in round
t; in a fixed edition the groups are the four role brackets. Where N is not a multiple of four, or the
brackets are uneven, vacant seats are members like any other. Where a rotating edition has more rounds than
its groups can turn without repeats, or vacant seats that its groups cannot turn fairly, rounds drawn one after the
other may be better, and are taken then if no more roles are broken.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from competition.draw.ahead import (
    Rounds,
    broken_roles,
    drawn_ahead,
    early_vacancies,
    kin_meetings,
    repeated_pairs,
)
from competition.draw.exact import MOST_SEATS
from competition.draw.model import Problem, Seats, TeamState
from competition.draw.shifts import Shifts, addition, negatives, shifts
from competition.draw.solvers import assigned
from core.roles import ROLES

Member = TeamState | None
Groups = list[list[Member]]
TRIES_FOR_VACANCIES = 200
TRIES_TO_PACK = 4000
"""Orders in which institutions are packed, shared by the teams: small fields get more, none fewer than twenty."""
TRIES_TO_PART = 240
"""Starts from which institutions are parted, shared by the tables: small fields get more, all get one."""
TRIES_AHEAD = 4
"""How often rounds are drawn one after the other, until nothing is wrong with them; once where each is solved exactly,
which takes longest and is least likely to find anything."""
VACANCIES_MEET = 1000.0


def scheduled(problem: Problem, rounds: int) -> Rounds:
    """The seats of all tables of all rounds; the same for every `round` of the same teams, seed and
    rounds.
    """
    turned = _turned(problem, rounds)
    if problem.role_policy == "fixed" or not (repeated_pairs(turned) or early_vacancies(turned)):
        return turned

    def faults(seats: Rounds) -> tuple[int, ...]:
        kin = kin_meetings(seats, problem.teams)
        return broken_roles(seats), repeated_pairs(seats), kin, early_vacancies(seats)

    best, least = turned, faults(turned)
    for chance in range(TRIES_AHEAD if len(problem.teams) > MOST_SEATS else 1):
        ahead = drawn_ahead(replace(problem, seed=(problem.seed + chance) % 2**63), rounds)
        best, least = min((best, least), (ahead, faults(ahead)), key=itemgetter(1))
        if not any(least):
            break
    return best


def _turned(problem: Problem, rounds: int) -> Rounds:
    """The schedule by turning four groups."""
    rng = np.random.default_rng([problem.seed, rounds])
    groups = (
        _role_brackets(problem.teams)
        if problem.role_policy == "fixed"
        else _parts(problem.teams, rounds, rng)
    )
    table = shifts(len(groups[0]), rounds)
    for group in groups:
        _shuffle(group, rng)
    _place_vacancies(groups, table, rng)
    _part_institutions(groups, table, rng)
    turn = 0 if problem.role_policy == "fixed" else 1
    return tuple(_round(groups, table, t, turn) for t in range(rounds))


def _round(groups: Groups, table: Shifts, t: int, turn: int) -> tuple[Seats, ...]:
    """Round t: table k takes member k + a[g][t] of group g in role g + t (rotating) or g (fixed)."""
    m = len(groups[0])
    add = addition(m)
    rows = [[groups[g][add[k, table[g, t]]] for g in range(4)] for k in range(m)]
    return tuple(
        {ROLES[(g + turn * t) % 4]: None if member is None else member.id for g, member in enumerate(row)}
        for row in rows
    )


def _role_brackets(teams: Sequence[TeamState]) -> Groups:
    groups: Groups = [[team for team in teams if team.role is role] for role in ROLES]
    size = max(map(len, groups))
    return [group + [None] * (size - len(group)) for group in groups]


def _parts(teams: Sequence[TeamState], rounds: int, rng: np.random.Generator) -> Groups:
    """Four groups of equal size, institutions kept whole wherever they pack; the vacant seats in one group
    (which never meet) unless another way is fairer: where every team could not meet at most one of them, but
    the rounds leave enough pairs of places that do not meet, they sit in different groups.

    Larger institutions first, each into the group that it fills best (the fullest with room for all of it),
    or split over the emptiest when none has room; other orders are tried only where that splits some.
    """
    m = -(-len(teams) // 4)
    groups: Groups = [[], [], [], []]
    vacant = 4 * m - len(teams)
    together = vacant * rounds <= m or m < 2 * rounds
    for seat in range(vacant):
        groups[3 if together and len(groups[3]) < m else seat].append(None)
    order = _by_size(teams, rng)
    best = _packed(order, groups, m)
    for _ in range(max(20, TRIES_TO_PACK // len(teams))):
        if not _split_institutions(best):
            break
        rng.shuffle(order)
        best = min(best, _packed(order, groups, m), key=lambda packed: len(_split_institutions(packed)))
    return best


def _packed(institutions: Sequence[Sequence[TeamState]], vacant: Groups, m: int) -> Groups:
    """Each institution into the group that it fills best, or split over the emptiest where none has room."""
    groups = [list(group) for group in vacant]
    for institution in institutions:
        rest = list(institution)
        while rest:
            free = [m - len(group) for group in groups]
            roomy = [g for g in range(4) if free[g] >= len(rest)]
            g = min(roomy, key=free.__getitem__) if roomy else max(range(4), key=free.__getitem__)
            groups[g] += rest[: free[g]]
            rest = rest[free[g] :]
    return groups


def _by_size(teams: Sequence[TeamState], rng: np.random.Generator) -> list[list[TeamState]]:
    """The teams by institution, the largest first, equals in the order of a lot; teams of no institution
    last.
    """
    together: dict[str, list[TeamState]] = defaultdict(list)
    alone = [[team] for team in teams if team.institution is None]
    for team in teams:
        if team.institution is not None:
            together[team.institution].append(team)
    lots = [*together.values(), *alone]
    rng.shuffle(lots)
    return sorted(lots, key=len, reverse=True)


def _shuffle(group: list[Member], rng: np.random.Generator) -> None:
    order = rng.permutation(len(group))
    group[:] = [group[i] for i in order]


def _place_vacancies(groups: Groups, table: Shifts, rng: np.random.Generator) -> None:
    """Moves vacant seats inside their groups: no two at a table, nobody meets a second before all have met
    one.
    """
    if sum(member is None for group in groups for member in group) < 2:
        return
    best, found = _vacancy_cost(groups, table), [list(group) for group in groups]
    for _ in range(TRIES_FOR_VACANCIES):
        if best == (0, 0):
            break
        for group in groups:
            if None in group:
                _shuffle(group, rng)
        cost = _vacancy_cost(groups, table)
        if cost < best:
            best, found = cost, [list(group) for group in groups]
    for group, kept in zip(groups, found, strict=True):
        group[:] = kept


def _vacancy_cost(groups: Groups, table: Shifts) -> tuple[int, int]:
    """(Pairs of vacant seats that share a table, vacant seats met too early by a team), over all rounds."""
    m, rounds = len(groups[0]), table.shape[1]
    add = addition(m)
    vacant = np.array([[member is None for member in group] for group in groups])
    met = np.zeros((4, m), dtype=np.int64)
    shared = early = 0
    for t in range(rounds):
        at = np.stack([vacant[g][add[:, table[g, t]]] for g in range(4)])
        count = at.sum(axis=0)
        shared += int((count * (count - 1) // 2).sum())
        for g in range(4):
            met[g][add[:, table[g, t]]] += count * ~at[g]
        least = met[~vacant].min()
        early += int(np.maximum(met[~vacant] - least - 1, 0).sum())
    return shared, early


def _part_institutions(groups: Groups, table: Shifts, rng: np.random.Generator) -> None:
    """Re-seats one whole group after the other where institutions meet, by assignment, until nothing is
    gained; from several starts, of which the one with the fewest meetings is kept.
    """
    split = _split_institutions(groups)
    if not split:
        return
    m = len(groups[0])
    visits = _visits(table, m)
    found: list[tuple[int, Groups]] = []
    for _ in range(max(1, TRIES_TO_PART // m)):
        for _ in range(4):
            if sum(_reseat_group(groups, g, visits, split) for g in range(4)) == 0:
                break
        found.append((_kin_meetings(groups, visits), [list(group) for group in groups]))
        if found[-1][0] == 0:
            break
        for group in groups:
            _shuffle_teams(group, rng)
    groups[:] = min(found, key=lambda each: each[0])[1]


def _shuffle_teams(group: list[Member], rng: np.random.Generator) -> None:
    """Another order of the teams; vacant seats stay where they are."""
    places = [x for x, member in enumerate(group) if member is not None]
    for x, member in zip(places, [group[i] for i in rng.permutation(places)], strict=True):
        group[x] = member


def _kin_meetings(groups: Groups, visits: Callable[[int, int, int], Iterable[int]]) -> int:
    """How often teams of one institution meet, over all rounds."""
    return sum(
        other is not None and other.institution == member.institution
        for g, group in enumerate(groups)
        for x, member in enumerate(group)
        if member is not None and member.institution is not None
        for h in range(g)
        for other in (groups[h][y] for y in visits(g, x, h))
    )


def _split_institutions(groups: Groups) -> set[str]:
    """The institutions that sit in more than one group, and so may meet themselves."""
    places = Counter(
        name
        for group in groups
        for name in {member.institution for member in group if member and member.institution}
    )
    return {name for name, count in places.items() if count > 1}


def _visits(table: Shifts, m: int) -> Callable[[int, int, int], Iterable[int]]:
    """A function: which places of group h does place x of group g meet, once per round."""
    add, minus = addition(m), negatives(m)

    def met(g: int, x: int, h: int) -> Iterable[int]:
        moves: NDArray[np.int64] = add[table[h], minus[table[g]]]
        places: list[int] = add[x, moves].tolist()
        return places

    return met


def _reseat_group(
    groups: Groups, g: int, visits: Callable[[int, int, int], Iterable[int]], split: set[str]
) -> bool:
    """The best places for the members of group g while the others stay; whether meetings became fewer."""
    m = len(groups[g])
    own = [member.institution if member else None for member in groups[g]]
    names = sorted(split.intersection(name for name in own if name is not None))
    if not names:
        return False
    column = {name: i for i, name in enumerate(names)}
    costs = np.zeros((len(names) + 1, m))
    for x in range(m):
        for h in range(4):
            for y in visits(g, x, h) if h != g else ():
                other = groups[h][y]
                if other is not None and other.institution in column:
                    costs[column[other.institution], x] += 1
    rows = [-1 if name is None else column.get(name, -1) for name in own]
    fixed = np.array([member is None for member in groups[g]])
    matrix = costs[rows]
    matrix[fixed] = VACANCIES_MEET
    matrix[:, fixed] = VACANCIES_MEET
    matrix[fixed, fixed] = 0
    before = float(np.trace(matrix))
    order = assigned(matrix)
    if float(matrix[np.arange(m), order].sum()) >= before:
        return False
    placed: list[Member] = [None] * m
    for member, x in zip(groups[g], order, strict=True):
        placed[x] = member
    groups[g][:] = placed
    return True

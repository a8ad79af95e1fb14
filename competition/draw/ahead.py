"""Rounds drawn one after the other without results: each knows whom the rounds before it seated together."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations

from competition.draw.drawn import drawn
from competition.draw.history import after
from competition.draw.model import Problem, Seats, TeamState
from core.roles import ROLES

Rounds = tuple[tuple[Seats, ...], ...]


def drawn_ahead(problem: Problem, rounds: int) -> Rounds:
    """The seats of so many random rounds, of teams that start without history."""
    teams = tuple(replace(team, roles={}, met={}, vacancies=0) for team in problem.teams)
    problem = replace(problem, method="random", teams=teams)
    found = []
    for number in range(1, rounds + 1):
        found.append(drawn(replace(problem, round=number)).seats)
        problem = after(problem, found[-1])
    return tuple(found)


def repeated_pairs(rounds: Iterable[Iterable[Seats]]) -> int:
    """How many pairs of teams meet more than once."""
    met = Counter(
        pair
        for tables in rounds
        for seats in tables
        for pair in combinations(sorted(name for name in seats.values() if name is not None), 2)
    )
    return sum(times > 1 for times in met.values())


def kin_meetings(rounds: Iterable[Iterable[Seats]], teams: Iterable[TeamState]) -> int:
    """How often two teams of one institution meet."""
    of = {team.id: (team.institution, team.id if team.institution is None else "") for team in teams}
    tables = (Counter(of[name] for name in seats.values() if name) for tables in rounds for seats in tables)
    return sum(n * (n - 1) // 2 for table in tables for n in table.values())


def broken_roles(rounds: Iterable[Iterable[Seats]]) -> int:
    """How many teams at some time have played a role at least twice more than another."""
    counts: dict[str, list[int]] = {}
    broken: set[str] = set()
    for tables in rounds:
        for seats in tables:
            for place, role in enumerate(ROLES):
                if (name := seats[role]) is not None:
                    played = counts.setdefault(name, [0] * len(ROLES))
                    played[place] += 1
                    if max(played) - min(played) > 1:
                        broken.add(name)
    return len(broken)


def early_vacancies(rounds: Iterable[Iterable[Seats]]) -> int:
    """How often a team has met a vacant seat while another had met fewer than it had before: 0 where nobody meets a
    second one before all have met one.
    """
    met: Counter[str] = Counter()
    early = 0
    for tables in rounds:
        for names in ([name for name in seats.values() if name is not None] for seats in tables):
            met.update(dict.fromkeys(names, len(ROLES) - len(names)))
        least = min(met.values(), default=0)
        early += sum(max(0, times - least - 1) for times in met.values())
    return early

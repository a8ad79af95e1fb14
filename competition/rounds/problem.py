"""The engine's problem, built from the competition's own facts: roles played, meetings, points, vacancies."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from competition.rounds.facts import SeatedResult, TableFacts
from competition.rounds.field import FieldTeam
from core.roles import Role

if TYPE_CHECKING:
    from competition.draw.model import Problem, TeamState

ZERO = Decimal(0)
Seats = Mapping[Role, int | None]
"""Who sits where at one table, by the key of the team; None is a vacant seat."""


@dataclass
class History:
    """What happened to one team in the rounds before."""

    roles: Counter[Role] = field(default_factory=Counter)
    met: Counter[int] = field(default_factory=Counter)
    points: Decimal = ZERO
    pull_ups: int = 0
    vacancies: int = 0


def histories(
    teams: Sequence[FieldTeam], tables: Iterable[TableFacts], results: Iterable[SeatedResult]
) -> dict[int, History]:
    """What every team has behind it, from the tables and results of the rounds before.

    A stand-in is nobody's opponent: whoever sits with one has met a vacancy. A team is pulled up when it
    sits below the highest points of its table, counted before that round.
    """
    stand_ins = {team.id for team in teams if team.is_stand_in}
    points_by_round: dict[int, dict[int, Decimal]] = defaultdict(dict)
    for result in results:
        points_by_round[result.round][result.team_id] = result.points
    past: dict[int, History] = defaultdict(History)
    by_round: dict[int, list[TableFacts]] = defaultdict(list)
    for table in tables:
        by_round[table.round_number].append(table)
    for number in sorted(by_round):
        for table in by_round[number]:
            _add_table(past, table, stand_ins)
        for team_id, points in points_by_round[number].items():
            past[team_id].points += points
    return past


def _add_table(past: Mapping[int, History], table: TableFacts, stand_ins: set[int]) -> None:
    present = {role: team for role, team in table.seats.items() if team is not None and team not in stand_ins}
    top = max((past[team].points for team in present.values()), default=ZERO)
    for role, team in present.items():
        own = past[team]
        own.roles[role] += 1
        own.met.update(other for other in present.values() if other != team)
        own.pull_ups += own.points < top
        own.vacancies += len(present) < len(table.seats)


def team_states(teams: Sequence[FieldTeam], past: Mapping[int, History]) -> tuple[TeamState, ...]:
    """The teams as the engine wants them, in the edition's order; opponents outside the field are left out."""
    from competition.draw.model import TeamState

    known = {team.id for team in teams}
    nothing = History()
    states = []
    for team in teams:
        own = past.get(team.id, nothing)
        states.append(
            TeamState(
                id=str(team.id),
                institution=str(team.institution_id) if team.institution_id is not None else None,
                points=own.points,
                role=team.role,
                roles=dict(own.roles),
                met={str(other): count for other, count in own.met.items() if other in known},
                pull_ups=own.pull_ups,
                vacancies=own.vacancies,
            )
        )
    return tuple(states)


def problem_json(problem: Problem, teams: Sequence[FieldTeam]) -> dict[str, Any]:
    """A problem in the engine's own format with the names of teams and institutions for ids (the engine looks at
    no id, so the draw stays the same); of two teams with one name the second is numbered.
    """
    from competition.draw.model import plain

    names = _distinct({str(team.id): team.name for team in teams})
    homes = _distinct({str(t.institution_id): t.institution for t in teams if t.institution_id is not None})
    return {
        "format": 1,
        "role_policy": problem.role_policy,
        "method": problem.method,
        "preset": problem.preset,
        "seed": problem.seed,
        "round": problem.round,
        "rounds": problem.rounds,
        "teams": [
            {
                "id": names[team.id],
                "institution": homes[team.institution] if team.institution is not None else None,
                "points": plain(team.points),
                "role": team.role.value if team.role is not None else None,
                "roles": {role.value: team.roles.get(role, 0) for role in Role},
                "met": {names[other]: count for other, count in team.met.items()},
                "pull_ups": team.pull_ups,
                "vacancies": team.vacancies,
            }
            for team in problem.teams
        ],
        "locked": [
            {
                "seats": {
                    role.value: names[key] if (key := table.seats[role]) is not None else None
                    for role in Role
                },
                **({"table": table.table} if table.table is not None else {}),
            }
            for table in problem.locked
        ],
        "options": {"effort": problem.options.effort},
    }


def _distinct(names: Mapping[str, str]) -> dict[str, str]:
    """Names that are each used once."""
    used: Counter[str] = Counter()
    found = {}
    for key, name in names.items():
        used[name] += 1
        found[key] = name if used[name] == 1 else f"{name} ({used[name]})"
    return found

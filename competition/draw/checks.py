"""What must hold between the parts of a problem, however it was made; the first fault raises `BadProblem`."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from competition.draw import faults
from competition.draw.faults import MOST_ROUNDS, MOST_TEAMS, BadProblem
from core.roles import ROLES, Role

if TYPE_CHECKING:
    from competition.draw.model import LockedTable, Problem, TeamState


def check_numbers(problem: "Problem") -> None:
    """Seed and round lie within their bounds."""
    faults.as_count(problem.seed, "seed", most=2**63 - 1)
    faults.as_count(problem.round, "round", least=1, most=MOST_ROUNDS)
    if problem.rounds is not None and not problem.round <= problem.rounds <= MOST_ROUNDS:
        raise BadProblem(f"round {problem.round} lies outside the {problem.rounds} rounds")


def check_teams(teams: "tuple[TeamState, ...]") -> None:
    """Enough teams and not too many, each once, with points that are not negative and opponents that exist."""
    if not 4 <= len(teams) <= MOST_TEAMS:
        raise BadProblem(f"there are {len(teams)} teams; a draw needs between 4 and {MOST_TEAMS}")
    known: set[str] = set()
    for team in teams:
        if team.id in known:
            raise BadProblem(f"two teams have the id {team.id!r}")
        known.add(team.id)
    for team in teams:
        if not 0 <= team.points <= faults.LARGEST_NUMBER:
            raise BadProblem(f"points of team {team.id!r} must lie between 0 and {faults.LARGEST_NUMBER}")
        if team.id in team.met:
            raise BadProblem(f"team {team.id!r} has met itself")
        unknown = next((other for other in team.met if other not in known), None)
        if unknown is not None:
            raise BadProblem(f"team {team.id!r} has met an unknown team {unknown!r}")


def check_roles(teams: "tuple[TeamState, ...]") -> None:
    """Every team of a fixed edition has its role."""
    for team in teams:
        if team.role is None:
            raise BadProblem(f"team {team.id!r} has no role, but every team keeps one in a fixed edition")


def check_locked(problem: "Problem") -> None:
    """Locked tables seat known teams once, in roles they may take."""
    if problem.method == "scheduled":
        raise BadProblem("a scheduled draw cannot keep locked tables: draw the round with another method")
    teams = {team.id: team for team in problem.teams}
    seated: set[str] = set()
    for role, team in _seats_of(problem.locked):
        if team not in teams:
            raise BadProblem(f"a locked table seats an unknown team {team!r}")
        if team in seated:
            raise BadProblem(f"team {team!r} sits at two locked seats")
        if problem.role_policy == "fixed" and teams[team].role is not role:
            raise BadProblem(f"a locked table seats team {team!r} in a role that is not its own")
        seated.add(team)
    numbers = [table.table for table in problem.locked if table.table is not None]
    if len(set(numbers)) < len(numbers):
        raise BadProblem("two locked tables have the same number")
    if any(not any(table.seats.values()) for table in problem.locked):
        raise BadProblem("a locked table has no team")


def _seats_of(tables: "Iterable[LockedTable]") -> list[tuple[Role, str]]:
    return [(role, team) for table in tables for role in ROLES if (team := table.seats[role]) is not None]

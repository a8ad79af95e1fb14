"""The figures a draw is judged by, counted from scratch from the problem and the seats; nothing here is
estimated.

The definitions hold everywhere (reports, pages, benchmarks):

- *repeat meetings*: pairs of teams seated together that had met before;
- *institution meetings*: pairs of one institution at one table;
- *role violations*: teams whose most- and least-played roles differ by more than 1 after the plan;
- *spread*: the sum over tables of (highest - lowest points at the table, before the round); *widest*: the
  largest;
- *pull-ups*: teams below the highest points of their table; *most pulled up*: the most times one team ever
  was.
"""

from collections.abc import Iterable
from fractions import Fraction
from itertools import combinations

from competition.draw.model import Measures, Number, Problem, Seats, TeamState, exact
from core.roles import ROLES, Role


def measure(problem: Problem, tables: Iterable[Seats]) -> Measures:
    """All figures of the given seats."""
    teams = {team.id: team for team in problem.teams}
    seated = [{role: teams[name] for role in ROLES if (name := seats[role]) is not None} for seats in tables]
    groups = [tuple(table.values()) for table in seated]
    pairs = [pair for group in groups for pair in combinations(group, 2)]
    widths = [width(group) for group in groups]
    highest = [top(group) for group in groups]
    lifted = [
        team for group, high in zip(groups, highest, strict=True) for team in group if team.points < high
    ]
    return Measures(
        repeat_meetings=sum(have_met(a, b) for a, b in pairs),
        institution_meetings=sum(are_kin(a, b) for a, b in pairs),
        role_violations=0
        if problem.role_policy == "fixed"
        else sum(violates(team, role) for table in seated for role, team in table.items()),
        spread=sum(widths),
        widest=max(widths, default=0),
        pull_ups=len(lifted),
        most_pulled_up=max(
            [team.pull_ups for team in problem.teams] + [team.pull_ups + 1 for team in lifted]
        ),
    )


def have_met(a: TeamState, b: TeamState) -> bool:
    """Whether two teams have shared a table, on the word of either."""
    return meetings(a, b) > 0


def meetings(a: TeamState, b: TeamState) -> int:
    """How often two teams have shared a table (the larger of the two counts, should they differ)."""
    return max(a.met.get(b.id, 0), b.met.get(a.id, 0))


def are_kin(a: TeamState, b: TeamState) -> bool:
    """Whether two teams come from one institution."""
    return a.institution is not None and a.institution == b.institution


def violates(team: TeamState, role: Role | None = None) -> bool:
    """Whether the team's role counts differ by more than 1, after it has played `role` too."""
    counts = [team.roles.get(each, 0) + (each is role) for each in ROLES]
    return max(counts) - min(counts) > 1


def top(group: Iterable[TeamState]) -> Number:
    """The highest points in a group."""
    return max(exact(team.points) for team in group)


def width(group: Iterable[TeamState]) -> int | Fraction:
    """Highest minus lowest points in a group."""
    points = [exact(team.points) for team in group]
    return max(points) - min(points)

"""What no draw of a problem can beat: a lower bound for every figure, each proved on its own."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from competition.draw.measures import violates
from competition.draw.model import Measures, Number, Problem, TeamState, exact
from core.roles import ROLES

Exact = int | Fraction


def lower_bounds(problem: Problem, tables: int | None = None) -> Measures:
    """A lower bound of every figure of a draw with so many tables, as few as can be where nothing is said (each on its
    own: one draw need not reach all of them).
    """
    tables = tables or table_count(problem)
    short = 4 * tables - len(problem.teams)
    points = sorted((exact(team.points) for team in problem.teams), reverse=True)
    plain = problem.role_policy == "rotating" and not problem.locked and short <= tables
    return Measures(
        repeat_meetings=_repeats(problem.teams, short),
        institution_meetings=_institutions(problem.teams, tables),
        role_violations=_violations(problem.teams, tables) if problem.role_policy == "rotating" else 0,
        spread=spread_bound(points, tables, short) if plain else 0,
        widest=widest_bound(points, tables, short) if plain else 0,
        pull_ups=pull_up_bound(points, tables) if plain else 0,
        most_pulled_up=max(team.pull_ups for team in problem.teams),
    )


def table_count(problem: Problem) -> int:
    """The tables a draw needs: enough for all teams, for the largest role bracket, and for every locked
    table.
    """
    seated = {team for table in problem.locked for team in table.seats.values()}
    free = [team for team in problem.teams if team.id not in seated]
    if problem.role_policy == "fixed":
        return len(problem.locked) + max(Counter(team.role for team in free).values(), default=0)
    return len(problem.locked) + -(-len(free) // 4)


def cuts(tables: int, short: int) -> set[int]:
    """The numbers of teams that fill whole tables: 4a + 3b with b of the `short` tables of three."""
    return {4 * a + 3 * b for b in range(short + 1) for a in range(tables - short + 1)}


def spread_bound(points: Sequence[Exact], tables: int, short: int) -> Exact:
    """The least possible spread of points sorted downwards.

    Where the teams above a gap cannot fill whole tables, some table straddles the gap and its range
    contains it; summed over the gaps every table's range is counted at most once per gap. Contiguous fours
    attain it.
    """
    whole = cuts(tables, short)
    return sum(points[i - 1] - points[i] for i in range(1, len(points)) if i not in whole)


def widest_bound(points: Sequence[Exact], tables: int, short: int) -> Exact:
    """The least possible widest table of points sorted downwards.

    An exchange makes any seating contiguous without widening its widest table, so the best of all ways to
    cut the sorted list into fours and `short` threes (dynamic programme over the threes used so far) is
    exact.
    """
    best: dict[int, dict[int, Exact]] = {0: {0: 0}}
    for table in range(tables):
        step: dict[int, Exact] = {}
        for threes, worst in best[table].items():
            for size in (4, 3):
                start, used = 4 * table - threes, threes + (size == 3)
                if used > short or start + size > len(points):
                    continue
                wide = max(worst, points[start] - points[start + size - 1])
                step[used] = min(step.get(used, wide), wide)
        best[table + 1] = step
    return best[tables].get(short, 0)


def pull_up_bound(points: Sequence[Number], tables: int) -> int:
    """The fewest teams below the highest points of their table, for points sorted downwards.

    A bracket of n teams that tops T tables keeps at most min(n, 4T) of them level; the T of all brackets
    add up to the tables, and the brackets down to any point need room: 4 (T1 + ... + Tk) >= n1 + ... + nk.
    Only the two T around n/4 matter, so a dynamic programme over the tables used so far finds the most
    teams that stay level.
    """
    level = {0: 0}
    above = 0
    for size in (n for _, n in sorted(Counter(points).items(), reverse=True)):
        above += size
        step: dict[int, int] = {}
        for used, kept in level.items():
            for topped in {size // 4, -(-size // 4)}:
                if used + topped <= tables and 4 * (used + topped) >= above:
                    value = kept + min(size, 4 * topped)
                    step[used + topped] = max(step.get(used + topped, 0), value)
        level = step
    return len(points) - max(level.values(), default=len(points))


def _repeats(teams: Sequence[TeamState], short: int) -> int:
    """Every team at a full table meets three others; whoever has fewer than three strangers left must
    repeat.
    """
    met: dict[str, set[str]] = {team.id: set() for team in teams}
    for team in teams:
        for other in (other for other, n in team.met.items() if n):
            met[team.id].add(other)
            met[other].add(team.id)
    forced = sum(max(0, 3 - (len(teams) - 1 - len(known))) for known in met.values())
    return max(0, -(-(forced - 3 * short) // 2))


def _institutions(teams: Sequence[TeamState], tables: int) -> int:
    """k teams of one institution at m tables: as even as possible, pairs counted."""
    total = 0
    for size in Counter(team.institution for team in teams if team.institution is not None).values():
        each, more = divmod(size, tables)
        total += more * each * (each + 1) // 2 + (tables - more) * each * (each - 1) // 2
    return total


def _violations(teams: Sequence[TeamState], tables: int) -> int:
    """The fewest violations when every role is played at every table.

    The deficiency form of Hall's theorem: the teams whose harmless roles all lie in a set of roles, beyond
    the seats of that set, must break; the worst of the 16 sets is attained.
    """
    harmless = Counter(frozenset(role for role in ROLES if not violates(team, role)) for team in teams)
    sets = [frozenset(role for i, role in enumerate(ROLES) if chosen >> i & 1) for chosen in range(16)]
    return max(
        sum(n for roles, n in harmless.items() if roles <= inside) - tables * len(inside) for inside in sets
    )

"""Edits by hand: what exchanging two seats would change, in all measures, before anybody decides."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from competition.draw.measures import measure, top
from competition.draw.model import BadProblem, Measures, Problem, Seats, TablePlan
from core.roles import ROLES, Role

Seat = tuple[int, Role]
"""A table's number and a role."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A draw after some edits: its tables, the teams that sit elsewhere, and every measure before and
    after.
    """

    tables: tuple[TablePlan, ...]
    moved: tuple[str, ...]
    new_roles: tuple[str, ...]
    before: Measures
    after: Measures

    @property
    def difference(self) -> dict[str, int | float]:
        """What each measure gains (below 0: falls)."""
        before, after = self.before.figures(), self.after.figures()
        return {name: after[name] - before[name] for name in after}


def what_if(problem: Problem, tables: Sequence[TablePlan], exchanges: Sequence[tuple[Seat, Seat]]) -> Change:
    """The draw with the seats of each pair exchanged; a vacant seat may be one of them.

    Raises `BadProblem` for a table that does not exist, or where a team of a fixed edition would leave its
    role.
    """
    seats = {table.table: dict(table.seats) for table in tables}
    for (a, role_a), (b, role_b) in exchanges:
        if a not in seats or b not in seats:
            raise BadProblem(f"there is no table {a if a not in seats else b}")
        if problem.role_policy == "fixed" and role_a is not role_b:
            raise BadProblem("in a fixed edition only seats of one role can be exchanged")
        seats[a][role_a], seats[b][role_b] = seats[b][role_b], seats[a][role_a]
    return changed(problem, tables, list(seats.items()))


def changed(problem: Problem, tables: Sequence[TablePlan], seats: Sequence[tuple[int, Seats]]) -> Change:
    """The change from a draw to other seats, every measure recounted; teams the problem no longer has are
    left out of the figures before.
    """
    teams = {team.id: team for team in problem.teams}
    known = [
        {role: name if name in teams else None for role, name in table.seats.items()} for table in tables
    ]
    was = places((table.table, table.seats) for table in tables)
    now = places(seats)
    return Change(
        tables=tuple(
            TablePlan(
                table=number,
                bracket=top([teams[n] for n in row.values() if n is not None] or problem.teams),
                seats=row,
            )
            for number, row in seats
        ),
        moved=tuple(sorted(n for n, (table, _) in now.items() if n in was and was[n][0] != table)),
        new_roles=tuple(sorted(n for n, (_, role) in now.items() if n in was and was[n][1] is not role)),
        before=measure(problem, [row for row in known if any(row.values())]),
        after=measure(problem, [row for _, row in seats if any(row.values())]),
    )


def places(seats: Iterable[tuple[int, Seats]]) -> dict[str, Seat]:
    """Where each team sits."""
    return {
        name: (number, role) for number, row in seats for role in ROLES if (name := row[role]) is not None
    }

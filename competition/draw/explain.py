"""Why a draw looks as it does: table by table, every imperfection by name, and the notes of a report."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from competition.draw.measures import are_kin, have_met, top, violates, width
from competition.draw.model import Number, Problem, TablePlan, TeamState
from core.problems import Problem as Note

WIDE = 4
"""A table wider than this is a matter for a warning in the last two rounds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What is not perfect at one table: pairs that had met, pairs of one institution, teams whose roles are
    now out of balance, teams below the highest points; and the range of its points.
    """

    table: int
    width: Number
    repeats: tuple[tuple[str, str], ...]
    kin: tuple[tuple[str, str], ...]
    unbalanced: tuple[str, ...]
    pulled_up: tuple[str, ...]

    @property
    def is_perfect(self) -> bool:
        """Whether there is nothing to explain."""
        return not (self.width or self.repeats or self.kin or self.unbalanced or self.pulled_up)


def explain(problem: Problem, tables: Iterable[TablePlan]) -> tuple[Explanation, ...]:
    """The imperfections of every table, by the definitions of `measures`."""
    known = {team.id: team for team in problem.teams}
    has_fixed_roles = problem.role_policy == "fixed"
    return tuple(_explained(known, table, has_fixed_roles) for table in tables)


def notes(problem: Problem, tables: Sequence[TablePlan]) -> tuple[Note, ...]:
    """What a person should read beside the figures; warnings are to be shown in red."""
    found = [each for each in explain(problem, tables) if not each.is_perfect]
    wide = [each for each in found if each.width > WIDE] if _is_late(problem) else []
    kin = [pair for each in found for pair in each.kin]
    result = []
    if wide:
        result.append(
            Note(
                code="wide_tables",
                message="Tables more than %(most)s points wide: %(tables)s",
                values={"most": WIDE, "tables": ", ".join(str(each.table) for each in wide)},
                is_warning=True,
            )
        )
    if kin:
        result.append(
            Note(
                code="institution_meetings",
                message="Teams of one institution meet: %(pairs)s",
                values={"pairs": ", ".join(f"{a} and {b}" for a, b in kin)},
                is_warning=True,
            )
        )
    vacant = sum(None in table.seats.values() for table in tables)
    if vacant:
        result.append(
            Note(
                code="vacant_seats", message="Tables with a vacant seat: %(count)s", values={"count": vacant}
            )
        )
    return tuple(result)


def _is_late(problem: Problem) -> bool:
    """Whether points matter at this round: power-paired, rotating, among the last two (or nobody knows)."""
    late = problem.rounds is None or problem.round > problem.rounds - 2
    return late and problem.method == "power_paired" and problem.role_policy == "rotating"


def _explained(known: Mapping[str, TeamState], table: TablePlan, has_fixed_roles: bool) -> Explanation:
    seated = [(role, known[name]) for role, name in table.seats.items() if name is not None]
    teams = [team for _, team in seated]
    highest = top(teams)
    pairs = list(combinations(teams, 2))
    return Explanation(
        table=table.table,
        width=width(teams),
        repeats=tuple((a.id, b.id) for a, b in pairs if have_met(a, b)),
        kin=tuple((a.id, b.id) for a, b in pairs if are_kin(a, b)),
        unbalanced=tuple(team.id for role, team in seated if not has_fixed_roles and violates(team, role)),
        pulled_up=tuple(team.id for team in teams if team.points < highest),
    )

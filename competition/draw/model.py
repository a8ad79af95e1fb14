"""What goes into a draw and what comes out of it: teams with their history, the problem, the plan and its
report.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from fractions import Fraction
from typing import Literal, cast

from competition.draw import checks, faults
from competition.draw.faults import MOST_ROUNDS, MOST_TEAMS, BadProblem
from core.problems import Problem as Note
from core.roles import ROLES, Role

__all__ = [
    "BadProblem",
    "Measures",
    "Note",
    "Options",
    "Plan",
    "Problem",
    "Report",
    "Seats",
    "TablePlan",
    "TeamState",
]

Number = Fraction | Decimal | int
Seats = Mapping[Role, str | None]
RolePolicy = Literal["rotating", "fixed"]
Method = Literal["random", "scheduled", "power_paired"]
Preset = Literal["balanced", "fair", "strict"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamState:
    """One team and what happened to it before this round.

    `points` is exact. `role` is the role kept for the whole edition (fixed editions only). `roles` counts
    the times each role was played, `met` the meetings per opponent, `pull_ups` the times the team sat below
    its table's highest points, `vacancies` the vacant seats or stand-ins it has met.
    """

    id: str
    institution: str | None = None
    points: Number = 0
    role: Role | None = None
    roles: Mapping[Role, int] = field(default_factory=dict)
    met: Mapping[str, int] = field(default_factory=dict)
    pull_ups: int = 0
    vacancies: int = 0

    def __post_init__(self) -> None:
        """Keeps points exact and comparable: a whole number as int, any other as Fraction."""
        object.__setattr__(self, "points", exact(self.points))

    @classmethod
    def from_json(cls, value: object, where: str) -> "TeamState":
        """A team from its JSON object; every fault raises `BadProblem`."""
        team = faults.as_object(
            value,
            where,
            required=frozenset({"id", "institution", "points", "role", "roles", "met"}),
            optional=frozenset({"pull_ups", "vacancies"}),
        )
        identity = faults.as_text(team["id"], f"the id of {where}")
        where = f"team {identity!r}"
        role = faults.as_text_or_none(team["role"], f"the role of {where}")
        met = faults.as_mapping(team["met"], f"met of {where}")
        return cls(
            id=identity,
            institution=faults.as_text_or_none(team["institution"], f"the institution of {where}"),
            points=faults.as_points(team["points"], f"points of {where}"),
            role=None if role is None else _role(role, f"the role of {where}"),
            roles=_role_counts(team["roles"], f"roles of {where}"),
            met={other: faults.as_count(n, f"met of {where}", most=MOST_ROUNDS) for other, n in met.items()},
            pull_ups=faults.as_count(team.get("pull_ups", 0), f"pull_ups of {where}"),
            vacancies=faults.as_count(team.get("vacancies", 0), f"vacancies of {where}"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedTable:
    """A table that must stay as it is; `table` is its number, if that must stay too."""

    seats: Seats
    table: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Refinements of a draw; `effort` multiplies the fixed number of search steps (0 keeps the start)."""

    pair_by: Literal["role_rank"] | None = None
    effort: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Everything a draw depends on; the same problem always gives the same plan."""

    role_policy: RolePolicy
    method: Method
    teams: tuple[TeamState, ...]
    seed: int
    round: int = 1
    rounds: int | None = None
    preset: Preset = "balanced"
    locked: tuple[LockedTable, ...] = ()
    options: Options = field(default_factory=Options)

    def __post_init__(self) -> None:
        checks.check_numbers(self)
        checks.check_teams(self.teams)
        if self.role_policy == "fixed":
            checks.check_roles(self.teams)
        if self.locked:
            checks.check_locked(self)

    @classmethod
    def from_json(cls, value: object) -> "Problem":
        """A problem from parsed JSON (format 1 of the contract); raises `BadProblem` with one clear line."""
        problem = faults.as_object(
            value,
            "the problem",
            required=frozenset({"role_policy", "method", "preset", "seed", "round", "teams"}),
            optional=frozenset({"format", "rounds", "locked", "options"}),
        )
        if faults.as_count(problem.get("format", 1), "format") != 1:
            raise BadProblem("format must be 1")
        teams = faults.as_list(problem["teams"], "teams", most=MOST_TEAMS)
        locked = faults.as_list(problem.get("locked", []), "locked", most=MOST_TEAMS)
        rounds = problem.get("rounds")
        return cls(
            role_policy=cast(
                RolePolicy, faults.as_choice(problem["role_policy"], "role_policy", ("rotating", "fixed"))
            ),
            method=cast(
                Method, faults.as_choice(problem["method"], "method", ("random", "scheduled", "power_paired"))
            ),
            preset=cast(
                Preset, faults.as_choice(problem["preset"], "preset", ("balanced", "fair", "strict"))
            ),
            seed=faults.as_count(problem["seed"], "seed", most=2**63 - 1),
            round=faults.as_count(problem["round"], "round", least=1, most=MOST_ROUNDS),
            rounds=None if rounds is None else faults.as_count(rounds, "rounds", least=1, most=MOST_ROUNDS),
            teams=tuple(TeamState.from_json(team, f"team number {i}") for i, team in enumerate(teams, 1)),
            locked=tuple(_locked(table, f"locked table {i}") for i, table in enumerate(locked, 1)),
            options=_options(problem.get("options", {})),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePlan:
    """One table: its number, its bracket (the highest points at it before the round) and who sits where."""

    table: int
    bracket: Number
    seats: Seats

    @property
    def teams(self) -> tuple[str, ...]:
        """The teams at the table, in the order of the roles, vacant seats left out."""
        return tuple(team for role in ROLES if (team := self.seats[role]) is not None)

    def to_json(self) -> dict[str, object]:
        """The table as the contract writes it."""
        seats = {role.value: self.seats[role] for role in ROLES}
        return {"table": self.table, "bracket": plain(self.bracket), "seats": seats}


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """The figures every draw is judged by; their definitions stand in `measures.py`."""

    repeat_meetings: int
    institution_meetings: int
    role_violations: int
    spread: Number
    widest: Number
    pull_ups: int
    most_pulled_up: int

    def figures(self) -> dict[str, int | float]:
        """The figures by name, as JSON numbers."""
        return {f.name: plain(getattr(self, f.name)) for f in fields(Measures)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(Measures):
    """The figures of a plan, what could not be beaten, and what is needed to make the same plan again."""

    lower_bounds: Measures
    proved_optimal: bool
    seed: int
    engine: str
    cpu_seconds: float = field(compare=False)
    notes: tuple[Note, ...] = ()

    def to_json(self) -> dict[str, object]:
        """The report as the contract writes it, with `notes` for what a person should read."""
        return {
            **self.figures(),
            "lower_bounds": self.lower_bounds.figures(),
            "proved_optimal": self.proved_optimal,
            "seed": self.seed,
            "engine": self.engine,
            "cpu_seconds": round(self.cpu_seconds, 4),
            "notes": [
                {"code": note.code, "message": note.text, "is_warning": note.is_warning}
                for note in self.notes
            ],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The draw of one round."""

    tables: tuple[TablePlan, ...]
    report: Report

    def to_json(self) -> dict[str, object]:
        """The plan as the contract writes it."""
        return {"tables": [table.to_json() for table in self.tables], "report": self.report.to_json()}


def exact(number: Number) -> int | Fraction:
    """A number as int where it is whole, otherwise as Fraction."""
    if isinstance(number, int):
        return number
    fraction = Fraction(number)
    return fraction.numerator if fraction.denominator == 1 else fraction


def plain(number: Number) -> int | float:
    """An exact number as a JSON number: whole when it is whole."""
    value = exact(number)
    return value if isinstance(value, int) else float(value)


def _role(text: str, where: str) -> Role:
    return Role(faults.as_choice(text, where, tuple(role.value for role in ROLES)))


def _role_counts(value: object, where: str) -> dict[Role, int]:
    counts = faults.as_object(value, where, optional=frozenset(role.value for role in ROLES))
    return {role: faults.as_count(counts.get(role.value, 0), where, most=MOST_ROUNDS) for role in ROLES}


def _locked(value: object, where: str) -> LockedTable:
    table = faults.as_object(
        value, where, required=frozenset({"seats"}), optional=frozenset({"table", "bracket"})
    )
    names = frozenset(role.value for role in ROLES)
    seats = faults.as_object(table["seats"], f"seats of {where}", required=names)
    number = table.get("table")
    return LockedTable(
        seats={role: faults.as_text_or_none(seats[role.value], f"a seat of {where}") for role in ROLES},
        table=None if number is None else faults.as_count(number, f"the number of {where}", least=1),
    )


def _options(value: object) -> Options:
    options = faults.as_object(value, "options", optional=frozenset({"pair_by", "effort"}))
    if options.get("pair_by") is not None:
        faults.as_choice(options["pair_by"], "options.pair_by", ("role_rank",))
    return Options(
        pair_by=cast(Literal["role_rank"] | None, options.get("pair_by")),
        effort=faults.as_count(options.get("effort", 1), "options.effort", most=20),
    )

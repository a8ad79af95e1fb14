"""The draw engine: a problem in, a plan or a whole schedule out."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from time import process_time

from competition.draw.bounds import lower_bounds, table_count
from competition.draw.drawn import drawn
from competition.draw.explain import notes
from competition.draw.history import after
from competition.draw.measures import measure, top
from competition.draw.model import BadProblem, Plan, Problem, Report, Seats, TablePlan, exact
from competition.draw.scheduled import scheduled

ENGINE = "parley/4"
"""Name and version of the rules by which a seed becomes a draw; stored with every draw."""


def plan(problem: Problem) -> Plan:
    """The draw of round `problem.round`; the same problem gives the same tables, in any process.

    Raises `BadProblem` where the method cannot serve the problem.
    """
    started = process_time()
    if problem.method == "scheduled":
        seats: Sequence[Seats] = scheduled(problem, _rounds(problem))[problem.round - 1]
        return _plan(problem, _numbered(problem, seats), started)
    found = drawn(problem)
    tables = _with_locked(problem, _by_height(problem, found.seats))
    return _plan(problem, tables, started, is_proved=found.is_proved)


def schedule(problem: Problem) -> tuple[Plan, ...]:
    """All rounds at once, for the methods that need no results; each round's report knows the rounds before
    it.
    """
    started = process_time()
    rounds = _rounds(problem)
    if problem.method == "power_paired":
        raise BadProblem("a power-paired draw needs the results of the round before: draw it round by round")
    if problem.method == "scheduled":
        return _reported(problem, scheduled(problem, rounds), started)
    plans: list[Plan] = []
    for number in range(1, rounds + 1):
        current = replace(problem, round=number)
        plans.append(plan(current))
        problem = after(problem, [table.seats for table in plans[-1].tables])
    return tuple(plans)


def without(planned: Plan, problem: Problem) -> Plan:
    """The same tables for the teams of `problem` alone, every figure and bound counted again: whoever is not among
    them leaves a vacant seat.
    """
    known, started = {team.id for team in problem.teams}, process_time()
    seats = [
        {role: name if name in known else None for role, name in table.seats.items()}
        for table in planned.tables
    ]
    return _plan(problem, _numbered(problem, seats, [table.table for table in planned.tables]), started)


def _reported(problem: Problem, rounds: Iterable[Sequence[Seats]], started: float) -> tuple[Plan, ...]:
    plans: list[Plan] = []
    for number, seats in enumerate(rounds, 1):
        plans.append(_plan(replace(problem, round=number), _numbered(problem, seats), started))
        problem, started = after(problem, seats), process_time()
    return tuple(plans)


def _rounds(problem: Problem) -> int:
    if problem.rounds is None:
        raise BadProblem("rounds is needed: a schedule depends on how many rounds there are")
    return problem.rounds


def _plan(
    problem: Problem, tables: tuple[TablePlan, ...], started: float, *, is_proved: bool = False
) -> Plan:
    """The tables with their report, every figure recounted from the seats."""
    figures = measure(problem, [table.seats for table in tables])
    bounds = lower_bounds(problem, len(tables))
    report = Report(
        **{name: getattr(figures, name) for name in figures.__dataclass_fields__},
        lower_bounds=bounds,
        proved_optimal=is_proved or figures == bounds,
        seed=problem.seed,
        engine=ENGINE,
        cpu_seconds=process_time() - started,
        notes=notes(problem, tables),
    )
    return Plan(tables=tables, report=report)


def _numbered(
    problem: Problem, seats: Sequence[Seats], numbers: Iterable[int] | None = None
) -> tuple[TablePlan, ...]:
    """Tables numbered from 1 (or as given), each with its bracket."""
    teams = {team.id: team for team in problem.teams}
    return tuple(
        TablePlan(
            table=number, bracket=top(teams[name] for name in row.values() if name is not None), seats=row
        )
        for number, row in zip(numbers or range(1, len(seats) + 1), seats, strict=True)
    )


def _by_height(problem: Problem, seats: Iterable[Seats]) -> list[Seats]:
    """The highest table first; equals keep their order, which is a lot."""
    points = {team.id: exact(team.points) for team in problem.teams}

    def height(row: Seats) -> list[int | Fraction]:
        return sorted(-points[name] for name in row.values() if name is not None)

    return sorted(seats, key=height)


def _with_locked(problem: Problem, seats: Sequence[Seats]) -> tuple[TablePlan, ...]:
    """The locked tables at their numbers (or the first free ones), the others after them in order."""
    count = table_count(problem)
    kept = {table.table for table in problem.locked if table.table is not None}
    if any(number > count for number in kept):
        raise BadProblem(f"a locked table has a number above the {count} tables of the round")
    free = iter(number for number in range(1, count + 1) if number not in kept)
    places = [(table.table or next(free), table.seats) for table in problem.locked]
    places += [(next(free), row) for row in seats]
    places.sort(key=lambda place: place[0])
    return _numbered(problem, [row for _, row in places], [number for number, _ in places])

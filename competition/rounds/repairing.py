"""What can be done when a team that sits is not there, or one that is there has no seat: up to three repairs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from competition.rounds.blockers import reasons_against_changing
from competition.rounds.facts import RoundFacts, TableFacts
from competition.rounds.field import FieldTeam
from competition.rounds.outcomes import live_results
from competition.rounds.problem import Seats
from competition.rounds.queries import get_round, tables_of_draw
from competition.rounds.situation import Choice, Situation, problem_of, situation_of
from competition.rounds.stand_ins import seat_stand_ins
from core.errors import Invalid
from core.localised import N_
from core.roles import ROLES, Role

if TYPE_CHECKING:
    from competition.draw.repair import Repair

MOST_REPAIRS = 3
METHODS = ("random", "scheduled", "power_paired")
SHOWN = ("repeat_meetings", "institution_meetings", "role_violations", "spread", "widest", "pull_ups")
Place = tuple[str, Role]
"""A table's name and a role."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableAfter:
    """A table as a repair leaves it; `table_id` None is a new one."""

    table_id: int | None
    name: str
    seats: Seats


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatRepair:
    """One way on. kind: `vacant` (the seat stays empty), `stand_in` (one of the organisers' teams takes it), `move`
    (teams change tables), `dissolve` (a table is given up) or `seat` (a team gets a seat).

    `tables` are those that change and `given_up` those that go; `moved` names each team that sits elsewhere with
    its place before and after (None: no seat); `figures` the measures that change, before and after.
    """

    kind: str
    tables: tuple[TableAfter, ...]
    given_up: tuple[int, ...]
    moved: Mapping[int, tuple[Place | None, Place | None]]
    figures: Mapping[str, tuple[int | float, int | float]] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Names exactly this outcome, so that what was shown is what is done."""
        seats = [(table.table_id, table.name, [table.seats[role] for role in ROLES]) for table in self.tables]
        return hashlib.sha256(repr((seats, self.given_up)).encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A team and its seat in a round's draw (None: it has none), why its table cannot change, and the repairs."""

    team: FieldTeam
    table: TableFacts | None
    frozen: str
    repairs: tuple[SeatRepair, ...]

    @property
    def is_leaving(self) -> bool:
        return self.table is not None


def trouble_of_team(facts: RoundFacts, team_id: int) -> Trouble | None:
    """A team's seat and the repairs without it, or with it where it has none; None for a foreign team or no draw."""
    situation = situation_of(get_round(facts.id))
    team = next((one for one in situation.teams if one.id == team_id), None)
    if team is None or facts.draw_id is None:
        return None
    tables = tables_of_draw(facts.draw_id)
    own = next((table for table in tables if team_id in table.team_ids), None)
    fixed = _fixed_tables(facts, tables)
    if own is not None and own.id in fixed:
        return Trouble(team=team, table=own, frozen=fixed[own.id], repairs=())
    found: dict[str, SeatRepair] = {}
    for repair in _repairs(situation, facts, tables, team, own, frozenset(fixed)):
        found.setdefault(repair.key, repair)
    return Trouble(team=team, table=own, frozen="", repairs=tuple(found.values())[:MOST_REPAIRS])


def _fixed_tables(facts: RoundFacts, tables: Sequence[TableFacts]) -> dict[int, str]:
    """The tables that stay as they are, each with a reason (English source text)."""
    results = live_results(facts.draw_id) if facts.draw_id is not None else {}
    found = reasons_against_changing([table.id for table in tables])
    return {**dict.fromkeys(results, N_("Its result is confirmed.")), **found}


def _repairs(
    situation: Situation,
    facts: RoundFacts,
    tables: Sequence[TableFacts],
    team: FieldTeam,
    own: TableFacts | None,
    fixed: frozenset[int],
) -> Iterator[SeatRepair]:
    stand_ins = {one.id: one for one in situation.teams if one.is_stand_in}
    idle = [one for key, one in stand_ins.items() if not any(key in table.team_ids for table in tables)]
    if own is not None:
        yield from _in_place(own, team, [] if team.is_stand_in else idle)
    if team.is_stand_in or not facts.is_preliminary:
        return
    for repair in _engine_repairs(situation, tables, team, own, fixed):
        is_allowed = not facts.is_released or not (repair.change.new_roles or repair.kind == "dissolve")
        if is_allowed and (own is None or repair.kind != "fill"):
            yield _translated(repair, tables, stand_ins, idle, is_leaving=own is not None)


def _in_place(own: TableFacts, team: FieldTeam, idle: Sequence[FieldTeam]) -> Iterator[SeatRepair]:
    """The seat for a stand-in, where one is free, and the seat left empty; nobody else moves."""
    role = own.role_of(team.id)
    assert role is not None
    emptied = {**own.seats, role: None}
    options: list[tuple[str, Mapping[Role, int | None]]] = [("vacant", emptied)]
    fitting = [one for one in idle if one.role in (None, role)]
    if fitting:
        chosen = min(fitting, key=lambda one: one.role is None)
        options.insert(0, ("stand_in", {**own.seats, role: chosen.id}))
    for kind, seats in options:
        after = TableAfter(table_id=own.id, name=own.name, seats=seats)
        yield SeatRepair(kind=kind, tables=(after,), given_up=(), moved=_moved([own], [after]))


def _engine_repairs(
    situation: Situation,
    tables: Sequence[TableFacts],
    team: FieldTeam,
    own: TableFacts | None,
    fixed: frozenset[int],
) -> Sequence[Repair]:
    """The engine's repairs; none where it has no problem to solve (fewer than four teams are left)."""
    from competition.draw.model import BadProblem, LockedTable, TablePlan
    from competition.draw.repair import repairs

    seated = {key for table in tables for key in table.team_ids}
    wanted = seated - {team.id} if own is not None else seated | {team.id}
    teams = [one for one in situation.teams if one.id in wanted and not one.is_stand_in]
    known = {one.id for one in teams} | {team.id}
    method = situation.facts.draw_method if situation.facts.draw_method in METHODS else "random"
    plans = [
        TablePlan(table=number, bracket=0, seats=_names(table.seats, known))
        for number, table in enumerate(tables, 1)
    ]
    try:
        problem = problem_of(situation, Choice(method=method, preset="balanced", seed=0), teams)
        locked = [
            LockedTable(seats=plan.seats, table=plan.table)
            for plan, table in zip(plans, tables, strict=True)
            if table.id in fixed and plan.teams
        ]
        return repairs(replace(problem, locked=tuple(locked)), plans)
    except (BadProblem, Invalid):
        return ()


def _names(seats: Seats, known: set[int]) -> dict[Role, str | None]:
    return {role: str(key) if (key := seats[role]) in known else None for role in ROLES}


def _translated(
    repair: Repair,
    tables: Sequence[TableFacts],
    stand_ins: Mapping[int, FieldTeam],
    idle: Sequence[FieldTeam],
    *,
    is_leaving: bool,
) -> SeatRepair:
    """The engine's tables as ours: stand-ins stay where the seat is still vacant, free ones fill what is new."""
    before = dict(enumerate(tables, 1))
    after: list[TableAfter] = []
    for plan in repair.change.tables:
        seats = {role: int(name) if (name := plan.seats[role]) is not None else None for role in ROLES}
        old = before.get(plan.table)
        for role in ROLES:
            sitting = old.seats[role] if old is not None else None
            if seats[role] is None and sitting in stand_ins:
                seats[role] = sitting
        after.append(
            TableAfter(
                table_id=old.id if old is not None else None,
                name=old.name if old is not None else str(plan.table),
                seats=seats,
            )
        )
    changed = [table for table in after if not _is_same(table, tables)]
    filled = seat_stand_ins([table.seats for table in changed], idle)
    changed = [replace(table, seats=seats) for table, seats in zip(changed, filled, strict=True)]
    kept = {table.table_id for table in after}
    given_up = [table for table in tables if table.id not in kept and table.team_ids]
    touched = {table.table_id for table in changed}
    old_tables = [table for table in tables if table.id in touched] + given_up
    difference = repair.change.before.figures(), repair.change.after.figures()
    return SeatRepair(
        kind=repair.kind if is_leaving else "seat",
        tables=tuple(changed),
        given_up=tuple(table.id for table in given_up),
        moved=_moved(old_tables, changed),
        figures={
            name: (difference[0][name], difference[1][name])
            for name in SHOWN
            if difference[0][name] != difference[1][name]
        },
    )


def _is_same(after: TableAfter, tables: Sequence[TableFacts]) -> bool:
    return any(
        table.id == after.table_id and all(table.seats[role] == after.seats[role] for role in ROLES)
        for table in tables
    )


def _moved(
    before: Iterable[TableFacts], after: Iterable[TableAfter]
) -> dict[int, tuple[Place | None, Place | None]]:
    was = {key: (table.name, role) for table in before for role in ROLES if (key := table.seats[role])}
    now = {key: (table.name, role) for table in after for role in ROLES if (key := table.seats[role])}
    return {
        key: (was.get(key), now.get(key))
        for key in sorted(was.keys() | now.keys())
        if was.get(key) != now.get(key)
    }

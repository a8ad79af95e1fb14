"""Changing who sits where in a draft: swapping two seats, seating a table by hand, removing one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import delete, insert

from competition.editions.public import get_edition_by_id
from competition.rounds.facts import TableFacts
from competition.rounds.field import names_of_teams
from competition.rounds.models import Draw, NegotiationTable, Round, Seat
from competition.rounds.problem import Seats
from competition.rounds.queries import live_draw, tables_of_draw
from competition.rounds.services.claim import claim_round, finish, get_draft
from competition.rounds.services.history import forget, remember
from competition.rounds.services.versions import (
    NewTable,
    insert_seats,
    insert_tables,
    refuse_bad_seats,
    store_draw,
)
from competition.rounds.situation import measures_of, situation_of
from core.access import Actor
from core.db import db
from core.errors import Conflict, Invalid, NotFound
from core.localised import N_
from core.roles import Role

SHOWN = ("repeat_meetings", "institution_meetings", "role_violations", "spread", "widest", "pull_ups")


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatAt:
    """One seat: a table of the draw and a role."""

    table_id: int
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapOutcome:
    """Which teams changed places (None: a vacant seat), and the figures before and after, where they differ."""

    first: int | None
    second: int | None
    changes: Mapping[str, tuple[int | float, int | float]]


def swap_seats(
    *, actor: Actor, round_id: int, first: SeatAt, second: SeatAt, version: int | None = None
) -> SwapOutcome:
    """Let the teams at two seats of a draft change places; says what that changes in the report's figures.

    In a fixed edition both seats must be of one role. Raises Invalid, Conflict (no draft) or Stale.
    """
    row = claim_round(round_id, version)
    draw = get_draft(row)
    tables = tables_of_draw(draw.id)
    before = {table.id: dict(table.seats) for table in tables}
    if first == second or any(seat.table_id not in before for seat in (first, second)):
        raise Invalid(N_("Choose two different seats of this draw."))
    one, other = before[first.table_id][first.role], before[second.table_id][second.role]
    if one is None and other is None:
        raise Invalid(N_("Both seats are vacant: there is nothing to swap."))
    after = {table_id: dict(seats) for table_id, seats in before.items()}
    after[first.table_id][first.role], after[second.table_id][second.role] = other, one
    if first.role is not second.role and get_edition_by_id(row.edition_id).role_policy == "fixed":
        raise Invalid(N_("Teams keep their role here: swap two seats of the same role."))
    _refuse_locked(tables, {first.table_id, second.table_id})
    refuse_bad_seats(row, list(after.values()))
    names = names_of_teams(row.edition_id)
    touched = [table for table in tables if table.id in (first.table_id, second.table_id)]
    remember(actor, row, draw, touched, f"{names.get(one, '–')} ↔ {names.get(other, '–')}")
    _replace_seats(draw, {first: other, second: one})
    changes = note_figures(draw, row, before.values(), after.values())
    finish(
        actor,
        "draw.swapped",
        row,
        version=draw.version,
        seats=[[seat.table_id, seat.role.value] for seat in (first, second)],
        teams=[one, other],
    )
    return SwapOutcome(first=one, second=other, changes=changes)


def seat_team(
    *, actor: Actor, round_id: int, team_id: int, seat: SeatAt | None, version: int | None = None
) -> SwapOutcome:
    """Put a team into a seat of a draft, or (`seat` None) take its seat away; whoever sat there has none then.

    `first` of the outcome is the team, `second` whoever lost the seat. Raises Invalid, Conflict or Stale.
    """
    row = claim_round(round_id, version)
    draw = get_draft(row)
    tables = tables_of_draw(draw.id)
    before = {table.id: dict(table.seats) for table in tables}
    after = reseated(before, team_id, seat)
    touched = [table for table in tables if after[table.id] != before[table.id]]
    if not touched:
        raise Invalid(N_("The team sits there already, or has no seat to lose."))
    _refuse_locked(tables, {table.id for table in touched})
    refuse_bad_seats(row, list(after.values()))
    names = names_of_teams(row.edition_id)
    table_names = {table.id: table.name for table in tables}
    place = f"{table_names[seat.table_id]}" if seat is not None else "–"
    remember(actor, row, draw, touched, f"{names.get(team_id, '–')} → {place}")
    _write_tables(draw, {table.id: after[table.id] for table in touched})
    changes = note_figures(draw, row, before.values(), after.values())
    finish(actor, "draw.team_moved", row, version=draw.version, team=team_id)
    displaced = before[seat.table_id][seat.role] if seat is not None else None
    return SwapOutcome(first=team_id, second=displaced, changes=changes)


def reseated(
    before: Mapping[int, Mapping[Role, int | None]], team_id: int, seat: SeatAt | None
) -> dict[int, dict[Role, int | None]]:
    """The seats with a team at another seat, or at none; raises Invalid for a seat that does not exist."""
    if seat is not None and seat.table_id not in before:
        raise Invalid(N_("Choose two different seats of this draw."))
    after = {
        table_id: {role: None if team == team_id else team for role, team in seats.items()}
        for table_id, seats in before.items()
    }
    if seat is not None:
        after[seat.table_id][seat.role] = team_id
    return after


def _write_tables(draw: Draw, seats: Mapping[int, Seats]) -> None:
    db.session.execute(
        delete(Seat).where(Seat.table_id.in_(seats)).execution_options(synchronize_session=False)
    )
    insert_seats(draw.id, seats)


def _refuse_locked(tables: Iterable[TableFacts], touched: set[int]) -> None:
    locked = [table.name for table in tables if table.id in touched and table.is_locked]
    if locked:
        raise Conflict(
            N_("Table %(table)s is locked. Unlock it before you change who sits there."), table=locked[0]
        )


def lock_table(
    *, actor: Actor, round_id: int, table_id: int, is_locked: bool, version: int | None = None
) -> None:
    """Lock a table of a draft, so that it stays as it is when the round is drawn again; or unlock it."""
    row = claim_round(round_id, version)
    draw = get_draft(row)
    table = next((table for table in tables_of_draw(draw.id) if table.id == table_id), None)
    if table is None:
        raise NotFound(N_("There is no such table in this draw."))
    if is_locked and not table.team_ids:
        raise Invalid(N_("A table without teams cannot be locked."))
    db.session.get_one(NegotiationTable, table_id).is_locked = is_locked
    finish(actor, f"table.{'locked' if is_locked else 'unlocked'}", row, table=table.name)


def preview_figures(
    row: Round, before: Iterable[Seats], after: Iterable[Seats]
) -> dict[str, tuple[int | float, int | float]]:
    """The figures that would change, before and after; empty where the round has none."""
    situation = situation_of(row)
    if row.stage != "preliminary" or len(situation.playing) < 4:
        return {}
    old, new = (measures_of(situation, seats).figures() for seats in (before, after))
    return {name: (old[name], new[name]) for name in SHOWN if old[name] != new[name]}


def _replace_seats(draw: Draw, seats: Mapping[SeatAt, int | None]) -> None:
    """Delete and insert: a team sits once in a draw at every moment."""
    for seat in seats:
        db.session.execute(
            delete(Seat)
            .where(Seat.table_id == seat.table_id, Seat.role == seat.role.value)
            .execution_options(synchronize_session=False)
        )
    rows = [
        {"draw_id": draw.id, "table_id": seat.table_id, "role": seat.role.value, "team_id": team}
        for seat, team in seats.items()
    ]
    db.session.execute(insert(Seat), rows)


def note_figures(
    draw: Draw, row: Round, before: Iterable[Seats], after: Iterable[Seats]
) -> dict[str, tuple[int | float, int | float]]:
    """Count the figures again, keep them in the report, and say which changed."""
    if row.stage != "preliminary" or len(situation_of(row).playing) < 4:
        return {}
    situation = situation_of(row)
    old, new = (measures_of(situation, seats).figures() for seats in (before, after))
    draw.report = {
        **draw.report,
        **{name: new[name] for name in draw.report if name in new},
        "changed_by_hand": int(draw.report.get("changed_by_hand", 0)) + 1,
        "proved_optimal": False,
    }
    return {name: (old[name], new[name]) for name in SHOWN if old[name] != new[name]}


def seat_table(
    *,
    actor: Actor,
    round_id: int,
    name: str,
    seats: Seats,
    table_id: int | None = None,
    version: int | None = None,
) -> int:
    """Seat one table of a draft by hand: a new one, or (with `table_id`) an existing one anew. A round without
    a draw gets an empty draft first. Returns the table's key.
    """
    row = claim_round(round_id, version)
    draw = get_draft(row) if live_draw(row.id) is not None else store_draw(row, None, {}, [])
    tables = {table.id: table for table in tables_of_draw(draw.id)}
    if table_id is not None and table_id not in tables:
        raise NotFound(N_("There is no such table in this draw."))
    _refuse_bad_table(tables, name, table_id)
    _refuse_locked(tables.values(), {table_id} if table_id is not None else set())
    others = [table.seats for table in tables.values() if table.id != table_id]
    refuse_bad_seats(row, [*others, seats])
    if table_id is None:
        forget(draw)
        position = max((table.position for table in tables.values()), default=0) + 1
        table_id = insert_tables(draw.id, [NewTable(name=name, seats=seats)], position)[0]
    else:
        remember(actor, row, draw, [tables[table_id]], name)
        db.session.get_one(NegotiationTable, table_id).name = name
        db.session.execute(delete(Seat).where(Seat.table_id == table_id))
        insert_seats(draw.id, {table_id: seats})
    finish(actor, "draw.seated_by_hand", row, version=draw.version, table=name)
    return table_id


def _refuse_bad_table(tables: Mapping[int, TableFacts], name: str, table_id: int | None) -> None:
    if not name:
        raise Invalid(N_("Give the table a name or a number."))
    if any(table.name == name and table.id != table_id for table in tables.values()):
        raise Conflict(N_("There is a table “%(name)s” in this draw already."), name=name)


def remove_table(*, actor: Actor, round_id: int, table_id: int, version: int | None = None) -> None:
    """Remove a table from a draft; its teams have no seat then."""
    row = claim_round(round_id, version)
    draw = get_draft(row)
    table = next((table for table in tables_of_draw(draw.id) if table.id == table_id), None)
    if table is None:
        raise NotFound(N_("There is no such table in this draw."))
    _refuse_locked([table], {table_id})
    forget(draw)
    db.session.execute(delete(NegotiationTable).where(NegotiationTable.id == table_id))
    finish(actor, "draw.table_removed", row, version=draw.version, table=table.name)

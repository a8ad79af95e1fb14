"""Rooms of a draw: filling the gaps, and giving a table a room by hand."""

from __future__ import annotations

from competition.editions.public import rooms_of
from competition.rounds.allocation import allocate_rooms
from competition.rounds.field import delegate_counts
from competition.rounds.models import NegotiationTable
from competition.rounds.queries import live_draw, tables_of_draw
from competition.rounds.services.claim import claim_round, finish
from core.access import Actor
from core.db import db
from core.errors import Conflict, NotFound
from core.localised import N_


def fill_rooms(draw_id: int, edition_id: int) -> int:
    """Give every table without a room one that is free and large enough; returns how many got one."""
    tables = tables_of_draw(draw_id)
    rooms = [(room.id, room.capacity) for room in rooms_of(edition_id)]
    delegates = delegate_counts(edition_id)
    people = [
        (table.id, sum(delegates.get(team, 0) for team in table.team_ids) + len(table.panel))
        for table in tables
        if table.room_id is None and table.team_ids
    ]
    taken = {table.room_id for table in tables if table.room_id is not None}
    chosen = allocate_rooms(people, rooms, taken)
    for table_id, room_id in chosen.items():
        db.session.get_one(NegotiationTable, table_id).room_id = room_id
    db.session.flush()
    return len(chosen)


def fill_round_rooms(*, actor: Actor, round_id: int, version: int | None = None) -> int:
    """Fill the gaps of the rooms of a round's draw; returns how many tables got one."""
    row = claim_round(round_id, version)
    draw = live_draw(row.id)
    if draw is None:
        raise Conflict(N_("This round has no draw yet. Draft one first."))
    count = fill_rooms(draw.id, row.edition_id)
    finish(actor, "rooms.filled", row, tables=count)
    return count


def set_room(
    *, actor: Actor, round_id: int, table_id: int, room_id: int | None, version: int | None = None
) -> str | None:
    """Put a table into a room, or into none. A table that already sits there gives the room up: its name is
    returned, because it needs another one.
    """
    row = claim_round(round_id, version)
    draw = live_draw(row.id)
    tables = {table.id: table for table in tables_of_draw(draw.id)} if draw is not None else {}
    if table_id not in tables:
        raise NotFound(N_("There is no such table in this draw."))
    if room_id is not None and room_id not in {room.id for room in rooms_of(row.edition_id)}:
        raise NotFound(N_("There is no such room in this edition."))
    other = next(
        (t for t in tables.values() if room_id is not None and t.room_id == room_id and t.id != table_id),
        None,
    )
    if other is not None:
        db.session.get_one(NegotiationTable, other.id).room_id = None
    db.session.get_one(NegotiationTable, table_id).room_id = room_id
    finish(actor, "room.changed", row, table=tables[table_id].name)
    return other.name if other is not None else None

"""Rooms of a draw: filling the gaps, and giving a table a room by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from competition.editions.public import rooms_of
from competition.rounds.facts import TableFacts
from competition.rounds.field import delegate_counts
from competition.rounds.models import NegotiationTable
from competition.rounds.queries import live_draw, tables_of_draw, tables_of_edition
from competition.rounds.services.absences import absences_of
from competition.rounds.services.claim import claim_round, finish
from competition.rounds.services.history import remember
from competition.rounds.turns import share_judges
from core.access import Actor
from core.db import db
from core.errors import Conflict, NotFound
from core.localised import N_

if TYPE_CHECKING:
    from competition.draw.rooms import TableToHouse

ANY_SIZE = 10**6
OUTSIDE = "outside"
"""Where a team comes from that was in no room yet: every room is as far."""


def fill_rooms(draw_id: int, edition_id: int) -> int:
    """Give every table without a room one that is free and large enough; returns how many got one.

    Teams stay in the room of their last round where they can; otherwise tables take the rooms in their order.
    A room whose capacity nobody noted holds any table.
    """
    from competition.draw.rooms import Room, allocate_rooms

    tables = [table for table in tables_of_draw(draw_id) if table.team_ids or table.room_id is not None]
    closed = (
        {one.subject_id for one in absences_of(tables[0].round_id) if one.kind == "room"} if tables else ()
    )
    taken = {table.room_id for table in tables if table.room_id is not None}
    rooms = [room for room in rooms_of(edition_id) if room.id not in closed and room.id not in taken]
    open_tables = [table for table in tables if table.room_id is None]
    if not open_tables or not rooms:
        return 0
    places = [
        Room(id=str(room.id), capacity=ANY_SIZE if room.capacity is None else room.capacity, quality=-place)
        for place, room in enumerate(rooms)
    ]
    plan = allocate_rooms(
        _tables_to_house(open_tables, edition_id),
        [
            *places,
            *(Room(id=str(key), is_available=False) for key in taken),
            Room(id=OUTSIDE, is_available=False),
        ],
    )
    chosen = {table.id: int(room) for table in open_tables if (room := plan.rooms[table.id]) is not None}
    for table_id, room_id in chosen.items():
        db.session.get_one(NegotiationTable, table_id).room_id = room_id
    db.session.flush()
    return len(chosen)


def _tables_to_house(tables: Sequence[TableFacts], edition_id: int) -> list[TableToHouse]:
    from competition.draw.rooms import TableToHouse

    delegates, number = delegate_counts(edition_id), tables[0].round_number
    last: dict[int, str] = {}
    for table in tables_of_edition(edition_id):
        if table.round_number < number and table.room_id is not None:
            last.update(dict.fromkeys(table.team_ids, str(table.room_id)))
    return [
        TableToHouse(
            table=table.id,
            people={str(team): last.get(team, OUTSIDE) for team in table.team_ids},
            size=sum(delegates.get(team, 0) for team in table.team_ids) + len(table.panel),
            importance=-table.position,
        )
        for table in tables
    ]


def fill_round_rooms(*, actor: Actor, round_id: int, version: int | None = None) -> int:
    """Fill the gaps of the rooms of a round's draw; returns how many tables got one."""
    row = claim_round(round_id, version)
    draw = live_draw(row.id)
    if draw is None:
        raise Conflict(N_("This round has no draw yet. Draft one first."))
    remember(actor, row, draw, tables_of_draw(draw.id), "+ ⌂")
    count = fill_rooms(draw.id, row.edition_id)
    finish(actor, "rooms.filled", row, tables=count)
    return count


def set_room(
    *, actor: Actor, round_id: int, table_id: int, room_id: int | None, version: int | None = None
) -> str | None:
    """Put a table into a room, or into none. A table that already sits there gives the room up, unless one panel
    judges both in turn: its name is returned, because it needs another one.
    """
    row = claim_round(round_id, version)
    draw = live_draw(row.id)
    tables = {table.id: table for table in tables_of_draw(draw.id)} if draw is not None else {}
    if table_id not in tables:
        raise NotFound(N_("There is no such table in this draw."))
    if room_id is not None and room_id not in {room.id for room in rooms_of(row.edition_id)}:
        raise NotFound(N_("There is no such room in this edition."))
    other = next(
        (
            t
            for t in tables.values()
            if room_id is not None
            and t.room_id == room_id
            and t.id != table_id
            and not share_judges(t, tables[table_id])
        ),
        None,
    )
    if draw is not None:
        touched = [tables[table_id], *([other] if other is not None else [])]
        remember(actor, row, draw, touched, f"{tables[table_id].name} ⌂")
    if other is not None:
        db.session.get_one(NegotiationTable, other.id).room_id = None
    db.session.get_one(NegotiationTable, table_id).room_id = room_id
    finish(actor, "room.changed", row, table=tables[table_id].name)
    return other.name if other is not None else None

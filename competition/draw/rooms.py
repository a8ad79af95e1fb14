"""Tables to rooms: capacity, step-free access and site are kept, people stay put, better rooms go to what
matters.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from competition.draw.model import BadProblem
from competition.draw.solvers import assigned

FORBIDDEN = 1e9
OTHER_SITE = 100.0
MOVE = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A room: how many people it holds, whether it is reached without steps, its site, and how good it is
    (more is better, any scale).
    """

    id: str
    capacity: int = 0
    is_step_free: bool = False
    site: str | None = None
    quality: float = 0.0
    is_available: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TableToHouse:
    """A table that needs a room: its people (teams and judges) with the room each was in last (None: in
    none).
    """

    table: int
    people: Mapping[str, str | None] = field(default_factory=dict)
    size: int = 0
    needs_step_free: bool = False
    site: str | None = None
    importance: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomPlan:
    """The room of every table (None where no room serves), and how many people change rooms or sites."""

    rooms: Mapping[int, str | None]
    moves: int
    site_changes: int


def allocate_rooms(
    tables: Sequence[TableToHouse], rooms: Sequence[Room], *, kept: Mapping[int, str] | None = None
) -> RoomPlan:
    """The rooms by one assignment: nobody moves who need not, fewest change sites, importance gets quality.

    Rooms in `kept` stand. A table gets no room that is too small, has steps it cannot use, or lies on a
    site it may not use. Raises `BadProblem` where a kept room does not exist or is kept twice.
    """
    kept = kept or {}
    names = {room.id: room for room in rooms}
    _check(tables, names, kept)
    open_tables = [table for table in tables if table.table not in kept]
    free = [room for room in rooms if room.is_available and room.id not in set(kept.values())]
    chosen: dict[int, str | None] = {table.table: kept.get(table.table) for table in tables}
    if open_tables and free:
        cost = np.array(
            [[_cost(table, room, names) for room in free] for table in open_tables], dtype=np.float64
        )
        cost -= 0.01 * np.outer(
            _scaled([t.importance for t in open_tables]), _scaled([r.quality for r in free])
        )
        none = np.full((len(open_tables), len(open_tables)), FORBIDDEN)
        for table, j in zip(open_tables, assigned(np.hstack([cost, none])), strict=True):
            if j < len(free) and _serves(table, free[j]):
                chosen[table.table] = free[j].id
    return _counted(tables, names, chosen)


def _check(tables: Sequence[TableToHouse], names: Mapping[str, Room], kept: Mapping[int, str]) -> None:
    for number, name in kept.items():
        if name not in names or number not in {table.table for table in tables}:
            raise BadProblem(f"room {name!r} cannot be kept for table {number}")
    if len(set(kept.values())) < len(kept):
        raise BadProblem("one room is kept for two tables")


def _serves(table: TableToHouse, room: Room) -> bool:
    return (
        room.capacity >= table.size
        and (room.is_step_free or not table.needs_step_free)
        and (table.site is None or room.site == table.site)
    )


def _cost(table: TableToHouse, room: Room, names: Mapping[str, Room]) -> float:
    if not _serves(table, room):
        return FORBIDDEN
    before = [names[last] for last in table.people.values() if last is not None and last in names]
    return sum(MOVE * (last.id != room.id) + OTHER_SITE * (last.site != room.site) for last in before)


def _scaled(values: Sequence[float]) -> NDArray[np.float64]:
    """Values between 0 and 1, in their order."""
    array = np.array(values, dtype=np.float64)
    above: NDArray[np.float64] = array - array.min()
    scaled: NDArray[np.float64] = above / max(float(above.max()), 1e-12)
    return scaled


def _counted(
    tables: Sequence[TableToHouse], names: Mapping[str, Room], chosen: Mapping[int, str | None]
) -> RoomPlan:
    """The plan with its figures, counted from scratch."""
    pairs = [
        (names[last], names[room])
        for table in tables
        if (room := chosen[table.table]) is not None
        for last in table.people.values()
        if last is not None and last in names
    ]
    return RoomPlan(
        rooms=chosen,
        moves=sum(last.id != room.id for last, room in pairs),
        site_changes=sum(last.site != room.site for last, room in pairs),
    )

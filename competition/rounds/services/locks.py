"""Locked tables: what stays of a draft when the rest of its round is drawn again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from competition.rounds.facts import TableFacts
from competition.rounds.field import FieldTeam
from competition.rounds.models import Draw, NegotiationTable, PanelJudge
from competition.rounds.queries import live_draw, tables_of_draw
from core.db import db
from core.errors import Conflict
from core.localised import N_
from core.roles import ROLES

if TYPE_CHECKING:
    from competition.draw.model import LockedTable


def locked_tables(round_id: int, teams: Sequence[FieldTeam]) -> list[TableFacts]:
    """The locked tables of the round's draft; raises Conflict when one seats a team that does not play any more."""
    draw = live_draw(round_id)
    if draw is None:
        return []
    known = {team.id: team for team in teams}
    tables = [table for table in tables_of_draw(draw.id) if table.is_locked]
    for table in tables:
        for key in table.team_ids:
            team = known.get(key)
            if team is None or not (team.is_stand_in or team.plays_in(table.round_number)):
                raise Conflict(
                    N_(
                        "Table %(table)s is locked, but %(team)s does not play in this round. Unlock it first."
                    ),
                    table=table.name,
                    team=team.name if team is not None else "–",
                )
    return tables


def engine_locks(tables: Sequence[TableFacts], playing: set[int]) -> tuple[LockedTable, ...]:
    """The locked tables as the engine wants them: stand-ins are vacant seats, a numbered table keeps its number."""
    from competition.draw.model import LockedTable

    return tuple(
        LockedTable(
            seats={role: str(key) if (key := table.seats[role]) in playing else None for role in ROLES},
            table=int(table.name) if table.name.isdecimal() and table.name.isascii() else None,
        )
        for table in tables
        if any(key in playing for key in table.team_ids)
    )


def keep_locked(draw: Draw, locked: Sequence[TableFacts]) -> None:
    """Give the locked tables of a new draft the panel, room, name and lock that they had.

    A locked table is the one that holds most of its teams: a stand-in may have been exchanged for another.
    """
    new = tables_of_draw(draw.id)
    names = {table.name for table in new}
    for old in locked:
        shared = {table.id: len(set(table.team_ids) & set(old.team_ids)) for table in new}
        table = max(new, key=lambda one: shared[one.id])
        stored = db.session.get_one(NegotiationTable, table.id)
        stored.room_id, stored.is_locked = old.room_id, True
        if old.name not in names:
            names.add(old.name)
            stored.name = old.name
        db.session.add_all(
            PanelJudge(table_id=table.id, judge_id=place.judge_id, position=place.position)
            for place in old.panel
        )
    db.session.flush()

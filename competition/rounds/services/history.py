"""Taking back what was done by hand: before each change the tables it touches are kept as they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import delete, select

from competition.rounds.facts import TableFacts
from competition.rounds.models import Draw, DrawChange, NegotiationTable, PanelJudge, Round, Seat
from competition.rounds.queries import live_draw, tables_of_draw
from competition.rounds.services.claim import claim_round, finish
from core.access import Actor
from core.db import db, utc_now
from core.errors import Conflict
from core.localised import N_
from core.roles import ROLES

MOST_KEPT = 50


def remember(actor: Actor, row: Round, draw: Draw, tables: Iterable[TableFacts], label: str) -> None:
    """Keep these tables as they are now, under `label`; a released draw keeps its changes elsewhere."""
    if draw.state == "released":
        return
    change = DrawChange(
        draw_id=draw.id,
        round_version=row.version,
        made_at=utc_now(),
        person_id=actor.person_id,
        label=label[:400],
        before=[_kept(table) for table in tables],
    )
    db.session.add(change)
    db.session.flush()
    old = select(DrawChange.id).where(DrawChange.draw_id == draw.id).order_by(DrawChange.id.desc())
    db.session.execute(
        delete(DrawChange).where(DrawChange.id.in_(old.offset(MOST_KEPT).limit(MOST_KEPT))),
        execution_options={"synchronize_session": False},
    )


def _kept(table: TableFacts) -> dict[str, Any]:
    return {
        "table": table.id,
        "seats": {role.value: table.seats[role] for role in ROLES},
        "panel": [[place.judge_id, place.position] for place in table.panel],
        "room": table.room_id,
        "is_locked": table.is_locked,
    }


def forget(draw: Draw) -> None:
    """Begin anew: a table was added or removed, so earlier states cannot be put back."""
    db.session.execute(delete(DrawChange).where(DrawChange.draw_id == draw.id))


def last_change(draw_id: int) -> DrawChange | None:
    """What would be taken back next."""
    query = select(DrawChange).where(DrawChange.draw_id == draw_id).order_by(DrawChange.id.desc())
    return db.session.scalar(query.limit(1))


def undo_change(*, actor: Actor, round_id: int, version: int | None = None) -> str:
    """Put the tables of the last change back as they were; returns what was taken back.

    Raises Conflict when there is nothing to take back, Stale when somebody else was faster.
    """
    row = claim_round(round_id, version)
    draw = live_draw(row.id)
    change = last_change(draw.id) if draw is not None else None
    if draw is None or change is None or draw.state == "released":
        raise Conflict(N_("There is nothing to take back in this draw."))
    _put_back(draw, change.before)
    db.session.delete(change)
    finish(actor, "draw.change_undone", row, version=draw.version, change=change.label)
    return change.label


def _put_back(draw: Draw, tables: Sequence[dict[str, Any]]) -> None:
    """Delete first, insert afterwards: a team sits once in a draw at every moment."""
    ids = [table["table"] for table in tables]
    known = {table.id for table in tables_of_draw(draw.id)}
    if not known.issuperset(ids):
        raise Conflict(N_("There is nothing to take back in this draw."))
    db.session.execute(delete(Seat).where(Seat.table_id.in_(ids)))
    db.session.execute(delete(PanelJudge).where(PanelJudge.table_id.in_(ids)))
    for table in tables:
        stored = db.session.get_one(NegotiationTable, table["table"])
        stored.room_id, stored.is_locked = table["room"], table["is_locked"]
        db.session.add_all(
            Seat(draw_id=draw.id, table_id=table["table"], role=role, team_id=team)
            for role, team in table["seats"].items()
        )
        db.session.add_all(
            PanelJudge(table_id=table["table"], judge_id=judge, position=position)
            for judge, position in table["panel"]
        )
    db.session.flush()

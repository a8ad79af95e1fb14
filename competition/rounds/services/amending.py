"""Changing a draw in any state by a repair that was shown: seats of a few tables, or one judge's place on a panel.

A released draw keeps its version: its tables, sheets and links stay, what changed is kept in its report and in the
audit, and only those whose table changed are told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import delete

from competition.rounds.blockers import reasons_against_changing, refuse_to_take_off
from competition.rounds.events import was_released
from competition.rounds.facts import TableFacts
from competition.rounds.models import Draw, NegotiationTable, PanelJudge, Round, Seat
from competition.rounds.outcomes import live_results
from competition.rounds.queries import live_draw, tables_of_draw
from competition.rounds.repairing import SeatRepair
from competition.rounds.services.claim import claim_round, finish
from competition.rounds.services.panels import make_room_for_chair
from competition.rounds.services.seating import note_figures
from competition.rounds.services.telling import tell_tables
from competition.rounds.services.versions import NewTable, insert_seats, insert_tables, refuse_bad_seats
from core.access import Actor
from core.db import db, utc_now
from core.errors import Conflict
from core.localised import N_
from core.roles import ROLES


def amend_seats(
    *, actor: Actor, round_id: int, repair: SeatRepair, reason: str, version: int | None = None
) -> int:
    """Carry out a repair; returns how many mails went out.

    Raises Stale when the round changed since it was shown, Conflict when a table has sheets or a result by now.
    """
    row = claim_round(round_id, version)
    draw = _live(row)
    before = {table.id: table for table in tables_of_draw(draw.id)}
    touched = [table.table_id for table in repair.tables if table.table_id is not None]
    touched += repair.given_up
    _refuse_built_on(draw, touched)
    refuse_bad_seats(row, [table.seats for table in repair.tables])
    _seat(draw, repair, touched, before)
    after = tables_of_draw(draw.id)
    note_figures(draw, row, [table.seats for table in before.values()], [table.seats for table in after])
    names = {table.name for table in repair.tables} | {before[key].name for key in repair.given_up}
    changed = [table for table in after if table.name in names]
    _note(draw, reason, [table for table in before.values() if table.name in names], changed)
    finish(actor, "draw.amended", row, version=draw.version, kind=repair.kind, tables=sorted(names))
    if draw.state != "released":
        return 0
    was_released(row.id)
    gone = [key for key, (_was, now) in repair.moved.items() if now is None]
    return tell_tables(row, changed, without_seat=gone)


def _live(row: Round) -> Draw:
    draw = live_draw(row.id)
    if draw is None:
        raise Conflict(N_("This round has no draw yet. Draft one first."))
    return draw


def _refuse_built_on(draw: Draw, table_ids: Sequence[int]) -> None:
    if set(live_results(draw.id)) & set(table_ids) or reasons_against_changing(table_ids):
        raise Conflict(
            N_(
                "One of these tables has sheets or a result by now, so it stays as it is. Look at the repairs again."
            )
        )


def _seat(draw: Draw, repair: SeatRepair, touched: Sequence[int], before: Mapping[int, TableFacts]) -> None:
    """Delete all seats first and insert afterwards: a team sits once at every moment."""
    db.session.execute(delete(Seat).where(Seat.table_id.in_(touched)))
    if repair.given_up:
        db.session.execute(delete(NegotiationTable).where(NegotiationTable.id.in_(repair.given_up)))
    kept = {table.table_id: table.seats for table in repair.tables if table.table_id is not None}
    if kept:
        insert_seats(draw.id, kept)
    new = [NewTable(name=table.name, seats=table.seats) for table in repair.tables if table.table_id is None]
    position = max((table.position for table in before.values()), default=0) + 1
    insert_tables(draw.id, new, position)
    db.session.flush()


def _note(draw: Draw, reason: str, before: Sequence[TableFacts], after: Sequence[TableFacts]) -> None:
    """Keep what a change replaced beside the draw: teams by key, table by table."""
    entry = {
        "at": utc_now().isoformat(),
        "state": draw.state,
        "reason": reason,
        "before": {table.name: [table.seats[role] for role in ROLES] for table in before},
        "after": {table.name: [table.seats[role] for role in ROLES] for table in after},
    }
    draw.report = {**draw.report, "amendments": [*draw.report.get("amendments", []), entry]}


def replace_judge(
    *,
    actor: Actor,
    round_id: int,
    table_id: int,
    judge_id: int,
    by: int | None,
    chair: int | None,
    version: int | None = None,
) -> int:
    """Take a judge off a panel; `by` takes their position, or nobody does and `chair` leads the panel.

    Returns how many mails went out. Raises Stale, or Conflict when the judge is not on that panel any more.
    """
    row = claim_round(round_id, version)
    draw = _live(row)
    tables = {table.id: table for table in tables_of_draw(draw.id)}
    own = tables.get(table_id)
    place = next((one for one in own.panel if one.judge_id == judge_id), None) if own is not None else None
    if own is None or place is None:
        raise Conflict(N_("This judge is not on that panel any more."))
    refuse_to_take_off({table_id: own.name}, judge_id)
    _take_off(table_id, [judge_id])
    if by is not None:
        left = {
            key: table.name for key, table in tables.items() if any(p.judge_id == by for p in table.panel)
        }
        refuse_to_take_off(left, by)
        _take_off(None, [by], tables)
        db.session.add(PanelJudge(table_id=table_id, judge_id=by, position=place.position))
    if chair is not None and chair != by:
        make_room_for_chair(table_id)
        db.session.query(PanelJudge).filter_by(table_id=table_id, judge_id=chair).update(
            {"position": "chair"}
        )
    db.session.flush()
    finish(actor, "panel.replaced", row, table=own.name, judge_id=judge_id, by=by)
    if draw.state != "released":
        return 0
    was_released(row.id)
    changed = [table for table in tables_of_draw(draw.id) if table.id == table_id]
    return tell_tables(row, changed, judges=[key for key in (by, chair) if key is not None])


def _take_off(
    table_id: int | None, judges: Sequence[int], tables: Mapping[int, TableFacts] | None = None
) -> None:
    places = [table_id] if table_id is not None else list(tables or {})
    db.session.execute(
        delete(PanelJudge).where(PanelJudge.judge_id.in_(judges), PanelJudge.table_id.in_(places))
    )

"""Panels by hand: filling a round's gaps on request, and seating, moving or removing a judge."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select, update

from competition.rounds.blockers import refuse_to_take_off
from competition.rounds.facts import PanelPlace, TableFacts
from competition.rounds.field import FieldJudge, judges_of, teams_of
from competition.rounds.models import Draw, NegotiationTable, PanelJudge, Round
from competition.rounds.queries import live_draw, tables_of_draw, tables_of_edition
from competition.rounds.services.claim import claim_round, finish
from competition.rounds.services.engine_panels import voting
from competition.rounds.services.history import remember
from competition.rounds.services.panel_filling import fill_panels
from core.access import Actor
from core.db import db
from core.errors import Conflict, Invalid, NotFound
from core.localised import N_

POSITIONS = ("chair", "panellist", "trainee")


def fill_round_panels(*, actor: Actor, round_id: int, version: int | None = None) -> int:
    """Fill the gaps of the panels of a round's draw; returns how many judges were seated."""
    row = claim_round(round_id, version)
    draw = _live(row)
    remember(actor, row, draw, tables_of_draw(draw.id), "+ ⚖")
    count = fill_panels(draw.id, row)
    finish(actor, "panels.filled", row, judges=count)
    return count


def clear_round_panels(*, actor: Actor, round_id: int, version: int | None = None) -> None:
    """Take every judge off the tables of a draft."""
    row = claim_round(round_id, version)
    draw = _live(row)
    if draw.state != "draft":
        raise Conflict(N_("Only a draft's panels can be emptied. Take the draw back to a draft first."))
    tables = tables_of_draw(draw.id)
    remember(actor, row, draw, tables, "– ⚖")
    ids = [table.id for table in tables]
    db.session.execute(delete(PanelJudge).where(PanelJudge.table_id.in_(ids)))
    finish(actor, "panels.cleared", row)


def place_judge(
    *,
    actor: Actor,
    round_id: int,
    table_id: int,
    judge_id: int,
    position: str | None,
    version: int | None = None,
) -> list[str]:
    """Seat a judge at a table in a position, or take them off it (`position` None). A judge who sits at another
    table of the round moves; a chair who is replaced becomes a panellist.

    Returns warnings: the conflict of interest this makes, in stable words (`own_institution`, `coach`,
    `team`, `institution`, `seen_before`), because an organiser may have to accept one.
    """
    row = claim_round(round_id, version)
    draw = _live(row)
    tables = {table.id: table for table in tables_of_draw(draw.id)}
    judge = next((judge for judge in judges_of(row.edition_id) if judge.id == judge_id), None)
    if table_id not in tables or judge is None:
        raise NotFound(N_("There is no such table or judge in this round."))
    if position is not None and position not in POSITIONS:
        raise Invalid(N_("A judge sits as chair, panellist or trainee."))
    touched = [table for table in tables.values() if table.id == table_id or _sits(judge_id, table)]
    left = {table.id: table.name for table in touched if position is None or table.id != table_id}
    refuse_to_take_off({key: name for key, name in left.items() if _sits(judge_id, tables[key])}, judge_id)
    place = tables[table_id].name if position is not None else "–"
    remember(actor, row, draw, touched, f"{judge.name} → {place}")
    _take_off(judge_id, tables, table_id, position)
    if position is not None:
        if position == "chair":
            make_room_for_chair(table_id)
        db.session.add(PanelJudge(table_id=table_id, judge_id=judge_id, position=position))
    finish(
        actor, "panel.changed", row, table=tables[table_id].name, judge_id=judge_id, position=position or ""
    )
    return _warnings(row, tables[table_id], judge) if position is not None else []


def seat_common_panel(
    *,
    actor: Actor,
    round_id: int,
    panel: Sequence[PanelPlace],
    table_ids: Sequence[int],
    in_one_room: bool,
    version: int | None = None,
) -> list[str]:
    """Let one panel judge several tables of an elimination round, one after another in their order.

    Whoever judged these tables leaves them; the panel leaves its other tables. With `in_one_room` all get the first
    room that one of them has. Returns the names of judge and team of every conflict of interest that this makes.
    Raises Invalid for a preliminary round, without a chair, or for fewer than two tables; Conflict once a judge who
    would leave has submitted a sheet.
    """
    row = claim_round(round_id, version)
    draw = _live(row)
    tables = {table.id: table for table in tables_of_draw(draw.id)}
    if row.stage != "elimination":
        raise Invalid(N_("Only tables of an elimination round are judged one after another."))
    chosen = [table for table in tables.values() if table.id in set(table_ids)]
    if len(chosen) < 2 or len(chosen) < len(set(table_ids)):
        raise Invalid(N_("Choose at least two tables of this round."))
    if sum(place.position == "chair" for place in panel) != 1:
        raise Invalid(N_("A panel has exactly one chair. Choose one."))
    own = {place.judge_id for place in panel}
    touched = [t for t in tables.values() if t in chosen or any(_sits(judge, t) for judge in own)]
    for table in touched:
        for place in table.panel:
            if place.judge_id not in own or table not in chosen:
                refuse_to_take_off({table.id: table.name}, place.judge_id)
    names = ", ".join(table.name for table in chosen)
    remember(actor, row, draw, touched, f"⚖ → {names}")
    _seat_everywhere(panel, chosen, left=[table for table in touched if table not in chosen])
    room = next((table.room_id for table in chosen if table.room_id is not None), None)
    if in_one_room and room is not None:
        query = update(NegotiationTable).where(NegotiationTable.id.in_([table.id for table in chosen]))
        db.session.execute(query.values(room_id=room), execution_options={"synchronize_session": False})
    finish(actor, "panel.common", row, tables=names, judges=sorted(own))
    return _conflicts_of(row, chosen, own)


def _seat_everywhere(
    panel: Sequence[PanelPlace], chosen: Sequence[TableFacts], *, left: Sequence[TableFacts]
) -> None:
    """The panel alone at the chosen tables, and at none of those that it leaves."""
    own = [place.judge_id for place in panel]
    ids = [table.id for table in chosen]
    others = [table.id for table in left]
    db.session.execute(delete(PanelJudge).where(PanelJudge.table_id.in_(ids)))
    db.session.execute(
        delete(PanelJudge).where(PanelJudge.table_id.in_(others), PanelJudge.judge_id.in_(own))
    )
    db.session.add_all(
        PanelJudge(table_id=table, judge_id=place.judge_id, position=place.position)
        for table in ids
        for place in panel
    )


def _conflicts_of(row: Round, tables: Sequence[TableFacts], judge_ids: set[int]) -> list[str]:
    teams = {team.id: team for team in teams_of(row.edition_id)}
    judges = [judge for judge in judges_of(row.edition_id) if judge.id in judge_ids]
    return [
        f"{judge.name} / {teams[team].name}"
        for judge in judges
        for table in tables
        for team in table.team_ids
        if judge.conflict_with(teams[team]) is not None
    ]


def _sits(judge_id: int, table: TableFacts) -> bool:
    return any(place.judge_id == judge_id for place in table.panel)


def _take_off(judge_id: int, tables: dict[int, TableFacts], table_id: int, position: str | None) -> None:
    """A judge sits at one table of a round: leave the place they have (only this table's when removing)."""
    ids = list(tables) if position is not None else [table_id]
    db.session.execute(
        delete(PanelJudge).where(PanelJudge.judge_id == judge_id, PanelJudge.table_id.in_(ids))
    )


def make_room_for_chair(table_id: int) -> None:
    """Make a table's chair a panellist, so that somebody else can take the chair."""
    for place in db.session.scalars(
        select(PanelJudge).where(PanelJudge.table_id == table_id, PanelJudge.position == "chair")
    ):
        place.position = "panellist"
    db.session.flush()


def _warnings(row: Round, table: TableFacts, judge: FieldJudge) -> list[str]:
    teams = {team.id: team for team in teams_of(row.edition_id)}
    found = [reason for team in table.team_ids if (reason := judge.conflict_with(teams[team])) is not None]
    before = {
        team
        for other in tables_of_edition(row.edition_id)
        if other.round_id != row.id and judge.id in voting(other)
        for team in other.team_ids
    }
    if before & set(table.team_ids):
        found.append("seen_before")
    return list(dict.fromkeys(found))


def _live(row: Round) -> Draw:
    draw = live_draw(row.id)
    if draw is None:
        raise Conflict(N_("This round has no draw yet. Draft one first."))
    return draw

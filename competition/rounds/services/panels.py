"""Panels by hand: filling a round's gaps on request, and seating, moving or removing a judge."""

from __future__ import annotations

from sqlalchemy import delete, select

from competition.rounds.facts import TableFacts
from competition.rounds.field import FieldJudge, judges_of, teams_of
from competition.rounds.models import Draw, PanelJudge, Round
from competition.rounds.queries import live_draw, tables_of_draw, tables_of_edition
from competition.rounds.services.claim import claim_round, finish
from competition.rounds.services.history import remember
from competition.rounds.services.panel_filling import fill_panels, voting
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

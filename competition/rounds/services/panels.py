"""Panels: filling the gaps of a draw, and seating, moving or removing a judge by hand."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, insert

from competition.rounds.allocation import (
    PanelJudgeState,
    PanelTable,
    allocate_judges,
    chair_of,
    seen_counts,
)
from competition.rounds.facts import TableFacts
from competition.rounds.field import FieldJudge, FieldTeam, judges_of, teams_of
from competition.rounds.models import Draw, PanelJudge, Round
from competition.rounds.queries import live_draw, tables_of_draw, tables_of_edition
from competition.rounds.services.claim import claim_round, finish
from core.access import Actor
from core.db import db
from core.errors import Conflict, Invalid, NotFound
from core.localised import N_

LARGEST_PANEL = 3
POSITIONS = ("chair", "panellist", "trainee")
UNRATED = 5.0


def fill_panels(draw_id: int, row: Round, size: int | None = None) -> int:
    """Fill the gaps of a draw's panels; given judges stay. Returns how many were seated.

    `size` is the panel wanted at each table: as many judges as there are for every table, at most three.
    Trainees count neither as judges of the panel nor as free.
    """
    tables = [table for table in tables_of_draw(draw_id) if table.team_ids]
    judges = judges_of(row.edition_id)
    if not tables or not judges:
        return 0
    size = size or min(LARGEST_PANEL, max(1, len(judges) // len(tables)))
    busy = {place.judge_id for table in tables for place in table.panel if place.position == "trainee"}
    added = allocate_judges(
        [
            PanelTable(id=table.id, teams=frozenset(table.team_ids), given=_panel_of(table))
            for table in tables
        ],
        [state for state in _states(judges, teams_of(row.edition_id), row) if state.id not in busy],
        size,
    )
    ratings = {judge.id: _rating(judge) for judge in judges}
    rows = [place for table in tables for place in _places(table, added[table.id], ratings)]
    if rows:
        db.session.execute(insert(PanelJudge), rows)
    return len(rows)


def _panel_of(table: TableFacts) -> tuple[int, ...]:
    return tuple(place.judge_id for place in table.panel if place.position != "trainee")


def _places(table: TableFacts, added: Sequence[int], ratings: dict[int, float]) -> list[dict[str, object]]:
    """The new places of a table; its chair is the highest rated, unless it has one."""
    chair = None if table.chair_id is not None else chair_of(added, ratings)
    return [
        {
            "table_id": table.id,
            "judge_id": judge,
            "position": "chair" if judge == chair else "panellist",
        }
        for judge in sorted(added, key=lambda key: key != chair)
    ]


def _states(judges: Sequence[FieldJudge], teams: Sequence[FieldTeam], row: Round) -> list[PanelJudgeState]:
    others = [table for table in tables_of_edition(row.edition_id) if table.round_id != row.id]
    seen, load = seen_counts([(_panel_of(table), table.team_ids) for table in others])
    return [
        PanelJudgeState(
            id=judge.id,
            rating=_rating(judge),
            institution=judge.institution_id,
            barred=frozenset(team.id for team in teams if judge.conflict_with(team)),
            seen=seen.get(judge.id, {}),
            load=load[judge.id],
        )
        for judge in judges
    ]


def _rating(judge: FieldJudge) -> float:
    return UNRATED if judge.rating is None else float(judge.rating)


def fill_round_panels(*, actor: Actor, round_id: int, version: int | None = None) -> int:
    """Fill the gaps of the panels of a round's draw; returns how many judges were seated."""
    row = claim_round(round_id, version)
    count = fill_panels(_live(row).id, row)
    finish(actor, "panels.filled", row, judges=count)
    return count


def clear_round_panels(*, actor: Actor, round_id: int, version: int | None = None) -> None:
    """Take every judge off the tables of a draft."""
    row = claim_round(round_id, version)
    draw = _live(row)
    if draw.state != "draft":
        raise Conflict(N_("Only a draft's panels can be emptied. Take the draw back to a draft first."))
    ids = [table.id for table in tables_of_draw(draw.id)]
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
    tables = {table.id: table for table in tables_of_draw(_live(row).id)}
    judge = next((judge for judge in judges_of(row.edition_id) if judge.id == judge_id), None)
    if table_id not in tables or judge is None:
        raise NotFound(N_("There is no such table or judge in this round."))
    if position is not None and position not in POSITIONS:
        raise Invalid(N_("A judge sits as chair, panellist or trainee."))
    _take_off(judge_id, tables, table_id, position)
    if position is not None:
        if position == "chair":
            _make_room_for_chair(table_id)
        db.session.add(PanelJudge(table_id=table_id, judge_id=judge_id, position=position))
    finish(
        actor, "panel.changed", row, table=tables[table_id].name, judge_id=judge_id, position=position or ""
    )
    return _warnings(row, tables[table_id], judge) if position is not None else []


def _take_off(judge_id: int, tables: dict[int, TableFacts], table_id: int, position: str | None) -> None:
    """A judge sits at one table of a round: leave the place they have (only this table's when removing)."""
    ids = list(tables) if position is not None else [table_id]
    db.session.execute(
        delete(PanelJudge).where(PanelJudge.judge_id == judge_id, PanelJudge.table_id.in_(ids))
    )


def _make_room_for_chair(table_id: int) -> None:
    for place in db.session.query(PanelJudge).filter_by(table_id=table_id, position="chair"):
        place.position = "panellist"
    db.session.flush()


def _warnings(row: Round, table: TableFacts, judge: FieldJudge) -> list[str]:
    teams = {team.id: team for team in teams_of(row.edition_id)}
    found = [reason for team in table.team_ids if (reason := judge.conflict_with(teams[team])) is not None]
    before = {
        team
        for other in tables_of_edition(row.edition_id)
        if other.round_id != row.id and judge.id in _panel_of(other)
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

"""Filling the gaps of a draw's panels with the engine's allocation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import insert

from competition.editions.public import get_edition_by_id
from competition.rounds.facts import TableFacts
from competition.rounds.field import FieldJudge, FieldTeam, judges_of, sites_of, teams_of
from competition.rounds.models import PanelJudge, Round
from competition.rounds.queries import tables_of_draw, tables_of_edition
from competition.rounds.services.engine_panels import (
    engine_judges,
    engine_tables,
    rating_of,
    teams_elsewhere,
    voting,
)
from competition.rounds.services.unit_filling import seat_units
from competition.rounds.turns import common_judges
from core.db import db
from core.roles import ROLES

if TYPE_CHECKING:
    from competition.draw.panels import Panel

LARGEST_PANEL = 3


def fill_panels(draw_id: int, row: Round, size: int | None = None) -> int:
    """Fill the gaps of a draw's panels; given judges stay. Returns how many were seated.

    Preformed panels come first, each as a whole. Tables that one panel judges in turn stay as they are. `size` is the
    panel wanted at each other table: as many judges as there are for every table, at most three. Those who have
    judged least come first; the others fill what conflicts leave empty.
    """
    tables = [table for table in tables_of_draw(draw_id) if table.team_ids]
    judges, teams = judges_of(row.edition_id), {team.id: team for team in teams_of(row.edition_id)}
    if not tables or not judges:
        return 0
    past = [table for table in tables_of_edition(row.edition_id) if table.round_id != row.id]
    units = seat_units(row.edition_id, tables, judges, teams, past)
    common = common_judges(tables)
    tables = [
        table
        for table in tables
        if table.id not in units.tables and common.isdisjoint(place.judge_id for place in table.panel)
    ]
    given = {judge for table in tables for judge in voting(table)}
    training = {place.judge_id for table in tables for place in table.panel if place.position == "trainee"}
    free = [
        judge
        for judge in judges
        if judge.id not in training | common
        and row.number not in judge.absent_in
        and (judge.id in given or judge.id not in units.judges)
    ]
    if not tables or not free:
        return units.count
    wanted = size or min(LARGEST_PANEL, max(1, len(free) // len(tables)))
    size = max(wanted, *(len(voting(table)) for table in tables), 1)
    panels = _allocated(tables, free, teams, past, size, is_fixed=_is_fixed(row))
    places = [
        place for table, panel in zip(tables, panels, strict=True) for place in _places(table, panel, free)
    ]
    if places:
        db.session.execute(insert(PanelJudge), places)
    return units.count + len(places)


def _is_fixed(row: Round) -> bool:
    return get_edition_by_id(row.edition_id).role_policy == "fixed"


def _allocated(
    tables: Sequence[TableFacts],
    judges: Sequence[FieldJudge],
    teams: Mapping[int, FieldTeam],
    past: Sequence[TableFacts],
    size: int,
    *,
    is_fixed: bool,
) -> list[tuple[int, ...]]:
    """The voting judges of every table: the engine twice, first with those who have judged least."""
    from competition.draw.judges import allocate_judges

    load = Counter(judge for table in past for judge in voting(table))
    given = {judge for table in tables for judge in voting(table)}
    order = sorted(judges, key=lambda judge: (judge.id not in given, load[judge.id], -rating_of(judge)))
    sites = sites_of(tables[0].edition_id)
    states = engine_judges(order, past, teams, teams_elsewhere(order, tables, sites))
    rows = engine_tables(tables, teams)
    brackets = _brackets(teams) if is_fixed else ()
    kept = [_kept(table, {judge.id for judge in judges}) for table in tables]
    for chosen in (states[: max(len(given), size * len(tables))], states):
        allocation = allocate_judges(rows, chosen, size=size, kept=kept, connect=brackets)
        kept = list(allocation.panels)
    return [tuple(int(judge) for judge in panel.voting) for panel in kept]


def _kept(table: TableFacts, known: set[int]) -> Panel:
    from competition.draw.panels import Panel

    return Panel(
        table=table.id,
        chair=str(table.chair_id) if table.chair_id in known else None,
        panellists=tuple(str(judge) for judge in voting(table) if judge in known and judge != table.chair_id),
    )


def _brackets(teams: Mapping[int, FieldTeam]) -> tuple[frozenset[str], ...]:
    """The role brackets whose marks must be comparable: judges and teams connected to one whole."""
    return tuple(frozenset(str(team.id) for team in teams.values() if team.role is role) for role in ROLES)


def _places(table: TableFacts, panel: Sequence[int], judges: Sequence[FieldJudge]) -> list[dict[str, object]]:
    """The new places of a table; the highest rated of them is its chair, unless it has one."""
    ratings = {judge.id: rating_of(judge) for judge in judges}
    added = [judge for judge in panel if judge not in voting(table)]
    chair = None if table.chair_id is not None else max(added, key=lambda key: ratings[key], default=None)
    return [
        {"table_id": table.id, "judge_id": judge, "position": "chair" if judge == chair else "panellist"}
        for judge in sorted(added, key=lambda key: key != chair)
    ]

"""Seating the panels that were formed beforehand: each as a whole, at one table of the draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert

from competition.rounds.facts import PanelPlace, TableFacts
from competition.rounds.field import FieldJudge, FieldTeam, sites_of
from competition.rounds.models import PanelJudge
from competition.rounds.preformed import preformed_panels, present_places
from competition.rounds.services.engine_panels import engine_judges, engine_tables, teams_elsewhere
from core.db import db

if TYPE_CHECKING:
    from competition.draw.panels import Panel


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatedUnits:
    """What seating them did: the tables that have one, everybody who is on one, and how many judges sat down."""

    tables: frozenset[int]
    judges: frozenset[int]
    count: int


def seat_units(
    edition_id: int,
    tables: Sequence[TableFacts],
    judges: Sequence[FieldJudge],
    teams: Mapping[int, FieldTeam],
    past: Sequence[TableFacts],
) -> SeatedUnits:
    """Seat every preformed panel that has no place yet at a table without judges.

    Choices made by hand stand: where one judge of a panel sits already, those who may sit there join them; a panel
    that was split by hand stays split. Nobody of a panel is seated anywhere else.
    """
    panels = preformed_panels(edition_id)
    if not panels:
        return SeatedUnits(tables=frozenset(), judges=frozenset(), count=0)
    known = {judge.id: judge for judge in judges}
    at = {place.judge_id: table for table in tables for place in table.panel}
    number = tables[0].round_number
    new: dict[int, list[PanelPlace]] = {}
    waiting: list[tuple[PanelPlace, ...]] = []
    held: set[int] = set()
    for panel in panels:
        places = present_places(panel, known, number)
        homes = {at[place.judge_id].id: at[place.judge_id] for place in places if place.judge_id in at}
        if len(homes) == 1:
            (home,) = homes.values()
            held.add(home.id)
            earlier = new.setdefault(home.id, [])
            has_chair = any(place.position == "chair" for place in (*home.panel, *earlier))
            earlier += _joining(home, places, known, teams, has_chair=has_chair)
        elif places and not homes:
            waiting.append(places)
    free = [table for table in tables if not table.panel]
    for unit in _placed(waiting, free, judges, teams, past):
        held.add(unit.table)
        new[unit.table] = _places_of(unit)
    rows = [
        {"table_id": table, "judge_id": place.judge_id, "position": place.position}
        for table, places in new.items()
        for place in places
    ]
    if rows:
        db.session.execute(insert(PanelJudge), rows)
    everybody = frozenset().union(*(panel.judge_ids for panel in panels))
    return SeatedUnits(tables=frozenset(held), judges=everybody, count=len(rows))


def _joining(
    home: TableFacts,
    places: Sequence[PanelPlace],
    judges: Mapping[int, FieldJudge],
    teams: Mapping[int, FieldTeam],
    *,
    has_chair: bool,
) -> list[PanelPlace]:
    """Those of a panel who are not at `home` yet and may sit there; its chair leads there unless somebody does."""
    here = {place.judge_id for place in home.panel}
    own = [teams[team] for team in home.team_ids]
    return [
        PanelPlace(
            judge_id=place.judge_id,
            position="panellist" if has_chair and place.position == "chair" else place.position,
        )
        for place in places
        if place.judge_id not in here and not any(map(judges[place.judge_id].conflict_with, own))
    ]


def _placed(
    waiting: Sequence[tuple[PanelPlace, ...]],
    tables: Sequence[TableFacts],
    judges: Sequence[FieldJudge],
    teams: Mapping[int, FieldTeam],
    past: Sequence[TableFacts],
) -> tuple[Panel, ...]:
    """The panels at tables without judges, by the engine."""
    from competition.draw.judges import place_units
    from competition.draw.panels import Panel

    units = [
        Panel(
            table=0,
            chair=str(places[0].judge_id),
            panellists=tuple(str(place.judge_id) for place in places[1:] if place.position != "trainee"),
            trainees=tuple(str(place.judge_id) for place in places if place.position == "trainee"),
        )
        for places in waiting
    ]
    elsewhere = teams_elsewhere(judges, tables, sites_of(tables[0].edition_id)) if tables else {}
    states = engine_judges(judges, past, teams, elsewhere)
    return place_units(engine_tables(tables, teams), states, units)


def _places_of(unit: Panel) -> list[PanelPlace]:
    ranked = [("chair", unit.chair), *(("panellist", name) for name in unit.panellists)]
    ranked += [("trainee", name) for name in unit.trainees]
    return [
        PanelPlace(judge_id=int(name), position=position) for position, name in ranked if name is not None
    ]

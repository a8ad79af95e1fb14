"""Filling the gaps of a draw's panels with the engine's allocation."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import insert

from competition.editions.public import get_edition_by_id
from competition.rounds.facts import TableFacts
from competition.rounds.field import FieldJudge, FieldTeam, judges_of, teams_of
from competition.rounds.models import PanelJudge, Round
from competition.rounds.queries import tables_of_draw, tables_of_edition
from core.db import db
from core.roles import ROLES

if TYPE_CHECKING:
    from competition.draw.panels import Judge, Panel, TableToJudge

LARGEST_PANEL = 3
UNRATED = 5.0


def fill_panels(draw_id: int, row: Round, size: int | None = None) -> int:
    """Fill the gaps of a draw's panels; given judges stay. Returns how many were seated.

    `size` is the panel wanted at each table: as many judges as there are for every table, at most three.
    Those who have judged least come first; the others fill what conflicts leave empty.
    """
    tables = [table for table in tables_of_draw(draw_id) if table.team_ids]
    judges, teams = judges_of(row.edition_id), {team.id: team for team in teams_of(row.edition_id)}
    if not tables or not judges:
        return 0
    given = [voting(table) for table in tables]
    size = max(size or min(LARGEST_PANEL, max(1, len(judges) // len(tables))), *map(len, given))
    training = {place.judge_id for table in tables for place in table.panel if place.position == "trainee"}
    past = [table for table in tables_of_edition(row.edition_id) if table.round_id != row.id]
    free = [judge for judge in judges if judge.id not in training and row.number not in judge.absent_in]
    panels = _allocated(tables, free, teams, past, size, is_fixed=_is_fixed(row))
    places = [
        place for table, panel in zip(tables, panels, strict=True) for place in _places(table, panel, free)
    ]
    if places:
        db.session.execute(insert(PanelJudge), places)
    return len(places)


def voting(table: TableFacts) -> tuple[int, ...]:
    """The judges of a table whose marks count."""
    return tuple(place.judge_id for place in table.panel if place.position != "trainee")


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
    order = sorted(judges, key=lambda judge: (judge.id not in given, load[judge.id], -_rating(judge)))
    states = engine_judges(order, past, teams)
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


def engine_judges(
    judges: Sequence[FieldJudge], past: Sequence[TableFacts], teams: Mapping[int, FieldTeam]
) -> list[Judge]:
    """The judges as the engine wants them, with the teams they have seen and the judges they have sat with.

    Every conflict is named by the team, so that one rule decides here and where a judge is seated by hand.
    """
    from competition.draw.panels import Judge

    seen: dict[int, Counter[str]] = defaultdict(Counter)
    sat_with: dict[int, Counter[str]] = defaultdict(Counter)
    for table in past:
        panel = voting(table)
        for judge in panel:
            seen[judge].update(map(str, table.team_ids))
            sat_with[judge].update(str(other) for other in panel if other != judge)
    return [
        Judge(
            id=str(judge.id),
            strength=_rating(judge),
            institution=str(judge.institution_id) if judge.institution_id is not None else None,
            conflicts=frozenset(str(team.id) for team in teams.values() if judge.conflict_with(team)),
            seen=seen[judge.id],
            sat_with=sat_with[judge.id],
        )
        for judge in judges
    ]


def engine_tables(tables: Sequence[TableFacts], teams: Mapping[int, FieldTeam]) -> list[TableToJudge]:
    """The tables as the engine wants them. All weigh the same, except that brackets count as importance."""
    from competition.draw.panels import TableToJudge

    return [
        TableToJudge(
            table=table.id,
            teams={str(team): _home(teams[team]) for team in table.team_ids},
            importance=float(table.bracket) if table.bracket.replace(".", "", 1).isdigit() else 0.0,
        )
        for table in tables
    ]


def _home(team: FieldTeam) -> str | None:
    return str(team.institution_id) if team.institution_id is not None else None


def _brackets(teams: Mapping[int, FieldTeam]) -> tuple[frozenset[str], ...]:
    """The role brackets whose marks must be comparable: judges and teams connected to one whole."""
    return tuple(frozenset(str(team.id) for team in teams.values() if team.role is role) for role in ROLES)


def _places(table: TableFacts, panel: Sequence[int], judges: Sequence[FieldJudge]) -> list[dict[str, object]]:
    """The new places of a table; the highest rated of them is its chair, unless it has one."""
    ratings = {judge.id: _rating(judge) for judge in judges}
    added = [judge for judge in panel if judge not in voting(table)]
    chair = None if table.chair_id is not None else max(added, key=lambda key: ratings[key], default=None)
    return [
        {"table_id": table.id, "judge_id": judge, "position": "chair" if judge == chair else "panellist"}
        for judge in sorted(added, key=lambda key: key != chair)
    ]


def _rating(judge: FieldJudge) -> float:
    return UNRATED if judge.rating is None else float(judge.rating)

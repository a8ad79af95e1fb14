"""What stands in the way of a round's draw being released and judged, as facts; other rooms put them into words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from competition.rounds.facts import RoundFacts, TableFacts
from competition.rounds.field import FieldJudge, FieldTeam, judges_of, teams_of
from competition.rounds.languages import unspoken_by, voting_judges, working_languages
from competition.rounds.queries import tables_of_draw
from competition.rounds.services.absences import absences_of
from competition.rounds.turns import turns_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """A judge at a table with somebody they should not mark; `reason` as in FieldJudge.conflict_with."""

    table: str
    judge: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AtTable:
    """A team or judge who is said not to be there, with the table where the draw still has them."""

    table: str
    public_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """Somebody or some room that is said not to be there in this round."""

    kind: str
    public_id: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """One round's draw as it is now; tables by name, in their order."""

    tables: int
    without_panel: tuple[str, ...]
    without_chair: tuple[str, ...]
    without_room: tuple[str, ...]
    shared_rooms: tuple[str, ...]
    absent_teams: tuple[AtTable, ...]
    absent_judges: tuple[AtTable, ...]
    clashes: tuple[Clash, ...]
    unspoken: tuple[tuple[str, str], ...]
    """(table, language) where nobody of a panel speaks a working language of the edition."""
    unseated: tuple[str, ...]
    away: tuple[Away, ...]
    team_ids: frozenset[int]
    judge_ids: frozenset[int]


def readiness_of(facts: RoundFacts) -> Readiness:
    """The readiness of a round; without a draw only who is away."""
    tables = [table for table in tables_of_draw(facts.draw_id) if table.team_ids] if facts.draw_id else []
    teams = {team.id: team for team in teams_of(facts.edition_id)}
    judges = {judge.id: judge for judge in judges_of(facts.edition_id)}
    seated = frozenset(team for table in tables for team in table.team_ids)
    return Readiness(
        tables=len(tables),
        without_panel=tuple(table.name for table in tables if not table.panel),
        without_chair=tuple(table.name for table in tables if table.panel and table.chair_id is None),
        without_room=tuple(table.name for table in tables if table.room_id is None),
        shared_rooms=_shared_rooms(tables),
        absent_teams=_absent_teams(facts.number, tables, teams),
        absent_judges=_absent_judges(facts.number, tables, judges),
        clashes=_clashes(tables, teams, judges),
        unspoken=_unspoken(facts.edition_id, tables, judges),
        unseated=_unseated(facts, teams.values(), seated) if tables else (),  # type: ignore[arg-type]
        away=_away(facts, teams, judges),
        team_ids=seated,
        judge_ids=frozenset(place.judge_id for table in tables for place in table.panel),
    )


def _shared_rooms(tables: Sequence[TableFacts]) -> tuple[str, ...]:
    """Rooms of more than one table; tables that one panel judges in turn may share theirs."""
    names: dict[int, list[str]] = defaultdict(list)
    turns = turns_of(tables)
    for table in tables:
        if table.room_id is not None and (table.id not in turns or turns[table.id].number == 1):
            names[table.room_id].append(table.room)
    return tuple(rooms[0] for rooms in names.values() if len(rooms) > 1)


def _absent_teams(
    number: int, tables: Sequence[TableFacts], teams: dict[int, FieldTeam]
) -> tuple[AtTable, ...]:
    return tuple(
        AtTable(table=table.name, public_id=teams[team].public_id, name=teams[team].name)
        for table in tables
        for team in table.team_ids
        if number in teams[team].absent_in
    )


def _absent_judges(
    number: int, tables: Sequence[TableFacts], judges: dict[int, FieldJudge]
) -> tuple[AtTable, ...]:
    return tuple(
        AtTable(
            table=table.name, public_id=judges[place.judge_id].public_id, name=judges[place.judge_id].name
        )
        for table in tables
        for place in table.panel
        if number in judges[place.judge_id].absent_in
    )


def _clashes(
    tables: Sequence[TableFacts], teams: dict[int, FieldTeam], judges: dict[int, FieldJudge]
) -> tuple[Clash, ...]:
    return tuple(
        Clash(table=table.name, judge=judges[place.judge_id].name, reason=reason)
        for table in tables
        for place in table.panel
        if (reason := _reason(judges[place.judge_id], [teams[team] for team in table.team_ids])) is not None
    )


def _unspoken(
    edition_id: int, tables: Sequence[TableFacts], judges: dict[int, FieldJudge]
) -> tuple[tuple[str, str], ...]:
    languages = working_languages(edition_id)
    return tuple(
        (table.name, language)
        for table in tables
        for language in unspoken_by(voting_judges(table, judges), languages)
    )


def _reason(judge: FieldJudge, teams: Sequence[FieldTeam]) -> str | None:
    return next(filter(None, map(judge.conflict_with, teams)), None)


def _unseated(facts: RoundFacts, teams: Sequence[FieldTeam], seated: frozenset[int]) -> tuple[str, ...]:
    """Teams that play and have no seat, where every team is to have one."""
    if not facts.is_preliminary or facts.division_id is not None:
        return ()
    return tuple(team.name for team in teams if team.plays_in(facts.number) and team.id not in seated)


def _away(facts: RoundFacts, teams: dict[int, FieldTeam], judges: dict[int, FieldJudge]) -> tuple[Away, ...]:
    known = {"team": teams, "judge": judges}
    return tuple(
        Away(kind=one.kind, public_id=found.public_id, name=found.name, reason=one.reason)
        for one in absences_of(facts.id)
        if (found := known.get(one.kind, {}).get(one.subject_id)) is not None  # type: ignore[attr-defined]
    )

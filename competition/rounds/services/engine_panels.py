"""Tables and judges of a round as the allocation engine wants them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from competition.rounds.facts import TableFacts
from competition.rounds.field import FieldJudge, FieldTeam
from competition.rounds.languages import working_languages

if TYPE_CHECKING:
    from competition.draw.panels import Judge, TableToJudge

UNRATED = 5.0


def voting(table: TableFacts) -> tuple[int, ...]:
    """The judges of a table whose marks count."""
    return tuple(place.judge_id for place in table.panel if place.position != "trainee")


def engine_judges(
    judges: Sequence[FieldJudge],
    past: Sequence[TableFacts],
    teams: Mapping[int, FieldTeam],
    elsewhere: Mapping[int, frozenset[int]] = MappingProxyType({}),
) -> list[Judge]:
    """The judges as the engine wants them, with the teams they have seen and the judges they have sat with.

    Every conflict is named by the team, so that one rule decides here and where a judge is seated by hand; the teams
    that sit where a judge cannot go (`elsewhere`, by judge) count like conflicts.
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
            strength=rating_of(judge),
            institution=str(judge.institution_id) if judge.institution_id is not None else None,
            conflicts=frozenset(
                str(team.id)
                for team in teams.values()
                if judge.conflict_with(team) or team.id in elsewhere.get(judge.id, ())
            ),
            languages=judge.languages,
            seen=seen[judge.id],
            sat_with=sat_with[judge.id],
        )
        for judge in judges
    ]


def teams_elsewhere(
    judges: Sequence[FieldJudge], tables: Sequence[TableFacts], sites: Mapping[int | None, str]
) -> dict[int, frozenset[int]]:
    """For each judge who is bound to one site, the teams that sit in rooms of others."""
    return {
        judge.id: frozenset(
            team
            for table in tables
            if not judge.can_reach(sites.get(table.room_id, ""))
            for team in table.team_ids
        )
        for judge in judges
        if judge.site
    }


def engine_tables(tables: Sequence[TableFacts], teams: Mapping[int, FieldTeam]) -> list[TableToJudge]:
    """The tables as the engine wants them, held in the edition's languages. All weigh the same, except that brackets
    count as importance.
    """
    from competition.draw.panels import TableToJudge

    spoken = working_languages(tables[0].edition_id) if tables else frozenset()
    only = next(iter(spoken)) if len(spoken) == 1 else None
    return [
        TableToJudge(
            table=table.id,
            teams={str(team): _home(teams[team]) for team in table.team_ids},
            language=only,
            languages=spoken,
            importance=float(table.bracket) if table.bracket.replace(".", "", 1).isdigit() else 0.0,
        )
        for table in tables
    ]


def _home(team: FieldTeam) -> str | None:
    return str(team.institution_id) if team.institution_id is not None else None


def rating_of(judge: FieldJudge) -> float:
    return UNRATED if judge.rating is None else float(judge.rating)

"""The final ranking that awards are given by: first the elimination, from its last round back, then the standings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import groupby

from competition.editions.public import Edition, divisions_of
from competition.rounds.public import RoundFacts, seated_results, tables_of_draw
from core.roles import Role
from judging.closing.elimination import chain_of
from judging.closing.elimination_scores import role_orders
from judging.scoring.standings import Standing
from judging.snapshots import standings_of
from judging.standings import StandingsRow

Levels = list[list[int]]


def final_ranking(edition: Edition, selection: str) -> list[Standing]:
    """The teams of one ranking, best first; level teams share a rank, the unranked come last.

    Where roles are kept, the last elimination round of two or more tables decides first (a later single table is an
    award across the roles), by the edition's basis; where they change, the order at the final table, and those who
    went out earlier by their place at their table, then by preliminary rank.
    """
    rows = standings_of(edition, selection).rows
    ranked = [row for row in rows if row.rank is not None]
    rank_of = {row.team_id: row.rank or 0 for row in ranked}
    levels = _from_elimination(edition, selection, rank_of)
    placed = {team for level in levels for team in level}
    levels += _by_rank((row.team_id for row in ranked if row.team_id not in placed), rank_of)
    return [*_standings(levels, ranked), *_unranked(rows)]


def _from_elimination(edition: Edition, selection: str, rank_of: dict[int, int]) -> Levels:
    """The teams that were in the elimination, from the last round back."""
    kind, _colon, name = selection.partition(":")
    division = next((one.id for one in divisions_of(edition.id) if one.code == name), None)
    chain = chain_of(edition.id, division if kind == "division" else None)
    levels: Levels = []
    placed: set[int] = set()
    for facts in reversed([one for one in chain if one.has_results and one.draw_id is not None]):
        found = (
            _of_role(edition, facts, Role(name), rank_of)
            if kind == "role"
            else _of_round(edition, facts, rank_of)
        )
        for level in found:
            if new := [team for team in level if team in rank_of and team not in placed]:
                levels.append(new)
                placed.update(new)
    return levels


def _of_role(edition: Edition, facts: RoundFacts, role: Role, rank_of: dict[int, int]) -> Levels:
    """A role's order after one round; those without a score come after the others."""
    tables = tables_of_draw(facts.draw_id or 0)
    if len(tables) < 2:
        return []
    order = role_orders(edition, facts)[role]
    levels = [[int(str(each.team)) for each in level] for level in order.levels]
    rest = {team for table in tables if (team := table.seats[role]) is not None} - set(order.teams)
    return [*levels, *_by_rank(rest, rank_of)]


def _of_round(edition: Edition, facts: RoundFacts, rank_of: dict[int, int]) -> Levels:
    """The teams of a round by their place at their table; at several tables, equal places by preliminary rank."""
    places: dict[int, list[int]] = defaultdict(list)
    tables = set()
    for result in seated_results(edition.id, stage="elimination"):
        if result.round_id == facts.id:
            places[result.rank if result.rank is not None else 9].append(result.team_id)
            tables.add(result.table_id)
    if len(tables) == 1:
        return [places[place] for place in sorted(places)]
    return [level for place in sorted(places) for level in _by_rank(places[place], rank_of)]


def _by_rank(teams: Iterable[int], rank_of: dict[int, int]) -> Levels:
    known = sorted((team for team in teams if team in rank_of), key=lambda team: (rank_of[team], team))
    return [list(level) for _rank, level in groupby(known, key=rank_of.__getitem__)]


def _standings(levels: Levels, rows: Sequence[StandingsRow]) -> list[Standing]:
    played = {row.team_id: row for row in rows}
    listed: list[Standing] = []
    for level in levels:
        rank = len(listed) + 1
        listed += [
            Standing(
                team=team,
                rank=rank,
                is_shared=len(level) > 1,
                values=dict(played[team].values),
                rounds_played=played[team].rounds_played,
            )
            for team in level
        ]
    return listed


def _unranked(rows: Sequence[StandingsRow]) -> list[Standing]:
    return [
        Standing(
            team=row.team_id,
            rank=None,
            is_shared=False,
            values=dict(row.values),
            rounds_played=row.rounds_played,
        )
        for row in rows
        if row.rank is None
    ]

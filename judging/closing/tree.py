"""The elimination bracket as a tree: every round with its tables, filled as draws are released and results come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from competition.editions.public import Edition, divisions_of
from competition.rounds.public import (
    RoundFacts,
    SeatedResult,
    TableFacts,
    field_teams,
    results_of_tables,
    tables_of_draw,
)
from core.roles import ROLES, Role
from judging.closing.elimination import byes_of, chain_of
from judging.publicity import FEWEST_JUDGES


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeSeat:
    """A team at a table of the tree; `goes_on` None while that is not known, `score` None where it is not shown."""

    role: Role
    team: str
    institution: str
    rank: int | None
    is_shared: bool
    score: Decimal | None
    goes_on: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeTable:
    """One table; its result is there once it may be shown."""

    name: str
    room: str
    seats: tuple[TreeSeat, ...]
    has_result: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeRound:
    """One round of the tree; without tables it is not seated yet, or its draw is not released."""

    facts: RoundFacts
    tables: tuple[TreeTable, ...]
    waiting: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """The rounds of one division (code, empty for everybody)."""

    division_id: int | None
    rounds: tuple[TreeRound, ...]


def trees_of(edition: Edition, *, is_public: bool) -> list[Tree]:
    """The trees of an edition. `is_public`: only released draws, published results, and scores of three judges up."""
    divisions = [None, *(division.id for division in divisions_of(edition.id))]
    found = [(key, chain_of(edition.id, key)) for key in divisions]
    return [
        Tree(division_id=key, rounds=tuple(_rounds(edition, chain, is_public=is_public)))
        for key, chain in found
        if chain
    ]


def _rounds(edition: Edition, chain: Sequence[RoundFacts], *, is_public: bool) -> list[TreeRound]:
    names = {team.id: (team.name, team.institution) for team in field_teams(edition.id)}
    tables = {facts.id: _tables(facts, is_public=is_public) for facts in chain}
    rounds = []
    for at, facts in enumerate(chain):
        following = tables[chain[at + 1].id] if at + 1 < len(chain) else []
        ahead = {team for table in following for team in table.team_ids}
        shown = not is_public or facts.results_state == "published"
        results = _results(tables[facts.id]) if shown else {}
        rounds.append(
            TreeRound(
                facts=facts,
                tables=tuple(
                    _table(table, names, results, ahead, is_public=is_public) for table in tables[facts.id]
                ),
                waiting=tuple(
                    names[team][0]
                    for team in (byes_of(edition, facts, tables[facts.id]) if tables[facts.id] else [])
                    if team in names
                ),
            )
        )
    return rounds


def _tables(facts: RoundFacts, *, is_public: bool) -> list[TableFacts]:
    """The tables of a round that the reader may know of."""
    if facts.draw_id is None or (is_public and not facts.is_released):
        return []
    return tables_of_draw(facts.draw_id)


def _results(tables: Sequence[TableFacts]) -> dict[int, SeatedResult]:
    found = results_of_tables([table.id for table in tables]) if tables else []
    return {result.team_id: result for result in found}


def _table(
    table: TableFacts,
    names: Mapping[int, tuple[str, str]],
    results: Mapping[int, SeatedResult],
    ahead: set[int],
    *,
    is_public: bool,
) -> TreeTable:
    counted = sum(place.position != "trainee" for place in table.panel)
    may_score = not is_public or counted >= FEWEST_JUDGES
    return TreeTable(
        name=table.name,
        room=table.room,
        seats=tuple(
            _seat(role, table.seats[role], names, results, ahead, may_score=may_score) for role in ROLES
        ),
        has_result=any(team in results for team in table.team_ids),
    )


def _seat(
    role: Role,
    team: int | None,
    names: Mapping[int, tuple[str, str]],
    results: Mapping[int, SeatedResult],
    ahead: set[int],
    *,
    may_score: bool,
) -> TreeSeat:
    name, institution = names.get(team, ("", "")) if team is not None else ("", "")
    result = results.get(team) if team is not None else None
    goes_on = (team in ahead) if ahead else (result.advances if result is not None else None)
    return TreeSeat(
        role=role,
        team=name,
        institution=institution,
        rank=result.rank if result is not None else None,
        is_shared=result.is_shared if result is not None else False,
        score=result.score if result is not None and may_score else None,
        goes_on=goes_on,
    )

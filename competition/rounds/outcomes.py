"""Reading what happened: results, outcomes, line-ups and penalties, in live draws only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select

from competition.rounds.facts import (
    LineupFacts,
    OutcomeFacts,
    PenaltyFacts,
    SeatedResult,
    TableResultFacts,
)
from competition.rounds.models import (
    Draw,
    Lineup,
    NegotiationTable,
    Outcome,
    Penalty,
    Round,
    TableResult,
    TeamResult,
)
from competition.rounds.queries import LIVE
from core.db import db


def seated_results(
    edition_id: int, up_to_round: int | None = None, stage: str | None = "preliminary"
) -> list[SeatedResult]:
    """What every team got at every table with a result, round by round (`stage` None: both stages)."""
    query = _results().where(Round.edition_id == edition_id)
    if stage is not None:
        query = query.where(Round.stage == stage)
    if up_to_round is not None:
        query = query.where(Round.number <= up_to_round)
    return [SeatedResult(**row) for row in db.session.execute(query).mappings()]


def results_of_tables(table_ids: Sequence[int]) -> list[SeatedResult]:
    """What every team got at these tables, in the live version of their results."""
    query = _results().where(TableResult.table_id.in_(table_ids))
    return [SeatedResult(**row) for row in db.session.execute(query).mappings()]


def _results() -> Select[*tuple[Any, ...]]:
    rows: Select[*tuple[Any, ...]] = (
        select(
            Round.number.label("round"),
            Round.id.label("round_id"),
            TableResult.table_id,
            TeamResult.team_id,
            TeamResult.role,
            TeamResult.rank,
            TeamResult.is_shared,
            TeamResult.points,
            TeamResult.score,
            TeamResult.advances,
            Round.weight,
        )
        .join(TableResult, TableResult.id == TeamResult.table_result_id)
        .join(NegotiationTable, NegotiationTable.id == TableResult.table_id)
        .join(Draw, Draw.id == NegotiationTable.draw_id)
        .join(Round, Round.id == Draw.round_id)
        .where(TableResult.is_live, LIVE)
        .order_by(Round.number, NegotiationTable.position, NegotiationTable.id, TeamResult.id)
    )
    return rows


def live_results(draw_id: int) -> dict[int, TableResultFacts]:
    """The live result of each table of a draw that has one, by table."""
    query = (
        select(
            TableResult.id,
            TableResult.table_id,
            TableResult.version,
            TableResult.source,
            TableResult.confirmed_at,
        )
        .join(NegotiationTable, NegotiationTable.id == TableResult.table_id)
        .where(NegotiationTable.draw_id == draw_id, TableResult.is_live)
    )
    return {row["table_id"]: TableResultFacts(**row) for row in db.session.execute(query).mappings()}


def result_counts(edition_id: int) -> dict[int, tuple[int, int]]:
    """Per round with a live draw: tables, and tables with a result."""
    query = (
        select(Round.id, func.count(NegotiationTable.id.distinct()), func.count(TableResult.id))
        .join(Draw, Draw.round_id == Round.id)
        .join(NegotiationTable, NegotiationTable.draw_id == Draw.id)
        .outerjoin(TableResult, (TableResult.table_id == NegotiationTable.id) & TableResult.is_live)
        .where(Round.edition_id == edition_id, LIVE)
        .group_by(Round.id)
    )
    return {round_id: (tables, results) for round_id, tables, results in db.session.execute(query)}


def last_confirmed_round(edition_id: int, stage: str = "preliminary") -> int | None:
    """The number of the last round whose results are confirmed or published, None before that."""
    return db.session.scalar(
        select(func.max(Round.number)).where(
            Round.edition_id == edition_id, Round.stage == stage, Round.results_state != "open"
        )
    )


def outcomes(edition_id: int) -> list[OutcomeFacts]:
    """Every seat that was not simply played, round by round."""
    rows = _of_rounds(Outcome, edition_id, Outcome.team_id, Outcome.outcome, Outcome.reason)
    return [OutcomeFacts(**row) for row in db.session.execute(rows).mappings()]


def lineups(edition_id: int) -> list[LineupFacts]:
    """Every delegate whose part differs from the whole team's, round by round."""
    rows = _of_rounds(Lineup, edition_id, Lineup.team_id, Lineup.delegate_id, Lineup.took_part)
    return [LineupFacts(**row) for row in db.session.execute(rows).mappings()]


def penalties(edition_id: int) -> list[PenaltyFacts]:
    """Every penalty, round by round."""
    rows = _of_rounds(Penalty, edition_id, Penalty.team_id, Penalty.amount, Penalty.reason)
    return [PenaltyFacts(**row) for row in db.session.execute(rows).mappings()]


def _of_rounds(
    model: type[Outcome] | type[Lineup] | type[Penalty], edition_id: int, *columns: Any
) -> Select[*tuple[Any, ...]]:
    return (
        select(Round.number.label("round"), Round.id.label("round_id"), *columns)
        .join(model, model.round_id == Round.id)
        .where(Round.edition_id == edition_id)
        .order_by(Round.number, model.id)
    )

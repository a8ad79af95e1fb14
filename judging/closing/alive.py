"""Who is through, alive or out before the remaining preliminary rounds are played."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from competition.editions.public import BreakRule, Edition, points_list
from competition.rounds.public import RoundFacts, tables_of_draw
from judging.closing.break_ import preliminary_rounds, rules_of
from judging.queries import criteria_of
from judging.scoring.alive import (
    Chance,
    alive_before_last_round,
    alive_by_bounds,
    bounds_of_averages,
    bounds_of_points,
)
from judging.snapshots import OVERALL, standings_of
from judging.standings import StandingsRow, StandingsTable

Ends = tuple[Mapping[Hashable, Decimal], Mapping[Hashable, Decimal]]


@dataclass(frozen=True, slots=True, kw_only=True)
class AliveTable:
    """One ranking: each ranked team with its chance. `is_exact` is false where only bounds are known.

    `metric` is what was reckoned with; None (and no chances) where nothing certain can be said by the edition's own.
    """

    selection: str
    size: int
    metric: str | None
    is_exact: bool
    rows: tuple[StandingsRow, ...]
    chances: Mapping[Hashable, Chance]


def rounds_left(edition_id: int) -> list[RoundFacts]:
    """The preliminary rounds whose results are not confirmed."""
    return [facts for facts in preliminary_rounds(edition_id) if not facts.has_results]


def alive_tables(edition: Edition) -> list[AliveTable]:
    """Every ranking from which teams break, while rounds are left; nothing once all are confirmed."""
    left = rounds_left(edition.id)
    if not left:
        return []
    return [_alive(edition, selection, rule, left) for selection, rule in rules_of(edition).items()]


def _alive(edition: Edition, selection: str, rule: BreakRule, left: Sequence[RoundFacts]) -> AliveTable:
    table = standings_of(edition, selection)
    rows = tuple(row for row in table.rows if row.rank is not None)
    metric = _metric(table)
    exact = _exact(edition, rows, rule.size, left) if metric == "points" else None
    chances = exact
    if chances is None and metric is not None:
        lowest, highest = _ends(edition, metric, rows, left)
        chances = alive_by_bounds(lowest, highest, rule.size)
    return AliveTable(
        selection=selection,
        size=rule.size,
        metric=metric,
        is_exact=exact is not None,
        rows=rows,
        chances=chances or {},
    )


def _metric(table: StandingsTable) -> str | None:
    """What can be reckoned ahead: points, a sum of scores, or averages (also where adjusted ones rank)."""
    first = table.metrics[0] if table.metrics else ""
    if first in ("points", "total_score", "average_score"):
        return first
    return "average_score" if first == "adjusted_score" else None


def _exact(
    edition: Edition, rows: Sequence[StandingsRow], places: int, left: Sequence[RoundFacts]
) -> dict[Hashable, Chance] | None:
    """The exact answer, where one round is left and its draw is known."""
    if len(left) != 1 or left[0].draw_id is None:
        return None
    ranked = {row.team_id for row in standings_of(edition, OVERALL).rows if row.rank is not None}
    seated = [
        [team for team in table.team_ids if team in ranked] for table in tables_of_draw(left[0].draw_id)
    ]
    if any(len(table) not in (0, 3, 4) for table in seated):
        return None
    return alive_before_last_round(
        _points(rows),
        [table for table in seated if table],
        points_list(edition.table_points),
        places,
        weight=left[0].weight,
        three_team_points=points_list(edition.three_team_points),
        table_ties=edition.table_ties,  # type: ignore[arg-type]
    )


def _ends(edition: Edition, metric: str, rows: Sequence[StandingsRow], left: Sequence[RoundFacts]) -> Ends:
    """The lowest and the highest value each team can end with."""
    if metric == "points":
        weights = [facts.weight for facts in left]
        return bounds_of_points(_points(rows), points_list(edition.table_points), weights)
    least, most = score_limits(edition)
    totals: dict[Hashable, tuple[Decimal, int]] = {
        row.team_id: (row.values["total_score"] or Decimal(0), row.rounds_played) for row in rows
    }
    if metric == "total_score":
        rounds = len(left)
        return (
            {team: total + min(Decimal(0), rounds * least) for team, (total, _played) in totals.items()},
            {team: total + rounds * most for team, (total, _played) in totals.items()},
        )
    return bounds_of_averages(totals, least, most, len(left))


def _points(rows: Sequence[StandingsRow]) -> dict[Hashable, Decimal]:
    return {row.team_id: row.values["points"] or Decimal(0) for row in rows}


def score_limits(edition: Edition) -> tuple[Decimal, Decimal]:
    """The lowest and the highest table score the rubric allows (penalties left aside)."""
    team_size = edition.team_size_maximum if edition.delegate_marks == "sum" else 1
    least = most = Decimal(0)
    for criterion in criteria_of(edition.id):
        times = criterion.weight * (team_size if criterion.target == "delegate" else 1)
        least, most = least + times * criterion.minimum, most + times * criterion.maximum
    return least, most

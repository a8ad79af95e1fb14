"""Standings: from table results, which are facts, to a ranking under any list of metrics."""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby

from judging.scoring.exact import in_id_order
from judging.scoring.metrics import COLUMNS, METRICS, Tally
from judging.scoring.played import Played, Results

__all__ = ["COLUMNS", "METRICS", "Entrant", "Played", "Standing", "UnavailableMetric", "standings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrant:
    """A team to list; withdrawn teams and stand-ins are listed unranked."""

    team: Hashable
    is_ranked: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A line of the standings; the unranked have no rank; `values` hold COLUMNS and the metrics used."""

    team: Hashable
    rank: int | None
    is_shared: bool
    values: dict[str, Decimal | None]
    rounds_played: int = 0


class UnavailableMetric(ValueError):
    """The standings were asked to rank by a metric that these results do not have."""

    def __init__(self, metric: str) -> None:
        super().__init__(f"the metric {metric} is not available for these results")
        self.metric = metric


Values = dict[Hashable, dict[str, Decimal | None]]


def standings(
    entrants: Iterable[Entrant],
    results: Iterable[Played],
    metrics: Sequence[str],
    manual: Mapping[Hashable, Decimal] | None = None,
) -> list[Standing]:
    """The entrants, best first, compared by `metrics` in order; a full tie shares the rank (1, 2, 2, 4).

    For a division or a role bracket give its teams as `entrants` and still all `results`: opponents outside
    it count for `draw_strength`. A ranked team without results has zeros. The unranked come last, ordered
    by the same metrics. Raises UnavailableMetric for a name outside METRICS, and for `adjusted_score` where
    any score of a ranked team has not been adjusted. Equal teams are listed in the order of their ids,
    never of their arrival.
    """
    listed = {entrant.team: entrant for entrant in entrants}
    tally = Tally(results=Results(results), lots=manual or {})
    ranked = in_id_order(team for team, entrant in listed.items() if entrant.is_ranked)
    unranked = in_id_order(team for team, entrant in listed.items() if not entrant.is_ranked)
    has_adjusted = is_adjusted(ranked, tally.results)
    for metric in metrics:
        if metric not in METRICS or (metric == "adjusted_score" and not has_adjusted):
            raise UnavailableMetric(metric)

    values = {team: _own_values(team, metrics, tally, has_adjusted) for team in listed}
    lines: list[Standing] = []
    for level in _levels(ranked, metrics, tally, values):
        rank = len(lines) + 1
        lines += [_line(team, rank, len(level) > 1, tally, values) for team in level]
    for level in _levels(unranked, metrics, tally, values):
        lines += [_line(team, None, False, tally, values) for team in level]
    return lines


def is_adjusted(teams: Collection[Hashable], results: Results) -> bool:
    """Whether there are scores and every one of these teams' scores has its severity removed."""
    scored = [played for team in teams for played in results.of(team) if played.score is not None]
    return bool(scored) and all(played.adjusted is not None for played in scored)


def _own_values(
    team: Hashable, metrics: Sequence[str], tally: Tally, has_adjusted: bool
) -> dict[str, Decimal | None]:
    wanted = [METRICS[name] for name in dict.fromkeys((*COLUMNS, *metrics))]
    values: dict[str, Decimal | None] = {}
    for metric in wanted:
        is_absent = metric.is_relative or (metric.name == "adjusted_score" and not has_adjusted)
        values[metric.name] = None if is_absent else metric.value(team, tally)
    return values


def _levels(
    teams: Sequence[Hashable], metrics: Sequence[str], tally: Tally, values: Values
) -> list[list[Hashable]]:
    """The teams in groups that the metrics cannot tell apart, best group first.

    Splits by the first metric, then each group by the rest, because a relative metric looks at the group
    alone.
    """
    if len(teams) < 2 or not metrics:
        return [list(teams)] if teams else []
    metric = METRICS[metrics[0]]
    if metric.is_relative:
        among = replace(tally, level=frozenset(teams))
        for team in teams:
            values[team][metric.name] = metric.value(team, among)

    def strength(team: Hashable) -> Decimal:
        value = values[team][metric.name] or Decimal(0)
        return value if metric.is_more_better else -value

    ordered = sorted(teams, key=strength, reverse=True)
    return [
        level
        for _, group in groupby(ordered, key=strength)
        for level in _levels(list(group), metrics[1:], tally, values)
    ]


def _line(team: Hashable, rank: int | None, is_shared: bool, tally: Tally, values: Values) -> Standing:
    return Standing(
        team=team,
        rank=rank,
        is_shared=is_shared,
        values=values[team],
        rounds_played=len(tally.results.attended(team)),
    )

"""Standings: from table results, which are facts, to a ranking under any list of metrics."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from judging.scoring.exact import ZERO, in_id_order
from judging.scoring.metrics import COLUMNS, METRICS, MORE_IS_BETTER, Field, Results, beaten_rivals

__all__ = ["COLUMNS", "METRICS", "Entrant", "Played", "Standing", "UnavailableMetric", "standings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What one team has from one preliminary round; rank, points and score are facts recorded at the table.

    `points` already carry the round's weight. An absent team has no rank and no score. A score may be missing or
    may contradict the rank (real tabs hide and correct scores): the rank is authoritative. `adjusted` is the score
    less the panel's severity. `opponents` may be left out: then they are the other teams of the same table.
    """

    team: Hashable
    round: int
    table: Hashable
    rank: int | None
    points: Decimal
    score: Decimal | None
    is_shared: bool = False
    adjusted: Decimal | None = None
    opponents: tuple[Hashable, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrant:
    """A team to list; withdrawn teams and stand-ins are listed unranked."""

    team: Hashable
    is_ranked: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A line of the standings; `rank` is None for the unranked. `values` holds COLUMNS and the metrics used."""

    team: Hashable
    rank: int | None
    is_shared: bool
    values: dict[str, Decimal | None]
    rounds_played: int = 0


class UnavailableMetric(ValueError):  # noqa: N818 - the name is a contract
    """The standings were asked to rank by a metric that these results do not have."""

    def __init__(self, metric: str) -> None:
        super().__init__(f"the metric {metric} is not available for these results")
        self.metric = metric

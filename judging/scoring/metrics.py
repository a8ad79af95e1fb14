"""The closed vocabulary of standings metrics: what each one means and how it is computed from the results."""

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from judging.scoring.exact import ZERO, exact_deviation, exact_mean, exact_sum, round_half_up
from judging.scoring.played import Played, Results

COLUMNS = ("points", "total_score", "average_score", "adjusted_score", "firsts", "seconds")
"""Standard columns: every standing carries them, whether or not they rank."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What metrics are computed from: all results, the recorded lots, and the teams still level."""

    results: Results
    lots: Mapping[Hashable, Decimal]
    level: Collection[Hashable] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One way to compare teams; `meaning` is for people; a relative one depends on who is still level."""

    name: str
    meaning: str
    value: Callable[[Hashable, Tally], Decimal]
    is_more_better: bool = True
    is_relative: bool = False


def _points(team: Hashable, tally: Tally) -> Decimal:
    return tally.results.points(team)


def _total_score(team: Hashable, tally: Tally) -> Decimal:
    return exact_sum(tally.results.scores(team))


def _average_score(team: Hashable, tally: Tally) -> Decimal:
    return _mean(tally.results.scores(team))


def _adjusted_score(team: Hashable, tally: Tally) -> Decimal:
    return _mean([played.adjusted for played in tally.results.of(team) if played.adjusted is not None])


def _firsts(team: Hashable, tally: Tally) -> Decimal:
    return _places(tally.results.of(team), 1)


def _seconds(team: Hashable, tally: Tally) -> Decimal:
    return _places(tally.results.of(team), 2)


def _average_points(team: Hashable, tally: Tally) -> Decimal:
    rounds = len(tally.results.attended(team))
    return round_half_up(tally.results.points(team) / rounds) if rounds else ZERO


def _average_less_worst(team: Hashable, tally: Tally) -> Decimal:
    scores = sorted(tally.results.scores(team))
    return _mean(scores[1:] if len(scores) >= 2 else scores)


def _average_less_extremes(team: Hashable, tally: Tally) -> Decimal:
    scores = sorted(tally.results.scores(team))
    return _mean(scores[1:-1] if len(scores) >= 3 else scores)


def _score_deviation(team: Hashable, tally: Tally) -> Decimal:
    return exact_deviation(tally.results.scores(team))


def _draw_strength(team: Hashable, tally: Tally) -> Decimal:
    met = [other for played in tally.results.of(team) for other in tally.results.opponents(played)]
    return exact_sum(tally.results.points(other) for other in met)


def _head_to_head(team: Hashable, tally: Tally) -> Decimal:
    """Places won less places lost against the teams still level, over every table they shared."""
    margin = 0
    for played in tally.results.of(team):
        rivals = [other for other in tally.results.table_mates(played) if other.team in tally.level]
        margin += sum(beats(played, rival) - beats(rival, played) for rival in rivals)
    return Decimal(margin)


def beats(one: Played, other: Played) -> bool:
    """Whether one came before the other at a table they shared; who was absent comes after everybody."""
    return one.rank is not None and (other.rank is None or one.rank < other.rank)


def _manual(team: Hashable, tally: Tally) -> Decimal:
    return tally.lots.get(team, ZERO)


def _places(played: Sequence[Played], rank: int) -> Decimal:
    return Decimal(sum(each.rank == rank and not each.is_shared for each in played))


def _mean(values: Sequence[Decimal]) -> Decimal:
    return round_half_up(exact_mean(values)) if values else ZERO


_ALL = (
    Metric(name="points", meaning="table points, each times its round's weight", value=_points),
    Metric(name="total_score", meaning="sum of the table scores, unweighted", value=_total_score),
    Metric(name="average_score", meaning="mean table score over the rounds played", value=_average_score),
    Metric(
        name="adjusted_score", meaning="mean table score, judges' severity removed", value=_adjusted_score
    ),
    Metric(name="firsts", meaning="first places held alone", value=_firsts),
    Metric(name="seconds", meaning="second places held alone", value=_seconds),
    Metric(name="draw_strength", meaning="points of all opponents met", value=_draw_strength),
    Metric(name="manual", meaning="a recorded lot: the higher lot goes first", value=_manual),
    Metric(name="average_points", meaning="points per round attended", value=_average_points),
    Metric(
        name="average_less_worst", meaning="mean table score, the worst left out", value=_average_less_worst
    ),
    Metric(
        name="average_less_extremes",
        meaning="mean table score, the best and the worst left out (from three rounds up)",
        value=_average_less_extremes,
    ),
    Metric(
        name="score_deviation",
        meaning="population standard deviation of the table scores: the steadier team goes first",
        value=_score_deviation,
        is_more_better=False,
    ),
    Metric(
        name="head_to_head",
        meaning="who beat whom among the teams still level",
        value=_head_to_head,
        is_relative=True,
    ),
)
METRICS: Mapping[str, Metric] = MappingProxyType({metric.name: metric for metric in _ALL})

"""Every rank as a tree of arithmetic: the values compared, each opened up to the rounds it comes from."""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from decimal import Decimal

from judging.scoring.delegates import DelegateScore, DelegateStanding
from judging.scoring.exact import SCORE_DECIMALS, ZERO
from judging.scoring.metrics import beats
from judging.scoring.played import Played, Results
from judging.scoring.standings import Standing
from judging.scoring.steps import Operation, Step


def explain_rank(
    standing: Standing,
    results: Iterable[Played],
    metrics: Sequence[str],
    tables: Mapping[int, Step] | None = None,
    adjusted: Mapping[int, Step] | None = None,
    level: Collection[Hashable] = (),
) -> Step:
    """A team's rank: the values that were compared, in order, each opened up to the rounds it comes from.

    `results` are all results of the edition. `tables` and `adjusted` hold the explained table scores of the team's
    rounds, where they are to be opened; `level` the teams among whom who-beat-whom was asked (see `level_before`).
    """
    source = _Source(
        team=standing.team,
        results=Results(results),
        tables=tables or {},
        adjusted=adjusted or {},
        level=frozenset(level),
    )
    parts = [_explain_metric(metric, standing.values.get(metric), source) for metric in metrics]
    return Step(
        what="rank",
        amount=Decimal(standing.rank or 0),
        about={"team": standing.team},
        parts=tuple(parts),
        is_public=True,
    )


def level_before(
    metric: str, standing: Standing, lines: Iterable[Standing], metrics: Sequence[str]
) -> frozenset[Hashable]:
    """The teams that were still level with this one when `metric` was compared, itself among them."""
    earlier = metrics[: metrics.index(metric)]
    return frozenset(
        line.team
        for line in lines
        if (line.rank is None) == (standing.rank is None)
        and all(line.values[name] == standing.values[name] for name in earlier)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """What one team's metrics are explained from."""

    team: Hashable
    results: Results
    tables: Mapping[int, Step]
    adjusted: Mapping[int, Step]
    level: AbstractSet[Hashable]

    def points(self) -> list[Step]:
        """The points of every round, in the order of the rounds."""
        return [_of_round("points", each, each.points, is_public=True) for each in self.results.of(self.team)]

    def scores(self, *, is_adjusted: bool = False) -> list[Step]:
        """The table scores, or the adjusted ones, in the order of the rounds."""
        known = self.adjusted if is_adjusted else self.tables
        return [
            _score(each, score, known.get(each.round))
            for each in self.results.of(self.team)
            if (score := each.adjusted if is_adjusted else each.score) is not None
        ]


def _score(played: Played, score: Decimal, explained: Step | None) -> Step:
    """The explained table score; where the recorded score differs (it was corrected), that stands above it."""
    if explained is None:
        return _of_round("table_score", played, score, is_public=False)
    if explained.amount == score:
        return explained
    recorded = _of_round("recorded_score", played, score, is_public=explained.is_public)
    return replace(recorded, parts=(explained,))


def _explain_metric(metric: str, value: Decimal | None, source: _Source) -> Step:
    amount = ZERO if value is None else value
    if metric not in _OPENED:
        return Step(what=metric, amount=amount, is_public=metric == "manual")
    operation, parts = _OPENED[metric](source)
    return Step(
        what=metric,
        amount=amount,
        operation=operation,
        parts=tuple(parts),
        decimals=SCORE_DECIMALS if operation == "mean" else None,
        is_public=all(part.is_public for part in parts),
    )


Opened = tuple[Operation, Sequence[Step]]


def _places(source: _Source, rank: int) -> Opened:
    held = [each for each in source.results.of(source.team) if each.rank == rank and not each.is_shared]
    return "sum", [_of_round("place", each, Decimal(1), is_public=True) for each in held]


def _average_points(source: _Source) -> Opened:
    attended = {each.round for each in source.results.attended(source.team)}
    points = source.points()
    rounds = [part for part in points if part.about["round"] in attended]
    missed = [part for part in points if part.about["round"] not in attended and part.amount]
    if not missed:
        return "mean", rounds
    return "given", points


def _kept(scores: Sequence[Step], best: int, worst: int) -> Opened:
    """The mean of the scores without so many of the best and of the worst, where that leaves one."""
    if len(scores) <= best + worst:
        return "mean", scores
    by_score = sorted(range(len(scores)), key=lambda place: scores[place].amount)
    chosen = sorted(by_score[worst : len(scores) - best])
    return "mean", [scores[place] for place in chosen]


def _draw_strength(source: _Source) -> Opened:
    met = [
        Step(
            what="opponent_points",
            amount=source.results.points(other),
            about={"round": each.round, "table": each.table, "team": other},
            is_public=True,
        )
        for each in source.results.of(source.team)
        for other in source.results.opponents(each)
    ]
    return "sum", met


def _head_to_head(source: _Source) -> Opened:
    margins = [
        Step(
            what="place_above" if margin > 0 else "place_below",
            amount=Decimal(margin),
            about={"round": each.round, "table": each.table, "team": rival.team},
            is_public=True,
        )
        for each in source.results.of(source.team)
        for rival in source.results.table_mates(each)
        if rival.team in source.level and (margin := beats(each, rival) - beats(rival, each))
    ]
    return "sum", margins


_OPENED: Mapping[str, Callable[[_Source], Opened]] = {
    "points": lambda source: ("sum", source.points()),
    "total_score": lambda source: ("sum", source.scores()),
    "average_score": lambda source: ("mean", source.scores()),
    "adjusted_score": lambda source: ("mean", source.scores(is_adjusted=True)),
    "firsts": lambda source: _places(source, 1),
    "seconds": lambda source: _places(source, 2),
    "average_points": _average_points,
    "average_less_worst": lambda source: _kept(source.scores(), best=0, worst=1),
    "average_less_extremes": lambda source: _kept(source.scores(), best=1, worst=1),
    "score_deviation": lambda source: ("deviation", source.scores()),
    "draw_strength": _draw_strength,
    "head_to_head": _head_to_head,
}
"""How each metric comes out of the rounds; a recorded lot (`manual`) comes out of nothing but itself."""


def explain_delegate(standing: DelegateStanding, scores: Iterable[DelegateScore]) -> Step:
    """A delegate's average, opened up to the rounds: marks about a person, so nothing of it is public."""
    own = sorted((each for each in scores if each.delegate == standing.delegate), key=lambda each: each.round)
    rounds = [Step(what="delegate_score", amount=each.score, about={"round": each.round}) for each in own]
    return Step(
        what="delegate_average",
        amount=standing.average,
        about={"delegate": standing.delegate},
        operation="mean",
        parts=tuple(rounds),
        decimals=SCORE_DECIMALS,
    )


def _of_round(what: str, played: Played, amount: Decimal, *, is_public: bool) -> Step:
    about: dict[str, Hashable] = {"round": played.round, "table": played.table, "rank": played.rank}
    return Step(what=what, amount=amount, about=about, is_public=is_public)

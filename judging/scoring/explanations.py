"""Every score and rank as a tree of arithmetic that a page or a spreadsheet can show, and anyone can recompute."""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from decimal import Decimal

from judging.scoring.adjusted import AdjustedTable
from judging.scoring.delegates import DelegateScore, DelegateStanding
from judging.scoring.exact import SCORE_DECIMALS, ZERO, exact_mean, exact_sum, in_id_order
from judging.scoring.metrics import beats
from judging.scoring.played import Played, Results
from judging.scoring.sheets import CriterionRule, DelegateMarks, MarkLine
from judging.scoring.standings import Standing
from judging.scoring.steps import Operation, Step, lines, public_part, recomputed
from judging.scoring.tables import PanelMethod, panel_score

__all__ = [
    "Step",
    "explain_adjusted_table",
    "explain_delegate",
    "explain_rank",
    "explain_sheet",
    "explain_table",
    "level_before",
    "lines",
    "public_part",
    "recomputed",
]

FEWEST_PUBLIC_JUDGES = 3
"""Where fewer judges sat, the public sees ranks and points alone: a score would be one judge's mark."""


def explain_sheet(
    marks: Iterable[MarkLine],
    criteria: Iterable[CriterionRule],
    team: Hashable,
    judge: Hashable,
    delegate_marks: DelegateMarks = "mean",
    penalty: Decimal = ZERO,
) -> Step:
    """One team's score on one sheet: as `sheet_scores`, down to every mark times its weight."""
    rules = {rule.id: rule for rule in criteria}
    own = [line for line in marks if line.team == team and line.criterion in rules]
    parts = [_weighted(line, rules[line.criterion]) for line in own if line.delegate is None]
    delegates = []
    for delegate in in_id_order({line.delegate for line in own if line.delegate is not None}):
        weighted = [_weighted(line, rules[line.criterion]) for line in own if line.delegate == delegate]
        delegates.append(_sum("delegate", weighted, {"delegate": delegate}))
    if delegates:
        amounts = [each.amount for each in delegates]
        amount = exact_mean(amounts) if delegate_marks == "mean" else exact_sum(amounts)
        parts.append(Step(what="delegates", amount=amount, operation=delegate_marks, parts=tuple(delegates)))
    if penalty:
        parts.append(Step(what="penalty", amount=-penalty, is_public=True))
    return _sum("sheet", parts, {"team": team, "judge": judge})


def _weighted(line: MarkLine, rule: CriterionRule) -> Step:
    about: dict[str, Hashable] = {"criterion": line.criterion}
    if rule.weight == 1:
        return Step(what="mark", amount=line.mark, about=about)
    parts = (Step(what="weight", amount=rule.weight, is_public=True), Step(what="mark", amount=line.mark))
    return Step(
        what="weighted_mark", amount=rule.weight * line.mark, about=about, operation="product", parts=parts
    )


def _sum(what: str, parts: Sequence[Step], about: Mapping[str, Hashable], *, is_public: bool = False) -> Step:
    amount = exact_sum(part.amount for part in parts)
    return Step(
        what=what, amount=amount, about=about, operation="sum", parts=tuple(parts), is_public=is_public
    )


def explain_table(
    sheets: Sequence[Step], team: Hashable, round_number: int, method: PanelMethod = "mean", decimals: int = 2
) -> Step:
    """One team's table score from its counted sheets; public where enough judges sat."""
    return Step(
        what="table_score",
        amount=panel_score([sheet.amount for sheet in sheets], method, decimals),
        about={"team": team, "round": round_number},
        operation=method,
        parts=tuple(sheets),
        decimals=decimals,
        is_public=len(sheets) >= FEWEST_PUBLIC_JUDGES,
    )


def explain_adjusted_table(
    table: AdjustedTable,
    method: PanelMethod = "mean",
    decimals: int = 2,
    sheets: Mapping[Hashable, Step] | None = None,
) -> Step:
    """One team's adjusted table score: each sheet with its judge's severity given back, then the panel's method.

    The public sees it as the table score and the net adjustment, where enough judges sat, and never judge by judge.
    `sheets` may hold the explained sheet of each judge.
    """
    known = sheets or {}
    adjusted = []
    for sheet in table.sheets:
        score = known.get(sheet.judge) or Step(what="sheet", amount=sheet.score, about={"judge": sheet.judge})
        back = Step(what="severity", amount=sheet.given_back, about={"judge": sheet.judge})
        adjusted.append(_sum("adjusted_sheet", [score, back], {"judge": sheet.judge}))
    about: dict[str, Hashable] = {"team": table.team, "round": table.round}
    is_public = len(adjusted) >= FEWEST_PUBLIC_JUDGES
    shown = [
        Step(what="table_score", amount=table.raw, about=about, is_public=True),
        Step(what="net_adjustment", amount=table.net, about=about, is_public=True),
    ]
    return Step(
        what="adjusted_table_score",
        amount=table.adjusted,
        about=about,
        operation=method,
        parts=tuple(adjusted),
        decimals=decimals,
        is_public=is_public,
        public_form=_sum("adjusted_table_score", shown, about, is_public=True) if is_public else None,
    )


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

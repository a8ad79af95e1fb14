"""Every score and rank as a tree of arithmetic that a page or a spreadsheet can show, and anyone can recompute."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal

from judging.scoring.adjusted import AdjustedTable
from judging.scoring.exact import ZERO, exact_mean, exact_sum, in_id_order, round_half_up
from judging.scoring.metrics import METRICS
from judging.scoring.played import Played
from judging.scoring.sheets import CriterionRule, DelegateMarks, MarkLine
from judging.scoring.standings import Standing
from judging.scoring.tables import PanelMethod, panel_score

Operation = Literal["given", "sum", "mean", "product", "median", "trimmed_mean"]
FEWEST_PUBLIC_JUDGES = 3
"""Where fewer judges sat, the public sees ranks and points alone: a score would be one judge's mark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One number and where it comes from.

    `what` is a stable word for the kind of number ("sheet", "mark", "penalty", ...) and `about` the ids it is about
    ({"round": 2, "judge": "J1"}): the page puts them into words. `amount` is the number, `operation` how it comes
    out of the `parts`, rounded half up to `decimals` (None: not rounded). Only what `is_public` may be published.
    """

    what: str
    amount: Decimal
    about: Mapping[str, Hashable] = field(default_factory=dict)
    operation: Operation = "given"
    parts: tuple["Step", ...] = ()
    decimals: int | None = None
    is_public: bool = False


def recomputed(step: Step) -> Decimal:
    """The number worked out again from the leaves: equal to `amount` for every step made here."""
    parts = [recomputed(part) for part in step.parts]
    value = step.amount
    if step.operation == "sum":
        value = exact_sum(parts)
    elif step.operation == "product":
        value = parts[0] * parts[1]
    elif step.operation == "mean":
        value = exact_mean(parts) if parts else ZERO
    elif step.operation in ("median", "trimmed_mean"):
        value = panel_score(parts, "median" if step.operation == "median" else "trimmed_mean", 12)
    return value if step.decimals is None else round_half_up(value, step.decimals)


def public_part(step: Step) -> Step | None:
    """The tree without what the public may not see; None where the step itself is not public."""
    if not step.is_public:
        return None
    shown = tuple(part for part in map(public_part, step.parts) if part is not None)
    return replace(step, parts=shown, operation=step.operation if len(shown) == len(step.parts) else "given")


def lines(step: Step, depth: int = 0) -> Iterator[tuple[int, Step]]:
    """The tree in reading order with its depth, a line for each step: for a page, a spreadsheet, a print."""
    yield depth, step
    for part in step.parts:
        yield from lines(part, depth + 1)


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

    The public sees it as the table score and the net adjustment (`AdjustedTable.net`), never judge by judge.
    `sheets` may hold the explained sheet of each judge.
    """
    known = sheets or {}
    adjusted = []
    for sheet in table.sheets:
        score = known.get(sheet.judge) or Step(what="sheet", amount=sheet.score, about={"judge": sheet.judge})
        back = Step(what="severity", amount=sheet.given_back, about={"judge": sheet.judge})
        adjusted.append(_sum("adjusted_sheet", [score, back], {"judge": sheet.judge}))
    return Step(
        what="adjusted_table_score",
        amount=table.adjusted,
        about={"team": table.team, "round": table.round},
        operation=method,
        parts=tuple(adjusted),
        decimals=decimals,
        is_public=len(adjusted) >= FEWEST_PUBLIC_JUDGES,
    )


def explain_rank(
    standing: Standing,
    results: Iterable[Played],
    metrics: Sequence[str],
    tables: Mapping[int, Step] | None = None,
    adjusted: Mapping[int, Step] | None = None,
) -> Step:
    """A team's rank: the values that were compared, in order, each opened up to the rounds it comes from.

    `tables` and `adjusted` hold the explained table scores of the team's rounds, where they are to be opened.
    """
    own = sorted((each for each in results if each.team == standing.team), key=lambda each: each.round)
    parts = [_explain_metric(metric, standing, own, tables or {}, adjusted or {}) for metric in metrics]
    return Step(
        what="rank",
        amount=Decimal(standing.rank or 0),
        about={"team": standing.team},
        parts=tuple(parts),
        is_public=True,
    )


def _explain_metric(
    metric: str,
    standing: Standing,
    own: Sequence[Played],
    tables: Mapping[int, Step],
    adjusted: Mapping[int, Step],
) -> Step:
    value = standing.values.get(metric) or ZERO
    if metric == "points":
        rounds = [_of_round("points", each, each.points, is_public=True) for each in own]
        return Step(what=metric, amount=value, operation="sum", parts=tuple(rounds), is_public=True)
    if metric in ("total_score", "average_score", "adjusted_score"):
        known = adjusted if metric == "adjusted_score" else tables
        scores = [(each, each.adjusted if metric == "adjusted_score" else each.score) for each in own]
        opened = [
            known.get(each.round) or _of_round("table_score", each, score, is_public=False)
            for each, score in scores
            if score is not None
        ]
        return Step(
            what=metric,
            amount=value,
            operation="sum" if metric == "total_score" else "mean",
            parts=tuple(opened),
            decimals=6,
            is_public=all(part.is_public for part in opened),
        )
    if metric in ("firsts", "seconds"):
        place = 1 if metric == "firsts" else 2
        held = [each for each in own if each.rank == place and not each.is_shared]
        counted = [_of_round("place", each, Decimal(1), is_public=True) for each in held]
        return Step(what=metric, amount=value, operation="sum", parts=tuple(counted), is_public=True)
    is_of_scores = metric in METRICS and "score" in METRICS[metric].meaning
    return Step(what=metric, amount=value, is_public=not is_of_scores)


def _of_round(what: str, played: Played, amount: Decimal, *, is_public: bool) -> Step:
    about: dict[str, Hashable] = {"round": played.round, "table": played.table}
    return Step(what=what, amount=amount, about=about, is_public=is_public)

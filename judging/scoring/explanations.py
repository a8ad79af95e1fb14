"""Every score as a tree of arithmetic that a page or a spreadsheet can show, and anyone can recompute."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from decimal import Decimal

from judging.scoring.adjusted import AdjustedTable
from judging.scoring.exact import ZERO, exact_mean, exact_sum, in_id_order
from judging.scoring.sheets import CriterionRule, DelegateMarks, MarkLine
from judging.scoring.steps import Step, lines, public_part, recomputed
from judging.scoring.tables import PanelMethod, panel_score

__all__ = [
    "Step",
    "explain_adjusted_table",
    "explain_sheet",
    "explain_table",
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

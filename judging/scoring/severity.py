"""How hard each judge marks, and what every target would have under an average judge.

Judges' effects are left as they are and teams' effects are drawn together ("shrink teams, not judges"): a
judge who sits at the strongest tables would otherwise be taken for a lenient one. The estimates therefore
do not change when a judge adds a constant to every mark.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np

from judging.scoring.additive import additive
from judging.scoring.ratings import (
    Codes,
    Floats,
    Rating,
    Ratings,
    Sheets,
    components_of,
    ratings_from,
    sheets_from,
)
from judging.scoring.reml import Components, Solution, by_sheets, design_of, fit_components, solve
from judging.scoring.uncertainty import ErrorModel, error_model_of, sheet_weights

Method = Literal["reml", "additive"]
METHODS: tuple[Method, ...] = get_args(Method)

REASONS = {
    "not_connected": "its judges and targets fall into parts that no mark connects",
    "one_round": "there is only one round, and one round cannot tell a hard judge from a weak day",
    "too_few_marks": "there are too few marks to tell severity from chance",
}


NOT_APPLIED, FULLY_APPLIED = 0.5, 0.05
"""p-values of "all judges are equally severe": nothing is applied from the first up, all up to the second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetEstimate:
    """A target on the mark scale; `is_adjusted` says whether severity was removed or this is its raw mean.

    `n` counts marks. Targets of different `component` cannot be compared.
    """

    target: Hashable
    group: Hashable
    estimate: float
    standard_error: float
    raw: float
    n: int
    component: int
    is_adjusted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeSeverity:
    """Marks by which a judge is harder (positive) than the average judge of the same component.

    `applied` is what is taken off: all of the severity, or a part where judges differ little more than by
    chance.
    """

    judge: Hashable
    severity: float
    standard_error: float
    applied: float
    n: int
    component: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Severity:
    """Everything estimated. `unadjusted` gives each group left alone its reason, a key of REASONS.

    `error_model` knows the covariance of the targets' errors (None where nothing is known); `share` is the
    part of the severities that was applied, `p_value` that of "all judges are equally severe".
    """

    targets: tuple[TargetEstimate, ...]
    judges: tuple[JudgeSeverity, ...]
    unadjusted: Mapping[Hashable, str]
    components: Components | None
    share: float
    p_value: float | None
    error_model: ErrorModel | None
    repeats: int


def estimate_severity(
    ratings: Ratings | Iterable[Rating], method: Method = "reml", *, one_round_rule: bool | None = None
) -> Severity:
    """Severity of every judge and the adjusted mean of every target.

    A group whose targets are not all in one component, or (unless `one_round_rule` is False; by default
    where any occasion is given) whose marks come from one occasion, keeps its raw means: see `unadjusted`.
    Raises ValueError for marks that are no numbers, or for no marks at all.
    """
    data = ratings if isinstance(ratings, Ratings) else ratings_from(ratings)
    if not len(data):
        raise ValueError("there are no marks")
    component, component_of_judge = components_of(data)
    sheets = sheets_from(data)
    rule = data.occasions != [None] if one_round_rule is None else one_round_rule
    reasons = _reasons(data, component, rule)
    if method == "additive":
        return _by_least_squares(data, sheets, component, component_of_judge, reasons)
    return _by_mixed_model(data, sheets, component, component_of_judge, reasons)


def _reasons(data: Ratings, component: Codes, one_round_rule: bool) -> dict[Hashable, str]:
    reasons: dict[Hashable, str] = {}
    group_of_mark = data.group_of_target[data.target]
    for code, group in enumerate(data.groups):
        if len(np.unique(component[data.group_of_target == code])) > 1:
            reasons[group] = "not_connected"
        elif one_round_rule and len(np.unique(data.occasion[group_of_mark == code])) < 2:
            reasons[group] = "one_round"
    return reasons


def _by_least_squares(
    data: Ratings, sheets: Sheets, component: Codes, component_of_judge: Codes, reasons: dict[Hashable, str]
) -> Severity:
    found = additive(data, component_of_judge)
    return _report(
        data,
        sheets,
        component,
        component_of_judge,
        reasons,
        estimates=found.targets,
        errors=found.targets_error,
        severities=-found.judges,
        severity_errors=found.judges_error,
    )


def _by_mixed_model(
    data: Ratings, sheets: Sheets, component: Codes, component_of_judge: Codes, reasons: dict[Hashable, str]
) -> Severity:
    spare = len(sheets.score) - len(data.targets) - len(data.judges) + len(np.unique(component))
    if spare < 1:
        reasons = {group: reasons.get(group, "too_few_marks") for group in data.groups}
        return _report(data, sheets, component, component_of_judge, reasons)
    columns = _judge_columns(component_of_judge)
    key = component[sheets.target] * len(data.groups) + data.group_of_target[sheets.target]
    _, intercept = np.unique(key, return_inverse=True)
    centred = replace(sheets, score=sheets.score - sheets.score.mean())
    design = design_of(centred, intercept, columns[sheets.judge], len(data.targets))
    by_marks = solve(design, fit_components(design, judges_are_random=False))
    solution = by_marks
    if design.within_freedom:
        solution = solve(design, fit_components(by_sheets(design), judges_are_random=False))
    centre = _centring(design.intercepts, design.coefficients, columns, component_of_judge)
    lenient = centre @ by_marks.fixed
    share, p_value = _share_applied(solution, design.intercepts, spare)
    weight = sheet_weights(sheets)
    errors = error_model_of(sheets, intercept, columns, centre, solution, len(data.targets))
    raw = np.bincount(sheets.target, weight * sheets.score, len(data.targets))
    return _report(
        data,
        sheets,
        component,
        component_of_judge,
        reasons,
        estimates=raw - share * np.asarray(errors.taken @ lenient),
        errors=np.sqrt(np.maximum(errors.variances(), 0)),
        severities=-lenient,
        severity_errors=np.sqrt(np.maximum(np.diag(errors.judges), 0)),
        error_model=errors,
        components=solution.components,
        share=share,
        p_value=p_value,
    )


def _judge_columns(component_of_judge: Codes) -> Codes:
    """The column of each judge; the first of each component is its reference (-1)."""
    references = np.unique(component_of_judge, return_index=True)[1]
    columns = np.ones(len(component_of_judge), dtype=np.int64)
    columns[references] = 0
    columns = np.cumsum(columns) - 1
    columns[references] = -1
    return columns


def _centring(intercepts: int, coefficients: int, columns: Codes, component_of_judge: Codes) -> Floats:
    """The matrix (judges x coefficients) that makes coefficients effects summing to zero in each component."""
    judges = len(columns)
    centre = np.zeros((judges, coefficients))
    seated = np.flatnonzero(columns >= 0)
    centre[seated, intercepts + columns[seated]] = 1
    for component in np.unique(component_of_judge):
        inside = component_of_judge == component
        centre[inside] -= centre[inside].mean(axis=0)
    return centre


def _share_applied(solution: Solution, intercepts: int, spare: int) -> tuple[float, float | None]:
    """How much of the severities to apply, from the F test of "all judges are equally severe".

    Where the differences are what chance alone gives, taking them off only adds noise: nothing is applied at
    p >= 0.5, everything at p <= 0.05, and in between in proportion, so that no single mark flips the result.
    """
    from scipy.linalg import solve as solve_linear
    from scipy.stats import f as f_distribution

    effects = solution.fixed[intercepts:]
    if not effects.size:
        return 1.0, None
    among_judges = solution.covariance[intercepts:, intercepts:]
    wald = float(effects @ solve_linear(among_judges, effects, assume_a="pos"))
    p_value = float(f_distribution.sf(wald / effects.size, effects.size, spare))
    return float(np.clip((NOT_APPLIED - p_value) / (NOT_APPLIED - FULLY_APPLIED), 0, 1)), p_value


def _report(
    data: Ratings,
    sheets: Sheets,
    component: Codes,
    component_of_judge: Codes,
    reasons: Mapping[Hashable, str],
    *,
    estimates: Floats | None = None,
    errors: Floats | None = None,
    severities: Floats | None = None,
    severity_errors: Floats | None = None,
    error_model: ErrorModel | None = None,
    components: Components | None = None,
    share: float = 1.0,
    p_value: float | None = None,
) -> Severity:
    raw, raw_errors, count = _raw_means(data)
    targets = []
    for code, target in enumerate(data.targets):
        group = data.groups[int(data.group_of_target[code])]
        is_adjusted = estimates is not None and group not in reasons
        targets.append(
            TargetEstimate(
                target=target,
                group=group,
                estimate=float(estimates[code] if is_adjusted and estimates is not None else raw[code]),
                standard_error=float(
                    errors[code] if is_adjusted and errors is not None else raw_errors[code]
                ),
                raw=float(raw[code]),
                n=int(count[code]),
                component=int(component[code]) + 1,
                is_adjusted=is_adjusted,
            )
        )
    marked = np.bincount(data.judge, minlength=len(data.judges))
    unknown = np.full(len(data.judges), np.nan)
    severities = unknown if severities is None else severities
    severity_errors = unknown if severity_errors is None else severity_errors
    judges = [
        JudgeSeverity(
            judge=judge,
            severity=float(severities[code]),
            standard_error=float(severity_errors[code]),
            applied=float(share * severities[code]),
            n=int(marked[code]),
            component=int(component_of_judge[code]) + 1,
        )
        for code, judge in enumerate(data.judges)
    ]
    return Severity(
        targets=tuple(targets),
        judges=tuple(judges),
        unadjusted=dict(reasons),
        components=components,
        share=share,
        p_value=p_value,
        error_model=error_model,
        repeats=sheets.repeats,
    )


def _raw_means(data: Ratings) -> tuple[Floats, Floats, Floats]:
    """Plain mean, its standard error (NaN below two marks) and number of marks of every target."""
    targets = len(data.targets)
    count = np.bincount(data.target, minlength=targets).astype(np.float64)
    mean = np.bincount(data.target, data.mark, targets) / count
    squares = np.bincount(data.target, (data.mark - mean[data.target]) ** 2, targets)
    with np.errstate(divide="ignore", invalid="ignore"):
        return mean, np.where(count > 1, np.sqrt(squares / (count - 1) / count), np.nan), count

"""How hard each judge marks, and what every target would have under an average judge: the public face."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from judging.scoring.additive import additive
from judging.scoring.mixed_model import mixed_model
from judging.scoring.ratings import (
    Codes,
    Floats,
    Rating,
    Ratings,
    components_of,
    ratings_from,
    sheets_from,
)
from judging.scoring.reml import Components
from judging.scoring.uncertainty import ErrorModel

Method = Literal["reml", "additive"]
METHODS: tuple[Method, ...] = get_args(Method)

TOLD_APART = 2.0
"""From this many times the spread that chance alone gives, severities are worth giving back.

F estimates 1 + (variance of true severities) / (variance of their errors). Giving a severity back whole takes the
first from a score and adds the second, so it helps from F = 2 on and harms below.
"""

REASONS = {
    "not_connected": "its judges and targets fall into parts that no mark connects",
    "one_round": "there is only one round, and one round cannot tell a hard judge from a weak day",
    "too_few_marks": "there are too few marks to tell severity from chance",
}


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
    """Marks by which a judge is harder (positive) than the average judge of the same component."""

    judge: Hashable
    severity: float
    standard_error: float
    n: int
    component: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Severity:
    """Everything estimated. `unadjusted` gives each group left alone its reason, a key of REASONS.

    Estimates are always free of the whole severity, so no constant that a judge adds to every mark moves them.
    Whether they should rank anybody is another question: see `given_back`. `spread` is how many times wider the
    severities spread than by chance (None with one judge, or where they were not estimated by REML); `errors` knows
    the covariance of the targets' errors, in the order of `targets`. `repeats` counts marks
    beyond the first of one judge for one target on one criterion and occasion (they were averaged). `at_ceiling` is
    the part of all sheets' marks that stand at a ceiling: errors are then wider, and still a little too narrow.
    """

    targets: tuple[TargetEstimate, ...]
    judges: tuple[JudgeSeverity, ...]
    unadjusted: Mapping[Hashable, str]
    spread: float | None = None
    components: Components | None = None
    errors: ErrorModel | None = None
    repeats: int = 0
    at_ceiling: float = 0.0

    @property
    def judges_are_alike(self) -> bool:
        """Whether giving severities back would add more noise than it removes."""
        return self.spread is not None and self.spread < TOLD_APART

    def given_back(self) -> dict[Hashable, float]:
        """What a ranking adds to the scores each judge gave: the whole severity, or nothing if judges are alike."""
        return {each.judge: 0.0 if self.judges_are_alike else each.severity for each in self.judges}


def estimate_severity(
    ratings: Ratings | Iterable[Rating], method: Method = "reml", *, one_round_rule: bool | None = None
) -> Severity:
    """Severity of every judge and the adjusted mean of every target.

    A group whose targets are not all in one component keeps its raw means, and so does one whose marks come from
    a single occasion (unless `one_round_rule` is False; by default the rule holds where any occasion is given):
    see `unadjusted`. Raises ValueError for marks that are no numbers, or for no marks at all.
    """
    data = ratings if isinstance(ratings, Ratings) else ratings_from(ratings)
    if not len(data):
        raise ValueError("there are no marks")
    component, component_of_judge = components_of(data)
    rule = data.occasions != [None] if one_round_rule is None else one_round_rule
    reasons = _reasons(data, component, rule)
    sheets = sheets_from(data)
    spare = len(sheets.score) - len(data.targets) - len(data.judges) + int(component.max()) + 1
    if method == "reml" and spare < 1:
        reasons = {group: reasons.get(group, "too_few_marks") for group in data.groups}
        raw, raw_errors, _ = _raw_means(data)
        unknown = np.full(len(data.judges), np.nan)
        return Severity(
            targets=_targets(data, component, reasons, raw, raw_errors),
            judges=_judges(data, component_of_judge, unknown, unknown),
            unadjusted=reasons,
            repeats=sheets.repeats,
        )
    if method == "additive":
        plain = additive(data, component_of_judge)
        return Severity(
            targets=_targets(data, component, reasons, plain.targets, plain.targets_error),
            judges=_judges(data, component_of_judge, -plain.judges, plain.judges_error),
            unadjusted=reasons,
            repeats=sheets.repeats,
        )
    fitted = mixed_model(data, sheets, component, component_of_judge, spare)
    return Severity(
        targets=_targets(data, component, reasons, fitted.targets, _roots(fitted.errors.variances())),
        judges=_judges(data, component_of_judge, -fitted.judges, _roots(np.diag(fitted.errors.judges))),
        unadjusted=reasons,
        spread=fitted.spread,
        components=fitted.components,
        errors=fitted.errors,
        repeats=sheets.repeats,
        at_ceiling=float(sheets.at_ceiling.mean()),
    )


def _reasons(data: Ratings, component: Codes, one_round_rule: bool) -> dict[Hashable, str]:
    reasons: dict[Hashable, str] = {}
    group_of_mark = data.group_of_target[data.target]
    for code, group in enumerate(data.groups):
        if one_round_rule and len(np.unique(data.occasion[group_of_mark == code])) < 2:
            reasons[group] = "one_round"
        elif len(np.unique(component[data.group_of_target == code])) > 1:
            reasons[group] = "not_connected"
    return reasons


def _targets(
    data: Ratings, component: Codes, reasons: Mapping[Hashable, str], estimates: Floats, errors: Floats
) -> tuple[TargetEstimate, ...]:
    raw, raw_errors, count = _raw_means(data)
    groups = [data.groups[code] for code in data.group_of_target]
    adjusted = np.array([group not in reasons for group in groups])
    columns = zip(
        data.targets,
        groups,
        np.where(adjusted, estimates, raw).tolist(),
        np.where(adjusted, errors, raw_errors).tolist(),
        raw.tolist(),
        count.astype(int).tolist(),
        (component + 1).tolist(),
        adjusted.tolist(),
        strict=True,
    )
    return tuple(
        TargetEstimate(
            target=target,
            group=group,
            estimate=estimate,
            standard_error=error,
            raw=raw_mean,
            n=n,
            component=part,
            is_adjusted=is_adjusted,
        )
        for target, group, estimate, error, raw_mean, n, part, is_adjusted in columns
    )


def _judges(
    data: Ratings, component_of_judge: Codes, severities: Floats, errors: Floats
) -> tuple[JudgeSeverity, ...]:
    count = np.bincount(data.judge, minlength=len(data.judges))
    return tuple(
        JudgeSeverity(
            judge=judge,
            severity=float(severities[code]),
            standard_error=float(errors[code]),
            n=int(count[code]),
            component=int(component_of_judge[code]) + 1,
        )
        for code, judge in enumerate(data.judges)
    )


def _raw_means(data: Ratings) -> tuple[Floats, Floats, Floats]:
    """Plain mean, its standard error (NaN below two marks) and number of marks of every target."""
    targets = len(data.targets)
    count = np.bincount(data.target, minlength=targets).astype(np.float64)
    mean = np.bincount(data.target, data.mark, targets) / count
    squares = np.bincount(data.target, (data.mark - mean[data.target]) ** 2, targets)
    with np.errstate(divide="ignore", invalid="ignore"):
        return mean, np.where(count > 1, np.sqrt(squares / (count - 1) / count), np.nan), count


def _roots(variances: Floats) -> Floats:
    roots: Floats = np.sqrt(np.maximum(variances, 0))
    return roots

"""Variance components of marks by restricted maximum likelihood, with the judges as fixed or random effects.

The model of a sheet's score y: fixed intercepts, judges, and nested random effects of the target and of the
target on one occasion. Because the random effects are nested, the inverse of their covariance is known in
closed form target by target, and only one matrix of the size of the judges has to be factored.

Sources: Patterson & Thompson 1971 (REML); Henderson 1975 (mixed-model equations); Searle, Casella &
McCulloch, Variance Components (1992), 3.7 and 6.6 (the inverse of a nested compound symmetry, the profiled
likelihood); Bates et al. 2015, J. Stat. Software 67(1), section 3 (ratios of standard deviations as
parameters).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from judging.scoring.design import Design
from judging.scoring.ratings import Floats

LARGEST_RATIO = 1e3
"""Bound on the ratio of a component's standard deviation to the residual one."""
MOST_TRIALS = 400
"""Trials of the search for the largest likelihood; forty to a hundred and twenty are usual."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Components:
    """Variances, in squared marks, of targets, of a target's day, of judges (None: fixed) and of the rest."""

    target: float
    occasion: float
    judge: float | None
    residual: float
    deviance: float
    """Minus twice the restricted log-likelihood, up to a constant of the design."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """Effects at given components: `fixed` are the coefficients, `covariance` is theirs.

    `pull` (sparse, targets x coefficients) is, per target, the target variance times the column sums of
    V^-1 W over its sheets: how much of the target's own effect ends up in the estimates of the
    coefficients.
    """

    components: Components
    fixed: Floats
    covariance: Floats
    pull: Any
    spread: float
    """F: how many times wider the judges' effects spread than chance alone would spread them (0: one judge)."""


@dataclass(frozen=True, slots=True)
class _Weighted:
    """W'V^-1 W, W'V^-1 y, y'V^-1 y and log|V| at variance ratios, the residual variance being one."""

    gram: Floats
    cross: Floats
    square: float
    log_determinant: float
    pooled: Floats
    columns: Any

    def pull(self) -> Any:
        """See Solution."""
        from scipy.sparse import diags_array

        return (diags_array(self.pooled) @ self.columns).tocsr()


def _weighted(design: Design, target_ratio: float, occasion_ratio: float) -> _Weighted:
    gram, cross, square, log_determinant = design.gram.copy(), design.cross.copy(), design.square, 0.0
    spread = 1.0
    information = np.zeros(design.targets)
    columns: Any = 0
    scores = np.zeros(design.targets)
    for cells in design.cells:
        spread = 1 + cells.size * occasion_ratio
        shrink = occasion_ratio / spread
        gram -= shrink * cells.gram
        cross -= shrink * cells.cross
        square -= shrink * cells.square
        log_determinant += cells.count * np.log(spread)
        information += cells.cells_per_target * (cells.size / spread)
        columns = columns + cells.per_target / spread
        scores += cells.score_per_target / spread
    pooled = target_ratio / (1 + target_ratio * information)
    square -= float(pooled @ scores**2)
    log_determinant += float(np.log1p(target_ratio * information).sum())
    found = _Weighted(gram, cross, square, log_determinant, pooled, columns)
    if design.uniform_gram is None:
        gram -= (columns.T @ found.pull()).toarray()
    else:
        gram -= float(pooled[0]) / spread**2 * design.uniform_gram
    cross -= np.asarray(columns.T @ (pooled * scores))
    return found


def _factored(design: Design, weighted: _Weighted, judge_ratio: float | None) -> tuple[Any, Floats, Floats]:
    """The Cholesky factor of the coefficient matrix, its right side, and the scale of the columns."""
    from scipy.linalg import cho_factor

    scale = np.ones(design.coefficients)
    gram = weighted.gram
    if judge_ratio is not None:
        scale[design.intercepts :] = np.sqrt(judge_ratio)
        gram = scale[:, None] * gram * scale
        gram[np.diag_indices_from(gram)] += np.r_[
            np.zeros(design.intercepts), np.ones(design.coefficients - design.intercepts)
        ]
    factor = cho_factor(gram, lower=True, check_finite=False)
    return factor, scale * weighted.cross, scale


def _deviance(design: Design, ratios: NDArray[np.float64], judges_are_random: bool) -> float:
    """Minus twice the restricted log-likelihood, the residual variance profiled out."""
    from scipy.linalg import cho_solve

    target_ratio, occasion_ratio, judge_ratio = _unpacked(design, ratios, judges_are_random)
    weighted = _weighted(design, target_ratio, occasion_ratio)
    factor, right, _ = _factored(design, weighted, judge_ratio)
    residual = weighted.square - float(right @ cho_solve(factor, right, check_finite=False))
    residual += design.within_square
    freedom = _freedom(design, judges_are_random)
    tiny = 1e-14 * max(design.square, 1e-300)
    log_factor = 2 * float(np.log(np.diag(factor[0])).sum())
    return freedom * float(np.log(max(residual, tiny))) + weighted.log_determinant + log_factor


def _unpacked(
    design: Design, ratios: NDArray[np.float64], judges_are_random: bool
) -> tuple[float, float, float | None]:
    squares = [min(float(ratio) ** 2, LARGEST_RATIO**2) for ratio in ratios]
    occasion = squares[1] if design.has_occasions else 0.0
    return squares[0], occasion, squares[-1] if judges_are_random else None


def _freedom(design: Design, judges_are_random: bool) -> int:
    return (
        design.within_freedom
        + design.count
        - (design.intercepts if judges_are_random else design.coefficients)
    )


def fit_components(
    design: Design,
    *,
    judges_are_random: bool,
    start: tuple[float, float] = (0.7, 0.4),
    radius: float = 0.5,
) -> Components:
    """The variance components that maximise the restricted likelihood.

    `design` has all judges as columns where they are random, one fewer a component where they are fixed; `start`
    holds the ratios of standard deviations (target, occasion) to begin at and `radius` how far from it to look
    first. The search (Nelder & Mead 1965) needs no derivatives: at a component of zero they vanish, and a search by
    slope would stop. It needs no bound at zero either: the likelihood knows the ratios by their squares.
    """
    from scipy.linalg import cho_solve
    from scipy.optimize import minimize

    first = [start[0], *([start[1]] if design.has_occasions else []), *([0.5] if judges_are_random else [])]
    level = _deviance(design, np.array(first), judges_are_random)
    found = minimize(
        lambda ratios: _deviance(design, ratios, judges_are_random) - level,
        np.array(first),
        method="Nelder-Mead",
        options={
            "initial_simplex": np.vstack([first, first + radius * np.eye(len(first))]),
            "xatol": _precision(design.targets),
            "fatol": np.inf,
            "maxfev": MOST_TRIALS,
        },
    )
    target_ratio, occasion_ratio, judge_ratio = _unpacked(design, found.x, judges_are_random)
    weighted = _weighted(design, target_ratio, occasion_ratio)
    factor, right, _ = _factored(design, weighted, judge_ratio)
    left = max(weighted.square - float(right @ cho_solve(factor, right, check_finite=False)), 0.0)
    residual = (left + design.within_square) / _freedom(design, judges_are_random)
    return Components(
        target=residual * target_ratio,
        occasion=residual * occasion_ratio,
        judge=None if judge_ratio is None else residual * judge_ratio,
        residual=residual,
        deviance=float(level + found.fun),
    )


def _precision(targets: int) -> float:
    """Where the search stops: a hundredth of what chance leaves open in an edition of this size, at most."""
    return 1e-6 if targets < 100 else 1e-3


def solve(design: Design, components: Components, taken_out: Floats | None = None) -> Solution:
    """The best linear estimates of intercepts and judges at these components, with their covariance.

    `taken_out` are effects that were taken off the scores beforehand; they are part of the answer.
    """
    from scipy.linalg.lapack import dpotri

    residual = max(components.residual, 1e-12)
    weighted = _weighted(design, components.target / residual, components.occasion / residual)
    judge_ratio = None if components.judge is None else components.judge / residual
    factor, right, scale = _factored(design, weighted, judge_ratio)
    half, _ = dpotri(factor[0], lower=1)
    inverse = np.tril(half) + np.tril(half, -1).T
    fixed = scale * (inverse @ right) + (0 if taken_out is None else taken_out)
    return Solution(
        components=components,
        fixed=fixed,
        covariance=residual * scale[:, None] * inverse * scale,
        pull=weighted.pull(),
        spread=_spread(weighted.gram, fixed, design.intercepts) / residual,
    )


def _spread(gram: Floats, fixed: Floats, intercepts: int) -> float:
    """The judges' effects squared, in units of what chance gives: the F statistic times the residual variance."""
    effects = fixed[intercepts:]
    if not effects.size:
        return 0.0
    shared = gram[:intercepts, intercepts:] @ effects
    alone = float(effects @ gram[intercepts:, intercepts:] @ effects)
    return (alone - float(shared @ np.linalg.solve(gram[:intercepts, :intercepts], shared))) / effects.size

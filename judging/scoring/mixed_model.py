"""The mixed model of severity: teams drawn together, judges left as they are.

Judges' effects are fixed and teams' effects random ("shrink teams, not judges"): were judges drawn to the middle, a
hard judge who sits at the strongest tables would keep part of the teams' marks, and a constant that one judge adds to
every mark would change who is ahead.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from judging.scoring.design import Design, by_sheets, design_of
from judging.scoring.ratings import Codes, Floats, Ratings, Sheets, connected
from judging.scoring.reml import LARGEST_RATIO, Components, Solution, fit_components, solve
from judging.scoring.uncertainty import Centring, ErrorModel, error_model_of, judge_columns, sheet_weights

CEILING_ROUNDS = 4
"""How often marks at a ceiling are guessed and the model solved again; further rounds change little."""
LARGEST_SAMPLE = 500
"""With more judges than this the variances are estimated from the sheets of this many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixed:
    """The fitted model: adjusted means of targets, leniency of judges (positive: lenient), and their errors.

    `spread` is F: how many times wider the leniencies spread than by chance (None with a single judge).
    """

    targets: Floats
    judges: Floats
    errors: ErrorModel
    components: Components
    spread: float | None


def mixed_model(
    data: Ratings, sheets: Sheets, component: Codes, component_of_judge: Codes, spare: int
) -> Mixed:
    """Fits the model to the sheets; `spare` counts the sheets beyond targets and judges, at least one."""
    intercept = _intercepts(data, sheets, component)
    centre = Centring(int(intercept.max()) + 1, judge_columns(component_of_judge), component_of_judge)
    means = np.bincount(sheets.judge, sheets.score) / np.bincount(sheets.judge)
    taken_out = centre.coefficients(means)

    def relative(scores: Floats) -> Sheets:
        # Without the judges' means a constant of one judge is gone before anything is estimated.
        return replace(sheets, score=scores - means[sheets.judge])

    def refitted(scores: Floats) -> Floats:
        design = design_of(relative(scores), intercept, centre.columns[sheets.judge], len(data.targets))
        return centre.rows(solve(design, by_marks.components, taken_out).fixed)

    by_marks, by_sheet = _solutions(relative(sheets.score), intercept, centre, len(data.targets), taken_out)
    errors = error_model_of(sheets, intercept, centre, by_sheet, spare)
    lenient = centre.rows(by_marks.fixed)
    targets = _adjusted(sheets, sheets.score, errors, lenient)

    if sheets.at_ceiling.any():
        spread = np.sqrt(max(by_sheet.components.occasion + by_sheet.components.residual, 1e-12))
        unbounded = _without_ceiling(sheets, errors, lenient, float(spread), refitted)
        errors = replace(errors, hidden=unbounded - targets)
    return Mixed(
        targets=targets,
        judges=lenient,
        errors=errors,
        components=by_sheet.components,
        spread=by_sheet.spread or None,
    )


def _adjusted(sheets: Sheets, scores: Floats, errors: ErrorModel, taken_off: Floats) -> Floats:
    """Each target's mean of these scores less what is taken off for its judges."""
    raw = np.bincount(sheets.target, sheet_weights(sheets) * scores, errors.taken.shape[0])
    means: Floats = raw - np.asarray(errors.taken @ taken_off)
    return means


def _without_ceiling(
    sheets: Sheets,
    errors: ErrorModel,
    lenient: Floats,
    spread: float,
    refitted: Callable[[Floats], Floats],
) -> Floats:
    """The adjusted means that a longer scale would probably have given: guess the hidden part, solve, guess again.

    It is used for the errors alone: nobody is given marks that no judge gave.
    """
    scores = sheets.score
    for _ in range(CEILING_ROUNDS):
        level = _adjusted(sheets, scores, errors, lenient)[sheets.target] + lenient[sheets.judge]
        scores = _beyond_ceiling(sheets, level, spread)
        lenient = refitted(scores)
    return _adjusted(sheets, scores, errors, lenient)


def _beyond_ceiling(sheets: Sheets, level: Floats, spread: float) -> Floats:
    """The scores with what a ceiling hides added: the mean of a normal tail above the score (Tobin 1958).

    `level` is the score to be expected on each sheet, `spread` how widely scores vary about it; a sheet with some
    marks at the ceiling gets that part of it.
    """
    from scipy.special import log_ndtr

    height = (sheets.score - level) / spread
    tail = np.exp(-(height**2) / 2 - np.log(2 * np.pi) / 2 - log_ndtr(-height))
    guess: Floats = sheets.score + sheets.at_ceiling * spread * np.maximum(tail - height, 0)
    return guess


def _intercepts(data: Ratings, sheets: Sheets, component: Codes) -> Codes:
    """The number of each sheet's intercept: one for every group in every component."""
    key = component[sheets.target] * len(data.groups) + data.group_of_target[sheets.target]
    numbers: Codes = np.unique(key, return_inverse=True)[1]
    return numbers


def _solutions(
    sheets: Sheets, intercept: Codes, centre: Centring, targets: int, taken_out: Floats
) -> tuple[Solution, Solution]:
    """The estimates, weighted as if marks were independent, and those that whole sheets support, for the errors.

    The first lean more on comparisons within one target; the second know that marks on one sheet hang together.
    """
    design = design_of(sheets, intercept, centre.columns[sheets.judge], targets)
    sample = design if len(centre.columns) <= LARGEST_SAMPLE else _sample(sheets, intercept, targets)
    by_marks = fit_components(sample, judges_are_random=False)
    if not sample.within_freedom:
        solution = solve(design, by_marks, taken_out)
        return solution, solution
    nearby = _ratios(by_marks)
    by_sheet = fit_components(by_sheets(sample), judges_are_random=False, start=nearby, radius=0.1)
    return solve(design, by_marks, taken_out), solve(design, by_sheet, taken_out)


def _ratios(components: Components) -> tuple[float, float]:
    residual = max(components.residual, 1e-12)
    target, occasion = np.sqrt([components.target / residual, components.occasion / residual])
    return min(float(target), LARGEST_RATIO), min(float(occasion), LARGEST_RATIO)


def _sample(sheets: Sheets, intercept: Codes, targets: int) -> Design:
    """The design of the sheets of the first LARGEST_SAMPLE judges: the same model, so the same variances."""
    kept = sheets.judge < LARGEST_SAMPLE
    part = replace(
        sheets,
        target=sheets.target[kept],
        judge=sheets.judge[kept],
        occasion=sheets.occasion[kept],
        score=sheets.score[kept],
        within_square=sheets.within_square * kept.mean(),
        within_freedom=int(sheets.within_freedom * kept.mean()),
    )
    component, component_of_judge = connected(part.target, part.judge, targets, LARGEST_SAMPLE)
    key = component[part.target] * (int(intercept.max()) + 1) + intercept[kept]
    numbers = np.unique(key, return_inverse=True)[1]
    return design_of(part, numbers, judge_columns(component_of_judge)[part.judge], targets)

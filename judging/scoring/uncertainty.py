"""How uncertain adjusted means are, each alone and all together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from judging.scoring.ratings import Codes, Floats, Sheets
from judging.scoring.reml import Solution


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorModel:
    """How the errors of the targets' estimates hang together, in the order of the targets.

    An estimate is a weighted mean of scores less the same mean of its judges' effects. Its error is the chance
    in the scores (`own`) and the error of the judges' effects, `taken` with these weights; the two are related,
    because the effects were estimated from the same scores (`gap` x `mixed`). `hidden` is by how much a ceiling may
    hide the target's true level (zero without one); all targets' hidden parts grow and shrink together.
    Source: the algebra is in docs/scoring.md, "Standard errors".
    """

    own: Floats
    taken: Any
    gap: Any
    judges: Floats
    mixed: Floats
    hidden: Floats

    def variances(self) -> Floats:
        """The squared standard error of every target."""
        through_judges = self.taken.multiply(np.asarray(self.taken @ self.judges)).sum(axis=1)
        related = self.taken.multiply(np.asarray(self.gap @ self.mixed)).sum(axis=1)
        total: Floats = self.own + np.asarray(through_judges).ravel() - 2 * np.asarray(related).ravel()
        total += self.hidden**2
        return total

    def covariance(self, chosen: Sequence[int]) -> Floats:
        """The covariance of the errors of the chosen targets."""
        taken, gap = self.taken[list(chosen)], self.gap[list(chosen)]
        related = np.asarray(taken @ np.asarray(gap @ self.mixed).T)
        through_judges = np.asarray(taken @ np.asarray(taken @ self.judges).T)
        total: Floats = np.diag(self.own[list(chosen)]) + through_judges - related - related.T
        total += np.outer(self.hidden[list(chosen)], self.hidden[list(chosen)])
        return total


def widening(freedom: int) -> float:
    """The factor on standard errors that makes 1.96 of them 95 %, for variances from so many observations.

    Student's t for the normal quantile: 1.18 in an edition of eight teams after two rounds, 1.00 in a large one.
    """
    from scipy.special import ndtri, stdtrit

    return float(stdtrit(freedom, 0.975) / ndtri(0.975))


def sheet_weights(sheets: Sheets) -> Floats:
    """The weight of each sheet in its target's mean: every occasion the same, within it every judge the same."""
    first, cell = _cells(sheets)
    occasions = np.bincount(sheets.target[first], minlength=int(sheets.target.max()) + 1)
    weights: Floats = 1 / (occasions[sheets.target] * np.bincount(cell)[cell])
    return weights


def judge_columns(component_of_judge: Codes) -> Codes:
    """The column of each judge; the first of each component is its reference (-1)."""
    references = np.unique(component_of_judge, return_index=True)[1]
    columns = np.ones(len(component_of_judge), dtype=np.int64)
    columns[references] = 0
    columns = np.cumsum(columns) - 1
    columns[references] = -1
    return columns


@dataclass(frozen=True, slots=True)
class Centring:
    """Turns coefficients (intercepts, then judges without references) into effects that sum to zero, and back."""

    intercepts: int
    columns: Codes
    component_of_judge: Codes

    def coefficients(self, effects: Floats) -> Floats:
        """What effects of the judges are as coefficients, each less that of its component's reference."""
        reference = np.flatnonzero(self.columns < 0)[self.component_of_judge]
        found = np.zeros(self.intercepts + int(self.columns.max()) + 1)
        seated = self.columns >= 0
        found[self.intercepts + self.columns[seated]] = (effects - effects[reference])[seated]
        return found

    def rows(self, coefficients: Floats) -> Floats:
        """One row per judge from one per coefficient, the mean of each component taken off."""
        effects = np.zeros((len(self.columns), *coefficients.shape[1:]))
        seated = self.columns >= 0
        effects[seated] = coefficients[self.intercepts + self.columns[seated]]
        for component in np.unique(self.component_of_judge):
            inside = self.component_of_judge == component
            effects[inside] -= effects[inside].mean(axis=0)
        return effects


def error_model_of(
    sheets: Sheets, intercept: Codes, centre: Centring, solution: Solution, spare: int
) -> ErrorModel:
    """The error model of the weighted means of the sheets; `spare` counts sheets beyond targets and judges.

    What varies from day to day is known from the days beyond the first of every target, seldom as many as sheets.
    """
    from scipy.sparse import csr_array

    targets, coefficients = solution.pull.shape
    weight, column = sheet_weights(sheets), centre.columns[sheets.judge]
    first, cell = _cells(sheets)
    days = len(first) - targets
    scale = widening(min(spare, days) if days > 0 else spare) ** 2
    own = solution.components.occasion * np.bincount(
        sheets.target[first], np.bincount(cell, weight) ** 2, targets
    )
    own += solution.components.residual * np.bincount(sheets.target, weight**2, targets)

    seated = column >= 0
    rows = np.concatenate([sheets.target, sheets.target[seated]])
    places = np.concatenate([intercept, centre.intercepts + column[seated]])
    entries = np.concatenate([weight, weight[seated]])
    seen = csr_array((entries, (rows, places)), shape=(targets, coefficients))
    mixed = scale * centre.rows(solution.covariance).T
    return ErrorModel(
        own=scale * own,
        taken=csr_array((weight, (sheets.target, sheets.judge)), shape=(targets, len(centre.columns))),
        gap=(seen - solution.pull).tocsr(),
        judges=centre.rows(mixed),
        mixed=mixed,
        hidden=np.zeros(targets),
    )


def _cells(sheets: Sheets) -> tuple[Codes, Codes]:
    """The first sheet of every (target, occasion), and the number of its cell for every sheet."""
    key = sheets.target * (int(sheets.occasion.max()) + 1) + sheets.occasion
    _, first, cell = np.unique(key, return_index=True, return_inverse=True)
    return first, cell

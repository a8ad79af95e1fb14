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
    because the effects were estimated from the same scores (`gap` x `mixed`).
    Source: the algebra is in docs/scoring.md, "Standard errors".
    """

    own: Floats
    taken: Any
    gap: Any
    judges: Floats
    mixed: Floats

    def variances(self) -> Floats:
        """The squared standard error of every target."""
        through_judges = self.taken.multiply(np.asarray(self.taken @ self.judges)).sum(axis=1)
        related = self.taken.multiply(np.asarray(self.gap @ self.mixed)).sum(axis=1)
        total: Floats = self.own + np.asarray(through_judges).ravel() - 2 * np.asarray(related).ravel()
        return total

    def covariance(self, chosen: Sequence[int]) -> Floats:
        """The covariance of the errors of the chosen targets."""
        taken, gap = self.taken[list(chosen)], self.gap[list(chosen)]
        related = np.asarray(taken @ np.asarray(gap @ self.mixed).T)
        through_judges = np.asarray(taken @ np.asarray(taken @ self.judges).T)
        total: Floats = np.diag(self.own[list(chosen)]) + through_judges - related - related.T
        return total


def sheet_weights(sheets: Sheets) -> Floats:
    """The weight of each sheet in its target's mean: every occasion the same, within it every judge the same."""
    first, cell = _cells(sheets)
    occasions = np.bincount(sheets.target[first], minlength=int(sheets.target.max()) + 1)
    weights: Floats = 1 / (occasions[sheets.target] * np.bincount(cell)[cell])
    return weights


def error_model_of(
    sheets: Sheets, intercept: Codes, columns: Codes, centre: Floats, solution: Solution, targets: int
) -> ErrorModel:
    """The error model of the weighted means; `centre` (judges x coefficients) makes effects sum to zero."""
    from scipy.sparse import csr_array

    judges, coefficients = centre.shape
    weight = sheet_weights(sheets)
    first, cell = _cells(sheets)
    own = solution.components.occasion * np.bincount(
        sheets.target[first], np.bincount(cell, weight) ** 2, targets
    )
    own += solution.components.residual * np.bincount(sheets.target, weight**2, targets)

    seated = columns[sheets.judge] >= 0
    rows = np.concatenate([sheets.target, sheets.target[seated]])
    places = np.concatenate([intercept, int(intercept.max()) + 1 + columns[sheets.judge[seated]]])
    entries = np.concatenate([weight, weight[seated]])
    seen = csr_array((entries, (rows, places)), shape=(targets, coefficients))
    mixed = solution.covariance @ centre.T
    return ErrorModel(
        own=own,
        taken=csr_array((weight, (sheets.target, sheets.judge)), shape=(targets, judges)),
        gap=(seen - solution.pull).tocsr(),
        judges=centre @ mixed,
        mixed=mixed,
    )


def _cells(sheets: Sheets) -> tuple[Codes, Codes]:
    """The first sheet of every (target, occasion), and the number of its cell for every sheet."""
    key = sheets.target * (int(sheets.occasion.max()) + 1) + sheets.occasion
    _, first, cell = np.unique(key, return_index=True, return_inverse=True)
    return first, cell

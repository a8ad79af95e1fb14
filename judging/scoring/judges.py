"""A portrait of every judge for the organisers: severity, spread, agreement, halo, identical marks, rivals."""

from collections.abc import Hashable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from judging.scoring.ratings import Codes, Floats, Ratings, Sheets, sheets_from
from judging.scoring.severity import Severity, estimate_severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """A difference of means in marks with its standard error; `is_notable` beyond two standard errors."""

    difference: float
    standard_error: float
    n: int

    @property
    def is_notable(self) -> bool:
        """Whether chance alone would seldom give as much."""
        return abs(self.difference) > 2 * self.standard_error


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgePortrait:
    """What the marks of one judge show; None where they cannot show it.

    `spread`: standard deviation of the judge's sheet scores over the judges' usual one (below 1: keeps to the
    middle).
    `agreement`: correlation with the mean of the other judges of the same targets on the same occasions.
    `halo`: how alike a sheet's criteria are marked: 1 less the variance within the judge's sheets over the usual.
    `identical_sheets`: sheets of two criteria or more with the same mark on every one; `sheets`: all of them.
    `level_occasions`: occasions on which all targets of the judge, two or more, got one and the same score.
    `rivals`: what teams competing with the judge's own institution get beyond what others get, severity removed.
    """

    judge: Hashable
    severity: float
    standard_error: float
    spread: float | None
    agreement: float | None
    halo: float | None
    identical_sheets: int
    sheets: int
    rivals: Contrast | None
    level_occasions: int = 0


def judge_portraits(
    ratings: Ratings,
    rivals_of: Mapping[Hashable, AbstractSet[Hashable]] | None = None,
    severity: Severity | None = None,
) -> list[JudgePortrait]:
    """The portrait of every judge, in the order of their ids.

    `rivals_of` gives for a judge the targets that compete with a team of the judge's own institution (same role
    bracket or division). Nothing here says that a judge did wrong: it says where to look.
    """
    found = severity or estimate_severity(ratings)
    sheets = sheets_from(ratings)
    others = _mean_of_others(sheets)
    within, sizes, sheet_judge = _within_sheets(ratings)
    usual = _pooled(within, sizes)
    level = np.array([each.estimate for each in found.targets])
    leniency = -np.array([each.severity for each in found.judges])
    rest = sheets.score - level[sheets.target] - np.nan_to_num(leniency)[sheets.judge]
    deviation = [float(np.std(sheets.score[sheets.judge == code])) for code in range(len(found.judges))]
    usual_deviation = sqrt(sum(each**2 for each in deviation) / len(deviation))
    portraits = []
    for code, each in enumerate(found.judges):
        mine, on_sheets = sheets.judge == code, sheet_judge == code
        several = on_sheets & (sizes > 1)
        own = _pooled(within[on_sheets], sizes[on_sheets])
        portraits.append(
            JudgePortrait(
                judge=each.judge,
                severity=each.severity,
                standard_error=each.standard_error,
                spread=deviation[code] / usual_deviation if usual_deviation else None,
                agreement=_correlation(sheets.score[mine], others[mine]),
                halo=1 - own / usual if own is not None and usual else None,
                identical_sheets=int((within[several] < 1e-12).sum()),
                sheets=int(mine.sum()),
                rivals=_rivals(ratings, sheets, rest, mine, (rivals_of or {}).get(each.judge, frozenset())),
                level_occasions=_level_occasions(sheets.occasion[mine], sheets.score[mine]),
            )
        )
    return portraits


def _mean_of_others(sheets: Sheets) -> Floats:
    """The mean score of the other judges of the same target on the same occasion; NaN without others."""
    key = sheets.target * (int(sheets.occasion.max()) + 1) + sheets.occasion
    cell = np.unique(key, return_inverse=True)[1]
    count, total = np.bincount(cell), np.bincount(cell, sheets.score)
    with np.errstate(invalid="ignore"):
        means: Floats = (total[cell] - sheets.score) / np.where(count[cell] > 1, count[cell] - 1, np.nan)
    return means


def _within_sheets(ratings: Ratings) -> tuple[Floats, Floats, Codes]:
    """Sum of squares of the marks within each sheet, marks on it, and its judge."""
    key = (ratings.target * len(ratings.occasions) + ratings.occasion) * len(ratings.judges) + ratings.judge
    _, first, sheet = np.unique(key, return_index=True, return_inverse=True)
    size = np.bincount(sheet)
    mean = np.bincount(sheet, ratings.mark) / size
    squares = np.asarray(np.bincount(sheet, (ratings.mark - mean[sheet]) ** 2), dtype=np.float64)
    return squares, size.astype(np.float64), ratings.judge[first]


def _pooled(within: Floats, sizes: Floats) -> float | None:
    freedom = float((sizes - 1).sum())
    return float(within.sum()) / freedom if freedom > 0 else None


def _level_occasions(occasions: Codes, scores: Floats) -> int:
    groups = (scores[occasions == each] for each in np.unique(occasions))
    return sum(len(group) > 1 and bool(np.ptp(group) < 1e-9) for group in groups)


def _correlation(mine: Floats, others: Floats) -> float | None:
    known = ~np.isnan(others)
    one, other = mine[known], others[known]
    if len(one) < 3 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return None
    return float(np.corrcoef(one, other)[0, 1])


def _rivals(
    ratings: Ratings, sheets: Sheets, rest: Floats, mine: NDArray[np.bool_], rivals: AbstractSet[Hashable]
) -> Contrast | None:
    codes = [code for code, target in enumerate(ratings.targets) if target in rivals]
    to_rivals = rest[mine & np.isin(sheets.target, codes)]
    to_others = rest[mine & ~np.isin(sheets.target, codes)]
    if len(to_rivals) < 2 or len(to_others) < 2:
        return None
    squares = float(((to_rivals - to_rivals.mean()) ** 2).sum() + ((to_others - to_others.mean()) ** 2).sum())
    variance = squares / (len(to_rivals) + len(to_others) - 2)
    return Contrast(
        difference=float(to_rivals.mean() - to_others.mean()),
        standard_error=sqrt(variance * (1 / len(to_rivals) + 1 / len(to_others))),
        n=len(to_rivals),
    )

"""Do the judges agree? The classical coefficients, each from its source, None where the data do not allow it."""

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np

from judging.scoring.ratings import Codes, Floats, Ratings

Level = Literal["interval", "ordinal"]
Convention = Literal["krippendorff", "irr"]
STATISTICS = (
    "icc_1_1",
    "icc_2_1",
    "icc_3_1",
    "icc_1_k",
    "icc_2_k",
    "icc_3_k",
    "alpha_interval",
    "alpha_ordinal",
    "kendall_w",
)


def reliability(ratings: Ratings) -> dict[str, float | None]:
    """All STATISTICS of these marks.

    A unit is a target on one occasion and one criterion. The coefficients of Shrout & Fleiss and Kendall need
    every unit marked by every judge: they use the complete units and are None with fewer than two of those, or two
    judges. Case 1 of Shrout & Fleiss lets every unit have judges of its own: where none is complete, but all have the
    same number of marks, it is worked out from all of them. Krippendorff's alpha uses every unit with two marks or
    more, by the convention of R's `irr`, which is what other tools' figures are compared with.
    """
    unit, marks, judges = units_of(ratings)
    full = complete_table(unit, marks, judges)
    found: dict[str, float | None] = dict.fromkeys(STATISTICS)
    found.update(shrout_fleiss(full) if len(full) else one_way(unit, marks))
    found["alpha_interval"] = krippendorff_alpha(unit, marks, judges, "interval", convention="irr")
    found["alpha_ordinal"] = krippendorff_alpha(unit, marks, judges, "ordinal", convention="irr")
    found["kendall_w"] = kendall_w(full)
    return found


def reliability_by(ratings: Ratings, column: str) -> dict[object, dict[str, float | None]]:
    """`reliability` for each occasion (`column="occasion"`) or each criterion (`column="criterion"`) alone.

    Only the judges who marked there are its judges, so that a complete round has all its coefficients.
    """
    codes: Codes = ratings.occasion if column == "occasion" else ratings.criterion
    ids: Sequence[object] = ratings.occasions if column == "occasion" else ratings.criteria
    return {name: reliability(ratings.where(codes == code)) for code, name in enumerate(ids)}


def units_of(ratings: Ratings) -> tuple[Codes, Floats, int]:
    """Unit (0, 1, ...) and mark of every judgement, by unit and judge, and how many judges there are.

    Repeats of one judge on one unit are averaged.
    """
    unit = (ratings.target * len(ratings.occasions) + ratings.occasion) * len(ratings.criteria)
    unit = np.unique(unit + ratings.criterion, return_inverse=True)[1]
    places, at = np.unique(unit * len(ratings.judges) + ratings.judge, return_inverse=True)
    marks = np.bincount(at, ratings.mark) / np.bincount(at)
    return places // len(ratings.judges), marks, len(np.unique(ratings.judge))


def complete_table(unit: Codes, marks: Floats, judges: int) -> Floats:
    """The units that every judge marked, a row each, a column per judge."""
    chosen = np.bincount(unit)[unit] == judges
    table: Floats = marks[chosen].reshape(-1, judges)
    return table


def shrout_fleiss(table: Floats) -> dict[str, float | None]:
    """The six intraclass correlations of a complete table (Shrout & Fleiss 1979, Psychological Bulletin 86:420).

    Case 1: each target has judges of its own; 2: the judges are a sample, their severity counts as error;
    3: these very judges, severity does not count. `_1` is one judge, `_k` the mean of all.
    """
    targets, judges = table.shape
    if targets < 2 or judges < 2:
        return {}
    grand = table.mean()
    between = judges * float(((table.mean(axis=1) - grand) ** 2).sum()) / (targets - 1)
    within = float(((table - table.mean(axis=1, keepdims=True)) ** 2).sum()) / (targets * (judges - 1))
    of_judges = targets * float(((table.mean(axis=0) - grand) ** 2).sum()) / (judges - 1)
    error = (within * targets - of_judges) / (targets - 1)
    severity = (of_judges - error) / targets
    return {
        "icc_1_1": _ratio(between - within, between + (judges - 1) * within),
        "icc_2_1": _ratio(between - error, between + (judges - 1) * error + judges * severity),
        "icc_3_1": _ratio(between - error, between + (judges - 1) * error),
        "icc_1_k": _ratio(between - within, between),
        "icc_2_k": _ratio(between - error, between + severity),
        "icc_3_k": _ratio(between - error, between),
    }


def one_way(unit: Codes, marks: Floats) -> dict[str, float | None]:
    """Case 1 of Shrout & Fleiss for units with so many marks each, whoever gave them; nothing where the numbers differ.

    Within a unit the order of the marks does not matter to these two.
    """
    sizes = set(np.bincount(unit).tolist())
    if len(sizes) != 1:
        return {}
    found = shrout_fleiss(marks.reshape(-1, sizes.pop()))
    return {name: found[name] for name in ("icc_1_1", "icc_1_k") if name in found}


def krippendorff_alpha(
    unit: Codes, marks: Floats, judges: int, level: Level, *, convention: Convention = "krippendorff"
) -> float | None:
    """Krippendorff's alpha, gaps allowed (Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability").

    One less the observed over the expected disagreement among marks that can be paired within a unit. The two
    conventions differ only without gaps and with three judges or more: there R's `irr` counts every pair of marks
    in full, so that its small-sample correction sees judges - 1 times as many marks. The difference is below one
    in the number of marks.
    """
    size = np.bincount(unit)
    has_gaps = bool((size < judges).any())
    paired = size[unit] >= 2
    _, unit = np.unique(unit[paired], return_inverse=True)
    total = len(unit)
    if total < 2:
        return None
    size, values = np.bincount(unit), _metric_positions(marks[paired], level)
    # sum over pairs of (a - b)^2 = 2 (n sum a^2 - (sum a)^2), here for each unit and for all together
    squares = np.bincount(unit, values**2) * size - np.bincount(unit, values) ** 2
    observed = 2 * float((squares / (size - 1)).sum()) / total
    expected = 2 * (total * float((values**2).sum()) - float(values.sum()) ** 2) / (total * (total - 1))
    ratio = _ratio(observed, expected)
    if ratio is None:
        return None
    pairs = judges - 1 if convention == "irr" and not has_gaps else 1
    return 1 - ratio * (pairs * total - 1) / (pairs * (total - 1))


def _metric_positions(values: Floats, level: Level) -> Floats:
    """Where each mark lies on the scale of the level's distance, centred for precision.

    The ordinal distance of two marks counts the marks between them, half of the ends included: it is the distance
    of their mid-ranks among all paired marks.
    """
    positions = values if level == "interval" else _mid_ranks(values)
    centred: Floats = positions - positions.mean()
    return centred


def kendall_w(table: Floats) -> float | None:
    """Kendall's coefficient of concordance, corrected for ties (Kendall & Gibbons 1990, ch. 6), of a complete table."""
    targets, judges = table.shape
    if targets < 2 or judges < 2:
        return None
    ranks = np.stack([_mid_ranks(table[:, judge]) for judge in range(judges)], axis=1)
    sums = ranks.sum(axis=1)
    spread = float(((sums - sums.mean()) ** 2).sum())
    ties = sum(_tie_correction(table[:, judge]) for judge in range(judges))
    return _ratio(12 * spread, judges**2 * (targets**3 - targets) - judges * ties)


def _mid_ranks(values: Floats) -> Floats:
    """Ranks less one half; equal values have the middle of their places."""
    _, codes, count = np.unique(values, return_inverse=True, return_counts=True)
    ranks: Floats = (np.cumsum(count) - count / 2)[codes]
    return ranks


def _tie_correction(marks: Floats) -> float:
    count = np.unique(marks, return_counts=True)[1].astype(np.float64)
    return float((count**3 - count).sum())


def _ratio(above: float, below: float) -> float | None:
    return above / below if abs(below) > 1e-12 else None


def spelled(found: Mapping[str, float | None]) -> list[tuple[str, str]]:
    """The statistics in their order with ten significant digits, an empty text where there is none."""
    return [(name, "" if found[name] is None else f"{found[name]:.10g}") for name in STATISTICS]

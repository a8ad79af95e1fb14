"""Marks as arrays: who was marked by whom, when, on what; their sheets and their connected components."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from judging.scoring.exact import in_id_order

Codes = NDArray[np.int64]
Floats = NDArray[np.floating[Any]]
LARGEST_MARK = 1e9
"""Beyond this, squares of marks lose the digits that estimation needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """One mark of one judge for one target (a team, a delegate, a performance).

    `occasion` is the round, `group` the set the target is ranked in (its role bracket, its division).
    """

    target: Hashable
    judge: Hashable
    mark: float
    criterion: Hashable = None
    occasion: Hashable = None
    group: Hashable = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratings:
    """Marks in columns; a column of codes points into the ids of the same name, in a stable order."""

    targets: Sequence[Hashable]
    judges: Sequence[Hashable]
    criteria: Sequence[Hashable]
    occasions: Sequence[Hashable]
    groups: Sequence[Hashable]
    target: Codes
    judge: Codes
    criterion: Codes
    occasion: Codes
    group_of_target: Codes
    mark: Floats

    def __len__(self) -> int:
        return len(self.mark)

    def where(self, chosen: NDArray[np.bool_]) -> "Ratings":
        """The chosen marks alone, under the same ids and codes."""
        return replace(
            self,
            target=self.target[chosen],
            judge=self.judge[chosen],
            criterion=self.criterion[chosen],
            occasion=self.occasion[chosen],
            mark=self.mark[chosen],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheets:
    """One score per judge, target and occasion: the mean of its marks, differences of criteria removed."""

    target: Codes
    judge: Codes
    occasion: Codes
    score: Floats
    at_ceiling: Floats
    """Part of each sheet's marks that stand at the end of the scale, where marks pile up there."""
    repeats: int = 0
    """How many marks stood where the same judge had already marked the same target on the same criterion."""
    within_square: float = 0.0
    """Sum of squares of the marks about their sheet's score, over the marks a sheet has on average."""
    within_freedom: int = 0
    """Degrees of freedom of that sum."""


def ratings_from(rows: Iterable[Rating]) -> Ratings:
    """The columns of these rows. Raises ValueError for a mark that is no finite number, a target in two groups."""
    listed = list(rows)
    return ratings_from_columns(
        target=[row.target for row in listed],
        judge=[row.judge for row in listed],
        criterion=[row.criterion for row in listed],
        occasion=[row.occasion for row in listed],
        group=[row.group for row in listed],
        mark=[row.mark for row in listed],
    )


def ratings_from_columns(
    *,
    target: Sequence[Hashable],
    judge: Sequence[Hashable],
    mark: Sequence[float],
    criterion: Sequence[Hashable] | None = None,
    occasion: Sequence[Hashable] | None = None,
    group: Sequence[Hashable] | None = None,
) -> Ratings:
    """As `ratings_from`, column by column; a column left out holds one value for all."""
    targets, target_codes = _coded(target)
    judges, judge_codes = _coded(judge)
    criteria, criterion_codes = _coded_or_one(criterion, len(target))
    occasions, occasion_codes = _coded_or_one(occasion, len(target))
    groups, group_codes = _coded_or_one(group, len(target))
    marks = np.asarray(mark, dtype=np.float64)
    if not (np.abs(marks) <= LARGEST_MARK).all():
        raise ValueError(f"a mark is not a number between -{LARGEST_MARK:g} and {LARGEST_MARK:g}")
    group_of_target = np.zeros(len(targets), dtype=np.int64)
    group_of_target[target_codes] = group_codes
    mismatched = np.flatnonzero(group_of_target[target_codes] != group_codes)
    if mismatched.size:
        raise ValueError(f"target {target[int(mismatched[0])]} is in more than one group")
    return _in_stable_order(
        Ratings(
            targets=targets,
            judges=judges,
            criteria=criteria,
            occasions=occasions,
            groups=groups,
            target=target_codes,
            judge=judge_codes,
            criterion=criterion_codes,
            occasion=occasion_codes,
            group_of_target=group_of_target,
            mark=marks,
        )
    )


def _in_stable_order(ratings: Ratings) -> Ratings:
    """Rows sorted, so that floating-point sums do not depend on how the marks arrived."""
    order = np.lexsort((ratings.mark, ratings.criterion, ratings.judge, ratings.occasion, ratings.target))
    return replace(
        ratings,
        target=ratings.target[order],
        judge=ratings.judge[order],
        criterion=ratings.criterion[order],
        occasion=ratings.occasion[order],
        mark=ratings.mark[order],
    )


def _coded(values: Sequence[Hashable]) -> tuple[list[Hashable], Codes]:
    ids = in_id_order(dict.fromkeys(values))
    place = {value: code for code, value in enumerate(ids)}
    return ids, np.fromiter((place[value] for value in values), dtype=np.int64, count=len(values))


def _coded_or_one(values: Sequence[Hashable] | None, length: int) -> tuple[list[Hashable], Codes]:
    return ([None], np.zeros(length, dtype=np.int64)) if values is None else _coded(values)


def sheets_from(ratings: Ratings) -> Sheets:
    """The marks of each judge for each target on each occasion, averaged after removing the criteria's means.

    Marks of one judge for one target hang together (halo), so the sheet, not the mark, is the unit of error.
    """
    key = (ratings.target * len(ratings.occasions) + ratings.occasion) * len(ratings.judges) + ratings.judge
    _, first, sheet = np.unique(key, return_index=True, return_inverse=True)
    size, count = np.bincount(sheet), len(first)
    level = ratings.mark - _criterion_effects(ratings, sheet, count)[ratings.criterion]
    score = np.bincount(sheet, level, count) / size
    capped = _at_ceiling(ratings)
    return Sheets(
        target=ratings.target[first],
        judge=ratings.judge[first],
        occasion=ratings.occasion[first],
        score=score,
        repeats=repeats_in(ratings),
        within_square=float(((level - score[sheet]) ** 2).sum() / size.mean()),
        within_freedom=max(len(ratings) - count - len(ratings.criteria) + 1, 0),
        at_ceiling=np.bincount(sheet, capped, count) / size,
    )


def repeats_in(ratings: Ratings) -> int:
    """How many marks stand where the same judge had already marked the same target, criterion and occasion."""
    key = (ratings.target * len(ratings.occasions) + ratings.occasion) * len(ratings.judges) + ratings.judge
    return len(ratings) - len(np.unique(key * len(ratings.criteria) + ratings.criterion))


def _at_ceiling(ratings: Ratings) -> NDArray[np.bool_]:
    """Which marks are the highest of their criterion, where so many are that the scale must end there.

    Marks thin out towards the top of a scale that is long enough. Where the highest mark is given more often than
    the next lower one, by more than chance (two standard errors of the difference of two counts), judges wanted to
    go on and could not.
    """
    capped = np.zeros(len(ratings), dtype=bool)
    for code in range(len(ratings.criteria)):
        here = np.flatnonzero(ratings.criterion == code)
        marks = ratings.mark[here]
        is_top = marks == marks.max(initial=-np.inf)
        below = marks[~is_top]
        if not below.size:
            continue
        top, following = int(is_top.sum()), int((below == below.max()).sum())
        if top - following > 2 * np.sqrt(top + following):
            capped[here[is_top]] = True
    return capped


def _criterion_effects(ratings: Ratings, sheet: Codes, sheets: int) -> Floats:
    """Least-squares effects of criteria within sheets, centred; zero where no sheet tells them apart."""
    count = len(ratings.criteria)
    if count == 1:
        return np.zeros(1)
    from scipy.sparse import csr_array

    size = np.bincount(sheet, minlength=sheets).astype(np.float64)
    seen = csr_array((np.ones(len(ratings)), (sheet, ratings.criterion)), shape=(sheets, count))
    scaled: Any = seen.multiply(1 / size[:, None]).tocsr()
    normal = np.diag(np.bincount(ratings.criterion, minlength=count).astype(np.float64))
    normal -= (seen.T @ scaled).toarray()
    within = ratings.mark - (np.bincount(sheet, ratings.mark, sheets) / size)[sheet]
    effects: Floats = np.linalg.lstsq(normal, np.bincount(ratings.criterion, within, count), rcond=1e-9)[0]
    centred: Floats = effects - effects.mean()
    return centred


def components_of(ratings: Ratings) -> tuple[Codes, Codes]:
    """The connected component (0, 1, ...) of every target and of every judge.

    Two belong together where a chain of marks leads from one to the other; between components no comparison
    of severity exists. Components are numbered by their first target.
    """
    return connected(ratings.target, ratings.judge, len(ratings.targets), len(ratings.judges))


def connected(target: Codes, judge: Codes, targets: int, judges: int) -> tuple[Codes, Codes]:
    """The components of the graph in which every mark links its target and its judge."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    links = coo_array((np.ones(len(target)), (target, targets + judge)), shape=(targets + judges,) * 2)
    _, labels = connected_components(links.tocsr(), directed=False)
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    number = np.argsort(np.argsort(first))[inverse]
    return number[:targets].astype(np.int64), number[targets:].astype(np.int64)

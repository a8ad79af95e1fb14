"""From reviewers' marks to a ranking and a cut line: exact, and honest about ties (pure)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """A criterion as it counts."""

    key: str
    maximum: int
    weight: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """One application's place: the mean of its reviews in percent, exactly; no rank without a review."""

    key: int
    score: Fraction | None
    lowest: Fraction | None
    highest: Fraction | None
    reviews: int
    rank: int | None
    is_tied: bool


def review_score(marks: Mapping[str, int], criteria: Sequence[Weighing]) -> Fraction | None:
    """One review in percent of what could be given; None where a criterion has no mark."""
    most = sum(each.maximum * each.weight for each in criteria)
    if not most or any(each.key not in marks for each in criteria):
        return None
    return Fraction(100 * sum(marks[each.key] * each.weight for each in criteria), most)


def ranked(marks: Mapping[int, Sequence[Mapping[str, int]]], criteria: Sequence[Weighing]) -> list[Ranked]:
    """Applications by falling score; equal scores share a rank; unreviewed ones come last."""
    scores = {
        key: [score for each in reviews if (score := review_score(each, criteria)) is not None]
        for key, reviews in marks.items()
    }
    means = {key: sum(found, Fraction(0)) / len(found) for key, found in scores.items() if found}
    order = sorted(marks, key=lambda key: (key not in means, -means.get(key, Fraction(0)), key))
    first: dict[Fraction, int] = {}
    for place, key in enumerate(order, start=1):
        if key in means:
            first.setdefault(means[key], place)
    sharing = Counter(means.values())
    return [
        Ranked(
            key=key,
            score=means.get(key),
            lowest=min(scores[key], default=None),
            highest=max(scores[key], default=None),
            reviews=len(scores[key]),
            rank=first[means[key]] if key in means else None,
            is_tied=key in means and sharing[means[key]] > 1,
        )
        for key in order
    ]


def cut(lines: Iterable[Ranked], *, places: int, reserves: int) -> dict[int, str]:
    """What the line says of each application: accepted, reserve, declined; empty where people decide.

    A group of equal scores that a line would cut through is not cut: it is left to the organisers, all of it.
    Applications without a review are left to them, too.
    """
    lines = list(lines)
    sharing = Counter(line.score for line in lines)
    return {
        line.key: _side(line.rank, line.rank + sharing[line.score] - 1, places, reserves) if line.rank else ""
        for line in lines
    }


def _side(first: int, last: int, places: int, reserves: int) -> str:
    for most, outcome in ((places, "accepted"), (places + reserves, "reserve")):
        if last <= most:
            return outcome
        if first <= most:
            return ""
    return "declined"

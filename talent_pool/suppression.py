"""Which counts of people may be shown: none under five, and none that could be had by taking shown ones away (pure)."""

from __future__ import annotations

from collections.abc import Mapping

FEWEST = 5


def publishable(counts: Mapping[str, int], of: Mapping[str, int] | None = None) -> dict[str, int | None]:
    """The counts of people by group; None where one may not be shown.

    `of` says of how many each group's people are a part: then the rest of the group is protected as well. Hidden are
    counts under five and counts whose rest is under five. Where what is hidden is one group only, or fewer than five
    people together, the smallest shown group is hidden too, until taking the shown ones from a total says nothing.
    """
    wholes = of or {}
    hidden = {group for group, number in counts.items() if _is_small(number, wholes.get(group))}
    while hidden and len(hidden) < len(counts) and not _is_safe(hidden, counts):
        shown = [group for group in counts if group not in hidden]
        hidden.add(min(shown, key=lambda group: (counts[group], group)))
    return {group: None if group in hidden else number for group, number in counts.items()}


def _is_small(number: int, whole: int | None) -> bool:
    return number < FEWEST or (whole is not None and 0 < whole - number < FEWEST)


def _is_safe(hidden: set[str], counts: Mapping[str, int]) -> bool:
    return len(hidden) > 1 and sum(counts[group] for group in hidden) >= FEWEST

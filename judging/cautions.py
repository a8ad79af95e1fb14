"""What a judge is asked to look at once more before handing a sheet in; none of it stands in the way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from judging.plan import SheetPlan
from judging.scoring.sheets import MarkLine

FEW = 3
"""Below this many marks nothing can be said about their sameness."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caution:
    """`word` is identical (all marks of one team are the same), twins (two teams have the same marks throughout),
    or extreme (most marks of a team stand at one end of the scale: `end` is lowest or highest)."""

    word: str
    teams: tuple[str, ...]
    end: str = ""


def cautions_of(plan: SheetPlan, marks: Iterable[MarkLine]) -> list[Caution]:
    """Everything odd about the marks of one sheet, team by team in the order of the roles."""
    of_team: dict[object, list[MarkLine]] = defaultdict(list)
    for line in marks:
        of_team[line.team].append(line)
    found = []
    for team in plan.marked_teams:
        own = of_team[team.id]
        if len(own) < FEW:
            continue
        if _is_identical(plan, own):
            found.append(Caution(word="identical", teams=(team.name,)))
        elif end := _extreme(plan, own):
            found.append(Caution(word="extreme", teams=(team.name,), end=end))
    return found + _twins(plan, of_team)


def _is_identical(plan: SheetPlan, own: Sequence[MarkLine]) -> bool:
    scales = {(one.minimum, one.maximum) for one in plan.criteria}
    return len(scales) == 1 and len({line.mark for line in own}) == 1


def _extreme(plan: SheetPlan, own: Sequence[MarkLine]) -> str:
    ends = {one.id: (one.minimum, one.maximum) for one in plan.criteria}
    for at, word in enumerate(("lowest", "highest")):
        if 2 * sum(line.mark == ends[line.criterion][at] for line in own) > len(own):  # type: ignore[index]
            return word
    return ""


def _twins(plan: SheetPlan, of_team: dict[object, list[MarkLine]]) -> list[Caution]:
    groups: dict[tuple[object, ...], list[str]] = defaultdict(list)
    for team in plan.marked_teams:
        own = sorted((line.mark for line in of_team[team.id] if line.delegate is not None), reverse=True)
        shared = sorted((line.criterion, line.mark) for line in of_team[team.id] if line.delegate is None)
        if len(own) + len(shared) >= FEW:
            groups[(*shared, *own)].append(team.name)
    return [Caution(word="twins", teams=tuple(names)) for names in groups.values() if len(names) > 1]

"""What counts where a judge saw nothing to mark: the judge's own average of the same team, to the criterion's step.

So a mark that was not observed neither lifts nor lowers the team, every engine reads a complete sheet, and an exported
edition computes the same. The sheet itself remembers which marks these are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal

from judging.scoring.sheets import CriterionRule, MarkLine

Place = tuple[int, int | None, int]
"""Team, delegate (None for the team's own), criterion: by their keys."""


def filled(
    marks: Sequence[MarkLine], unobserved: Collection[Place], rules: Iterable[CriterionRule]
) -> tuple[MarkLine, ...]:
    """The marks and, at the unobserved places, what counts there; a place for which nothing can be said stays empty.

    A team's criterion follows the team's other criteria. A delegate's follows the delegate's other marks, else the
    marks of the team's other delegates, else the team's own. Averages are of shares of each scale, by weight.
    """
    known = {rule.id: rule for rule in rules}
    given = [
        line
        for line in marks
        if line.criterion in known and (line.team, line.delegate, line.criterion) not in unobserved
    ]
    added = []
    for team, delegate, criterion in sorted(
        unobserved, key=lambda place: (place[0], place[1] or 0, place[2])
    ):
        rule = known.get(criterion)
        share = _share(_like(given, team, delegate), known) if rule is not None else None
        if rule is not None and share is not None:
            mark = _to_step(rule, rule.minimum + share * (rule.maximum - rule.minimum))
            added.append(MarkLine(team=team, delegate=delegate, criterion=criterion, mark=mark))
    return (*given, *added)


def _like(given: Iterable[MarkLine], team: int, delegate: int | None) -> list[MarkLine]:
    of_team = [line for line in given if line.team == team]
    own = [line for line in of_team if line.delegate == delegate]
    if own or delegate is None:
        return own
    return [line for line in of_team if line.delegate is not None] or of_team


def _share(lines: Sequence[MarkLine], rules: dict[object, CriterionRule]) -> Decimal | None:
    """Where on their scales these marks stand on average, from 0 to 1; nothing without a mark."""
    weights = Decimal(0)
    reached = Decimal(0)
    for line in lines:
        rule = rules[line.criterion]
        weights += rule.weight
        reached += rule.weight * (line.mark - rule.minimum) / (rule.maximum - rule.minimum)
    return reached / weights if weights else None


def _to_step(rule: CriterionRule, mark: Decimal) -> Decimal:
    """The possible mark nearest to `mark`, the higher one halfway."""
    step = rule.step or Decimal("0.000001")
    steps = ((mark - rule.minimum) / step).quantize(Decimal(1), ROUND_HALF_UP)
    return min(rule.maximum, rule.minimum + steps * step)

"""Invented marks: a team has its strength, a judge their severity, the day its luck. Pure but for the random numbers
that come in with their seed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A criterion as a number has to fit it."""

    id: int
    is_of_delegates: bool
    minimum: Decimal
    maximum: Decimal
    step: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A team at a table with the delegates who took part."""

    id: int
    delegates: tuple[int, ...]


def marks_of_sheet(
    lines: Sequence[Line],
    teams: Sequence[Marked],
    judge_id: int,
    dice: random.Random,
    *,
    tied: tuple[int, int] | None,
) -> Iterator[tuple[int, int, int | None, Decimal]]:
    """(team, criterion, delegate, mark) for one sheet. The second of the `tied` gets what the first one got."""
    severity = _own(judge_id, 7) * 0.06 - 0.03
    levels = {team.id: _level(team.id, severity, dice) for team in teams}
    if tied is not None and set(tied) <= levels.keys():
        levels[tied[1]] = levels[tied[0]]
    for team in teams:
        is_plain = tied is not None and team.id in tied
        for line in lines:
            for delegate in team.delegates if line.is_of_delegates else (None,):
                luck = 0.0 if is_plain else dice.gauss(0, 0.05)
                yield team.id, line.id, delegate, fitting(line, levels[team.id] + luck)


def fitting(line: Line, level: float) -> Decimal:
    """The mark at `level` (0 to 1) of a criterion's scale, on one of its steps."""
    span = line.maximum - line.minimum
    wanted = span * Decimal(str(round(min(1.0, max(0.0, level)), 4)))
    steps = (wanted / line.step).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return min(line.maximum, line.minimum + steps * line.step)


def _level(team_id: int, severity: float, dice: random.Random) -> float:
    return 0.45 + 0.35 * _own(team_id, 13) - severity + dice.gauss(0, 0.06)


def _own(key: int, salt: int) -> float:
    """A number from 0 to 1 that stays somebody's own."""
    return random.Random(key * 1_000_003 + salt).random()  # noqa: S311 - an invented world, no secret

"""A small line for every team: what it got round by round, its scale, and the same in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

SMALLEST_SPAN = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spark:
    """A line to draw: a value per round from the first, None where the team did not play; the ends of its scale."""

    values: tuple[float | None, ...]
    low: float
    high: float

    @property
    def spoken(self) -> str:
        """The line in words."""
        return ", ".join("–" if value is None else format(value, "g") for value in self.values)


def sparks(
    by_team: Mapping[int, Mapping[int, Decimal | None]], after_round: int, *, shares_scale: bool
) -> dict[int, Spark]:
    """The lines of all teams from what each got by round.

    Points share one scale. Scores lie close together, so each team's line has its own, at least two marks from end
    to end, so that a hair's breadth looks like one.
    """
    lines = {team: _line(cells, after_round) for team, cells in by_team.items()}
    every = [value for line in lines.values() for value in line if value is not None]
    common = (min(every, default=0.0), max(every, default=1.0))
    found = {}
    for team, line in lines.items():
        low, high = common if shares_scale else _own_scale([value for value in line if value is not None])
        found[team] = Spark(values=line, low=low, high=high)
    return found


def _line(cells: Mapping[int, Decimal | None], after_round: int) -> tuple[float | None, ...]:
    values = [cells.get(number) for number in range(1, after_round + 1)]
    return tuple(None if value is None else float(value) for value in values)


def _own_scale(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values, default=0.0), max(values, default=1.0)
    missing = max(0.0, SMALLEST_SPAN - (high - low)) / 2
    return low - missing, high + missing

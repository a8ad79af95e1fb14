"""Was the case fair to the four roles? Every role's effect over all rounds and in each, on points and on scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from competition.editions.public import Edition
from competition.rounds.public import SeatedResult, last_confirmed_round, seated_results
from core.roles import Role
from judging.scoring.role_fairness import RoleFairness, RoleResult, role_fairness


@dataclass(frozen=True, slots=True, kw_only=True)
class FairnessLine:
    """The answer for some results: `round` is None for all; `measure` is `score` or `points`."""

    round: int | None
    measure: str
    found: RoleFairness

    @property
    def is_clear(self) -> bool:
        """Whether the roles differ by more than chance gives one time in twenty."""
        return self.found.p_value is not None and self.found.p_value < 0.05

    @property
    def scale(self) -> tuple[float, float]:
        """The ends of a scale that shows every interval, the same on both sides of zero."""
        reach = max((max(abs(each.low), abs(each.high)) for each in self.found.effects), default=1.0) or 1.0
        return -reach, reach


@dataclass(frozen=True, slots=True, kw_only=True)
class FairnessReport:
    """The lines over all rounds first; `keeps_roles` where a good team cannot be told from an easy role."""

    after_round: int
    keeps_roles: bool
    overall: tuple[FairnessLine, ...]
    rounds: tuple[FairnessLine, ...]


def fairness_report(edition: Edition) -> FairnessReport:
    """From the results of the preliminary rounds up to the last confirmed one."""
    last = last_confirmed_round(edition.id) or 0
    results = seated_results(edition.id, up_to_round=last)
    keeps_roles = edition.role_policy == "fixed"
    measures = ("score",) if keeps_roles else ("score", "points")
    numbers = sorted({result.round for result in results})
    return FairnessReport(
        after_round=last,
        keeps_roles=keeps_roles,
        overall=tuple(_line(results, None, measure) for measure in measures),
        rounds=tuple(_line(results, number, "score") for number in numbers) if len(numbers) > 1 else (),
    )


def _line(results: Sequence[SeatedResult], number: int | None, measure: str) -> FairnessLine:
    """Points carry the round's weight, so they are compared only over all rounds."""
    values = [
        RoleResult(team=result.team_id, role=Role(result.role), value=value)
        for result in results
        if number in (None, result.round)
        and result.rank is not None
        and (value := result.points if measure == "points" else result.score) is not None
    ]
    return FairnessLine(round=number, measure=measure, found=role_fairness(values))

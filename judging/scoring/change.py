"""Would the adjustment change anything? Raw and adjusted ranks side by side, and how sure the line is."""

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from judging.scoring.breaks import Break
from judging.scoring.ratings import Floats
from judging.scoring.severity import Severity
from judging.scoring.standings import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One team under both rankings; `chance` that it truly belongs above the line is None where unknown."""

    team: Hashable
    raw_rank: int | None
    adjusted_rank: int | None
    is_above_by_raw: bool
    is_above_by_adjusted: bool
    chance: float | None

    @property
    def moves_across(self) -> bool:
        """Whether the team's side of the line depends on the adjustment."""
        return self.is_above_by_raw != self.is_above_by_adjusted


def compare(
    raw: Sequence[Standing],
    adjusted: Sequence[Standing],
    places: int,
    chances: Mapping[Hashable, float] | None = None,
) -> list[Change]:
    """Every team of `adjusted`, in its order; the line is below the first `places` ranks (a break, a tier)."""
    raw_rank = {line.team: line.rank for line in raw}
    known = chances or {}
    return [
        Change(
            team=line.team,
            raw_rank=raw_rank.get(line.team),
            adjusted_rank=line.rank,
            is_above_by_raw=_is_above(raw_rank.get(line.team), places),
            is_above_by_adjusted=_is_above(line.rank, places),
            chance=known.get(line.team),
        )
        for line in adjusted
    ]


Outcome = Callable[[Sequence[Standing]], Mapping[Hashable, str]]
"""What a ranking leads to, a word for each team that gets something: see `advancement`, or `tiers` of the awards."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeChange:
    """What one team gets under both rankings ("" for nothing)."""

    team: Hashable
    by_raw: str
    by_adjusted: str

    @property
    def differs(self) -> bool:
        """Whether what the team gets depends on the adjustment."""
        return self.by_raw != self.by_adjusted


def compare_outcomes(
    raw: Sequence[Standing], adjusted: Sequence[Standing], outcome: Outcome
) -> list[OutcomeChange]:
    """What every team of `adjusted` gets under both rankings, in its order.

    The whole rule is applied twice, so that caps, reserves, lots and ties across a line count: for the break
    `lambda lines: advancement(break_from(lines, rule, ...))`, for awards `lambda lines: tiers(lines, awards)`.
    """
    by_raw, by_adjusted = outcome(raw), outcome(adjusted)
    return [
        OutcomeChange(
            team=line.team, by_raw=by_raw.get(line.team, ""), by_adjusted=by_adjusted.get(line.team, "")
        )
        for line in adjusted
    ]


def advancement(found: Break) -> dict[Hashable, str]:
    """`advances`, `reserve` or `open_tie` (a lot has to be drawn) for every team of a break that is not below it."""
    words = {each.team: "advances" for each in found.advancing}
    words |= {each.team: "reserve" for each in found.reserves}
    return words | dict.fromkeys(found.open_tie, "open_tie")


def _is_above(rank: int | None, places: int) -> bool:
    return rank is not None and rank <= places


def chances_above(
    severity: Severity,
    places: Mapping[Hashable, int],
    generator: np.random.Generator,
    draws: int = 4000,
    among: Collection[Hashable] | None = None,
) -> dict[Hashable, float]:
    """For every target of the groups in `places`, the probability that it is truly among the group's first places.

    True levels are drawn from what the marks leave possible: normal about the estimates, with their joint errors,
    drawn towards the group's mean as far as the variance of targets warrants (Gelman et al., Bayesian Data
    Analysis, 3.5). Groups that are not adjusted are left out, and so are targets outside `among` (the teams that are
    ranked: withdrawn teams and stand-ins take nobody's place). For awards, ask once for the end of each tier.
    """
    found: dict[Hashable, float] = {}
    for group, above in places.items():
        chosen = [
            place
            for place, each in enumerate(severity.targets)
            if each.group == group and each.is_adjusted and (among is None or each.target in among)
        ]
        if not chosen or severity.errors is None or severity.components is None:
            continue
        estimates = np.array([severity.targets[place].estimate for place in chosen])
        centre, spread = _shrunken(estimates, severity.errors.covariance(chosen), severity.components.target)
        levels = generator.multivariate_normal(centre, spread, size=draws, method="eigh")
        order = np.argsort(-levels, axis=1)[:, :above]
        count = np.bincount(order.ravel(), minlength=len(chosen)) / draws
        found |= {severity.targets[place].target: float(count[at]) for at, place in enumerate(chosen)}
    return found


def _shrunken(estimates: Floats, errors: Floats, variance: float) -> tuple[Floats, Floats]:
    """Mean and covariance of the true levels, given estimates with these errors and targets of this variance."""
    among = np.eye(len(estimates)) * max(variance, 1e-9)
    pull = np.linalg.solve(among + errors + np.eye(len(estimates)) * 1e-12, among).T
    mean = estimates.mean()
    spread = among - pull @ among
    return mean + pull @ (estimates - mean), (spread + spread.T) / 2

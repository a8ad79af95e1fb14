"""Would it change the break? Every ranking with and without the judges' severity, and how sure its line is."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Set
from dataclasses import dataclass, replace

from competition.editions.public import Edition, metrics_of
from competition.rounds.public import last_confirmed_round, seated_results
from judging.analysis.adjusted import Adjustment, adjustment_of
from judging.closing.break_ import rules_of
from judging.scoring.change import Change, chances_above, compare
from judging.scoring.severity import Severity
from judging.scoring.standings import Standing
from judging.snapshots import OVERALL, selections
from judging.standings import StandingsRow, StandingsTable, team_standings

SEED = 20190617
SCORES = ("total_score", "average_score")


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedTeam:
    """One team under both rankings; the ranks as shown, `2=` where shared and empty where unranked."""

    row: StandingsRow
    raw_rank: str
    adjusted_rank: str
    change: Change

    @property
    def moved(self) -> int:
        """Places won by the adjustment; negative where lost."""
        if self.change.raw_rank is None or self.change.adjusted_rank is None:
            return 0
        return self.change.raw_rank - self.change.adjusted_rank


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One ranking both ways. The line lies below the first `places`, `is_set` where the break says so.

    `reason` is a key of REASONS and `teams` is empty where nothing can be adjusted; `are_alike` where judges cannot be
    told apart, so that both rankings are one. Chances are None where the ranking goes by more than scores, so that
    the severity alone does not decide.
    """

    selection: str
    places: int
    is_set: bool
    raw_metrics: tuple[str, ...]
    adjusted_metrics: tuple[str, ...]
    reason: str = ""
    are_alike: bool = False
    teams: tuple[ComparedTeam, ...] = ()

    @property
    def crossing(self) -> tuple[ComparedTeam, ...]:
        """The teams whose side of the line depends on the adjustment."""
        return tuple(team for team in self.teams if team.change.moves_across)

    @property
    def has_chances(self) -> bool:
        return any(team.change.chance is not None for team in self.teams)


def comparisons(edition: Edition) -> list[Comparison]:
    """Each ranking of the edition that breaks; where no break is set, every role or everybody, with a quarter above."""
    last = last_confirmed_round(edition.id) or 0
    adjustment = adjustment_of(edition, last, seated_results(edition.id, up_to_round=last))
    sizes = {selection: rule.size for selection, rule in rules_of(edition).items()}
    return [
        _comparison(edition, selection, sizes.get(selection), adjustment, last)
        for selection in (sizes or _unset(edition))
    ]


def _unset(edition: Edition) -> list[str]:
    names = selections(edition)
    return [name for name in names if name.startswith("role:")] or [OVERALL]


def both_ways(edition: Edition) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The metrics without severity, and the same with the adjusted score in the place of scores."""
    named = metrics_of(edition.role_policy, edition.standings_metrics)
    raw = tuple(name for name in named if name != "adjusted_score") or ("average_score",)
    if raw[0] in SCORES:
        return raw, ("adjusted_score", *raw)
    swapped = tuple(dict.fromkeys("adjusted_score" if name in SCORES else name for name in raw))
    return raw, swapped if "adjusted_score" in swapped else (*swapped, "adjusted_score")


def _comparison(
    edition: Edition, selection: str, size: int | None, adjustment: Adjustment, last: int
) -> Comparison:
    kind, _colon, name = selection.partition(":")
    division, role = (name if kind == "division" else None), (name if kind == "role" else None)
    raw_metrics, adjusted_metrics = both_ways(edition)
    raw = team_standings(edition, after_round=last, division=division, role=role, metrics=raw_metrics)
    ranked = [row for row in raw.rows if row.status == "registered"]
    found = Comparison(
        selection=selection,
        places=size if size is not None else max(1, len(ranked) // 4),
        is_set=size is not None,
        raw_metrics=raw_metrics,
        adjusted_metrics=adjusted_metrics,
    )
    if not ranked or any(row.values["adjusted_score"] is None for row in ranked):
        brackets = {row.role if edition.role_policy == "fixed" else None for row in ranked}
        return replace(found, reason=adjustment.reason_for(brackets))
    chances: Mapping[Hashable, float] = {}
    if adjusted_metrics[0] == "adjusted_score" and adjustment.severity is not None:
        chances = chances_of(adjustment.severity, {row.team_id for row in ranked}, found.places)
    adjusted = team_standings(
        edition, after_round=last, division=division, role=role, metrics=adjusted_metrics
    )
    return replace(
        found,
        are_alike=adjustment.judges_are_alike,
        teams=_compared(raw, adjusted, found.places, chances),
    )


def chances_of(severity: Severity, ranked: Set[Hashable], places: int) -> dict[Hashable, float]:
    """Each ranked team's probability of truly being among the first `places` of these teams.

    The draws are the same whenever the page is opened: their seed is fixed.
    """
    import numpy as np

    own = [replace(target, group=target.target in ranked) for target in severity.targets]
    regrouped = replace(severity, targets=tuple(own))
    return chances_above(regrouped, {True: places}, np.random.default_rng(SEED))


def _compared(
    raw: StandingsTable, adjusted: StandingsTable, places: int, chances: Mapping[Hashable, float]
) -> tuple[ComparedTeam, ...]:
    raw_ranks = {row.team_id: row.rank_text for row in raw.rows}
    rows = {row.team_id: row for row in adjusted.rows}
    changes = compare(_standings(raw), _standings(adjusted), places, chances)
    return tuple(
        ComparedTeam(
            row=rows[change.team],  # type: ignore[index]
            raw_rank=raw_ranks[change.team],  # type: ignore[index]
            adjusted_rank=rows[change.team].rank_text,  # type: ignore[index]
            change=change,
        )
        for change in changes
        if change.adjusted_rank is not None
    )


def _standings(table: StandingsTable) -> list[Standing]:
    return [
        Standing(team=row.team_id, rank=row.rank, is_shared=row.is_shared, values=dict(row.values))
        for row in table.rows
    ]

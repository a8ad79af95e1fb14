"""Standings of delegates: overall or by criterion, with a minimum of rounds, within a role where roles are fixed."""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from judging.scoring.exact import exact_deviation, exact_mean, exact_sum, in_id_order, round_half_up
from judging.scoring.sheets import CriterionRule, MarkLine


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegateScore:
    """What one delegate has from one round: the panel's score of their marks."""

    delegate: Hashable
    round: int
    score: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegateStanding:
    """One line; `rank` is None below the minimum of rounds. `average` keeps six decimals."""

    delegate: Hashable
    rank: int | None
    is_shared: bool
    average: Decimal
    deviation: Decimal
    rounds: int


def delegate_sheet_scores(
    marks: Iterable[MarkLine], criteria: Iterable[CriterionRule], only: Collection[Hashable] | None = None
) -> dict[Hashable, Decimal]:
    """Each delegate's weighted marks on one sheet; `only` restricts them to some criteria (a special award)."""
    weights = {
        rule.id: rule.weight
        for rule in criteria
        if rule.target == "delegate" and (only is None or rule.id in only)
    }
    found: dict[Hashable, list[Decimal]] = defaultdict(list)
    for line in marks:
        if line.delegate is not None and line.criterion in weights:
            found[line.delegate].append(weights[line.criterion] * line.mark)
    return {delegate: exact_sum(found[delegate]) for delegate in in_id_order(found)}


def delegate_standings(
    scores: Iterable[DelegateScore],
    *,
    minimum_rounds: int = 1,
    group_of: Mapping[Hashable, Hashable] | None = None,
) -> dict[Hashable, list[DelegateStanding]]:
    """The delegates by their average per round, best first, a list for each group (all in None without groups).

    `group_of` gives the role of each delegate in an edition with fixed roles: different roles are never compared.
    A full tie shares the rank. Those below `minimum_rounds` come last, unranked.
    """
    by_delegate: dict[Hashable, list[Decimal]] = defaultdict(list)
    for score in scores:
        by_delegate[score.delegate].append(score.score)
    groups: dict[Hashable, list[Hashable]] = defaultdict(list)
    for delegate in in_id_order(by_delegate):
        groups[group_of.get(delegate) if group_of else None].append(delegate)
    return {group: _ranked(members, by_delegate, minimum_rounds) for group, members in groups.items()}


def _ranked(
    delegates: Sequence[Hashable], scores: Mapping[Hashable, Sequence[Decimal]], minimum_rounds: int
) -> list[DelegateStanding]:
    average = {delegate: round_half_up(exact_mean(scores[delegate])) for delegate in delegates}
    enough = [delegate for delegate in delegates if len(scores[delegate]) >= minimum_rounds]
    ordered = sorted((average[delegate] for delegate in enough), reverse=True)
    rank_of = {value: place for place, value in reversed(list(enumerate(ordered, start=1)))}
    ranks = {delegate: rank_of[average[delegate]] for delegate in enough}
    sharing = Counter(ranks.values())
    lines = [
        DelegateStanding(
            delegate=delegate,
            rank=ranks.get(delegate),
            is_shared=delegate in ranks and sharing[ranks[delegate]] > 1,
            average=average[delegate],
            deviation=exact_deviation(scores[delegate]),
            rounds=len(scores[delegate]),
        )
        for delegate in delegates
    ]
    return sorted(lines, key=lambda line: (line.rank is None, -line.average))

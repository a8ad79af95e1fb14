"""The break: who advances from standings, who is in reserve, who is passed over and why, and ties at the line."""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Literal

from judging.scoring.exact import ZERO, in_id_order
from judging.scoring.standings import Standing

PassedOver = Literal["unranked", "minimum_rounds", "institution_cap", "not_eligible"]
EliminationBasis = Literal["round_adjusted", "round_raw", "cumulative"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakRule:
    """How many advance and how many wait; `institution_cap` is how many of one institution may advance."""

    size: int
    reserves: int = 0
    minimum_rounds: int = 0
    institution_cap: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaking:
    """A team that advances (or waits), its place in the break, its rank in the standings, and its lot if drawn."""

    team: Hashable
    place: int
    rank: int
    lot: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """The outcome. `open_tie` names teams level across the line for which lots have to be drawn and recorded:
    until then none of them is in `advancing` or `reserves`, nor is anybody below them.
    """

    advancing: tuple[Breaking, ...]
    reserves: tuple[Breaking, ...]
    passed_over: Mapping[Hashable, PassedOver]
    open_tie: tuple[Hashable, ...] = ()


def break_from(
    standings: Sequence[Standing],
    rule: BreakRule,
    *,
    institution_of: Mapping[Hashable, Hashable] | None = None,
    lots: Mapping[Hashable, Decimal] | None = None,
    not_eligible: frozenset[Hashable] = frozenset(),
) -> Break:
    """Who advances from the standings of one division or role.

    Teams are taken by rank; equal ranks by their recorded lot (the higher first). A team is passed over when it is
    unranked, has too few rounds, is not eligible (it advances in another division), or its institution is full.
    """
    drawn = lots or {}
    passed: dict[Hashable, PassedOver] = {}
    taken: list[Breaking] = []
    count: Counter[Hashable] = Counter()
    wanted = rule.size + rule.reserves
    for rank, level in _levels(standings, rule, not_eligible, passed):
        if len(taken) == wanted:
            break
        ordered = sorted(level, key=lambda team: drawn.get(team, ZERO), reverse=True)
        fits = [team for team in ordered if not _is_capped(team, rule, institution_of, count)]
        room = wanted - len(taken)
        if len(taken) < rule.size:
            room = min(rule.size - len(taken), _room(fits, rule, institution_of, count))
        if len(fits) > room and len({drawn.get(team) for team in fits}) < len(fits):
            return _outcome(taken, rule, passed, open_tie=tuple(in_id_order(fits)))
        for team in ordered:
            if len(taken) == wanted:
                break
            if _is_capped(team, rule, institution_of, count):
                passed[team] = "institution_cap"
                continue
            if institution_of and len(taken) < rule.size:
                count[institution_of.get(team)] += 1
            taken.append(Breaking(team=team, place=len(taken) + 1, rank=rank, lot=drawn.get(team)))
    return _outcome(taken, rule, passed)


def _levels(
    standings: Sequence[Standing],
    rule: BreakRule,
    not_eligible: frozenset[Hashable],
    passed: dict[Hashable, PassedOver],
) -> list[tuple[int, list[Hashable]]]:
    """The eligible teams by rank, equal ranks together; the others are noted in `passed`."""
    eligible: list[tuple[int, Hashable]] = []
    for line in standings:
        if line.team in not_eligible:
            passed[line.team] = "not_eligible"
        elif line.rank is None:
            passed[line.team] = "unranked"
        elif line.rounds_played < rule.minimum_rounds:
            passed[line.team] = "minimum_rounds"
        else:
            eligible.append((line.rank, line.team))
    return [
        (rank, [team for _, team in level]) for rank, level in groupby(eligible, key=lambda entry: entry[0])
    ]


def _is_capped(
    team: Hashable,
    rule: BreakRule,
    institution_of: Mapping[Hashable, Hashable] | None,
    count: Counter[Hashable],
) -> bool:
    institution = institution_of.get(team) if institution_of else None
    cap = rule.institution_cap
    return cap is not None and institution is not None and count[institution] >= cap


def _room(
    teams: Sequence[Hashable],
    rule: BreakRule,
    institution_of: Mapping[Hashable, Hashable] | None,
    count: Counter[Hashable],
) -> int:
    """How many of these level teams their institutions have room for."""
    running, room = Counter(count), 0
    for team in teams:
        if not _is_capped(team, rule, institution_of, running):
            room += 1
            running[institution_of.get(team) if institution_of else None] += 1
    return room


def _outcome(
    taken: Sequence[Breaking],
    rule: BreakRule,
    passed: Mapping[Hashable, PassedOver],
    open_tie: tuple[Hashable, ...] = (),
) -> Break:
    return Break(
        advancing=tuple(taken[: rule.size]),
        reserves=tuple(taken[rule.size :]),
        passed_over=dict(passed),
        open_tie=open_tie,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class EliminationScore:
    """A team of one role in one elimination round; `preliminary_rank` breaks ties, then a recorded lot."""

    team: Hashable
    raw: Decimal
    adjusted: Decimal | None
    cumulative: Decimal
    preliminary_rank: int
    lot: Decimal = ZERO


def elimination_order(
    scores: Sequence[EliminationScore], basis: EliminationBasis
) -> list[list[EliminationScore]]:
    """The teams of one role over all tables of the round, best first; a list of two or more still needs a lot.

    `round_adjusted` falls back to the raw score for all where any team has no adjusted one.
    """
    is_adjusted = basis == "round_adjusted" and all(each.adjusted is not None for each in scores)

    def key(each: EliminationScore) -> tuple[Decimal, int, Decimal]:
        value = each.cumulative if basis == "cumulative" else each.raw
        if is_adjusted and each.adjusted is not None:
            value = each.adjusted
        return -value, each.preliminary_rank, -each.lot

    by_id = {each.team: each for each in scores}
    ordered = sorted((by_id[team] for team in in_id_order(by_id)), key=key)
    return [list(level) for _, level in groupby(ordered, key=key)]

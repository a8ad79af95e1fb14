"""Who is honoured: team tiers by count or percentage, one award a person, nominations, the best coach."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from judging.scoring.delegates import DelegateStanding
from judging.scoring.exact import in_id_order
from judging.scoring.standings import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """A team award (gold, silver, ...): so many teams, or so many percent of the ranked ones (half rounds up)."""

    name: str
    count: int | None = None
    percentage: Decimal | None = None

    def places(self, ranked: int) -> int:
        """How many of `ranked` teams it is meant for."""
        if self.count is not None:
            return self.count
        share = (self.percentage or Decimal(0)) * ranked / 100
        return int(share.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def tiers(standings: Sequence[Standing], awards: Sequence[Tier]) -> dict[Hashable, str]:
    """The tier of every honoured team of one ranking (a role bracket, a division, or everybody), best tier first.

    Level teams get the same: a tie across the end of a tier lifts all of it, and the next tier is that much smaller.
    """
    ranked = [line for line in standings if line.rank is not None]
    found: dict[Hashable, str] = {}
    end = 0
    for tier in awards:
        end += tier.places(len(ranked))
        for line in ranked:
            if line.rank is not None and line.rank <= end:
                found.setdefault(line.team, tier.name)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class IndividualAward:
    """An award and those in line for it, best first; people in one inner tuple are level."""

    name: str
    candidates: tuple[tuple[Hashable, ...], ...]
    places: int = 1


def by_standing(name: str, lines: Sequence[DelegateStanding], places: int = 1) -> IndividualAward:
    """An award for the best of delegates' standings (overall or by a criterion)."""
    levels: dict[int, list[Hashable]] = defaultdict(list)
    for line in lines:
        if line.rank is not None:
            levels[line.rank].append(line.delegate)
    return IndividualAward(
        name=name, candidates=tuple(tuple(levels[rank]) for rank in sorted(levels)), places=places
    )


def by_nomination(name: str, nominations: Iterable[Hashable], places: int = 1) -> IndividualAward:
    """An award for those nominated on the most sheets (each sheet that names a person is one nomination)."""
    count = Counter(nominations)
    levels: dict[int, list[Hashable]] = defaultdict(list)
    for person in in_id_order(count):
        levels[count[person]].append(person)
    return IndividualAward(
        name=name,
        candidates=tuple(tuple(levels[votes]) for votes in sorted(levels, reverse=True)),
        places=places,
    )


def one_award_a_person(awards: Iterable[IndividualAward]) -> dict[str, tuple[Hashable, ...]]:
    """The winners of each award, in the order given: who has won one is passed over for the next.

    Level candidates for the last place all win.
    """
    honoured: set[Hashable] = set()
    winners: dict[str, tuple[Hashable, ...]] = {}
    for award in awards:
        chosen: list[Hashable] = []
        for level in award.candidates:
            if len(chosen) >= award.places:
                break
            chosen += [person for person in level if person not in honoured]
        winners[award.name] = tuple(chosen)
        honoured.update(chosen)
    return winners


def best_coaches(
    tier_of: Mapping[Hashable, str], coach_of: Mapping[Hashable, Hashable], worth: Mapping[str, Decimal]
) -> list[tuple[Hashable, Decimal]]:
    """Coaches by what their teams' tiers are worth together, best first; level coaches in the order of their ids."""
    total: dict[Hashable, Decimal] = defaultdict(Decimal)
    for team in in_id_order(tier_of):
        coach = coach_of.get(team)
        if coach is not None:
            total[coach] += worth.get(tier_of[team], Decimal(0))
    return sorted(((coach, total[coach]) for coach in in_id_order(total)), key=lambda entry: -entry[1])

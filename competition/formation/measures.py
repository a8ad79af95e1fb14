"""Recounting a placement: sizes, the spread of every attribute against its bound, wishes kept and broken.

The bound: n people of one value over t teams are spread perfectly when every team has n//t of them and n%t teams one
more. Dealing everybody out in the order of an attribute's values reaches that for all its values at once and with
sizes that differ by at most one, so each attribute's bound can be reached by itself; all of them together, perhaps not.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from competition.formation.model import AttributeBalance, Placement, Problem, Report, ValueSpread, Wish

SOFT = 6
"""What a broken soft wish costs: as much as three attributes of weight 1 with one person too many somewhere."""


def least_squares(people: int, teams: int) -> int:
    """The least sum of squared counts when `people` are spread over `teams`."""
    each, more = divmod(people, teams)
    return more * (each + 1) ** 2 + (teams - more) * each**2


def report(problem: Problem, placement: Placement) -> Report:
    """Count everything anew from the placement alone. People who are not placed are left out."""
    balances = tuple(_balance(problem, placement, name) for name in problem.attributes)
    wishes = [wish for wish in problem.wishes if wish.first in placement and wish.second in placement]
    broken = tuple(wish for wish in wishes if not is_kept(wish, placement))
    sizes = Counter(placement.values())
    return Report(
        sizes=tuple(sizes.get(team, 0) for team in range(problem.teams)),
        balances=balances,
        kept=tuple(wish for wish in wishes if wish not in broken),
        broken=broken,
        cost=sum(each.weight * each.unevenness for each in balances)
        + sum(SOFT * wish.weight for wish in broken if not wish.is_hard),
    )


def is_kept(wish: Wish, placement: Placement) -> bool:
    """Whether the placement does what the wish asks for."""
    return (placement[wish.first] == placement[wish.second]) == (wish.kind == "together")


def _balance(problem: Problem, placement: Placement, name: str) -> AttributeBalance:
    placed = [person for person in problem.people if person.id in placement]
    known = [(person.values.get(name, ""), placement[person.id]) for person in placed]
    values = list(dict.fromkeys(value for value, _team in known if value))
    spreads = tuple(
        _spread(value, problem.teams, [team for each, team in known if each == value])
        for value in sorted(values)
    )
    return AttributeBalance(
        attribute=name,
        weight=problem.attributes[name],
        unevenness=sum(_unevenness(spread) for spread in spreads),
        spreads=spreads,
    )


def _spread(value: str, teams: int, places: Sequence[int]) -> ValueSpread:
    counted = Counter(places)
    each, more = divmod(len(places), teams)
    return ValueSpread(
        value=value,
        counts=tuple(counted.get(team, 0) for team in range(teams)),
        ideal_least=each,
        ideal_most=each + (more > 0),
    )


def _unevenness(spread: ValueSpread) -> int:
    return squares(spread.counts) - least_squares(spread.total, len(spread.counts))


def squares(counts: Iterable[int]) -> int:
    """The sum of squared counts: smallest when they are as equal as can be."""
    return sum(count * count for count in counts)

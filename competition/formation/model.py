"""What forming teams starts from and ends with: people, wishes, a placement, and the report on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

ENGINE = "formation/1"
WishKind = Literal["together", "apart"]
Placement = Mapping[str, int]
"""Person id -> number of the team, from 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody to be placed; `values` holds attribute -> value, an empty or missing value is not known."""

    id: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Two people belong in one team, or must not meet in one. A hard wish is kept or nothing is formed;
    a soft one is weighed against the balance.
    """

    first: str
    second: str
    kind: WishKind
    is_hard: bool = False
    weight: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """`attributes` says how much the even spread of each one matters (0: not at all). `locked` people stay.

    With `start` (a complete placement) the result is never worse than it, where its sizes are fair.
    """

    people: Sequence[Person]
    teams: int
    attributes: Mapping[str, int]
    wishes: Sequence[Wish] = ()
    locked: Placement = field(default_factory=dict)
    start: Placement = field(default_factory=dict)
    seed: int = 1


FaultCode = Literal[
    "too_few_people",
    "too_many_people",
    "group_too_large",
    "contradiction",
    "too_many_apart",
    "locked_apart",
    "locked_together",
    "locked_too_many",
    "no_arrangement",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Why no arrangement can keep everything asked for: the people it is about, and the number they run into."""

    code: FaultCode
    people: tuple[str, ...] = ()
    count: int = 0


class CannotForm(ValueError):
    """The hard wishes, locks and sizes do not go together; `faults` says which."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(", ".join(fault.code for fault in self.faults))


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueSpread:
    """How the people with one value are spread: per team, beside the fewest and most of a perfect spread."""

    value: str
    counts: tuple[int, ...]
    ideal_least: int
    ideal_most: int

    @property
    def total(self) -> int:
        return sum(self.counts)

    @property
    def misplaced(self) -> int:
        """How many of them would have to change teams for a perfect spread."""
        surplus = sum(max(0, count - self.ideal_most) for count in self.counts)
        lack = sum(max(0, self.ideal_least - count) for count in self.counts)
        return max(surplus, lack)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeBalance:
    """The spread of one attribute. `unevenness` is the sum of squared counts over teams and values less the
    least that any placement could have (`misplaced` 0), so 0 is the ideal.
    """

    attribute: str
    weight: int
    unevenness: int
    spreads: tuple[ValueSpread, ...]

    @property
    def misplaced(self) -> int:
        return sum(spread.misplaced for spread in self.spreads)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A placement recounted. `cost` is what the engine makes small; 0 is the bound and cannot be improved on."""

    sizes: tuple[int, ...]
    balances: tuple[AttributeBalance, ...]
    kept: tuple[Wish, ...]
    broken: tuple[Wish, ...]
    cost: int

    @property
    def is_ideal(self) -> bool:
        return self.cost == 0

    @property
    def has_fair_sizes(self) -> bool:
        return not self.sizes or max(self.sizes) - min(self.sizes) <= 1

    @property
    def broken_hard(self) -> tuple[Wish, ...]:
        return tuple(wish for wish in self.broken if wish.is_hard)


@dataclass(frozen=True, slots=True, kw_only=True)
class Formation:
    """The teams formed, and how good they are; the same problem gives the same formation."""

    placement: Placement
    report: Report
    engine: str = ENGINE

"""The sessions of a round in their order, and who talks with whom in the bilateral ones (pure)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from core.roles import ROLES, Role

MOST_MINUTES = 240
Pair = tuple[Role, Role]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPlan:
    """Minutes of each session; 0 leaves one out. Opening statements and bilateral talks are minutes each."""

    opening: int = 4
    bilateral: int = 10
    ad_hoc: int = 30
    pause: int = 10
    quadrilateral: int = 60
    resolution: int = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A stretch of time on the clock: whose statement it is, or which pairs talk and who waits.

    `vacant` are empty chairs that would have a part in it; where nobody is left who has, it `is_empty` and passed over.
    """

    kind: str
    seconds: int
    role: Role | None = None
    number: int = 0
    of: int = 0
    pairs: tuple[Pair, ...] = ()
    waiting: tuple[Role, ...] = ()
    vacant: tuple[Role, ...] = ()
    is_empty: bool = False


def bilateral_slots(roles: Sequence[Role] = ROLES) -> tuple[tuple[Pair, ...], ...]:
    """Every pair of these roles once, as many talks at a time as there are people for.

    Four roles make three slots of two talks, so that nobody waits at all; three roles make three slots in which each
    waits once; two roles talk once. The circle method: the first stays, the others move round.
    """
    circle: list[Role | None] = [*roles, *([None] if len(roles) % 2 else [])]
    slots = []
    for _turn in range(len(circle) - 1):
        half = len(circle) // 2
        pairs = zip(circle[:half], reversed(circle[half:]), strict=True)
        slots.append(tuple(_in_order(one, other) for one, other in pairs if one and other))
        circle = [circle[0], circle[-1], *circle[1:-1]]
    return tuple(slots)


def _in_order(one: Role, other: Role) -> Pair:
    return (one, other) if ROLES.index(one) < ROLES.index(other) else (other, one)


def parts_of(plan: SessionPlan, vacant: Collection[Role] = ()) -> tuple[Part, ...]:
    """The parts of a round in their order; an empty chair changes who talks, never how many parts there are."""
    parts = [
        Part(
            kind="opening",
            seconds=plan.opening * 60,
            role=role,
            vacant=(role,) if role in vacant else (),
            is_empty=role in vacant,
        )
        for role in ROLES
    ]
    slots = bilateral_slots()
    for number, slot in enumerate(slots, 1):
        pairs = tuple(pair for pair in slot if not set(pair) & set(vacant))
        busy = {role for pair in pairs for role in pair} | set(vacant)
        parts.append(
            Part(
                kind="bilateral",
                seconds=plan.bilateral * 60,
                number=number,
                of=len(slots),
                pairs=pairs,
                waiting=tuple(role for role in ROLES if role not in busy),
                vacant=tuple(role for role in ROLES if role in vacant),
                is_empty=not pairs,
            )
        )
    for kind in ("ad_hoc", "pause", "quadrilateral", "resolution"):
        parts.append(Part(kind=kind, seconds=getattr(plan, kind) * 60))
    return tuple(part for part in parts if part.seconds)


def minutes_of(plan: SessionPlan) -> int:
    """How long a whole round takes at a full table."""
    return sum(part.seconds for part in parts_of(plan)) // 60

"""Lots among level teams: reproducible with nothing but the seed and the teams' names.

Each team's ticket is the SHA-256 of "seed:name"; the smallest is drawn first. Anybody can repeat it:
`printf '7:Team A' | sha256sum`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Hashable, Iterable, Sequence
from decimal import Decimal

from sqlalchemy import select

from core.db import db
from judging.closing.models import Lot

LARGEST_SEED = 2**31 - 1


def ticket(seed: int, name: str) -> str:
    """A team's ticket in a lot, 64 hexadecimal digits."""
    return hashlib.sha256(f"{seed}:{name}".encode()).hexdigest()


def drawn_order(seed: int, names: Iterable[str]) -> list[str]:
    """The names in the order in which they are drawn."""
    return sorted(names, key=lambda name: (ticket(seed, name), name))


def lots_on(edition_id: int, occasion: str) -> Sequence[Lot]:
    """The lots drawn on one occasion, in the order of drawing."""
    query = select(Lot).where(Lot.edition_id == edition_id, Lot.occasion == occasion)
    return db.session.scalars(query.order_by(Lot.id)).all()


def numbers_of(lots: Iterable[Lot]) -> dict[Hashable, Decimal]:
    """Each team's number by the last lot it was in; the higher goes first."""
    return {team["team_id"]: Decimal(team["lot"]) for lot in lots for team in lot.teams}


def lots_among(edition_id: int, groups: Iterable[Collection[Hashable]]) -> dict[Hashable, Decimal]:
    """The numbers of level teams, group by group: by the last lot of the break in which the whole group took part.

    A group without such a lot has no numbers: nobody goes before a team by a lot that the team was not in.
    """
    query = select(Lot).where(Lot.edition_id == edition_id, Lot.occasion.startswith("break:"))
    lots = [numbers_of([lot]) for lot in db.session.scalars(query.order_by(Lot.id.desc()))]
    found: dict[Hashable, Decimal] = {}
    for group in groups:
        numbers = next((lot for lot in lots if lot.keys() >= set(group)), {})
        found |= {team: numbers[team] for team in group if team in numbers}
    return found

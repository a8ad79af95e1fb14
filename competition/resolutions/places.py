"""Where a person's team has a resolution to write, to confirm or to look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from competition.editions.public import Edition
from competition.entries.public import find_own_delegate
from competition.resolutions.queries import why_closed
from competition.resolutions.standing import WAITING, Standing, standings_of
from competition.rounds.public import released_seats_of_team, round_facts, tables_by_id
from core.access import Actor, CapacityKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolutionPlace:
    """A round in which the team may write or read; `is_owed`: a finished text waits for the team's word."""

    number: int
    table: str
    is_open: bool
    is_owed: bool


def resolution_places(actor: Actor, edition: Edition, now: datetime) -> list[ResolutionPlace]:
    """The rounds whose resolution concerns the actor as delegate or captain, newest first."""
    kinds = (CapacityKind.DELEGATE, CapacityKind.CAPTAIN)
    me = find_own_delegate(actor, edition) if actor.capacities_of(*kinds, edition_id=edition.id) else None
    if me is None:
        return []
    tables = list(tables_by_id([one.table_id for one in released_seats_of_team(me.team_id)]).values())
    rounds = {facts.id: facts for facts in round_facts(edition.id)}
    standings = standings_of(tables)
    found = []
    for table in sorted(tables, key=lambda table: -table.round_number):
        is_open = not why_closed(edition, rounds[table.round_id], table, now)
        standing = standings[table.id]
        if is_open or standing.is_begun:
            found.append(
                ResolutionPlace(
                    number=table.round_number,
                    table=table.name,
                    is_open=is_open,
                    is_owed=is_open and _waits_for(standing, me.team_id),
                )
            )
    return found


def _waits_for(standing: Standing, team_id: int) -> bool:
    seat = standing.seat_of(team_id)
    return standing.is_begun and not standing.unsaid and seat is not None and seat.state == WAITING

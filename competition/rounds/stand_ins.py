"""Filling vacant seats with the organiser's stand-ins: pure."""

from __future__ import annotations

from collections.abc import Sequence

from competition.rounds.field import FieldTeam
from competition.rounds.problem import Seats
from core.roles import ROLES, Role


def seat_stand_ins(tables: Sequence[Seats], teams: Sequence[FieldTeam]) -> list[dict[Role, int | None]]:
    """The tables with stand-ins at their vacant seats, as long as there are any; each sits once.

    A stand-in that has a role is seated only in it, and before those that may sit anywhere.
    """
    waiting = [team for team in teams if team.is_stand_in]
    filled: list[dict[Role, int | None]] = [{role: seats[role] for role in ROLES} for seats in tables]
    for seats in filled:
        for role in ROLES:
            if seats[role] is None and (team := _pick(waiting, role)) is not None:
                waiting.remove(team)
                seats[role] = team.id
    return filled


def _pick(waiting: Sequence[FieldTeam], role: Role) -> FieldTeam | None:
    fitting = [team for team in waiting if team.role in (None, role)]
    return min(fitting, key=lambda team: team.role is None, default=None)

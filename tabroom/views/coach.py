"""A coach's page: their own teams' people, seats and what the edition lets a coach read and do."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from competition.editions.public import get_edition
from competition.entries.public import Delegate, Team, coached_teams, delegates_of_team, registration_rules
from core.access import Permission, current_actor, requires
from core.db import utc_now
from tabroom.participant import SeatLine, seat_lines

blueprint = Blueprint("coach", __name__, url_prefix="/e/<slug>/coach")


@dataclass(frozen=True, slots=True, kw_only=True)
class CoachedTeam:
    """One of the coach's teams with its people and released seats."""

    team: Team
    people: list[Delegate]
    seats: list[SeatLine]


@blueprint.get("")
@requires(Permission.TAKE_PART)
def show(slug: str) -> ResponseReturnValue:
    """The teams that I coach, and nobody else's people."""
    edition, actor = get_edition(slug), current_actor()
    teams = coached_teams(actor, edition)
    if not teams:
        abort(404)
    return render_template(
        "tabroom/coach.html",
        edition=edition,
        now=utc_now(),
        coached=[
            CoachedTeam(team=team, people=list(delegates_of_team(team.id)), seats=seat_lines(edition, team))
            for team in teams
        ],
        rules=registration_rules(edition.id),
        is_signed_in=actor.is_signed_in,
    )

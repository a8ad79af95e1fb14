"""What other features may use of resolutions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from competition.resolutions.models import Resolution, ResolutionSignature, ResolutionText
from competition.resolutions.places import ResolutionPlace, resolution_places
from competition.resolutions.queries import find_own_table, issues_of_round, why_closed
from competition.resolutions.standing import Standing, begun_standing_of, standing_of, standings_of
from competition.resolutions.wording import Issue, Item, Wording, said, stored
from competition.rounds.public import draw, seat, tables_by_id
from core.db import db


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolutionFacts:
    """What a team's table settled in a round: counts only, never terms."""

    round_id: int
    team_id: int
    agreed: int
    partly: int
    total: int
    signatures: int
    needed: int
    is_impasse: bool
    is_complete: bool


def resolutions_of_teams(team_ids: Sequence[int]) -> dict[tuple[int, int], ResolutionFacts]:
    """Per (round, team), for rounds whose draw is released and tables that wrote something."""
    query = (
        select(seat.c.table_id, seat.c.team_id)
        .join(draw, draw.c.id == seat.c.draw_id)
        .where(seat.c.team_id.in_(list(team_ids)), draw.c.state == "released")
    )
    places = [(table_id, team_id) for table_id, team_id in db.session.execute(query)]
    standings = standings_of(list(tables_by_id([table_id for table_id, _team in places]).values()))
    return {
        (standings[table_id].round_id, team_id): _facts(standings[table_id], team_id)
        for table_id, team_id in places
        if standings[table_id].is_begun
    }


def find_resolution_of_team(round_id: int, team_id: int) -> ResolutionFacts | None:
    """What the team's table settled in that round; None where nothing was written."""
    return resolutions_of_teams([team_id]).get((round_id, team_id))


def _facts(standing: Standing, team_id: int) -> ResolutionFacts:
    return ResolutionFacts(
        round_id=standing.round_id,
        team_id=team_id,
        agreed=standing.agreed,
        partly=standing.partly,
        total=standing.total,
        signatures=standing.signatures,
        needed=standing.needed,
        is_impasse=standing.is_impasse,
        is_complete=standing.is_complete,
    )


__all__ = [
    "Issue",
    "Item",
    "Resolution",
    "ResolutionFacts",
    "ResolutionPlace",
    "ResolutionSignature",
    "ResolutionText",
    "Standing",
    "Wording",
    "begun_standing_of",
    "find_own_table",
    "find_resolution_of_team",
    "issues_of_round",
    "resolution_places",
    "resolutions_of_teams",
    "said",
    "standing_of",
    "standings_of",
    "stored",
    "why_closed",
]

"""What the public may see of scores: only ranks where fewer than three judges sat, lest it read one judge's marks."""

from __future__ import annotations

from sqlalchemy import func, select

from competition.rounds.public import draw, negotiation_table, panel_judge, round_, seat, table_result
from core.db import db
from judging.models import Scoresheet

FEWEST_JUDGES = 3
SCORE_METRICS = frozenset({"total_score", "average_score", "adjusted_score"})


def teams_with_hidden_scores(edition_id: int, after_round: int) -> set[int]:
    """The teams whose sums of scores would show the public what one or two judges gave."""
    return {team for team, _round in hidden_seats(edition_id, after_round)}


def hidden_seats(edition_id: int, after_round: int) -> set[tuple[int, int]]:
    """Every (team, round) whose table score the public may not see, in the preliminary rounds up to `after_round`.

    Fewer than three judges sat at the table, or fewer than three sheets made its result: a waived sheet hides nobody.
    """
    sat = (
        select(func.count(panel_judge.c.id))
        .where(panel_judge.c.table_id == negotiation_table.c.id, panel_judge.c.position != "trainee")
        .scalar_subquery()
    )
    waived = (
        select(func.count(Scoresheet.id))
        .where(Scoresheet.table_id == negotiation_table.c.id, Scoresheet.state == "waived")
        .scalar_subquery()
    )
    query = (
        select(seat.c.team_id, round_.c.number)
        .join(negotiation_table, negotiation_table.c.id == seat.c.table_id)
        .join(draw, draw.c.id == negotiation_table.c.draw_id)
        .join(round_, round_.c.id == draw.c.round_id)
        .join(table_result, (table_result.c.table_id == negotiation_table.c.id) & table_result.c.is_live)
        .where(
            round_.c.edition_id == edition_id,
            round_.c.stage == "preliminary",
            round_.c.number <= after_round,
            seat.c.team_id.is_not(None),
            sat - waived < FEWEST_JUDGES,
        )
    )
    return {(team_id, number) for team_id, number in db.session.execute(query) if team_id is not None}

"""Reading nominations: whom a judge named, for which award, at which table."""

from __future__ import annotations

from sqlalchemy import select

from competition.entries.public import delegate_table
from core.db import db
from judging.closing.models import AwardLine, Nomination


def nominations_of_judge(judge_id: int) -> dict[tuple[int, str], str]:
    """The public id of the delegate that a judge named, by table and the award's public id."""
    query = (
        select(Nomination.table_id, AwardLine.public_id, delegate_table.c.public_id.label("delegate"))
        .join(AwardLine, AwardLine.id == Nomination.award_line_id)
        .join(delegate_table, delegate_table.c.id == Nomination.delegate_id)
        .where(Nomination.judge_id == judge_id)
    )
    return {(row.table_id, row.public_id): row.delegate for row in db.session.execute(query)}


def takes_nominations(edition_id: int) -> bool:
    """Whether the edition gives an award by nominations, and its awards are not sealed."""
    from judging.closing.awards import state_of

    query = select(AwardLine.id).where(
        AwardLine.edition_id == edition_id, AwardLine.kind == "individual_nominations"
    )
    return db.session.execute(query.limit(1)).first() is not None and state_of(edition_id) == "open"

"""Who is late with a sheet, who was reminded, who stepped back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import func, select

from competition.rounds.public import RoundFacts
from core.db import db
from judging.models import JudgingRules, Recusal, SheetReminder

USUAL_MINUTES = 240
"""Three hours of negotiation and one to mark."""

Place = tuple[int, int]
"""Table and judge, by their keys."""


def sheet_minutes(edition_id: int) -> int:
    """How many minutes after a round's start its sheets are due."""
    query = select(JudgingRules.sheet_minutes).where(JudgingRules.edition_id == edition_id)
    return db.session.scalar(query) or USUAL_MINUTES


def due_at(facts: RoundFacts) -> datetime | None:
    """When the sheets of a round are due; nothing while its start is not set."""
    if facts.starts_at is None:
        return None
    return facts.starts_at + timedelta(minutes=sheet_minutes(facts.edition_id))


def reminders_of(table_ids: Collection[int]) -> dict[Place, datetime]:
    """When each judge was last reminded of the sheet of each of these tables."""
    query = (
        select(SheetReminder.table_id, SheetReminder.judge_id, func.max(SheetReminder.sent_at))
        .where(SheetReminder.table_id.in_(table_ids))
        .group_by(SheetReminder.table_id, SheetReminder.judge_id)
    )
    return {(table, judge): sent for table, judge, sent in db.session.execute(query)}


def recusals_of(table_ids: Collection[int]) -> dict[Place, Recusal]:
    """Who stepped back from which of these tables."""
    query = select(Recusal).where(Recusal.table_id.in_(table_ids))
    return {(one.table_id, one.judge_id): one for one in db.session.scalars(query)}


def has_recused(table_id: int, judge_id: int) -> bool:
    """Whether the judge stepped back from the table."""
    query = select(Recusal.id).where(Recusal.table_id == table_id, Recusal.judge_id == judge_id)
    return db.session.scalar(query) is not None

"""What the timetable does when a round gets another start: those concerned are told, as of any other line."""

from __future__ import annotations

from datetime import datetime, timedelta

from competition.day.plan import minutes_of
from competition.day.queries import find_sessions, is_published, plan_of
from competition.day.services.telling import Told, tell
from competition.editions.public import get_edition_by_id
from competition.rounds.public import get_round, on_new_time
from core.db import utc_now


@on_new_time
def tell_of_new_time(round_id: int, before: datetime | None) -> None:
    """Tell the teams of a round (and its division) and the judges, once the timetable is published."""
    row = get_round(round_id)
    edition = get_edition_by_id(row.edition_id)
    if not is_published(edition.id):
        return
    minutes = minutes_of(plan_of(find_sessions(round_id)))
    earlier, later = (
        Told(
            title=row.name or str(row.number),
            title_zh=row.name_zh,
            starts_at=start,
            ends_at=start + timedelta(minutes=max(minutes, 1)),
            where="",
            audience="division_round" if row.division_id is not None else "all",
            division_id=row.division_id,
        )
        if start is not None
        else None
        for start in (before, row.starts_at)
    )
    if earlier is not None or later is not None:
        tell(edition, earlier, later, now=utc_now())

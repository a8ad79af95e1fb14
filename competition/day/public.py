"""What other features may use of the day."""

from __future__ import annotations

from competition.day.agenda import Reader, agenda_of, reader_of
from competition.day.attendance import was_there
from competition.day.models import RoundSessions, Timetable, TimetableItem
from competition.day.queries import Entry, is_published, items_of, whole_timetable
from competition.day.services.timetable import publish_timetable, save_item

timetable_table = Timetable.__table__
timetable_item_table = TimetableItem.__table__
round_sessions_table = RoundSessions.__table__

__all__ = [
    "Entry",
    "Reader",
    "agenda_of",
    "is_published",
    "items_of",
    "publish_timetable",
    "reader_of",
    "round_sessions_table",
    "save_item",
    "timetable_item_table",
    "timetable_table",
    "was_there",
    "whole_timetable",
]

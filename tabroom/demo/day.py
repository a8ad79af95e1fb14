"""The demo's timetable: what happens around the rounds, published."""

from __future__ import annotations

from datetime import datetime

from competition.day.public import publish_timetable, save_item
from competition.editions.public import Edition, to_utc
from core.access import SYSTEM
from core.db import utc_now

LINES = (
    ("2025-05-17 08:00", "08:40", "Registration and coffee", "报到与茶歇", "all", "Foyer, Law Building"),
    ("2025-05-17 08:20", "08:50", "Briefing of the judges", "评委说明会", "judges", "Room 101"),
    ("2025-05-17 08:40", "09:00", "Opening", "开幕式", "all", "Great Hall"),
    ("2025-05-17 11:45", "12:00", "Desk and runners meet", "签到台与引导员碰头", "organisers", "Tab room"),
    ("2025-05-17 18:00", "20:00", "Reception", "欢迎晚宴", "all", "Garden House"),
    ("2025-05-18 13:15", "13:45", "Briefs and questions", "案例说明与答疑", "teams", "Great Hall"),
    ("2025-05-18 17:30", "18:30", "Awards and closing", "颁奖与闭幕", "all", "Great Hall"),
)


def plan_day(edition: Edition) -> None:
    """Fill the timetable and publish it."""
    now = utc_now()
    for start, end, title, title_zh, audience, place in LINES:
        values = {
            "title": title,
            "title_zh": title_zh,
            "starts_at": _moment(edition, start),
            "ends_at": _moment(edition, f"{start[:10]} {end}"),
            "site": "",
            "place": place,
            "room_id": None,
            "audience": audience,
            "division_id": None,
            "link": "",
            "backup_link": "",
        }
        save_item(actor=SYSTEM, edition=edition, item=None, version=0, values=values, now=now)
    publish_timetable(actor=SYSTEM, edition=edition, version=0, is_published=True, now=now)


def _moment(edition: Edition, local: str) -> datetime:
    return to_utc(datetime.fromisoformat(local), edition.timezone)

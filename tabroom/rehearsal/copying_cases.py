"""The cases and the timetable of a rehearsal: what is negotiated and when, so that the day plays through as it will.

Nobody real reads a brief here. The copied teams, delegates and judges belong to no person, an organiser is not among a
brief's readers, and a case that was open stays closed until a step of the rehearsal opens it. Who opened a brief of the
real case is not copied.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from competition.cases.public import brief_table, case_file_table, case_table, round_case_table
from competition.day.public import round_sessions_table, timetable_item_table, timetable_table
from core.db import db
from tabroom.rehearsal.rows import all_of, copy_rows

BRIEF = ("role", "revision", "party", "party_zh", "body", "body_zh", "written_at")
FILE = ("role", "name", "mimetype", "size", "data", "added_at")
MOST_FILE_BYTES = 20 * 1024 * 1024
"""Of a case's files that a rehearsal takes along: beyond that it plays without them."""


def copy_cases(old: int, rounds: Mapping[int, int], new: int) -> None:
    """Every case with its newest briefs and its files, and which round negotiates it, closed."""
    cases = copy_rows(
        case_table, case_table.c.edition_id == old, all_of(case_table), lambda _row: {"edition_id": new}
    )

    def in_case(row: Mapping[str, Any]) -> dict[str, Any]:
        return {"case_id": cases[row["case_id"]]}

    newest = (
        select(func.max(brief_table.c.id))
        .where(brief_table.c.case_id.in_(list(cases)))
        .group_by(brief_table.c.case_id, brief_table.c.role)
    )
    copy_rows(brief_table, brief_table.c.id.in_(newest), BRIEF, in_case)
    size = select(func.sum(case_file_table.c.size)).where(case_file_table.c.case_id.in_(list(cases)))
    if (db.session.scalar(size) or 0) <= MOST_FILE_BYTES:
        copy_rows(case_file_table, case_file_table.c.case_id.in_(list(cases)), FILE, in_case)
    copy_rows(
        round_case_table,
        round_case_table.c.round_id.in_(list(rounds)),
        ("judges_read", "coaches_read"),
        lambda row: {"round_id": rounds[row["round_id"]], **in_case(row)},
    )


def copy_timetable(old: int, new: int, maps: Mapping[str, dict[int, int]]) -> None:
    """The lines of the timetable and the sessions of the rounds; it is published where the real one is."""
    copy_rows(
        timetable_table,
        timetable_table.c.edition_id == old,
        ("published_at",),
        lambda _row: {"edition_id": new},
    )
    columns = tuple(name for name in all_of(timetable_item_table) if name not in ("link", "backup_link"))
    copy_rows(
        timetable_item_table,
        timetable_item_table.c.edition_id == old,
        columns,
        lambda row: {
            "edition_id": new,
            "room_id": maps["rooms"].get(row["room_id"]),
            "division_id": maps["divisions"].get(row["division_id"]),
        },
    )
    copy_rows(
        round_sessions_table,
        round_sessions_table.c.round_id.in_(list(maps["rounds"])),
        tuple(name for name in all_of(round_sessions_table) if name != "round_id"),
        lambda row: {"round_id": maps["rounds"][row["round_id"]]},
    )

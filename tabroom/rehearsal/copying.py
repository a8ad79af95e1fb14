"""A rehearsal's edition: the settings and the entry list of the real one, people as names only, nothing played yet.

What is copied of people is listed here column by column: an address, an account or a sensitive answer that somebody
adds to these tables later is not copied by accident.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select

from competition.editions.public import (
    BreakRule,
    Edition,
    Organiser,
    division_table,
    edition_table,
    room_table,
)
from competition.entries.public import (
    JudgeConflict,
    Team,
    delegate_table,
    institution_table,
    judge_table,
    team_division_table,
    team_table,
)
from competition.rounds.public import round_
from core.db import db
from core.roles import ROLES
from judging.public import criterion_table
from tabroom.rehearsal.copying_cases import copy_cases, copy_timetable
from tabroom.rehearsal.rows import Change, all_of, copy_rows

LIVES = timedelta(days=7)
OF_THE_EDITION = frozenset(
    {
        "id", "public_id", "slug", "name", "name_zh", "is_public", "is_demo", "archived_at", "created_at", "version",
        "registration_opens_at", "registration_closes_at", "rehearsal_of", "expires_at",
    }
)  # fmt: skip
TEAM = ("name", "role", "wishes", "coach", "status", "withdrawn_from", "created_at", "position")
DELEGATE = ("code", "name", "name_local", "is_captain", "confirmed_at", "position")
JUDGE = ("code", "name", "name_local", "rating", "languages", "accepted_at", "position")
ROUND = (
    "number",
    "name",
    "name_zh",
    "stage",
    "weight",
    "starts_at",
    "draw_method",
    "draw_preset",
    "draw_options",
)
PLAYING = ("registered", "withdrawn", "stand_in")


def copy_edition(edition: Edition, now: datetime) -> Edition:
    """A new edition that is nobody's but its organisers', with the entry list of `edition`."""
    kept = {
        column.name: getattr(edition, column.name)
        for column in edition_table.columns
        if column.name not in OF_THE_EDITION
    }
    copy = Edition(
        **kept,
        slug=_free_slug(edition),
        name=f"{edition.name[:180]} (rehearsal)",
        name_zh=f"{edition.name_zh[:190]}（演练）" if edition.name_zh else "",
        created_at=now,
        rehearsal_of=edition.id,
        expires_at=now + LIVES,
    )
    db.session.add(copy)
    db.session.flush()
    maps = _copy_frame(edition.id, copy.id)
    _copy_people(edition.id, copy.id, maps)
    copy_cases(edition.id, maps["rounds"], copy.id)
    copy_timetable(edition.id, copy.id, maps)
    _add_stand_ins(copy, now)
    db.session.flush()
    return copy


def _free_slug(edition: Edition) -> str:
    start = edition.slug[:45]
    count = (
        db.session.scalar(select(func.count(Edition.id)).where(Edition.slug.startswith(f"{start}-rehearsal")))
        or 0
    )
    while db.session.scalar(select(Edition.id).where(Edition.slug == f"{start}-rehearsal-{count + 1}")):
        count += 1
    return f"{start}-rehearsal-{count + 1}"


def _copy_frame(old: int, new: int) -> dict[str, dict[int, int]]:
    """Divisions, rooms, rubric, break sizes, organisers, rounds; returns the new keys of divisions, rooms, rounds."""
    here: Change = lambda _row: {"edition_id": new}  # noqa: E731 - a rule, handed on
    divisions = copy_rows(division_table, division_table.c.edition_id == old, all_of(division_table), here)
    rooms = copy_rows(room_table, room_table.c.edition_id == old, all_of(room_table), here)
    copy_rows(criterion_table, criterion_table.c.edition_id == old, all_of(criterion_table), here)
    organiser, rule = Organiser.__table__, BreakRule.__table__
    copy_rows(organiser, organiser.c.edition_id == old, all_of(organiser), here)

    def with_division(row: Mapping[str, Any]) -> dict[str, Any]:
        return {"edition_id": new, "division_id": divisions.get(row["division_id"])}

    copy_rows(rule, rule.c.edition_id == old, all_of(rule), with_division)
    rounds = copy_rows(round_, round_.c.edition_id == old, ROUND, with_division)
    return {"divisions": divisions, "rooms": rooms, "rounds": rounds}


def _copy_people(old: int, new: int, maps: Mapping[str, dict[int, int]]) -> None:
    institutions = copy_rows(
        institution_table,
        institution_table.c.edition_id == old,
        all_of(institution_table),
        lambda _row: {"edition_id": new},
    )

    def at_home(row: Mapping[str, Any]) -> dict[str, Any]:
        return {"edition_id": new, "institution_id": institutions.get(row["institution_id"])}

    playing = (team_table.c.edition_id == old) & team_table.c.status.in_(PLAYING)
    teams = copy_rows(team_table, playing, TEAM, at_home)
    copy_rows(
        delegate_table,
        delegate_table.c.team_id.in_(list(teams)),
        DELEGATE,
        lambda row: {"edition_id": new, "team_id": teams[row["team_id"]]},
    )
    copy_rows(
        team_division_table,
        team_division_table.c.team_id.in_(list(teams)),
        (),
        lambda row: {
            "team_id": teams[row["team_id"]],
            "division_id": maps["divisions"][row["division_id"]],
        },
    )
    judges = copy_rows(judge_table, judge_table.c.edition_id == old, JUDGE, at_home)
    conflict = JudgeConflict.__table__
    known = conflict.c.judge_id.in_(list(judges)) & (
        conflict.c.team_id.is_(None) | conflict.c.team_id.in_(list(teams))
    )
    copy_rows(
        conflict,
        known,
        ("position",),
        lambda row: {
            "judge_id": judges[row["judge_id"]],
            "team_id": teams.get(row["team_id"]),
            "institution_id": institutions.get(row["institution_id"]),
        },
    )


def _add_stand_ins(copy: Edition, now: datetime) -> None:
    """Stand-ins for every chair that may stay empty: a round may miss teams that the list promised."""
    rows = db.session.execute(
        select(team_table.c.role, team_table.c.status).where(team_table.c.edition_id == copy.id)
    ).all()
    if any(row.status == "stand_in" for row in rows):
        return
    roles: list[str | None] = [None] * 4
    playing = Counter(row.role for row in rows if row.status == "registered")
    if copy.role_policy == "fixed" and None not in playing:
        most = max(playing.values(), default=0)
        roles = [role.value for role in ROLES for _seat in range(most - playing[role.value] + 1)]
    db.session.execute(
        insert(Team),
        [
            {
                "edition_id": copy.id,
                "name": f"Stand-in {number}",
                "role": role,
                "status": "stand_in",
                "created_at": now,
                "position": 10_000 + number,
            }
            for number, role in enumerate(roles, start=1)
        ],
    )

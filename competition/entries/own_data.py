"""What entries hold about one person in every capacity, and what they cut when the person is erased."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, or_, select

from accounts.public import eraser, own_data_provider
from competition.editions.public import edition_table
from competition.entries.models import Delegate, Judge, JudgeConflict, Team
from competition.entries.queries import conflicts_of_judge
from competition.entries.registering.models import Answer
from competition.entries.registering.questions import answered
from competition.entries.services.judge_profile import days_off_of
from core.access import CapacityKind
from core.audit import AuditEntry
from core.db import db
from core.links import PrivateLink

MOST_DEEDS = 5000


@own_data_provider("competition")
def entries_data(person_id: int) -> dict[str, Any]:
    """Places as delegate, judge and coach, with answers and conflicts, and what the person did (verbs and moments)."""
    names = dict(db.session.execute(select(edition_table.c.id, edition_table.c.name)).all())
    delegates = db.session.scalars(
        select(Delegate).where(Delegate.person_id == person_id).order_by(Delegate.id)
    )
    judges = db.session.scalars(select(Judge).where(Judge.person_id == person_id).order_by(Judge.id))
    coached = db.session.scalars(select(Team).where(Team.coach_person_id == person_id).order_by(Team.id))
    deeds = db.session.execute(
        select(AuditEntry.at, AuditEntry.verb, AuditEntry.thing)
        .where(AuditEntry.person_id == person_id)
        .order_by(AuditEntry.id.desc())
        .limit(MOST_DEEDS)
    ).mappings()
    return {
        "as_delegate": [_delegate(row, names) for row in delegates],
        "as_judge": [_judge(row, names) for row in judges],
        "as_coach": [
            {
                "edition": names[row.edition_id],
                "team": row.name,
                "name": row.coach,
                "contact": row.coach_contact,
            }
            for row in coached
        ],
        "deeds": [dict(row) for row in deeds],
    }


def _delegate(row: Delegate, names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "edition": names[row.edition_id],
        "team": db.session.get_one(Team, row.team_id).name,
        "code": row.code,
        "name": row.name,
        "name_local": row.name_local,
        "contact": row.contact,
        "is_captain": row.is_captain,
        "confirmed_at": row.confirmed_at,
        "notice_version": row.notice_version,
        "age_confirmed": row.age_confirmed,
        "answers": {one.label: one.text for one in answered(row) if one.text},
    }


def _judge(row: Judge, names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "edition": names[row.edition_id],
        "code": row.code,
        "name": row.name,
        "name_local": row.name_local,
        "contact": row.contact,
        "rating": row.rating,
        "languages": row.languages,
        "expertise": row.expertise,
        "site": row.site,
        "days_off": sorted(days_off_of(row.id)),
        "conflicts": [name for _conflict, name in conflicts_of_judge(row.id)],
        "accepted_at": row.accepted_at,
    }


@eraser
def erase_entries(person_id: int, address: str) -> None:
    """Delegates become "Participant #n" (n counts within their edition), judges "Judge #n"; a coach's name goes."""
    for delegate in db.session.scalars(select(Delegate).where(Delegate.person_id == person_id)).all():
        _erase_delegate(delegate)
    for judge in db.session.scalars(select(Judge).where(Judge.person_id == person_id)).all():
        _erase_judge(judge)
    same = [Team.coach_person_id == person_id]
    if address:
        same.append(Team.coach_contact == address)
    for team in db.session.scalars(select(Team).where(or_(*same))).all():
        team.coach, team.coach_contact, team.coach_person_id = "", "", None
        _forget_links(CapacityKind.COACH, team.id, team.edition_id)
    db.session.flush()


def _erase_delegate(row: Delegate) -> None:
    row.name, row.name_local = f"Participant #{row.position + 1}", ""
    row.contact, row.person_id = "", None
    row.version += 1
    _forget(delete(Answer).where(Answer.delegate_id == row.id))
    _forget_links(CapacityKind.DELEGATE, row.id, row.edition_id)
    if row.is_captain:
        _forget_links(CapacityKind.CAPTAIN, row.team_id, row.edition_id)


def _erase_judge(row: Judge) -> None:
    row.name, row.name_local = f"Judge #{row.position + 1}", ""
    row.contact = row.languages = row.expertise = row.site = ""
    row.person_id = row.rating = None
    row.version += 1
    _forget(delete(JudgeConflict).where(JudgeConflict.judge_id == row.id))
    _forget_links(CapacityKind.JUDGE, row.id, row.edition_id)


def _forget_links(purpose: CapacityKind, subject_id: int, edition_id: int) -> None:
    """A link holds the address that it was bound to."""
    _forget(
        delete(PrivateLink).where(
            PrivateLink.purpose == purpose.value,
            PrivateLink.subject_id == subject_id,
            PrivateLink.edition_id == edition_id,
        )
    )


def _forget(query: Any) -> None:
    db.session.execute(query, execution_options={"synchronize_session": "fetch"})

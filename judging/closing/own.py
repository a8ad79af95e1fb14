"""What the closing holds for one person: their published awards, their certificates, and their own data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from accounts.public import own_data_provider
from competition.entries.public import delegate_table, judge_table, team_table
from core.db import db
from judging.closing.certificates import certificates_for
from judging.closing.models import AwardLine, Certificate, Dispute, Nomination
from judging.closing.public_pages import are_awards_public
from judging.models import Award


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAward:
    """An award as its winner reads it: its name in both languages, and whether it is the whole team's."""

    award: str
    award_zh: str
    is_of_team: bool


def own_awards(edition_id: int, *, team_id: int | None, delegate_id: int | None) -> list[OwnAward]:
    """The awards of a delegate and their team, once they are published (imported ones: once standings are)."""
    if not are_awards_public(edition_id) or (team_id is None and delegate_id is None):
        return []
    name, words = _words(team_id, delegate_id)
    rows = db.session.scalars(
        select(Award).where(Award.edition_id == edition_id).order_by(Award.position, Award.id)
    )
    return [
        OwnAward(award=row.award, award_zh=row.award_zh, is_of_team=_is_of_team(row, team_id, name))
        for row in rows
        if _is_own(row, team_id, delegate_id, name, words)
    ]


def _words(team_id: int | None, delegate_id: int | None) -> tuple[str, set[str]]:
    """The team's name, and the names a delegate may be written under in an imported award."""
    team = db.session.scalar(select(team_table.c.name).where(team_table.c.id == team_id)) or ""
    person = db.session.execute(
        select(delegate_table.c.code, delegate_table.c.name).where(delegate_table.c.id == delegate_id)
    ).one_or_none()
    return team, {word for word in (person or ()) if word}


def _is_of_team(row: Award, team_id: int | None, name: str) -> bool:
    if row.team_id is not None:
        return row.team_id == team_id and row.delegate_id is None and row.winner == name
    return row.delegate_id is None and bool(name) and row.winner == name


def _is_own(row: Award, team_id: int | None, delegate_id: int | None, name: str, words: set[str]) -> bool:
    if row.delegate_id is not None:
        return row.delegate_id == delegate_id
    return _is_of_team(row, team_id, name) or (row.team_id is None and row.winner in words)


def own_certificate_count(
    edition_id: int, *, delegate_id: int | None, judge_id: int | None, coached_teams: Iterable[int]
) -> int:
    """How many certificates somebody can download."""
    return len(
        certificates_for(edition_id, delegate_id=delegate_id, judge_id=judge_id, coached_teams=coached_teams)
    )


@own_data_provider("closing")
def closing_data(person_id: int) -> dict[str, Any]:
    """Certificates, nominations received (never by whom), and what the person filed."""
    delegates = list(
        db.session.scalars(select(delegate_table.c.id).where(delegate_table.c.person_id == person_id))
    )
    judges = list(db.session.scalars(select(judge_table.c.id).where(judge_table.c.person_id == person_id)))
    certificates = db.session.scalars(
        select(Certificate)
        .where(Certificate.delegate_id.in_(delegates) | Certificate.judge_id.in_(judges))
        .order_by(Certificate.id)
    )
    nominations = db.session.scalars(
        select(AwardLine.name)
        .join(Nomination, Nomination.award_line_id == AwardLine.id)
        .where(Nomination.delegate_id.in_(delegates))
        .order_by(Nomination.id)
    )
    filed = db.session.scalars(select(Dispute).where(Dispute.filed_by == person_id).order_by(Dispute.id))
    return {
        "certificates": [
            {
                "code": row.code,
                "kind": row.kind,
                "name": row.name,
                "award": row.award,
                "issued_at": row.issued_at,
                "revoked_at": row.revoked_at,
            }
            for row in certificates
        ],
        "nominations_received": list(nominations),
        "filed": [
            {
                "kind": row.kind,
                "words": row.words,
                "filed_at": row.filed_at,
                "state": row.state,
                "decision": row.decision,
            }
            for row in filed
        ],
    }

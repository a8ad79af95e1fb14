"""Who is due which certificate, reading those that were issued, and their codes."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from accounts.public import get_people
from competition.editions.public import Edition
from competition.entries.public import delegate_table, institution_table, judge_table, team_table
from competition.rounds.public import (
    draw,
    lineups,
    negotiation_table,
    panel_judge,
    round_,
    seated_results,
    table_result,
)
from core.db import db
from core.errors import NotFound
from core.localised import N_
from judging.closing.awards import awards_of, state_of
from judging.closing.models import Certificate
from judging.models import Award

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: no letter that is read as a digit."""
LENGTH = 16
ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What a certificate is to say, and for whom; two of the same words for the same person are one."""

    kind: str
    name: str
    name_local: str = ""
    team: str = ""
    institution: str = ""
    role: str = ""
    award: str = ""
    award_zh: str = ""
    delegate_id: int | None = None
    judge_id: int | None = None
    team_id: int | None = None

    @property
    def key(self) -> tuple[Any, ...]:
        """For whom and what it is, whatever the words."""
        who = (self.delegate_id, self.judge_id, self.team_id)
        is_named = self.delegate_id is None and self.judge_id is None
        return self.kind, who, self.award, self.name if is_named else ""


def new_code() -> str:
    """A code that nobody guesses: 80 random bits."""
    return "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))


def plain_code(text: str) -> str:
    """A code as it is stored, however somebody typed it: without dashes and blanks, look-alikes made one."""
    letters = "".join(each for each in text.upper() if each.isascii() and each.isalnum())
    return letters.translate(ALIKE)


def spoken_code(code: str) -> str:
    """A code as it is printed: in groups of four."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def find_by_code(text: str) -> Certificate | None:
    """The certificate with this code, also one that was revoked."""
    code = plain_code(text)
    if len(code) != LENGTH:
        return None
    return db.session.scalar(select(Certificate).where(Certificate.code == code))


def certificates_of(edition_id: int) -> Sequence[Certificate]:
    """The certificates in force, awards first, then by team and name."""
    order = ("award", "participation", "coach", "judge")
    rows = db.session.scalars(
        select(Certificate).where(Certificate.edition_id == edition_id, Certificate.revoked_at.is_(None))
    )
    return sorted(rows, key=lambda row: (order.index(row.kind), row.team, row.name, row.id))


def issued_certificates(edition_id: int) -> int:
    """How many certificates are in force."""
    query = select(func.count(Certificate.id)).where(
        Certificate.edition_id == edition_id, Certificate.revoked_at.is_(None)
    )
    return db.session.scalar(query) or 0


def get_certificate(edition_id: int, public_id: str) -> Certificate:
    """A certificate in force of this edition; raises NotFound for any other."""
    row = db.session.scalar(
        select(Certificate).where(
            Certificate.edition_id == edition_id,
            Certificate.public_id == public_id,
            Certificate.revoked_at.is_(None),
        )
    )
    if row is None:
        raise NotFound(N_("There is no such certificate in this edition."))
    return row


def certificates_for(
    edition_id: int, *, delegate_id: int | None, judge_id: int | None, coached_teams: Iterable[int] = ()
) -> list[Certificate]:
    """Somebody's own certificates: as the delegate, the judge, or the coach of these teams."""
    teams = set(coached_teams)
    return [
        row
        for row in certificates_of(edition_id)
        if (delegate_id is not None and row.delegate_id == delegate_id)
        or (judge_id is not None and row.judge_id == judge_id)
        or (row.delegate_id is None and row.judge_id is None and row.team_id in teams)
    ]


def due_certificates(edition: Edition) -> list[Due]:
    """Everybody who took part, judged, coached, or won a published award."""
    teams, people = _teams(edition.id), _delegates(edition.id)
    there = _who_took_part(edition.id, people)
    by_team: dict[int, list[Any]] = defaultdict(list)
    for person in people:
        if person.id in there:
            by_team[person.team_id].append(person)
    found = [_delegate_due("participation", person, teams) for team in by_team.values() for person in team]
    found += [_coach_due(teams[team]) for team in by_team if _coach_name(teams[team])[0]]
    found += [_judge_due(row) for row in _judges_who_sat(edition.id)]
    if state_of(edition.id) in ("open", "published"):
        for award in awards_of(edition.id):
            found += _award_dues(award, teams, people, by_team)
    return list({due.key: due for due in found}.values())


def _award_dues(
    award: Award, teams: dict[int, Any], people: Sequence[Any], by_team: dict[int, list[Any]]
) -> list[Due]:
    """A delegate's award is theirs, a team's that of everybody in it who took part; others name their winner."""
    own = {"award": award.award, "award_zh": award.award_zh}
    if award.delegate_id is not None:
        return [_delegate_due("award", one, teams, **own) for one in people if one.id == award.delegate_id]
    if award.kind.startswith("coach") and award.team_id in teams:
        return [_coach_due(teams[award.team_id], kind="award", **own)]
    team_id = award.team_id or _named(teams.values(), award.winner)
    if team_id in teams:
        return [_delegate_due("award", one, teams, **own) for one in by_team.get(team_id, [])]
    person = next((one for one in people if award.winner == one.code), None)
    return [_delegate_due("award", person, teams, **own)] if person is not None else []


def _named(teams: Iterable[Any], name: str) -> int:
    """The team of that name (an imported award has the words alone)."""
    return next((team.id for team in teams if team.name == name), 0)


def _delegate_due(kind: str, person: Any, teams: dict[int, Any], **award: Any) -> Due:
    team = teams[person.team_id]
    return Due(
        kind=kind,
        name=person.name or person.name_local or person.code,
        name_local=person.name_local if person.name else "",
        team=team.name,
        institution=team.institution,
        role=team.role,
        delegate_id=person.id,
        team_id=team.id,
        **award,
    )


def _coach_name(team: Any) -> tuple[str, str]:
    card = get_people([team.coach_person_id]).get(team.coach_person_id) if team.coach_person_id else None
    if card is not None and (card.name or card.name_local):
        return card.name or card.name_local, card.name_local if card.name else ""
    return team.coach, ""


def _coach_due(team: Any, kind: str = "coach", **award: Any) -> Due:
    name, name_local = _coach_name(team)
    return Due(
        kind=kind,
        name=name,
        name_local=name_local,
        team=team.name,
        institution=team.institution,
        team_id=team.id,
        **award,
    )


def _judge_due(row: Any) -> Due:
    return Due(
        kind="judge",
        name=row.name or row.name_local or row.code,
        name_local=row.name_local if row.name else "",
        institution=row.institution,
        judge_id=row.id,
    )


def _who_took_part(edition_id: int, people: Sequence[Any]) -> set[int]:
    """The delegates who sat in at least one round that their team played."""
    rounds: dict[int, set[int]] = defaultdict(set)
    for result in seated_results(edition_id, stage=None):
        if result.rank is not None:
            rounds[result.team_id].add(result.round)
    out: dict[int, set[int]] = defaultdict(set)
    for line in lineups(edition_id):
        if not line.took_part:
            out[line.delegate_id].add(line.round)
    return {person.id for person in people if rounds[person.team_id] - out[person.id]}


def _judges_who_sat(edition_id: int) -> Sequence[Any]:
    """The judges on the panel of a table with a result."""
    home = func.coalesce(func.nullif(institution_table.c.name, ""), institution_table.c.code, "")
    sat = (
        select(panel_judge.c.judge_id)
        .join(negotiation_table, negotiation_table.c.id == panel_judge.c.table_id)
        .join(table_result, (table_result.c.table_id == negotiation_table.c.id) & table_result.c.is_live)
        .join(draw, draw.c.id == negotiation_table.c.draw_id)
        .join(round_, round_.c.id == draw.c.round_id)
        .where(round_.c.edition_id == edition_id)
    )
    return db.session.execute(
        select(
            judge_table.c.id,
            judge_table.c.code,
            judge_table.c.name,
            judge_table.c.name_local,
            home.label("institution"),
        )
        .outerjoin(institution_table, institution_table.c.id == judge_table.c.institution_id)
        .where(judge_table.c.edition_id == edition_id, judge_table.c.id.in_(sat))
        .order_by(judge_table.c.position, judge_table.c.id)
    ).all()


def _teams(edition_id: int) -> dict[int, Any]:
    home = func.coalesce(func.nullif(institution_table.c.name, ""), institution_table.c.code, "")
    rows = db.session.execute(
        select(
            team_table.c.id,
            team_table.c.name,
            home.label("institution"),
            func.coalesce(team_table.c.role, "").label("role"),
            team_table.c.coach,
            team_table.c.coach_person_id,
        )
        .outerjoin(institution_table, institution_table.c.id == team_table.c.institution_id)
        .where(team_table.c.edition_id == edition_id, team_table.c.status.in_(("registered", "withdrawn")))
        .order_by(team_table.c.position, team_table.c.id)
    )
    return {row.id: row for row in rows}


def _delegates(edition_id: int) -> Sequence[Any]:
    return db.session.execute(
        select(
            delegate_table.c.id,
            delegate_table.c.code,
            delegate_table.c.name,
            delegate_table.c.name_local,
            delegate_table.c.team_id,
        )
        .join(team_table, team_table.c.id == delegate_table.c.team_id)
        .where(
            delegate_table.c.edition_id == edition_id, team_table.c.status.in_(("registered", "withdrawn"))
        )
        .order_by(delegate_table.c.position, delegate_table.c.id)
    ).all()

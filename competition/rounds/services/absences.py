"""Who is not to be counted on in a round: teams that are not drawn, judges and rooms that are not filled in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from competition.editions.public import rooms_of
from competition.rounds.field import judges_of, teams_of
from competition.rounds.models import Absence, Round
from competition.rounds.queries import get_round
from competition.rounds.services.claim import finish
from core.access import Actor
from core.db import db, utc_now
from core.errors import NotFound
from core.localised import N_

Kind = Literal["team", "judge", "room"]
COLUMNS = {"team": Absence.team_id, "judge": Absence.judge_id, "room": Absence.room_id}


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceFacts:
    """Somebody or something that is not there in a round."""

    kind: Kind
    subject_id: int
    reason: str


def absences_of(round_id: int) -> list[AbsenceFacts]:
    """Everybody and every room that is not to be counted on in a round, in the order it was noted."""
    rows = db.session.scalars(select(Absence).where(Absence.round_id == round_id).order_by(Absence.id))
    return [_facts(row) for row in rows]


def _facts(row: Absence) -> AbsenceFacts:
    kind, subject = next(
        (kind, value) for kind, column in COLUMNS.items() if (value := getattr(row, column.key)) is not None
    )
    return AbsenceFacts(kind=kind, subject_id=subject, reason=row.reason)  # type: ignore[arg-type]


def set_absence(
    *, actor: Actor, round_id: int, kind: Kind, public_id: str, is_absent: bool, reason: str = ""
) -> str:
    """Say that a team, judge or room is not there in a round, or that it is after all; returns its name.

    The draw itself does not change: the next one leaves them out, and the round's page names the tables they
    are still at. Saying it twice changes nothing. Raises NotFound for anything of another edition.
    """
    row = get_round(round_id)
    subject_id, name = _subject(row, kind, public_id)
    where = (Absence.round_id == row.id, COLUMNS[kind] == subject_id)
    has_row = db.session.scalar(select(Absence.id).where(*where)) is not None
    if has_row == is_absent:
        return name
    if is_absent:
        _add(row, COLUMNS[kind].key, subject_id, reason.strip())
    else:
        db.session.execute(delete(Absence).where(*where))
    finish(actor, f"absence.{'noted' if is_absent else 'taken_back'}", row, **{f"{kind}_id": subject_id})
    return name


def _add(row: Round, column: str, subject_id: int, reason: str) -> None:
    """The row; of two organisers who say it at once, the second finds it said."""
    absence = Absence(round_id=row.id, reason=reason, noted_at=utc_now())
    setattr(absence, column, subject_id)
    try:
        with db.session.begin_nested():
            db.session.add(absence)
    except IntegrityError:
        db.session.expire_all()


def _subject(row: Round, kind: Kind, public_id: str) -> tuple[int, str]:
    """The key and the name of the one meant."""
    things = {"team": teams_of, "judge": judges_of, "room": rooms_of}[kind](row.edition_id)
    found = next((thing for thing in things if thing.public_id == public_id), None)  # type: ignore[attr-defined]
    if found is None:
        raise NotFound(N_("There is no such team, judge or room in this edition."))
    return found.id, found.name

"""What is deleted six months after an edition: applications that never became teams, and sensitive answers."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select

from competition.editions.public import Edition
from competition.entries.models import Delegate, Team
from competition.entries.registering.models import Answer, LateGrant, Question
from competition.entries.registering.rules import ANSWERABLE
from core.access import SYSTEM, CapacityKind
from core.audit import edition_scope, record
from core.db import db, unit_of_work
from core.links import PrivateLink
from core.revisions import bump
from core.uses import find_use
from core.worker import purge_step

MONTHS_KEPT = 6
IN_A_YEAR = 12


def is_over_for_long(edition: Edition, now: datetime) -> bool:
    """Whether six months have passed since the last day (or the first, where no last is known), at its place.

    An edition without dates keeps everything: nobody can say when it was. So does the demo, whose people are
    invented and whose days stay where they are.
    """
    if edition.is_demo:
        return False
    last = edition.ends_on or edition.starts_on
    return last is not None and _six_months_after(last) <= now.astimezone(ZoneInfo(edition.timezone)).date()


def _six_months_after(day: date) -> date:
    """The same day six months on; the 1st of the month after where that month has no such day."""
    months = day.month - 1 + MONTHS_KEPT
    year, month = day.year + months // IN_A_YEAR, months % IN_A_YEAR + 1
    try:
        return date(year, month, day.day)
    except ValueError:
        return date(year + month // IN_A_YEAR, month % IN_A_YEAR + 1, 1)


@purge_step
def purge_registrations(now: datetime) -> None:
    """Delete what is due, each edition in a transaction of its own; a second run finds nothing."""
    for key in db.session.scalars(select(Edition.id).order_by(Edition.id)).all():
        with unit_of_work():
            edition = db.session.get(Edition, key)
            if edition is not None and is_over_for_long(edition, now):
                _purge(edition)


def _purge(edition: Edition) -> None:
    teams = [
        team
        for team in db.session.scalars(
            select(Team).where(Team.edition_id == edition.id, Team.status.in_(ANSWERABLE))
        ).all()
        if find_use(team, {}) is None
    ]
    sensitive = select(Question.id).where(Question.edition_id == edition.id, Question.is_sensitive)
    answers = db.session.scalar(select(func.count(Answer.id)).where(Answer.question_id.in_(sensitive))) or 0
    if not teams and not answers:
        return
    for team in teams:
        _end_links(edition, team)
        db.session.delete(team)
    db.session.flush()
    for model, condition in (
        (Answer, Answer.question_id.in_(sensitive)),
        (LateGrant, LateGrant.edition_id == edition.id),
    ):
        db.session.execute(delete(model).where(condition), execution_options={"synchronize_session": "fetch"})
    scope = edition_scope(edition.id)
    details = {"applications": len(teams), "sensitive_answers": answers}
    record(SYSTEM, "purge", "registrations", edition.id, scope=scope, details=details)
    bump(scope)


def _end_links(edition: Edition, team: Team) -> None:
    """Links hold an address and must not outlive their subject."""
    delegates = select(Delegate.id).where(Delegate.team_id == team.id)
    for purpose, subjects in (
        (CapacityKind.CAPTAIN, [team.id]),
        (CapacityKind.COACH, [team.id]),
        (CapacityKind.DELEGATE, list(db.session.scalars(delegates))),
    ):
        query = delete(PrivateLink).where(
            PrivateLink.edition_id == edition.id,
            PrivateLink.purpose == purpose.value,
            PrivateLink.subject_id.in_(subjects),
        )
        db.session.execute(query, execution_options={"synchronize_session": "fetch"})

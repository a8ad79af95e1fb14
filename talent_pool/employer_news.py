"""What is new for an employer: deletions to confirm, people who said yes, opportunities that close soon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from core.db import db
from talent_pool.consent import is_visible_to
from talent_pool.employer_models import Opportunity
from talent_pool.models import ContactRequest, Employer, PoolProfile
from talent_pool.queries import count_open_deletions

ANSWERS_ARE_NEW = timedelta(days=14)
CLOSES_SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmployerNews:
    """What a member should know first; `closing` holds titles and last days, the soonest first."""

    deletions: int
    answers: int
    closing: Sequence[tuple[str, date]]


def news_of(employer: Employer, now: datetime) -> EmployerNews:
    """Everything new for one employer; of people it cannot see any more nothing is told."""
    return EmployerNews(
        deletions=count_open_deletions(employer),
        answers=_count_answers(employer, now),
        closing=_closing(employer, now),
    )


def _count_answers(employer: Employer, now: datetime) -> int:
    query = (
        select(func.count(ContactRequest.id))
        .join(PoolProfile, PoolProfile.id == ContactRequest.profile_id)
        .where(
            ContactRequest.employer_id == employer.id,
            ContactRequest.state == "accepted",
            ContactRequest.is_preapproved.is_(False),
            ContactRequest.answered_at > now - ANSWERS_ARE_NEW,
            is_visible_to(employer, now=now),
        )
    )
    return db.session.scalar(query) or 0


def _closing(employer: Employer, now: datetime) -> list[tuple[str, date]]:
    query = select(Opportunity.title, Opportunity.closes_on).where(
        Opportunity.employer_id == employer.id,
        Opportunity.closed_at.is_(None),
        Opportunity.closes_on.between(now.date(), (now + CLOSES_SOON).date()),
    )
    rows = db.session.execute(query.order_by(Opportunity.closes_on, Opportunity.id))
    return [(title, closes_on) for title, closes_on in rows]

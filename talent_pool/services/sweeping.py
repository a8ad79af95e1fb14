"""What time does to the pool, written down and told: reminders, requests that expire, consents that end by themselves.

Nothing depends on it: whoever reads compares times. It runs with the worker's hourly purge.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update

from core.access import SYSTEM
from core.db import db, unit_of_work
from core.worker import purge_step
from talent_pool.consent import HOLDS_FOR
from talent_pool.mails import (
    post_consent_ended,
    post_consent_ends,
    post_invitation,
    post_reminder,
)
from talent_pool.models import ContactRequest, Employer, PoolConsent, PoolProfile
from talent_pool.person_models import PoolInvitation
from talent_pool.services.membership import end_consent

REMIND_AFTER = (timedelta(days=2), timedelta(days=7))
REMIND_BEFORE_END = timedelta(days=30)
REMIND_INVITED_AFTER = timedelta(days=14)
AT_ONCE = 500


@purge_step
def sweep_pool(now: datetime) -> None:
    """Everything that is due, each kind in a transaction of its own."""
    for step in (expire_requests, remind_of_requests, remind_of_consents, end_consents, remind_invited):
        with unit_of_work():
            step(now)


def expire_requests(now: datetime) -> int:
    """Write down which requests nobody answered in time."""
    late = (ContactRequest.state == "asked") & (ContactRequest.expires_at <= now)
    rows = update(ContactRequest).where(late).values(state="expired", ended_at=ContactRequest.expires_at)
    found = db.session.execute(rows.execution_options(synchronize_session=False))
    return int(found.rowcount)  # type: ignore[attr-defined]


def remind_of_requests(now: datetime) -> int:
    """Remind people of requests after two and after seven days, once each."""
    sent = 0
    for number, age in reversed(list(enumerate(REMIND_AFTER, start=1))):
        query = (
            select(ContactRequest, PoolProfile, Employer)
            .join(PoolProfile, PoolProfile.id == ContactRequest.profile_id)
            .join(Employer, Employer.id == ContactRequest.employer_id)
            .where(
                ContactRequest.state == "asked",
                ContactRequest.expires_at > now,
                ContactRequest.created_at <= now - age,
                ContactRequest.reminders < number,
            )
            .order_by(ContactRequest.id)
            .limit(AT_ONCE)
            .with_for_update(of=ContactRequest, skip_locked=True)
        )
        for request, profile, employer in db.session.execute(query).all():
            request.reminders = number
            post_reminder(employer, profile.person_id, request.expires_at.date())
            sent += 1
        db.session.flush()
    return sent


def remind_of_consents(now: datetime) -> int:
    """Ask those whose yes ends within a month whether they still want to be there, once."""
    query = (
        select(PoolConsent)
        .where(
            PoolConsent.withdrawn_at.is_(None),
            PoolConsent.reminded_at.is_(None),
            PoolConsent.confirmed_at <= now - (HOLDS_FOR - REMIND_BEFORE_END),
            PoolConsent.confirmed_at > now - HOLDS_FOR,
        )
        .order_by(PoolConsent.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    rows = db.session.scalars(query).all()
    for consent in rows:
        consent.reminded_at = now
        post_consent_ends(consent.person_id, (consent.confirmed_at + HOLDS_FOR).date())
    return len(rows)


def end_consents(now: datetime) -> int:
    """Take out those whose yes is two years old."""
    query = (
        select(PoolConsent)
        .where(PoolConsent.withdrawn_at.is_(None), PoolConsent.confirmed_at <= now - HOLDS_FOR)
        .order_by(PoolConsent.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    rows = db.session.scalars(query).all()
    for consent in rows:
        end_consent(actor=SYSTEM, consent=consent, act="ended", now=now)
        post_consent_ended(consent.person_id)
    return len(rows)


def remind_invited(now: datetime) -> int:
    """Remind those who were invited, neither joined nor said no, once."""
    has_joined = select(PoolConsent.person_id)
    query = (
        select(PoolInvitation)
        .where(
            PoolInvitation.invited_at <= now - REMIND_INVITED_AFTER,
            PoolInvitation.reminded_at.is_(None),
            PoolInvitation.declined_at.is_(None),
            PoolInvitation.person_id.not_in(has_joined),
        )
        .order_by(PoolInvitation.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    rows = db.session.scalars(query).all()
    for invitation in rows:
        invitation.reminded_at = now
        post_invitation(invitation.person_id, is_reminder=True)
    return len(rows)

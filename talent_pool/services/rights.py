"""Rights of people over their data: what they ask of the operator, with a deadline, and erasing everything at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update

from core.access import Actor, Permission
from core.audit import AuditEntry, record
from core.db import db, utc_now
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.forms import lines
from core.localised import N_
from talent_pool.consent import acting_person
from talent_pool.mails import post_rights_answer
from talent_pool.models import PUBLIC_ID, PoolConsent
from talent_pool.person_models import (
    RIGHTS,
    DeletionNotice,
    PoolConsentRecord,
    PoolEvent,
    PoolInvitation,
    RightsRequest,
)
from talent_pool.services.membership import leave_pool
from talent_pool.services.records import add_record

ANSWER_WITHIN = timedelta(days=30)
LONGEST = 2000
THINGS = (
    "pool_person", "pool_consent", "pool_profile", "pool_cv", "pool_invitation", "pool_rights_request",
    "contact_request",
)  # fmt: skip
"""What entries of the record are about that erasure cuts from the person."""
MOST_OPEN = 10


def ask_right(*, actor: Actor, kind: str, words: str, now: datetime | None = None) -> RightsRequest:
    """Ask the operator for something about one's data; it has a month to answer. Raises Invalid, Conflict."""
    person_id, moment, text = acting_person(actor), now or utc_now(), lines(words)
    if kind not in RIGHTS:
        raise Invalid(N_("Choose what you ask for."))
    if not text or len(text) > LONGEST:
        raise Invalid(N_("Use at most %(max)d characters."), max=LONGEST)
    if sum(one.done_at is None for one in rights_of(person_id)) >= MOST_OPEN:
        raise Conflict(N_("You have asked several things already. Wait for an answer first."))
    row = RightsRequest(
        person_id=person_id, kind=kind, words=text, asked_at=moment, due_at=moment + ANSWER_WITHIN
    )
    db.session.add(row)
    db.session.flush()
    record(actor, "ask", "pool_rights_request", row.id, details={"kind": kind})
    return row


def note_right(*, person_id: int | None, kind: str, now: datetime) -> None:
    """Note a right that somebody exercised themselves, done in the same moment."""
    db.session.add(RightsRequest(person_id=person_id, kind=kind, asked_at=now, due_at=now, done_at=now))
    db.session.flush()


def answer_right(*, actor: Actor, public_id: str, answer: str, now: datetime | None = None) -> None:
    """Answer a request once. Raises Forbidden for all but the operator, NotFound, Invalid, Conflict."""
    if not actor.may(Permission.OPERATE):
        raise Forbidden
    query = select(RightsRequest).where(RightsRequest.public_id == public_id).with_for_update()
    row = db.session.scalar(query) if PUBLIC_ID.fullmatch(public_id) else None
    if row is None:
        raise NotFound
    if row.done_at is not None:
        raise Conflict(N_("This was answered in the meantime. Nothing was changed."))
    text = lines(answer)
    if not text or len(text) > LONGEST:
        raise Invalid(N_("Use at most %(max)d characters."), max=LONGEST)
    row.answer, row.done_at = text, now or utc_now()
    db.session.flush()
    record(actor, "answer", "pool_rights_request", row.id)
    if row.person_id is not None:
        post_rights_answer(row.person_id)


def rights_of(person_id: int) -> Sequence[RightsRequest]:
    """What a person asked, newest first."""
    query = select(RightsRequest).where(RightsRequest.person_id == person_id)
    return db.session.scalars(query.order_by(RightsRequest.id.desc())).all()


def erase(*, actor: Actor, now: datetime | None = None) -> None:
    """Leave, and cut every remaining row of the pool from the person: log, consents, records, requests, invitations.

    What stays says what was done and not to whom; a receipt still proves the record it belongs to.
    """
    person_id, moment = acting_person(actor), now or utc_now()
    leave_pool(actor=actor, now=moment)
    consents = db.session.scalars(
        select(PoolConsent).where(PoolConsent.person_id == person_id).order_by(PoolConsent.id)
    ).all()
    if consents:
        add_record("erased", actor=actor, consent=consents[-1], profile=None, now=moment)
    for model in (PoolConsentRecord, PoolEvent, DeletionNotice):
        _cut(model, model.person_id == person_id, person_id=None)
    _cut(RightsRequest, RightsRequest.person_id == person_id, person_id=None, words="", answer="")
    for row in (
        *consents,
        *db.session.scalars(select(PoolInvitation).where(PoolInvitation.person_id == person_id)),
    ):
        db.session.delete(row)
    note_right(person_id=None, kind="erasure", now=moment)
    record(actor, "erase", "pool_person", None)
    db.session.flush()
    _cut(AuditEntry, (AuditEntry.person_id == person_id) & AuditEntry.thing.in_(THINGS), person_id=None)


def _cut(model: type, condition: object, **values: object) -> None:
    rows = update(model).where(condition).values(**values)  # type: ignore[arg-type]
    db.session.execute(rows.execution_options(synchronize_session="fetch"))

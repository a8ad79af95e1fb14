"""Mailing: write a draft, try it on oneself, send it once, take up again what was cut off, try failed ones again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select

from accounts.public import confirmed_address, get_person
from competition.editions.public import Edition
from competition.messages.audiences import choices
from competition.messages.letters import MOST_BODY, checked_places, letter_for
from competition.messages.models import Mailing, MailingRecipient
from competition.messages.recipients import Recipient, addressed
from core import outbox
from core.access import Actor
from core.audit import edition_scope, record
from core.db import db, hold, utc_now
from core.errors import Conflict, Invalid, Stale
from core.jobs import enqueue, find_job
from core.localised import N_, in_language

SENDING = "send_mailing"
FIELDS = ("subject", "subject_zh", "body", "body_zh", "audience", "is_essential")
SAME_WITHIN = timedelta(hours=24)
MOST_AN_HOUR = 10
MOST_TESTS_AN_HOUR = 20
MOST_RECIPIENTS = 10_000
TEST = "mailing_test"


def write_mailing(*, actor: Actor, edition: Edition, values: Mapping[str, Any]) -> Mailing:
    """A new draft. Raises Invalid for an unknown placeholder or audience, and where it says nothing."""
    _check(edition, values)
    row = Mailing(edition_id=edition.id, created_at=utc_now(), **values)
    db.session.add(row)
    db.session.flush()
    _record(actor, "mailing.written", row)
    return row


def edit_mailing(
    *, actor: Actor, edition: Edition, row: Mailing, values: Mapping[str, Any], version: int
) -> None:
    """Change a draft. Raises Stale, and Conflict once it was sent."""
    hold(row)
    _refuse_sent(row)
    if row.version != version:
        raise Stale
    _check(edition, values)
    for name in FIELDS:
        setattr(row, name, values[name])
    row.version += 1
    db.session.flush()
    _record(actor, "mailing.edited", row)


def copy_mailing(*, actor: Actor, edition: Edition, row: Mailing) -> Mailing:
    """A new draft with the same words: what was sent is never changed."""
    return write_mailing(actor=actor, edition=edition, values={name: getattr(row, name) for name in FIELDS})


def delete_mailing(*, actor: Actor, row: Mailing) -> None:
    """Delete a draft. Raises Conflict once it was sent."""
    hold(row)
    _refuse_sent(row)
    _record(actor, "mailing.deleted", row)
    db.session.delete(row)
    db.session.flush()


def send_test(*, actor: Actor, edition: Edition, row: Mailing, now: datetime) -> str:
    """Mail it to oneself, as its first reader would get it; returns the address. Raises Conflict without one."""
    address = confirmed_address(actor.person_id) if actor.person_id is not None else None
    if address is None or actor.person_id is None:
        raise Conflict(N_("You have no confirmed address to send a test to. Sign in with an account."))
    scope = edition_scope(edition.id)
    if _tests_since(scope, now - timedelta(hours=1)) >= MOST_TESTS_AN_HOUR:
        raise Conflict(N_("Enough tests for this hour. Look at the preview, or wait a while."))
    first = next(iter(addressed(edition, row.audience, is_essential=True).recipients), None)
    me = get_person(actor.person_id)
    letter = letter_for(row, me.locale, first.values if first is not None else {})
    outbox.post(
        to=address,
        subject=f"[test] {letter.subject}",
        body=letter.body,
        kind=TEST,
        scope=scope,
        locale=letter.locale,
    )
    _record(actor, "mailing.tested", row)
    return address


def send_mailing(
    *,
    actor: Actor,
    edition: Edition,
    row: Mailing,
    version: int,
    count: int,
    is_repeat_agreed: bool,
    now: datetime,
) -> None:
    """Send it once to the addresses that its audience has now; a job writes the mails.

    Raises Stale when text or count of addresses differ from what was shown; Conflict when it was sent, when the same
    words went out within a day (unless that is agreed), and when too much was sent this hour.
    """
    hold(row)
    _refuse_sent(row)
    _refuse_silent(edition)
    if row.version != version:
        raise Stale
    found = addressed(edition, row.audience, is_essential=row.is_essential)
    _refuse_count(found.count, shown=count)
    if not is_repeat_agreed:
        _refuse_repeat(row, now)
    _refuse_flood(edition, now)
    db.session.execute(insert(MailingRecipient), [_waiting(row, one) for one in found.recipients])
    row.sent_at, row.sent_by, row.recipients = now, actor.person_id, found.count
    row.version += 1
    _enqueue(actor, row)
    _record(actor, "mailing.sent", row, recipients=found.count)


def _refuse_count(count: int, *, shown: int) -> None:
    if count != shown:
        message = N_("It would go to %(now)d addresses now, not to %(shown)d. Look again, then send.")
        raise Stale(message, now=count, shown=shown)
    if not count:
        raise Conflict(N_("Nobody in this audience has an address."))
    if count > MOST_RECIPIENTS:
        raise Conflict(N_("A mail goes to at most %(most)d addresses."), most=MOST_RECIPIENTS)


def _waiting(row: Mailing, one: Recipient) -> dict[str, Any]:
    return {
        "mailing_id": row.id,
        "address": one.address,
        "is_private": one.is_private,
        "name": one.name,
        "locale": one.locale,
        "values": one.values,
        "outcome": "waiting",
    }


def go_on(*, actor: Actor, row: Mailing) -> None:
    """Take up a mailing whose job was cancelled or given up: those still waiting, and nobody twice. Raises Conflict."""
    hold(row)
    job = find_job(row.job) if row.job else None
    if row.sent_at is None or (job is not None and not job.is_finished):
        raise Conflict(N_("It is being sent already."))
    _enqueue(actor, row)
    _record(actor, "mailing.continued", row)


def retry_failed(*, actor: Actor, row: Mailing, also_unsure: bool) -> int:
    """Queue the failed mails again; those that may have arrived only if that is wished. Returns how many."""
    query = (
        select(outbox.OutboxMessage)
        .join(MailingRecipient, MailingRecipient.outbox_id == outbox.OutboxMessage.id)
        .where(
            MailingRecipient.mailing_id == row.id, outbox.OutboxMessage.state == outbox.MailState.FAILED.value
        )
        .with_for_update(of=outbox.OutboxMessage)
    )
    failed = [one for one in db.session.scalars(query) if also_unsure or one.error != outbox.UNSURE]
    for one in failed:
        outbox.retry(one)
    _record(actor, "mailing.retried", row, count=len(failed))
    return len(failed)


def _enqueue(actor: Actor, row: Mailing) -> None:
    job = enqueue(
        kind=SENDING,
        arguments={"mailing_id": row.id},
        scope=edition_scope(row.edition_id),
        person_id=actor.person_id,
    )
    row.job = job.public_id
    db.session.flush()


def _check(edition: Edition, values: Mapping[str, Any]) -> None:
    texts = [values[name] for name in ("subject", "subject_zh", "body", "body_zh")]
    if not (texts[0] and texts[2]) and not (texts[1] and texts[3]):
        raise Invalid(N_("Write a subject and a text in at least one of the two languages."))
    if any(len(text) > MOST_BODY for text in texts):
        raise Invalid(N_("This text is too long."))
    if any(outbox.SECRET.search(text) for text in texts):
        raise Invalid(
            N_("A message may not contain [[…]] with a word and a number in it. Write it differently.")
        )
    checked_places(*texts)
    if values["audience"] not in dict(choices(edition)):
        raise Invalid(N_("Choose for whom this is."))


def _refuse_sent(row: Mailing) -> None:
    if row.sent_at is not None:
        raise Conflict(N_("This mail was sent. Make a copy to write another one."))


def _refuse_silent(edition: Edition) -> None:
    if outbox.is_silent(edition_scope(edition.id)):
        raise Conflict(outbox.SILENT)


def _refuse_repeat(row: Mailing, now: datetime) -> None:
    """The same words twice within a day are more often a slip than a wish."""
    recent = db.session.scalars(
        select(Mailing).where(
            Mailing.edition_id == row.edition_id,
            Mailing.sent_at.is_not(None),
            Mailing.sent_at > now - SAME_WITHIN,
        )
    )
    words = ("subject", "subject_zh", "body", "body_zh")
    for other in recent:
        if all(getattr(other, name) == getattr(row, name) for name in words):
            raise Conflict(
                N_(
                    "The same words were sent to %(count)d addresses within the last day. "
                    "Tick that you mean it to send them again."
                ),
                count=other.recipients,
            )


def _refuse_flood(edition: Edition, now: datetime) -> None:
    sent = db.session.scalar(
        select(func.count(Mailing.id)).where(
            Mailing.edition_id == edition.id, Mailing.sent_at > now - timedelta(hours=1)
        )
    )
    if (sent or 0) >= MOST_AN_HOUR:
        raise Conflict(N_("%(most)d mails were sent within the last hour. Wait a while."), most=MOST_AN_HOUR)


def _tests_since(scope: str, moment: datetime) -> int:
    query = select(func.count(outbox.OutboxMessage.id)).where(
        outbox.OutboxMessage.scope == scope,
        outbox.OutboxMessage.kind == TEST,
        outbox.OutboxMessage.created_at > moment,
    )
    return db.session.scalar(query) or 0


def title_of(row: Mailing, locale: str) -> str:
    """The subject as lists show it."""
    return in_language(row.subject, row.subject_zh, locale)


def _record(actor: Actor, verb: str, row: Mailing, **details: object) -> None:
    scope = edition_scope(row.edition_id)
    record(actor, verb, "mailing", row.id, scope=scope, details={"audience": row.audience, **details})

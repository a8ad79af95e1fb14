"""The job that writes a mailing's mails into the outbox: batch by batch, each a commit, so that nobody gets two.

An address is marked in the same commit as its mail is queued; a killed worker's successor goes on with the rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select

from competition.editions.public import Edition, get_edition_by_id
from competition.messages.letters import farewell, letter_for, signed
from competition.messages.models import Mailing, MailingRecipient
from competition.messages.services.mailings import SENDING
from competition.messages.unsubscribing import choice_of, unsubscribe_headers, unsubscribe_place
from core import outbox
from core.audit import edition_scope
from core.db import db, unit_of_work, utc_now
from core.errors import Invalid
from core.jobs import JobRun, handler
from core.localised import N_, in_language
from core.worker import purge_step

BATCH = 50
KEEP = timedelta(days=30)
WRITING = N_("Handing the mails over")


@handler(SENDING)
def run_sending(run: JobRun) -> Mapping[str, Any] | None:
    """Queue every mail that is still waiting."""
    mailing_id = run.arguments["mailing_id"]
    total = _count(mailing_id)
    while True:
        done = total - _count(mailing_id, "waiting")
        run.progress(done, total, WRITING)
        with unit_of_work():
            if not _post_batch(mailing_id):
                run.conclude({"posted": total})
                return None


def _count(mailing_id: int, outcome: str | None = None) -> int:
    query = select(func.count(MailingRecipient.id)).where(MailingRecipient.mailing_id == mailing_id)
    if outcome is not None:
        query = query.where(MailingRecipient.outcome == outcome)
    found = db.session.scalar(query) or 0
    db.session.rollback()
    return found


def _post_batch(mailing_id: int) -> int:
    """Queue the next mails within the present transaction; returns how many addresses were dealt with."""
    row = db.session.get(Mailing, mailing_id)
    if row is None:
        return 0
    query = (
        select(MailingRecipient)
        .where(MailingRecipient.mailing_id == mailing_id, MailingRecipient.outcome == "waiting")
        .order_by(MailingRecipient.id)
        .limit(BATCH)
        .with_for_update()
    )
    waiting: Sequence[MailingRecipient] = db.session.scalars(query).all()
    edition = get_edition_by_id(row.edition_id)
    for one in waiting:
        _post(edition, row, one)
    db.session.flush()
    return len(waiting)


def _post(edition: Edition, row: Mailing, one: MailingRecipient) -> None:
    letter = letter_for(row, one.locale, one.values)
    title = in_language(edition.name, edition.name_zh, letter.locale)
    places: list[str] = []
    headers: dict[str, str] = {}
    if row.is_essential:
        last = farewell(letter.locale, None)
    else:
        choice = choice_of(edition.id, one.address)
        if choice.unsubscribed_at is not None:
            one.outcome = "unsubscribed"
            return
        places = [unsubscribe_place(choice)]
        headers = unsubscribe_headers(choice)
        last = farewell(letter.locale, places[0])
    try:
        posted = outbox.post(
            to=one.address,
            subject=letter.subject,
            body=signed(letter, edition=title, lines=[last]),
            kind="mailing",
            scope=edition_scope(edition.id),
            locale=letter.locale,
            secrets=places,
            headers=headers,
        )
    except Invalid:
        posted = _unwritable(edition, letter.locale, one)
    one.outcome, one.outbox_id = "posted", posted.id


def _unwritable(edition: Edition, locale: str, one: MailingRecipient) -> outbox.OutboxMessage:
    """An address or a name that makes no mail is kept as failed with its reason: the others do not wait for it."""
    posted = outbox.OutboxMessage(
        to_address=one.address,
        subject="",
        body="",
        kind="mailing",
        scope=edition_scope(edition.id),
        locale=locale,
        state=outbox.MailState.FAILED.value,
        error=outbox.UNWRITABLE,
        next_attempt_at=utc_now(),
        created_at=utc_now(),
    )
    db.session.add(posted)
    db.session.flush()
    return posted


@purge_step
def forget_addresses(now: datetime) -> None:
    """A month after a mailing its addresses are deleted; how many they were is kept."""
    old = select(Mailing.id).where(Mailing.sent_at < now - KEEP)
    with unit_of_work():
        db.session.execute(delete(MailingRecipient).where(MailingRecipient.mailing_id.in_(old)))

"""Reading messages: announcements of an edition or for one reader, mailings, and how each address stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from competition.editions.public import Edition
from competition.messages.audiences import Self, is_meant
from competition.messages.models import Announcement, Mailing, MailingRecipient
from core.db import db
from core.errors import NotFound
from core.filters import ListFilter
from core.localised import N_
from core.outbox import MailState, OutboxMessage

PER_PAGE = 200
STATES = ("sent", "queued", "retrying", "failed", "unsubscribed", "past")
"""How an address stands; `past`: sent or given up more than a month ago, when mails are deleted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressFilter(ListFilter):
    """Which addresses of a mailing: by state, and by words in a name or an address that is not private."""

    KNOWN: ClassVar = {"state": STATES, "sort": ("name", "state", "sent")}

    state: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressLine:
    """One address of a mailing and what became of its mail."""

    address: str
    is_private: bool
    name: str
    locale: str
    state: str
    error: str
    attempts: int
    next_attempt_at: datetime | None
    sent_at: datetime | None


state_column: ColumnElement[str] = case(
    (MailingRecipient.outcome == "unsubscribed", "unsubscribed"),
    (MailingRecipient.outcome == "waiting", "queued"),
    (OutboxMessage.id.is_(None), "past"),
    (and_(OutboxMessage.state == MailState.QUEUED.value, OutboxMessage.attempts > 0), "retrying"),
    (OutboxMessage.state.in_((MailState.QUEUED.value, MailState.SENDING.value)), "queued"),
    else_=OutboxMessage.state,
)


def announcements_of(edition_id: int) -> Sequence[Announcement]:
    """Every announcement of an edition, newest first."""
    query = select(Announcement).where(Announcement.edition_id == edition_id)
    return db.session.scalars(query.order_by(Announcement.id.desc())).all()


def get_announcement(edition_id: int, public_id: str) -> Announcement:
    """An announcement of this edition; raises NotFound."""
    found = db.session.scalar(
        select(Announcement).where(Announcement.edition_id == edition_id, Announcement.public_id == public_id)
    )
    if found is None:
        raise NotFound(N_("There is no such announcement in this edition."))
    return found


def announcements_for(edition: Edition, who: Self) -> list[Announcement]:
    """What is announced to a reader now, newest first; what is public is for everybody."""
    live = _live(edition.id)
    meant = {audience: is_meant(edition, audience, who) for audience in {one.audience for one in live}}
    return [one for one in live if one.is_public or meant[one.audience]]


def public_announcements(edition_id: int) -> list[Announcement]:
    """What is announced to the whole world now, newest first."""
    return [one for one in _live(edition_id) if one.is_public]


def _live(edition_id: int) -> Sequence[Announcement]:
    query = select(Announcement).where(
        Announcement.edition_id == edition_id,
        Announcement.published_at.is_not(None),
        Announcement.withdrawn_at.is_(None),
    )
    return db.session.scalars(query.order_by(Announcement.published_at.desc(), Announcement.id.desc())).all()


def mailings_of(edition_id: int) -> Sequence[Mailing]:
    """Every mailing of an edition, newest first."""
    query = select(Mailing).where(Mailing.edition_id == edition_id)
    return db.session.scalars(query.order_by(Mailing.id.desc())).all()


def get_mailing(edition_id: int, public_id: str) -> Mailing:
    """A mailing of this edition; raises NotFound."""
    found = db.session.scalar(
        select(Mailing).where(Mailing.edition_id == edition_id, Mailing.public_id == public_id)
    )
    if found is None:
        raise NotFound(N_("There is no such mail in this edition."))
    return found


def counts_of(mailing_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """Per mailing, how many addresses are in which state."""
    found: dict[int, dict[str, int]] = {key: {} for key in mailing_ids}
    query = (
        select(MailingRecipient.mailing_id, state_column.label("state"), func.count())
        .outerjoin(OutboxMessage, OutboxMessage.id == MailingRecipient.outbox_id)
        .where(MailingRecipient.mailing_id.in_(mailing_ids))
        .group_by(MailingRecipient.mailing_id, state_column)
    )
    for mailing_id, state, count in db.session.execute(query):
        found[mailing_id][state] = count
    return found


def count_addresses(mailing_id: int, asked: AddressFilter) -> int:
    """How many addresses of a mailing the filter leaves."""
    query = _outer(select(func.count(MailingRecipient.id))).where(_condition(mailing_id, asked))
    return db.session.scalar(query) or 0


def address_lines(mailing_id: int, asked: AddressFilter, page: int | None = 1) -> list[AddressLine]:
    """One page of a mailing's addresses that the filter leaves; all of them where `page` is None."""
    query = _outer(
        select(
            MailingRecipient.address,
            MailingRecipient.is_private,
            MailingRecipient.name,
            MailingRecipient.locale,
            state_column.label("state"),
            func.coalesce(OutboxMessage.error, "").label("error"),
            func.coalesce(OutboxMessage.attempts, 0).label("attempts"),
            OutboxMessage.next_attempt_at,
            OutboxMessage.sent_at,
        )
    ).where(_condition(mailing_id, asked))
    orders = {
        "": (),
        "name": (func.lower(MailingRecipient.name),),
        "state": (state_column,),
        "sent": (OutboxMessage.sent_at.is_(None), OutboxMessage.sent_at.desc()),
    }
    query = query.order_by(*orders[asked.sort], MailingRecipient.id)
    if page is not None:
        query = query.limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    return [AddressLine(**row) for row in db.session.execute(query).mappings()]


def _outer(query: Any) -> Any:
    return query.select_from(MailingRecipient).outerjoin(
        OutboxMessage, OutboxMessage.id == MailingRecipient.outbox_id
    )


def _condition(mailing_id: int, asked: AddressFilter) -> ColumnElement[bool]:
    """A private address is neither shown nor found."""
    condition = MailingRecipient.mailing_id == mailing_id
    if asked.state:
        condition = and_(condition, state_column == asked.state)
    if asked.q:
        like = f"%{_escaped(asked.q.casefold())}%"
        condition = and_(
            condition,
            or_(
                func.lower(MailingRecipient.name).like(like, escape="\\"),
                and_(
                    ~MailingRecipient.is_private,
                    func.lower(MailingRecipient.address).like(like, escape="\\"),
                ),
            ),
        )
    return condition


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")

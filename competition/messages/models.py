"""Tables of messages: announcements, mailings with a line per address, and who wants no further mail of an edition."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Keyed, Public


class Announcement(Base, Public):
    """Something said to an audience on their pages in Parley, in both languages, as text with a little markup."""

    __tablename__ = "announcement"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(200), default="")
    title_zh: Mapped[str] = mapped_column(String(200), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    body_zh: Mapped[str] = mapped_column(Text, default="")
    audience: Mapped[str] = mapped_column(String(80), default="all")
    is_public: Mapped[bool] = mapped_column(default=False)
    published_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class Mailing(Base, Public):
    """One mail to an audience: a draft until it is sent, then never changed. `job` is the public id of its job."""

    __tablename__ = "mailing"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), index=True)
    subject: Mapped[str] = mapped_column(String(200), default="")
    subject_zh: Mapped[str] = mapped_column(String(200), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    body_zh: Mapped[str] = mapped_column(Text, default="")
    audience: Mapped[str] = mapped_column(String(80), default="all")
    is_essential: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    sent_by: Mapped[int | None]
    recipients: Mapped[int] = mapped_column(default=0)
    job: Mapped[str] = mapped_column(String(16), default="")
    version: Mapped[int] = mapped_column(default=1)


class MailingRecipient(Base, Keyed):
    """One address of a mailing with what its placeholders stand for; the pair is unique, so nobody gets it twice.

    `is_private`: the address is the person's own account, which organisers are not shown.
    """

    __tablename__ = "mailing_recipient"
    __table_args__ = (
        UniqueConstraint("mailing_id", "address"),
        CheckConstraint("outcome IN ('waiting', 'posted', 'unsubscribed')", name="outcome"),
        Index("ix_mailing_recipient_mailing_id_outcome", "mailing_id", "outcome"),
    )

    mailing_id: Mapped[int] = mapped_column(ForeignKey("mailing.id", ondelete="CASCADE"))
    address: Mapped[str] = mapped_column(String(254))
    is_private: Mapped[bool] = mapped_column(default=False)
    name: Mapped[str] = mapped_column(String(200), default="")
    locale: Mapped[str] = mapped_column(String(20), default="en")
    values: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    outcome: Mapped[str] = mapped_column(String(12), default="waiting")
    outbox_id: Mapped[int | None] = mapped_column(
        ForeignKey("outbox_message.id", ondelete="SET NULL"), index=True
    )


class MailChoice(Base, Keyed):
    """What an address wants of an edition's mail that is not essential; made with the first such mail."""

    __tablename__ = "mail_choice"
    __table_args__ = (UniqueConstraint("edition_id", "address"),)

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    address: Mapped[str] = mapped_column(String(254), index=True)
    unsubscribed_at: Mapped[datetime | None]

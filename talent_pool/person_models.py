"""Tables of the person's side of the pool: consent records, who may see a card, the log, CVs, rights, invitations."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column

from core.db import Base, Keyed, Public

EVENTS = ("viewed", "asked", "revealed", "downloaded", "revoked", "exported")
RULES = ("shown", "hidden", "kind", "country", "name", "preapproved")
RIGHTS = ("access", "correction", "erasure", "restriction", "objection", "portability", "complaint")


def _among(column: str, values: tuple[str, ...]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


class PoolNotice(Base, Keyed):
    """A consent text as it was shown: whole, in one language, under its hash. Never changed."""

    __tablename__ = "pool_notice"
    __table_args__ = (UniqueConstraint("text_hash"),)

    text_hash: Mapped[str] = mapped_column(String(64))
    text_version: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    first_shown_at: Mapped[datetime]


class PoolConsentRecord(Base, Public):
    """One act of consent: given, changed, confirmed, paused, resumed, withdrawn, ended. Rows are only ever added.

    `record` is the whole in the fields of ISO/IEC TS 27560. Erasure cuts `person_id` and leaves the record: whoever
    holds the receipt can still show that it is theirs.
    """

    __tablename__ = "pool_consent_record"

    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    act: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(index=True)
    text_version: Mapped[str] = mapped_column(String(20))
    text_hash: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(20))
    record: Mapped[dict[str, Any]] = mapped_column(JSON)


class PoolRule(Base, Keyed):
    """An exception to a profile's audience.

    `shown`, `hidden` and `preapproved` hold an employer's key; `kind`, `country` and `name` hide from every
    organisation of that kind or country, or whose name holds these (folded) words, whenever it comes.
    """

    __tablename__ = "pool_rule"
    __table_args__ = (
        UniqueConstraint("profile_id", "rule", "value"),
        Index("ix_pool_rule_value", "rule", "value", "profile_id"),
        _among("rule", RULES),
    )

    profile_id: Mapped[int] = mapped_column(ForeignKey("pool_profile.id", ondelete="CASCADE"))
    rule: Mapped[str] = mapped_column(String(12))
    value: Mapped[str] = mapped_column(String(200))


class PoolCv(Base, Keyed):
    """The CV of one profile, read by an employer only after a reveal."""

    __tablename__ = "pool_cv"
    __table_args__ = (UniqueConstraint("profile_id"),)

    profile_id: Mapped[int] = mapped_column(ForeignKey("pool_profile.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(120))
    size: Mapped[int]
    uploaded_at: Mapped[datetime]
    data: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False))


class PoolEvent(Base, Keyed):
    """An employer viewed a card, asked, was shown who it is, or downloaded. Rows are only ever added.

    It belongs to the person, not to the card: it outlives leaving and rejoining, until they erase it.
    `member_id` is who of the employer did it: for caps and the operator, not for the person.
    """

    __tablename__ = "pool_event"
    __table_args__ = (
        Index("ix_pool_event_person", "person_id", "at"),
        Index("ix_pool_event_member", "member_id", "event", "at"),
        Index("ix_pool_event_event", "event", "at"),
        _among("event", EVENTS),
    )

    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    employer_id: Mapped[int] = mapped_column(ForeignKey("employer.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    handle: Mapped[str] = mapped_column(String(16))
    event: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime]


class DeletionNotice(Base, Public):
    """An employer is asked to delete what it learned of somebody who left or revoked; it confirms it here.

    It holds the handle and nothing else of the person: the employer finds its copy by that.
    """

    __tablename__ = "pool_deletion_notice"

    employer_id: Mapped[int] = mapped_column(ForeignKey("employer.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    handle: Mapped[str] = mapped_column(String(16))
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))


class RightsRequest(Base, Public):
    """Somebody asks the operator for one of their rights; what they can do themselves is done and noted at once."""

    __tablename__ = "pool_rights_request"
    __table_args__ = (_among("kind", RIGHTS),)

    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    words: Mapped[str] = mapped_column(String(2000), default="")
    asked_at: Mapped[datetime] = mapped_column(index=True)
    due_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(String(2000), default="")
    done_at: Mapped[datetime | None]


class PoolInvitation(Base, Keyed):
    """A former participant was told that the pool exists: once, and reminded once. It is no consent."""

    __tablename__ = "pool_invitation"
    __table_args__ = (UniqueConstraint("person_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    invited_at: Mapped[datetime]
    reminded_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]

"""Tables of the talent pool: consents, profiles, what is searchable, employers and contact requests."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Keyed, Public

PUBLIC_ID = re.compile(r"[A-Za-z0-9_-]{16}")
"""What an id in an address looks like: anything else is asked of no database."""


class PoolConsent(Base, Keyed):
    """One act of consent, given by the person alone; withdrawing sets `withdrawn_at`, rejoining is a new row."""

    __tablename__ = "pool_consent"
    __table_args__ = (
        Index(
            "uq_pool_consent_live",
            "person_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    text_version: Mapped[str] = mapped_column(String(20))
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class PoolProfile(Base, Keyed):
    """What one consenting person shows: a card under a random handle; removed whole when they withdraw.

    `card` is exactly what employers see, and all that tokens and facets are made from. `languages` and
    `looking_for` hold codes separated by commas. `is_listed` is false until the person has saved a card.
    """

    __tablename__ = "pool_profile"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), unique=True)
    handle: Mapped[str] = mapped_column(String(16), unique=True)
    headline: Mapped[str] = mapped_column(String(120), default="")
    about: Mapped[str] = mapped_column(Text, default="")
    skills: Mapped[str] = mapped_column(String(400), default="")
    languages: Mapped[str] = mapped_column(String(200), default="")
    looking_for: Mapped[str] = mapped_column(String(200), default="")
    shows_results: Mapped[bool] = mapped_column(default=False)
    card: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    is_listed: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class PoolToken(Base):
    """A search token at its place on a card; a phrase is tokens at places that follow one another."""

    __tablename__ = "pool_token"
    __table_args__ = (Index("ix_pool_token_token", "token", "profile_id", "position"),)

    profile_id: Mapped[int] = mapped_column(
        ForeignKey("pool_profile.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    token: Mapped[str] = mapped_column(String(60))


class PoolFacet(Base):
    """A filter value that a card shows: (facet, value), such as (role, igo)."""

    __tablename__ = "pool_facet"
    __table_args__ = (Index("ix_pool_facet_value", "facet", "value", "profile_id"),)

    profile_id: Mapped[int] = mapped_column(
        ForeignKey("pool_profile.id", ondelete="CASCADE"), primary_key=True
    )
    facet: Mapped[str] = mapped_column(String(30), primary_key=True)
    value: Mapped[str] = mapped_column(String(60), primary_key=True)


class Employer(Base, Public):
    """An organisation that may search once the operator has approved it."""

    __tablename__ = "employer"
    __table_args__ = (
        CheckConstraint("kind IN ('government', 'enterprise', 'igo', 'ngo')", name="kind"),
        CheckConstraint("state IN ('applied', 'approved', 'declined', 'suspended')", name="state"),
    )

    name: Mapped[str] = mapped_column(String(200))
    name_local: Mapped[str] = mapped_column(String(200), default="")
    kind: Mapped[str] = mapped_column(String(12))
    website: Mapped[str] = mapped_column(String(200), default="")
    purpose: Mapped[str] = mapped_column(String(1000), default="")
    applicant_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    state: Mapped[str] = mapped_column(String(10), default="applied")
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]


class EmployerMember(Base, Keyed):
    """A person who may act for an employer."""

    __tablename__ = "employer_member"
    __table_args__ = (UniqueConstraint("employer_id", "person_id"),)

    employer_id: Mapped[int] = mapped_column(ForeignKey("employer.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)


class ContactRequest(Base, Public):
    """An employer asks one person for contact; the address is shown only after that person says yes."""

    __tablename__ = "contact_request"
    __table_args__ = (
        UniqueConstraint("employer_id", "profile_id"),
        CheckConstraint("state IN ('asked', 'accepted', 'declined')", name="state"),
    )

    employer_id: Mapped[int] = mapped_column(ForeignKey("employer.id", ondelete="CASCADE"))
    profile_id: Mapped[int] = mapped_column(ForeignKey("pool_profile.id", ondelete="CASCADE"), index=True)
    message: Mapped[str] = mapped_column(String(1000), default="")
    state: Mapped[str] = mapped_column(String(10), default="asked")
    created_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]

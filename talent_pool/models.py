"""Tables of the talent pool: consents, profiles, what is searchable, employers and contact requests."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Keyed, Public

PUBLIC_ID = re.compile(r"[A-Za-z0-9_-]{16}")
"""What an id in an address looks like: anything else is asked of no database."""


class PoolConsent(Base, Keyed):
    """Whether a person is in, as it stands now; every act behind it is a PoolConsentRecord.

    Withdrawing (or two years without a yes) sets `withdrawn_at`, rejoining is a new row. `confirmed_at` is the last
    yes. `allows_abroad` and `allows_statistics` are the purposes beyond being listed, each with a tick of its own.
    """

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
    confirmed_at: Mapped[datetime]
    allows_abroad: Mapped[bool] = mapped_column(default=False, server_default=false())
    allows_statistics: Mapped[bool] = mapped_column(default=False, server_default=false())
    reminded_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class PoolProfile(Base, Keyed):
    """What one consenting person shows: a card under a random handle; removed whole when they withdraw.

    `card` is exactly what employers see, and all that tokens and facets are made from. `facts` holds what the person
    chose from lists (talent_pool.facts), `hidden` the pieces that stay off the card. `is_listed` is false until the
    person has saved a card. `audience` says of the employers there were at `audience_at` whether all of them may see
    the card or only those chosen; `new_employers` says it of those approved later. PoolRule holds the exceptions.
    """

    __tablename__ = "pool_profile"
    __table_args__ = (
        CheckConstraint("audience IN ('all', 'chosen')", name="audience"),
        CheckConstraint("new_employers IN ('at_once', 'after_7_days', 'never')", name="new_employers"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), unique=True)
    handle: Mapped[str] = mapped_column(String(16), unique=True)
    headline: Mapped[str] = mapped_column(String(120), default="")
    about: Mapped[str] = mapped_column(Text, default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    hidden: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    shows_results: Mapped[bool] = mapped_column(default=False)
    shows_exactly: Mapped[bool] = mapped_column(default=False, server_default=false())
    card: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    is_listed: Mapped[bool] = mapped_column(default=False)
    paused_at: Mapped[datetime | None]
    audience: Mapped[str] = mapped_column(String(8), default="all", server_default="all")
    audience_at: Mapped[datetime]
    new_employers: Mapped[str] = mapped_column(
        String(12), default="after_7_days", server_default="after_7_days"
    )
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class Employer(Base, Public):
    """An organisation that may search once the operator has approved it.

    `country` is the ISO code of where it sits (empty: not known, which counts as abroad); `approved_at` is when it was
    let in for the first time: from then on it is new to those who joined earlier. `domain` is set once somebody
    has read a code that was mailed to an address there (talent_pool.services.domains).
    """

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
    country: Mapped[str] = mapped_column(String(2), default="", server_default="")
    approved_at: Mapped[datetime | None]
    domain: Mapped[str] = mapped_column(String(200), default="", server_default="")
    proved_at: Mapped[datetime | None]
    proof_address: Mapped[str] = mapped_column(String(254), default="", server_default="")
    proof_nonce: Mapped[str] = mapped_column(String(40), default="", server_default="")
    proof_sent_at: Mapped[datetime | None]
    proof_tries: Mapped[int] = mapped_column(default=0, server_default="0")


class EmployerMember(Base, Keyed):
    """A person who may act for an employer; an owner may also invite and take out others."""

    __tablename__ = "employer_member"
    __table_args__ = (UniqueConstraint("employer_id", "person_id"),)

    employer_id: Mapped[int] = mapped_column(ForeignKey("employer.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    is_owner: Mapped[bool] = mapped_column(default=False, server_default=false())


class ContactRequest(Base, Public):
    """An employer asks one person to reveal who they are; it is shown only after that person says yes.

    Asked once, it ends once: accepted or declined by the person, withdrawn by the employer, or expired at
    `expires_at` (which counts at once, also before the sweep has written it). An accepted one may be revoked.
    """

    __tablename__ = "contact_request"
    __table_args__ = (
        UniqueConstraint("employer_id", "profile_id"),
        CheckConstraint(
            "state IN ('asked', 'accepted', 'declined', 'expired', 'withdrawn', 'revoked')", name="state"
        ),
    )

    employer_id: Mapped[int] = mapped_column(ForeignKey("employer.id", ondelete="CASCADE"))
    profile_id: Mapped[int] = mapped_column(ForeignKey("pool_profile.id", ondelete="CASCADE"), index=True)
    opportunity_id: Mapped[int | None] = mapped_column(
        ForeignKey("pool_opportunity.id", ondelete="SET NULL"), index=True
    )
    message: Mapped[str] = mapped_column(String(1000), default="")
    state: Mapped[str] = mapped_column(String(10), default="asked")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    reminders: Mapped[int] = mapped_column(default=0, server_default="0")
    is_preapproved: Mapped[bool] = mapped_column(default=False, server_default=false())
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

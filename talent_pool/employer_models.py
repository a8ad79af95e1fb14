"""Tables of an employer's work: opportunities, shortlists, notes, saved searches, invitations of members."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Keyed, Public


class Opportunity(Base, Public):
    """What an employer offers: nobody is asked for less than this. Closed at the end of `closes_on`, or by hand."""

    __tablename__ = "pool_opportunity"

    employer_id: Mapped[int] = mapped_column(ForeignKey("employer.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    place: Mapped[str] = mapped_column(String(120))
    pay: Mapped[str] = mapped_column(String(120))
    closes_on: Mapped[date]
    contact: Mapped[str] = mapped_column(String(200))
    details: Mapped[str] = mapped_column(String(1000), default="")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class PoolList(Base, Public):
    """A shortlist of one employer; all its members share it."""

    __tablename__ = "pool_list"
    __table_args__ = (UniqueConstraint("employer_id", "name"),)

    employer_id: Mapped[int] = mapped_column(ForeignKey("employer.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80))
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]


class PoolListEntry(Base, Keyed):
    """One card on a shortlist; it goes with the card."""

    __tablename__ = "pool_list_entry"
    __table_args__ = (UniqueConstraint("list_id", "profile_id"),)

    list_id: Mapped[int] = mapped_column(ForeignKey("pool_list.id", ondelete="CASCADE"))
    profile_id: Mapped[int] = mapped_column(ForeignKey("pool_profile.id", ondelete="CASCADE"), index=True)
    added_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    added_at: Mapped[datetime]


class PoolMark(Base, Keyed):
    """What one employer keeps about one card: a note, tags, and since when it has been in touch outside Parley."""

    __tablename__ = "pool_mark"
    __table_args__ = (UniqueConstraint("employer_id", "profile_id"),)

    employer_id: Mapped[int] = mapped_column(ForeignKey("employer.id", ondelete="CASCADE"))
    profile_id: Mapped[int] = mapped_column(ForeignKey("pool_profile.id", ondelete="CASCADE"), index=True)
    note: Mapped[str] = mapped_column(String(2000), default="")
    tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    contacted_on: Mapped[date | None]
    updated_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class SavedSearch(Base, Public):
    """A member's search that is run again: its words and filters, and when its counts were mailed last."""

    __tablename__ = "pool_saved_search"

    employer_id: Mapped[int] = mapped_column(ForeignKey("employer.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    words: Mapped[str] = mapped_column(String(300), default="")
    filters: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    is_daily: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    told_at: Mapped[datetime]


class EmployerInvitation(Base, Public):
    """An employer's member invites a colleague, bound to their address; it ends when it is accepted or withdrawn."""

    __tablename__ = "employer_invitation"

    employer_id: Mapped[int] = mapped_column(ForeignKey("employer.id", ondelete="CASCADE"), index=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    invited_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class PoolShown(Base):
    """How often a card stood on a results page on one day; for the organisers' equity view, and gone with the card."""

    __tablename__ = "pool_shown"

    profile_id: Mapped[int] = mapped_column(
        ForeignKey("pool_profile.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    times: Mapped[int] = mapped_column(default=0)

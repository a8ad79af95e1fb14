"""Tables of an edition: its rules, divisions, rooms, organisers and privacy notice."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Keyed, Public


class Edition(Base, Public):
    """One competition event. Lists are kept as in the workbook (`3;2;1;0`) and read by `competition.editions.rules`.

    A key is never given again: the audit of a deleted edition stays its own. `rehearsal_of` is the key of the edition
    that this one is only a rehearsal of; it is gone once it `expires_at`.
    """

    __tablename__ = "edition"
    __table_args__ = (
        CheckConstraint("role_policy IN ('fixed', 'rotating')", name="role_policy"),
        CheckConstraint("panel_method IN ('mean', 'median', 'trimmed_mean')", name="panel_method"),
        CheckConstraint("delegate_marks IN ('mean', 'sum')", name="delegate_marks"),
        CheckConstraint("table_ties IN ('shared', 'chair', 'forbidden')", name="table_ties"),
        CheckConstraint(
            "elimination_basis IN ('round_adjusted', 'round_raw', 'cumulative')", name="elimination_basis"
        ),
        {"sqlite_autoincrement": True},
    )

    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    name_zh: Mapped[str] = mapped_column(String(200), default="")
    role_policy: Mapped[str] = mapped_column(String(10))
    timezone: Mapped[str] = mapped_column(String(60))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    place: Mapped[str] = mapped_column(String(200), default="")
    languages: Mapped[str] = mapped_column(String(100), default="")
    table_points: Mapped[str] = mapped_column(String(60), default="3;2;1;0")
    three_team_points: Mapped[str] = mapped_column(String(60), default="2.5;1.5;0.5")
    standings_metrics: Mapped[str] = mapped_column(String(200), default="")
    panel_method: Mapped[str] = mapped_column(String(20), default="mean")
    score_decimals: Mapped[int] = mapped_column(default=2)
    delegate_marks: Mapped[str] = mapped_column(String(10), default="mean")
    table_ties: Mapped[str] = mapped_column(String(10), default="shared")
    minimum_rounds: Mapped[int | None]
    elimination_basis: Mapped[str] = mapped_column(String(20), default="round_adjusted")
    team_size_minimum: Mapped[int] = mapped_column(default=3)
    team_size_maximum: Mapped[int] = mapped_column(default=5)
    minimum_age: Mapped[int] = mapped_column(default=18)
    registration_opens_at: Mapped[datetime | None]
    registration_closes_at: Mapped[datetime | None]
    is_public: Mapped[bool] = mapped_column(default=False)
    is_demo: Mapped[bool] = mapped_column(default=False)
    archived_at: Mapped[datetime | None]
    rehearsal_of: Mapped[int | None] = mapped_column(index=True)
    expires_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class Division(Base, Public):
    """A separately ranked class of teams."""

    __tablename__ = "division"
    __table_args__ = (UniqueConstraint("edition_id", "code"),)

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(200), default="")
    name_zh: Mapped[str] = mapped_column(String(200), default="")
    position: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)


class Room(Base, Public):
    """A place where one table sits."""

    __tablename__ = "room"
    __table_args__ = (UniqueConstraint("edition_id", "name"),)

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(120))
    site: Mapped[str] = mapped_column(String(120), default="")
    building: Mapped[str] = mapped_column(String(120), default="")
    capacity: Mapped[int | None]
    is_step_free: Mapped[bool | None]
    link: Mapped[str] = mapped_column(String(400), default="")
    backup_link: Mapped[str] = mapped_column(String(400), default="")
    version: Mapped[int] = mapped_column(default=1)


class Organiser(Base, Public):
    """A person who runs an edition, as its director or in its tab team."""

    __tablename__ = "organiser"
    __table_args__ = (
        UniqueConstraint("edition_id", "person_id"),
        CheckConstraint("capacity IN ('director', 'tab')", name="capacity"),
    )

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    capacity: Mapped[str] = mapped_column(String(10))


class PrivacyNotice(Base, Keyed):
    """One version of what participants are told about their data; without one, registration cannot open."""

    __tablename__ = "privacy_notice"
    __table_args__ = (UniqueConstraint("edition_id", "version"),)

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    version: Mapped[int]
    controller: Mapped[str] = mapped_column(String(200))
    contact: Mapped[str] = mapped_column(String(200))
    country: Mapped[str] = mapped_column(String(2))
    purposes: Mapped[str] = mapped_column(Text)
    published: Mapped[str] = mapped_column(Text)
    retention: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]


class BreakRule(Base, Keyed):
    """How many advance from a division or a role bracket (one of the two), and how many stand by."""

    __tablename__ = "break_rule"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), index=True)
    division_id: Mapped[int | None] = mapped_column(ForeignKey("division.id", ondelete="CASCADE"))
    role: Mapped[str | None] = mapped_column(String(12))
    size: Mapped[int]
    reserves: Mapped[int | None]

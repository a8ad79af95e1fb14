"""Tables of the day itself: the timetable, whose calendar is whose, the sessions of a round and their clock."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Keyed, Public


class Timetable(Base, Keyed):
    """Whether the timetable of an edition is published; before that only organisers see it."""

    __tablename__ = "timetable"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), unique=True)
    published_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class TimetableItem(Base, Public):
    """Something of the day that is no round: a ceremony, a briefing, lunch.

    `sequence` counts the changes that matter to those concerned, for calendars that have the item already.
    """

    __tablename__ = "timetable_item"
    __table_args__ = (
        CheckConstraint("audience IN ('all', 'teams', 'judges', 'organisers', 'division')", name="audience"),
        CheckConstraint("starts_at < ends_at", name="order"),
    )

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    title_zh: Mapped[str] = mapped_column(String(200), default="")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    site: Mapped[str] = mapped_column(String(120), default="")
    place: Mapped[str] = mapped_column(String(200), default="")
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id", ondelete="SET NULL"), index=True)
    audience: Mapped[str] = mapped_column(String(12), default="all")
    division_id: Mapped[int | None] = mapped_column(ForeignKey("division.id", ondelete="CASCADE"), index=True)
    link: Mapped[str] = mapped_column(String(400), default="")
    backup_link: Mapped[str] = mapped_column(String(400), default="")
    sequence: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class CalendarFeed(Base, Keyed):
    """Whose agenda a calendar link shows: a delegate, judge, coached team or organiser by its key."""

    __tablename__ = "calendar_feed"
    __table_args__ = (
        UniqueConstraint("edition_id", "kind", "subject_id"),
        CheckConstraint("kind IN ('delegate', 'judge', 'coach', 'organiser')", name="kind"),
    )

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(10))
    subject_id: Mapped[int]


class RoundSessions(Base, Keyed):
    """How many minutes each session of a round takes; a round without a row follows the usual plan."""

    __tablename__ = "round_sessions"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), unique=True)
    opening: Mapped[int]
    bilateral: Mapped[int]
    ad_hoc: Mapped[int]
    pause: Mapped[int]
    quadrilateral: Mapped[int]
    resolution: Mapped[int]
    is_automatic: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)


class SessionClock(Base, Keyed):
    """The clock of a round for the hall (no table), or of a table that has its own.

    It runs since `started_at` on top of what had passed before; what it shows is computed when it is read.
    """

    __tablename__ = "session_clock"
    __table_args__ = (
        UniqueConstraint("round_id", "table_id"),
        Index(
            "uq_session_clock_hall",
            "round_id",
            unique=True,
            sqlite_where=text("table_id IS NULL"),
            postgresql_where=text("table_id IS NULL"),
        ),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    table_id: Mapped[int | None] = mapped_column(
        ForeignKey("negotiation_table.id", ondelete="CASCADE"), index=True
    )
    part: Mapped[int] = mapped_column(default=0)
    elapsed_ms: Mapped[int] = mapped_column(default=0)
    added_seconds: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=0)


class ClockEvent(Base, Keyed):
    """Somebody pressed a button of a clock: when, at which session, and why."""

    __tablename__ = "clock_event"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    table_id: Mapped[int | None] = mapped_column(
        ForeignKey("negotiation_table.id", ondelete="CASCADE"), index=True
    )
    at: Mapped[datetime]
    action: Mapped[str] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(16), default="")
    number: Mapped[int] = mapped_column(default=0)
    seconds: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(String(300), default="")
    person_id: Mapped[int | None]


class DayPaper(Base, Keyed):
    """Badges or certificates of attendance of an edition, as they were made last."""

    __tablename__ = "day_paper"
    __table_args__ = (UniqueConstraint("edition_id", "what"),)

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    what: Mapped[str] = mapped_column(String(12))
    made_at: Mapped[datetime]
    pages: Mapped[int]
    data: Mapped[bytes] = mapped_column(LargeBinary, nullable=False, deferred=True)

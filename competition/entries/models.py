"""Tables of who takes part: institutions, teams, delegates, judges and their conflicts."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Keyed, Public


class Institution(Base, Public):
    """A university or organisation that fields teams, as known in one edition; `code` is its name in the workbook."""

    __tablename__ = "institution"
    __table_args__ = (UniqueConstraint("edition_id", "code"),)

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(200), default="")
    name_local: Mapped[str] = mapped_column(String(200), default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    is_checked: Mapped[bool] = mapped_column(default=True, server_default=true())
    """False while it is only what a captain typed: an organiser keeps it, or merges it into another one."""
    version: Mapped[int] = mapped_column(default=1)


class Team(Base, Public):
    """A team: `applied` and `declined` exist only during registration; the others are the workbook's words.

    `fee` is none, due, paid or waived.
    """

    __tablename__ = "team"
    __table_args__ = (
        UniqueConstraint("edition_id", "name"),
        CheckConstraint(
            "status IN ('applied', 'declined', 'registered', 'waiting', 'withdrawn', 'stand_in')",
            name="status",
        ),
        CheckConstraint(
            "role IS NULL OR role IN ('government', 'enterprise', 'local_ngo', 'igo')", name="role"
        ),
    )

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200))
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"), index=True)
    role: Mapped[str | None] = mapped_column(String(12))
    wishes: Mapped[str] = mapped_column(String(60), default="")
    coach: Mapped[str] = mapped_column(String(200), default="")
    coach_contact: Mapped[str] = mapped_column(String(254), default="", server_default="")
    coach_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    status: Mapped[str] = mapped_column(String(12), default="registered")
    status_reason: Mapped[str] = mapped_column(String(500), default="")
    withdrawn_from: Mapped[int | None]
    asked_at: Mapped[datetime | None]
    """When the organisers asked for changes that the captain has not sent yet; the application waits meanwhile."""
    open_until: Mapped[datetime | None]
    """Until when the captain may change this team although registration has closed."""
    fee: Mapped[str] = mapped_column(String(8), default="none", server_default="none")
    created_at: Mapped[datetime]
    position: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)


class TeamDivision(Base):
    """A team's membership of a division."""

    __tablename__ = "team_division"

    team_id: Mapped[int] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"), primary_key=True)
    division_id: Mapped[int] = mapped_column(ForeignKey("division.id", ondelete="CASCADE"), primary_key=True)


class Delegate(Base, Public):
    """A person competing in a team; `person_id` is set once they have claimed the place at their own address."""

    __tablename__ = "delegate"
    __table_args__ = (UniqueConstraint("edition_id", "code"),)

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"), index=True)
    code: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(200), default="")
    name_local: Mapped[str] = mapped_column(String(200), default="")
    contact: Mapped[str] = mapped_column(String(254), default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    is_captain: Mapped[bool] = mapped_column(default=False)
    confirmed_at: Mapped[datetime | None]
    notice_version: Mapped[int | None]
    age_confirmed: Mapped[int | None]
    """The age that the person said to have on the first day, at least; a date of birth is never stored."""
    position: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)


class DelegateDivision(Base):
    """A delegate's own division, where it differs from the team's."""

    __tablename__ = "delegate_division"

    delegate_id: Mapped[int] = mapped_column(ForeignKey("delegate.id", ondelete="CASCADE"), primary_key=True)
    division_id: Mapped[int] = mapped_column(ForeignKey("division.id", ondelete="CASCADE"), primary_key=True)


class Judge(Base, Public):
    """A person who marks tables in one edition."""

    __tablename__ = "judge"
    __table_args__ = (UniqueConstraint("edition_id", "code"),)

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(200), default="")
    name_local: Mapped[str] = mapped_column(String(200), default="")
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"), index=True)
    contact: Mapped[str] = mapped_column(String(254), default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    rating: Mapped[Decimal | None]
    languages: Mapped[str] = mapped_column(String(100), default="")
    expertise: Mapped[str] = mapped_column(String(500), default="", server_default="")
    site: Mapped[str] = mapped_column(String(120), default="", server_default="")
    """The one site where they can judge; empty: any."""
    said_at: Mapped[datetime | None]
    """When they last said where and when they can judge."""
    accepted_at: Mapped[datetime | None]
    notice_version: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)


class JudgeQuota(Base, Keyed):
    """How many judges an institution owes: `judges` for every `per_teams` teams beyond the first `free_teams`."""

    __tablename__ = "judge_quota"
    __table_args__ = (UniqueConstraint("edition_id"),)

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    judges: Mapped[int]
    per_teams: Mapped[int]
    free_teams: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)


class JudgeDayOff(Base):
    """A day of the event on which a judge cannot come; rounds of that day do without them."""

    __tablename__ = "judge_day_off"

    judge_id: Mapped[int] = mapped_column(ForeignKey("judge.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)


class JudgeConflict(Base, Keyed):
    """A judge may not sit with this institution or this team (one of the two)."""

    __tablename__ = "judge_conflict"

    judge_id: Mapped[int] = mapped_column(ForeignKey("judge.id", ondelete="CASCADE"), index=True)
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id", ondelete="CASCADE"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(default=0)


class Arrival(Base, Keyed):
    """A team, a delegate or a judge was seen on a day of the event, or a room was ready (one of the four).

    `way` is "desk" or "self". Taking it back removes the row; the audit keeps both.
    """

    __tablename__ = "arrival"
    __table_args__ = (
        UniqueConstraint("team_id", "day"),
        UniqueConstraint("judge_id", "day"),
        UniqueConstraint("delegate_id", "day"),
        UniqueConstraint("room_id", "day"),
        CheckConstraint(
            " + ".join(
                f"(CASE WHEN {name} IS NULL THEN 0 ELSE 1 END)"
                for name in ("team_id", "judge_id", "delegate_id", "room_id")
            )
            + " = 1",
            name="one_of_four",
        ),
        Index("ix_arrival_edition_id_day", "edition_id", "day"),
    )

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    day: Mapped[date]
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"))
    judge_id: Mapped[int | None] = mapped_column(ForeignKey("judge.id", ondelete="CASCADE"))
    delegate_id: Mapped[int | None] = mapped_column(ForeignKey("delegate.id", ondelete="CASCADE"))
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    site: Mapped[str] = mapped_column(String(120), default="")
    way: Mapped[str] = mapped_column(String(8), default="desk")
    noted_at: Mapped[datetime]


class CheckInHours(Base, Keyed):
    """When people may check themselves in on a day of the event."""

    __tablename__ = "check_in_hours"
    __table_args__ = (UniqueConstraint("edition_id", "day"),)

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    day: Mapped[date]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

"""Tables of how teams get in: rules of registration, questions and answers, offered places, late registration."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Keyed, Public

OFFER_HOURS = 48


class RegistrationRules(Base):
    """How many teams an edition takes, how long an offer stands, and what a coach may do; no row means the defaults.

    `places` None: as many as the organisers accept, and nothing is offered by itself. `per_institution` None: no cap.
    """

    __tablename__ = "registration_rules"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), primary_key=True)
    places: Mapped[int | None]
    per_institution: Mapped[int | None]
    offer_hours: Mapped[int] = mapped_column(default=OFFER_HOURS)
    coach_in_room: Mapped[bool] = mapped_column(default=True)
    coach_brief: Mapped[bool] = mapped_column(default=True)
    coach_lineup: Mapped[bool] = mapped_column(default=True)
    coach_marks: Mapped[bool] = mapped_column(default=True)
    coach_feedback: Mapped[bool] = mapped_column(default=True)
    coach_protest: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)


class Question(Base, Public):
    """Something an edition asks every team or every delegate; `choices` hold one choice a line, in step with `_zh`.

    Answers to a sensitive question are deleted six months after the edition.
    """

    __tablename__ = "registration_question"
    __table_args__ = (
        CheckConstraint("audience IN ('team', 'delegate')", name="audience"),
        CheckConstraint("kind IN ('text', 'choice', 'yes_no')", name="kind"),
    )

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), index=True)
    audience: Mapped[str] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(10))
    label: Mapped[str] = mapped_column(String(300), default="")
    label_zh: Mapped[str] = mapped_column(String(300), default="")
    choices: Mapped[str] = mapped_column(Text, default="")
    choices_zh: Mapped[str] = mapped_column(Text, default="")
    is_required: Mapped[bool] = mapped_column(default=False)
    is_sensitive: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)


class Answer(Base, Keyed):
    """What a team or a delegate (one of the two) answered; a choice by its first text, yes and no by these words."""

    __tablename__ = "registration_answer"
    __table_args__ = (
        UniqueConstraint("question_id", "team_id"),
        UniqueConstraint("question_id", "delegate_id"),
        CheckConstraint("(team_id IS NULL) <> (delegate_id IS NULL)", name="one_of_two"),
    )

    question_id: Mapped[int] = mapped_column(ForeignKey("registration_question.id", ondelete="CASCADE"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"), index=True)
    delegate_id: Mapped[int | None] = mapped_column(ForeignKey("delegate.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(String(500))


class TeamOffer(Base, Public):
    """A freed place offered to a waiting team; it is open until answered, ended or past `expires_at`.

    `role` names the role that the place has, where roles are given already.
    """

    __tablename__ = "team_offer"
    __table_args__ = (
        CheckConstraint(
            "outcome IS NULL OR outcome IN ('accepted', 'declined', 'expired', 'ended')", name="outcome"
        ),
        Index(
            "uq_team_offer_open",
            "team_id",
            unique=True,
            sqlite_where=text("outcome IS NULL"),
            postgresql_where=text("outcome IS NULL"),
        ),
    )

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"))
    role: Mapped[str | None] = mapped_column(String(12))
    offered_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(10))


class LateGrant(Base, Public):
    """Leave to register one team after the deadline, given to whoever reads one address; used once."""

    __tablename__ = "late_grant"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), index=True)
    address: Mapped[str] = mapped_column(String(254))
    until: Mapped[datetime]
    granted_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    def is_usable(self, now: datetime) -> bool:
        return self.used_at is None and self.ended_at is None and now < self.until


class Substitution(Base, Keyed):
    """One delegate in another's place from a round on (by its number); both stay on the roster."""

    __tablename__ = "substitution"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"), index=True)
    out_id: Mapped[int] = mapped_column(ForeignKey("delegate.id", ondelete="CASCADE"), unique=True)
    in_id: Mapped[int] = mapped_column(ForeignKey("delegate.id", ondelete="CASCADE"), unique=True)
    from_round: Mapped[int]
    reason: Mapped[str] = mapped_column(String(500), default="")
    noted_at: Mapped[datetime]

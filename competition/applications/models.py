"""Tables of applications by person: the call, its criteria, applications, reviewers, wishes, and the teams formed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Keyed, Public


class ApplicationCall(Base, Public):
    """Whether and until when people apply alone for an edition, what they are asked, and how many are chosen."""

    __tablename__ = "application_call"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), unique=True)
    is_on: Mapped[bool] = mapped_column(default=False)
    closes_at: Mapped[datetime | None]
    asks_institution: Mapped[bool] = mapped_column(default=False)
    asks_gender: Mapped[bool] = mapped_column(default=False)
    question: Mapped[str] = mapped_column(String(500), default="")
    question_zh: Mapped[str] = mapped_column(String(500), default="")
    places: Mapped[int] = mapped_column(default=30)
    reserves: Mapped[int] = mapped_column(default=6)
    version: Mapped[int] = mapped_column(default=1)


class ReviewCriterion(Base, Public):
    """What every reviewer scores an application on: 0 to `maximum`, counted `weight` times."""

    __tablename__ = "review_criterion"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    name_zh: Mapped[str] = mapped_column(String(120), default="")
    maximum: Mapped[int] = mapped_column(default=5)
    weight: Mapped[int] = mapped_column(default=1)
    position: Mapped[int] = mapped_column(default=0)


class Application(Base, Public):
    """One person's wish to take part. `contact` is their own confirmed address once `person_id` is set."""

    __tablename__ = "application"
    __table_args__ = (
        UniqueConstraint("edition_id", "contact"),
        CheckConstraint("state IN ('applied', 'accepted', 'reserve', 'declined', 'withdrawn')", name="state"),
    )

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    contact: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(200))
    name_local: Mapped[str] = mapped_column(String(200), default="")
    institution: Mapped[str] = mapped_column(String(200), default="")
    discipline: Mapped[str] = mapped_column(String(30), default="")
    year: Mapped[str] = mapped_column(String(30), default="")
    culture: Mapped[str] = mapped_column(String(30), default="")
    experience: Mapped[str] = mapped_column(String(30), default="")
    gender: Mapped[str] = mapped_column(String(30), default="")
    motivation: Mapped[str] = mapped_column(Text, default="")
    wishes_together: Mapped[str] = mapped_column(String(800), default="")
    wishes_apart: Mapped[str] = mapped_column(String(800), default="")
    state: Mapped[str] = mapped_column(String(12), default="applied")
    reason: Mapped[str] = mapped_column(String(500), default="")
    reserve_rank: Mapped[int | None]
    notice_version: Mapped[int | None]
    delegate_id: Mapped[int | None] = mapped_column(
        ForeignKey("delegate.id", ondelete="SET NULL"), index=True
    )
    submitted_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class Reviewer(Base, Public):
    """Somebody who scores applications: an organiser (`person_id`) or a guest who was mailed a private link.

    Once `done_at` is set their scores stand, and they see those of the others.
    """

    __tablename__ = "reviewer"
    __table_args__ = (UniqueConstraint("edition_id", "contact"),)

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    contact: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(200))
    institution: Mapped[str] = mapped_column(String(200), default="")
    done_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Review(Base, Keyed):
    """What one reviewer says about one application: marks by criterion (`public_id`), or that they are in conflict."""

    __tablename__ = "review"
    __table_args__ = (UniqueConstraint("application_id", "reviewer_id"),)

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("reviewer.id", ondelete="CASCADE"), index=True)
    marks: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    comment: Mapped[str] = mapped_column(Text, default="")
    is_conflict: Mapped[bool] = mapped_column(default=False)
    saved_at: Mapped[datetime]


class PairWish(Base, Public):
    """The organisers want two applicants in one team, or not in one; hard ones are kept or nothing is formed."""

    __tablename__ = "pair_wish"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id"),
        CheckConstraint("kind IN ('together', 'apart')", name="kind"),
    )

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), index=True)
    first_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    second_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    is_hard: Mapped[bool] = mapped_column(default=False)


class TeamPlan(Base, Public):
    """The teams being formed: a draft that can be changed and taken back until it is confirmed.

    `placement` is application `public_id` -> number of the team from 0; `undo` holds what each change replaced.
    """

    __tablename__ = "team_plan"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), unique=True)
    teams: Mapped[int]
    seed: Mapped[int]
    engine: Mapped[str] = mapped_column(String(40), default="")
    weights: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    placement: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    locked: Mapped[list[str]] = mapped_column(JSON, default=list)
    names: Mapped[list[str]] = mapped_column(JSON, default=list)
    undo: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    confirmed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

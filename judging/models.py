"""Tables of judging: the rubric, scoresheets, marks, stored standings, awards."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Keyed, Public


class Criterion(Base, Public):
    """One line of the edition's rubric, marked for the team or for each delegate.

    `anchors` say what some marks mean: {"mark": "9", "text": English, "text_zh": Chinese}, from the lowest up.
    Where `may_be_unobserved`, a judge may say that there was nothing to see instead of giving a mark.
    """

    __tablename__ = "criterion"
    __table_args__ = (
        UniqueConstraint("edition_id", "code"),
        CheckConstraint("target IN ('team', 'delegate')", name="target"),
    )

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(200), default="")
    name_zh: Mapped[str] = mapped_column(String(200), default="")
    target: Mapped[str] = mapped_column(String(10))
    minimum: Mapped[Decimal]
    maximum: Mapped[Decimal]
    step: Mapped[Decimal | None]
    weight: Mapped[Decimal] = mapped_column(default=Decimal(1))
    session: Mapped[str] = mapped_column(String(120), default="")
    position: Mapped[int] = mapped_column(default=0)
    anchors: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list, server_default="[]")
    may_be_unobserved: Mapped[bool] = mapped_column(default=False, server_default=false())


class Scoresheet(Base, Public):
    """One judge's marks for one table. A sheet that is reopened is superseded by a copy in state draft.

    `revision` counts the saves (two phones of one judge notice each other by it), `saved_from` names the open page
    that saved last (it never conflicts with itself), `absent` lists the delegates who,
    by this sheet, did not take part, `entered_by` is the organiser who typed a paper sheet in, `checked_by` the
    second person who compared it with the paper. `submission_key` is the form key with which the sheet was received:
    the same key again is the same sheet. `unobserved` lists [team, delegate or null, criterion] without a mark because
    there was nothing to see; `remarks` hold, by team, the judge's private "note" and the "feedback" to the team.
    """

    __tablename__ = "scoresheet"
    __table_args__ = (
        UniqueConstraint("table_id", "judge_id", "version"),
        CheckConstraint("state IN ('draft', 'submitted', 'confirmed', 'waived', 'superseded')", name="state"),
        Index(
            "uq_scoresheet_live",
            "table_id",
            "judge_id",
            unique=True,
            sqlite_where=text("state != 'superseded'"),
            postgresql_where=text("state != 'superseded'"),
        ),
    )

    table_id: Mapped[int] = mapped_column(ForeignKey("negotiation_table.id", ondelete="CASCADE"))
    judge_id: Mapped[int] = mapped_column(ForeignKey("judge.id"), index=True)
    state: Mapped[str] = mapped_column(String(12), default="draft")
    version: Mapped[int] = mapped_column(default=1)
    revision: Mapped[int] = mapped_column(default=0)
    saved_from: Mapped[str] = mapped_column(String(40), default="")
    reason: Mapped[str] = mapped_column(String(500), default="")
    absent: Mapped[list[int]] = mapped_column(JSON, default=list)
    unobserved: Mapped[list[list[int | None]]] = mapped_column(JSON, default=list, server_default="[]")
    remarks: Mapped[dict[str, dict[str, str]]] = mapped_column(JSON, default=dict, server_default="{}")
    entered_by: Mapped[int | None]
    checked_by: Mapped[int | None]
    submission_key: Mapped[str] = mapped_column(String(64), default="", server_default="")
    saved_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]


class Mark(Base, Keyed):
    """One number a judge gave a team, or one of its delegates, on one criterion."""

    __tablename__ = "mark"
    __table_args__ = (
        Index(
            "uq_mark_team",
            "scoresheet_id",
            "team_id",
            "criterion_id",
            unique=True,
            sqlite_where=text("delegate_id IS NULL"),
            postgresql_where=text("delegate_id IS NULL"),
        ),
        Index(
            "uq_mark_delegate",
            "scoresheet_id",
            "delegate_id",
            "criterion_id",
            unique=True,
            sqlite_where=text("delegate_id IS NOT NULL"),
            postgresql_where=text("delegate_id IS NOT NULL"),
        ),
    )

    scoresheet_id: Mapped[int] = mapped_column(ForeignKey("scoresheet.id", ondelete="CASCADE"))
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    delegate_id: Mapped[int | None] = mapped_column(ForeignKey("delegate.id"))
    criterion_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"))
    mark: Mapped[Decimal]


class StandingsSnapshot(Base, Public):
    """Standings as they were worked out at one moment; nothing in them ever changes, publishing is choosing one.

    `tables` holds "overall", "division:<code>" and "role:<role>", each a list of rows as shown (rank, team, names,
    exact values as text).
    """

    __tablename__ = "standings_snapshot"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), index=True)
    after_round: Mapped[int]
    metrics: Mapped[str] = mapped_column(String(200))
    notes: Mapped[list[str]] = mapped_column(JSON, default=list)
    tables: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    created_by: Mapped[int | None]
    published_at: Mapped[datetime | None]
    is_published: Mapped[bool] = mapped_column(default=False)


class Award(Base, Keyed):
    """What is given to a team, delegate or coach, in words, as everybody may know it.

    Awards that were decided here also name their team and delegate, and the line of the awards they came from;
    imported ones have the words alone.
    """

    __tablename__ = "award"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), index=True)
    award: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(60), default="")
    winner: Mapped[str] = mapped_column(String(200), default="")
    reason: Mapped[str] = mapped_column(String(500), default="")
    position: Mapped[int] = mapped_column(default=0)
    award_zh: Mapped[str] = mapped_column(String(200), default="")
    line_id: Mapped[int | None] = mapped_column(ForeignKey("award_line.id", ondelete="SET NULL"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id", ondelete="SET NULL"), index=True)
    delegate_id: Mapped[int | None] = mapped_column(
        ForeignKey("delegate.id", ondelete="SET NULL"), index=True
    )

"""Tables of judging: the rubric, scoresheets, marks, what is around them, stored standings, awards."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false, text
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


class RubricVersion(Base, Keyed):
    """The whole rubric as it was after one change: what every criterion said, who changed it and when."""

    __tablename__ = "rubric_version"
    __table_args__ = (UniqueConstraint("edition_id", "number"),)

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    number: Mapped[int]
    criteria: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None]


class Scoresheet(Base, Public):
    """One judge's marks for one table. A sheet that is reopened is superseded by a copy in state draft.

    `revision` counts the saves (two phones of one judge notice each other by it), `saved_from` names the open page
    that saved last (it never conflicts with itself), `absent` lists the delegates who,
    by this sheet, did not take part, `entered_by` is the organiser who typed a paper sheet in, `checked_by` the
    second person who compared it with the paper. `submission_key` is the form key with which the sheet was received:
    the same key again is the same sheet. `unobserved` lists [team, delegate or null, criterion] without a mark because
    there was nothing to see; `remarks` hold, by team, the judge's private "note" and the "feedback" to the team;
    `nominations` the delegate named for each award, by the keys of both (rows of their own once it is submitted).
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
    nominations: Mapped[dict[str, int]] = mapped_column(JSON, default=dict, server_default="{}")
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


class Recusal(Base, Public):
    """A judge steps back from one table and says why; the organisers find somebody else or ask the judge again."""

    __tablename__ = "recusal"
    __table_args__ = (UniqueConstraint("table_id", "judge_id"),)

    table_id: Mapped[int] = mapped_column(ForeignKey("negotiation_table.id", ondelete="CASCADE"))
    judge_id: Mapped[int] = mapped_column(ForeignKey("judge.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(String(500))
    recused_at: Mapped[datetime]


class SheetReminder(Base, Keyed):
    """A judge was reminded by mail of the sheet of one table."""

    __tablename__ = "sheet_reminder"

    table_id: Mapped[int] = mapped_column(ForeignKey("negotiation_table.id", ondelete="CASCADE"), index=True)
    judge_id: Mapped[int] = mapped_column(ForeignKey("judge.id", ondelete="CASCADE"), index=True)
    sent_at: Mapped[datetime]
    sent_by: Mapped[int | None]


class FeedbackRelease(Base, Keyed):
    """From this moment on teams read what the judges of a round wrote to them."""

    __tablename__ = "feedback_release"
    __table_args__ = (UniqueConstraint("round_id"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    released_at: Mapped[datetime]
    released_by: Mapped[int | None]


class JudgingRules(Base, Keyed):
    """How an edition runs its sheets: minutes after a round's start when a sheet is late."""

    __tablename__ = "judging_rules"
    __table_args__ = (UniqueConstraint("edition_id"),)

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    sheet_minutes: Mapped[int] = mapped_column(default=240)


class Calibration(Base, Public):
    """A practice table that every judge of an edition marks before round 1; nothing of it enters any result.

    `parties` name the four imaginary teams by role.
    """

    __tablename__ = "calibration"
    __table_args__ = (
        UniqueConstraint("edition_id"),
        CheckConstraint("state IN ('draft', 'open', 'closed')", name="state"),
    )

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text, default="")
    text_zh: Mapped[str] = mapped_column(Text, default="")
    parties: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(String(10), default="draft")
    version: Mapped[int] = mapped_column(default=1)


class CalibrationSheet(Base, Keyed):
    """One judge's marks of the practice table: `marks` hold "role.criterion key" and the mark as text."""

    __tablename__ = "calibration_sheet"
    __table_args__ = (UniqueConstraint("calibration_id", "judge_id"),)

    calibration_id: Mapped[int] = mapped_column(ForeignKey("calibration.id", ondelete="CASCADE"))
    judge_id: Mapped[int] = mapped_column(ForeignKey("judge.id", ondelete="CASCADE"), index=True)
    marks: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    submitted_at: Mapped[datetime]


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


class DelegateRanking(Base, Keyed):
    """The best delegates as everybody may see them: `ranks` lists (delegate, rank, whether it is shared), best first.

    Names are read where they are shown, so that a person who goes takes their name along.
    """

    __tablename__ = "delegate_ranking"
    __table_args__ = (UniqueConstraint("edition_id"),)

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    ranks: Mapped[list[list[Any]]] = mapped_column(JSON)
    published_at: Mapped[datetime]


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

"""Tables of the rounds: draw versions, tables, seats, panels, outcomes, and results as facts."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, deferred, mapped_column

from core.db import Base, Keyed, Public

ROLE_CHECK = "role IN ('government', 'enterprise', 'local_ngo', 'igo')"


class Round(Base, Keyed):
    """Everybody negotiates once. The state of its draw is that of its live draw version, if it has one."""

    __tablename__ = "round"
    __table_args__ = (
        UniqueConstraint("edition_id", "number"),
        CheckConstraint("stage IN ('preliminary', 'elimination')", name="stage"),
        CheckConstraint("results_state IN ('open', 'confirmed', 'published')", name="results_state"),
    )

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(200), default="")
    name_zh: Mapped[str] = mapped_column(String(200), default="")
    stage: Mapped[str] = mapped_column(String(12))
    division_id: Mapped[int | None] = mapped_column(ForeignKey("division.id"))
    weight: Mapped[Decimal] = mapped_column(default=Decimal(1))
    starts_at: Mapped[datetime | None]
    results_state: Mapped[str] = mapped_column(String(10), default="open")
    draw_method: Mapped[str] = mapped_column(String(20), default="")
    draw_preset: Mapped[str] = mapped_column(String(20), default="")
    draw_options: Mapped[str] = mapped_column(String(400), default="")
    draw_seed: Mapped[int | None] = mapped_column(BigInteger)
    draw_engine: Mapped[str] = mapped_column(String(60), default="")
    version: Mapped[int] = mapped_column(default=1)


class RoleLotRecord(Base, Keyed):
    """One lot of roles of a fixed edition with its proof; the newest counts, and may be published.

    `lines` holds, per team in its order: team, institution, wishes (roles, the dearest first), role, regret (steps
    down its wishes) and whether it kept an earlier role.
    """

    __tablename__ = "role_lot"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), index=True)
    made_at: Mapped[datetime]
    seed: Mapped[int]
    total_regret: Mapped[int]
    least_regret: Mapped[int]
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    is_published: Mapped[bool] = mapped_column(default=False)


class Draw(Base, Public):
    """One version of a round's draw. One is live; a draft that is drawn again becomes `superseded`.

    `problem` is what the engine was asked (format 1 of the contract, with names for ids), so that anybody who may
    have it can make the same draw again.
    """

    __tablename__ = "draw"
    __table_args__ = (
        UniqueConstraint("round_id", "version"),
        CheckConstraint("state IN ('draft', 'confirmed', 'released', 'superseded')", name="state"),
        Index(
            "uq_draw_live",
            "round_id",
            unique=True,
            sqlite_where=text("state != 'superseded'"),
            postgresql_where=text("state != 'superseded'"),
        ),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(12), default="draft")
    method: Mapped[str] = mapped_column(String(20), default="")
    preset: Mapped[str] = mapped_column(String(20), default="")
    options: Mapped[str] = mapped_column(String(400), default="")
    seed: Mapped[int | None] = mapped_column(BigInteger)
    engine: Mapped[str] = mapped_column(String(60), default="")
    report: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    problem: Mapped[dict[str, Any] | None] = deferred(mapped_column(JSON))
    created_at: Mapped[datetime]
    released_at: Mapped[datetime | None]


class NegotiationTable(Base, Public):
    """A table of one draw version ("table" on screen); `name` is unique in the draw."""

    __tablename__ = "negotiation_table"
    __table_args__ = (UniqueConstraint("draw_id", "name"), UniqueConstraint("id", "draw_id"))

    draw_id: Mapped[int] = mapped_column(ForeignKey("draw.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(60))
    position: Mapped[int] = mapped_column(default=0)
    bracket: Mapped[str] = mapped_column(String(60), default="")
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"), index=True)
    is_locked: Mapped[bool] = mapped_column(default=False)


class DrawChange(Base, Keyed):
    """One change by hand to a draw that is not released: the tables as they were before it, for taking it back.

    `before` lists, per table, its key, seats, panel, room and lock; `label` is what was done, in words of names only.
    """

    __tablename__ = "draw_change"

    draw_id: Mapped[int] = mapped_column(ForeignKey("draw.id", ondelete="CASCADE"), index=True)
    round_version: Mapped[int]
    made_at: Mapped[datetime]
    person_id: Mapped[int | None]
    label: Mapped[str] = mapped_column(String(400))
    before: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class Seat(Base, Keyed):
    """(table, role) -> team; no team is a declared vacancy."""

    __tablename__ = "seat"
    __table_args__ = (
        UniqueConstraint("draw_id", "team_id"),
        UniqueConstraint("table_id", "role"),
        CheckConstraint(ROLE_CHECK, name="role"),
        ForeignKeyConstraint(
            ["table_id", "draw_id"], ["negotiation_table.id", "negotiation_table.draw_id"], ondelete="CASCADE"
        ),
    )

    draw_id: Mapped[int]
    table_id: Mapped[int]
    role: Mapped[str] = mapped_column(String(12))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)


class PanelJudge(Base, Keyed):
    """A judge's place on the panel of a table; at most one chair a table."""

    __tablename__ = "panel_judge"
    __table_args__ = (
        UniqueConstraint("table_id", "judge_id"),
        CheckConstraint("position IN ('chair', 'panellist', 'trainee')", name="position"),
        Index(
            "uq_panel_judge_chair",
            "table_id",
            unique=True,
            sqlite_where=text("position = 'chair'"),
            postgresql_where=text("position = 'chair'"),
        ),
    )

    table_id: Mapped[int] = mapped_column(ForeignKey("negotiation_table.id", ondelete="CASCADE"))
    judge_id: Mapped[int] = mapped_column(ForeignKey("judge.id"), index=True)
    position: Mapped[str] = mapped_column(String(12))


class PreformedPanel(Base, Public):
    """Judges who were put together once and are seated as one panel in every round."""

    __tablename__ = "preformed_panel"
    __table_args__ = (UniqueConstraint("edition_id", "name"),)

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(60))
    version: Mapped[int] = mapped_column(default=1)


class PreformedJudge(Base, Keyed):
    """A judge's place on a preformed panel; nobody is on two."""

    __tablename__ = "preformed_judge"
    __table_args__ = (
        UniqueConstraint("judge_id"),
        CheckConstraint("position IN ('chair', 'panellist', 'trainee')", name="position"),
    )

    panel_id: Mapped[int] = mapped_column(ForeignKey("preformed_panel.id", ondelete="CASCADE"), index=True)
    judge_id: Mapped[int] = mapped_column(ForeignKey("judge.id", ondelete="CASCADE"))
    position: Mapped[str] = mapped_column(String(12))


class Outcome(Base, Keyed):
    """What happened at a seat where it was not simply played."""

    __tablename__ = "outcome"
    __table_args__ = (
        UniqueConstraint("round_id", "team_id"),
        CheckConstraint("outcome IN ('late', 'absent', 'left')", name="outcome"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), index=True)
    outcome: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(500), default="")


class Absence(Base, Keyed):
    """A team, a judge or a room (one of the three) is not to be counted on in one round."""

    __tablename__ = "absence"
    __table_args__ = (
        UniqueConstraint("round_id", "team_id"),
        UniqueConstraint("round_id", "judge_id"),
        UniqueConstraint("round_id", "room_id"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"), index=True)
    judge_id: Mapped[int | None] = mapped_column(ForeignKey("judge.id", ondelete="CASCADE"), index=True)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(String(300), default="")
    noted_at: Mapped[datetime]


class Lineup(Base, Keyed):
    """Whether a delegate took part, where it differs from the whole team."""

    __tablename__ = "lineup"
    __table_args__ = (UniqueConstraint("round_id", "delegate_id"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    delegate_id: Mapped[int] = mapped_column(ForeignKey("delegate.id"), index=True)
    took_part: Mapped[bool]


class Penalty(Base, Public):
    """Marks taken from a team's table score in one round."""

    __tablename__ = "penalty"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    amount: Mapped[Decimal]
    reason: Mapped[str] = mapped_column(String(500), default="")


class TableResult(Base, Keyed):
    """One confirmed version of a table's outcome; a correction supersedes it, nothing is edited.

    `source` is "sheets" (worked out from scoresheets) or "given" (an imported `Results` row, authoritative).
    """

    __tablename__ = "table_result"
    __table_args__ = (
        UniqueConstraint("table_id", "version"),
        CheckConstraint("source IN ('sheets', 'given')", name="source"),
        Index(
            "uq_table_result_live",
            "table_id",
            unique=True,
            sqlite_where=text("is_live"),
            postgresql_where=text("is_live"),
        ),
    )

    table_id: Mapped[int] = mapped_column(ForeignKey("negotiation_table.id", ondelete="CASCADE"))
    version: Mapped[int]
    is_live: Mapped[bool] = mapped_column(default=True)
    source: Mapped[str] = mapped_column(String(10))
    confirmed_at: Mapped[datetime]
    confirmed_by: Mapped[int | None]


class TeamResult(Base, Keyed):
    """A team's place, score and points at a table, in one version of the table's result."""

    __tablename__ = "team_result"
    __table_args__ = (UniqueConstraint("table_result_id", "team_id"),)

    table_result_id: Mapped[int] = mapped_column(ForeignKey("table_result.id", ondelete="CASCADE"))
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), index=True)
    role: Mapped[str] = mapped_column(String(12))
    rank: Mapped[int | None]
    is_shared: Mapped[bool] = mapped_column(default=False)
    score: Mapped[Decimal | None]
    points: Mapped[Decimal]
    advances: Mapped[bool | None]

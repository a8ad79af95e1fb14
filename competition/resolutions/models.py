"""Tables of resolutions: one per table, every text of it kept, the confirmations of each text, a round's window."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Keyed, Public

ROLE_CHECK = "role IN ('government', 'enterprise', 'local_ngo', 'igo')"


class Resolution(Base, Public):
    """What one table settled; `version` names the text that counts."""

    __tablename__ = "resolution"

    table_id: Mapped[int] = mapped_column(ForeignKey("negotiation_table.id", ondelete="CASCADE"), unique=True)
    version: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]


class ResolutionText(Base, Keyed):
    """One text of a resolution, never changed. `items` lists, issue by issue and in the words of that moment:
    code, name, name_zh, state (empty while nothing was said), option (its place in the case's list, or none),
    option_en, option_zh, terms.
    """

    __tablename__ = "resolution_text"
    __table_args__ = (
        UniqueConstraint("resolution_id", "version"),
        CheckConstraint("outcome IN ('agreement', 'impasse')", name="outcome"),
    )

    resolution_id: Mapped[int] = mapped_column(ForeignKey("resolution.id", ondelete="CASCADE"))
    version: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(12), default="agreement")
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    remark: Mapped[str] = mapped_column(Text, default="")
    role: Mapped[str] = mapped_column(String(12))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id", ondelete="SET NULL"), index=True)
    written_at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(index=True)
    link_id: Mapped[int | None]


class ResolutionSignature(Base, Keyed):
    """A seat's word on one text: that it is what was agreed, or that it is not. It says nothing of any other text."""

    __tablename__ = "resolution_signature"
    __table_args__ = (
        UniqueConstraint("resolution_id", "version", "role"),
        CheckConstraint(ROLE_CHECK, name="role"),
    )

    resolution_id: Mapped[int] = mapped_column(ForeignKey("resolution.id", ondelete="CASCADE"))
    version: Mapped[int]
    role: Mapped[str] = mapped_column(String(12))
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"), index=True)
    is_confirmed: Mapped[bool]
    remark: Mapped[str] = mapped_column(String(500), default="")
    signed_at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(index=True)
    link_id: Mapped[int | None]


class ResolutionWindow(Base, Keyed):
    """From when until when the tables of a round may write; without a row, from the release until the result."""

    __tablename__ = "resolution_window"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), unique=True)
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]

"""Tables of cases: the scenario, its issues, a confidential brief per role in revisions, files, and who opened what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column

from core.db import Base, Keyed, Public

ROLE_CHECK = "role IN ('government', 'enterprise', 'local_ngo', 'igo')"


class Case(Base, Public):
    """A scenario to be negotiated: what everybody may read, in both languages, as text with markup.

    `issues` lists what is to be agreed: code, name, name_zh, options (each with `en` and `zh`).
    """

    __tablename__ = "negotiation_case"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    title_zh: Mapped[str] = mapped_column(String(200), default="")
    background: Mapped[str] = mapped_column(Text, default="")
    background_zh: Mapped[str] = mapped_column(Text, default="")
    session_plan: Mapped[str] = mapped_column(Text, default="")
    session_plan_zh: Mapped[str] = mapped_column(Text, default="")
    issues: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class Brief(Base, Public):
    """One revision of a role's confidential brief; the highest revision is read, earlier ones are kept."""

    __tablename__ = "brief"
    __table_args__ = (
        UniqueConstraint("case_id", "role", "revision"),
        CheckConstraint(ROLE_CHECK, name="role"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("negotiation_case.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(12))
    revision: Mapped[int]
    party: Mapped[str] = mapped_column(String(200), default="")
    party_zh: Mapped[str] = mapped_column(String(200), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    body_zh: Mapped[str] = mapped_column(Text, default="")
    written_at: Mapped[datetime]
    written_by: Mapped[int | None]


class CaseFile(Base, Public):
    """A file that belongs to the public part of a case (`role` None) or to the brief of one role."""

    __tablename__ = "case_file"
    __table_args__ = (CheckConstraint(f"role IS NULL OR {ROLE_CHECK}", name="role"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("negotiation_case.id", ondelete="CASCADE"), index=True)
    role: Mapped[str | None] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(120))
    mimetype: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    data: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    added_at: Mapped[datetime]


class RoundCase(Base, Keyed):
    """Which case a round negotiates, and when it may be read: by hand (`released_at`) or by time (`release_at`)."""

    __tablename__ = "round_case"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("negotiation_case.id"), index=True)
    release_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    judges_read: Mapped[bool] = mapped_column(default=False)
    coaches_read: Mapped[bool] = mapped_column(default=False)


class BriefOpening(Base, Keyed):
    """Somebody read a brief or fetched one of its files."""

    __tablename__ = "brief_opening"

    brief_id: Mapped[int] = mapped_column(ForeignKey("brief.id", ondelete="CASCADE"), index=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int | None]
    link_id: Mapped[int | None]
    reader: Mapped[str] = mapped_column(String(200), default="")
    file_name: Mapped[str] = mapped_column(String(120), default="")
    opened_at: Mapped[datetime]

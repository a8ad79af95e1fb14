"""Tables of lists from elsewhere: an uploaded list with everything decided about it, and columns remembered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column

from core.db import Base, Keyed, Public


class RosterList(Base, Public):
    """A list somebody uploaded. Nothing of it counts before it is applied, and nothing typed about it is lost.

    `rows` is the grid as it was, `columns` says what each column is, `changes` holds what was typed over
    (`"row:column"` -> text), `skipped` the rows left out, `decisions` what is the same as what.
    """

    __tablename__ = "roster_list"
    __table_args__ = (
        CheckConstraint("kind IN ('teams', 'institutions', 'judges', 'applicants')", name="kind"),
        CheckConstraint("state IN ('draft', 'applied')", name="state"),
    )

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int | None]
    kind: Mapped[str] = mapped_column(String(20))
    file_name: Mapped[str] = mapped_column(String(200))
    sheet: Mapped[str] = mapped_column(String(120), default="")
    state: Mapped[str] = mapped_column(String(10), default="draft")
    header_row: Mapped[int] = mapped_column(default=0)
    columns: Mapped[list[str]] = mapped_column(JSON, default=list)
    rows: Mapped[list[list[str]]] = deferred(mapped_column(JSON, default=list))
    formulas: Mapped[list[list[int]]] = mapped_column(JSON, default=list)
    changes: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    skipped: Mapped[list[int]] = mapped_column(JSON, default=list)
    decisions: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    result: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    brought: Mapped[list[list[Any]]] = mapped_column(JSON, default=list, server_default="[]")
    """Whom it brought in: [delegate, judge or application; key; whether they were looked at for an invitation]."""
    created_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class ColumnMemory(Base, Keyed):
    """What the columns with these headers were said to be in this edition, for the next list like it."""

    __tablename__ = "column_memory"
    __table_args__ = (UniqueConstraint("edition_id", "kind", "headers"),)

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    headers: Mapped[str] = mapped_column(String(64))
    columns: Mapped[list[str]] = mapped_column(JSON, default=list)

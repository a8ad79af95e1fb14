"""Tables of the analysis: changes of the policy for adjusted scores after the first sheet."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Public


class PolicyChange(Base, Public):
    """What one organiser proposed and, once `confirmed_by` is set, another one agreed to; never edited after that.

    At most one proposal of an edition is open. The `reason` is published beside the standings.
    """

    __tablename__ = "policy_change"
    __table_args__ = (
        Index(
            "uq_policy_change_open",
            "edition_id",
            unique=True,
            sqlite_where=text("confirmed_at IS NULL"),
            postgresql_where=text("confirmed_at IS NULL"),
        ),
    )

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), index=True)
    standings_metrics: Mapped[str] = mapped_column(String(200))
    elimination_basis: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(500))
    proposed_by: Mapped[int]
    proposed_at: Mapped[datetime]
    confirmed_by: Mapped[int | None]
    confirmed_at: Mapped[datetime | None]

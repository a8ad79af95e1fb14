"""Tables of the tab room's own."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, deferred, mapped_column

from core.db import Base, Keyed


class PaperPack(Base, Keyed):
    """The newest paper pack of a round: what a tab room needs when every screen is dark."""

    __tablename__ = "paper_pack"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), unique=True)
    made_at: Mapped[datetime]
    locale: Mapped[str] = mapped_column(String(10))
    draw_version: Mapped[int]
    data: Mapped[bytes] = deferred(mapped_column(LargeBinary))


class KeptFile(Base, Keyed):
    """A workbook that waits for a job or a download. Whoever has its token has it: only the job knows it."""

    __tablename__ = "kept_file"

    token: Mapped[str] = mapped_column(String(32), unique=True)
    kept_at: Mapped[datetime] = mapped_column(index=True)
    data: Mapped[bytes] = mapped_column(LargeBinary, nullable=False, deferred=True)

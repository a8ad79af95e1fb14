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

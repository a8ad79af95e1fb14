"""Counters that say "something changed here", bumped by the writing transaction and used in ETags and caches."""

from __future__ import annotations

from typing import Any

from sqlalchemy import String, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, db


class Revision(Base):
    """The number of changes in one scope so far."""

    __tablename__ = "revision"

    scope: Mapped[str] = mapped_column(String(80), primary_key=True)
    number: Mapped[int] = mapped_column(default=0)


def bump(scope: str) -> None:
    """Count one more change of `scope` in the current transaction."""
    dialect: Any = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    first = dialect.insert(Revision).values(scope=scope, number=1)
    db.session.execute(
        first.on_conflict_do_update(index_elements=[Revision.scope], set_={"number": Revision.number + 1})
    )


def current(scope: str) -> int:
    """The counter of `scope`; 0 when nothing ever changed."""
    return db.session.scalar(select(Revision.number).where(Revision.scope == scope)) or 0

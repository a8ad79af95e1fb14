"""Counters that say "something changed here", bumped by the writing transaction and used in ETags and caches."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import String, bindparam, select
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
    db.session.execute(_counting(db.session.get_bind().dialect.name), {"scope": scope})


@cache
def _counting(dialect: str) -> Any:
    """The statement of `bump`: building it takes longer than running it."""
    kind: Any = postgresql if dialect == "postgresql" else sqlite
    first = kind.insert(Revision).values(scope=bindparam("scope"), number=1)
    return first.on_conflict_do_update(index_elements=[Revision.scope], set_={"number": Revision.number + 1})


def current(scope: str) -> int:
    """The counter of `scope`; 0 when nothing ever changed."""
    return db.session.scalar(select(Revision.number).where(Revision.scope == scope)) or 0

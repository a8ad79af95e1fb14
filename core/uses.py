"""Whether other rows still refer to a row, so that its removal is refused with the reason instead of an error."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Table, or_, select

from core.db import Base, db
from core.errors import Conflict


def find_use(row: Base, reasons: Mapping[str, str]) -> str | None:
    """The reason that belongs to the first of these tables (by name) with a row that refers to `row`.

    A reason is English source text with a place for the `%(name)s` of what is to be removed.
    """
    for name, reason in reasons.items():
        if _refers(db.metadata.tables[name], row):
            return reason
    return None


def refuse_if_used(row: Base, name: str, reasons: Mapping[str, str]) -> None:
    """Raise Conflict with the reason why `row`, called `name`, stays."""
    if (reason := find_use(row, reasons)) is not None:
        raise Conflict(reason, name=name)


def _refers(table: Table, row: Base) -> bool:
    target = row.__table__
    columns = [key.parent for key in table.foreign_keys if key.column.table is target]
    found = select(*table.primary_key.columns).where(or_(*(column == row.id for column in columns)))  # type: ignore[attr-defined]
    return db.session.execute(found.limit(1)).first() is not None

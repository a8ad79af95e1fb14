"""Whether other rows still refer to a row, so that its removal is refused with the reason instead of an error."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import ForeignKey, Table, or_, select

from core.db import Base, db
from core.errors import Conflict
from core.localised import N_

GOES_WITH_IT = ("CASCADE", "SET NULL")
OTHERWISE = N_("%(name)s is used elsewhere and stays.")


def find_use(row: Base, reasons: Mapping[str, str]) -> str | None:
    """Why `row` cannot be removed: the reason of the first of these tables (by name) with a row that refers to it.

    Tables without a reason of their own keep `row` too, unless their rows go with it (ON DELETE). A reason is
    English source text with a place for the `%(name)s` of what is to be removed.
    """
    keeping = [table.name for table in db.metadata.sorted_tables if _keeps(table, row)]
    for name in dict.fromkeys([*reasons, *keeping]):
        if _refers(db.metadata.tables[name], row):
            return reasons.get(name, OTHERWISE)
    return None


def refuse_if_used(row: Base, name: str, reasons: Mapping[str, str]) -> None:
    """Raise Conflict with the reason why `row`, called `name`, stays."""
    if (reason := find_use(row, reasons)) is not None:
        raise Conflict(reason, name=name)


def _keeps(table: Table, row: Base) -> bool:
    """Whether the database would refuse to delete a row that this table refers to."""
    return any(key.ondelete not in GOES_WITH_IT for key in _keys(table, row))


def _refers(table: Table, row: Base) -> bool:
    columns = [key.parent for key in _keys(table, row)]
    found = select(*table.primary_key.columns).where(or_(*(column == row.id for column in columns)))  # type: ignore[attr-defined]
    return db.session.execute(found.limit(1)).first() is not None


def _keys(table: Table, row: Base) -> list[ForeignKey]:
    return [key for key in table.foreign_keys if key.column.table is row.__table__]

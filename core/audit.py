"""The append-only record of who did what to which thing, written in the same transaction as the deed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, inspect
from sqlalchemy.orm import Mapped, mapped_column

from core.access import Actor
from core.db import Base, Keyed, db, utc_now


class AuditEntry(Base, Keyed):
    """One deed. `person_id` is no foreign key: erasure empties it and leaves the record whole."""

    __tablename__ = "audit_entry"

    at: Mapped[datetime] = mapped_column(index=True)
    person_id: Mapped[int | None] = mapped_column(index=True)
    link_id: Mapped[int | None]
    verb: Mapped[str] = mapped_column(String(64))
    thing: Mapped[str] = mapped_column(String(64))
    thing_id: Mapped[int | None]
    scope: Mapped[str] = mapped_column(String(40), default="", index=True)
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


def record(
    actor: Actor,
    verb: str,
    thing: str,
    thing_id: int | None,
    *,
    scope: str = "",
    details: Mapping[str, Any] | None = None,
    personal: Iterable[str] = (),
) -> None:
    """Add one entry. `personal` names changed columns that hold personal data: named, never valued."""
    entry = dict(details or {})
    if named := sorted(personal):
        entry["personal"] = named
    db.session.add(
        AuditEntry(
            at=utc_now(),
            person_id=actor.person_id,
            link_id=actor.link_id,
            verb=verb,
            thing=thing,
            thing_id=thing_id,
            scope=scope,
            details=entry,
        )
    )


def columns_of(row: Base) -> dict[str, Any]:
    """What a row's columns hold now, to tell afterwards what changed; nothing for a row that is not stored yet."""
    state = inspect(row)
    if not state.has_identity:
        return {}
    names = [attribute.key for attribute in state.mapper.column_attrs]
    return {name: getattr(row, name) for name in names if name != "version"}


def changed_columns(row: Base, before: Mapping[str, Any]) -> list[str]:
    """The names of the columns that no longer hold what they held."""
    return sorted(name for name, value in before.items() if getattr(row, name) != value)


def edition_scope(edition_id: int) -> str:
    """The scope word of everything that belongs to an edition."""
    return f"edition:{edition_id}"

"""Rows of one edition written again for another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, insert, select

from core.db import db

Change = Callable[[Mapping[str, Any]], dict[str, Any]]


def all_of(table: Any) -> tuple[str, ...]:
    """Every column but the keys and the edition."""
    return tuple(
        column.name for column in table.columns if column.name not in ("id", "public_id", "edition_id")
    )


def copy_rows(
    table: Any, condition: ColumnElement[bool], columns: tuple[str, ...], change: Change
) -> dict[int, int]:
    """Insert the rows again with these columns and what `change` says; returns old key -> new key."""
    has_key = "id" in table.c
    query = select(table).where(condition).order_by(*table.primary_key.columns)
    rows = db.session.execute(query).mappings().all()
    if not rows:
        return {}
    values = [{**{name: row[name] for name in columns}, **change(dict(row))} for row in rows]
    if not has_key:
        db.session.execute(insert(table), values)
        return {}
    keys = db.session.scalars(insert(table).returning(table.c.id, sort_by_parameter_order=True), values)
    return dict(zip([row["id"] for row in rows], keys, strict=True))

"""The tables that a workbook fills and reads, by name, and writing to them in bulk.

An import writes tens of thousands of rows that belong to several rooms in one transaction. It does so here, with
plain inserts, instead of through the rooms' services, which work one thing at a time (docs/workbook-import.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Table, delete, insert, select, update

from core.db import db, new_public_id
from tabroom.workbook.values import name_text

CHUNK = 2_000
"""Rows handed over at once; the driver prepares one statement for all."""
IDS = 400
"""Keys in one IN list, well under SQLite's limit of variables."""


def table(name: str) -> Table:
    """The table with this name."""
    return db.metadata.tables[name]


def insert_rows(name: str, rows: Iterable[Mapping[str, Any]]) -> int:
    """Insert all rows, in their order; returns how many. Public ids are made here."""
    target, remaining, count = table(name), iter(rows), 0
    is_public = "public_id" in target.c
    while part := list(islice(remaining, CHUNK)):
        filled = [{"public_id": new_public_id(), **row} for row in part] if is_public else part
        db.session.execute(insert(target), filled)
        count += len(part)
    return count


def update_row(name: str, key: int, values: Mapping[str, Any]) -> None:
    """Change one row by its key."""
    target = table(name)
    db.session.execute(update(target).where(target.c.id == key).values(**values))


def delete_where(name: str, column: str, keys: Sequence[int]) -> None:
    """Delete the rows whose `column` is one of `keys`."""
    target = table(name)
    for part in chunks(keys):
        db.session.execute(delete(target).where(target.c[column].in_(part)))


def chunks(keys: Sequence[int]) -> Iterable[Sequence[int]]:
    """The keys in parts that fit into one IN list."""
    return (keys[start : start + IDS] for start in range(0, len(keys), IDS))


def ids_of(name: str, column: str, edition_id: int) -> dict[str, int]:
    """name -> key for the rows of an edition."""
    target = table(name)
    query = select(target.c[column], target.c.id).where(target.c.edition_id == edition_id)
    return {name_text(each): key for each, key in db.session.execute(query.order_by(target.c.id.desc()))}

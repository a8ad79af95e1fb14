"""Which rounds are in live use: drawn, judged or confirmed by people here, not merely brought by a file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core.audit import AuditEntry, edition_scope
from core.db import db
from tabroom.workbook.tables import table

Window = tuple[datetime, datetime]
VERB = "edition.imported"


def rounds_in_use(edition_id: int) -> set[int]:
    """The numbers of the rounds that an import may not rewrite.

    A round is free while it has neither a released draw nor a scoresheet nor a result, or when all of these carry
    a moment at which an import was writing. Once standings are published, every round with a result is in use.
    """
    windows = _import_windows(edition_id)
    used = set()
    for number, moment in _traces(edition_id):
        if not any(begin <= moment <= end for begin, end in windows):
            used.add(number)
    if _has_published(edition_id):
        used |= set(_rounds_with_results(edition_id))
    return used


def _import_windows(edition_id: int) -> list[Window]:
    query = select(AuditEntry.details).where(
        AuditEntry.scope == edition_scope(edition_id), AuditEntry.verb == VERB
    )
    return [
        (datetime.fromisoformat(details["began_at"]), datetime.fromisoformat(details["ended_at"]))
        for details in db.session.scalars(query)
    ]


def _traces(edition_id: int) -> Iterable[tuple[int, datetime]]:
    """(round, moment) of everything that says a round is under way."""
    round_, draw, place = table("round"), table("draw"), table("negotiation_table")
    sheet, result = table("scoresheet"), table("table_result")
    live = (round_.c.edition_id == edition_id) & (draw.c.state != "superseded")

    def traces(moment: Any, *joins: tuple[Any, Any]) -> Any:
        source: Any = round_.join(draw, draw.c.round_id == round_.c.id)
        for target, condition in joins:
            source = source.join(target, condition)
        query = select(round_.c.number, moment).select_from(source).where(live, moment.is_not(None))
        return db.session.execute(query.distinct())

    on_table = (place, place.c.draw_id == draw.c.id)
    yield from traces(draw.c.released_at)
    yield from traces(sheet.c.saved_at, on_table, (sheet, sheet.c.table_id == place.c.id))
    yield from traces(
        result.c.confirmed_at, on_table, (result, (result.c.table_id == place.c.id) & result.c.is_live)
    )


def _has_published(edition_id: int) -> bool:
    snapshot = table("standings_snapshot")
    query = select(snapshot.c.id).where(snapshot.c.edition_id == edition_id, snapshot.c.is_published)
    return db.session.scalar(query.limit(1)) is not None


def _rounds_with_results(edition_id: int) -> Iterable[int]:
    round_, draw, place, result = (
        table(name) for name in ("round", "draw", "negotiation_table", "table_result")
    )
    query = (
        select(round_.c.number)
        .join(draw, (draw.c.round_id == round_.c.id) & (draw.c.state != "superseded"))
        .join(place, place.c.draw_id == draw.c.id)
        .join(result, (result.c.table_id == place.c.id) & result.c.is_live)
        .where(round_.c.edition_id == edition_id)
    )
    return db.session.scalars(query.distinct())

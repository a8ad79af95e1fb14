"""Keeps cards in step with published standings: what is taken back leaves the cards in the same transaction."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event, inspect

from core.db import db
from judging.public import StandingsSnapshot
from talent_pool.services.profiles import refresh_results

CHANGED = "talent_pool_changed_editions"


def follow_standings() -> None:
    """Watch for standings being published or taken back (once for each process)."""
    for name, listener in (("before_flush", _note_changes), ("before_commit", _refresh_changed)):
        if not event.contains(db.session, name, listener):
            event.listen(db.session, name, listener)


def _note_changes(session: Any, _context: Any, _instances: Any) -> None:
    for row in (*session.dirty, *session.deleted):
        if isinstance(row, StandingsSnapshot) and (
            row in session.deleted or inspect(row).attrs.is_published.history.has_changes()
        ):
            session.info.setdefault(CHANGED, set()).add(row.edition_id)


def _refresh_changed(session: Any) -> None:
    session.flush()
    for edition_id in sorted(session.info.pop(CHANGED, ())):
        refresh_results(edition_id)

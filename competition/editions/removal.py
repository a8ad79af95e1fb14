"""Deleting an edition with everything in it, in an order that both databases accept."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Table, delete, func, select

from competition.editions.models import Edition
from core.access import Actor
from core.audit import edition_scope, record
from core.db import Base, db, hold
from core.errors import Conflict
from core.jobs import Job
from core.localised import N_
from core.outbox import OutboxMessage
from core.revisions import bump


def can_be_deleted(edition: Edition) -> bool:
    """Whether nothing of the edition has been released yet; after that it can only be archived on screen."""
    round_, draw = db.metadata.tables["round"], db.metadata.tables["draw"]
    released = select(func.count()).where(
        round_.c.edition_id == edition.id, draw.c.round_id == round_.c.id, draw.c.released_at.is_not(None)
    )
    return not db.session.scalar(released)


def delete_edition(*, actor: Actor, edition: Edition, even_if_played: bool = False) -> None:
    """Delete the edition, its people's entries, rounds, sheets, links, mails and jobs; the audit stays.

    Raises Conflict once a draw was released, unless `even_if_played` (for whoever runs the server).
    """
    hold(edition)
    if not even_if_played and not can_be_deleted(edition):
        raise Conflict(N_("A draw of this edition was released, so it is kept. Archive it instead."))
    for rehearsal in db.session.scalars(select(Edition).where(Edition.rehearsal_of == edition.id)).all():
        delete_edition(actor=actor, edition=rehearsal, even_if_played=True)
    scope, key, slug = edition_scope(edition.id), edition.id, edition.slug
    for table in reversed(Base.metadata.sorted_tables):
        if table is not Edition.__table__ and (condition := _belongs(table, key)) is not None:
            db.session.execute(delete(table).where(condition))
    for model in (OutboxMessage, Job):
        db.session.execute(delete(model).where(model.scope == scope))
    db.session.delete(edition)
    db.session.flush()
    db.session.expire_all()
    record(actor, "delete", "edition", key, scope=scope, details={"slug": slug})
    bump(scope)


def _belongs(table: Table, edition_id: int) -> ColumnElement[bool] | None:
    """Which rows of a table are an edition's: by its own column, or because they go with such a row."""
    if "edition_id" in table.c:
        return table.c.edition_id == edition_id
    for key in sorted(table.foreign_keys, key=lambda key: (key.parent.nullable, key.parent.name)):
        if key.ondelete == "CASCADE" and (above := _belongs(key.column.table, edition_id)) is not None:
            return key.parent.in_(select(key.column).where(above))
    return None

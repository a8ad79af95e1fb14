"""Whether this database holds the demo's invented people."""

from __future__ import annotations

from sqlalchemy import exists, select

from competition.editions.public import edition_table
from core.db import db


def is_demo() -> bool:
    """True as soon as one demo edition is there; every page then says so."""
    return bool(db.session.scalar(select(exists().where(edition_table.c.is_demo))))

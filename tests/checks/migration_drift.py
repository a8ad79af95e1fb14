"""Fails when the models and the migrations disagree: `python -m tests.checks.migration_drift`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import upgrade
from sqlalchemy import Connection

from app import create_app
from core.db import Base, db
from tests.conftest import make_settings

OUTSIDE_THE_MODELS = ("pool_words", "ix_pool_text_")
"""The beginnings of names that only one kind of database knows: the full-text tables and indexes of the search."""


def differences_of(connection: Connection) -> list[object]:
    """What the models have and this migrated database lacks, or the other way round."""
    options = {"compare_type": True, "include_name": is_ours}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata))


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Whether the models say that a table or an index is there."""
    return kind not in ("table", "index") or name is None or not name.startswith(OUTSIDE_THE_MODELS)


def drift(folder: Path) -> list[object]:
    """The differences on a SQLite database made in `folder` by the migrations."""
    app = create_app(make_settings(folder, f"sqlite:///{folder / 'drift.sqlite'}"))
    with app.app_context():
        upgrade()
        with db.engine.connect() as connection:
            found = differences_of(connection)
        db.session.remove()
        db.engine.dispose()
    return found


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        differences = drift(Path(name))
    for difference in differences:
        print(difference)
    sys.exit(1 if differences else 0)

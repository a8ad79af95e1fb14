"""Fails when the models and the migrations disagree: `python -m tests.checks.migration_drift`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import upgrade

from app import create_app
from core.db import Base, db
from tests.conftest import make_settings


def drift(folder: Path) -> list[object]:
    """What the models have and the migrations lack, or the other way round."""
    app = create_app(make_settings(folder, f"sqlite:///{folder / 'drift.sqlite'}"))
    with app.app_context():
        upgrade()
        with db.engine.connect() as connection:
            context = MigrationContext.configure(
                connection, opts={"compare_type": True, "include_name": is_ours}
            )
            found = compare_metadata(context, Base.metadata)
        db.session.remove()
        db.engine.dispose()
    return list(found)


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """SQLite keeps the full-text table of the search, and what belongs to it, outside the models."""
    return kind != "table" or name is None or not name.startswith("pool_words")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        differences = drift(Path(name))
    for difference in differences:
        print(difference)
    sys.exit(1 if differences else 0)

"""Runs the migrations on the application's database, on either kind of database."""

from __future__ import annotations

import logging

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from core.db import Base, Exact, UtcDateTime

target_metadata = Base.metadata
logging.getLogger("alembic").setLevel(logging.WARNING)


def include_name(name: str | None, type_: str, parents: object) -> bool:
    """Tables that are not ours are left alone."""
    return type_ != "table" or name in target_metadata.tables


def render_item(kind: str, item: object, context: object) -> str | bool:
    """Our own column types by what they are in the database: migrations never import the application."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Exact):
        return "sa.BigInteger()"
    return False


def run(connection: Connection) -> None:
    """Migrate in one transaction. SQLite's batch rebuild would cascade deletes into children while foreign keys
    are on, so they are off before BEGIN and every reference is checked before the commit."""
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:
        connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
    try:
        context.configure(
            connection=connection,
            target_metadata=target_metadata,
            render_as_batch=True,
            compare_type=True,
            transactional_ddl=True,
            render_item=render_item,
            include_name=include_name,
        )
        with context.begin_transaction():
            if not is_sqlite:
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(727563)")
            context.run_migrations()
            if is_sqlite:
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                if broken:
                    raise RuntimeError(f"The migration would leave broken references: {broken[:5]}")
    finally:
        if is_sqlite:
            connection.rollback()
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")  # type: ignore[union-attr]


def run_online() -> None:
    """Use the connection handed over (tests), or one of the application's engine."""
    given = context.config.attributes.get("connection")
    if given is not None:
        run(given)
        return
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        run(connection)


run_online()

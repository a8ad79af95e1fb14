"""The database: declarative base, exact and UTC column types, and the transaction at the edge of a request."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, DateTime, Engine, MetaData, String, TypeDecorator, event
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry

MILLION = Decimal(1_000_000)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime in Python, UTC in the database; a naive value is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without its zone cannot be stored")
        return (
            value.astimezone(UTC) if dialect.name != "sqlite" else value.astimezone(UTC).replace(tzinfo=None)
        )

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Exact(TypeDecorator[Decimal]):
    """A Decimal with six decimals, stored as an integer number of millionths (exact on every database)."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        millionths = Decimal(value) * MILLION
        if millionths != millionths.to_integral_value():
            raise ValueError(f"{value} has more than six decimals")
        return int(millionths)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else trimmed(Decimal(value) / MILLION)


def trimmed(number: Decimal) -> Decimal:
    """The same number without trailing zeros or an exponent: 23.000000 becomes 23."""
    plain = number.normalize()
    return plain.quantize(Decimal(1)) if plain == plain.to_integral_value() else plain


class Base(DeclarativeBase):
    """Parent of every model; constraint names are predictable so that migrations can name them."""

    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={datetime: UtcDateTime(), Decimal: Exact()},
    )


def new_public_id() -> str:
    """A random identifier for addresses: 16 characters, 96 bits."""
    return secrets.token_urlsafe(12)


Key = Annotated[int, mapped_column(primary_key=True)]
PublicId = Annotated[str, mapped_column(String(16), unique=True, default=new_public_id)]


class Keyed:
    """Mixin: an integer key inside."""

    id: Mapped[Key]


class Public(Keyed):
    """Mixin: an integer key inside, a random `public_id` outside."""

    public_id: Mapped[PublicId]


db = SQLAlchemy(
    model_class=Base,
    session_options={"expire_on_commit": False, "join_transaction_mode": "create_savepoint"},
)


@event.listens_for(Engine, "connect")
def _prepare_sqlite(dbapi_connection: Any, _record: Any) -> None:
    if not isinstance(dbapi_connection, sqlite3.Connection):
        return
    dbapi_connection.isolation_level = None
    for pragma in ("foreign_keys=ON", "journal_mode=WAL", "busy_timeout=15000", "synchronous=NORMAL"):
        dbapi_connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        immediate = connection.get_execution_options().get("parley_immediate", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def open_write_transaction() -> None:
    """Start the one transaction of an unsafe request before anything is read.

    On SQLite it takes the write lock at once (BEGIN IMMEDIATE): a read that later becomes a write would
    fail immediately there, whatever the busy timeout.
    """
    db.session.connection(execution_options={"parley_immediate": True})


def hold(row: Base) -> None:
    """Lock a row until the transaction ends and read it anew: what is checked now still holds when it is written.

    What was changed on it before is written first, so that nothing is lost by reading again. On SQLite the write
    transaction keeps everybody else out already.
    """
    db.session.flush()
    db.session.refresh(row, with_for_update=True)


@contextmanager
def unit_of_work() -> Iterator[None]:
    """One write transaction for commands and jobs: committed at the end, undone on any error."""
    db.session.remove()
    open_write_transaction()
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise


def utc_now() -> datetime:
    """The current time, aware, in UTC."""
    return datetime.now(UTC)

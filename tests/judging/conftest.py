"""Fixtures of judging's own tests: a scene to mark, and browsers whose every request has a context of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextvars import Context
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.db import db
from tests.judging.scene import Scene, make_scene


class Browser:
    """A browser as on a server: what the test did is committed before, what it knows is read again after."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()

    @property
    def application(self) -> Flask:
        return self.client.application

    def session_transaction(self) -> Any:
        return self.client.session_transaction()

    def get(self, path: str, **options: Any) -> TestResponse:
        return self._open("GET", path, **options)

    def post(self, path: str, **options: Any) -> TestResponse:
        return self._open("POST", path, **options)

    def _open(self, method: str, path: str, **options: Any) -> TestResponse:
        db.session.commit()
        response = Context().run(lambda: self.client.open(path, method=method, **options))
        db.session.expire_all()
        return response


@pytest.fixture
def client(app: Flask) -> Iterator[Browser]:
    """A browser whose forms need no token (the token itself is tested with the kernel)."""
    app.config["WTF_CSRF_ENABLED"] = False
    yield Browser(app)
    app.config["WTF_CSRF_ENABLED"] = True


@pytest.fixture
def new_client(client: Browser, app: Flask) -> Any:
    """Makes one more browser."""
    return lambda: Browser(app)


@pytest.fixture
def scene(app: Flask) -> Scene:
    """One released table with four teams, a chair and a panellist."""
    return make_scene()

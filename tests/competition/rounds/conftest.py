"""Browsers of these tests: nothing of one request is left for the next, as on a server."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.db import db


class Browser:
    """What the test did is committed before each request, and what it knows is read again afterwards."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()

    @property
    def application(self) -> Flask:
        return self.client.application

    def session_transaction(self) -> Any:
        return self.client.session_transaction()

    def another(self) -> Browser:
        """A browser of somebody else."""
        return Browser(self.application)

    def get(self, path: str) -> TestResponse:
        return self._open("GET", path)

    def post(self, path: str, **options: Any) -> TestResponse:
        return self._open("POST", path, **options)

    def _open(self, method: str, path: str, **options: Any) -> TestResponse:
        db.session.commit()
        for name in list(g):
            g.pop(name)
        response = self.client.open(path, method=method, **options)
        db.session.expire_all()
        return response


@pytest.fixture
def browser(app: Flask) -> Browser:
    """An anonymous browser."""
    return Browser(app)

"""Browsers of this feature's tests: each request in a context of its own, as on a server."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextvars import Context
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from core.db import db
from core.outbox import OutboxMessage, filled

CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Visitor:
    """A person's browser: follows forms with their token, and keeps its cookies."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()

    def get(self, address: str, **options: Any) -> TestResponse:
        return self.open("GET", address, **options)

    def post(self, address: str, page: str = "/sign-in", **fields: str) -> TestResponse:
        """Send a form with the token that `page` shows."""
        found = CSRF.search(self.get(page, follow_redirects=True).text)
        assert found is not None, page
        return self.open("POST", address, data={"csrf_token": unescape(found[1]), **fields})

    def open(self, method: str, address: str, **options: Any) -> TestResponse:
        db.session.commit()
        response = Context().run(lambda: self.client.open(address, method=method, **options))
        db.session.expire_all()
        return response


@pytest.fixture
def new_visitor(app: Flask) -> Callable[[], Visitor]:
    return lambda: Visitor(app)


@pytest.fixture
def visitor(new_visitor: Callable[[], Visitor]) -> Visitor:
    return new_visitor()


def mails() -> list[OutboxMessage]:
    """All messages so far, oldest first."""
    return list(db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def text_of(message: OutboxMessage) -> str:
    """The message as it would be sent now."""
    return filled(message.body, message.secrets)


def newest_mail() -> str:
    return text_of(mails()[-1])


def link_in(text: str) -> str:
    """The path of the one-time link in a mail."""
    found = re.search(r"http://localhost(/sign-in/l/\S+)", text)
    assert found is not None, text
    return found[1]


def code_in(text: str) -> str:
    found = re.search(r"\b(\d{6})\b", text)
    assert found is not None, text
    return found[1]

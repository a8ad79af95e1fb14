"""Too many tries at one address are stopped, whoever tries; other addresses go on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from accounts.passwords import hasher
from app import create_app
from core.db import Base, db
from tests.accounts.conftest import Visitor
from tests.conftest import make_settings
from tests.factories import make_user, sign_in


@pytest.fixture
def strict_app(tmp_path) -> Iterator[Flask]:
    settings = make_settings(
        tmp_path, f"sqlite:///{tmp_path / 'own.sqlite'}", limit_sign_in="2 per 15 minutes"
    )
    application = create_app(settings)
    with application.app_context():
        Base.metadata.create_all(db.engine)
        yield application
        db.session.remove()
        db.engine.dispose()


def test_one_address_is_limited_in_every_spelling_and_browser(strict_app: Flask) -> None:
    tries = [
        ("/sign-in", "ada@example.org"),
        ("/sign-in/mail", "Ada@Example.org "),
        ("/sign-in", "ａda@EXAMPLE．org"),
        ("/account/new", "ada@example.org"),
        ("/sign-in/mail", "bob@example.org"),
        *[("/sign-in", "no address")] * 4,
    ]
    answers = [
        Visitor(strict_app).post(path, email=email, password="x" * 12, name="Ada").status_code
        for path, email in tries
    ]
    assert answers == [422, 303, 429, 429, 303, 422, 422, 422, 422]


def test_the_present_password_cannot_be_guessed_in_a_stolen_session(strict_app: Flask) -> None:
    right, new = "correct horse battery", "four words in a row"
    user, thief = make_user("ada@example.org", password_hash=hasher.hash(right)), Visitor(strict_app)
    sign_in(thief.client, user)
    answers = [
        thief.post("/account/password", page="/account", current=current, password=new).status_code
        for current in ("guess", "guess again", right)
    ]
    assert answers == [422, 422, 429]

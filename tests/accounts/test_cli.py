"""`flask operator`: the only way to the first operator, and it says what it did."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models import Person, User
from app import create_app
from core.db import Base, db
from tests.accounts.conftest import Visitor
from tests.conftest import make_settings


@pytest.fixture
def own_app(tmp_path) -> Iterator[Flask]:
    """Commands commit by themselves: an application with a database of its own."""
    application = create_app(make_settings(tmp_path, f"sqlite:///{tmp_path / 'own.sqlite'}"))
    with application.app_context():
        Base.metadata.create_all(db.engine)
    yield application
    with application.app_context():
        db.session.remove()
        db.engine.dispose()


def run(app: Flask, *words: str):
    return app.test_cli_runner().invoke(args=["operator", *words])


def test_the_printed_link_makes_the_first_operator_sign_in_once(own_app: Flask) -> None:
    result = run(own_app, "create", "Ops@Example.org", "--name", "Ada Obi")
    link = result.stdout.strip().removeprefix("http://localhost")
    assert (result.exit_code, "is an operator" in result.stderr) == (0, True)
    visitor = Visitor(own_app)
    with own_app.app_context():
        page = visitor.get(link)
        assert (page.status_code, "ops@example.org" in page.text) == (200, True)
        answer = visitor.post(link, page=link)
        assert answer.headers["Location"] == "/account/second-factor?next=/"
        assert visitor.get(link).status_code == 404
        assert db.session.scalars(select(Person.name)).all() == ["Ada Obi"]
        db.session.remove()


def test_somebody_with_an_account_is_made_operator_and_asked_twice_stays_one(own_app: Flask) -> None:
    first = run(own_app, "create", "ops@example.org")
    with own_app.app_context():
        db.session.execute(User.__table__.update().values(is_operator=False))
        db.session.commit()
    second, third = run(own_app, "create", "ops@example.org"), run(own_app, "create", "OPS@example.org")
    assert [result.exit_code for result in (first, second, third)] == [0, 0, 0]
    assert "who had an account, is an operator now" in second.stderr
    assert "was an operator already" in third.stderr
    with own_app.app_context():
        assert db.session.scalars(select(User.is_operator)).all() == [True]
        db.session.remove()


def test_what_is_no_address_changes_nothing(own_app: Flask) -> None:
    result = run(own_app, "create", "ops at example")
    assert (result.exit_code, "is not an e-mail address" in result.stderr) == (1, True)


def test_a_lost_second_step_is_reset_for_a_known_address_only(own_app: Flask) -> None:
    run(own_app, "create", "ops@example.org")
    with own_app.app_context():
        db.session.execute(User.__table__.update().values(totp_secret="nonce"))
        db.session.commit()
    assert run(own_app, "reset-second-factor", "nobody@example.org").exit_code == 1
    assert run(own_app, "reset-second-factor", "ops@example.org").exit_code == 0
    with own_app.app_context():
        assert db.session.scalars(select(User.totp_secret)).all() == [None]
        db.session.remove()

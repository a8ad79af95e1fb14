"""Tries are counted for whom they are aimed at; a whole campus behind one address is not locked out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from flask_babel import Babel
from jinja2 import DictLoader

from config import Settings
from core.access import public
from core.errors import register_error_handlers
from core.limits import init_limits, limit_by_address_and_token, limiter


@public
@limit_by_address_and_token("3 per minute")
def sign_in() -> str:
    return request.form.get("email", "form")


@limit_by_address_and_token("3 per minute", scope="link")
def open_link(token: str) -> str:
    return "opened"


@limit_by_address_and_token(scope="other")
def by_setting() -> str:
    return "ok"


def index() -> str:
    return "index"


@limiter.exempt
def free() -> str:
    return "free"


@pytest.fixture
def visitor(tmp_path: Path) -> Iterator[FlaskClient]:
    settings = Settings(
        secret_key="only-for-tests",
        database_url="sqlite://",
        instance_path=tmp_path,
        limit_per_address="20 per minute",
        limit_sign_in="1 per minute",
    )
    app = Flask(__name__)
    app.jinja_loader = DictLoader({"errors/error.html": "{{ title }}|{{ message }}"})
    Babel(app)
    init_limits(app, settings)
    register_error_handlers(app)
    app.add_url_rule("/sign-in", view_func=sign_in, methods=["GET", "POST"])
    app.add_url_rule("/l/<token>", view_func=open_link, methods=["GET", "POST"])
    app.add_url_rule("/by-setting", view_func=by_setting, methods=["POST"])
    app.add_url_rule("/", view_func=index)
    app.add_url_rule("/free", view_func=free)
    yield app.test_client()
    limiter.reset()


def try_sign_in(visitor: FlaskClient, email: str, address: str = "127.0.0.1") -> int:
    response = visitor.post("/sign-in", data={"email": email}, environ_overrides={"REMOTE_ADDR": address})
    return response.status_code


def test_tries_for_one_address_are_counted_from_every_network(visitor: FlaskClient) -> None:
    tries = [try_sign_in(visitor, "a@example.org", f"10.0.0.{n}") for n in range(4)]
    assert tries == [200, 200, 200, 429]


def test_the_same_address_in_other_letters_is_the_same(visitor: FlaskClient) -> None:
    tries = [try_sign_in(visitor, typed) for typed in ("a@b.org", "A@B.org", " a@b.org ", "a@B.ORG")]
    assert tries == [200, 200, 200, 429]


def test_a_campus_signs_in_from_one_network_address(visitor: FlaskClient) -> None:
    assert [try_sign_in(visitor, f"{n}@example.org") for n in range(15)] == [200] * 15


def test_looking_at_the_form_is_not_counted(visitor: FlaskClient) -> None:
    assert [visitor.get("/sign-in").status_code for _ in range(5)] == [200] * 5


def test_tries_on_one_link_are_counted(visitor: FlaskClient) -> None:
    assert [visitor.post("/l/one").status_code for _ in range(4)] == [200, 200, 200, 429]
    assert visitor.post("/l/two").status_code == 200


def test_without_a_limit_of_its_own_the_setting_holds(visitor: FlaskClient) -> None:
    assert [visitor.post("/by-setting").status_code for _ in range(2)] == [200, 429]


def test_one_network_address_has_a_ceiling_over_everything(visitor: FlaskClient) -> None:
    answers = [visitor.get("/").status_code for _ in range(21)]
    assert answers == [200] * 20 + [429]
    assert visitor.get("/", environ_overrides={"REMOTE_ADDR": "10.1.1.1"}).status_code == 200


def test_exempt_views_are_free(visitor: FlaskClient) -> None:
    assert {visitor.get("/free").status_code for _ in range(30)} == {200}


def test_a_refusal_says_how_long_to_wait(visitor: FlaskClient) -> None:
    for _ in range(4):
        response = visitor.post("/sign-in", data={"email": "a@example.org"})
    assert response.status_code == 429
    assert 1 <= int(response.headers["Retry-After"]) <= 61
    assert response.text.startswith("Too many tries|There were too many tries in a short time.")


def test_the_counters_hold_no_address_in_the_clear(visitor: FlaskClient) -> None:
    try_sign_in(visitor, "secret@example.org", "203.0.113.77")
    stored = str(dict(limiter.storage.storage))  # type: ignore[attr-defined]
    assert "secret@example.org" not in stored
    assert "203.0.113.77" not in stored
    assert "email:" in stored


def test_limiting_keeps_the_declared_access() -> None:
    assert sign_in.__access__ == "public"  # type: ignore[attr-defined]

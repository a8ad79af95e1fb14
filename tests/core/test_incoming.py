from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from core import incoming
from core.db import db
from tests.conftest import make_settings
from tests.factories import make_edition, make_organiser, make_person, make_user, sign_in

HUGE = "9" * 20


@pytest.mark.parametrize(
    "path",
    [
        f"/e/open/draw/{HUGE}",
        f"/e/open/rounds/{HUGE}/",
        f"/e/open/sheets/{HUGE}/",
        f"/e/open/rounds/1/versions/{HUGE}",
        "/e/%00/overview",
        "/l/%00",
        "/e/open/people/teams/%00",
        "/e/%F0%9F%98%80/overview",
    ],
)
def test_an_address_no_database_can_hold_is_nobodys(app: Flask, client: FlaskClient, path: str) -> None:
    person = make_person()
    make_organiser(make_edition("open", is_public=True), person)
    sign_in(client, make_user(person=person))
    assert client.get(path).status_code == 404


def test_a_nul_in_a_form_is_left_out_everywhere(app: Flask, client: FlaskClient) -> None:
    with app.test_request_context(
        "/language", method="POST", data={"na\x00me": "a\x00b", "list": ["x", "\x00y"]}
    ):
        incoming._take_body()
        assert request.form.to_dict(flat=False) == {"name": ["ab"], "list": ["x", "y"]}


class SlowBody(io.BytesIO):
    """A body that notes whether a transaction was open when it was read."""

    was_in_transaction = False

    def read(self, *args: Any) -> bytes:
        self.was_in_transaction |= db.session.registry.has() and db.session().in_transaction()
        return super().read(*args)


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "text/plain", "application/json"])
def test_a_body_is_read_before_the_transaction_opens(app: Flask, kind: str) -> None:
    body = SlowBody(b"locale=en")
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/language",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": "9",
        "wsgi.input": body,
        "wsgi.errors": io.StringIO(),
        "wsgi.url_scheme": "http",
    }
    statuses: list[str] = []
    list(app.wsgi_app(environ, lambda status, _headers: statuses.append(status)))  # type: ignore[arg-type,return-value]
    assert (statuses, body.was_in_transaction, body.read()) == (["400 BAD REQUEST"], False, b"")


def test_a_body_that_is_too_large_is_answered_after_it_was_sent(app: Flask) -> None:
    size = make_settings(app.instance_path, "").max_upload + 200_000  # type: ignore[arg-type]
    body = io.BytesIO(b"a" * size)
    client = app.test_client()
    answer = client.post("/language", input_stream=body, content_length=size, content_type="text/plain")
    assert (answer.status_code, body.read()) == (413, b"")
    assert b"larger than we can take" in answer.data


def test_a_form_of_too_many_parts_is_answered_in_plain_words(app: Flask) -> None:
    part = '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
    answer = app.test_client().post(
        "/language",
        data=(part * 20_100 + "--x--\r\n").encode(),
        content_type="multipart/form-data; boundary=x",
        headers={"Accept": "application/json"},
    )
    assert (answer.status_code, answer.get_json()["error"]) == (413, "too_large")


def test_a_form_without_its_token_never_opens_a_transaction(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[bool] = []
    monkeypatch.setattr("app.open_write_transaction", lambda: opened.append(True))
    assert (app.test_client().post("/language").status_code, opened) == (400, [])

"""Every response carries the security headers, and nothing personal is kept by a browser or a proxy."""

from __future__ import annotations

import pytest
from flask import Flask, Response, g, make_response, request
from flask.testing import FlaskClient

from core.access import Actor
from core.headers import apply_proxy, register_headers


def make_app(*, secure: bool = False, hops: int = 0) -> Flask:
    app = Flask(__name__, static_folder=None)
    app.config.update(SESSION_COOKIE_SECURE=secure)
    apply_proxy(app, hops)
    register_headers(app)

    @app.get("/")
    def index() -> str:
        if request.args.get("known"):
            g.actor = Actor(user_id=1, person_id=1)
        return f"{request.remote_addr} {request.scheme} {request.host}"

    @app.get("/l/<token>")
    def link(token: str) -> str:
        return token

    @app.get("/own")
    def own() -> Response:
        response = make_response("own")
        response.headers["Cache-Control"] = "public, max-age=60"
        return response

    return app


@pytest.fixture
def visitor() -> FlaskClient:
    return make_app().test_client()


def test_the_headers_are_on_every_response_even_an_error(visitor: FlaskClient) -> None:
    for path in ("/", "/nothing-here"):
        headers = visitor.get(path).headers
        assert headers["Content-Security-Policy"] == (
            "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; "
            "form-action 'self'; frame-ancestors 'none'"
        )
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"]


def test_https_is_insisted_on_only_where_cookies_are_secure(visitor: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in visitor.get("/").headers
    strict = make_app(secure=True).test_client().get("/").headers["Strict-Transport-Security"]
    assert strict == "max-age=31536000"


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("/", "private, no-cache"),
        ("/?known=1", "no-store"),
        ("/l/abc", "no-store"),
        ("/nothing-here", "no-store"),
        ("/own", "public, max-age=60"),
    ],
)
def test_what_may_be_kept(visitor: FlaskClient, path: str, rule: str) -> None:
    assert visitor.get(path).headers["Cache-Control"] == rule


FORWARDED = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "parley.example",
}


def test_forwarded_headers_are_not_believed_by_default(visitor: FlaskClient) -> None:
    assert visitor.get("/", headers=FORWARDED).text == "127.0.0.1 http localhost"


def test_one_trusted_hop_is_believed_and_no_further() -> None:
    visitor = make_app(hops=1).test_client()
    chain = {**FORWARDED, "X-Forwarded-For": "198.51.100.1, 203.0.113.9"}
    assert visitor.get("/", headers=chain).text == "203.0.113.9 https parley.example"

"""One line for each request, with its id, and nothing secret or personal in any line."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from flask import Flask, g

from config import Settings
from core.access import Actor
from core.logs import Redactor, configure_logging, keyed_hash

TOKEN = "kJ8s-Qd0Zx7Lw2VbN5tR1yUiOpAsDfGh"


def make_settings(folder: Path, **changes: Any) -> Settings:
    values = {"secret_key": "only-for-tests", "database_url": "sqlite://", "instance_path": folder}
    return Settings(**{**values, **changes})


def make_app(settings: Settings) -> Flask:
    app = Flask(__name__)
    configure_logging(app, settings)

    @app.get("/teams/<int:number>")
    def teams(number: int) -> str:
        g.actor = Actor(name="Ada Lovelace", person_id=7, user_id=8)
        return "teams"

    @app.get("/l/<token>")
    def link(token: str) -> str:
        structlog.get_logger("parley.test").info("opened", address="ada@example.org", note=f"token={token}")
        return "link"

    @app.get("/boom")
    def boom() -> str:
        raise RuntimeError("password=hunter2 for ada@example.org from 203.0.113.77")

    return app


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """Logging is afterwards as it was."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_request_is_one_line_with_ids_and_no_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    app = make_app(make_settings(tmp_path, environment="production"))

    response = app.test_client().get("/teams/3?search=Ada+Lovelace")

    (line,) = lines(capsys)
    assert line.pop("ms") >= 0
    assert line.pop("timestamp")
    assert line == {
        "event": "request",
        "level": "info",
        "logger": "parley.request",
        "method": "GET",
        "path": "/teams/3",
        "status": 200,
        "person_id": 7,
        "user_id": 8,
        "request_id": response.headers["X-Request-Id"],
    }


def test_tokens_and_addresses_are_hidden_in_every_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    app = make_app(make_settings(tmp_path, environment="production"))

    app.test_client().get(f"/l/{TOKEN}")

    opened, request_line = lines(capsys)
    assert (opened["address"], opened["note"]) == ("[hidden]", "token=[hidden]")
    assert request_line["path"] == "/l/[hidden]"
    assert opened["request_id"] == request_line["request_id"]


def test_a_fault_is_logged_with_its_trace_and_without_its_secrets(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    app = make_app(make_settings(tmp_path, environment="production"))

    assert app.test_client().get("/boom").status_code == 500

    everything = capsys.readouterr().err
    assert "RuntimeError" in everything
    assert "Traceback" in everything
    for secret in ("hunter2", "ada@example.org", "203.0.113.77"):
        assert secret not in everything


def test_lines_of_other_libraries_take_the_same_way(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_app(make_settings(tmp_path, environment="production"))

    logging.getLogger("gunicorn.error").warning("worker of %s stopped", "ada@example.org")
    logging.getLogger("werkzeug").info('203.0.113.77 - - [22/Nov/2026] "GET /l/x HTTP/1.1" 200 -')

    (line,) = lines(capsys)
    assert (line["event"], line["level"]) == ("worker of [hidden] stopped", "warning")


def test_development_lines_are_for_reading(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    app = make_app(make_settings(tmp_path))

    app.test_client().get("/teams/3")

    written = capsys.readouterr().err
    assert "request" in written
    assert "path=/teams/3" in written


def test_starting_twice_does_not_write_twice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = make_settings(tmp_path, environment="production")
    make_app(settings)
    make_app(settings)

    logging.getLogger("parley.test").warning("once")

    assert len(lines(capsys)) == 1


@pytest.mark.parametrize(("hops", "is_kept"), [(0, False), (1, True)])
def test_a_request_id_from_outside_counts_only_behind_a_proxy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], hops: int, is_kept: bool
) -> None:
    app = make_app(make_settings(tmp_path, trusted_hops=hops))

    response = app.test_client().get("/teams/3", headers={"X-Request-Id": "edge-12345678"})

    assert (response.headers["X-Request-Id"] == "edge-12345678") is is_kept


def test_a_request_id_that_would_spoil_the_log_is_replaced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    app = make_app(make_settings(tmp_path, trusted_hops=1))

    response = app.test_client().get("/teams/3", headers={"X-Request-Id": 'x" event="forged line here'})

    assert len(response.headers["X-Request-Id"]) == 16


NETWORK = "ip:" + keyed_hash("key", "ip", "203.0.113.77")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"GET /l/{TOKEN}?next=/x HTTP/1.1", "GET /l/[hidden]?[hidden] HTTP/1.1"),
        (f"http://parley.example/sign-in/{TOKEN}", "http://parley.example/sign-in/[hidden]"),
        ("see /search?q=ada&page=2 now", "see /search?[hidden] now"),
        ("postgresql://parley:pw@db/parley", "postgresql://[hidden]@db/parley"),
        ("mail to Ada.L+x@uni.example.org failed", "mail to [hidden] failed"),
        ("password='hunter 2', done", "password=[hidden], done"),
        ("code: 123456", "code: [hidden]"),
        ("from 203.0.113.77:4711", f"from {NETWORK}:4711"),
        ("from 2001:db8::1 today", f"from ip:{keyed_hash('key', 'ip', '2001:db8::1')} today"),
        ("Running on http://127.0.0.1:5000", "Running on http://127.0.0.1:5000"),
        ("at 12:30:45 2026-11-22T12:30:45+00:00", "at 12:30:45 2026-11-22T12:30:45+00:00"),
        (
            "round 3 of world-championship-2025-preliminary drawn",
            "round 3 of world-championship-2025-preliminary drawn",
        ),
        ("why? because x=1", "why? because x=1"),
    ],
)
def test_what_is_hidden_in_a_text(text: str, expected: str) -> None:
    assert Redactor("key").text(text) == expected


def test_what_is_hidden_by_its_name() -> None:
    event = {
        "event": "x",
        "password": "p",
        "new_password": "p",
        "token": "t",
        "code": "123456",
        "email": "a",
        "arguments": {"totp": "1", "team": "MIT"},
        "error_code": 7,
        "count": 3,
        "seen": ["ada@example.org"],
    }
    assert Redactor("key")(None, "info", event) == {
        "event": "x",
        "password": "[hidden]",
        "new_password": "[hidden]",
        "token": "[hidden]",
        "code": "[hidden]",
        "email": "[hidden]",
        "arguments": {"totp": "[hidden]", "team": "MIT"},
        "error_code": "[hidden]",
        "count": 3,
        "seen": ["[hidden]"],
    }

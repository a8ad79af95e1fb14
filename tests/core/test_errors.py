"""Every error is answered in plain words, in the reader's language, with nothing done by halves and no trace."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, abort, request
from flask.testing import FlaskClient
from flask_babel import Babel
from flask_wtf import CSRFProtect
from jinja2 import DictLoader
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

from core.db import db, open_write_transaction
from core.errors import (
    Change,
    Conflict,
    DomainError,
    Forbidden,
    Invalid,
    NotFound,
    ProblemsFound,
    Stale,
    TooLarge,
    is_passing,
    register_error_handlers,
)
from core.problems import Problem

PAGE = (
    "{{ code }}|{{ title }}|{{ message }}|{{ details|join(';') }}|"
    "{% for label, url in ways %}{{ label }}={{ url }};{% endfor %}"
)
PLAIN = "PLAIN {{ code }}|{{ title }}|{{ message }}"
STATUSES = [400, 403, 404, 405, 409, 413, 422, 429, 500]


class Boom(Exception):
    """A fault that nobody foresaw."""


RAISED: dict[str, Exception] = {
    "not-found": NotFound("Team %(name)s is not there.", name="Secret"),
    "forbidden": Forbidden("Only the director may do this."),
    "conflict": Conflict("Round %(number)s is already confirmed.", number=3),
    "invalid": Invalid("A mark of %(mark)s is out of range.", mark="81<b>"),
    "too-large": TooLarge(),
    "boom": Boom("psycopg secret detail"),
    "stale": Stale(changes=[Change(label="Room", shown="A1", now="B2")]),
    "problems": ProblemsFound(
        [
            Problem(
                where=("Draw", 12, "igo"), code="twice", message="Team %(team)s twice.", values={"team": "X"}
            ),
            Problem(code="none", message="No rounds."),
        ]
    ),
    "locked": OperationalError("UPDATE", {}, Exception("database is locked")),
    "broken-sql": OperationalError("SELECT", {}, Exception("no such table: nonsense")),
    "duplicate": IntegrityError("INSERT", {}, Exception("UNIQUE constraint failed: x.y")),
}


@pytest.fixture
def application(tmp_path: Any) -> Iterator[Flask]:
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY="only-for-tests", SQLALCHEMY_DATABASE_URI=f"sqlite:///{tmp_path / 'e.sqlite'}"
    )
    app.jinja_loader = DictLoader({"errors/error.html": PAGE, "errors/plain.html": PLAIN})
    db.init_app(app)
    Babel(app, locale_selector=lambda: request.accept_languages.best_match(["en", "zh"]) or "en")
    register_error_handlers(app)

    @app.get("/raise/<name>")
    def raise_(name: str) -> str:
        raise RAISED[name]

    @app.get("/status/<int:status>")
    def status(status: int) -> str:
        abort(status)

    @app.post("/write-then-fail")
    def write_then_fail() -> str:
        open_write_transaction()
        db.session.execute(text("INSERT INTO note VALUES (1)"))
        raise Conflict

    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("CREATE TABLE note (id INTEGER)"))
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def visitor(application: Flask) -> FlaskClient:
    return application.test_client()


def parts(visitor: FlaskClient, path: str, **kwargs: Any) -> tuple[int, list[str]]:
    response = visitor.get(path, **kwargs)
    return response.status_code, response.text.split("|")


class TestMessages:
    def test_a_domain_error_fills_its_places(self) -> None:
        error = Conflict("Round %(number)s is already confirmed.", number=3)
        assert (error.text, str(error), error.status) == ("Round 3 is already confirmed.",) * 2 + (409,)

    def test_without_a_message_each_error_still_says_something(self) -> None:
        for kind in (DomainError, NotFound, Forbidden, Conflict, Invalid, Stale, TooLarge):
            assert kind().text.endswith(".")

    def test_a_per_cent_sign_without_values_is_left_alone(self) -> None:
        assert Invalid("100 % of it").text == "100 % of it"


class TestPages:
    @pytest.mark.parametrize("status", STATUSES)
    def test_every_status_has_a_page_with_a_way_on_and_no_trace(
        self, visitor: FlaskClient, status: int
    ) -> None:
        code, (shown, title, message, _details, ways) = parts(visitor, f"/status/{status}")

        assert (code, shown) == (status, str(status))
        assert title
        assert message.endswith(".")
        assert "Go to your start page=/;" in ways
        assert "Traceback" not in message

    def test_an_unusual_status_is_told_like_its_family(self, visitor: FlaskClient) -> None:
        assert parts(visitor, "/status/418")[1][:2] == ["418", "We could not read that"]
        assert parts(visitor, "/status/502")[1][:2] == ["502", "Something broke on our side"]

    def test_a_domain_error_shows_its_own_sentence_escaped(self, visitor: FlaskClient) -> None:
        code, page = parts(visitor, "/raise/invalid")
        assert (code, page[2]) == (422, "A mark of 81&lt;b&gt; is out of range.")

    def test_nothing_there_and_not_yours_to_know_look_the_same(self, visitor: FlaskClient) -> None:
        bodies = {visitor.get(path).text for path in ("/raise/not-found", "/status/404", "/no/such/page")}
        assert len(bodies) == 1
        assert "Secret" not in bodies.pop()

    def test_a_stale_form_is_told_what_changed(self, visitor: FlaskClient) -> None:
        code, page = parts(visitor, "/raise/stale")
        assert (code, page[3]) == (409, "Room: you were shown “A1”, now it is “B2”.")

    def test_all_problems_are_listed_with_their_places(self, visitor: FlaskClient) -> None:
        code, page = parts(visitor, "/raise/problems")
        assert (code, page[3]) == (422, "Draw · 12 · igo: Team X twice.;No rounds.")

    def test_many_problems_are_shortened_and_counted(self) -> None:
        app = Flask(__name__)
        Babel(app)
        problems = [Problem(code="x", message="Wrong.")] * 205
        with app.test_request_context():
            details = ProblemsFound(problems).details
        assert (len(details), details[-1]) == (201, "… and 5 more.")

    def test_a_fault_of_ours_says_so_and_keeps_its_details(self, visitor: FlaskClient) -> None:
        code, page = parts(visitor, "/raise/boom")
        assert (code, page[1]) == (500, "Something broke on our side")
        assert "psycopg" not in "".join(page)

    def test_the_way_back_is_the_page_before_if_it_is_ours(self, visitor: FlaskClient) -> None:
        ours = visitor.get("/raise/conflict", headers={"Referer": "http://localhost/teams?page=2"})
        theirs = visitor.get("/raise/conflict", headers={"Referer": "https://evil.example/teams"})
        assert "Go back to the page before=/teams?page=2;" in ours.text
        assert "evil" not in theirs.text

    def test_a_405_names_what_is_allowed(self, visitor: FlaskClient) -> None:
        response = visitor.post("/status/404")
        assert response.status_code == 405
        assert "GET" in response.headers["Allow"]

    def test_redirects_are_no_errors(self, application: Flask) -> None:
        application.add_url_rule("/folder/", view_func=lambda: "here", endpoint="folder")
        assert application.test_client().get("/folder").status_code == 308


class TestJson:
    def test_a_program_gets_json(self, visitor: FlaskClient) -> None:
        response = visitor.get("/raise/conflict", headers={"Accept": "application/json"})
        assert response.status_code == 409
        assert response.json == {"error": "conflict", "message": "Round 3 is already confirmed."}

    def test_problems_are_listed_in_json_too(self, visitor: FlaskClient) -> None:
        response = visitor.get("/raise/problems", headers={"Accept": "application/json"})
        assert response.json is not None
        assert response.json["details"] == ["Draw · 12 · igo: Team X twice.", "No rounds."]

    @pytest.mark.parametrize("accept", ["*/*", "text/html,application/xhtml+xml,*/*;q=0.8", ""])
    def test_a_browser_gets_a_page(self, visitor: FlaskClient, accept: str) -> None:
        assert visitor.get("/raise/conflict", headers={"Accept": accept}).mimetype == "text/html"


class TestTheDatabase:
    def test_what_was_written_before_the_error_is_undone(self, application: Flask) -> None:
        assert application.test_client().post("/write-then-fail").status_code == 409
        with application.app_context():
            assert db.session.scalar(text("SELECT count(*) FROM note")) == 0

    def test_a_lock_is_told_as_busy_with_a_time_to_wait(self, visitor: FlaskClient) -> None:
        response = visitor.get("/raise/locked")
        assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
        assert "Busy for a moment" in response.text

    @pytest.mark.parametrize("name", ["broken-sql", "duplicate"])
    def test_other_database_errors_are_faults_of_ours(self, visitor: FlaskClient, name: str) -> None:
        response = visitor.get(f"/raise/{name}")
        assert response.status_code == 500
        assert "nonsense" not in response.text

    @pytest.mark.parametrize(
        ("sqlstate", "expected"), [("40P01", True), ("55P03", True), ("57P01", True), ("42P01", False)]
    )
    def test_postgresql_says_by_code_what_passes(self, sqlstate: str, expected: bool) -> None:
        original = Exception("x")
        original.sqlstate = sqlstate  # type: ignore[attr-defined]
        assert is_passing(OperationalError("SELECT 1", {}, original)) is expected


class TestFallingBack:
    def test_a_broken_layout_still_leaves_a_plain_page(self, application: Flask) -> None:
        application.jinja_loader = DictLoader(
            {"errors/error.html": "{{ 1 / 0 }}", "errors/plain.html": PLAIN}
        )
        response = application.test_client().get("/raise/invalid")
        assert response.status_code == 422
        assert response.text == "PLAIN 422|That is not right yet|A mark of 81&lt;b&gt; is out of range."

    def test_without_any_template_there_is_still_a_page(self, application: Flask) -> None:
        application.jinja_loader = DictLoader({})
        response = application.test_client().get("/raise/invalid")
        assert response.status_code == 422
        assert "<p>A mark of 81&lt;b&gt; is out of range.</p>" in response.text

    def test_a_host_we_do_not_serve_gets_the_plain_page(self, application: Flask) -> None:
        application.config["TRUSTED_HOSTS"] = ["parley.example"]
        response = application.test_client().get("/", headers={"Host": "evil.example"})
        assert (response.status_code, response.text[:9]) == (400, "PLAIN 400")


def test_a_form_whose_cookie_is_gone_is_told_kindly(application: Flask) -> None:
    CSRFProtect(application)
    response = application.test_client().post("/write-then-fail", data={"name": "typed"})
    assert response.status_code == 400
    assert "This page was open for too long, or your browser blocks our cookies." in response.text
    assert "what you typed is usually still there" in response.text

"""Two requests in the same moment, on two connections of a real database, with everything really committed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, event, func, select
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.wrappers import Response

from competition.editions.models import Edition, Organiser, PrivacyNotice
from competition.editions.services import edit_edition, write_notice
from competition.entries.models import Delegate, Institution, Team
from competition.entries.services.registration import NewDelegate, decide_team, register_team
from core import revisions
from core.access import SYSTEM
from core.audit import AuditEntry
from core.db import Base, db, unit_of_work
from core.errors import Stale, is_collision, is_passing
from core.idempotency import FIELD, IdempotencyKey, new_key, once
from core.links import PrivateLink
from core.outbox import OutboxMessage
from tests.factories import NOW, make_edition, make_team

only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""One writer at a time is a rule of SQLite: PostgreSQL has no such lock that could be tried."""

LEFT = (AuditEntry, IdempotencyKey, OutboxMessage, PrivateLink, revisions.Revision)


@pytest.fixture
def committed(bare_app: Flask) -> Iterator[Flask]:
    """The application; everything that the test commits is removed afterwards."""
    with bare_app.app_context():
        yield bare_app
        db.session.remove()
        with unit_of_work():
            for model in (*LEFT, Delegate, Team, Institution, PrivacyNotice, Organiser, Edition):
                db.session.execute(delete(model))


def at_once(app: Flask, *works: Callable[[], Any]) -> list[Any]:
    """What each work returns, or the exception it raises, when all start in the same moment."""
    start, found = Barrier(len(works)), [None] * len(works)

    def run(place: int, work: Callable[[], Any]) -> None:
        with app.app_context():
            start.wait()
            try:
                found[place] = work()
            except Exception as error:
                found[place] = error  # type: ignore[call-overload]

    threads = [Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_a_form_sent_twice_at_the_same_instant_works_once(committed: Flask) -> None:
    key, worked = new_key(), []

    def send() -> str:
        with committed.test_request_context(method="POST", data={FIELD: key}), unit_of_work():

            def work() -> str:
                worked.append(1)
                return f"/made/{len(worked)}"

            answer: Response = once(SYSTEM, "make", work)
            return f"{answer.status_code} {answer.location}"

    assert (at_once(committed, *[send] * 4), worked) == (["303 /made/1"] * 4, [1])


def test_of_two_who_send_one_key_at_once_the_second_works_when_the_first_fails(committed: Flask) -> None:
    key, tries = new_key(), []

    def send() -> str:
        with committed.test_request_context(method="POST", data={FIELD: key}), unit_of_work():

            def work() -> str:
                tries.append(1)
                if len(tries) == 1:
                    raise Stale
                return "/made"

            return str(once(SYSTEM, "make", work).location)

    found = at_once(committed, send, send)
    assert sorted(map(str, found)) == sorted([Stale.default, "/made"])


def test_a_revision_is_counted_by_everybody_from_the_first_on(committed: Flask) -> None:
    def write() -> None:
        with unit_of_work():
            revisions.bump("test")

    assert at_once(committed, *[write] * 6) == [None] * 6
    assert revisions.current("test") == 6


def test_captains_of_one_university_register_at_the_same_instant(committed: Flask) -> None:
    with unit_of_work():
        edition = make_edition("rush", registration_opens_at=NOW)
        write_notice(
            actor=SYSTEM,
            edition=edition,
            values=dict.fromkeys(("controller", "contact", "purposes", "published", "retention"), "x")
            | {"country": "CN"},
        )
        edition_id = edition.id

    def register(number: int) -> Callable[[], str]:
        def work() -> str:
            with committed.test_request_context(), unit_of_work():
                team, _link = register_team(
                    actor=SYSTEM,
                    edition=db.session.get_one(Edition, edition_id),
                    name=f"Team {number}",
                    institution="New University",
                    captain=NewDelegate(name="Captain", contact=f"captain{number}@example.org"),
                    members=[NewDelegate(name="Member", contact=f"member{number}@example.org")],
                )
                return team.name

        return work

    assert sorted(at_once(committed, *map(register, range(4)))) == [f"Team {n}" for n in range(4)]
    assert sorted(db.session.scalars(select(Delegate.code))) == [f"D{n:03d}" for n in range(1, 9)]
    assert db.session.scalar(select(func.count()).select_from(Institution)) == 1


def test_of_two_directors_who_save_at_once_one_is_told(committed: Flask) -> None:
    with unit_of_work():
        edition_id = make_edition("two-directors").id

    def save(name: str) -> Callable[[], None]:
        def work() -> None:
            with unit_of_work():
                edition = db.session.get_one(Edition, edition_id)
                edit_edition(actor=SYSTEM, edition=edition, version=1, values={"name": name})

        return work

    found = at_once(committed, save("One"), save("Other"))
    assert sorted(type(outcome).__name__ for outcome in found) == ["NoneType", "Stale"]


def test_of_two_who_decide_about_a_team_at_once_one_is_told(committed: Flask) -> None:
    with unit_of_work():
        edition = make_edition("two-answers")
        team_id = make_team(edition, "Applicant", status="applied").id
        edition_id = edition.id

    def decide(decision: str) -> Callable[[], None]:
        def work() -> None:
            with unit_of_work():
                team, edition = db.session.get_one(Team, team_id), db.session.get_one(Edition, edition_id)
                decide_team(
                    actor=SYSTEM, edition=edition, team=team, version=1, decision=decision, reason="No room"
                )

        return work

    found = at_once(committed, decide("accept"), decide("decline"))
    assert sorted(type(outcome).__name__ for outcome in found) == ["NoneType", "Stale"]


def test_what_only_one_may_have_is_told_apart_from_a_fault(committed: Flask) -> None:
    with unit_of_work():
        make_edition("taken")
    with pytest.raises(IntegrityError) as twice, unit_of_work():
        make_edition("taken")
    with pytest.raises(IntegrityError) as nameless, unit_of_work():
        make_edition("nameless", name=None)
    assert [is_collision(fault.value) for fault in (twice, nameless)] == [True, False]


def test_a_collision_is_answered_as_a_conflict(committed: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def collide() -> Response:
        for _ in range(2):
            make_edition("collision")
        return Response()

    monkeypatch.setitem(committed.view_functions, "language.switch", collide)
    collide.__access__ = "public"  # type: ignore[attr-defined]
    monkeypatch.setitem(committed.config, "WTF_CSRF_ENABLED", False)
    assert committed.test_client().post("/language").status_code == 409
    assert db.session.scalar(select(func.count()).select_from(Edition)) == 0


@pytest.fixture
def statements(committed: Flask) -> Iterator[list[str]]:
    """Every statement that reaches the database."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)


@only_sqlite
def test_an_unsafe_request_takes_the_write_lock_before_it_reads(
    committed: Flask, statements: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(committed.config, "WTF_CSRF_ENABLED", False)
    client = committed.test_client()
    client.post("/sign-out")
    assert statements[:1] == ["BEGIN IMMEDIATE"]
    statements.clear()
    client.get("/")
    assert statements[:1] == ["BEGIN"]


@only_sqlite
def test_a_database_that_stays_busy_is_said_so(committed: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(committed.config, "WTF_CSRF_ENABLED", False)
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=100")
    other = sqlite3.connect(db.engine.url.database or "", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        answer = committed.test_client().post("/language", data={"locale": "en"})
    finally:
        other.rollback()
        other.close()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout=15000")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


def test_a_lock_is_a_fault_that_passes() -> None:
    locked = OperationalError("BEGIN IMMEDIATE", {}, sqlite3.OperationalError("database is locked"))
    assert (is_passing(locked), is_collision(locked)) == (True, False)


def test_every_table_is_known_to_the_cleaning_of_this_module() -> None:
    assert {model.__tablename__ for model in LEFT} <= set(Base.metadata.tables)

"""Pages of lists over HTTP: upload, correct, decide, apply; what is no list; a hostile name."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from competition.editions.models import Edition
from competition.entries.queries import team_lines
from competition.lists.services import lists_of
from core.db import db
from core.outbox import OutboxMessage
from tests.competition.rounds.conftest import Browser
from tests.factories import make_edition, make_organiser, make_person, make_user, sign_in

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
LISTS = "/e/open/people/lists"
CSV = "Team,University,Delegate 1,Delegate 1 email\nRed,Fudan University,Ann Lee,a@example.org\nBlue,复旦大学,Bo,oops\n"


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app)


@pytest.fixture
def edition(browser: Browser) -> Edition:
    """An edition with its director at the browser."""
    edition, person = make_edition("open"), make_person()
    make_organiser(edition, person)
    sign_in(browser, make_user(person=person))
    return edition


def token(browser: Browser, page: str) -> str:
    found = TOKEN.search(browser.get(page).text)
    assert found is not None
    return found.group(1)


def upload(browser: Browser, data: bytes, name: str = "list.csv", key: str = "k" * 24) -> TestResponse:
    fields = {
        "csrf_token": token(browser, LISTS),
        "idempotency_key": key,
        "kind": "teams",
        "file": (io.BytesIO(data), name),
    }
    return browser.post(LISTS, data=fields, content_type="multipart/form-data")


def send(browser: Browser, path: str, page: str, **fields: object) -> TestResponse:
    return browser.post(
        path, data={"csrf_token": token(browser, page), "idempotency_key": "j" * 24, **fields}
    )


def test_a_list_goes_from_file_to_teams(browser: Browser, edition: Edition) -> None:
    assert upload(browser, CSV.encode()).status_code == 303
    (row,) = lists_of(edition.id)
    page = f"{LISTS}/{row.public_id}"
    columns = ["team", "institution", "name_1", "contact_1"]
    answer = send(browser, f"{page}/columns", f"{page}/columns", version=1, header_row=0, column=columns)
    assert answer.headers["Location"].endswith(page)
    shown = browser.get(page).text
    assert ("This is no e-mail address." in shown, "In two scripts" in shown) == (True, True)
    assert send(browser, f"{page}/apply", page, version=2).status_code == 409
    answer = send(browser, f"{page}/rows/3", f"{page}/rows/3", version=2, **{"cell-3": "bo@example.org"})
    assert answer.status_code == 303
    keys = dict.fromkeys(re.findall(r'name="(same-[0-9a-f]+)"', shown), "merge")
    assert send(browser, f"{page}/decisions", page, version=3, **keys).status_code == 303
    assert send(browser, f"{page}/apply", page, version=4, idempotency_key="a" * 24).status_code == 303
    assert {line.name: line.institution for line in team_lines(edition.id)} == {
        "Red": "Fudan University",
        "Blue": "Fudan University",
    }
    assert "New teams" in browser.get(page).text


def test_a_list_sent_twice_is_kept_once(browser: Browser, edition: Edition) -> None:
    first, second = upload(browser, CSV.encode()), upload(browser, CSV.encode())
    assert first.headers["Location"] == second.headers["Location"]
    assert len(lists_of(edition.id)) == 1


@pytest.mark.parametrize(
    ("data", "status"),
    [(b"MZ" + bytes(range(256)) * 9, 422), (b"", 422)],
)
def test_what_is_no_list_is_refused_with_a_sentence(
    browser: Browser, edition: Edition, data: bytes, status: int
) -> None:
    answer = upload(browser, data, "list.csv")
    assert (answer.status_code, len(lists_of(edition.id))) == (status, 0)


def test_a_hostile_file_name_is_only_a_name(browser: Browser, edition: Edition) -> None:
    upload(browser, CSV.encode(), "../../etc/<script>alert(1)</script>.csv")
    (row,) = lists_of(edition.id)
    assert row.file_name == "script>.csv"
    assert "<script>alert" not in browser.get(f"{LISTS}/{row.public_id}").text


def test_those_whom_a_list_brought_in_are_invited_with_one_button(browser: Browser, edition: Edition) -> None:
    data = "Team,Delegate 1,E-mail 1\nRed,Ann Lee,a@example.org\nBlue,Bo Chen,b@example.org\n"
    assert upload(browser, data.encode()).status_code == 303
    (row,) = lists_of(edition.id)
    page = f"{LISTS}/{row.public_id}"
    assert send(browser, f"{page}/apply", page, version=row.version).status_code == 303
    assert "who can be invited now: 2" in browser.get(page).text
    for _twice in range(2):
        assert send(browser, f"{page}/invite", LISTS, idempotency_key="i" * 24).status_code == 303
    assert "Nobody whom it brought in waits for an invitation." in browser.get(page).text
    sent = db.session.scalars(select(OutboxMessage.to_address).order_by(OutboxMessage.id)).all()
    assert sent == ["a@example.org", "b@example.org"]

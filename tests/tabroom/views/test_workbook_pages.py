"""The pages that bring a workbook in and take files away, worked by hand and by the worker."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select
from werkzeug.test import TestResponse

from accounts.models import User
from competition.editions.public import find_edition, get_edition
from core.audit import AuditEntry
from core.db import db, utc_now
from core.spreadsheets import read_workbook
from core.worker import run_pending
from tabroom.models import KeptFile
from tabroom.workbook import kept
from tests.factories import make_edition, make_organiser, make_user, sign_in
from tests.tabroom.workbook.build import Content, file_of, small

CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
NO_SUCH = "There is no institution “Uni C” in the sheet “Institutions”. Did you mean “Uni B”?"
KEY = re.compile(r'name="idempotency_key"[^>]*value="([^"]+)"')


def kept_files() -> list[KeptFile]:
    return list(db.session.scalars(select(KeptFile)))


class Desk:
    """A browser at work: every form is sent with what its page holds."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def post(self, address: str, page: str, **fields: object) -> TestResponse:
        html = self.client.get(page).text
        hidden = {"csrf_token": unescape(_found(CSRF, html)), "idempotency_key": _found(KEY, html)}
        return self.client.post(address, data={**hidden, **fields})

    def upload(self, page: str, content: Content | bytes, address: str | None = None) -> str:
        data = content if isinstance(content, bytes) else file_of(content)
        answer = self.post(address or page, page, file=(io.BytesIO(data), "my edition.xlsx"))
        assert answer.status_code == 303, answer.text
        return str(answer.location)


def _found(pattern: re.Pattern[str], html: str) -> str:
    match = pattern.search(html)
    return match[1] if match else ""


@pytest.fixture
def operator(app: Flask) -> User:
    return make_user(is_operator=True)


@pytest.fixture
def desk(client: FlaskClient, operator: User) -> Desk:
    sign_in(client, operator)
    return Desk(client)


def cells(html: str, table: str) -> list[list[str]]:
    body = re.search(rf'id="{table}".*?</table>', html, re.DOTALL)
    if body is None:
        return []
    rows = [
        re.findall(r"<t[dh].*?</t[dh]>", row, re.DOTALL)
        for row in re.findall(r"<tr>(.*?)</tr>", body[0], re.DOTALL)
    ]
    return [[unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in row] for row in rows]


def test_upload_preview_apply(app: Flask, desk: Desk) -> None:
    page = desk.upload("/editions/import", small())
    assert "Waiting to start" in desk.client.get(page).text
    run_pending(app)
    preview = desk.client.get(page)
    assert ["Marks", "8", "–", "–", "–"] in cells(preview.text, "counts")
    assert find_edition("small") is None
    answer = desk.post(f"{page}/apply", page)
    assert answer.status_code == 303
    run_pending(app)
    done = desk.client.get(answer.location)
    assert "Imported. The edition is as the file says." in done.text
    edition = get_edition("small")
    assert f'href="/e/{edition.slug}/overview"' in done.text
    assert kept_files() == []


def test_all_faults_are_shown_with_their_place(app: Flask, desk: Desk) -> None:
    content = small()
    content["Marks"][1][6] = 500
    content["Teams"].append(["<b>Elm</b>", "Uni C"])
    page = desk.upload("/editions/import", content)
    run_pending(app)
    html = desk.client.get(page).text
    assert [[*row[:4], row[4].split(" (")[0]] for row in cells(html, "faults")[1:]] == [
        [
            "Teams",
            "6",
            "institution",
            "Uni C",
            "There is no institution “Uni C” in the sheet “Institutions”. Did you mean “Uni B”?",
        ],
        ["Marks", "2", "mark", "500", "A mark for “speech” is from 0 to 100."],
    ]
    assert "Import it" not in html
    key = {"csrf_token": _found(CSRF, desk.client.get("/editions/import").text), "idempotency_key": "x" * 24}
    assert desk.client.post(f"{page}/apply", data=key).status_code == 409
    assert find_edition("small") is None


def test_the_file_comes_back_with_its_faults_marked_and_can_be_mended_and_sent_again(
    app: Flask, desk: Desk
) -> None:
    content = small()
    content["Teams"].append(["Elm", "Uni C"])
    page = desk.upload("/editions/import", content)
    run_pending(app)
    assert f'href="{page}/marked"' in desk.client.get(page).text
    with desk.client.get(f"{page}/marked") as answer:
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
        assert "filename=edition-faults.xlsx" in answer.headers["Content-Disposition"]
        book = load_workbook(io.BytesIO(answer.data))
    cell = book["Teams"]["B6"]
    assert cell.comment.text == NO_SUCH
    cell.value = "Uni B"
    mended = io.BytesIO()
    book.save(mended)
    again = desk.upload("/editions/import", mended.getvalue())
    run_pending(app)
    assert "The file is sound. Nothing was changed yet." in desk.client.get(again).text
    assert desk.client.get(f"{again}/marked").status_code == 404
    other = app.test_client()
    sign_in(other, make_user(is_operator=True))
    assert other.get(f"{page}/marked").status_code == 404


def test_a_form_sent_twice_makes_one_job(app: Flask, desk: Desk) -> None:
    html = desk.client.get("/editions/import").text
    hidden = {"csrf_token": unescape(_found(CSRF, html)), "idempotency_key": _found(KEY, html)}
    data = file_of(small())
    places = [
        desk.client.post("/editions/import", data={**hidden, "file": (io.BytesIO(data), "a.xlsx")}).location
        for _ in range(2)
    ]
    assert places[0] == places[1]
    assert run_pending(app) == 1


def test_a_file_must_be_chosen_and_must_be_a_workbook(app: Flask, desk: Desk) -> None:
    answer = desk.post("/editions/import", "/editions/import")
    assert (answer.status_code, "Choose a file." in answer.text) == (422, True)
    page = desk.upload("/editions/import", b"no workbook")
    run_pending(app)
    assert "This file is not an Excel workbook" in desk.client.get(page).text


def test_a_file_of_thirty_megabytes_is_too_large(app: Flask, desk: Desk) -> None:
    body, kind = bytes(30 * 1024 * 1024), "multipart/form-data; boundary=x"
    assert desk.client.post("/editions/import", data=body, content_type=kind).status_code == 413


def test_a_waiting_import_can_be_cancelled(app: Flask, desk: Desk) -> None:
    page = desk.upload("/editions/import", small())
    assert desk.post(f"{page}/cancel", page).status_code == 303
    assert run_pending(app) == 0
    assert "Cancelled. Nothing was changed." in desk.client.get(page).text


def test_only_whoever_uploaded_a_file_sees_and_applies_it(app: Flask, desk: Desk) -> None:
    page = desk.upload("/editions/import", small())
    run_pending(app)
    other = app.test_client()
    sign_in(other, make_user(is_operator=True))
    assert other.get(page).status_code == 404
    assert Desk(other).post(f"{page}/apply", "/editions/import").status_code == 404


def test_an_upload_lies_where_every_host_finds_it_and_is_gone_after_a_day(app: Flask, desk: Desk) -> None:
    content = file_of(small())
    page = desk.upload("/editions/import", content)
    assert [file.data for file in kept_files()] == [content]
    assert not any(Path(app.instance_path).rglob("*.xlsx"))
    assert kept.sweep(utc_now()) == 0
    assert kept.sweep(utc_now() + timedelta(days=1, minutes=1)) == 1
    run_pending(app)
    assert "The uploaded file is no longer kept. Upload it again." in desk.client.get(page).text


def test_a_file_is_found_by_its_own_token_alone(app: Flask) -> None:
    token, other = kept.keep(b"one"), kept.keep(b"other")
    assert [kept.find(name) for name in (token, other, "", "../../etc/passwd")] == [
        b"one",
        b"other",
        None,
        None,
    ]
    kept.remove(token)
    assert [kept.find(name) for name in (token, other)] == [None, b"other"]


def test_a_director_brings_an_updated_workbook_of_the_same_edition_only(
    app: Flask, client: FlaskClient
) -> None:
    user = make_user()
    edition = make_edition("small", name="Small", timezone="Europe/Berlin", team_size_minimum=2)
    make_organiser(edition, _person(user))
    sign_in(client, user)
    desk, files = Desk(client), "/e/small/files/"
    page = desk.upload(files, small(), f"{files}import")
    run_pending(app)
    assert ["Teams", "4", "–", "–", "–"] in cells(client.get(page).text, "counts")
    assert desk.post(f"{page}/apply", page).status_code == 303
    run_pending(app)
    other = small()
    other["Edition"][2] = ["slug", "other"]
    page = desk.upload(files, other, f"{files}import")
    run_pending(app)
    assert "This file is of the edition “other”, not of “small”." in client.get(page).text


def _person(user: User):  # type: ignore[no-untyped-def]
    from accounts.models import Person

    return db.session.get_one(Person, user.person_id)


@pytest.mark.parametrize(
    ("action", "fields", "name", "verb"),
    [
        ("export", {}, "small.xlsx", "edition.exported"),
        ("results", {}, "small-results.xlsx", "results.exported"),
        ("results", {"with_marks": "1"}, "small-results-with-marks.xlsx", "results.exported_with_marks"),
        ("audit", {}, "small-audit.xlsx", "results.exported_for_audit"),
        ("research", {}, "small-research.xlsx", "results.exported_for_research"),
    ],
)
def test_files_are_made_logged_and_fetched(
    app: Flask, client: FlaskClient, action: str, fields: dict[str, str], name: str, verb: str
) -> None:
    user = make_user()
    make_organiser(make_edition("small"), _person(user))
    sign_in(client, user)
    answer = Desk(client).post(f"/e/small/files/{action}", "/e/small/files/", **fields)
    assert answer.status_code == 303
    run_pending(app)
    page = client.get(answer.location).text
    assert f"Download {name}" in page
    with client.get(f"{answer.location}/download") as download:
        assert (download.status_code, download.headers["Cache-Control"]) == (200, "no-store")
        assert f"filename={name}" in download.headers["Content-Disposition"]
        assert read_workbook(download.data)
    assert verb in db.session.scalars(select(AuditEntry.verb)).all()
    kept.sweep(utc_now() + timedelta(days=1, minutes=1))
    assert client.get(f"{answer.location}/download").status_code == 404


def test_the_tab_team_gets_results_but_neither_exports_nor_imports(app: Flask, client: FlaskClient) -> None:
    user = make_user()
    make_organiser(make_edition("small"), _person(user), "tab")
    sign_in(client, user)
    html = client.get("/e/small/files/").text
    shown = [f"files/{name}" in html for name in ("results", "export", "import", "research")]
    assert shown == [True, False, False, False]
    token = {"csrf_token": unescape(_found(CSRF, html))}
    assert client.post("/e/small/files/export", data=token).status_code == 403
    assert client.post("/e/small/files/research", data=token).status_code == 403
    assert client.post("/e/small/files/import", data=token).status_code == 403
    assert client.post("/e/small/files/results", data=token).status_code == 303


def test_a_stranger_sees_nothing_of_it(app: Flask, client: FlaskClient) -> None:
    make_edition("small")
    sign_in(client, make_user())
    assert client.get("/e/small/files/").status_code == 404
    assert client.get("/editions/import").status_code in (403, 404)

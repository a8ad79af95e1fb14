"""Writing cases: by hand, as a file, with attachments; what is refused loses nothing."""

from __future__ import annotations

import base64
import io
import json
import re
import zipfile
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from competition.cases.files import kind_of, plain_name
from competition.cases.format import from_json, to_json
from competition.cases.issue_lines import from_lines, to_lines
from competition.cases.models import Case, CaseFile, RoundCase
from competition.cases.queries import cases_of, content_of, files_of, newest_briefs, revisions_of
from competition.cases.services import assign_case, create_case, import_case, save_brief, set_released
from competition.rounds.public import confirm_draw, draft_draw, get_round_facts, release_draw
from core.access import SYSTEM
from core.db import db
from core.errors import Invalid, Stale
from core.markdown import safe_html
from core.outbox import OutboxMessage
from core.roles import ROLES, Role
from tests.factories import (
    make_delegate,
    make_edition,
    make_organiser,
    make_person,
    make_round,
    make_team,
    make_user,
    sign_in,
)
from tests.papers import a_pdf

CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
KEY = re.compile(r'name="idempotency_key"[^>]*value="([^"]+)"')


def office(folder: str = "word/", *extra: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("[Content_Types].xml", f"{folder}document.xml", *extra):
            archive.writestr(name, "x")
    return out.getvalue()


WHOLE: dict[str, Any] = {
    "format": 1,
    "title": "Port",
    "title_zh": "港口",
    "background": "# Port\n\nA **deep** port.",
    "background_zh": "深水港。",
    "session_plan": "- opening",
    "session_plan_zh": "",
    "issues": [
        {"code": "depth", "name": "Depth", "name_zh": "水深", "options": [{"en": "12 m", "zh": "12 米"}]},
        {"code": "jobs", "name": "Jobs", "name_zh": "", "options": []},
    ],
    "briefs": {
        role.value: {"party": f"P {role}", "party_zh": "", "body": f"B {role}", "body_zh": ""}
        for role in ROLES
    },
    "files": [{"role": "igo", "name": "map.pdf", "data": base64.b64encode(a_pdf()).decode()}],
}


def test_a_case_comes_and_goes_as_a_file_unchanged(app: Flask) -> None:
    edition = make_edition()
    data = json.dumps(WHOLE).encode()
    case = import_case(actor=SYSTEM, edition=edition, content=from_json(data))
    assert json.loads(to_json(content_of(case))) == WHOLE
    again = import_case(actor=SYSTEM, edition=edition, content=from_json(to_json(content_of(case))))
    assert to_json(content_of(again)) == to_json(content_of(case))


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"title": ""},
        {"title": 7},
        {"issues": "many"},
        {"issues": [{"name": ""}]},
        {"issues": [{"name": "A", "code": "x"}, {"name": "B", "code": "x"}]},
        {"issues": [{"name": "A", "options": ["12 m"]}]},
        {"briefs": []},
        {"briefs": {"igo": "secret"}},
        {"files": [{"role": "king", "name": "a", "data": ""}]},
        {"files": [{"role": None, "name": "a", "data": "%%%"}]},
        {"background": "x" * 70_000},
    ],
)
def test_a_file_that_is_not_a_case_is_refused_in_one_line(change: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        from_json(json.dumps({**WHOLE, **change}).encode())


@pytest.mark.parametrize("data", [b"", b"PK", b"[]", b"{", b"[" * 100_000])
def test_anything_else_is_refused_too(data: bytes) -> None:
    with pytest.raises(Invalid):
        from_json(data)


@pytest.mark.parametrize(
    ("data", "ending"),
    [
        (b"%PDF-1.4", ".pdf"),
        (b"\x89PNG\r\n\x1a\n123", ".png"),
        (b"\xff\xd8\xff\xe0", ".jpg"),
        (office("word/"), ".docx"),
        (office("xl/"), ".xlsx"),
        (office("ppt/"), ".pptx"),
    ],
)
def test_the_kind_of_a_file_is_told_by_its_content(data: bytes, ending: str) -> None:
    assert kind_of(data)[1] == ending


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"MZ\x90\x00 an executable",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<html>%PDF-1.4",
        b"PK\x03\x04broken",
        office("word/", "word/vbaProject.bin"),
        office("other/"),
        b"%PDF-" + b"x" * (10 * 1024 * 1024),
    ],
)
def test_files_that_lie_are_refused(data: bytes) -> None:
    with pytest.raises(Invalid):
        kind_of(data)


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("brief.exe", "brief.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\a\\map.final.docx", "map.final.pdf"),
        ("简报\r\nX: y.pdf", "简报_X_ y.pdf"),
        ("....", "file.pdf"),
        ("", "file.pdf"),
    ],
)
def test_hostile_names_become_plain_ones(name: str, plain: str) -> None:
    assert plain_name(name, ".pdf") == plain


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        '<a href="x" onclick="y">z</a>',
        "<iframe src=x></iframe>",
        "<img src=x onerror=y>",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
    ],
)
def test_text_with_markup_is_safe(text: str) -> None:
    tags = re.findall(r"<[^>]*>", safe_html(text))
    assert set(tags) <= {"<p>", "</p>", "<em>", "</em>"}


def test_pictures_from_elsewhere_are_not_fetched() -> None:
    assert "<img" not in safe_html("![x](https://example.org/a.png)")


def test_markup_becomes_headings_lists_and_tables() -> None:
    html = safe_html("# Port\n\n- a\n- **b**\n\n| x | y |\n|---|---|\n| 1 | 2 |")
    for part in ("<h2>Port</h2>", "<li>a</li>", "<strong>b</strong>", "<td>1</td>"):
        assert part in html


def test_issues_are_edited_as_lines_and_keep_their_codes() -> None:
    issues = WHOLE["issues"]
    text = to_lines(issues)
    assert text == "Depth | 水深\n- 12 m | 12 米\nJobs"
    assert from_lines(text, issues) == issues
    changed = from_lines("Jobs\n- 40 %\nNoise\n\nDepth | 水深", issues)
    assert [(issue["code"], issue["name"], len(issue["options"])) for issue in changed] == [
        ("jobs", "Jobs", 1),
        ("2", "Noise", 0),
        ("depth", "Depth", 0),
    ]


def test_a_brief_is_kept_in_revisions_and_two_writers_notice_each_other(app: Flask) -> None:
    case = create_case(actor=SYSTEM, edition=make_edition(), title="Port")
    values = {"party": "Ministry", "party_zh": "", "body": "one", "body_zh": ""}
    role = Role.GOVERNMENT
    assert save_brief(actor=SYSTEM, case=case, role=role, values=values, revision=0) is not None
    assert save_brief(actor=SYSTEM, case=case, role=role, values=values, revision=1) is None
    save_brief(actor=SYSTEM, case=case, role=role, values={**values, "body": "two"}, revision=1)
    with pytest.raises(Stale):
        save_brief(actor=SYSTEM, case=case, role=role, values={**values, "body": "three"}, revision=1)
    assert [one.body for one in revisions_of(case.id, "government")] == ["two", "one"]


def test_replacing_a_brief_after_the_release_tells_the_teams_that_hold_the_role(app: Flask) -> None:
    edition = make_edition(role_policy="fixed")
    for number in range(8):
        team = make_team(edition, f"T{number}", role=ROLES[number % 4].value)
        make_delegate(team, f"Captain {number}", is_captain=True, contact=f"c{number}@example.org")
    row = make_round(edition)
    case = import_case(actor=SYSTEM, edition=edition, content=from_json(json.dumps(WHOLE).encode()))
    draft_draw(actor=SYSTEM, round_id=row.id, method="random", seed=1)
    confirm_draw(actor=SYSTEM, round_id=row.id)
    release_draw(actor=SYSTEM, round_id=row.id)
    values = {"party": "P", "party_zh": "", "body": "new", "body_zh": ""}
    facts = get_round_facts(edition.id, 1)
    assign_case(actor=SYSTEM, facts=facts, case=case, release_at=None, judges_read=False, coaches_read=False)
    save_brief(actor=SYSTEM, case=case, role=Role.IGO, values=values, revision=1)
    query = select(OutboxMessage.to_address).where(OutboxMessage.kind == "brief_replaced")
    assert db.session.scalars(query).all() == []
    set_released(actor=SYSTEM, facts=facts, case=case, is_released=True)
    save_brief(actor=SYSTEM, case=case, role=Role.IGO, values={**values, "body": "newer"}, revision=2)
    assert sorted(db.session.scalars(query)) == ["c3@example.org", "c7@example.org"]


@pytest.fixture
def director(client: FlaskClient) -> FlaskClient:
    edition = make_edition("open")
    make_round(edition)
    person = make_person()
    make_organiser(edition, person)
    sign_in(client, make_user(person=person))
    db.session.commit()
    return client


def send(client: FlaskClient, page: str, path: str | None = None, **fields: Any) -> Any:
    html = client.get(page).text
    token, key = CSRF.search(html), KEY.search(html)
    assert token
    held = {"csrf_token": token.group(1), "idempotency_key": key.group(1) if key else ""}
    return client.post(path or page, data={**held, **fields})


def test_an_organiser_writes_a_case_and_opens_it_for_a_round(director: FlaskClient) -> None:
    made = send(director, "/e/open/cases/", "/e/open/cases/new", title="Port")
    assert made.status_code == 303
    page = made.location
    text = {"title": "Port", "title_zh": "港口", "background": "Deep", "issues": "Depth\n- 12 m"}
    assert send(director, page, version="1", **text).status_code == 303
    stale = send(director, page, version="1", **text)
    assert stale.status_code == 409
    assert "Deep" in stale.text
    for role in ROLES:
        brief = f"{page}/briefs/{role.value}"
        assert send(director, brief, version="0", party="P", body=f"SECRET {role}").status_code == 303
    assert "SECRET" in director.get(f"{page}/preview").text
    lying = (io.BytesIO(b"MZ an executable"), "brief.pdf")
    assert send(director, page, f"{page}/files", role="", file=lying).status_code == 422
    honest = (io.BytesIO(a_pdf()), "map.pdf")
    assert send(director, page, f"{page}/files", role="igo", file=honest).status_code == 303
    case = db.session.scalars(select(Case)).one()
    assert [one.name for one in files_of(case.id)] == ["map.pdf"]
    assert len(newest_briefs(case.id)) == 4
    round_page = "/e/open/rounds/1/case"
    assert send(director, round_page, case=case.public_id, judges_read="y").status_code == 303
    assert send(director, round_page, f"{round_page}/release", is_released="1").status_code == 303
    row = db.session.scalars(select(RoundCase)).one()
    assert row.released_at is not None
    assert row.judges_read
    refused = send(director, round_page, case="")
    assert refused.status_code == 409
    saved = send(director, page, f"{page}/export")
    assert json.loads(saved.data)["title_zh"] == "港口"
    brought = (io.BytesIO(saved.data), "case.json")
    assert send(director, "/e/open/cases/", "/e/open/cases/import", file=brought).status_code == 303
    assert len(cases_of(case.edition_id)) == 2
    assert send(director, page, f"{page}/delete").status_code == 409


def test_a_file_that_is_no_case_is_answered_in_words(director: FlaskClient) -> None:
    wrong = (io.BytesIO(b"hello"), "case.json")
    answer = send(director, "/e/open/cases/", "/e/open/cases/import", file=wrong)
    assert answer.status_code == 422
    assert "This is not a case file" in answer.text


@pytest.mark.parametrize(
    ("name", "data", "status"),
    [
        ("brief.pdf", b"MZ\x90\x00 an executable called PDF", 422),
        ("map.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", 422),
        ("../../<b>brief</b>.exe", a_pdf(), 303),
        ("brief.pdf", a_pdf(password="secret"), 422),
    ],
)
def test_what_is_attached_on_the_page_is_what_it_holds_under_a_harmless_name(
    director: FlaskClient, name: str, data: bytes, status: int
) -> None:
    answer = send(director, "/e/open/cases/", "/e/open/cases/new", title="Port")
    way = answer.headers["Location"]
    page = director.get(way).text
    token = CSRF.search(page)
    assert token
    form = {"csrf_token": token.group(1), "role": "igo", "file": (io.BytesIO(data), name)}
    assert director.post(f"{way}/files", data=form).status_code == status
    names = db.session.scalars(select(CaseFile.name)).all()
    assert names == ([] if status == 422 else ["b.pdf"])


def test_two_hundred_megabytes_are_refused_without_being_kept(director: FlaskClient) -> None:
    way = send(director, "/e/open/cases/", "/e/open/cases/new", title="Port").headers["Location"]
    answer = director.post(
        f"{way}/files",
        data=bytes(1024),
        content_type="multipart/form-data; boundary=b",
        environ_overrides={"CONTENT_LENGTH": str(200 * 1024 * 1024)},
    )
    assert answer.status_code == 413
    assert db.session.scalars(select(CaseFile.name)).all() == []


@pytest.mark.parametrize("text", ["# A\n\n## B", "## A\n\n### B", "### A\n\n#### B"])
def test_the_highest_heading_of_a_text_follows_the_title_of_its_page(text: str) -> None:
    html = safe_html(text)
    assert re.findall(r"<h\d>", html) == ["<h2>", "<h3>"]

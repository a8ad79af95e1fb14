"""One's own data from every capacity, and what stays of somebody who was erased."""

from __future__ import annotations

import ast
import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from accounts.erasure import erase_person, objections_to_erasing
from accounts.models import Person, User
from accounts.own_data import own_data
from accounts.own_data_words import WORDS
from competition.entries.models import Delegate, Judge, Team
from competition.entries.registering import questions
from competition.entries.registering.models import Answer
from competition.entries.services import invitations
from core.access import SYSTEM, Actor
from core.audit import AuditEntry, record
from core.db import db
from core.errors import Conflict
from core.links import PrivateLink
from core.outbox import OutboxMessage
from core.spreadsheets import read_workbook
from judging.closing.models import AwardLine, Certificate
from judging.models import Award, Scoresheet
from judging.snapshots import publish_snapshot, take_snapshot
from talent_pool.queries import AskedByEmployer
from talent_pool.services.choices import Choices
from talent_pool.services.deletions import DeletionLine
from tests.competition.entries.registering.test_entry import ask
from tests.competition.entries.test_teams import hidden
from tests.factories import NOW, add, make_edition, make_organiser, make_person, make_user, sign_in
from tests.judging.judged import Judged, make_judged


@pytest.fixture
def judged(app: Flask) -> Judged:
    """A small judged edition with public results after its first round."""
    made = make_judged(tables=2, rounds=2, panel=2, results_state="published")
    snapshot = take_snapshot(actor=SYSTEM, edition=made.edition, after_round=1)
    publish_snapshot(actor=SYSTEM, snapshot=snapshot)
    return made


def claimed(judged: Judged) -> tuple[Person, Delegate]:
    """A person with an account who is a delegate there."""
    person = make_person("Lin Wei", name_local="林薇")
    make_user("lin@example.org", person=person)
    delegate = judged.delegates[judged.teams[0].id][0]
    delegate.person_id, delegate.contact, delegate.name = person.id, "lin@example.org", "Lin Wei"
    db.session.flush()
    return person, delegate


def test_marks_and_words_about_a_person_are_theirs_with_judges_as_letters(judged: Judged) -> None:
    person, delegate = claimed(judged)
    for sheet in db.session.scalars(select(Scoresheet)):
        sheet.state = "confirmed"
        sheet.remarks = {str(delegate.team_id): {"note": "", "feedback": "Listen more."}}
    db.session.flush()
    data = own_data(person.id)["judging"]
    assert {(one["round"], one["judge"]) for one in data["marks_about_me"]} == {
        (1, "Judge A"),
        (1, "Judge B"),
    }
    assert [(one["judge"], one["words"]) for one in data["words_about_my_team"]] == [
        ("Judge A", "Listen more."),
        ("Judge B", "Listen more."),
    ]
    assert "Judge 0" not in json.dumps(data, default=str)


def test_nothing_of_a_round_whose_results_are_not_public_is_told(app: Flask) -> None:
    made = make_judged(tables=2, rounds=1, panel=1)
    person, _delegate = claimed(made)
    assert own_data(person.id)["judging"]["marks_about_me"] == []


def test_every_capacity_is_in_ones_own_data(judged: Judged) -> None:
    person, delegate = claimed(judged)
    judged.judges[0].person_id = person.id
    judged.teams[1].coach_person_id, judged.teams[1].coach = person.id, "Lin Wei"
    questions.keep_answers(delegate, {ask(judged.edition).id: "vegan"})
    record(Actor(person_id=person.id), "confirm", "delegate", delegate.id)
    db.session.flush()
    data = own_data(person.id)["competition"]
    assert [one["answers"] for one in data["as_delegate"]] == [{"Diet": "vegan"}]
    assert [one["code"] for one in data["as_judge"]] == [judged.judges[0].code]
    assert [one["team"] for one in data["as_coach"]] == [judged.teams[1].name]
    assert [(one["verb"], one["thing"]) for one in data["deeds"]] == [("confirm", "delegate")]


def test_both_files_hold_the_same(judged: Judged, client: FlaskClient) -> None:
    person, _delegate = claimed(judged)
    sign_in(client, db.session.scalars(select(User).where(User.person_id == person.id)).one())
    as_json = json.loads(client.get("/account/data").text)
    assert as_json["competition"]["as_delegate"][0]["name"] == "Lin Wei"
    answer = client.get("/account/data.xlsx")
    assert answer.headers["Cache-Control"] == "no-store"
    sheets = {sheet.name: sheet.rows for sheet in read_workbook(answer.data)}
    assert ["Account › Person › Name", "Lin Wei"] in [list(row[:2]) for row in sheets["Facts"]]
    names = sheets["Competition as delegate"]
    assert names[1][list(names[0]).index("Name")] == "Lin Wei"


def test_the_spreadsheet_speaks_its_readers_language(judged: Judged, client: FlaskClient) -> None:
    person, _delegate = claimed(judged)
    sign_in(client, db.session.scalars(select(User).where(User.person_id == person.id)).one())
    answer = client.get("/account/data.xlsx", headers={"Accept-Language": "zh-CN"})
    sheets = {sheet.name: sheet.rows for sheet in read_workbook(answer.data)}
    assert list(sheets["基本信息"][0][:2]) == ["项目（时间为 UTC）", "内容"]
    assert ["账号 › 人员 › 名字", "Lin Wei"] in [list(row[:2]) for row in sheets["基本信息"]]
    heads = {name: rows[0] for name, rows in sheets.items() if name != "基本信息"}
    assert heads["赛事 作为代表"][:4] == ["赛事", "队伍", "代码", "名字"]
    assert [cell for row in heads.values() for cell in row if str(cell).isascii()] == []
    assert json.loads(client.get("/account/data").text)["competition"]["as_delegate"][0]["name"] == "Lin Wei"


def test_every_key_that_a_feature_gives_has_words() -> None:
    root = Path(__file__).resolve().parents[2]
    files = (
        "accounts/own_data.py", "competition/entries/own_data.py", "competition/applications/own_data.py",
        "judging/own_data.py", "judging/closing/own.py", "talent_pool/own_data.py",
    )  # fmt: skip
    keys = {
        key.value
        for file in files
        for node in ast.walk(ast.parse((root / file).read_text(encoding="utf-8")))
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant)
    }
    told = {one.name for shape in (Choices, DeletionLine, AskedByEmployer) for one in fields(shape)}
    assert sorted((keys | told) - set(WORDS) - {"synchronize_session", "no", "yes"}) == []


def erase(person: Person) -> None:
    erase_person(actor=Actor(person_id=person.id, user_id=1), person=person)
    db.session.expire_all()


def test_erasure_keeps_results_as_a_numbered_participant_and_the_audit_whole(judged: Judged) -> None:
    person, delegate = claimed(judged)
    edition, key = judged.edition, delegate.id
    invitations.invite_delegate(actor=SYSTEM, edition=edition, delegate=delegate)
    questions.keep_answers(delegate, {ask(edition).id: "vegan"})
    winner: dict[str, Any] = {"of": "delegate", "name": "Lin Wei", "name_local": "林薇", "delegate_id": key}
    add(Award(edition_id=edition.id, award="Best", winner="Lin Wei", delegate_id=key))
    line = add(AwardLine(edition_id=edition.id, name="Best", kind="team_tier", count=1, winners=[winner]))
    paper = add(
        Certificate(
            edition_id=edition.id,
            code="ABC",
            kind="participation",
            name="Lin Wei",
            delegate_id=key,
            issued_at=NOW,
        )
    )
    record(Actor(person_id=person.id), "confirm", "delegate", key)
    before = db.session.scalar(select(func.count(AuditEntry.id)))
    marks = own_marks(key)
    erase(person)
    number = f"Participant #{delegate.position + 1}"
    assert (delegate.name, delegate.name_local, delegate.contact, delegate.person_id) == (
        number,
        "",
        "",
        None,
    )
    assert own_marks(key) == marks > 0
    assert db.session.scalars(select(Award.winner)).all() == [number]
    assert line.winners == [{"of": "delegate", "name": number, "name_local": "", "delegate_id": key}]
    assert (paper.name, paper.name_local) == (number, "")
    assert (db.session.scalar(select(func.count(Answer.id))), rows_with("lin@example.org")) == (0, 0)
    assert db.session.scalars(select(User)).all() == []
    after = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert len(after) > (before or 0)
    assert [entry for entry in after if entry.person_id == person.id] == []
    assert (person.name, person.name_local) == (f"Participant #{person.id}", "")


def own_marks(delegate_id: int) -> int:
    from judging.models import Mark

    return db.session.scalar(select(func.count(Mark.id)).where(Mark.delegate_id == delegate_id)) or 0


def rows_with(address: str) -> int:
    """Letters and links that still know an address."""
    letters = db.session.scalar(
        select(func.count(OutboxMessage.id)).where(OutboxMessage.to_address == address)
    )
    links = db.session.scalar(select(func.count(PrivateLink.id)).where(PrivateLink.bound_address == address))
    return (letters or 0) + (links or 0)


def test_a_judges_and_a_coachs_names_go_and_their_sheets_and_teams_stay(judged: Judged) -> None:
    person = make_person("Prof. Wu")
    make_user("wu@example.org", person=person)
    judge, team = judged.judges[0], judged.teams[0]
    judge.person_id, judge.name, judge.expertise = person.id, "Prof. Wu", "law"
    team.coach, team.coach_contact = "Prof. Wu", "wu@example.org"
    sheets = db.session.scalar(select(func.count(Scoresheet.id)))
    erase(person)
    again = db.session.get_one(Judge, judge.id)
    assert (again.name, again.person_id, again.expertise) == (f"Judge #{judge.position + 1}", None, "")
    kept = db.session.get_one(Team, team.id)
    assert (kept.coach, kept.coach_contact, kept.coach_person_id) == ("", "", None)
    assert db.session.scalar(select(func.count(Scoresheet.id))) == sheets


def test_the_only_director_and_an_operator_hand_over_first(app: Flask) -> None:
    director, operator = make_person("Director"), make_person("Operator")
    edition = make_edition()
    make_organiser(edition, director)
    make_user(person=operator, is_operator=True)
    assert [len(objections_to_erasing(one.id)) for one in (director, operator)] == [1, 1]
    with pytest.raises(Conflict, match="only director"):
        erase(director)
    make_organiser(edition, make_person("Second"))
    erase(director)
    assert objections_to_erasing(director.id) == []


def test_on_screen_nothing_is_erased_without_the_tick(judged: Judged, client: FlaskClient) -> None:
    person, delegate = claimed(judged)
    sign_in(client, db.session.scalars(select(User).where(User.person_id == person.id)).one())
    token = hidden(client.get("/account/erase").text)["csrf_token"][0]
    assert client.post("/account/erase", data={"csrf_token": token}).status_code == 422
    assert client.post("/account/erase", data={"csrf_token": token, "sure": "y"}).status_code == 303
    db.session.expire_all()
    assert delegate.name.startswith("Participant #")
    assert client.get("/account").status_code == 302

"""A list of people who apply alone becomes applications, and those whom a list brought in are invited once."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from competition.applications.models import Application
from competition.applications.queries import find_own_application
from competition.entries.models import Delegate, Judge
from competition.lists import inviting
from competition.lists.choices import choice_of
from competition.lists.draft import draft_of
from competition.lists.fields import guess_columns
from competition.lists.inviting import Invited, Waiting, invite_brought, waiting_of
from core.access import SYSTEM
from core.audit import AuditEntry
from core.db import db
from core.errors import Conflict
from core.outbox import OutboxMessage
from tests.competition.applications.scene import applicant, open_call
from tests.competition.lists.test_lists import applied, decided, uploaded
from tests.factories import make_edition, make_person

SIGNED_UP = [
    ["姓名", "英文名", "邮箱", "学校", "专业", "年级", "母语", "经验", "性别"],
    ["王小明", "Wang Xiaoming", "W@Example.org", "复旦大学", "国际法", "大二", "中文", "无", "女"],
    ["Ana López", "", "ana@example.org", "Oslo", "Computer Science", "Master", "Spanish", "2", "F"],
    ["Twice Ana", "", "ana@example.org", "Oslo", "Law", "", "", "", ""],
]


def test_the_columns_of_such_a_list_are_guessed(app: Flask) -> None:
    with app.test_request_context():
        headers = ["Full name", "E-mail", "University", "Major", "Year of study", "First language", "Why?"]
        assert guess_columns(headers, "applicants") == [
            "name", "contact", "institution", "discipline", "year", "culture", "motivation",
        ]  # fmt: skip
        assert guess_columns(SIGNED_UP[0], "applicants") == [
            "name_local", "name", "contact", "institution", "discipline", "year", "culture", "experience", "gender",
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("attribute", "text", "code"),
    [
        ("discipline", "Law", "law"),
        ("discipline", "法律", "law"),
        ("discipline", "环境法", "law"),
        ("discipline", "法语", "languages"),
        ("discipline", "International Relations", "relations"),
        ("discipline", "Circus", "other"),
        ("year", "大四", "b4"),
        ("year", "2nd year", "b2"),
        ("year", "PhD student", "doctorate"),
        ("year", "someday", None),
        ("culture", "汉语", "zh"),
        ("culture", "Finnish", "other"),
        ("culture", "yes", None),
        ("experience", "3 times", "much"),
        ("experience", "No", "none"),
        ("gender", "男", "male"),
        ("gender", "?", None),
        ("gender", "", ""),
    ],
)
def test_what_people_write_is_one_of_the_choices_or_asked_about(
    app: Flask, attribute: str, text: str, code: str | None
) -> None:
    assert choice_of(attribute, text) == code


def test_a_list_becomes_applications_once_each_at_its_own_address(app: Flask) -> None:
    edition = open_call()
    applicant(edition, 7)
    for expected in ({"applicants": 2, "known": 1}, {"known": 3}):
        row = uploaded(edition, SIGNED_UP, "applicants")
        assert draft_of(edition, row).faults == []
        decided(edition, row, address="keep", script="keep")
        assert applied(edition, row) == expected
    rows = db.session.scalars(
        select(Application).where(Application.edition_id == edition.id).order_by(Application.id)
    ).all()[1:]
    assert [
        (
            row.name,
            row.name_local,
            row.contact,
            row.discipline,
            row.year,
            row.culture,
            row.experience,
            row.gender,
        )
        for row in rows
    ] == [
        ("Wang Xiaoming", "王小明", "w@example.org", "law", "b2", "zh", "none", "female"),
        ("Ana López", "", "ana@example.org", "engineering", "master", "es", "some", "female"),
    ]
    assert {row.state for row in rows} == {"applied"}
    assert find_own_application(edition.id, make_person().id, "ana@example.org") == rows[1]


def test_an_applicant_without_an_address_or_with_a_strange_word_is_asked_about(app: Flask) -> None:
    edition = open_call()
    rows = [["Name", "E-mail", "Gender", "Year"], ["Bo", "", "?", "someday"], ["Cy", "c@example.org", "", ""]]
    row = uploaded(edition, rows, "applicants")
    faults = draft_of(edition, row).faults
    assert sorted((fault.row, fault.field) for fault in faults) == [
        (2, "contact"),
        (2, "gender"),
        (2, "year"),
    ]


def test_without_a_call_there_is_nothing_to_apply_for(app: Flask) -> None:
    with pytest.raises(Conflict, match="how people apply alone"):
        uploaded(make_edition(), SIGNED_UP, "applicants")


TEAMS = [
    ["Team", "Delegate 1", "E-mail 1", "Delegate 2", "E-mail 2", "Delegate 3", "E-mail 3"],
    ["Red", "Ada", "ada@example.org", "Ben", "BEN@example.org", "Cid", ""],
    ["Blue", "Dora", "dora@example.org", "Ada again", "ada@example.org", "Eve", "eve@example.org"],
]


def mails() -> list[tuple[str, str]]:
    rows = db.session.execute(select(OutboxMessage.to_address, OutboxMessage.kind).order_by(OutboxMessage.id))
    return [(to.lower(), kind) for to, kind in rows]


def test_whom_a_list_brought_in_is_invited_once_and_no_address_twice(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition = make_edition()
    row = uploaded(edition, TEAMS)
    decided(edition, row, address="keep")
    applied(edition, row)
    assert (waiting_of(edition, row), mails()) == (Waiting(count=5, silent=1), [])
    monkeypatch.setattr(inviting, "MOST_AT_ONCE", 2)
    first = invite_brought(actor=SYSTEM, edition=edition, row=row)
    assert (first, len(mails())) == (Invited(count=2, passed=0, left=3), 2)
    dora = db.session.scalars(select(Delegate).where(Delegate.name == "Dora")).one()
    dora.person_id = make_person().id
    second = invite_brought(actor=SYSTEM, edition=edition, row=row)
    assert second == Invited(count=1, passed=1, left=0)
    assert invite_brought(actor=SYSTEM, edition=edition, row=row) == Invited(count=0, passed=0, left=0)
    assert mails() == [
        ("ada@example.org", "invite_captain"),
        ("ben@example.org", "invite_delegate"),
        ("eve@example.org", "invite_delegate"),
    ]
    again = uploaded(edition, [*TEAMS, ["Green", "Fay", "ben@example.org", "", "", "", ""]])
    decided(edition, again, address="keep")
    applied(edition, again)
    assert invite_brought(actor=SYSTEM, edition=edition, row=again) == Invited(count=0, passed=1, left=0)
    verbs = select(AuditEntry.details).where(AuditEntry.thing == "roster_list", AuditEntry.verb == "invite")
    assert [entry["count"] for entry in db.session.scalars(verbs)] == [2, 1, 0, 0]


@pytest.mark.parametrize(
    ("kind", "mail"), [("judges", "invite_judge"), ("applicants", "application_received")]
)
def test_judges_and_applicants_get_the_mail_that_others_of_their_kind_get(
    app: Flask, kind: str, mail: str
) -> None:
    edition = open_call()
    row = uploaded(edition, [["Name", "E-mail"], ["Sato Hana", "hana@example.org"]], kind)
    decided(edition, row)
    applied(edition, row)
    with app.test_request_context():
        assert invite_brought(actor=SYSTEM, edition=edition, row=row).count == 1
    assert mails() == [("hana@example.org", mail)]


def test_somebody_who_was_removed_meanwhile_is_not_invited(app: Flask) -> None:
    edition = make_edition()
    row = uploaded(edition, [["Name", "E-mail"], ["Sato Hana", "hana@example.org"]], "judges")
    decided(edition, row)
    applied(edition, row)
    db.session.execute(Judge.__table__.delete())
    assert waiting_of(edition, row) == Waiting(count=0, silent=0)
    assert invite_brought(actor=SYSTEM, edition=edition, row=row) == Invited(count=0, passed=0, left=0)

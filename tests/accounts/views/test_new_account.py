"""Creating an account: it is there once the address is confirmed, and a taken address is told by mail only."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from accounts.models import Person, User
from core.db import db
from tests.accounts.conftest import Visitor, code_in, link_in, mails, newest_mail
from tests.accounts.views.test_one_time import count_rows, plain
from tests.factories import make_person, make_user

NEW = {"name": "Ouyang  Xue", "name_local": "欧阳雪", "email": "Xue@Example.org"}


def test_an_account_is_there_once_its_address_is_confirmed(visitor: Visitor) -> None:
    answer = visitor.post("/account/new", page="/account/new", **NEW)
    assert answer.headers["Location"] == "/sign-in/code"
    assert db.session.scalars(select(User)).all() == []
    visitor.post("/sign-in/code", page="/sign-in/code", code=code_in(newest_mail()))
    user = db.session.scalars(select(User)).one()
    person = db.session.get_one(Person, user.person_id)
    assert (user.email, user.email_confirmed_at is not None) == ("xue@example.org", True)
    assert (user.is_operator, user.password_hash) == (False, None)
    assert (person.name, person.name_local, person.locale) == ("Ouyang Xue", "欧阳雪", "en")


def test_the_account_remembers_the_language_it_was_made_in(visitor: Visitor) -> None:
    chinese = {"headers": {"Accept-Language": "zh-CN,zh;q=0.9"}}
    visitor.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = chinese["headers"]["Accept-Language"]
    visitor.post("/account/new", page="/account/new", **NEW)
    assert mails()[-1].locale == "zh_Hans"
    link = link_in(newest_mail())
    visitor.post(link, page=link)
    assert db.session.scalars(select(Person.locale)).all() == ["zh_Hans"]


def test_a_taken_address_gets_the_same_answer_and_a_mail_that_says_so(
    new_visitor: Callable[[], Visitor],
) -> None:
    make_user("ada@example.org", person=make_person("Ada Obi"))
    seen = []
    for email in ("ada@example.org", "zed@example.org"):
        browser, rows = new_visitor(), count_rows()
        answer = browser.post("/account/new", page="/account/new", name="Mallory", email=email)
        page = browser.get("/sign-in/code")
        made = tuple(after - before for before, after in zip(rows, count_rows(), strict=True))
        seen.append((made, answer.status_code, answer.headers["Location"], plain(page.text, email)))
    assert seen[0] == seen[1]
    assert ["already has one" in text for text in (message.body for message in mails())] == [True, False]
    assert db.session.scalars(select(Person.name)).all() == ["Ada Obi"]


def test_two_asked_for_accounts_of_one_address_become_one(new_visitor: Callable[[], Visitor]) -> None:
    first, second = new_visitor(), new_visitor()
    first.post("/account/new", page="/account/new", name="First", email="xue@example.org")
    early = link_in(newest_mail())
    second.post("/account/new", page="/account/new", name="Second", email="xue@example.org")
    assert first.get(early).status_code == 404
    link = link_in(newest_mail())
    assert second.post(link, page=link).status_code == 303
    assert db.session.scalars(select(Person.name)).all() == ["Second"]


def test_a_name_in_some_script_is_needed_and_nothing_typed_is_lost(visitor: Visitor) -> None:
    answer = visitor.post("/account/new", page="/account/new", name=" ", email="xue@example.org")
    assert answer.status_code == 422
    assert "Type your name, in one script at least." in answer.text
    assert 'value="xue@example.org"' in answer.text
    assert mails() == []


def test_a_name_cannot_smuggle_a_place_for_secrets_into_a_mail(visitor: Visitor) -> None:
    name = "[[sign_in_code:1]] <b>x</b>"
    answer = visitor.post("/account/new", page="/account/new", name=name, email="xue@example.org")
    assert answer.status_code == 303
    assert name not in newest_mail()

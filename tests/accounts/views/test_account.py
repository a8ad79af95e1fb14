"""One's own account page: only for oneself, and a changed password signs every other browser out."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from sqlalchemy import select

from accounts.models import Person, User, UserSession
from accounts.passwords import hasher
from core.audit import AuditEntry
from core.db import db
from tests.accounts.conftest import Visitor, code_in, mails, newest_mail
from tests.factories import make_edition, make_organiser, make_person, make_user, sign_in

NewVisitor = Callable[[], Visitor]
PASSWORD = "correct horse battery"
HASH = hasher.hash(PASSWORD)


@pytest.fixture
def ada(visitor: Visitor) -> User:
    """Somebody with a password, signed in in `visitor`."""
    user = make_user("ada@example.org", person=make_person("Ada Obi"), password_hash=HASH)
    sign_in(visitor.client, user, has_second_factor=False)
    return user


def test_the_page_is_for_signed_in_people(visitor: Visitor) -> None:
    assert visitor.get("/account").headers["Location"] == "/sign-in?next=/account"


def test_a_person_writes_their_own_name(visitor: Visitor, ada: User) -> None:
    visitor.post("/account/name", page="/account", name=" Ada  Obi-Eze ", name_local="阿达")
    person = db.session.get_one(Person, ada.person_id)
    assert (person.name, person.name_local) == ("Ada Obi-Eze", "阿达")
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.thing == "person")).one()
    assert (entry.person_id, entry.details) == (person.id, {"personal": ["name", "name_local"]})


def test_an_empty_or_endless_name_is_refused(visitor: Visitor, ada: User) -> None:
    for name in ("", "x" * 201):
        assert visitor.post("/account/name", page="/account", name=name).status_code == 422
    assert db.session.get_one(Person, ada.person_id).name == "Ada Obi"


def test_a_person_chooses_their_language(visitor: Visitor, ada: User) -> None:
    visitor.post("/account/language", page="/account", locale="zh_Hans")
    assert db.session.get_one(Person, ada.person_id).locale == "zh_Hans"
    assert 'lang="zh-Hans"' in visitor.get("/account").text
    assert visitor.post("/account/language", page="/account", locale="tlh").status_code == 422


def test_changing_the_password_ends_the_other_sessions_and_is_told_by_mail(
    visitor: Visitor, new_visitor: NewVisitor, ada: User
) -> None:
    other = new_visitor()
    sign_in(other.client, ada)
    answer = change(visitor, current=PASSWORD, password="four words in a row")
    assert answer.status_code == 303
    assert (visitor.get("/account").status_code, other.get("/account").status_code) == (200, 302)
    assert hasher.verify(db.session.get_one(User, ada.id).password_hash or "", "four words in a row")
    assert [(message.kind, message.to_address) for message in mails()] == [
        ("password_changed", "ada@example.org")
    ]


@pytest.mark.parametrize(
    ("current", "password"),
    [("", "four words in a row"), ("wrong", "four words in a row"), (PASSWORD, "short"), (PASSWORD, "")],
)
def test_a_password_is_not_changed_without_the_present_one_or_for_a_bad_one(
    visitor: Visitor, ada: User, current: str, password: str
) -> None:
    assert change(visitor, current=current, password=password).status_code == 422
    assert db.session.get_one(User, ada.id).password_hash == HASH


def test_without_a_password_only_somebody_just_come_by_mail_sets_one(
    visitor: Visitor, new_visitor: NewVisitor
) -> None:
    user = make_user("bob@example.org")
    sign_in(visitor.client, user)
    assert change(visitor, password="four words in a row").status_code == 422
    visitor.post("/sign-in/mail", page="/account", email="bob@example.org", next="/account#password")
    back = visitor.post("/sign-in/code", page="/sign-in/code", code=code_in(newest_mail()))
    assert back.headers["Location"] == "/account#password"
    assert change(visitor, password="four words in a row").status_code == 303
    assert db.session.get_one(User, user.id).password_hash is not None


def test_a_person_ends_one_of_their_sessions(visitor: Visitor, new_visitor: NewVisitor, ada: User) -> None:
    phone = new_visitor()
    sign_in(phone.client, ada)
    rows = db.session.scalars(select(UserSession).order_by(UserSession.id)).all()
    visitor.post(f"/account/sessions/{rows[1].public_id}/end", page="/account")
    assert (visitor.get("/account").status_code, phone.get("/account").status_code) == (200, 302)


def test_the_sessions_of_others_are_not_there(visitor: Visitor, new_visitor: NewVisitor, ada: User) -> None:
    stranger = new_visitor()
    sign_in(stranger.client, make_user("bob@example.org"))
    row = db.session.scalars(select(UserSession).where(UserSession.user_id != ada.id)).one()
    assert visitor.post(f"/account/sessions/{row.public_id}/end", page="/account").status_code == 404
    assert visitor.post("/account/sessions/nonsense/end", page="/account").status_code == 404
    assert stranger.get("/account").status_code == 200


def test_all_other_browsers_are_signed_out_at_once(
    visitor: Visitor, new_visitor: NewVisitor, ada: User
) -> None:
    others = [new_visitor(), new_visitor()]
    for other in others:
        sign_in(other.client, ada)
    visitor.post("/account/sessions/end-others", page="/account")
    assert [browser.get("/account").status_code for browser in (visitor, *others)] == [200, 302, 302]


def test_a_session_is_seen_when_it_changes_something(visitor: Visitor, ada: User) -> None:
    row = db.session.scalars(select(UserSession)).one()
    row.seen_at = before = row.seen_at.replace(year=2025)
    visitor.get("/account")
    assert db.session.scalars(select(UserSession.seen_at)).one() == before
    visitor.post("/account/name", page="/account", name="Ada")
    assert db.session.scalars(select(UserSession.seen_at)).one() > before


def test_ones_own_data_is_a_file_without_secrets(visitor: Visitor, ada: User) -> None:
    answer = visitor.get("/account/data")
    data = json.loads(answer.text)["account"]
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("application/json", "no-store")
    assert (data["person"]["name"], data["user"]["email"]) == ("Ada Obi", "ada@example.org")
    assert [session["device"] for session in data["sessions"]] == ["test"]
    assert "$argon2" not in answer.text


def test_a_director_without_a_second_factor_is_led_to_setting_it_up(visitor: Visitor) -> None:
    edition, user = make_edition("spring"), make_user("dir@example.org", password_hash=HASH)
    make_organiser(edition, db.session.get_one(Person, user.person_id))
    answer = visitor.post("/sign-in", email="dir@example.org", password=PASSWORD, next="/account")
    assert answer.headers["Location"] == "/account/second-factor?next=/account"
    page = visitor.get("/account/second-factor?next=/account")
    assert "data:image/svg+xml" in page.text
    assert "needs this once" in page.text


def test_demo_people_are_not_asked_for_a_second_factor(visitor: Visitor) -> None:
    make_user("demo@example.org", password_hash=HASH, is_operator=True, is_demo=True)
    assert visitor.post("/sign-in", email="demo@example.org", password=PASSWORD).headers["Location"] == "/"


def change(browser: Visitor, **fields: str):
    return browser.post("/account/password", page="/account", **fields)

"""One-time sign-in: link and code, single use, fifteen minutes, and nobody learns which addresses are known."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from accounts.invitations import _providers, invited_address_provider
from accounts.models import SignInChallenge, User, UserSession
from core.db import db, utc_now
from core.mail import compose
from tests.accounts.conftest import Visitor, code_in, link_in, mails, newest_mail
from tests.factories import make_user

NewVisitor = Callable[[], Visitor]


def test_the_code_of_the_mail_signs_in_once(visitor: Visitor, new_visitor: NewVisitor) -> None:
    make_user("ada@example.org")
    ask(visitor, "Ada@Example.org", next="/account")
    code = code_in(newest_mail())
    answer = type_code(visitor, f" {code[:3]} {code[3:]}")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")
    assert visitor.get("/account").status_code == 200
    assert db.session.scalar(select(func.count()).select_from(UserSession)) == 1


def test_a_used_code_does_not_work_again(visitor: Visitor) -> None:
    make_user("ada@example.org")
    ask(visitor, "ada@example.org")
    with visitor.client.session_transaction() as cookie:
        before = dict(cookie)
    code = code_in(newest_mail())
    type_code(visitor, code)
    with visitor.client.session_transaction() as cookie:
        cookie.clear()
        cookie.update(before)
    answer = type_code(visitor, code, page="/sign-in")
    assert answer.headers["Location"].startswith("/sign-in")
    assert visitor.get("/account").status_code == 302


def test_opening_the_link_uses_nothing_up_and_continuing_signs_in_once(
    visitor: Visitor, new_visitor: NewVisitor
) -> None:
    make_user("ada@example.org")
    ask(visitor, "ada@example.org")
    link = link_in(newest_mail())
    scanner, phone, late = new_visitor(), new_visitor(), new_visitor()
    pages = [scanner.get(link) for _ in range(3)]
    assert [page.status_code for page in pages] == [200, 200, 200]
    assert "ada@example.org" in pages[0].text
    assert scanner.get("/account").status_code == 302
    assert phone.post(link, page=link).headers["Location"] == "/"
    assert phone.get("/account").status_code == 200
    assert late.get(link).status_code == 404
    assert late.post(link).status_code == 404


def test_the_link_is_kept_out_of_caches_and_the_mail_row(visitor: Visitor) -> None:
    make_user("ada@example.org")
    ask(visitor, "ada@example.org")
    link, code = link_in(newest_mail()), code_in(newest_mail())
    message = mails()[-1]
    assert visitor.get(link).headers["Cache-Control"] == "no-store"
    assert link.split("/")[-1] not in message.body
    assert code not in message.body


@pytest.mark.parametrize(
    "damage",
    [
        lambda token: token[:-1],
        lambda token: "9" + token,
        lambda token: token.split(".")[0] + ".",
        lambda token: "x.y",
        lambda token: "1" * 40 + ".a",
    ],
)
def test_a_damaged_link_is_not_found(visitor: Visitor, damage: Callable[[str], str]) -> None:
    make_user("ada@example.org")
    ask(visitor, "ada@example.org")
    path, _slash, token = link_in(newest_mail()).rpartition("/")
    assert visitor.get(f"{path}/{damage(token)}").status_code == 404


def test_only_the_newest_sign_in_counts(visitor: Visitor) -> None:
    make_user("ada@example.org")
    ask(visitor, "ada@example.org")
    first_link, first_code = link_in(newest_mail()), code_in(newest_mail())
    ask(visitor, "ada@example.org")
    assert visitor.get(first_link).status_code == 404
    if first_code != code_in(newest_mail()):
        assert type_code(visitor, first_code).status_code == 422
    assert type_code(visitor, code_in(newest_mail())).status_code == 303


def test_after_a_quarter_of_an_hour_nothing_works_and_the_mail_is_not_sent(visitor: Visitor) -> None:
    make_user("ada@example.org")
    ask(visitor, "ada@example.org")
    link, code = link_in(newest_mail()), code_in(newest_mail())
    db.session.execute(update(SignInChallenge).values(expires_at=utc_now() - timedelta(seconds=1)))
    assert visitor.get(link).status_code == 404
    assert type_code(visitor, code, page="/sign-in").headers["Location"].startswith("/sign-in")
    with pytest.raises(LookupError):
        compose(mails()[-1])


@pytest.mark.parametrize("email", ["ada@example.org", "unknown@example.org"])
def test_after_five_wrong_codes_only_the_link_works(visitor: Visitor, email: str) -> None:
    make_user("ada@example.org")
    ask(visitor, email)
    challenge = db.session.scalars(select(SignInChallenge)).one()
    for count in range(1, 6):
        assert type_code(visitor, "not it").status_code == 422
        db.session.refresh(challenge)
        assert challenge.attempts == count
    if email == "ada@example.org":
        assert type_code(visitor, code_in(newest_mail())).status_code == 422
        link = link_in(newest_mail())
        assert visitor.post(link, page=link).status_code == 303


def test_a_day_of_wrong_codes_stops_codes_but_not_links(visitor: Visitor) -> None:
    make_user("ada@example.org")
    for _ in range(4):
        ask(visitor, "ada@example.org")
    db.session.execute(update(SignInChallenge).values(attempts=5))
    ask(visitor, "ada@example.org")
    assert type_code(visitor, code_in(newest_mail())).status_code == 422
    link = link_in(newest_mail())
    assert visitor.post(link, page=link).status_code == 303


def test_known_and_unknown_addresses_get_the_same_answers_and_the_same_work(new_visitor: NewVisitor) -> None:
    make_user("ada@example.org")
    seen = []
    for email in ("ada@example.org", "zed@example.org"):
        browser, rows = new_visitor(), count_rows()
        answers = [ask(browser, email), browser.get("/sign-in/code"), type_code(browser, "000 00x")]
        made = tuple(after - before for before, after in zip(rows, count_rows(), strict=True))
        seen.append(
            (made, [(a.status_code, a.headers.get("Location"), plain(a.text, email)) for a in answers])
        )
    assert seen[0] == seen[1]
    assert seen[0][0] == (1, 1)


def test_an_unknown_address_is_told_so_by_mail_only(visitor: Visitor) -> None:
    ask(visitor, "zed@example.org")
    assert [message.to_address for message in mails()] == ["zed@example.org"]
    assert "http://localhost/account/new" in newest_mail()
    assert db.session.scalars(select(User)).all() == []


def test_an_invited_address_gets_its_account_by_confirming(visitor: Visitor) -> None:
    provider = invited_address_provider({"lin@example.org": "Lin Wei"}.get)
    try:
        ask(visitor, "Lin@example.org")
    finally:
        _providers.remove(provider)
    assert db.session.scalars(select(User)).all() == []
    assert type_code(visitor, code_in(newest_mail())).status_code == 303
    page = visitor.get("/account").text
    assert ("Lin Wei" in page, "lin@example.org" in page) == (True, True)


def test_signing_in_by_mail_confirms_an_address(visitor: Visitor) -> None:
    user = make_user("ada@example.org", email_confirmed_at=None)
    ask(visitor, "ada@example.org")
    type_code(visitor, code_in(newest_mail()))
    db.session.refresh(user)
    assert user.email_confirmed_at is not None


def test_the_code_page_without_having_asked_leads_to_signing_in(visitor: Visitor) -> None:
    assert visitor.get("/sign-in/code").headers["Location"] == "/sign-in"


def test_what_is_no_address_is_said_at_the_field(visitor: Visitor) -> None:
    answer = ask(visitor, "ada at example")
    assert answer.status_code == 422
    assert "Type a whole e-mail address" in answer.text
    assert mails() == []


def test_the_mail_is_written_in_the_language_of_its_reader(visitor: Visitor) -> None:
    user = make_user("ada@example.org")
    from accounts.models import Person

    db.session.get_one(Person, user.person_id).locale = "zh_Hans"
    ask(visitor, "ada@example.org")
    assert mails()[-1].locale == "zh_Hans"


def ask(browser: Visitor, email: str, **fields: str):
    return browser.post("/sign-in/mail", email=email, **fields)


def type_code(browser: Visitor, code: str, page: str = "/sign-in/code"):
    return browser.post("/sign-in/code", page=page, code=code)


def count_rows() -> tuple[int, int]:
    return db.session.scalar(select(func.count()).select_from(SignInChallenge)) or 0, len(mails())


def plain(page: str, email: str) -> str:
    return re.sub(r'(name="csrf_token"[^>]*value=")[^"]+', r"\1", page).replace(email, "")

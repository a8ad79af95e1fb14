"""Signing in by password: the same answer and the same work for everybody who may not."""

from __future__ import annotations

import re

import pytest

from accounts import passwords
from accounts.passwords import hasher
from tests.accounts.conftest import Visitor
from tests.factories import make_user

PASSWORD = "correct horse battery"
HASH = hasher.hash(PASSWORD)


class CountingHasher:
    """The real hasher, counting."""

    def __init__(self) -> None:
        self.verified = 0

    def verify(self, stored: str, password: str) -> bool:
        self.verified += 1
        return hasher.verify(stored, password)

    def hash(self, password: str) -> str:
        return HASH


def test_the_right_password_signs_in_and_leads_home(visitor: Visitor) -> None:
    make_user("ada@example.org", password_hash=HASH)
    answer = visitor.post("/sign-in", email="ADA@example.org ", password=PASSWORD)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert visitor.get("/account").status_code == 200


@pytest.mark.parametrize("target", ["/account?x=1", "/e/spring/rounds"])
def test_signing_in_leads_to_where_one_wanted_to_go(visitor: Visitor, target: str) -> None:
    make_user("ada@example.org", password_hash=HASH)
    answer = visitor.post("/sign-in", email="ada@example.org", password=PASSWORD, next=target)
    assert answer.headers["Location"] == target


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "evil.example"],
)
def test_nobody_is_led_to_another_site(visitor: Visitor, target: str) -> None:
    make_user("ada@example.org", password_hash=HASH)
    assert f'value="{target}"' not in visitor.get("/sign-in", query_string={"next": target}).text
    answer = visitor.post("/sign-in", email="ada@example.org", password=PASSWORD, next=target)
    assert answer.headers["Location"] == "/"


def test_every_refusal_is_the_same_page_after_the_same_work(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_user("ada@example.org", password_hash=HASH)
    make_user("bob@example.org", password_hash=None)
    make_user("eve@example.org", password_hash=HASH, email_confirmed_at=None)
    counting = CountingHasher()
    monkeypatch.setattr(passwords, "hasher", counting)
    pages = set()
    for count, email in enumerate(["ada", "bob", "eve", "zed"], start=1):
        answer = visitor.post("/sign-in", email=f"{email}@example.org", password="not the password")
        assert (answer.status_code, counting.verified) == (422, count)
        pages.add(_without_tokens(answer.text, email))
    assert len(pages) == 1


def test_an_empty_form_says_what_is_missing(visitor: Visitor) -> None:
    answer = visitor.post("/sign-in", email="", password="")
    assert answer.status_code == 422
    assert "Type your e-mail address." in answer.text
    assert "Type your password, or let us mail you a sign-in link." in answer.text


def test_a_form_without_its_token_is_refused(visitor: Visitor) -> None:
    make_user("ada@example.org", password_hash=HASH)
    answer = visitor.open("POST", "/sign-in", data={"email": "ada@example.org", "password": PASSWORD})
    assert answer.status_code == 400


def test_signing_out_ends_the_session_for_good(visitor: Visitor) -> None:
    make_user("ada@example.org", password_hash=HASH)
    visitor.post("/sign-in", email="ada@example.org", password=PASSWORD)
    with visitor.client.session_transaction() as cookie:
        token = cookie["token"]
    assert visitor.post("/sign-out", page="/account").headers["Location"] == "/sign-in"
    with visitor.client.session_transaction() as cookie:
        cookie["token"] = token
    assert visitor.get("/account").status_code == 302


def test_signing_in_again_ends_the_session_of_before(visitor: Visitor) -> None:
    make_user("ada@example.org", password_hash=HASH)
    make_user("bob@example.org", password_hash=HASH)
    visitor.post("/sign-in", email="ada@example.org", password=PASSWORD)
    with visitor.client.session_transaction() as cookie:
        old = cookie["token"]
    visitor.post("/sign-in", page="/account", email="bob@example.org", password=PASSWORD)
    assert "bob@example.org" in visitor.get("/account").text
    with visitor.client.session_transaction() as cookie:
        cookie["token"] = old
    assert visitor.get("/account").status_code == 302


def _without_tokens(page: str, name: str) -> str:
    page = re.sub(r'(name="csrf_token"[^>]*value=")[^"]+', r"\1", page)
    return page.replace(f"{name}@example.org", "")

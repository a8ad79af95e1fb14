"""The second step: set up by its first code, asked for at each sign-in, never the same code twice."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from accounts.models import RecoveryCode, User
from accounts.passwords import hasher
from accounts.second_factor import secret_of
from core.db import db
from tests.accounts.conftest import Visitor
from tests.factories import make_user

NewVisitor = Callable[[], Visitor]
PASSWORD = "correct horse battery"
HASH = hasher.hash(PASSWORD)
START = datetime(2026, 5, 16, 9, 0, 10, tzinfo=UTC)
PAGE = "/account/second-factor"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def operator(app: Flask, clock: time_machine.Traveller) -> User:
    return make_user("op@example.org", password_hash=HASH, is_operator=True)


def test_setting_it_up_shows_ten_recovery_codes_once_and_opens_the_door(
    visitor: Visitor, operator: User
) -> None:
    codes = set_up(visitor, operator)
    assert len(codes) == 10
    assert len(set(codes)) == 10
    assert visitor.get(PAGE).headers["Location"] == "/account#second-factor"
    stored = db.session.scalars(select(RecoveryCode.code_hash)).all()
    assert not set(stored) & {code.replace("-", "") for code in codes}
    assert codes[0] not in visitor.get("/account").text


def test_a_wrong_first_code_sets_nothing_up_and_keeps_the_picture(visitor: Visitor, operator: User) -> None:
    enter(visitor)
    key = shown_key(visitor)
    answer = visitor.post(PAGE + "/set-up", page=PAGE, code="000000" if code_of(key) != "000000" else "1")
    assert answer.status_code == 422
    assert shown_key(visitor) == key
    assert db.session.get_one(User, operator.id).totp_confirmed_at is None


def test_the_stored_part_does_not_make_codes(visitor: Visitor, operator: User) -> None:
    enter(visitor)
    key = shown_key(visitor)
    visitor.post(PAGE + "/set-up", page=PAGE, code=code_of(key))
    stored = db.session.get_one(User, operator.id).totp_secret
    assert (stored != key, secret_of(stored or "") == key) == (True, True)


def test_a_sign_in_is_nobody_until_the_code_is_given(
    visitor: Visitor, new_visitor: NewVisitor, operator: User, clock: time_machine.Traveller
) -> None:
    set_up(visitor, operator)
    clock.shift(timedelta(minutes=2))
    phone = new_visitor()
    assert enter(phone).headers["Location"] == PAGE + "?next=/account"
    assert phone.get("/account").headers["Location"] == "/sign-in?next=/account"
    assert phone.get("/sign-in?next=/account").headers["Location"] == PAGE + "?next=/account"
    answer = confirm(phone, current_code(operator), next="/account")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")
    assert phone.get("/account").status_code == 200


def test_a_code_is_taken_once_even_in_another_browser(
    visitor: Visitor, new_visitor: NewVisitor, operator: User, clock: time_machine.Traveller
) -> None:
    set_up(visitor, operator)
    clock.shift(timedelta(minutes=2))
    first, second = new_visitor(), new_visitor()
    enter(first)
    enter(second)
    code = current_code(operator)
    assert confirm(first, code).status_code == 303
    assert confirm(second, code).status_code == 422
    clock.shift(timedelta(seconds=30))
    assert confirm(second, current_code(operator)).status_code == 303


def test_the_code_that_set_it_up_does_not_sign_in(
    visitor: Visitor, new_visitor: NewVisitor, operator: User
) -> None:
    set_up(visitor, operator)
    thief = new_visitor()
    enter(thief)
    assert confirm(thief, current_code(operator)).status_code == 422


@pytest.mark.parametrize(("seconds", "status"), [(-30, 303), (30, 303), (-90, 422), (90, 422)])
def test_a_clock_may_be_wrong_by_one_step(
    visitor: Visitor,
    new_visitor: NewVisitor,
    operator: User,
    clock: time_machine.Traveller,
    seconds: int,
    status: int,
) -> None:
    set_up(visitor, operator)
    clock.shift(timedelta(minutes=5))
    phone = new_visitor()
    enter(phone)
    now = datetime.now(UTC) + timedelta(seconds=seconds)
    code = pyotp.TOTP(secret_of(operator_nonce(operator))).at(now)
    assert confirm(phone, code).status_code == status


def test_ten_wrong_codes_make_a_pause_that_even_the_right_code_waits_for(
    visitor: Visitor, new_visitor: NewVisitor, operator: User, clock: time_machine.Traveller
) -> None:
    set_up(visitor, operator)
    clock.shift(timedelta(minutes=2))
    phone = new_visitor()
    enter(phone)
    for _ in range(10):
        assert confirm(phone, "wrong").status_code == 422
    answer = confirm(phone, current_code(operator))
    assert (answer.status_code, "Wait fifteen minutes" in answer.text) == (422, True)
    clock.shift(timedelta(minutes=16))
    assert confirm(phone, current_code(operator)).status_code == 303


def test_a_recovery_code_signs_in_once(
    visitor: Visitor, new_visitor: NewVisitor, operator: User, clock: time_machine.Traveller
) -> None:
    codes = set_up(visitor, operator)
    first, second = new_visitor(), new_visitor()
    enter(first)
    enter(second)
    assert confirm(first, codes[3].upper().replace("-", " ")).status_code == 303
    assert confirm(second, codes[3]).status_code == 422
    assert confirm(second, codes[4]).status_code == 303
    assert "8 recovery codes are left." in first.get("/account").text


def test_new_recovery_codes_replace_the_old_ones(
    visitor: Visitor, new_visitor: NewVisitor, operator: User, clock: time_machine.Traveller
) -> None:
    old = set_up(visitor, operator)
    clock.shift(timedelta(minutes=2))
    wrong = visitor.post(PAGE + "/recovery-codes", page=PAGE + "/change", code="wrong")
    answer = visitor.post(PAGE + "/recovery-codes", page=PAGE + "/change", code=current_code(operator))
    new = recovery_codes(answer.text)
    assert (wrong.status_code, len(new), set(new) & set(old)) == (422, 10, set())
    phone = new_visitor()
    enter(phone)
    assert [confirm(phone, code).status_code for code in (old[0], new[0])] == [422, 303]


def test_turning_it_off_needs_a_code_and_leads_an_operator_back_to_setting_it_up(
    visitor: Visitor, operator: User, clock: time_machine.Traveller
) -> None:
    set_up(visitor, operator)
    clock.shift(timedelta(minutes=2))
    assert visitor.post(PAGE + "/off", page=PAGE + "/change", code="wrong").status_code == 422
    assert visitor.post(PAGE + "/off", page=PAGE + "/change", code=current_code(operator)).status_code == 303
    user = db.session.get_one(User, operator.id)
    assert (user.totp_secret, user.totp_confirmed_at) == (None, None)
    assert db.session.scalars(select(RecoveryCode)).all() == []
    assert "data:image/svg+xml" in visitor.get(PAGE).text


def test_nobody_is_led_to_another_site_after_the_code(
    visitor: Visitor, new_visitor: NewVisitor, operator: User
) -> None:
    codes = set_up(visitor, operator)
    phone = new_visitor()
    enter(phone)
    assert confirm(phone, codes[0], next="//evil.example").headers["Location"] == "/"


def test_the_page_is_for_somebody_signed_in(visitor: Visitor) -> None:
    assert visitor.get(PAGE).headers["Location"] == "/sign-in?next=/"
    assert visitor.post(PAGE, code="1").headers["Location"].startswith(PAGE)


def enter(browser: Visitor):
    return browser.post("/sign-in", email="op@example.org", password=PASSWORD, next="/account")


def set_up(browser: Visitor, user: User) -> list[str]:
    enter(browser)
    answer = browser.post(PAGE + "/set-up", page=PAGE, code=code_of(shown_key(browser)))
    assert answer.status_code == 200
    return recovery_codes(answer.text)


def shown_key(browser: Visitor) -> str:
    found = re.search(r'class="mono">([A-Z2-7 ]+)<', browser.get(PAGE).text)
    assert found is not None
    return found[1].replace(" ", "")


def recovery_codes(page: str) -> list[str]:
    return re.findall(r"<li>(\w{4}-\w{4}-\w{4})</li>", page)


def code_of(key: str) -> str:
    return pyotp.TOTP(key).now()


def operator_nonce(user: User) -> str:
    return db.session.scalars(select(User.totp_secret).where(User.id == user.id)).one() or ""


def current_code(user: User) -> str:
    return code_of(secret_of(operator_nonce(user)))


def confirm(browser: Visitor, code: str, **fields: str):
    return browser.post(PAGE, page=PAGE, code=code, **fields)

"""The consent text and its versions: what was agreed to is kept, and a newer text is asked about, not assumed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import func, select

from accounts.models import User
from core.access import SYSTEM
from core.db import db, utc_now
from talent_pool.consent import HOLDS_FOR
from talent_pool.models import PoolConsent
from talent_pool.notice import kept_notice, present_notice
from talent_pool.person_models import PoolNotice
from talent_pool.public import Choices, decide_employer, leave_pool
from talent_pool.services.choices import choices_of
from talent_pool.services.membership import change_choices, confirm_consent, pause
from talent_pool.services.records import receipt_of, records_of
from talent_pool.services.sweeping import end_consents
from tests.factories import make_user
from tests.talent_pool.conftest import Browser, actor_of, make_card, make_employer

ELEMENTS = (
    "random name",
    "Employers may guess who you are",
    "If you say yes, within 14 days",
    "that employer alone",
    "posts, internships",
    "The operator of this installation (parley@localhost), in China",
    "each employer for what it does",
    "two years after your last yes",
    "remind you a month before",
    "One button",
    "at any moment",
    "downloads we cannot take back",
    "pause, get, correct or erase your data",
    "complain to the data protection authority",
)
ELEMENTS_ZH = (
    "随机编号",
    "仍可能猜出你是谁",
    "才有这一家单位得到",
    "14 天",
    "职位、实习",
    "系统的运营方（parley@localhost）",
    "位于中国",
    "用人单位各自",
    "两年",
    "到期前一个月提醒",
    "随时",
    "一键退出",
    "无法收回",
    "暂停",
    "获取、更正或删除你的数据",
    "投诉",
)


@pytest.fixture
def rewrite(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Lets another operator answer for the pool: the text is another one."""
    settings = replace(app.extensions["parley_settings"], operator_name="Port Foundation")
    return lambda: monkeypatch.setitem(app.extensions, "parley_settings", settings)


def told(page: Browser) -> tuple[bool, bool]:
    """Whether the card's page and the consent's page say that there is another text."""
    return (
        "The text that you agreed to has been rewritten." in page.get("/pool/").text,
        "The text is another one by now" in page.get("/pool/consent").text,
    )


def texts_of(user: User) -> list[tuple[str, bool]]:
    """Each act, and whether it stands under the present text, oldest first."""
    return [
        (row.act, row.text_hash == present_notice(row.language).text_hash)
        for row in reversed(records_of(user.person_id))
    ]


@pytest.mark.parametrize(("language", "elements"), [("en", ELEMENTS), ("zh_Hans", ELEMENTS_ZH)])
def test_the_text_holds_every_element_in_few_words(
    app: Flask, language: str, elements: tuple[str, ...]
) -> None:
    text = present_notice(language).text
    assert [element for element in elements if element not in text] == []
    length = len(text.split()) if language == "en" else len(text)
    assert length <= (230 if language == "en" else 500)


def test_a_text_is_read_back_as_it_was_kept(app: Flask) -> None:
    for language in ("en", "zh_Hans"):
        notice = present_notice(language)
        assert kept_notice(notice.version, language, notice.text) == notice


def test_what_is_done_after_the_text_changed_stands_under_the_text_that_was_agreed_to(
    app: Flask, rewrite: Callable[[], None]
) -> None:
    user, profile = make_card()
    rewrite()
    pause(actor=actor_of(user), is_paused=True)
    pause(actor=actor_of(user), is_paused=False)
    consent = db.session.scalars(select(PoolConsent)).one()
    change_choices(actor=actor_of(user), choices=choices_of(consent, profile), version=profile.version)
    assert texts_of(user) == [("given", False), ("paused", False), ("resumed", False), ("changed", False)]
    confirm_consent(actor=actor_of(user))
    leave_pool(actor=actor_of(user))
    assert texts_of(user)[4:] == [("confirmed", True), ("withdrawn", True)]
    assert db.session.scalar(select(func.count(PoolNotice.id))) == 2
    receipts = [receipt_of(row) for row in reversed(records_of(user.person_id))]
    assert ["Port Foundation" in receipt["notice_text"] for receipt in receipts] == [False] * 4 + [True] * 2
    kept = [(one["notice"]["hash_sha256"], one["notice"]["language"]) for one in receipts]
    assert kept == [(row.text_hash, row.language) for row in reversed(records_of(user.person_id))]


def test_a_consent_that_ends_by_itself_ends_under_the_text_and_language_of_its_person(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "zh-CN"}), force_locale("zh_Hans"):
        user, _profile = make_card()
    assert end_consents(utc_now() + HOLDS_FOR + timedelta(days=1)) == 1
    assert [(row.act, row.language) for row in records_of(user.person_id)] == [
        ("ended", "zh_Hans"),
        ("given", "zh_Hans"),
    ]


def test_whoever_agreed_to_an_earlier_text_is_shown_both_and_asked(
    app: Flask, browser: Callable[..., Browser], rewrite: Callable[[], None]
) -> None:
    user, _profile = make_card(choices=Choices())
    page = browser(user)
    assert told(page) == (False, False)
    rewrite()
    shown = page.get("/pool/consent").text
    assert told(page) == (True, True)
    assert [name in shown for name in ("The operator of this installation", "Port Foundation")] == [True] * 2
    assert page.post("/pool/consent/renew", "/pool/consent").status_code == 303
    assert texts_of(user) == [("given", False), ("confirmed", True)]
    assert told(page) == (False, False)


def test_a_yes_to_a_text_that_has_changed_meanwhile_counts_for_nothing(
    app: Flask, browser: Callable[..., Browser], rewrite: Callable[[], None]
) -> None:
    user, _profile = make_card()
    page, seen = browser(user), present_notice().text_hash
    rewrite()
    page.post("/pool/consent/renew", "/pool/consent", notice=seen)
    page.post("/pool/consent/renew", "/pool/consent", notice="")
    assert [act for act, _is_present in texts_of(user)] == ["given"]
    assert "This text has changed since you opened it." in page.get("/pool/consent").text


@pytest.mark.parametrize("path", ["/pool/", "/pool/join"])
def test_the_page_of_joining_shows_who_is_on_the_list_now_and_ticks_nothing(
    app: Flask, browser: Callable[..., Browser], path: str
) -> None:
    _member, employer = make_employer("Port House", country="KE", kind="igo")
    make_employer("Waiting House", is_approved=False)
    page = browser(make_user())
    shown = page.get(path).text
    assert ("Port House" in shown, "Kenya" in shown, "Waiting House" in shown) == (True, True, False)
    boxes = re.findall(r"<input[^>]*type=\"checkbox\"[^>]*>", shown)
    names = {re.sub(r'.*name="([a-z_]+)".*', r"\1", box) for box in boxes}
    assert {"consent", "is_adult", "allows_abroad", "allows_statistics"} <= names
    assert [box for box in boxes if " checked" in box] == []
    decide_employer(actor=SYSTEM, employer=employer, state="suspended")
    assert "Port House" not in page.get(path).text


def test_a_former_member_finds_their_receipts_and_whoever_was_never_in_is_shown_none(
    app: Flask, browser: Callable[..., Browser]
) -> None:
    user, _profile = make_card()
    page = browser(user)
    page.post("/pool/leave", "/pool/consent")
    link = "What you agreed to earlier, and your data"
    assert (link in page.get("/pool/").text, link in browser(make_user()).get("/pool/").text) == (True, False)
    assert page.get("/pool/consent").text.count("/pool/consent/records/") == 2

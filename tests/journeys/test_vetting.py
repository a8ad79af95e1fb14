"""An organisation on a phone, in Chinese: applies, proves its domain, is vetted, and searches in both languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from pyotp import TOTP

from tests.journeys.cards import show_card
from tests.journeys.house import House
from tests.journeys.test_pages import barriers, flaws
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.journey
Visit = Callable[..., Visitor]
OWN, OFFICE = "lu.min@mail.example.net", "hr@river-port.example.com"
NAME = "河口港务集团"


def test_an_organisation_proves_its_domain_is_vetted_and_finds_somebody(visit: Visit, house: House) -> None:
    hidden = show_card(house, "Vera Lund", headline="Towage and maritime law", about="擅长港口与航运谈判。")
    employer, operator = visit(phone=True, locale="zh-CN"), visit()
    _create_account(employer)
    _apply(employer)
    operator.sign_in("operator")
    operator.go("/employers/review")
    operator.sees("Not proved")
    expect(operator.page.get_by_role("button", name=f"Approve {NAME}")).to_have_count(0)
    employer.go("/employers/search")
    expect(employer.page.get_by_role("searchbox")).to_have_count(0)
    _prove(employer)
    operator.reload()
    operator.sees("river-port.example.com")
    assert barriers(operator.page, "vetting") == []
    known = len(house.mailbox.mails)
    operator.press(f"Approve {NAME}")
    operator.sees("Approved.")
    assert "/employers/search" in house.mailbox.wait_for(OWN, after=known)
    _set_up_second_step(employer)
    for words in ("航运 港口", '"maritime law" NOT arbitration'):
        _search(employer, words)
        expect(employer.page.get_by_role("link", name="Towage and maritime law")).to_be_visible()
        assert flaws(employer.page, f"searching for {words}") == []
    _search(employer, "冰川")
    employer.sees("没有同时符合这些条件的人才卡")
    for unseen in ("Vera Lund", hidden):
        _search(employer, f'"{unseen}"')
        expect(employer.page.locator("article.result")).to_have_count(0)
    _search(employer, "(航运")
    expect(employer.page.get_by_role("alert")).to_be_visible()
    assert flaws(employer.page, "a search that cannot be read") == []


def _create_account(employer: Visitor) -> None:
    known = len(employer.house.mailbox.mails)
    employer.go("/account/new")
    employer.fill("你的姓名", "陆敏", exact=True)
    employer.fill("邮箱地址", OWN)
    employer.press("创建账号")
    employer.sees_heading("请查收邮件")
    employer.fill("六位验证码", employer.house.mailbox.code_for(OWN, after=known))
    employer.press("继续")
    employer.sees_heading("接下来要做的事")


def _apply(employer: Visitor) -> None:
    employer.go("/employers/apply")
    employer.press("提交申请")
    employer.sees("请选择一项。")
    assert flaws(employer.page, "an application with gaps") == []
    employer.page.locator("#name_local").fill(NAME)
    employer.page.get_by_role("radio").first.check()
    employer.page.locator("#country").select_option("CN")
    employer.page.locator("#website").fill("www.river-port.example.com")
    employer.page.locator("#purpose").fill("为港口项目招募谈判人员。")
    employer.press("提交申请")
    employer.sees("等待系统管理员审核")
    employer.sees("尚未证明")
    assert flaws(employer.page, "an application that waits") == []


def _prove(employer: Visitor) -> None:
    """An address elsewhere proves nothing, and neither does a guessed code."""
    employer.go("/employers/apply")
    employer.fill("贵单位域名下的邮箱", OWN)
    employer.press("发送验证码")
    employer.sees("邮箱须以 @river-port.example.com 结尾")
    known = len(employer.house.mailbox.mails)
    employer.fill("贵单位域名下的邮箱", OFFICE)
    employer.press("发送验证码")
    employer.sees("验证码已发往该邮箱。")
    code = employer.house.mailbox.code_for(OFFICE, after=known)
    employer.fill("代码", f"{(int(code) + 1) % 1_000_000:06d}")
    employer.press("证明")
    employer.sees("验证码不对，请查看最新的邮件。")
    assert flaws(employer.page, "a wrong code") == []
    employer.fill("代码", code)
    employer.press("证明")
    employer.sees("已证明。系统管理员审核申请时会看到。")


def _search(employer: Visitor, words: str) -> None:
    employer.page.get_by_role("searchbox", name="人才卡上的词").fill(words)
    employer.click(employer.page.get_by_role("search").get_by_role("button", name="搜索"))


def _set_up_second_step(employer: Visitor) -> None:
    employer.go("/employers/search")
    employer.sees_heading("设置两步验证")
    secret = employer.page.locator(".mono").inner_text().replace(" ", "")
    employer.fill("应用当前显示的六位数字", TOTP(secret).now())
    employer.press("开启")
    employer.sees_heading("你的恢复码")
    employer.click(employer.page.get_by_role("link", name="我已保存好，继续"))
    employer.sees_heading("搜索人才库")

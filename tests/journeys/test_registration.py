"""A captain registers in Chinese on a phone, a delegate confirms, an organiser asks for changes and accepts."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.house import House
from tests.journeys.test_pages import flaws
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.journey
Visit = Callable[..., Visitor]
EDITION = "/e/delta-open"
CAPTAIN, DELEGATE = "li.na@reg.example.org", "wei@reg.example.org"


def test_a_team_gets_in_with_a_question_asked_changes_made_and_a_yes(visit: Visit, house: House) -> None:
    director = visit()
    director.sign_in("director")
    director.go(f"{EDITION}/setup/registration/questions/new")
    director.fill("Question", "Anything we should know about food?", exact=True)
    director.fill("Question in Chinese (optional)", "饮食方面有什么需要我们知道的？", exact=True)
    director.press("Save")
    director.go(f"{EDITION}/setup/registration/rules")
    director.fill("Places for teams", "60")
    director.press("Save")
    director.sees("Saved")
    director.go(f"{EDITION}/people/links")
    link = director.page.get_by_label("Registration link").input_value()

    captain = visit(phone=True, locale="zh-CN")
    page = captain.page
    captain.go(link)
    captain.press("继续")
    page.locator("#name").fill("江海谈判队")
    page.locator("#institution").fill("某某政法学院")
    page.locator("#captain_name").fill("Li Na")
    page.locator("#captain_name_local").fill("李娜")
    page.locator("#captain_contact").fill(CAPTAIN)
    for place, (name, address) in enumerate((("Wang Wei", DELEGATE), ("Zhao Yu", "zhao@reg.example.org"))):
        page.locator(f"#members-{place}-name").fill(name)
        page.locator(f"#members-{place}-contact").fill(address)
    assert flaws(page, "registering in Chinese") == []
    captain.press("提交报名")
    captain.sees_heading("江海谈判队")
    assert flaws(page, "the captain's page") == []

    delegate = visit(phone=True)
    delegate.follow(house.mailbox.link_for(DELEGATE))
    delegate.sees_heading("Your details")
    delegate.page.get_by_label("What do you eat?").select_option(label="Vegetarian")
    delegate.fill("Anything we should know about food? (optional)", "No peanuts", exact=True)
    delegate.page.get_by_label("I am 18 or older on the first day").check()
    delegate.page.get_by_label("I have read the privacy notice").check()
    assert flaws(delegate.page, "confirming") == []
    delegate.press("Confirm")
    expect(delegate.page).to_have_url(re.compile("/me$"))

    inbox = director.page
    director.go(f"{EDITION}/people/teams")
    expect(
        inbox.locator("#applied tr", has_text="江海谈判队").get_by_text("typed by the captain")
    ).to_be_visible()
    assert flaws(inbox, "the inbox") == []
    inbox.locator("#applied").get_by_label("Tick 江海谈判队").check()
    inbox.get_by_text("Another answer to the ticked teams").click()
    inbox.locator("#bulk-reason").fill("Who coaches you?")
    director.press("Ask for changes")
    director.sees("Changes asked for")

    captain.reload()
    captain.sees("Who coaches you?")
    page.get_by_role("link", name=re.compile("修改并重新提交")).click()
    page.locator("#coach").fill("吴教授")
    captain.press("保存并重新提交")
    expect(page).to_have_url(re.compile("/team$"))

    director.go(f"{EDITION}/people/teams")
    director.press("Accept 江海谈判队")
    director.sees("江海谈判队: the decision is saved.")
    captain.reload()
    captain.sees("已接受")
    director.go(f"{EDITION}/people/delegates?q=Wang+Wei")
    expect(inbox.get_by_role("row", name=re.compile("Wang Wei")).first).to_contain_text("Confirmed")
    assert flaws(inbox, "the people") == []

"""The day itself: the check-in desk, oneself on a phone, and one clock in several hands."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.test_pages import FIXED, barriers
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.journey
Visit = Callable[..., Visitor]
CLOCK = f"{FIXED}/rounds/4/clock"


def test_the_desk_finds_and_checks_in_by_code_name_and_press(visit: Visit) -> None:
    desk = visit()
    page = desk.page
    desk.sign_in("tab")
    desk.go(f"{FIXED}/check-in?day=2025-05-17")
    box = page.get_by_label("Badge, name or code")
    expect(box).to_be_focused()
    box.fill("D003")
    box.press("Enter")
    desk.sees(re.compile("is checked in"))
    expect(page.get_by_label("Badge, name or code")).to_be_focused()
    page.get_by_label("Badge, name or code").fill("fudan")
    page.get_by_label("Badge, name or code").press("Enter")
    desk.sees(re.compile("“fudan” fits"))
    row = page.get_by_role("row", name=re.compile("^Fudan University"))
    desk.click(row.get_by_role("button", name=re.compile("^Here")))
    expect(row.get_by_role("button", name=re.compile("^Take back"))).to_be_visible()
    assert barriers(page, "the desk") == []
    desk.go(f"{FIXED}/check-in/board?day=2025-05-17")
    desk.sees(re.compile("Still missing: "))
    assert barriers(page, "the board of the desk") == []


def test_a_delegate_checks_in_and_looks_at_the_day_on_a_phone(visit: Visit) -> None:
    desk, delegate = visit(), visit(phone=True, timezone_id="Europe/Berlin")
    desk.sign_in("tab")
    desk.go(f"{FIXED}/check-in#self")
    desk.fill("Opens at", "00:00")
    desk.fill("Closes at", "23:59")
    desk.press("Open self check-in")
    desk.sees(re.compile("Open until"))
    delegate.sign_in("delegate")
    delegate.page.get_by_role("link", name=re.compile("^Check in")).click()
    assert barriers(delegate.page, "checking oneself in") == []
    delegate.press("I am here")
    delegate.sees("You are checked in for today.")
    delegate.go(f"{FIXED}/agenda")
    delegate.sees("Asia/Shanghai, UTC+8")
    delegate.sees(re.compile("where you are"))
    delegate.sees(re.compile("^Table T"))
    delegate.press("Make my calendar address")
    address = delegate.page.get_by_label("Your calendar address").input_value()
    answer = delegate.context.request.get(address)
    assert (answer.status, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    assert answer.text().count("BEGIN:VEVENT") > 4
    assert barriers(delegate.page, "an agenda with a calendar") == []


def test_one_clock_in_two_hands_on_a_wall_and_without_a_line(visit: Visit) -> None:
    director, assistant, wall = visit(), visit(), visit()
    director.sign_in("director")
    assistant.sign_in("tab")
    for visitor in (director, assistant):
        visitor.go(CLOCK)
    wall.go(f"{FIXED}/draw/4/clock")
    left = wall.page.get_by_role("timer")
    expect(left).to_have_text("4:00")
    director.press("Start")
    expect(left).not_to_have_text("4:00")
    expect(assistant.page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    assistant.fill("Reason of the pause", "A microphone is missing")
    assistant.press("Pause")
    wall.sees("The clock stands still.")
    expect(director.page.get_by_role("button", name="Go on", exact=True)).to_be_visible()
    director.sees("A microphone is missing")
    director.press("Go on")
    expect(director.page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    director.page.get_by_role("button", name="Next session").first.click()
    expect(wall.page.get_by_role("heading", level=1)).to_have_text("Opening statements")
    expect(wall.page.get_by_text("The clock stands still.")).to_be_hidden()
    expect(left).to_have_text(re.compile("^3:"))
    assert barriers(director.page, "the clock") + barriers(wall.page, "the wall") == []
    with wall.offline():
        wall.sees(re.compile("No connection since"))
        before = left.inner_text()
        expect(left).not_to_have_text(before)
    expect(wall.page.get_by_text(re.compile("No connection since"))).to_be_hidden()
    director.confirm("To the beginning")


def test_the_clock_is_readable_without_script(visit: Visit) -> None:
    reader = visit(phone=True, java_script_enabled=False)
    reader.go(f"{FIXED}/draw/4/clock")
    expect(reader.page.get_by_role("timer")).to_have_text(re.compile(r"^\d+:\d\d$"))
    reader.sees(re.compile("This page loads again by itself"))

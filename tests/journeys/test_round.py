"""A round in the hands of a director and an assistant: the board by mouse and by key, who is missing, the release."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.test_pages import ROTATING, barriers
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.journey
Visit = Callable[..., Visitor]
ROUND = f"{ROTATING}/rounds/3"


def test_a_round_is_drawn_changed_mended_and_released(visit: Visit) -> None:
    director, assistant, anybody = visit(), visit(), visit(phone=True)
    director.sign_in("director")
    assistant.sign_in("tab")
    page = director.page
    director.go(f"{ROUND}/go")
    director.sees(re.compile("^You can go on"))
    director.click(page.get_by_role("link", name="Draw it").first)
    director.fill("Seed", "11")
    director.click(page.locator("#draw-form").get_by_role("button", name="Draw"))
    director.go(f"{ROUND}/board")
    assert barriers(page, "the board") == []
    _change_by_mouse(director)
    _look_at_a_move(assistant)
    _change_by_key(director)
    _is_told(assistant)
    _take_back(director)
    _keep_a_table(director)
    missing = _miss_a_team(director)
    _release(director, anybody, missing)


def _seat(page: Page, table: int, role: int) -> Locator:
    return page.locator(".board-table").nth(table).locator(".board-seat").nth(role)


def _change_by_mouse(director: Visitor) -> None:
    page = director.page
    one, other = _seat(page, 0, 0), _seat(page, 1, 0)
    names = [one.locator("a").inner_text(), other.locator("a").inner_text()]
    one.locator("a").drag_to(other)
    expect(page.locator("#board-hand")).to_contain_text(f"{names[0]} and {names[1]} change places")
    director.press("Move")
    expect(_seat(page, 0, 0)).to_contain_text(names[1])
    expect(_seat(page, 1, 0)).to_contain_text(names[0])


def _change_by_key(director: Visitor) -> None:
    page = director.page
    first = _seat(page, 2, 1).locator("a")
    name = first.inner_text()
    first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#board-hand h2")).to_have_text(f"Where to with {name}?")
    _seat(page, 3, 1).locator("a").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#board-hand h2")).to_contain_text("change places")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(_seat(page, 4, 1)).to_contain_text(name)


def _look_at_a_move(assistant: Visitor) -> None:
    assistant.go(f"{ROUND}/board")
    assistant.page.locator(".board-table").nth(5).locator(".board-seat a[data-pick]").first.click()
    expect(assistant.page.locator("#board-hand h2")).to_contain_text("Where to with")
    _seat(assistant.page, 6, 0).locator("a").click()
    expect(assistant.page.locator("#board-hand h2")).to_contain_text("change places")


def _is_told(assistant: Visitor) -> None:
    assistant.press("Move")
    assistant.sees("Somebody else changed this round while you were working. Look at it again, then repeat.")
    expect(assistant.page.get_by_role("alert")).to_contain_text("↔")


def _take_back(director: Visitor) -> None:
    director.go(f"{ROUND}/board")
    name = _seat(director.page, 4, 1).locator("a").inner_text()
    director.press("Take back the last change")
    expect(_seat(director.page, 2, 1)).to_contain_text(name)


def _keep_a_table(director: Visitor) -> None:
    page = director.page
    kept = page.locator(".board-table").first
    names = kept.locator(".board-seat").all_inner_texts()
    kept.get_by_role("button", name="Lock").click()
    expect(page.locator(".board-table").first.get_by_role("button", name="Locked")).to_be_visible()
    director.go(f"{ROUND}/")
    director.fill("Seed", "12")
    director.click(page.locator("#draw-form").get_by_role("button", name="Draw again"))
    director.sees("Version 2 was drawn")
    director.go(f"{ROUND}/board")
    assert page.locator(".board-table").first.locator(".board-seat").all_inner_texts() == names


def _miss_a_team(director: Visitor) -> str:
    """Any team that the lot has seated at another table than the kept one; returns its name."""
    page = director.page
    team = page.locator(".board-table").last.locator(".board-seat a[data-pick]").first.inner_text()
    director.go(f"{ROUND}/go")
    page.get_by_label("Team, judge or room").select_option(label=team)
    director.fill("Reason", "Missed the train")
    director.press("Not there in this round")
    director.sees_heading(f"What if {team} is not there?")
    assert barriers(page, "what if") == []
    director.go(f"{ROUND}/go")
    director.sees("Not yet: Teams at a table that are not there: 1")
    director.click(page.get_by_role("link", name="What can I do?"))
    director.click(page.get_by_role("button", name="Do this").first)
    director.sees("Done. The draw is not released, so nobody was told.")
    return team


def _release(director: Visitor, anybody: Visitor, missing: str) -> None:
    page = director.page
    anybody.go(f"{ROTATING}/draw/3/how")
    anybody.sees("There is nothing at this address")
    director.go(f"{ROUND}/")
    director.confirm("Confirm the draw")
    director.confirm("Release")
    anybody.go(f"{ROTATING}/draw/3/how")
    anybody.sees("After the lot the organisers changed it by hand")
    for number in (1, 2):
        anybody.go(f"{ROTATING}/draw/3/screen?page={number}")
        expect(anybody.page.locator(".screen-page")).to_contain_text(f"Page {number} of 2")
        expect(anybody.page.get_by_role("main")).not_to_contain_text(missing)
    director.go(f"{ROUND}/go")
    paper = page.get_by_role("button", name="Download the PDF")
    expect(paper).to_be_visible(timeout=60_000)
    assert director.download(paper).suggested_filename == "delta-open-round-3.pdf"

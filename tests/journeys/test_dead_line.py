"""Nothing a judge typed is ever lost: a dead line, an answer that never came, a sign-out, two tabs, two phones."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Error, Locator, Page, Route, expect

from tests.journeys.test_pages import FIXED, barriers
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.journey
Visit = Callable[..., Visitor]
BOARD = f"{FIXED}/sheets/4/"
OPEN_SHEET = re.compile("Open the scoresheet|Go on with the sheet")


@pytest.fixture(scope="module")
def given() -> set[str]:
    """The judges who have a link already: every test takes another one."""
    return set()


@pytest.fixture
def link(visit: Visit, given: set[str]) -> str:
    """A fresh private link of a judge who owes a sheet, as an organiser reads it out."""
    director = visit()
    director.sign_in("director")
    director.go(BOARD)
    rows = director.page.get_by_role("table", name="Who owes a sheet").locator("tbody tr")
    for row in reversed(rows.all()):
        name = row.get_by_role("rowheader").inner_text()
        if name in given:
            continue
        given.add(name)
        row.get_by_role("button", name="New link").first.click()
        director.click(row.get_by_role("dialog").get_by_role("button", name="New link"))
        return director.page.get_by_role("main").get_by_role("textbox").input_value()
    raise AssertionError("Every judge of the demo who owes a sheet has been used by another test.")


def _open(judge: Visitor, link: str) -> Locator:
    judge.follow(link)
    judge.click(judge.page.get_by_role("link", name=OPEN_SHEET))
    return judge.page.get_by_role("spinbutton")


def _fill(marks: Locator, first: int = 0) -> None:
    for place in range(first, marks.count()):
        marks.nth(place).fill(str(8 + place % 9))


def _is_saved(judge: Visitor) -> None:
    judge.sees(re.compile("^Saved at"))


@contextmanager
def _saved_with(judge: Visitor, mark: Locator, value: str) -> Iterator[None]:
    """Until the server has this very mark, and the sheet says so."""
    wanted = urlencode({mark.get_attribute("name"): value})
    with judge.page.expect_response(lambda answer: wanted in (answer.request.post_data or "")):
        yield
    _is_saved(judge)


def _is_received_once(visit: Visit, judge: Visitor) -> None:
    """The receipt on the phone, and one sheet in one version at the desk."""
    expect(judge.page.get_by_text(re.compile("^Submitted at")).first).to_be_visible(timeout=60_000)
    judge.settle()
    table = judge.page.url.rsplit("/", 1)[-1]
    director = visit()
    director.sign_in("director")
    director.go(BOARD)
    director.click(director.page.get_by_role("table", name="Tables").locator(f'a[href$="{table}"]'))
    expect(director.page.get_by_text("Submitted").first).to_be_visible()
    expect(director.page.get_by_text("earlier version")).to_have_count(0)


def test_a_sheet_submitted_on_a_dead_line_sends_itself_once(visit: Visit, link: str) -> None:
    judge = visit(phone=True)
    marks = _open(judge, link)
    _fill(marks)
    marks.nth(4).fill("")
    _is_saved(judge)
    with judge.offline():
        judge.press("Review")
        judge.sees(re.compile("^No connection, and 1 marks are missing"))
        expect(marks.nth(4)).to_be_focused()
        marks.nth(4).fill("11")
        judge.press("Review")
        judge.press("Submit as soon as possible")
        judge.sees("Submitted on this phone, not received yet")
        assert barriers(judge.page, "waiting for a line") == []
    _is_received_once(visit, judge)
    assert (
        judge.page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('parley.sheet'))") == []
    )


def test_an_answer_that_never_came_makes_no_second_sheet(visit: Visit, link: str) -> None:
    judge = visit(phone=True)
    marks = _open(judge, link)
    _fill(marks)
    judge.press_through("Review")
    judge.sees("The order by this sheet")
    judge.has_lost_the_line = True
    sent: list[str] = []
    judge.page.route("**/submit", lambda route: _swallow(route, sent))
    judge.press("Submit")
    judge.press("Submit as soon as possible")
    judge.sees("Submitted on this phone, not received yet")
    judge.page.close()
    judge.context.clear_cookies()
    judge.page = judge.context.new_page()
    judge.follow(link)
    judge.sees("You owe no sheet at the moment. Thank you.")
    expect(judge.page.get_by_text("not received yet")).to_have_count(0)
    judge.click(judge.page.get_by_role("link", name=re.compile("Table")).first)
    _is_received_once(visit, judge)
    assert len(sent) >= 2


def _swallow(route: Route, sent: list[str]) -> None:
    """Let the request reach the server and lose the answer."""
    with suppress(Error):
        sent.append(route.fetch().text())
        route.abort()


def test_a_sign_out_in_the_middle_loses_nothing(visit: Visit, link: str) -> None:
    judge = visit(phone=True)
    marks = _open(judge, link)
    marks.nth(0).fill("9")
    _is_saved(judge)
    judge.context.clear_cookies()
    marks.nth(1).fill("12")
    judge.sees(re.compile("^You are signed out"))
    marks.nth(2).fill("13")
    second = judge.context.new_page()
    second.goto(link)
    second.get_by_role("button", name="Continue").click()
    expect(second.get_by_text(OPEN_SHEET).first).to_be_visible()
    second.close()
    judge.page.bring_to_front()
    expect(judge.page.get_by_text(re.compile("^Saved at"))).to_be_visible(timeout=60_000)
    judge.page.reload()
    assert [marks.nth(place).input_value() for place in range(3)] == ["9", "12", "13"]


def test_two_tabs_of_one_phone_show_the_same_sheet(visit: Visit, link: str) -> None:
    judge = visit(phone=True)
    marks = _open(judge, link)
    other = judge.context.new_page()
    other.goto(judge.page.url)
    theirs = other.get_by_role("spinbutton")
    with judge.offline():
        theirs.nth(0).fill("9")
        expect(marks.nth(0)).to_have_value("9")
        marks.nth(1).fill("10")
        expect(theirs.nth(1)).to_have_value("10")
        other.close()
    _is_saved(judge)
    judge.page.reload()
    assert [marks.nth(place).input_value() for place in range(2)] == ["9", "10"]


def test_a_second_phone_overwrites_nothing_in_silence(visit: Visit, link: str) -> None:
    phone, tablet = visit(phone=True), visit()
    mine = _open(phone, link)
    theirs = _open(tablet, link)
    with phone.offline():
        mine.nth(0).fill("9")
        phone.sees(re.compile("^No connection"))
        theirs.nth(0).fill("10")
        with _saved_with(tablet, theirs.nth(1), "11"):
            theirs.nth(1).fill("11")
    phone.sees(re.compile("^This sheet was changed elsewhere"))
    assert _values(tablet.page, 2) == ["10", "11"]
    phone.press("Save draft")
    phone.sees("Two versions of this sheet")
    phone.sees("What differs")
    phone.press("Use what I typed")
    phone.sees("Your draft is saved.")
    assert _values(phone.page, 2) == ["9", ""]


def _values(page: Page, count: int) -> list[str]:
    page.reload()
    return [page.get_by_role("spinbutton").nth(place).input_value() for place in range(count)]


def test_what_was_typed_on_a_dead_line_survives_the_end_of_the_browser(visit: Visit, link: str) -> None:
    judge = visit(phone=True)
    marks = _open(judge, link)
    sheet = judge.page.url
    with judge.offline():
        marks.nth(0).press_sequentially("14")
        judge.page.close(run_before_unload=False)
    judge.page = judge.context.new_page()
    judge.go(sheet)
    expect(judge.page.get_by_role("spinbutton").nth(0)).to_have_value("14")
    _is_saved(judge)

"""An employer with ten minutes: finds three people who fit, keeps them, asks them for an opportunity."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.journeys.test_pages import barriers_wide_and_narrow
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.journey
Visit = Callable[..., Visitor]


def test_three_people_are_found_kept_and_asked(visit: Visit) -> None:
    employer = visit()
    employer.sign_in("employer")
    employer.go("/employers/search?q=(law")
    employer.sees("The bracket at character 1 is never closed.")
    for words in ("law OR 談判", "海洋 OR law"):
        employer.go("/employers/search")
        employer.page.get_by_role("searchbox", name="Words on the card").fill(words)
        employer.click(employer.page.get_by_role("search").get_by_role("button", name="Search"))
        expect(employer.page.locator("article.result").first).to_be_visible()
    employer.page.get_by_text("Save this search").click()
    employer.fill("Name of the search", "Law and oceans")
    employer.press("Save")
    employer.sees_heading("Saved searches")
    employer.page.get_by_role("link", name="Law and oceans").click()
    _tick(employer, 3)
    faults = barriers_wide_and_narrow(employer.page, "a search with ticked cards")
    employer.press("Put on the list")
    employer.sees("3 cards put on “Shortlist”.")
    employer.go("/employers/lists")
    employer.page.get_by_role("link", name="Shortlist", exact=True).click()
    employer.sees_heading("Shortlist")
    faults += barriers_wide_and_narrow(employer.page, "a shortlist")
    _tick(employer, 3)
    employer.press("Ask for contact")
    employer.sees_heading("Opportunities")
    employer.fill("Title", "Legal officer, port project")
    employer.fill("Place", "Shanghai, China")
    employer.fill("Pay", "CNY 20,000 a month")
    employer.fill("Closes on", (datetime.now(UTC).date() + timedelta(days=30)).isoformat())
    employer.fill("Contact for questions", "Ingrid Solberg, jobs@example.org")
    employer.press("Save and go on")
    employer.sees_heading("Ask for contact")
    faults += barriers_wide_and_narrow(employer.page, "asking for contact")
    employer.fill("Your message", "We build a port and look for people who can listen.")
    employer.press("Send the request")
    employer.sees("3 people are asked.")
    expect(employer.page.get_by_text("Waits for an answer").filter(visible=True)).to_have_count(3)
    faults += barriers_wide_and_narrow(employer.page, "requests that wait")
    assert faults == []


def test_the_operator_suspends_an_employer_in_one_click_and_lets_it_in_again(visit: Visit) -> None:
    employer, operator = visit(), visit()
    employer.sign_in("employer")
    operator.sign_in("operator")
    operator.go("/employers/review")
    operator.press("Suspend Harbour and Ocean Agency")
    operator.sees("Suspended.")
    assert employer.page.goto(f"{employer.house.url}/employers/search").status == 403  # type: ignore[union-attr]
    operator.press("Let in again Harbour and Ocean Agency")
    employer.go("/employers/search")
    employer.sees_heading("Search the talent pool")


def _tick(employer: Visitor, count: int) -> None:
    employer.settle()
    for place in range(count):
        employer.page.locator("article.result input[type=checkbox]").nth(place).check()

"""Nothing needs JavaScript: a judge marks and submits, a captain registers."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.journey
Visit = Callable[..., Visitor]


def test_a_judge_marks_and_submits_without_script(visit: Visit) -> None:
    judge = visit(phone=True, java_script_enabled=False)
    page = judge.page
    judge.sign_in("judge")
    judge.go("/e/shanghai-2025/judge/")
    judge.click(page.get_by_role("link", name=re.compile("Open the scoresheet|Go on with the sheet")))
    marks = page.get_by_role("spinbutton")
    count = marks.count()
    assert count > 40
    for place in range(count - 1):
        marks.nth(place).fill(str(8 + place % 9))
    judge.press("Review")
    judge.sees("Not complete yet")
    judge.sees("Your draft is saved as it is.")
    expect(marks.nth(3)).to_have_value("11")
    marks.nth(count - 1).fill("12.5")
    judge.press("Review")
    judge.sees("The order by this sheet")
    judge.press("Submit")
    judge.sees("Submitted at")


def test_a_captain_registers_without_script(visit: Visit) -> None:
    director = visit()
    director.sign_in("director")
    director.go("/e/delta-open/people/links")
    link = director.page.get_by_label("Registration link").input_value()
    captain = visit(phone=True, java_script_enabled=False)
    captain.follow(link)
    captain.fill("Team name", "Scriptless")
    captain.fill("University or organisation", "Quiet College")
    captain.fill("Your name", "Noor Haddad", exact=True)
    captain.fill("Your e-mail", "noor@quiet.example.org")
    captain.press("Register the team")
    captain.sees("Waiting for the organisers")
    expect(captain.page.get_by_role("listitem").filter(has_text="Noor Haddad")).to_be_visible()

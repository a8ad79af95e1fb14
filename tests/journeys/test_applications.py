"""People who apply alone, from a phone to a team; and a messy list that becomes teams."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.journey
Visit = Callable[..., Visitor]
CAMPUS = "/e/campus-2025"
LIST = [
    ["Registrations 2026"],
    ["University", "学校中文名", "Team", "Delegate 1 name", "Delegate 1 email", "Delegate 2 name"],
    ["Fudan University", "", "Bund", "Wang Xiaoming", "wang@example.org", "Ann Lee"],
    ["复旦大学", "", "Wujiaochang", "王小明", "", "Bo Chen"],
    ["Nankai University", "", "Haihe", "Cy Wu", "not an address", "Di Ma"],
]


def as_csv() -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(LIST)
    return buffer.getvalue().encode("gb18030")


def test_somebody_applies_on_a_phone_and_is_formed_into_a_team(visit: Visit) -> None:
    applicant, director = visit(phone=True), visit()
    applicant.create_account("Rosa Lind", "rosa@example.org")
    applicant.go(f"{CAMPUS}/")
    applicant.page.get_by_role("link", name="Apply to take part").click()
    applicant.press("Apply")
    applicant.sees("Please look at these again")
    for label, choice in (
        ("What you study or work in", "Environment and earth"),
        ("Where you are in your studies", "Master"),
        ("The language you grew up with", "Spanish"),
        ("Negotiation, moot court, debating or Model UN before", "Three or more"),
    ):
        applicant.page.get_by_label(label).select_option(choice)
    applicant.fill("Why you would like to take part", "To hear all four sides.")
    applicant.page.get_by_label("I am at least 18 years old").check()
    applicant.page.get_by_label("I have read the privacy notice").check()
    known = len(applicant.house.mailbox.mails)
    applicant.press("Apply")
    applicant.sees("Your application is saved.")
    applicant.house.mailbox.wait_for("rosa@example.org", subject="has arrived", after=known)

    director.sign_in("director")
    director.go(f"{CAMPUS}/people/applicants")
    director.page.get_by_label("Answer for Rosa Lind").select_option("Accepted")
    for select in director.page.get_by_role("combobox", name=re.compile("^Answer for")).all():
        if select.input_value() == "":
            select.select_option("Reserve")
    director.fill("Why others are declined", "There are only thirty places.")
    known = len(director.house.mailbox.mails)
    director.press("Send the answers")
    director.sees("Everybody is told by e-mail.")
    assert "chosen" in director.house.mailbox.wait_for("rosa@example.org", subject="answer", after=known)

    director.click(director.page.get_by_role("link", name="Form teams").first)
    director.press("Form the teams")
    director.sees("To move for an even spread")
    director.page.locator("#who").select_option("Rosa Lind")
    director.page.locator("#to").select_option(index=2)
    expect(director.page.get_by_role("button", name="Save this change")).to_be_visible()
    director.press("Save this change")
    director.sees("Moved. You can take it back.")
    director.press("Take back the last change")
    director.sees("The last change is taken back.")
    known = len(director.house.mailbox.mails)
    director.confirm("Confirm the teams")
    director.sees("Every delegate is told by e-mail.")
    assert "Rosa Lind" in director.house.mailbox.wait_for("rosa@example.org", subject="team", after=known)
    applicant.go(f"{CAMPUS}/apply")
    applicant.sees("You are in a team.")


def test_a_reviewer_scores_by_a_link_and_sees_no_other_scores(visit: Visit) -> None:
    director, guest = visit(), visit(phone=True)
    director.sign_in("director")
    director.go(f"{CAMPUS}/people/applicants/reviewers")
    director.fill("Name", "Guest Gu", exact=True)
    director.fill("E-mail", "gu@example.org")
    known = len(director.house.mailbox.mails)
    director.press("Invite")
    director.sees("Guest Gu is invited.")
    guest.follow(director.house.mailbox.link_for("gu@example.org", after=known))
    guest.click(guest.page.get_by_role("link", name="Review the next one"))
    expect(guest.page.get_by_role("button", name="Save and go on")).to_be_visible()
    expect(guest.page.get_by_text("Shen Yi")).to_have_count(0)
    for group in guest.page.get_by_role("group").all():
        group.get_by_label("4", exact=True).check()
    guest.press("Save and go on")
    guest.sees("Saved:")
    guest.go(f"{CAMPUS}/people/applicants")
    guest.sees("You can see this, but you may not do that.")


def test_a_messy_list_is_corrected_and_becomes_teams(visit: Visit) -> None:
    director = visit()
    director.sign_in("director")
    director.go("/e/delta-open/people/lists")
    file = {"name": "名单.csv", "mimeType": "text/csv", "buffer": as_csv()}
    director.page.get_by_label("File (.xlsx or .csv)").set_input_files(file)  # type: ignore[arg-type]
    director.press("Upload")
    director.sees_heading("What each column is")
    director.press("Look at the list")
    director.sees("This is no e-mail address.")
    director.sees("In two scripts")
    director.page.get_by_role("link", name="Correct row 5").click()
    director.fill("Delegate 1: E-mail", "cy@example.org")
    director.press("Save")
    director.sees("Row 5 is saved.")
    for _institutions_then_people in range(2):
        director.press("Save these decisions")
        director.sees("Decisions saved")
    director.confirm("Apply the list")
    director.sees("Applied on")
    director.page.get_by_role("link", name="Look at them").click()
    for team in ("Bund", "Wujiaochang", "Haihe"):
        director.sees(team)

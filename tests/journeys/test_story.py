"""One competition from its creation to its published standings, told in order by the people who live it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Locator, Page, expect

from tests.journeys.house import House
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.journey
Visit = Callable[..., Visitor]

TWICE = "button => { button.click(); button.click(); }"
"""A double click that no answer can come between."""
SLUG, NAME = "river-cup", "River Cup"
CAPTAIN, DELEGATE, THIRD = "captain@north.example.org", "wei@north.example.org", "third@north.example.org"
JUDGES = {"Ada Stone": "ada@judges.example.org", "Ben Torres": "ben@judges.example.org"}
OTHER_TEAMS = ("East College", "South Institute", "West Academy")
ROLES = {
    "North University": "Government",
    **dict(zip(OTHER_TEAMS, ("Enterprise", "Local NGO", "IGO"), strict=True)),
}


@dataclass(slots=True)
class Story:
    """What earlier chapters hand to later ones."""

    told: list[str] = field(default_factory=list)
    registration_link: str = ""

    def begins(self, chapter: str, *, after: str = "") -> None:
        if after and after not in self.told:
            pytest.fail(f"“{chapter}” cannot be told: “{after}” did not come to its end.")

    def ends(self, chapter: str) -> None:
        self.told.append(chapter)


@pytest.fixture(scope="module")
def story() -> Story:
    return Story()


def test_the_operator_creates_an_edition_and_hands_it_to_a_director(visit: Visit, story: Story) -> None:
    operator = visit()
    operator.sign_in("operator")
    operator.go("/editions/")
    operator.page.get_by_role("link", name="New edition").click()
    operator.fill("Name of the edition", NAME)
    operator.fill("Name in Chinese", "河流杯")
    operator.fill("Short name for addresses", SLUG)
    operator.page.get_by_role("radio", name=re.compile("Fixed: ")).check()
    operator.fill("Time zone", "Asia/Shanghai")
    operator.press("Create the edition")
    expect(operator.page).to_have_url(re.compile(f"/e/{SLUG}/"))
    operator.page.get_by_role("link", name="Organisers").click()
    operator.fill("Their sign-in address", "director@example.org")
    operator.page.get_by_role("radio", name=re.compile("Director: ")).check()
    operator.press("Add")
    expect(operator.page.get_by_role("row", name=re.compile("Fang Min.*Director"))).to_be_visible()
    story.ends("created")


def test_a_director_sets_the_edition_up_and_opens_registration(visit: Visit, story: Story) -> None:
    story.begins("set up", after="created")
    director = visit()
    director.sign_in("director")
    page = director.page
    director.go(f"/e/{SLUG}/overview")
    expect(page.get_by_role("heading", name="Rubric")).to_be_visible()
    director.go(f"/e/{SLUG}/setup/settings")
    director.fill("Place", "Shanghai")
    director.press("Save")
    director.sees("Saved")
    page.get_by_role("link", name="Rules", exact=True).click()
    director.fill("Ranked by, most important first", "average_score")
    director.press("Save")
    director.sees("Saved")
    _write_rubric(director)
    page.get_by_role("link", name="Rooms", exact=True).click()
    director.fill("Rooms, one a line", "Hall A\nHall B")
    director.press("Add rooms")
    expect(page.get_by_role("rowheader", name="Hall B", exact=True)).to_be_visible()
    page.get_by_role("link", name="Registration", exact=True).click()
    director.sees("The privacy notice comes first")
    page.get_by_role("main").get_by_role("link", name="Write the privacy notice").click()
    _write_notice(director)
    page.get_by_role("link", name="Registration", exact=True).click()
    director.fill("Registration closes", "2031-03-01T18:00")
    director.press("Open registration")
    director.sees("Registration is open")
    page.get_by_role("link", name="The link with which captains register").click()
    director.press("Make a link")
    story.registration_link = page.get_by_label("Registration link").input_value()
    director.press("Copy")
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    story.ends("set up")


def _write_rubric(director: Visitor) -> None:
    page = director.page
    page.get_by_role("link", name="Rubric", exact=True).click()
    for name, code, target in (
        ("Interests", "interests", "The team, once"),
        ("Diplomacy", "diplomacy", "Each delegate"),
    ):
        page.get_by_role("link", name=re.compile("^Add (a|the first) criterion")).first.click()
        director.fill("Name of the criterion", name)
        director.fill("Short name", code)
        page.get_by_role("radio", name=target).check()
        director.fill("Lowest mark", "0")
        director.fill("Highest mark", "20")
        director.fill("Step", "0.5")
        director.press("Save the criterion")
        expect(page.get_by_role("rowheader", name=name)).to_be_visible()


def _write_notice(director: Visitor) -> None:
    director.fill("Who is responsible", "River Cup committee")
    director.fill("How to reach them about data", "privacy@river.example.org")
    director.fill("Country", "CN")
    director.fill("What the data are used for", "Running the River Cup.")
    director.fill("What is published, and where", "Teams, roles, ranks.")
    director.fill("How long the data are kept", "Six months.")
    director.press("Put in force")
    director.sees("Version 1")


def test_a_captain_registers_a_team_on_a_phone(visit: Visit, house: House, story: Story) -> None:
    story.begins("registration", after="set up")
    scanner = visit(phone=True)
    scanner.go(story.registration_link)
    scanner.context.close()
    captain = visit(phone=True)
    page = captain.page
    captain.follow(story.registration_link)
    captain.sees_heading("Register a team")
    captain.fill("Team name", "North University")
    captain.fill("University or organisation", "North University")
    captain.fill("Your name", "Maria Lopez", exact=True)
    captain.fill("Your e-mail", CAPTAIN)
    _name_delegate(page, 2, "Wei Lin", DELEGATE)
    _name_delegate(page, 3, "Third Person", "")
    captain.press("Register the team")
    captain.sees("Each delegate is invited by e-mail, so an address is needed.")
    expect(page.get_by_label("Team name")).to_have_value("North University")
    _name_delegate(page, 3, "Third Person", THIRD)
    captain.press("Register the team")
    captain.sees("Waiting for the organisers")
    for name in ("Maria Lopez", "Wei Lin", "Third Person"):
        expect(_line(page, name)).to_contain_text("Has not confirmed yet")
    back = visit(phone=True)
    back.follow(house.mailbox.link_for(CAPTAIN))
    back.sees_heading("North University")
    back.page.get_by_role("link", name="Check and confirm").click()
    back.page.get_by_label("I have read the privacy notice").check()
    back.page.get_by_label("I am 18 or older on the first day").check()
    back.press("Confirm")
    back.sees("Thank you. Your details are confirmed.")
    back.click(back.page.get_by_role("link", name="Look at your team").first)
    expect(_line(back.page, "Maria Lopez")).not_to_contain_text("Has not confirmed yet")
    story.ends("registration")


def _name_delegate(page: Page, number: int, name: str, address: str) -> None:
    group = page.get_by_role("group", name=f"Delegate {number}")
    group.get_by_label("Name").fill(name)
    group.get_by_label("E-mail").fill(address)


def _line(page: Page, name: str) -> Locator:
    return page.get_by_role("listitem").filter(has_text=name)


def test_a_delegate_confirms_their_own_data_from_the_mail(visit: Visit, house: House, story: Story) -> None:
    story.begins("confirmation", after="registration")
    delegate = visit(phone=True)
    page = delegate.page
    delegate.follow(house.mailbox.link_for(DELEGATE))
    delegate.sees_heading("Your details")
    delegate.fill("Your name", "Lin Wei", exact=True)
    delegate.fill("Your name in your own script", "林薇")
    delegate.press("Confirm")
    delegate.sees("Tick this when you have read the notice.")
    expect(page.get_by_label("Your name in your own script")).to_have_value("林薇")
    page.get_by_label("I have read the privacy notice").check()
    page.get_by_label("I am 18 or older on the first day").check()
    delegate.press("Confirm")
    expect(page).to_have_url(re.compile("/me$"))
    captain = visit(phone=True)
    captain.follow(house.mailbox.link_for(CAPTAIN))
    expect(_line(captain.page, "Lin Wei")).to_contain_text("林薇")
    expect(_line(captain.page, "Lin Wei")).to_contain_text("Confirmed")
    expect(_line(captain.page, "Third Person")).to_contain_text("Has not confirmed yet")
    story.ends("confirmation")


def test_a_delegate_creates_an_account_and_claims_the_place(visit: Visit, house: House, story: Story) -> None:
    story.begins("claim", after="confirmation")
    delegate = visit(phone=True)
    delegate.create_account("Lin Wei", DELEGATE)
    delegate.sees(f"You are invited to {NAME}")
    delegate.press("This is me")
    delegate.go(f"/e/{SLUG}/me")
    delegate.sees_heading("North University")
    delegate.sees("No draw has been released yet")
    story.ends("claim")


def test_an_organiser_accepts_teams_and_invites_judges(visit: Visit, house: House, story: Story) -> None:
    story.begins("people", after="registration")
    director = visit()
    page = director.page
    director.sign_in("director")
    director.go(f"/e/{SLUG}/people/teams")
    page.get_by_role("link", name="North University").first.click()
    director.fill("Adviser or coach (optional)", "Prof. Chen", exact=True)
    director.press("Save")
    director.sees("Saved.")
    page.get_by_role("link", name="Teams", exact=True).first.click()
    director.press("Accept North University")
    director.sees("North University: the decision is saved.")
    for team in OTHER_TEAMS:
        director.go(f"/e/{SLUG}/people/teams/new")
        director.fill("Team name", team)
        director.fill("University or organisation", team)
        page.get_by_label("Role", exact=True).select_option(label=ROLES[team])
        director.press("Save")
        director.sees("Saved.")
    director.go(f"/e/{SLUG}/people/teams")
    page.get_by_role("link", name="North University").first.click()
    page.get_by_label("Role", exact=True).select_option(label=ROLES["North University"])
    director.press("Save")
    director.sees("Saved.")
    for name, address in JUDGES.items():
        director.go(f"/e/{SLUG}/people/judges/new")
        director.fill("Name", name, exact=True)
        director.fill("E-mail", address)
        director.press("Save")
        director.sees("Whoever opens this link marks in the name of this judge.")
        assert "/l/" in house.mailbox.link_for(address)
    story.ends("people")


def test_an_organiser_draws_and_releases_a_round_that_nobody_saw_before(
    visit: Visit, house: House, story: Story
) -> None:
    story.begins("draw", after="people")
    director, delegate = visit(), visit(phone=True)
    page = director.page
    director.sign_in("director")
    delegate.follow(house.mailbox.link_for(THIRD))
    director.go(f"/e/{SLUG}/rounds/")
    page.get_by_role("link", name="Add the first round").click()
    director.fill("Name of the round", "Opening round")
    director.fill("Name in Chinese", "首轮")
    director.fill("Starts at", "2031-03-02T09:30")
    director.press("Save")
    page.get_by_role("row", name=re.compile("Opening round")).get_by_role(
        "link", name="Draw", exact=True
    ).click()
    director.press("Draw")
    expect(page.get_by_role("table", name="Draw").get_by_role("row")).to_have_count(2)
    for team in ROLES:
        expect(page.get_by_role("table", name="Draw")).to_contain_text(team)
    _expect_no_seat(delegate)
    director.confirm("Confirm the draw")
    _expect_no_seat(delegate)
    director.press("Release")
    dialog = page.get_by_role("dialog", name="Release")
    expect(dialog).to_contain_text("4 teams and 2 judges see their tables.")
    dialog.get_by_role("button", name="Release").click()
    expect(page.get_by_role("link", name="Sheets", exact=True)).to_be_visible()
    delegate.go(f"/e/{SLUG}/me")
    card = delegate.page.get_by_role("main")
    for words in ("Opening round", "Government", "Hall", "9:30", *OTHER_TEAMS):
        expect(card).to_contain_text(words)
    story.ends("draw")


def _expect_no_seat(delegate: Visitor) -> None:
    delegate.go(f"/e/{SLUG}/me")
    delegate.sees("No draw has been released yet")


def test_a_judge_marks_a_table_on_a_phone_and_loses_nothing(visit: Visit, house: House, story: Story) -> None:
    story.begins("marking", after="draw")
    judge = visit(phone=True)
    page = judge.page
    judge.follow(house.mailbox.link_for(JUDGES["Ada Stone"]))
    for team in ROLES:
        judge.sees(team)
    judge.click(page.get_by_role("link", name="Open the scoresheet"))
    marks = page.get_by_role("spinbutton")
    expect(marks).to_have_count(4 + 3)
    for place in range(6):
        marks.nth(place).fill(str(19 - 2 * place))
    _try_an_impossible_and_a_missing_mark(judge, marks)
    _lose_the_network(judge, marks)
    page = judge.page
    judge.press_through("Review")
    judge.sees("The order by this sheet")
    order = page.get_by_role("list").filter(has_text="North University").first
    expect(order.get_by_role("listitem")).to_have_count(4)
    expect(order.get_by_role("listitem").first).to_contain_text("North University")
    page.get_by_role("button", name="Submit", exact=True).evaluate(TWICE)
    judge.sees("Submitted at")
    judge.go(f"/e/{SLUG}/judge/")
    judge.sees("You owe no sheet at the moment. Thank you.")
    story.ends("marking")


def _try_an_impossible_and_a_missing_mark(judge: Visitor, marks: Locator) -> None:
    marks.nth(6).fill("")
    marks.nth(5).fill("77")
    judge.press_through("Review")
    summary = judge.page.get_by_role("alert")
    expect(summary).to_be_visible()
    expect(marks.nth(5)).to_have_value("77")
    expect(marks.nth(0)).to_have_value("19")
    expect(marks.nth(5)).to_have_attribute("aria-invalid", "true")
    marks.nth(5).fill("9")
    judge.press_through("Review")
    expect(summary).to_contain_text("Not complete yet")
    marks = judge.page.get_by_role("spinbutton")
    expect(marks.nth(5)).to_have_value("9")


def _lose_the_network(judge: Visitor, marks: Locator) -> None:
    """The phone goes dark in a dead spot; what was typed there is back when the page is opened again."""
    judge.settle()
    sheet = judge.page.url
    judge.go(sheet)
    with judge.offline():
        marks.nth(6).fill("7.5")
        marks.nth(0).fill("20")
        judge.sees(re.compile("^No connection. Kept on this phone"))
        judge.page.close()
    judge.page = judge.context.new_page()
    judge.go(sheet)
    judge.sees(re.compile("was kept on this phone and is back"))
    marks = judge.page.get_by_role("spinbutton")
    expect(marks.nth(6)).to_have_value("7.5")
    expect(marks.nth(0)).to_have_value("20")
    judge.sees(re.compile("^Saved at"))


def test_another_judge_sees_nothing_of_the_first_ones_marks(visit: Visit, house: House, story: Story) -> None:
    story.begins("secrecy", after="marking")
    judge = visit(phone=True)
    judge.follow(house.mailbox.link_for(JUDGES["Ben Torres"]))
    judge.click(judge.page.get_by_role("link", name="Open the scoresheet"))
    marks = judge.page.get_by_role("spinbutton")
    expect(marks).to_have_count(7)
    assert [mark.input_value() for mark in marks.all()] == [""] * 7
    expect(judge.page.get_by_text("Ada Stone")).to_have_count(0)
    story.ends("secrecy")


def test_an_organiser_waives_a_sheet_confirms_and_publishes(visit: Visit, story: Story) -> None:
    story.begins("results", after="secrecy")
    director = visit()
    page = director.page
    director.sign_in("director")
    director.go(f"/e/{SLUG}/sheets/1/")
    owing = page.get_by_role("table", name="Who owes a sheet")
    expect(owing.get_by_role("rowheader")).to_have_text(["Ben Torres"])
    director.click(owing.get_by_role("link").first)
    expect(page.get_by_role("row", name=re.compile("^Ada Stone"))).to_contain_text("Submitted")
    expect(page.get_by_text("earlier version")).to_have_count(0)
    line = page.get_by_role("row", name=re.compile("^Ben Torres"))
    line.get_by_text("Waive", exact=False).first.click()
    line.get_by_label("Reason").fill("Fell ill at noon")
    director.click(line.get_by_role("button", name="Waive", exact=True))
    expect(line).to_contain_text("Fell ill at noon")
    director.press("Confirm the table")
    director.go(f"/e/{SLUG}/sheets/1/")
    director.press("Confirm the round")
    director.sees("The results of this round are confirmed")
    page.get_by_role("link", name="See the standings").click()
    expect(page.get_by_role("table", name="Standings", exact=True)).to_contain_text("North University")
    director.press("Store as they are now")
    director.confirm("Publish")
    director.sees("Published")
    stranger = visit()
    stranger.go(f"/e/{SLUG}/standings/published")
    stranger.sees_heading("Nothing here")
    director.go(f"/e/{SLUG}/setup/settings")
    director.confirm("Show the page to everybody")
    director.sees("Anybody can see the edition’s page")
    stranger.go(f"/e/{SLUG}/")
    stranger.page.get_by_role("link", name="Published standings").click()
    standings = stranger.page.get_by_role("table", name="Standings", exact=True)
    for team, role in ROLES.items():
        stranger.click(
            stranger.page.get_by_role("navigation", name="Standings").get_by_role("link", name=role)
        )
        expect(standings).to_contain_text(team)
    expect(stranger.page.get_by_text("Ada Stone")).to_have_count(0)
    stranger.go(f"/e/{SLUG}/draw/1")
    expect(stranger.page.get_by_role("main")).to_contain_text("West Academy")
    story.ends("results")


def test_files_leave_the_house_and_come_back_unchanged(visit: Visit, story: Story, tmp_path: Path) -> None:
    story.begins("files", after="results")
    director = visit()
    page = director.page
    director.sign_in("director")
    director.go(f"/e/{SLUG}/files/")
    director.press("Make the public form")
    results = load_workbook(io.BytesIO(_fetch(director)))
    assert any("North University" in str(cell.value) for sheet in results for row in sheet for cell in row)
    director.go(f"/e/{SLUG}/files/")
    director.press("Make the edition workbook")
    exported = _fetch(director)
    assert load_workbook(io.BytesIO(exported))["Teams"].max_row == 5
    director.go(f"/e/{SLUG}/files/")
    _send(director, "river.xlsx", exported)
    director.sees("The edition is as the file says. There is nothing to import.")
    director.go(f"/e/{SLUG}/files/")
    _send(director, "river.xlsx", _with_another_room(exported))
    director.sees("The file is sound. Nothing was changed yet.")
    director.press("Import it")
    director.sees("Imported. The edition is as the file says.")
    director.go(f"/e/{SLUG}/setup/rooms")
    expect(page.get_by_role("rowheader", name="Attic", exact=True)).to_be_visible()
    director.go(f"/e/{SLUG}/files/")
    _send(director, "holiday.xlsx", b"this is a photograph")
    director.sees("This file is not an Excel workbook (.xlsx). Save it as .xlsx and send it again.")
    story.ends("files")


def _fetch(director: Visitor) -> bytes:
    file = director.page.get_by_role("link", name=re.compile("^Download"))
    expect(file).to_be_visible(timeout=60_000)
    return Path(director.download(file).path()).read_bytes()


def _send(director: Visitor, name: str, content: bytes) -> None:
    mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    field = director.page.get_by_label(re.compile("^Edition workbook"))
    field.set_input_files({"name": name, "mimeType": mime, "buffer": content})
    director.press("Try this file")


def _with_another_room(workbook: bytes) -> bytes:
    book = load_workbook(io.BytesIO(workbook))
    sheet = book["Rooms"]
    sheet.append(["Attic" if cell.value == "room" else None for cell in sheet[1]])
    changed = io.BytesIO()
    book.save(changed)
    return changed.getvalue()

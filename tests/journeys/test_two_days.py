"""A two-day edition of 68 teams, told in order: two organisers at once, judges on phones whose line is cut, a no-show,
a protest, a correction after the next draw, a tie at the line, the finals, sealed awards and a certificate.

What many people do alike is done through the services (`two_days`); whatever decides something is done in a browser,
wide and on the phone, in English and in Chinese, and axe looks at every page on the way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from flask import Flask
from playwright.sync_api import Locator, expect

from tests.journeys.house import House
from tests.journeys.test_pages import barriers, flaws
from tests.journeys.two_days import (
    NAME,
    SLUG,
    captains_link,
    found_edition,
    hand_in_the_rest,
    judges_at,
    office,
)
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.journey
Visit = Callable[..., Visitor]
BASE = f"/e/{SLUG}"
WEAKEST, NO_SHOW = "Ministry 17", "Company 11"
LEVEL = ("Ministry 04", "Ministry 05")


@dataclass(slots=True)
class Story:
    """What earlier chapters hand to later ones."""

    app: Flask
    told: list[str] = field(default_factory=list)
    judges: list[tuple[str, str]] = field(default_factory=list)
    code: str = ""

    def begins(self, chapter: str, *, after: str = "") -> None:
        if after and after not in self.told:
            pytest.fail(f"“{chapter}” cannot be told: “{after}” did not come to its end.")

    def ends(self, chapter: str) -> None:
        self.told.append(chapter)


@pytest.fixture(scope="module")
def story(house: House) -> Iterator[Story]:
    with office(house) as app:
        found_edition(app)
        yield Story(app)


def organiser(visit: Visit, account: str = "director", **options: object) -> Visitor:
    visitor = visit(**options)
    visitor.sign_in(account)
    return visitor


def look(visitor: Visitor, path: str, *, chinese: bool = False) -> None:
    """A page that is there and that axe finds nothing on, in Chinese where the visitor reads that."""
    assert visitor.go(f"{BASE}{path}") == 200, path
    if chinese and visitor.page.locator("html").get_attribute("lang") == "en":
        visitor.press("中文")
        expect(visitor.page.locator("html")).to_have_attribute("lang", "zh-Hans")
    assert flaws(visitor.page, path) == []


def confirm_sheets(director: Visitor, number: int) -> None:
    """All tables of a round at once, then the round, then its publication."""
    director.go(f"{BASE}/sheets/{number}/")
    director.press("Confirm all that are ready")
    director.press("Confirm the round")
    director.confirm("Publish the results")
    director.sees("Published")


def release(director: Visitor, number: int) -> None:
    director.go(f"{BASE}/rounds/{number}/")
    director.confirm("Confirm the draw")
    director.confirm("Release")
    expect(director.page.get_by_role("link", name="Sheets", exact=True)).to_be_visible()


def test_two_organisers_draw_the_first_round_and_the_second_is_told(visit: Visit, story: Story) -> None:
    story.begins("drawn")
    director, assistant = organiser(visit), organiser(visit, "tab")
    for visitor in (director, assistant):
        visitor.go(f"{BASE}/rounds/1/")
    director.fill("Seed", "7")
    director.press("Draw")
    expect(director.page.get_by_role("table", name="Draw").get_by_role("row")).to_have_count(18)
    assistant.fill("Seed", "8")
    assistant.press("Draw")
    assistant.sees("Somebody else changed this round while you were working. Look at it again, then repeat.")
    release(director, 1)
    assert barriers(director.page, "a drawn round") == []
    story.ends("drawn")


def test_a_team_does_not_come_and_only_its_table_hears_of_it(visit: Visit, story: Story) -> None:
    story.begins("no-show", after="drawn")
    assistant, anybody = organiser(visit, "tab", phone=True), visit(phone=True)
    assistant.go(f"{BASE}/rounds/1/go")
    assistant.page.get_by_label("Team, judge or room").select_option(label=NO_SHOW)
    assistant.fill("Reason", "Missed the ferry")
    assistant.press("Not there in this round")
    assistant.sees_heading(f"What if {NO_SHOW} is not there?")
    assert barriers(assistant.page, "what if, on a phone") == []
    assistant.page.get_by_role("button", name="Do this").first.click()
    assistant.sees(re.compile("^Done"))
    anybody.go(f"{BASE}/draw/1")
    expect(anybody.page.get_by_role("main")).not_to_contain_text(NO_SHOW)
    story.ends("no-show")


def test_judges_mark_on_phones_though_the_line_is_cut(visit: Visit, story: Story) -> None:
    story.begins("marked", after="no-show")
    story.judges = judges_at(story.app, 1, WEAKEST)
    first, second = visit(phone=True), visit(phone=True, locale="zh-CN", color_scheme="dark")
    marks = _sheet(first, story.judges[0][1])
    _mark(marks, 9)
    assert barriers(first.page, "a sheet") == []
    with first.offline():
        _mark(marks, 6)
        first.sees(re.compile("^No connection. Kept on this phone"))
        first.press("Review")
        first.press("Submit as soon as possible")
        first.sees("Submitted on this phone, not received yet")
    expect(first.page.get_by_text(re.compile("^Submitted at")).first).to_be_visible(timeout=60_000)
    second.go(story.judges[1][1])
    second.press("继续", exact=False)
    second.click(second.page.get_by_role("link", name="打开评分表"))
    _mark(second.page.get_by_role("spinbutton"), 5)
    assert barriers(second.page, "a sheet in Chinese, dark") == []
    second.press_through("核对")
    second.press("提交")
    second.sees(re.compile("^提交于|^已提交"))
    story.ends("marked")


def _sheet(judge: Visitor, link: str) -> Locator:
    judge.follow(link)
    judge.click(judge.page.get_by_role("link", name="Open the scoresheet"))
    return judge.page.get_by_role("spinbutton")


def _mark(marks: Locator, first: int) -> None:
    for place in range(marks.count()):
        marks.nth(place).fill(str(first + place % 3))


def test_the_first_round_is_confirmed_and_published(visit: Visit, story: Story) -> None:
    story.begins("first results", after="marked")
    hand_in_the_rest(story.app, 1)
    director = organiser(visit)
    confirm_sheets(director, 1)
    assert _score_of(director, LEVEL[0]) > _score_of(director, WEAKEST)
    for path in ("/sheets/1/", "/standings/", "/rounds/1/report"):
        look(director, path)
    story.ends("first results")


def test_a_correction_after_the_next_draw_changes_standings_and_not_the_draw(
    visit: Visit, story: Story
) -> None:
    story.begins("correction", after="first results")
    director, judge, anybody = organiser(visit), visit(phone=True), visit()
    director.go(f"{BASE}/rounds/2/")
    director.press("Draw")
    release(director, 2)
    anybody.go(f"{BASE}/draw/2")
    drawn = anybody.page.get_by_role("main").inner_text()
    before = _score_of(director, WEAKEST)
    director.go(f"{BASE}/sheets/1/")
    director.click(director.page.get_by_role("row").filter(has_text=WEAKEST).get_by_role("link").first)
    name, link = story.judges[0]
    line = director.page.get_by_role("table", name="Panel").get_by_role("row").filter(has_text=name)
    line.get_by_text("Reopen", exact=False).first.click()
    line.get_by_label("Reason").fill("A 6 was meant to be a 12")
    director.click(line.get_by_role("button", name="Reopen", exact=True))
    director.sees("A sheet was reopened; the earlier result stands until you confirm again")
    judge.follow(link)
    judge.click(
        judge.page.get_by_role("link", name=re.compile("Open the scoresheet|Go on with the sheet")).first
    )
    judge.page.get_by_role("spinbutton").first.fill("12")
    judge.press_through("Review")
    judge.press("Submit")
    judge.sees(re.compile("^Submitted at"))
    director.reload()
    director.press("Confirm again")
    assert _score_of(director, WEAKEST) > before
    anybody.reload()
    assert anybody.page.get_by_role("main").inner_text() == drawn
    story.ends("correction")


def _score_of(director: Visitor, team: str) -> float:
    """The team's average score in the standings of the ministries."""
    director.go(f"{BASE}/standings/?of=role:government")
    row = director.page.get_by_role("table", name="Standings", exact=True).get_by_role("row")
    cells = row.filter(has_text=team).get_by_role("cell").all_inner_texts()
    return max(float(text) for text in cells if re.fullmatch(r"\d+\.\d+", text.strip()))


def test_a_protest_blocks_the_break_until_it_is_decided_and_the_appeal_too(
    visit: Visit, story: Story
) -> None:
    story.begins("protest", after="correction")
    hand_in_the_rest(story.app, 2)
    director, assistant, captain = organiser(visit), organiser(visit, "tab"), visit(phone=True)
    confirm_sheets(director, 2)
    captain.follow(captains_link(story.app, "Society 09"))
    captain.go(f"{BASE}/team/disputes")
    captain.page.get_by_label("What it is about").select_option(label="Protest: procedure")
    captain.fill("What happened, and what you ask for", "The fourth session was cut by ten minutes.")
    assert barriers(captain.page, "a protest on the phone") == []
    captain.press("File it")
    captain.sees("Undecided")
    _break_waits(director)
    _decide(assistant, "Society 09", "Protest", "Dismissed", "All four tables lost the same ten minutes.")
    captain.reload()
    captain.sees("All four tables lost the same ten minutes.")
    captain.fill("Why the decision should be another one", "We were told so before the others.")
    captain.press("Appeal")
    _break_waits(director)
    _decide(director, "Society 09", "Appeal", "Upheld", "You should have heard it together.")
    captain.reload()
    captain.sees("You should have heard it together.")
    look(captain, "/team/disputes", chinese=True)
    story.ends("protest")


def _break_waits(director: Visitor) -> None:
    director.go(f"{BASE}/break")
    director.sees("Before the break can be published")
    expect(director.page.get_by_role("button", name="Publish the break")).to_have_count(0)


def _decide(director: Visitor, team: str, kind: str, outcome: str, reasons: str) -> None:
    look(director, "/disputes/")
    row = director.page.get_by_role("row").filter(has_text=team).filter(has_text="Undecided")
    director.click(row.get_by_role("link", name=re.compile(f"^{kind}")))
    director.page.get_by_role("radio", name=outcome).check()
    director.fill("Reasons", reasons)
    assert barriers(director.page, "deciding") == []
    director.press("Record the decision")
    director.sees("The decision is recorded, and the teams are told.")


def test_a_tie_at_the_line_is_settled_by_a_lot_and_the_break_is_published(visit: Visit, story: Story) -> None:
    story.begins("break", after="protest")
    director, anybody = organiser(visit), visit(phone=True)
    director.go(f"{BASE}/break")
    director.sees("2 teams are level at the line")
    for team in LEVEL:
        expect(director.page.get_by_role("row").filter(has_text=team)).to_contain_text("Level at the line")
    director.page.get_by_role("textbox", name="Seed").fill("2026")
    director.press("Draw the lot")
    look(director, "/break")
    director.confirm("Publish the break")
    rows = [director.page.get_by_role("row").filter(has_text=team) for team in LEVEL]
    texts = " ".join(row.inner_text() for row in rows)
    assert (texts.count("Advances"), texts.count("Reserve"), texts.count("by lot")) == (1, 1, 2)
    look(anybody, "/break/published", chinese=True)
    look(director, "/tree/all")
    story.ends("break")


def test_one_panel_judges_two_semi_finals_in_turn(visit: Visit, story: Story) -> None:
    story.begins("semi-finals", after="break")
    director, captain = organiser(visit), visit(phone=True)
    director.go(f"{BASE}/rounds/3/")
    director.click(director.page.get_by_role("link", name="Seat the tables").first)
    director.press("Seat the tables")
    director.go(f"{BASE}/rounds/3/")
    card = director.page.locator("#common-panel")
    for table in ("3", "4"):
        card.get_by_role("checkbox", name=f"Table {table}").uncheck()
    director.click(card.get_by_role("button", name="Seat this panel"))
    director.sees("One panel judges these tables, one after another.")
    director.sees("after table 1")
    assert barriers(director.page, "semi-finals") == []
    release(director, 3)
    second = (
        director.page.get_by_role("table", name="Draw").get_by_role("row").filter(has_text="after table 1")
    )
    team = re.search(r"Ministry \d\d", second.inner_text())
    assert team
    captain.follow(captains_link(story.app, team.group()))
    look(captain, "/me")
    captain.sees("Your table comes after table 1: the same judges mark both.")
    hand_in_the_rest(story.app, 3)
    confirm_sheets(director, 3)
    story.ends("semi-finals")


def test_the_final_and_the_awards_that_two_organisers_unseal(visit: Visit, story: Story) -> None:
    story.begins("awards", after="semi-finals")
    director, assistant, anybody = organiser(visit), organiser(visit, "tab"), visit(phone=True)
    director.go(f"{BASE}/rounds/4/")
    director.click(director.page.get_by_role("link", name="Seat the tables").first)
    director.press("Seat the tables")
    release(director, 4)
    hand_in_the_rest(story.app, 4)
    confirm_sheets(director, 4)
    look(director, "/awards")
    director.press("Begin with the usual awards")
    director.confirm("Seal the awards")
    director.confirm("Turn the first key")
    director.sees("You have turned your key. Another organiser opens the seal.")
    expect(director.page.get_by_text("Ministry 01")).to_have_count(0)
    assistant.go(f"{BASE}/awards")
    assistant.confirm("Open the seal")
    assistant.sees("Winners")
    look(assistant, "/awards/script")
    heads = assistant.page.get_by_role("heading", level=2).all_inner_texts()
    assert heads.index("Bronze 铜奖") < heads.index("Gold 金奖")
    director.reload()
    director.confirm("Publish the awards")
    look(director, "/awards")
    look(anybody, "/awards/published", chinese=True)
    expect(anybody.page.get_by_role("main")).to_contain_text("Ministry 01")
    story.ends("awards")


def test_a_certificate_is_confirmed_by_its_code_on_anybodys_phone(visit: Visit, story: Story) -> None:
    story.begins("certificates", after="awards")
    director, anybody = organiser(visit), visit(phone=True)
    director.go(f"{BASE}/certificates")
    director.confirm("Issue what is due")
    row = (
        director.page.get_by_role("table", name="Certificates")
        .get_by_role("row")
        .filter(has_text="Gold")
        .first
    )
    name, code = row.get_by_role("rowheader").inner_text(), row.locator(".mono").inner_text()
    paper = director.download(row.get_by_role("link", name="PDF"))
    assert paper.suggested_filename.endswith(".pdf")
    assert barriers(director.page, "certificates") == []
    anybody.go("/verify/")
    anybody.fill("Code", code.lower())
    anybody.press("Check")
    anybody.sees("This certificate is genuine")
    expect(anybody.page.get_by_role("main")).to_contain_text(name.split("\n")[0])
    assert barriers(anybody.page, "a confirmed certificate") == []
    story.ends("certificates")


@pytest.mark.parametrize("size", ["wide", "phone"])
def test_the_pages_of_the_analysis_hold_in_both_sizes_and_languages(
    visit: Visit, story: Story, size: str
) -> None:
    story.begins("analysis", after="awards")
    director = organiser(visit, phone=size == "phone")
    for path in (
        "/analysis/break",
        "/analysis/judges",
        "/analysis/agreement",
        "/analysis/roles",
        "/tree/all",
    ):
        look(director, path, chinese=size == "phone")


def test_what_a_team_and_the_public_read_in_the_end(visit: Visit, story: Story) -> None:
    story.begins("end", after="awards")
    director, captain, anybody = organiser(visit), visit(phone=True), visit(phone=True)
    director.go(f"{BASE}/standings/")
    director.press("Store as they are now")
    director.confirm("Publish")
    director.sees("Published")
    look(director, "/standings/delegates")
    director.press("Publish them", exact=True)
    director.sees("The best delegates are published.")
    captain.follow(captains_link(story.app, "Ministry 01"))
    look(captain, "/report")
    anybody.go(f"{BASE}/")
    expect(anybody.page.get_by_role("heading", level=1)).to_have_text(NAME)
    for path in ("/", "/standings/published", "/standings/delegates/published", "/draw/3", "/tree"):
        look(anybody, path)
        expect(anybody.page.get_by_text(re.compile(r"severity", re.IGNORECASE))).to_have_count(0)

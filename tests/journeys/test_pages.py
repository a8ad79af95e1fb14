"""What holds on every main page, for everybody: both languages, no barrier, no sideways scrolling, little to load."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.visitor import PHONE, WIDE, Visitor, settle

pytestmark = pytest.mark.journey
Visit = Callable[..., Visitor]

AXE = next((Path(__file__).parent / "vendor").glob("axe-core-*/axe.min.js"))
FIRST_VISIT, LATER_VISIT = 150_000, 30_000
"""Bytes over the wire, headers included, that a page may need without and with what the browser keeps."""

FIXED, ROTATING = "/e/shanghai-2025", "/e/delta-open"
PAGES = {
    "": [
        "/",
        "/sign-in",
        "/account/new",
        f"{FIXED}/",
        f"{FIXED}/draw/4",
        f"{FIXED}/draw/4/how",
        f"{FIXED}/draw/4/screen",
        f"{FIXED}/standings/published",
        f"{FIXED}/programme",
        f"{FIXED}/draw/4/clock",
    ],
    "director": [
        "/",
        "/editions/",
        f"{FIXED}/overview",
        *(
            f"{FIXED}/setup/{page}"
            for page in ("settings", "rules", "rooms", "notice", "registration", "organisers")
        ),
        *(f"{FIXED}/setup/registration/{page}" for page in ("questions", "questions/new", "rules")),
        f"{FIXED}/rubric/",
        f"{FIXED}/timetable",
        f"{FIXED}/timetable/new",
        *(
            f"{FIXED}/people/{page}"
            for page in (
                "teams",
                "teams/new",
                "delegates",
                "judges",
                "judges/new",
                "institutions",
                "links",
                "panels",
                "judges/owed",
            )
        ),
        f"{ROTATING}/rounds/",
        f"{ROTATING}/rounds/3/",
        f"{FIXED}/rounds/4/",
        f"{FIXED}/rounds/4/go",
        f"{ROTATING}/rounds/2/report",
        f"{FIXED}/rounds/4/clock",
        f"{FIXED}/rounds/4/sessions",
        f"{FIXED}/check-in",
        f"{FIXED}/check-in/board",
        f"{FIXED}/printing",
        f"{FIXED}/sheets/4/",
        f"{FIXED}/standings/",
        f"{FIXED}/standings/delegates",
        f"{FIXED}/files/",
        f"{FIXED}/log",
        "/e/campus-2025/people/applicants",
        "/e/campus-2025/people/applicants/call",
        "/e/campus-2025/people/applicants/reviewers",
        "/e/campus-2025/people/formation",
        "/e/campus-2025/people/lists",
        "/e/campus-2025/review",
        "/account",
    ],
    "operator": [
        "/operator/",
        "/operator/outbox",
        "/operator/talent-pool/",
        "/editions/new",
        "/editions/import",
        "/employers/review",
    ],
    "captain": [
        "/",
        f"{FIXED}/me",
        f"{FIXED}/agenda",
        f"{FIXED}/team",
        "/pool/",
        "/pool/join",
        "/employers/apply",
    ],
    "employer": [
        "/",
        "/employers/search",
        "/employers/search?q=law",
        *(f"/employers/{page}" for page in ("searches", "lists", "opportunities", "requests", "members")),
    ],
    "delegate": [
        "/",
        "/e/campus-2025/apply",
        f"{FIXED}/me",
        f"{FIXED}/check-in/me",
        f"{FIXED}/me/details",
    ],
    "judge": ["/", f"{FIXED}/me", f"{FIXED}/clock/4", f"{FIXED}/judge/"],
}


@pytest.mark.parametrize("who", PAGES, ids=lambda who: who or "anybody")
def test_main_pages_are_open_to_all_in_both_languages_and_light(visit: Visit, who: str) -> None:
    wide, phone = visit(), visit(phone=True)
    faults: list[str] = []
    for visitor in (wide, phone):
        with _weight(visitor) as first:
            visitor.go("/sign-in")
            visitor.page.wait_for_load_state("networkidle")
        faults += [f"a first visit needs {first[0]} bytes"] if first[0] > FIRST_VISIT else []
        if who:
            visitor.sign_in(who)
    for path in PAGES[who]:
        with _weight(wide) as later:
            faults += _look(wide, path, "wide")
        faults += [f"{path} needs {later[0]} bytes"] if later[0] > LATER_VISIT else []
        faults += _look(phone, path, "phone")
        faults += _sideways(phone.page, path)
        faults += _switch_languages(phone, path)
    assert faults == []


def test_the_pages_of_one_table_are_open_to_all(visit: Visit) -> None:
    faults: list[str] = []
    for options in ({}, {"phone": True}, {"phone": True, "color_scheme": "dark"}):
        judge, director = visit(**options), visit(**options)
        judge.sign_in("judge")
        judge.go(f"{FIXED}/judge/")
        judge.click(judge.page.get_by_role("link", name=re.compile("scoresheet|sheet")).first)
        judge.sees("Review")
        faults += [*barriers(judge.page, "a scoresheet"), *_sideways(judge.page, "a scoresheet")]
        judge.press_through("Review")
        judge.sees("Not complete yet")
        faults += [
            *barriers(judge.page, "a refused scoresheet"),
            *_sideways(judge.page, "a refused scoresheet"),
        ]
        director.sign_in("director")
        for page in (f"{FIXED}/sheets/1/", f"{FIXED}/rounds/4/"):
            director.go(page)
            director.click(director.page.get_by_role("link", name="T01", exact=True))
            director.sees_heading("Table T01")
            faults += [
                *barriers(director.page, f"a table of {page}"),
                *_sideways(director.page, f"a table of {page}"),
            ]
    assert faults == []


@pytest.mark.parametrize("options", [{}, {"phone": True, "color_scheme": "dark"}], ids=["wide", "phone"])
def test_what_is_asked_before_a_deed_is_open_to_all(visit: Visit, options: dict[str, Any]) -> None:
    """Every kind of panel that a button opens: to confirm, to give a reason, to accept many at once."""
    director = visit(**options)
    director.sign_in("director")
    table = f"{FIXED}/sheets/1/"
    faults: list[str] = []
    for path in (f"{FIXED}/rounds/4/clock", f"{FIXED}/people/teams", table):
        director.go(path)
        if path == table:
            director.click(director.page.get_by_role("link", name="T01", exact=True))
        director.page.locator("[popovertarget]:visible:not(.confirm-panel *)").first.click()
        panel = director.page.get_by_role("dialog")
        expect(panel).to_have_count(1)
        faults += [
            *barriers(director.page, f"asked on {path}"),
            *_sideways(director.page, f"asked on {path}"),
        ]
        director.press("Cancel")
        expect(panel).to_have_count(0)
    assert faults == []


def test_on_a_phone_the_tab_one_is_at_is_in_sight(visit: Visit) -> None:
    director = visit(phone=True)
    director.sign_in("director")
    for page, tab in (
        (f"{FIXED}/log", "Who did what"),
        (f"{FIXED}/people/teams", "Teams"),
        (f"{FIXED}/messages", "Messages"),
    ):
        director.go(page)
        expect(director.page.get_by_role("link", name=tab, exact=True).first).to_be_in_viewport(ratio=0.9)


def test_names_are_found_by_their_sound_and_deeds_by_whom_they_are_about(visit: Visit) -> None:
    director = visit()
    director.sign_in("director")
    director.go(f"{FIXED}/people/teams")
    director.page.locator("#teams-search").fill("yndx")
    expect(director.page.locator("#teams tbody tr:visible")).to_have_count(1)
    expect(director.page.locator("#teams tbody tr:visible")).to_contain_text("云南大学")
    director.go(f"{FIXED}/people/judges")
    director.page.locator("#judges-search").fill("linzimo")
    director.click(director.page.locator("#judges tbody tr:visible a"))
    director.press("Save")
    director.click(director.page.get_by_role("link", name="What was done here"))
    director.sees_heading("Who did what")
    expect(director.page.locator(".log > li").first).to_contain_text("Saved a judge")
    expect(director.page.locator(".log > li").first).to_contain_text("Fang Min")


def _look(visitor: Visitor, path: str, size: str) -> list[str]:
    """Open a page; what stands in people's way there."""
    answer = visitor.page.goto(visitor.house.url + path)
    assert answer is not None
    if answer.status != 200:
        return [f"{path} answers {answer.status}"]
    return barriers(visitor.page, f"{path} ({size})")


def barriers(page: Page, where: str) -> list[str]:
    """What axe finds, one line each."""
    settle(page)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = page.evaluate(
        "axe.run({resultTypes: ['violations']}).then(result => result.violations)"
    )
    return [
        f"{where}: {one['id']}: {node['target']}: {one['help']}" for one in found for node in one["nodes"][:3]
    ]


def flaws(page: Page, where: str) -> list[str]:
    """What axe finds, and whether the page scrolls sideways."""
    return [*barriers(page, where), *_sideways(page, where)]


def barriers_wide_and_narrow(page: Page, where: str) -> list[str]:
    """What axe finds, and what sticks out, on a desk and in the width of a phone."""
    found: list[str] = []
    for size, name in ((PHONE, "narrow"), (WIDE, "wide")):
        page.set_viewport_size(size["viewport"])  # type: ignore[arg-type]
        found += flaws(page, f"{where}, {name}")
    return found


def _sideways(page: Page, path: str) -> list[str]:
    width, room = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    return [f"{path} is {width} px wide on a screen of {room}"] if width > room else []


def _switch_languages(visitor: Visitor, path: str) -> list[str]:
    """Chinese and back again, from a page to the same page."""
    page, address = visitor.page, visitor.page.url
    visitor.press("中文")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.locator(".skip-link")).to_have_text(re.compile("[一-鿿]"))
    faults = [f"{path}: 中文 leads to {page.url}"] if page.url != address else []
    faults += _sideways(page, f"{path} in Chinese")
    visitor.press("English")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    return faults + ([f"{path}: English leads to {page.url}"] if page.url != address else [])


@contextmanager
def _weight(visitor: Visitor) -> Iterator[list[int]]:
    """Counts the bytes that come over the wire while the page loads."""
    wire = visitor.context.new_cdp_session(visitor.page)
    total = [0]

    def add(event: dict[str, Any]) -> None:
        total[0] += int(event["encodedDataLength"])

    wire.on("Network.loadingFinished", add)
    wire.send("Network.enable")
    yield total
    wire.detach()

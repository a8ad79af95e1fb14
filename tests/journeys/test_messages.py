"""Words that travel: four captains' phones settle a resolution, a mail goes out, a day is rehearsed."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.house import ROOT, House
from tests.journeys.test_pages import FIXED, ROTATING, barriers
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.journey
Visit = Callable[..., Visitor]
RESOLUTION = f"{FIXED}/resolution/4"
CAPTAINS = """
from datetime import timedelta
from app import create_app
from competition.editions.public import get_edition
from competition.rounds.public import get_round_facts, tables_of_draw
from core.access import CapacityKind
from core.db import unit_of_work, utc_now
from core.links import address_of, create_link
app = create_app()
with app.app_context(), unit_of_work():
    edition = get_edition("shanghai-2025")
    table = tables_of_draw(get_round_facts(edition.id, 4).draw_id)[0]
    for team in table.team_ids:
        link = create_link(
            purpose=CapacityKind.CAPTAIN, edition_id=edition.id, subject_id=team,
            expires_at=utc_now() + timedelta(days=1),
        )
        print("LINK", address_of(link).split("/l/")[1])
"""


def captains_links(house: House) -> list[str]:
    """A private link for the captain of each team at the first table of the semi-final."""
    code = CAPTAINS
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=house._environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    return re.findall(r"LINK (\S+)", done.stdout)


def test_four_phones_settle_a_resolution_and_the_judge_reads_it(house: House, visit: Visit) -> None:
    links = captains_links(house)
    phones = [visit(phone=True) for _link in links]
    for phone, link in zip(phones, links, strict=True):
        phone.follow(f"/l/{link}")
        phone.go(RESOLUTION)
    writer = phones[0]
    writer.page.get_by_role("link", name="Write the resolution").click()
    assert barriers(writer.page, "writing a resolution") == []
    groups = writer.page.locator("fieldset")
    count = groups.count()
    for place in range(count):
        groups.nth(place).get_by_label("Agreed", exact=True).check()
    groups.nth(0).get_by_label("Terms").fill("Eighteen metres, built in two stages.")
    writer.press("Save and confirm")
    writer.sees("Your team has confirmed this text.")
    objecting = phones[3]
    objecting.go(RESOLUTION)
    objecting.page.get_by_text("This is not what we agreed").click()
    objecting.fill("What is not right?", "It was sixteen metres.")
    objecting.press("Say so")
    director = visit()
    director.sign_in("director")
    director.go(f"{FIXED}/rounds/4/resolutions")
    director.sees("The seats do not say the same")
    assert barriers(director.page, "resolutions of a round") == []
    for phone in phones[1:]:
        phone.go(RESOLUTION)
        assert barriers(phone.page, "a resolution") == []
        phone.press("Confirm for my team")
        phone.sees("Your team has confirmed this text.")
    director.reload()
    director.sees("Complete")
    judge = visit(phone=True)
    judge.sign_in("judge")
    judge.go(f"{FIXED}/judge/")
    judge.page.locator('main a[href*="/judge/"]').first.click()
    judge.page.get_by_role("link", name="Read the resolution").click()
    judge.sees("Eighteen metres, built in two stages.")
    assert barriers(judge.page, "a resolution as its judge reads it") == []


def test_an_organiser_writes_looks_and_sends_a_mail(house: House, visit: Visit) -> None:
    director = visit()
    director.sign_in("director")
    page = director.page
    director.go(f"{ROTATING}/messages")
    assert barriers(page, "messages") == []
    page.get_by_role("link", name="Write a mail").first.click()
    page.get_by_label("For", exact=True).select_option(label="Judges")
    page.locator("#subject").fill("Be there at eight")
    page.locator("#body").fill("Dear {name}, the judges of {edition} meet at eight.")
    assert barriers(page, "writing a mail") == []
    director.press("Go on to the preview")
    director.sees("Nothing has been sent yet.")
    assert barriers(page, "preview of a mail") == []
    known = len(house.mailbox.mails)
    director.press(re.compile(r"Send to \d+ addresses"))
    director.sees_heading("Be there at eight")
    body = house.mailbox.wait_for("@example.org", subject="Be there at eight", after=known)
    assert "the judges of Yangtze Delta Open meet at eight." in body
    director.reload()
    assert barriers(page, "status of a mail") == []
    stranger = visit(phone=True)
    found = re.search(r"https?://\S+/unsubscribe/\S+", body)
    assert found
    stranger.go("/unsubscribe/" + found.group().split("/unsubscribe/")[1])
    assert barriers(stranger.page, "unsubscribing") == []
    stranger.press("No more of these mails")
    stranger.sees("You get no more mails that are not needed")


def test_a_day_is_rehearsed_to_its_end(house: House, visit: Visit) -> None:
    director = visit()
    director.sign_in("director")
    page = director.page
    director.go(f"{ROTATING}/rehearsal")
    assert barriers(page, "rehearsals") == []
    director.press("Make a rehearsal")
    director.sees("This is a rehearsal.")
    house.wait_until_all_is_mailed()
    known = len(house.mailbox.mails)
    director.press("Play to the end")
    expect(
        page.get_by_text("See what happened").or_(page.get_by_text("Everything is played")).first
    ).to_be_visible(timeout=120_000)
    director.reload()
    director.sees("Everything is played")
    director.sees("Round 3 is confirmed.")
    assert barriers(page, "a rehearsal") == []
    house.wait_until_all_is_mailed()
    assert len(house.mailbox.mails) == known
    director.confirm("Delete")
    director.sees("The rehearsal was deleted.")

"""From an un-ticked consent to one employer's contact, and out again in one step."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect
from pyotp import TOTP

from tests.journeys.house import House
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.journey
Visit = Callable[..., Visitor]
PERSON, EMPLOYER = "yao@people.example.org", "erin@harbour.example.org"


def test_a_person_joins_is_found_is_asked_says_yes_and_leaves(visit: Visit, house: House) -> None:
    person, employer, operator = visit(phone=True), visit(), visit()
    person.create_account("Yao Lan", PERSON)
    _join(person)
    _write_card(person)
    employer.create_account("Erin Marsh", EMPLOYER)
    _apply(employer)
    operator.sign_in("operator")
    operator.go("/employers/review")
    operator.page.get_by_role("button", name="Approve Harbour Authority").click()
    operator.sees("Approved.")
    _set_up_second_step(employer)
    for words in ("港口", "mediat*"):
        _search(employer, words)
        expect(_found(employer)).to_be_visible()
    expect(employer.page.get_by_text("Yao Lan")).to_have_count(0)
    _found(employer).click()
    employer.fill("Your message", "We build a port and need a mediator from May.")
    employer.press("Send the request")
    employer.sees("Waits for an answer")
    expect(employer.page.get_by_text(PERSON)).to_have_count(0)
    assert "/pool" in house.mailbox.wait_for(PERSON, subject="An employer would like to contact you")
    person.go("/pool/")
    person.sees("We build a port and need a mediator from May.")
    person.press("Yes, share my contact Harbour Authority")
    employer.page.reload()
    expect(employer.page.get_by_role("link", name=PERSON)).to_be_visible()
    employer.sees("Yao Lan")
    person.go("/pool/")
    person.press("Leave now")
    person.sees("You have left the talent pool.")
    assert employer.page.reload().status == 404  # type: ignore[union-attr]
    _search(employer, "港口")
    employer.sees("Nobody is scored")
    expect(_found(employer)).to_have_count(0)
    employer.go("/employers/requests")
    expect(employer.page.get_by_text(PERSON)).to_have_count(0)


def _join(person: Visitor) -> None:
    person.go("/pool/")
    person.page.get_by_role("link", name="Read what joining means").click()
    consent = person.page.get_by_role("checkbox", name=re.compile("I want to be in the talent pool"))
    expect(consent).not_to_be_checked()
    person.press("Join the talent pool")
    person.sees("Tick this if you want to join.")
    consent.check()
    person.press("Join the talent pool")
    person.sees("You are in the talent pool.")


def _write_card(person: Visitor) -> None:
    person.fill("Headline", "Mediator for ports and railways")
    person.fill("About you", "擅长港口与铁路项目的多方谈判。")
    person.fill("Skills", "environmental law, mediation")
    person.page.get_by_role("checkbox", name="Chinese").first.check()
    person.press("Preview")
    person.sees("A preview. It is not saved yet.")
    person.press("Save and show to employers")
    person.sees("Saved. Employers see this card from now on.")


def _apply(employer: Visitor) -> None:
    employer.go("/employers/apply")
    employer.fill("Name of the organisation", "Harbour Authority")
    employer.page.get_by_role("radio").first.check()
    employer.fill("Website", "https://harbour.example.org")
    employer.fill("What you look for people for", "Mediators for port projects.")
    employer.press("Send the application")
    employer.sees("Waits for the operator")


def _set_up_second_step(employer: Visitor) -> None:
    """Whoever works with other people's data proves it is them, once more."""
    employer.go("/employers/search")
    employer.sees_heading("Set up the second step")
    secret = employer.page.locator(".mono").inner_text()
    employer.fill("The six digits that the app shows now", TOTP(secret.replace(" ", "")).now())
    employer.press("Turn on")
    employer.sees_heading("Your recovery codes")
    employer.page.get_by_role("link", name="I have kept them, continue").click()
    employer.sees_heading("Search the talent pool")


def _search(employer: Visitor, words: str) -> None:
    employer.go("/employers/search")
    employer.page.get_by_role("searchbox", name="Words on the card").fill(words)
    employer.page.get_by_role("search").get_by_role("button", name="Search").click()


def _found(employer: Visitor) -> Locator:
    return employer.page.get_by_role("link", name="Mediator for ports and railways")

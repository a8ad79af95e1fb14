"""Pages of applications over HTTP: who sees what, what a form keeps, what htmx is given."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from competition.applications import queries
from competition.applications.services import reviewing
from competition.editions.models import Edition
from core.access import SYSTEM
from core.db import utc_now
from tests.competition.applications.scene import applicant, open_call, scored
from tests.competition.applications.test_forming import accepted, formed
from tests.competition.rounds.conftest import Browser
from tests.factories import make_edition, make_organiser, make_person, make_user, sign_in

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
ANSWERS = {
    "name": "Rosa Lind",
    "discipline": "law",
    "year": "b1",
    "culture": "es",
    "experience": "some",
    "motivation": "To listen.",
    "has_read": "y",
}


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A browser in which nobody is signed in."""
    return Browser(app)


@pytest.fixture
def edition(app: Flask) -> Edition:
    """An edition where people apply alone."""
    return open_call(make_edition("campus", minimum_age=0))


def enter(browser: Browser, edition: Edition | None = None, capacity: str = "director") -> int:
    """Sign somebody in, as an organiser where an edition is given."""
    person = make_person("Fang Min")
    if edition is not None:
        make_organiser(edition, person, capacity)
    sign_in(browser, make_user("rosa@example.org", person=person))
    return person.id


def send(browser: Browser, path: str, page: str, **fields: object) -> TestResponse:
    token = TOKEN.search(browser.get(page).text)
    assert token is not None
    return browser.post(path, data={"csrf_token": token.group(1), "idempotency_key": "k" * 24, **fields})


def test_a_stranger_is_asked_for_an_address_of_their_own(browser: Browser, edition: Edition) -> None:
    page = browser.get("/e/campus/apply")
    assert (page.status_code, "Create an account" in page.text, "Your motivation" in page.text) == (
        200,
        True,
        False,
    )


@pytest.mark.parametrize("is_on", [True, False])
def test_an_edition_without_a_call_has_no_such_page(browser: Browser, app: Flask, is_on: bool) -> None:
    edition = make_edition("other")
    if not is_on:
        open_call(edition, is_on=False)
    assert browser.get("/e/other/apply").status_code == 404


def test_somebody_applies_once_however_often_they_press(browser: Browser, edition: Edition) -> None:
    enter(browser)
    for _twice in range(2):
        answer = send(browser, "/e/campus/apply", "/e/campus/apply", **ANSWERS)
        assert answer.status_code == 303
    (row,) = queries.applications_of(edition.id)
    assert (row.name, row.contact, row.version) == ("Rosa Lind", "rosa@example.org", 1)
    assert "Waits for an answer" in browser.get("/e/campus/apply").text


def test_what_was_typed_stays_when_something_is_missing(browser: Browser, edition: Edition) -> None:
    enter(browser)
    fields = {**ANSWERS, "discipline": "alchemy", "wishes_together": "not an address"}
    answer = send(browser, "/e/campus/apply", "/e/campus/apply", **fields)
    assert (answer.status_code, "To listen." in answer.text) == (422, True)
    assert "“not an address”" not in answer.text
    assert "is no e-mail address" in answer.text
    assert list(queries.applications_of(edition.id)) == []


def test_the_deadline_that_passes_while_somebody_types_keeps_their_text(
    browser: Browser, edition: Edition
) -> None:
    enter(browser)
    token = TOKEN.search(browser.get("/e/campus/apply").text)
    call = queries.find_call(edition.id)
    assert call is not None
    assert token is not None
    call.closes_at = utc_now() - timedelta(seconds=1)
    answer = browser.post(
        "/e/campus/apply", data={"csrf_token": token.group(1), "idempotency_key": "k" * 24, **ANSWERS}
    )
    assert (answer.status_code, "closed" in answer.text) == (409, True)
    assert list(queries.applications_of(edition.id)) == []


def test_an_organiser_who_reviews_sees_no_scores_before_they_are_done(
    browser: Browser, edition: Edition
) -> None:
    rows = scored(edition, 5, 3)
    person_id = enter(browser, edition)
    assert "100.0" in browser.get("/e/campus/people/applicants").text
    own = reviewing.add_reviewer(
        actor=SYSTEM,
        edition=edition,
        name="Fang Min",
        contact="rosa@example.org",
        institution="",
        person_id=person_id,
    )
    hidden = browser.get("/e/campus/people/applicants").text
    one = browser.get(f"/e/campus/people/applicants/{rows[0].public_id}").text
    assert ("100.0" in hidden, "You are still reviewing" in hidden, "Rae" in one) == (False, True, False)
    reviewing.finish(actor=SYSTEM, edition=edition, reviewer=own)
    assert "100.0" in browser.get("/e/campus/people/applicants").text


def test_the_end_of_the_call_is_shown_and_kept_in_the_editions_time(browser: Browser, app: Flask) -> None:
    edition = open_call(make_edition("campus", timezone="Asia/Shanghai", minimum_age=0))
    enter(browser, edition)
    fields = {"version": "1", "is_on": "y", "closes_at": "2030-05-01T18:00", "places": "9", "reserves": "2"}
    page = "/e/campus/people/applicants/call"
    assert send(browser, page, page, **fields).status_code == 303
    assert "2030-05-01T18:00" in browser.get(page).text


def test_a_change_by_hand_is_shown_in_part_to_htmx_and_as_a_page_otherwise(
    browser: Browser, edition: Edition
) -> None:
    _edition, rows = accepted(6, edition)
    plan = formed(edition)
    other = next(one for one, team in plan.placement.items() if team != plan.placement[rows[0].public_id])
    enter(browser, edition)
    query = f"/e/campus/people/formation/change?who={rows[0].public_id}&to=person:{other}"
    page = browser.get(query).text
    assert ("Save this change" in page, "<html" in page) == (True, True)
    part = browser.client.get(query, headers={"HX-Request": "true"}).text
    assert ("Save this change" in part, "<html" in part) == (True, False)


def test_the_list_is_exported_as_a_file_for_people_by_a_director(browser: Browser, edition: Edition) -> None:
    applicant(edition, 1, name="=cmd()")
    enter(browser, edition)
    page = "/e/campus/people/applicants"
    answer = send(browser, f"{page}/export", page)
    assert (answer.status_code, "'=cmd()" in answer.text, "p1@example.org" in answer.text) == (
        200,
        True,
        True,
    )


def test_answers_that_were_refused_are_still_chosen_and_the_words_still_written(
    browser: Browser, edition: Edition
) -> None:
    row = applicant(edition, 1)
    enter(browser, edition)
    answer = send(
        browser,
        "/e/campus/people/applicants/answers",
        "/e/campus/people/applicants",
        **{f"outcome:{row.public_id}:{row.version}": "declined", "reason-accepted": "Welcome."},
    )
    assert answer.status_code == 422
    form = answer.text[answer.text.index('id="ranking"') :]
    assert re.findall(r'<option value="([^"]*)" selected', form) == ["declined"]
    assert 'value="Welcome."' in answer.text


def test_where_teams_are_formed_the_tab_of_the_applicants_is_marked(
    browser: Browser, edition: Edition
) -> None:
    enter(browser, edition)
    page = browser.get("/e/campus/people/formation").text
    current = re.findall(r'aria-current="page"[^>]*>\s*([^<]+?)\s*<', page)
    assert current.count("Applicants") == 1

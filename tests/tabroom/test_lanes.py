"""An edition from left to right, and what is going on and coming on everybody's home."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from competition.applications.queries import find_call
from competition.day.services.timetable import publish_timetable, save_item
from competition.editions.models import Edition
from competition.rounds.models import Draw
from competition.rounds.public import round_facts
from core.access import SYSTEM
from core.db import db, utc_now
from judging.public import sheet_progress
from tabroom.checklist import checklist
from tabroom.lanes import Lane, lanes_of
from tabroom.round_lights import round_lights
from tests.competition.applications.scene import applicant, open_call
from tests.factories import (
    NOW,
    add,
    make_delegate,
    make_edition,
    make_organiser,
    make_person,
    make_round,
    make_team,
    make_user,
    sign_in,
)


def lanes(app: Flask, edition: Edition) -> list[Lane]:
    with app.test_request_context():
        return lanes_of(
            edition, checklist(edition), round_facts(edition.id), sheet_progress(edition.id), utc_now()
        )


def test_a_new_edition_begins_at_the_left(app: Flask) -> None:
    found = lanes(app, make_edition())
    assert [lane.key for lane in found] == ["set_up", "people", "rounds", "results", "after"]
    assert [lane.state for lane in found] == ["missing", "missing", "missing", "blocked", "blocked"]
    assert [lane.done for lane in found] == [0, 0, 0, 0, 0]


def test_only_the_first_unfinished_round_asks_for_something(app: Flask) -> None:
    edition = make_edition()
    make_round(edition, 1, results_state="published")
    second = make_round(edition, 2)
    make_round(edition, 3)
    add(Draw(round_id=second.id, version=1, state="draft", created_at=NOW))
    rounds = lanes(app, edition)[2]
    assert [(step.state, step.detail) for step in rounds.steps] == [
        ("done", "Results published"),
        ("missing", "The draw is a draft."),
        ("todo", "Not its turn yet."),
    ]


def test_results_have_their_turn_once_there_are_some(app: Flask) -> None:
    edition = make_edition()
    make_round(edition, 1, results_state="confirmed")
    results, after = lanes(app, edition)[3:]
    assert [(step.key, step.state) for step in results.steps] == [("standings", "todo"), ("awards", "todo")]
    assert [(step.key, step.state) for step in after.steps] == [("certificates", "todo"), ("files", "todo")]


def test_check_in_is_a_step_on_the_days_of_the_event_only(app: Flask) -> None:
    today = utc_now().date()
    now, later = (make_edition(starts_on=today + timedelta(days=days)) for days in (0, 9))
    for edition in (now, later):
        make_team(edition)
    assert [
        "check_in" in [step.key for step in lanes(app, edition)[1].steps] for edition in (now, later)
    ] == [
        True,
        False,
    ]


@pytest.fixture
def day(app: Flask) -> Edition:
    edition, now = make_edition("spring", name="Spring Cup"), utc_now()
    for title, hours, audience in (("Opening", 0, "all"), ("Lunch", 3, "all"), ("Crew", 1, "organisers")):
        start = now + timedelta(hours=hours, minutes=-5)
        values = {
            **dict.fromkeys(("title_zh", "site", "place", "link", "backup_link"), ""),
            "title": title,
            "starts_at": start,
            "ends_at": start + timedelta(hours=1),
            "room_id": None,
            "division_id": None,
            "audience": audience,
        }
        save_item(actor=SYSTEM, edition=edition, item=None, version=0, values=values, now=now)
    publish_timetable(actor=SYSTEM, edition=edition, version=0, is_published=True, now=now)
    return edition


@pytest.mark.parametrize(("who", "sees_crew"), [("delegate", False), ("tab", True)])
def test_a_home_says_what_is_going_on_and_what_is_coming(
    day: Edition, client: FlaskClient, who: str, sees_crew: bool
) -> None:
    user, person = make_user(), make_person()
    user.person_id = person.id
    if who == "tab":
        make_organiser(day, person, "tab")
    else:
        make_delegate(make_team(day), confirmed_at=NOW).person_id = person.id
    db.session.flush()
    sign_in(client, user)
    page = client.get("/").text
    now, coming = page.split('id="home-now"')[1].split('id="home-coming"')
    assert ("Opening" in now, "Lunch" in now) == (True, False)
    assert ("Lunch" in coming, "Opening" in coming, "Crew" in coming) == (True, False, sees_crew)


@pytest.mark.parametrize(
    ("is_open", "count", "expected"),
    [
        (True, 0, ("todo", "People can apply.", 0)),
        (True, 2, ("todo", "people who wait for your answer: 2", 2)),
        (False, 2, ("missing", "people who wait for your answer: 2", 2)),
        (False, 0, ("done", "Everybody has an answer.", 0)),
    ],
)
def test_applicants_are_a_step_that_is_due_once_nobody_can_apply_any_more(
    app: Flask, is_open: bool, count: int, expected: tuple[str, str, int]
) -> None:
    edition = open_call()
    for number in range(count):
        applicant(edition, number)
    if not is_open:
        call = find_call(edition.id)
        assert call is not None
        call.closes_at = utc_now() - timedelta(hours=1)
    step = next(step for step in lanes(app, edition)[1].steps if step.key == "applicants")
    assert (step.state, step.detail, step.waiting) == expected
    assert step.url == f"/e/{edition.slug}/people/applicants"


def test_an_edition_without_a_call_has_no_step_for_applicants(app: Flask) -> None:
    assert "applicants" not in [step.key for step in lanes(app, make_edition())[1].steps]


def test_a_team_that_was_asked_for_changes_does_not_wait_for_the_organisers(app: Flask) -> None:
    edition = make_edition()
    make_team(edition, "Waits", status="applied")
    make_team(edition, "Asked", status="applied", asked_at=NOW)
    step = next(step for step in lanes(app, edition)[1].steps if step.key == "teams")
    assert (step.waiting, step.detail) == (1, "Taking part: 0 · waiting for your answer: 1")
    assert step.url == f"/e/{edition.slug}/people/teams#applied"


def test_home_and_overview_tell_of_everybody_who_waits_though_something_else_comes_first(
    app: Flask, client: FlaskClient
) -> None:
    edition = open_call(make_edition("spring", minimum_age=0))
    applicant(edition, 1)
    make_team(edition, "Waits", status="applied")
    user, person = make_user(), make_person()
    user.person_id = person.id
    make_organiser(edition, person)
    sign_in(client, user)
    for path in ("/", "/e/spring/overview"):
        page = client.get(path).text
        assert "Applicants: people who wait for your answer: 1" in page
        assert "Teams: Taking part: 0 · waiting for your answer: 1" in page


@pytest.mark.parametrize(("draw_state", "keys"), [("draft", ["team_answers", "answers"]), ("released", [])])
def test_the_lights_of_a_round_tell_of_applications_until_its_draw_is_out(
    app: Flask, draw_state: str, keys: list[str]
) -> None:
    edition = open_call()
    applicant(edition, 1)
    make_team(edition, "Waits", status="applied")
    round_ = make_round(edition, 1)
    add(Draw(round_id=round_.id, version=1, state=draw_state, created_at=NOW))
    facts = round_facts(edition.id)[0]
    with app.test_request_context():
        lights = round_lights(edition, facts, [], utc_now()).lights
    found = [light for light in lights if light.key.endswith("answers")]
    assert [light.key for light in found] == keys
    assert [line.text for light in found for line in light.lines] == ["Waits"] * bool(keys)

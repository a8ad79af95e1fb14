"""The organisers' list of applicants: searched, filtered, sorted, page by page, and blind for who still reviews."""

from __future__ import annotations

import pytest
from flask import Flask

from competition.applications import queries
from competition.applications.listing import ApplicantFilter, narrowed
from competition.applications.models import Reviewer
from competition.applications.views import organising
from competition.editions.models import Edition
from tests.competition.applications.scene import applicant, open_call, scored
from tests.competition.applications.test_pages import enter
from tests.competition.rounds.conftest import Browser
from tests.factories import NOW, add, make_edition


@pytest.fixture
def edition(app: Flask) -> Edition:
    """Three scored, one not, of whom one is declined."""
    edition = open_call(make_edition("campus", minimum_age=0))
    rows = scored(edition, 2, 5, 4)
    rows[2].state = "declined"
    applicant(edition, 3, name="王小明", discipline="media")
    return edition


@pytest.mark.parametrize(
    ("address", "is_blind", "names"),
    [
        ({}, False, ["Person 01", "Person 02", "Person 00", "王小明"]),
        ({}, True, ["Person 00", "Person 01", "Person 02", "王小明"]),
        ({"sort": "name"}, False, ["Person 00", "Person 01", "Person 02", "王小明"]),
        ({"sort": "last"}, False, ["王小明", "Person 02", "Person 01", "Person 00"]),
        ({"q": "wang"}, False, ["王小明"]),
        ({"q": "p2@example"}, False, ["Person 02"]),
        ({"state": "declined"}, False, ["Person 02"]),
        ({"state": "unscored"}, False, ["王小明"]),
        ({"discipline": "media"}, False, ["王小明"]),
        ({"discipline": "magic"}, False, ["Person 01", "Person 02", "Person 00", "王小明"]),
    ],
)
def test_applicants_are_searched_filtered_and_sorted(
    edition: Edition, address: dict[str, str], is_blind: bool, names: list[str]
) -> None:
    rows = {row.id: row for row in queries.applications_of(edition.id)}
    lines = [(line, rows[line.key]) for line in queries.ranking(edition.id)]
    found = narrowed(lines, ApplicantFilter.of(address), is_blind=is_blind)
    assert [row.name for _line, row in found] == names


def test_a_long_list_comes_page_by_page_and_says_whom_the_answers_reach(
    app: Flask, edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(organising, "PER_PAGE", 3)
    browser = Browser(app)
    enter(browser, edition)
    first, second = (browser.get(f"/e/campus/people/applicants?page={page}").text for page in (1, 2))
    assert ("Person 01" in first, "王小明" in first) == (True, False)
    assert ("Person 01" in second, "王小明" in second) == (False, True)
    assert "Only those who are shown now get an answer." in first


def test_who_still_reviews_does_not_read_the_order_of_the_scores(app: Flask, edition: Edition) -> None:
    browser = Browser(app)
    person = enter(browser, edition)
    add(Reviewer(edition_id=edition.id, person_id=person, name="Fang Min", contact="f@", created_at=NOW))
    page = browser.get("/e/campus/people/applicants").text
    places = [page.index(name) for name in ("Person 00", "Person 01", "Person 02")]
    assert places == sorted(places)

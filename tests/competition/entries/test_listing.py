"""The organisers' lists of judges and institutions: searched, filtered and sorted by their address."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from competition.editions.models import Edition
from competition.entries.listing import (
    InstitutionFilter,
    JudgeFilter,
    institution_lines,
    judge_lines,
    languages_of_judges,
)
from core.spreadsheets import read_workbook
from tests.factories import (
    NOW,
    make_edition,
    make_institution,
    make_judge,
    make_organiser,
    make_person,
    make_team,
    make_user,
    sign_in,
)

HIDDEN = re.compile(r'name="(csrf_token|idempotency_key|version)"[^>]*value="([^"]+)"')


@pytest.fixture
def edition(app: Flask) -> Edition:
    """Three judges and three institutions."""
    edition = make_edition("spring")
    fudan = make_institution(edition, "Fudan", name="Fudan University", name_local="复旦大学", country="CN")
    oslo = make_institution(edition, "Oslo", name="University of Oslo", country="NO", is_checked=False)
    make_institution(edition, "Accra", name="Ashesi", country="GH")
    for name in ("A", "B"):
        make_team(edition, name, institution_id=fudan.id)
    make_team(edition, "C", institution_id=oslo.id)
    make_judge(
        edition, "", name_local="王小明", institution_id=fudan.id, rating=Decimal(5), languages="zh-Hans",
        contact="w@example.org", accepted_at=NOW,
    )  # fmt: skip
    make_judge(edition, "Ada Stone", rating=Decimal(9), languages="en;zh", expertise="maritime law")
    make_judge(edition, "Bo Chen", institution_id=oslo.id, contact="bo@example.org")
    return edition


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ({}, ["王小明", "Ada Stone", "Bo Chen"]),
        ({"q": "wang"}, ["王小明"]),
        ({"q": "fudan"}, ["王小明"]),
        ({"q": "复旦"}, ["王小明"]),
        ({"q": "maritime"}, ["Ada Stone"]),
        ({"q": "chinese"}, ["王小明", "Ada Stone"]),
        ({"q": "nobody"}, []),
        ({"state": "accepted"}, ["王小明"]),
        ({"state": "open"}, ["Ada Stone", "Bo Chen"]),
        ({"state": "no_address"}, ["Ada Stone"]),
        ({"state": "no_languages"}, ["Bo Chen"]),
        ({"state": "rubbish"}, ["王小明", "Ada Stone", "Bo Chen"]),
        ({"language": "zh"}, ["王小明", "Ada Stone"]),
        ({"language": "en", "q": "stone"}, ["Ada Stone"]),
        ({"sort": "name"}, ["Ada Stone", "Bo Chen", "王小明"]),
        ({"sort": "rating"}, ["Ada Stone", "王小明", "Bo Chen"]),
        ({"sort": "institution"}, ["Ada Stone", "王小明", "Bo Chen"]),
        ({"sort": "status"}, ["Ada Stone", "Bo Chen", "王小明"]),
    ],
)
def test_judges_are_searched_filtered_and_sorted(
    edition: Edition, app: Flask, address: dict[str, str], names: list[str]
) -> None:
    with app.test_request_context():
        assert [line.name for line in judge_lines(edition.id, JudgeFilter.of(address))] == names


def test_the_languages_to_choose_from_are_those_that_somebody_speaks(edition: Edition) -> None:
    assert languages_of_judges(edition.id) == ["en", "zh"]


@pytest.mark.parametrize(
    ("address", "codes"),
    [
        ({}, ["Oslo", "Accra", "Fudan"]),
        ({"q": "fudandaxue"}, ["Fudan"]),
        ({"q": "oslo univ"}, ["Oslo"]),
        ({"state": "typed"}, ["Oslo"]),
        ({"state": "no_team"}, ["Accra"]),
        ({"country": "CN"}, ["Fudan"]),
        ({"sort": "name"}, ["Accra", "Fudan", "Oslo"]),
        ({"sort": "country"}, ["Fudan", "Accra", "Oslo"]),
        ({"sort": "teams"}, ["Fudan", "Oslo", "Accra"]),
        ({"sort": "judges"}, ["Fudan", "Oslo", "Accra"]),
    ],
)
def test_institutions_are_searched_filtered_and_sorted(
    edition: Edition, address: dict[str, str], codes: list[str]
) -> None:
    found = institution_lines(edition.id, InstitutionFilter.of(address))
    assert [line.institution.code for line in found] == codes


@pytest.fixture
def organiser(edition: Edition, client: FlaskClient) -> FlaskClient:
    """A director's browser."""
    person = make_person()
    make_organiser(edition, person)
    sign_in(client, make_user(person=person))
    return client


def post(client: FlaskClient, path: str, page: str, **values: str) -> TestResponse:
    """Send a form with the tokens of a page."""
    hidden = dict(HIDDEN.findall(client.get(page).text))
    return client.post(path, data={**hidden, **values})


def test_both_lists_work_by_their_address_alone(organiser: FlaskClient) -> None:
    page = organiser.get("/e/spring/people/judges?q=stone&sort=name").text
    assert ("Ada Stone" in page, "Bo Chen" in page, 'value="stone"' in page) == (True, False, True)
    assert "/e/spring/people/judges?q=stone&amp;sort=rating" in page
    assert "English and Chinese" in page
    page = organiser.get("/e/spring/people/institutions?country=NO").text
    assert ("University of Oslo" in page, "Fudan University" in page, "Norway" in page) == (True, False, True)
    for path in ("judges?q=nobody", "institutions?q=nothing"):
        assert "Show all" in organiser.get(f"/e/spring/people/{path}").text


def test_a_judges_page_shows_languages_by_name_and_keeps_their_codes(
    edition: Edition, organiser: FlaskClient
) -> None:
    line = next(one for one in judge_lines(edition.id, JudgeFilter()) if one.name == "Ada Stone")
    path = f"/e/spring/people/judges/{line.judge.public_id}"
    assert 'value="English, Chinese"' in organiser.get(path).text
    answer = post(
        organiser, path, path, version="1", name="Ada Stone", languages="French, 简体中文", rating="9"
    )
    assert answer.status_code == 303
    assert 'value="French, Simplified Chinese"' in organiser.get(path).text


def test_what_is_taken_away_holds_words_and_no_codes(organiser: FlaskClient) -> None:
    page = "/e/spring/people/judges"
    (judges,) = read_workbook(post(organiser, "/e/spring/people/export/judges", page).data)
    assert judges.rows[2][6] == "English and Chinese"
    (homes,) = read_workbook(post(organiser, "/e/spring/people/export/institutions", page).data)
    assert [row[3:] for row in homes.rows[1:]] == [["Norway", 1, 1], ["Ghana", 0, 0], ["China", 2, 1]]
    (teams,) = read_workbook(post(organiser, "/e/spring/people/export/teams", page).data)
    assert teams.rows[1][3:5] == ["China", "Registered"]

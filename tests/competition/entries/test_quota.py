"""How many judges institutions owe, and who is short."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from competition.entries.quota import Quota, find_quota, quota_lines, shortfall
from competition.entries.services.quota import set_quota
from core.access import SYSTEM
from core.errors import Invalid, Stale
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


@pytest.mark.parametrize(
    ("judges", "per_teams", "free_teams", "owed"),
    [
        (1, 1, 0, [0, 1, 2, 3, 4]),
        (1, 1, 1, [0, 0, 1, 2, 3]),
        (1, 2, 0, [0, 0, 1, 1, 2]),
        (2, 3, 1, [0, 0, 0, 0, 2]),
    ],
    ids=["one a team", "all but one", "one for two", "two for three beyond one"],
)
def test_what_is_owed_for_no_to_four_teams(
    judges: int, per_teams: int, free_teams: int, owed: list[int]
) -> None:
    quota = Quota(judges=judges, per_teams=per_teams, free_teams=free_teams, version=1)
    assert [quota.owed_for(teams) for teams in range(5)] == owed


def test_institutions_are_compared_with_what_they_owe_the_shortest_first(app: Flask) -> None:
    edition = make_edition()
    rich, poor, none = (make_institution(edition, code) for code in ("Rich", "Poor", "None"))
    for home, teams in ((rich, 1), (poor, 3)):
        for _number in range(teams):
            make_team(edition, institution_id=home.id)
    make_team(edition, institution_id=poor.id, status="withdrawn")
    make_judge(edition, institution_id=rich.id, accepted_at=NOW), make_judge(edition, institution_id=rich.id)
    make_judge(edition, institution_id=poor.id)
    make_judge(edition)
    quota = Quota(judges=1, per_teams=1, free_teams=0, version=1)
    lines = quota_lines(edition.id, quota)
    assert [(line.name, line.teams, line.owed, line.judges, line.accepted, line.short) for line in lines] == [
        ("Poor", 3, 3, 1, 0, 2),
        ("Rich", 1, 1, 2, 1, 0),
    ]
    assert shortfall(lines) == (1, 2)
    assert none.name == ""


def test_the_rule_is_set_changed_and_ended(app: Flask) -> None:
    edition = make_edition()
    values = {"actor": SYSTEM, "edition": edition, "per_teams": 2, "free_teams": 0}
    set_quota(**values, judges=1, version=0)
    assert find_quota(edition.id) == Quota(judges=1, per_teams=2, free_teams=0, version=1)
    with pytest.raises(Stale):
        set_quota(**values, judges=2, version=0)
    set_quota(**values, judges=2, version=1)
    set_quota(**values, judges=0, version=2)
    assert find_quota(edition.id) is None


@pytest.mark.parametrize(
    "wrong", [{"judges": -1}, {"judges": 100}, {"per_teams": 0}, {"free_teams": -1}], ids=str
)
def test_numbers_out_of_range_are_refused(app: Flask, wrong: dict[str, int]) -> None:
    values = {"judges": 1, "per_teams": 1, "free_teams": 0, **wrong}
    with pytest.raises(Invalid):
        set_quota(actor=SYSTEM, edition=make_edition(), version=0, **values)


def test_an_organiser_sets_the_rule_and_sees_who_is_short(app: Flask, client: FlaskClient) -> None:
    edition = make_edition("open")
    make_team(edition, institution_id=make_institution(edition, "North").id)
    person = make_person()
    make_organiser(edition, person)
    sign_in(client, make_user(person=person))
    app.config["WTF_CSRF_ENABLED"] = False
    sent = {"judges": "1", "per_teams": "1", "free_teams": "0", "version": "0", "idempotency_key": "k" * 24}
    assert client.post("/e/open/people/judges/owed", data={**sent, "judges": "x"}).status_code == 422
    assert (
        client.post("/e/open/people/judges/owed", data={**sent, "idempotency_key": "l" * 24}).status_code
        == 303
    )
    page = client.get("/e/open/people/judges/owed").get_data(as_text=True)
    assert "North" in page
    assert "Institutions that are short" in page
    assert "judges missing: 1" in client.get("/e/open/people/judges").get_data(as_text=True)


def test_who_is_short_is_found_filtered_and_ordered_by_address_alone(app: Flask, client: FlaskClient) -> None:
    edition = make_edition("open")
    for number in range(9):
        home = make_institution(edition, f"University {number}", name_local="北京大学" if number == 4 else "")
        for _team in range(number % 3):
            make_team(edition, institution_id=home.id)
        make_judge(edition, institution_id=home.id)
    set_quota(actor=SYSTEM, edition=edition, judges=1, per_teams=1, free_teams=0, version=0)
    person = make_person()
    make_organiser(edition, person)
    sign_in(client, make_user(person=person))
    table = {
        "": [2, 5, 8, 0, 1, 3, 4, 6, 7],
        "state=short": [2, 5, 8],
        "state=enough&sort=name": [0, 1, 3, 4, 6, 7],
        "sort=teams": [2, 5, 8, 1, 4, 7, 0, 3, 6],
        "q=beijing": [4],
        "q=bjdx": [4],
        "q=nowhere": [],
        "state=odd&sort=odd": [2, 5, 8, 0, 1, 3, 4, 6, 7],
    }
    found = {
        query: [
            int(each)
            for each in re.findall(
                r">\s*<bdi class=\"person-name\">University (\d)",
                client.get(f"/e/open/people/judges/owed?{query}").text,
            )
        ]
        for query in table
    }
    assert found == table

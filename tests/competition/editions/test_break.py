"""How many advance: what is asked of which edition, what is saved, and what it means in words."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from competition.editions import parts
from competition.editions.break_words import BracketWords, faults_of, meaning_of
from competition.editions.models import BreakRule, Edition
from competition.editions.parts import BreakSize
from core.access import SYSTEM
from core.db import db
from core.errors import Stale
from tests.factories import make_division, make_edition, make_organiser, make_person, make_user, sign_in

PAGE = "/e/spring/setup/break"


def rules() -> list[tuple[int | None, str | None, int, int | None]]:
    found = db.session.scalars(select(BreakRule).order_by(BreakRule.id))
    return [(rule.division_id, rule.role, rule.size, rule.reserves) for rule in found]


def test_sizes_are_added_changed_and_removed_and_others_stay(app: Flask) -> None:
    edition = make_edition()
    division = make_division(edition)
    whole, part = BreakSize(size=16, reserves=2), BreakSize(division_id=division.id, size=8)
    parts.set_break_rules(actor=SYSTEM, edition=edition, version=1, sizes=[whole, part])
    assert rules() == [(None, None, 16, 2), (division.id, None, 8, None)]
    changed = [BreakSize(size=0), BreakSize(division_id=division.id, size=4, reserves=1)]
    parts.set_break_rules(actor=SYSTEM, edition=edition, version=2, sizes=changed)
    assert rules() == [(division.id, None, 4, 1)]


def test_of_two_who_set_the_break_the_second_is_told(app: Flask) -> None:
    edition = make_edition()
    parts.set_break_rules(actor=SYSTEM, edition=edition, version=1, sizes=[BreakSize(size=16)])
    with pytest.raises(Stale):
        parts.set_break_rules(actor=SYSTEM, edition=edition, version=1, sizes=[BreakSize(size=8)])
    assert rules() == [(None, None, 16, None)]


@pytest.mark.parametrize(
    ("size", "reserves", "role", "expected"),
    [
        (0, 0, None, ["Nobody advances: there is no elimination here."]),
        (4, 0, None, ["The best 4 teams meet at one table: the final."]),
        (
            16,
            2,
            None,
            [
                "The best 16 teams advance to 4 tables; the top two of each table go on, down to one final.",
                "Reserves that step in when a team leaves: 2.",
            ],
        ),
        (
            6,
            0,
            None,
            [
                "The best 6 teams advance to 2 tables; the top two of each table go on, down to one final.",
                "The last table is not full: empty seats for stand-ins, in the first round: 2.",
            ],
        ),
        (4, 0, "igo", ["The best 4 teams of this role advance, one to each of 4 tables."]),
    ],
)
def test_the_sizes_in_words(
    app: Flask, size: int, reserves: int, role: str | None, expected: list[str]
) -> None:
    with app.test_request_context():
        words = meaning_of(BracketWords(key="k", label="", role=role, size=size, reserves=reserves))
    assert words == expected


def test_roles_that_send_different_numbers_do_not_fill_tables(app: Flask) -> None:
    with app.test_request_context():
        found = [
            len(faults_of([BracketWords(key=r, label="", role=r, size=n) for r, n in sizes.items()]))
            for sizes in ({"igo": 4, "government": 4}, {"igo": 4, "government": 0})
        ]
    assert found == [0, 1]


@pytest.fixture
def director(app: Flask, client: FlaskClient) -> FlaskClient:
    person = make_person()
    make_organiser(make_edition("spring"), person)
    sign_in(client, make_user(person=person))
    return client


def spring() -> Edition:
    return db.session.scalars(select(Edition).where(Edition.slug == "spring")).one()


def asked(text: str) -> list[str]:
    return re.findall(r'name="size-([^"]+)"', text)


def hidden(text: str) -> dict[str, str]:
    found = {
        name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', text) for name in ("csrf_token", "version")
    }
    return {name: match[1] for name, match in found.items() if match}


def test_rotating_editions_are_asked_by_division_and_fixed_ones_by_role(director: FlaskClient) -> None:
    division = make_division(spring(), "ESL")
    db.session.commit()
    assert asked(director.get(PAGE).text) == [division.public_id, "all"]
    spring().role_policy = "fixed"
    db.session.commit()
    assert asked(director.get(PAGE).text) == ["government", "enterprise", "local_ngo", "igo"]


def test_a_director_sets_the_break_on_screen_and_reads_what_it_means(director: FlaskClient) -> None:
    form = hidden(director.get(PAGE).text)
    answer = director.post(PAGE, data={**form, "size-all": "16", "reserves-all": "2"})
    assert (answer.status_code, rules()) == (303, [(None, None, 16, 2)])
    page = director.get(PAGE).text
    assert "The best 16 teams advance to 4 tables" in page
    assert director.post(PAGE, data={**form, "size-all": "8"}).status_code == 409
    assert director.post(PAGE, data={**hidden(page), "size-all": "many"}).status_code == 422
    assert director.post(PAGE, data={**hidden(page), "size-all": "-4"}).status_code == 422
    db.session.expire_all()
    assert rules() == [(None, None, 16, 2)]

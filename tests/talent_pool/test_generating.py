"""Invented people: found like anybody else, and never put among real ones."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import delete, select

from core.db import db
from core.errors import Conflict
from talent_pool import index
from talent_pool.generating import generate_people, refuse_real_people
from talent_pool.index_models import PoolIndex
from talent_pool.indexing import index_all, mend_index
from talent_pool.models import Employer, PoolProfile
from talent_pool.search.query import parse_query
from tests.factories import make_user
from tests.talent_pool.conftest import make_employer

NOW = datetime(2026, 11, 29, tzinfo=UTC)


def total(employer: Employer, words: str = "") -> int:
    return index.search_cards(employer, parse_query(words)).total


def test_invented_people_are_found_in_both_languages(app: Flask) -> None:
    _user, employer = make_employer()
    generate_people(60, now=NOW)
    assert 50 < total(employer) <= 60
    english, chinese = total(employer, "negotiation OR law OR port"), total(employer, "谈判 OR 法律 OR 港口")
    assert 0 < english < total(employer)
    assert 0 < chinese < total(employer)


@pytest.mark.parametrize(
    ("is_production", "is_testing", "has_real_people", "is_refused"),
    [
        (False, True, True, False),
        (False, False, False, False),
        (False, False, True, True),
        (True, False, False, True),
    ],
)
def test_real_people_stay_among_themselves(
    app: Flask, is_production: bool, is_testing: bool, has_real_people: bool, is_refused: bool
) -> None:
    make_user(is_demo=not has_real_people)
    refused = False
    try:
        refuse_real_people(is_production=is_production, is_testing=is_testing)
    except Conflict:
        refused = True
    assert refused is is_refused


def test_a_card_without_an_entry_gets_one(app: Flask) -> None:
    _user, employer = make_employer()
    generate_people(3, now=NOW)
    db.session.execute(delete(PoolIndex))
    assert total(employer) == 0
    db.session.commit()
    mend_index(NOW)
    assert total(employer) == 3


def test_every_card_is_indexed_anew(app: Flask) -> None:
    _user, employer = make_employer()
    generate_people(3, now=NOW)
    profile = db.session.scalars(select(PoolProfile)).first()
    assert profile is not None
    profile.card = {**profile.card, "headline": "Zyxwv"}
    db.session.flush()
    assert total(employer, "zyxwv") == 0
    assert (index_all(), total(employer, "zyxwv")) == (3, 1)


def test_the_command_says_what_it_did(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(args=["talent", "generate", "2"])
    assert (answer.exit_code, answer.output) == (0, "2 invented people are in the talent pool.\n")
    assert app.test_cli_runner().invoke(args=["talent", "generate", "0"]).exit_code == 2

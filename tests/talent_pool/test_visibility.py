"""Which employer sees which card: the truth table of a person's choices, asked of the database."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from core.db import db, utc_now
from core.errors import NotFound
from talent_pool.consent import (
    HOLDS_FOR,
    NEVER,
    get_visible_profile,
    is_visible_to,
    shown_card,
    sight_ends_at,
)
from talent_pool.models import Employer, PoolConsent, PoolProfile
from talent_pool.public import Choices
from talent_pool.services.choices import choices_of
from talent_pool.services.membership import change_choices, pause
from tests.talent_pool.conftest import LONG_AGO, actor_of, make_card, make_employer


def sees(employer: Employer, *, now: datetime | None = None) -> bool:
    return db.session.scalar(select(PoolProfile.id).where(is_visible_to(employer, now=now))) is not None


def approved(employer: Employer, ago: timedelta) -> Employer:
    """The employer as if it had been let in that long ago."""
    employer.approved_at = utc_now() - ago
    db.session.flush()
    return employer


@pytest.mark.parametrize(
    ("choices", "sees_it"),
    [
        (Choices(), True),
        (Choices(audience="chosen"), False),
        (Choices(hidden_kinds=("government",)), False),
        (Choices(hidden_kinds=("ngo", "igo")), True),
        (Choices(hidden_countries=("CN",)), False),
        (Choices(hidden_countries=("SG",)), True),
        (Choices(hidden_names=("harbour",)), False),
        (Choices(hidden_names=("HARBOUR  authority",)), False),
        (Choices(hidden_names=("港务",)), False),
        (Choices(hidden_names=("arbour",)), True),
        (Choices(hidden_names=("Port Authority",)), True),
    ],
)
def test_an_employer_at_home_sees_what_the_choices_let_it(
    app: Flask, choices: Choices, sees_it: bool
) -> None:
    _searcher, employer = make_employer("Harbour Authority")
    employer.name_local = "上海港务局"
    _user, profile = make_card(choices=choices)
    assert sees(employer) is sees_it
    assert (shown_card(profile, employer) is not None) is sees_it


@pytest.mark.parametrize(
    ("country", "allows_abroad", "sees_it"),
    [("CN", False, True), ("CN", True, True), ("SG", False, False), ("SG", True, True), ("", False, False)],
)
def test_a_card_goes_abroad_only_with_its_own_tick(
    app: Flask, country: str, allows_abroad: bool, sees_it: bool
) -> None:
    _searcher, employer = make_employer(country=country)
    make_card(choices=Choices(allows_abroad=allows_abroad))
    assert sees(employer) is sees_it


@pytest.mark.parametrize(
    ("new_employers", "now_there", "after_six_days", "after_seven"),
    [("at_once", True, True, True), ("after_7_days", False, False, True), ("never", False, False, False)],
)
def test_a_new_employer_sees_a_card_as_its_person_decided(
    app: Flask, new_employers: str, now_there: bool, after_six_days: bool, after_seven: bool
) -> None:
    make_card(choices=Choices(new_employers=new_employers))
    _searcher, employer = make_employer()
    approved(employer, timedelta(0))
    now = employer.approved_at
    assert now is not None
    assert [sees(employer, now=now + timedelta(days=days)) for days in (0, 6, 7)] == [
        now_there,
        after_six_days,
        after_seven,
    ]


def test_choosing_an_employer_shows_it_the_card_before_its_time(app: Flask) -> None:
    user, profile = make_card(choices=Choices(audience="chosen", new_employers="never"))
    (_one, chosen), (_two, other) = make_employer("One"), make_employer("Two")
    approved(chosen, timedelta(0))
    choices = Choices(audience="chosen", new_employers="never", chosen=(chosen.public_id,))
    change_choices(actor=actor_of(user), choices=choices, version=profile.version)
    assert (sees(chosen), sees(other)) == (True, False)
    consent = db.session.scalars(select(PoolConsent)).one()
    assert choices_of(consent, profile) == choices
    hidden = Choices(hidden=(chosen.public_id,), chosen=(chosen.public_id,))
    change_choices(actor=actor_of(user), choices=hidden, version=profile.version)
    assert (sees(chosen), sees(other)) == (False, True)


def test_pausing_and_an_unsaved_card_show_nothing(app: Flask) -> None:
    searcher, employer = make_employer()
    user, profile = make_card()
    pause(actor=actor_of(user), is_paused=True)
    assert sees(employer) is False
    with pytest.raises(NotFound):
        get_visible_profile(actor_of(searcher), profile.handle)
    pause(actor=actor_of(user), is_paused=False)
    assert sees(employer) is True
    profile.is_listed = False
    assert sees(employer) is False


def test_a_yes_ends_by_itself_after_two_years(app: Flask) -> None:
    _searcher, employer = make_employer()
    make_card()
    consent = db.session.scalars(select(PoolConsent)).one()
    end = consent.confirmed_at + HOLDS_FOR
    assert (sees(employer, now=end - timedelta(seconds=1)), sees(employer, now=end)) == (True, False)


def test_a_suspended_employer_sees_nobody(app: Flask) -> None:
    _searcher, employer = make_employer()
    make_card()
    employer.state = "suspended"
    assert sees(employer) is False


def test_what_an_employer_sees_changes_by_itself_when_it_is_new_no_more_and_when_a_consent_ends(
    app: Flask,
) -> None:
    _searcher, employer = make_employer()
    assert sight_ends_at(employer, now=LONG_AGO) == LONG_AGO + timedelta(days=7)
    assert sight_ends_at(employer, now=utc_now()) == NEVER
    make_card()
    consent = db.session.scalars(select(PoolConsent)).one()
    assert sight_ends_at(employer, now=utc_now()) == consent.confirmed_at + HOLDS_FOR

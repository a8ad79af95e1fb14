"""The one invariant: every word, filter, order, alert and count uses only what a card shows to that employer."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from accounts.models import User
from core.db import db, utc_now
from talent_pool import index
from talent_pool.cards import FACETS, facets_of, searchable_texts
from talent_pool.consent import shown_card
from talent_pool.facts import AVAILABILITY, DEGREES, KINDS, LEVELS, MOBILITY, PIECES
from talent_pool.models import Employer, PoolProfile
from talent_pool.public import Choices, join_pool, leave_pool, save_profile
from talent_pool.search.expressions import Expression, is_in_headline, matches
from talent_pool.search.order import seed_of, sort_key
from talent_pool.search.query import parse_query
from talent_pool.services.membership import pause
from tests.factories import make_person, make_user
from tests.talent_pool.conftest import actor_of, make_employer

WORDS = ("port", "谈判", "law", "mediat*", "法律", "-port", "port OR law", "Mediation", "能源", "Quill")
COUNTRIES = ("CN", "SG", "FR")
SKILLS = ("mediation", "maritime_law", "legal_drafting")
SECTORS = ("energy", "law")


def several(values: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), unique=True, max_size=3)


FACTS = st.fixed_dictionaries(
    {
        "degree": st.sampled_from(("", *DEGREES)),
        "graduates": st.sampled_from(("", "2026-06", "2027-06")),
        "starts": st.sampled_from(("", "2026-09")),
        "kinds": several(KINDS),
        "places": several(COUNTRIES),
        "mobility": st.sampled_from(("", *MOBILITY)),
        "work_rights": several(COUNTRIES),
        "citizenships": several(COUNTRIES),
        "languages": st.dictionaries(
            st.sampled_from(("zh", "en", "fr")), st.sampled_from(LEVELS), max_size=2
        ),
        "skills": several(SKILLS),
        "sectors": several(SECTORS),
        "availability": several(AVAILABILITY),
    }
)
CHOICES = st.builds(
    Choices,
    allows_abroad=st.booleans(),
    audience=st.sampled_from(("all", "all", "chosen")),
    new_employers=st.sampled_from(("at_once", "after_7_days", "never")),
    hidden_kinds=several(("government", "igo")).map(tuple),
    hidden_countries=several(COUNTRIES).map(tuple),
    hidden_names=several(("harbour", "Far Trading")).map(tuple),
)
PEOPLE = st.lists(
    st.tuples(
        st.lists(st.sampled_from(("port", "law", "谈判", "法律")), min_size=1, max_size=3).map(" ".join),
        st.sampled_from(("", "mediates on the port", "擅长法律谈判")),
        FACTS,
        several(PIECES),
        CHOICES,
        st.booleans(),
    ),
    min_size=1,
    max_size=4,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(people=PEOPLE)
def test_nothing_is_found_or_counted_that_is_not_shown_to_that_employer(
    app: Flask, people: list[Any]
) -> None:
    employers = _employers()
    users = [_join(*person) for person in people]
    profiles = db.session.scalars(select(PoolProfile)).all()
    for employer in employers:
        cards = {
            profile.handle: card
            for profile in profiles
            if (card := shown_card(profile, employer)) is not None
        }
        _check_words(employer, cards)
        _check_filters(employer, cards)
    for user in users:
        leave_pool(actor=actor_of(user))
    assert [index.search_cards(employer, None, {}, limit=0).total for employer in employers] == [0] * len(
        employers
    )


def _employers() -> list[Employer]:
    """One at home, one abroad, one that has only just been let in; made once."""
    known = list(db.session.scalars(select(Employer).order_by(Employer.id)))
    if known:
        return known
    made = [
        make_employer("Harbour Authority")[1],
        make_employer("Far Trading", country="SG", kind="enterprise")[1],
        make_employer("New House", kind="igo")[1],
    ]
    made[2].approved_at = utc_now()
    db.session.flush()
    return made


def _join(
    headline: str, about: str, facts: dict[str, Any], hidden: list[str], choices: Choices, is_paused: bool
) -> User:
    user = make_user(person=make_person("Zoë Quill"))
    join_pool(actor=actor_of(user), choices=choices)
    save_profile(actor=actor_of(user), headline=headline, about=about, facts=facts, hidden=hidden)
    pause(actor=actor_of(user), is_paused=is_paused)
    return user


def _check_words(employer: Employer, cards: dict[str, dict[str, Any]]) -> None:
    for words in WORDS:
        expression = parse_query(words)
        expected = {handle for handle, card in cards.items() if matches(expression, searchable_texts(card))}
        found = index.search_cards(employer, expression, {}, limit=100)
        assert ({row.handle for row in found.cards}, found.total) == (expected, len(expected)), words
        keys = [_plain_key(row, expression) for row in found.cards]
        assert keys == sorted(keys, reverse=True), words


def _plain_key(row: index.FoundCard, expression: Expression | None) -> int:
    """The place of a card by what stands on it: its words, the day it was confirmed, its handle."""
    return sort_key(
        is_in_headline=is_in_headline(expression, row.card["headline"]),
        confirmed_on=row.confirmed_on,
        seed=seed_of(row.handle),
        today=utc_now().date(),
    )


def _check_filters(employer: Employer, cards: dict[str, dict[str, Any]]) -> None:
    expected = Counter(pair for card in cards.values() for pair in facets_of(card))
    counts = index.search_cards(employer, None, {}, limit=0).counts
    counted = {
        (facet, value): number
        for facet in FACETS
        for value, number in counts.get(facet, {}).items()
        if number
    }
    assert counted == dict(expected)
    for facet, value in expected:
        holders = {handle for handle, card in cards.items() if (facet, value) in facets_of(card)}
        found = index.search_cards(employer, None, {facet: [value]}, limit=100)
        assert {row.handle for row in found.cards} == holders, (facet, value)

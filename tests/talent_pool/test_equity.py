"""The organisers' view of who is shown, listed and asked: in groups of five and more, of those who agreed to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import select, update

from accounts.models import Person
from competition.editions.models import Edition
from core.db import db, utc_now
from talent_pool.employer_models import PoolShown
from talent_pool.equity import EquityLine, equity_of, last_monday, lines
from talent_pool.models import PoolConsent, PoolProfile
from talent_pool.public import Choices
from talent_pool.services import lists
from talent_pool.services.exposure import note_shown
from tests.factories import (
    make_delegate,
    make_edition,
    make_institution,
    make_organiser,
    make_person,
    make_team,
    make_user,
)
from tests.talent_pool.conftest import Browser, actor_of, make_card, make_employer

NOW = datetime(2026, 12, 9, 15, tzinfo=UTC)


def join(edition: Edition, role: str, country: str, *, is_counted: bool = True) -> PoolProfile:
    """A person of a new team in the pool for a month."""
    choices = Choices(allows_abroad=True, new_employers="at_once", allows_statistics=is_counted)
    user, profile = make_card("Card", choices=choices)
    institution = make_institution(edition)
    institution.country = country
    team = make_team(edition, role=role, institution_id=institution.id)
    make_delegate(team, person_id=user.person_id)
    given = update(PoolConsent).where(PoolConsent.person_id == user.person_id)
    db.session.execute(given.values(given_at=NOW - timedelta(days=30)))
    return profile


def by_group(found: list[EquityLine]) -> dict[str, tuple[int | None, int | None, int | None]]:
    return {line.group: (line.people, line.touched["shown"], line.times["shown"]) for line in found}


def test_groups_are_counted_and_small_ones_left_out(app: Flask) -> None:
    edition = make_edition()
    many = [join(edition, "igo", "CN") for _number in range(7)]
    some = [join(edition, "enterprise", "AU") for _number in range(6)]
    few = [join(edition, "government", "KE") for _number in range(3)]
    join(edition, "igo", "CN", is_counted=False)
    day = NOW.date() - timedelta(days=3)
    for profile in (*many, *few):
        db.session.add(PoolShown(profile_id=profile.id, day=day, times=2))
    db.session.add(PoolShown(profile_id=some[0].id, day=NOW.date(), times=50))
    db.session.flush()
    found = equity_of(edition, NOW)
    assert by_group(found["role"]) == {
        "government": (None, None, None),
        "enterprise": (None, None, None),
        "igo": (7, 7, 14),
    }
    assert by_group(found["country"])["CN"] == (7, 7, 14)
    assert by_group(found["country"])["KE"] == (None, None, None)


def test_people_of_whom_few_were_shown_are_not_told_apart() -> None:
    groups = {"a": set(range(10)), "b": set(range(10, 22))}
    times = {"shown": dict.fromkeys((*range(8), *range(10, 17)), 1), "shortlisted": {}, "asked": {}}
    found = {line.group: (line.people, line.touched["shown"]) for line in lines(groups, times)}
    assert found == {"a": (10, None), "b": (12, None)}


def test_the_week_begins_on_monday() -> None:
    assert last_monday(NOW) == datetime(2026, 12, 7, tzinfo=UTC)
    assert last_monday(datetime(2026, 12, 7, tzinfo=UTC)) == datetime(2026, 12, 7, tzinfo=UTC)


def test_each_results_page_counts_once(app: Flask) -> None:
    _user, profile = make_card()
    db.session.commit()
    for _number in range(2):
        note_shown([profile.id])
    assert [row.times for row in db.session.scalars(select(PoolShown))] == [2]


def test_organisers_see_it_and_nobody_in_it(app: Flask, browser: Callable[..., Browser]) -> None:
    edition = make_edition("cup")
    searcher, _employer = make_employer()
    profiles = [join(edition, "igo", "CN") for _number in range(6)]
    row = lists.add_list(actor=actor_of(searcher), name="x")
    handles = [profile.handle for profile in profiles]
    lists.put_on_list(actor=actor_of(searcher), public_id=row.public_id, handles=handles)
    db.session.execute(update(PoolConsent).values(given_at=utc_now() - timedelta(days=30)))
    organiser = make_user(person=make_person("Dee"))
    make_organiser(edition, db.session.get_one(Person, organiser.person_id))
    text = browser(organiser).get("/e/cup/equity/").text
    assert ("IGO" in text, ">6<" in text) == (True, True)
    assert [handle for handle in handles if handle in text] == []
    assert browser(searcher).get("/e/cup/equity/").status_code == 404

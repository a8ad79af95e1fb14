"""What a member of an employer finds on their home."""

import re
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.db import db, utc_now
from core.localised import local_day
from talent_pool.models import ContactRequest
from talent_pool.public import Choices, answer_contact, coming_employers, leave_pool, news_of
from talent_pool.services import asking
from talent_pool.services import opportunities as offers
from talent_pool.services.membership import pause
from tests.factories import sign_in
from tests.talent_pool.conftest import actor_of, make_card, make_employer

LINES = re.compile(r'<li><a href="(/employers/[a-z]+)">')


def test_a_new_employer_is_led_to_the_search(client: FlaskClient) -> None:
    member, _employer = make_employer()
    sign_in(client, member)
    page = client.get("/").text
    assert "What you owe" not in page
    assert re.findall(r'class="btn[^"]*"\s*href="(/employers/[a-z]+)"', page) == ["/employers/search"]


def test_answers_and_what_closes_soon_come_before_the_search_and_deletions_before_all(
    client: FlaskClient,
) -> None:
    member, employer = make_employer()
    day = utc_now().date() + timedelta(days=3)
    offer = offers.add_opportunity(
        actor=actor_of(member), title="Legal officer", place="Geneva", pay="0", closes_on=day, contact="c"
    )
    people = [make_card(f"Card {number}") for number in range(2)]
    handles = [profile.handle for _user, profile in people]
    asking.ask_people(actor=actor_of(member), handles=handles, opportunity=offer.public_id, message="Come")
    for user, profile in people:
        request = db.session.query(ContactRequest).filter_by(profile_id=profile.id).one()
        answer_contact(actor=actor_of(user), public_id=request.public_id, is_accepted=True)
    sign_in(client, member)
    page = client.get("/").text
    assert "2 people said yes in the last two weeks." in page
    assert f"“Legal officer” closes on {local_day(day)}." in page
    assert LINES.findall(page) == ["/employers/opportunities", "/employers/search"]
    leave_pool(actor=actor_of(people[0][0]))
    db.session.commit()
    page = client.get("/").text
    assert "What you owe" in page
    assert "Deletions to confirm: 1" in page
    assert LINES.findall(page) == ["/employers/requests", "/employers/opportunities", "/employers/search"]
    assert news_of(employer, utc_now() + timedelta(days=15)).answers == 0


@pytest.mark.parametrize(("days", "is_told"), [(0, True), (7, True), (8, False)])
def test_an_opportunity_is_named_in_its_last_week(app: Flask, days: int, is_told: bool) -> None:
    member, employer = make_employer()
    now = utc_now() + timedelta(days=20 - days)
    day = utc_now().date() + timedelta(days=20)
    offer = offers.add_opportunity(
        actor=actor_of(member), title="Clerk", place="Bern", pay="0", closes_on=day, contact="c"
    )
    told: list[tuple[str, date]] = [("Clerk", day)] if is_told else []
    assert news_of(employer, now).closing == told
    offers.close_opportunity(actor=actor_of(member), public_id=offer.public_id, version=offer.version)
    assert news_of(employer, now).closing == []


@pytest.mark.parametrize("page", ["search", "searches", "lists", "opportunities", "requests", "members"])
def test_one_tab_alone_is_marked_as_present(client: FlaskClient, page: str) -> None:
    member, _employer = make_employer()
    sign_in(client, member)
    answer = client.get(f"/employers/{page}").text
    assert re.findall(r'<a href="(/employers/[a-z]+)" aria-current="page">', answer) == [f"/employers/{page}"]


@pytest.mark.parametrize("is_proved", [True, False])
def test_who_applied_for_an_organisation_finds_the_way_back_to_the_application(
    client: FlaskClient, is_proved: bool
) -> None:
    applicant, employer = make_employer(is_approved=False)
    employer.proved_at = utc_now() if is_proved else None
    sign_in(client, applicant)
    page = client.get("/").text
    assert "Harbour Authority" in page
    assert 'href="/employers/apply"' in page
    assert ("What you owe" in page, "Prove that it is you" in page, "Waits for the operator" in page) == (
        not is_proved,
        not is_proved,
        is_proved,
    )


def test_who_is_in_the_pool_reads_of_a_new_organisation_before_it_sees_their_card(
    app: Flask, client: FlaskClient
) -> None:
    (waits, _one), (at_once, _two), (never, _three) = (
        make_card(name, choices=Choices(new_employers=when))
        for name, when in (("One", "after_7_days"), ("Two", "at_once"), ("Three", "never"))
    )
    _member, employer = make_employer("Port House")
    now = employer.approved_at = utc_now() + timedelta(seconds=5)
    db.session.commit()
    people = [user.person_id for user in (waits, at_once, never)]
    assert [len(coming_employers(person_id, now)) for person_id in people] == [1, 0, 0]
    assert coming_employers(waits.person_id, now + timedelta(days=7, seconds=1)) == []
    sign_in(client, waits)
    page = client.get("/").text
    assert f"Port House sees your card from {local_day((now + timedelta(days=7)).date())}." in page
    pause(actor=actor_of(waits), is_paused=True)
    assert coming_employers(waits.person_id, now) == []

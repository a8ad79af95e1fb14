"""Who may join, leave and see: consent is the person's own act, and withdrawing it takes everything at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from accounts.models import Person
from accounts.own_data import own_data
from core.access import ANONYMOUS, SYSTEM, Actor, CapacityKind
from core.audit import AuditEntry
from core.db import db, utc_now
from core.errors import Conflict, Forbidden, NotFound
from core.links import COOKIE_FIELD, create_link
from talent_pool import index
from talent_pool.consent import find_contact, get_visible_profile
from talent_pool.index_models import PoolIndex
from talent_pool.models import ContactRequest, Employer, PoolConsent, PoolProfile
from talent_pool.public import (
    answer_contact,
    ask_contact,
    count_open_requests,
    count_visible_cards,
    decide_employer,
    join_pool,
    leave_pool,
    save_profile,
)
from talent_pool.search.query import parse_query
from tests.factories import (
    make_delegate,
    make_edition,
    make_judge,
    make_organiser,
    make_person,
    make_team,
    make_user,
)
from tests.talent_pool.conftest import JOINING, Browser, actor_of, make_card, make_employer


def found(query: str, employer: Employer) -> list[str]:
    return [row.handle for row in index.search_cards(employer, parse_query(query), limit=50).cards]


def rows(model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.parametrize("actor", [ANONYMOUS, SYSTEM, Actor(link_id=1), Actor(link_id=1, person_id=1)])
def test_only_a_signed_in_person_joins(app: Flask, actor: Actor) -> None:
    with pytest.raises(Forbidden):
        join_pool(actor=actor)
    assert rows(PoolConsent) == 0


def test_nobody_joins_without_an_address_confirmed_as_theirs(app: Flask) -> None:
    user = make_user(email_confirmed_at=None)
    with pytest.raises(Conflict):
        join_pool(actor=actor_of(user))


def test_taking_part_never_joins(app: Flask) -> None:
    user = make_user()
    make_delegate(make_team(make_edition()), person_id=user.person_id)
    assert (rows(PoolConsent), count_visible_cards()) == (0, 0)


def test_a_link_session_reaches_no_page_of_the_pool(app: Flask, browser: Callable[..., Browser]) -> None:
    edition = make_edition()
    judge = make_judge(edition, person_id=make_user().person_id)
    link = create_link(
        purpose=CapacityKind.JUDGE,
        edition_id=edition.id,
        subject_id=judge.id,
        expires_at=utc_now() + timedelta(days=1),
    )
    page = browser()
    with page.client.session_transaction() as cookie:
        cookie[COOKIE_FIELD] = link.id
    app.config["WTF_CSRF_ENABLED"] = False
    try:
        answers = [page.get(address).status_code for address in ("/pool/", "/pool/join", "/employers/search")]
        answers += [page.open("POST", "/pool/join", data={"consent": "y"}).status_code]
    finally:
        app.config["WTF_CSRF_ENABLED"] = True
    assert answers == [403] * 4
    assert rows(PoolConsent) == 0


def test_a_visitor_is_asked_to_sign_in(app: Flask, browser: Callable[..., Browser]) -> None:
    answers = [browser().get(address).headers["Location"] for address in ("/pool/", "/pool/join")]
    assert answers == ["/sign-in?next=/pool/", "/sign-in?next=/pool/join"]


def test_an_organiser_joins_only_for_themselves_and_sees_nobody(
    app: Flask, browser: Callable[..., Browser]
) -> None:
    edition = make_edition()
    member, _profile = make_card("Port lawyer")
    make_delegate(make_team(edition), person_id=member.person_id)
    organiser = make_user()
    make_organiser(edition, db.session.get_one(Person, organiser.person_id))
    page = browser(organiser)
    sent = page.post("/pool/join", "/pool/join", **JOINING, person_id=str(make_user().person_id))
    assert sent.status_code == 303
    assert set(db.session.scalars(select(PoolConsent.person_id))) == {member.person_id, organiser.person_id}
    assert page.get("/employers/search").status_code == 403
    assert page.get("/employers/requests").status_code == 403
    assert "Port lawyer" not in page.get("/pool/").text


def test_nothing_is_seen_before_the_first_card_is_saved(app: Flask) -> None:
    user = make_user()
    profile = join_pool(actor=actor_of(user))
    assert (count_visible_cards(), rows(PoolIndex), profile.shows_results) == (0, 0, False)
    save_profile(actor=actor_of(user), headline="Mediator")
    _searcher, employer = make_employer()
    assert (count_visible_cards(), found("mediator", employer)) == (1, [profile.handle])


def test_nobody_joins_twice(app: Flask) -> None:
    user, _profile = make_card()
    with pytest.raises(Conflict):
        join_pool(actor=actor_of(user))
    now = utc_now()
    db.session.add(PoolConsent(person_id=user.person_id, text_version="x", given_at=now, confirmed_at=now))
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_withdrawing_takes_everything_in_the_same_transaction(app: Flask) -> None:
    user, profile = make_card("Mediator", about="港口谈判", languages=["fr"])
    searcher, employer = make_employer()
    ask_contact(actor=actor_of(searcher), handle=profile.handle, message="Come")
    handle = profile.handle
    leave_pool(actor=actor_of(user))
    assert [rows(model) for model in (PoolProfile, PoolIndex, ContactRequest)] == [0, 0, 0]
    assert [found(query, employer) for query in ("", "mediator", "谈判", "-nothing")] == [[], [], [], []]
    assert index.search_cards(employer, None).counts == {}
    with pytest.raises(NotFound):
        get_visible_profile(actor_of(searcher), handle)
    consent = db.session.scalars(select(PoolConsent)).one()
    assert consent.withdrawn_at is not None
    leave_pool(actor=actor_of(user))
    assert rows(PoolConsent) == 1


def test_rejoining_gives_another_handle_and_an_empty_card(app: Flask) -> None:
    user, profile = make_card("Mediator")
    before = profile.handle
    leave_pool(actor=actor_of(user))
    again = join_pool(actor=actor_of(user))
    assert again.handle != before
    assert (again.headline, again.is_listed, rows(PoolConsent)) == ("", False, 2)


def test_a_handle_matches_no_public_id(app: Flask) -> None:
    user, profile = make_card()
    person = db.session.get_one(Person, user.person_id)
    assert profile.handle not in (person.public_id, user.public_id)


def test_an_unapproved_or_suspended_employer_sees_nothing(app: Flask) -> None:
    person, profile = make_card()
    searcher, employer = make_employer(is_approved=False)
    with pytest.raises(Forbidden):
        get_visible_profile(actor_of(searcher), profile.handle)
    decide_employer(actor=SYSTEM, employer=employer, state="approved")
    request = ask_contact(actor=actor_of(searcher), handle=profile.handle, message="Come")
    answer_contact(actor=actor_of(person), public_id=request.public_id, is_accepted=True)
    contact = find_contact(employer, request, person.person_id)
    assert contact is not None
    assert (contact.name, contact.address) == ("Ada Obi", person.email)
    decide_employer(actor=SYSTEM, employer=employer, state="suspended")
    assert find_contact(employer, request, person.person_id) is None
    with pytest.raises(Forbidden):
        get_visible_profile(actor_of(searcher), profile.handle)


def test_only_the_employer_that_got_a_yes_learns_the_contact(app: Flask) -> None:
    person, profile = make_card()
    (first, first_employer), (second, second_employer) = make_employer("One"), make_employer("Two")
    yes = ask_contact(actor=actor_of(first), handle=profile.handle, message="Come")
    no = ask_contact(actor=actor_of(second), handle=profile.handle, message="Come")
    assert count_open_requests(person.person_id) == 2
    assert find_contact(first_employer, yes, person.person_id) is None
    answer_contact(actor=actor_of(person), public_id=yes.public_id, is_accepted=True)
    answer_contact(actor=actor_of(person), public_id=no.public_id, is_accepted=False)
    assert find_contact(first_employer, yes, person.person_id) is not None
    assert find_contact(second_employer, no, person.person_id) is None
    assert find_contact(second_employer, yes, person.person_id) is None


def test_nobody_answers_for_somebody_else(app: Flask) -> None:
    _person, profile = make_card()
    stranger, _own = make_card("Another")
    searcher, _employer = make_employer()
    request = ask_contact(actor=actor_of(searcher), handle=profile.handle, message="Come")
    for actor in (actor_of(stranger), actor_of(searcher)):
        with pytest.raises(NotFound):
            answer_contact(actor=actor, public_id=request.public_id, is_accepted=True)
    assert request.state == "asked"


def test_an_employer_asks_a_person_once(app: Flask) -> None:
    _person, profile = make_card()
    searcher, _employer = make_employer()
    ask_contact(actor=actor_of(searcher), handle=profile.handle, message="Come")
    with pytest.raises(Conflict):
        ask_contact(actor=actor_of(searcher), handle=profile.handle, message="Come again")


@pytest.mark.parametrize("handle", ["ABCD-EFGH", "a\x00b", "' OR 1=1", "谈判", "../x"])
def test_a_handle_of_nobody_is_not_there(app: Flask, handle: str) -> None:
    searcher, _employer = make_employer()
    with pytest.raises(NotFound):
        get_visible_profile(actor_of(searcher), handle)


def test_only_the_operator_decides_about_employers(app: Flask, browser: Callable[..., Browser]) -> None:
    applicant, employer = make_employer(is_approved=False)
    page = browser(applicant)
    assert page.get("/employers/review").status_code == 403
    with pytest.raises(Forbidden):
        decide_employer(actor=actor_of(applicant), employer=employer, state="approved")
    assert db.session.get_one(Employer, employer.id).state == "applied"


def test_the_record_names_deeds_and_no_personal_values(app: Flask) -> None:
    person, profile = make_card("Port lawyer", about="Secret about me", name="Zoë Quill")
    searcher, _employer = make_employer("Harbour Authority")
    request = ask_contact(actor=actor_of(searcher), handle=profile.handle, message="Private words")
    answer_contact(actor=actor_of(person), public_id=request.public_id, is_accepted=True)
    leave_pool(actor=actor_of(person))
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.thing != "employer")).all()
    told = " ".join(f"{entry.verb} {entry.thing} {entry.details}" for entry in entries)
    assert [word for word in ("Port", "Secret", "Quill", "Private", person.email) if word in told] == []
    assert "withdraw pool_consent" in told


def test_ones_own_data_hold_consent_card_and_requests(app: Flask) -> None:
    person, profile = make_card("Port lawyer")
    searcher, _employer = make_employer("Harbour Authority")
    ask_contact(actor=actor_of(searcher), handle=profile.handle, message="Come")
    data = own_data(person.person_id)["talent_pool"]
    assert data["profile"]["card"]["headline"] == "Port lawyer"
    assert [request["employer"] for request in data["contact_requests"]] == ["Harbour Authority"]
    assert len(data["consents"]) == 1
    assert own_data(searcher.person_id)["talent_pool"]["employer"]["state"] == "approved"
    assert own_data(make_user(person=make_person()).person_id)["talent_pool"]["profile"] is None

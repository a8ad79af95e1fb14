"""A reveal has exactly one outcome, whoever acts at the same moment and on either database."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import create_app
from core.access import SYSTEM
from core.db import Base, db, unit_of_work, utc_now
from core.errors import Conflict, DomainError, NotFound
from core.outbox import OutboxMessage
from talent_pool.consent import answerable_employers, find_contact
from talent_pool.models import ContactRequest, Employer, EmployerMember, PoolProfile
from talent_pool.person_models import DeletionNotice, PoolEvent
from talent_pool.public import Choices, answer_contact, ask_contact, decide_employer, leave_pool
from talent_pool.services import asking
from talent_pool.services import opportunities as offers
from talent_pool.services.contacts import ANSWER_WITHIN, revoke_contact, state_now, withdraw_request
from talent_pool.services.deletions import confirm_deletion, deletions_for, deletions_of
from talent_pool.services.membership import change_choices, pause
from talent_pool.services.sweeping import expire_requests, remind_of_requests
from tests.conftest import make_settings
from tests.talent_pool.conftest import Browser, actor_of, make_card, make_employer
from tests.talent_pool.test_asking import make_offer


@pytest.fixture
def asked(app: Flask) -> tuple:  # type: ignore[type-arg]
    """A person, their request, and the employer's member and row."""
    person, profile = make_card()
    searcher, employer = make_employer()
    request = ask_contact(actor=actor_of(searcher), handle=profile.handle, message="Come")
    return person, profile, request, searcher, employer


OUTCOMES = ("accept", "decline", "withdraw", "expire")


@pytest.mark.parametrize("first", OUTCOMES)
@pytest.mark.parametrize("second", OUTCOMES)
def test_whatever_comes_first_stands(asked, first: str, second: str) -> None:  # type: ignore[no-untyped-def]
    person, _profile, request, searcher, _employer = asked
    states = {"accept": "accepted", "decline": "declined", "withdraw": "withdrawn", "expire": "expired"}
    late = utc_now() + ANSWER_WITHIN + timedelta(seconds=1)

    def act(what: str) -> None:
        if what == "withdraw":
            withdraw_request(actor=actor_of(searcher), public_id=request.public_id)
        elif what == "expire":
            expire_requests(late)
            db.session.refresh(request)
        else:
            answer_contact(actor=actor_of(person), public_id=request.public_id, is_accepted=what == "accept")

    act(first)
    if second == "expire":
        act(second)
    else:
        with pytest.raises(Conflict):
            act(second)
    assert db.session.scalar(select(ContactRequest.state)) == states[first]


def test_nobody_says_yes_after_the_fourteenth_day_whether_or_not_the_sweep_has_run(asked) -> None:  # type: ignore[no-untyped-def]
    person, _profile, request, _searcher, _employer = asked
    late = request.created_at + timedelta(days=14)
    assert (state_now(request, late - timedelta(seconds=1)), state_now(request, late)) == ("asked", "expired")
    with pytest.raises(Conflict):
        answer_contact(actor=actor_of(person), public_id=request.public_id, is_accepted=True, now=late)


@pytest.mark.parametrize("how", ["paused", "hidden"])
def test_nobody_says_yes_to_an_employer_that_could_not_read_it(asked, how: str) -> None:  # type: ignore[no-untyped-def]
    person, profile, request, _searcher, employer = asked
    if how == "paused":
        pause(actor=actor_of(person), is_paused=True)
    else:
        change_choices(
            actor=actor_of(person), choices=Choices(hidden=(employer.public_id,)), version=profile.version
        )
    with pytest.raises(Conflict):
        answer_contact(actor=actor_of(person), public_id=request.public_id, is_accepted=True)
    answered = select(OutboxMessage.id).where(OutboxMessage.kind == "contact_accepted")
    assert (request.state, db.session.scalar(answered)) == ("asked", None)
    answer_contact(actor=actor_of(person), public_id=request.public_id, is_accepted=False)
    assert request.state == "declined"


def test_a_person_is_reminded_after_two_and_after_seven_days_once_each(asked) -> None:  # type: ignore[no-untyped-def]
    person, _profile, request, _searcher, _employer = asked
    days = (1, 2, 3, 6, 7, 8, 13, 14)
    sent = [remind_of_requests(request.created_at + timedelta(days=day)) for day in days]
    assert dict(zip(days, sent, strict=True)) == {1: 0, 2: 1, 3: 0, 6: 0, 7: 1, 8: 0, 13: 0, 14: 0}
    reminders = select(OutboxMessage.to_address).where(OutboxMessage.kind == "contact_reminder")
    assert list(db.session.scalars(reminders)) == [person.email] * 2


def test_a_yes_given_beforehand_answers_at_once(app: Flask) -> None:
    searcher, employer = make_employer()
    choices = Choices(preapproved=(employer.public_id,))
    person, profile = make_card(choices=choices, name="Zoë Quill")
    request = ask_contact(actor=actor_of(searcher), handle=profile.handle, message="Come")
    assert (request.state, request.is_preapproved) == ("accepted", True)
    contact = find_contact(employer, request, person.person_id)
    assert contact is not None
    assert contact.name == "Zoë Quill"
    events = select(PoolEvent.event).order_by(PoolEvent.id)
    assert list(db.session.scalars(events)) == ["asked", "revealed"]


def test_taking_a_yes_back_shows_nothing_more_and_asks_to_delete(asked) -> None:  # type: ignore[no-untyped-def]
    person, profile, request, searcher, employer = asked
    with pytest.raises(Conflict):
        revoke_contact(actor=actor_of(person), public_id=request.public_id)
    answer_contact(actor=actor_of(person), public_id=request.public_id, is_accepted=True)
    revoke_contact(actor=actor_of(person), public_id=request.public_id)
    assert find_contact(employer, request, person.person_id) is None
    notice = db.session.scalars(select(DeletionNotice)).one()
    assert (notice.handle, notice.employer_id) == (profile.handle, employer.id)
    learned = db.session.scalar(select(PoolEvent.at).where(PoolEvent.event == "revealed"))
    assert [(line.handle, line.told_at) for line in deletions_of(employer)] == [(profile.handle, learned)]
    other, _row = make_employer("Other House")
    with pytest.raises(NotFound):
        confirm_deletion(actor=actor_of(other), public_id=notice.public_id)
    confirm_deletion(actor=actor_of(searcher), public_id=notice.public_id)
    assert [line.confirmed_at is not None for line in deletions_for(person.person_id)] == [True]


def test_a_suspended_employer_still_confirms_what_it_deleted_and_sees_nothing_else(  # type: ignore[no-untyped-def]
    asked, browser
) -> None:
    person, profile, request, searcher, employer = asked
    answer_contact(actor=actor_of(person), public_id=request.public_id, is_accepted=True)
    decide_employer(actor=SYSTEM, employer=employer, state="suspended")
    leave_pool(actor=actor_of(person))
    page = browser(searcher)
    assert [page.get(f"/employers/{name}").status_code for name in ("search", "requests")] == [403, 403]
    assert 'href="/employers/deletions"' in page.get("/employers/apply").text
    asked_of = page.get("/employers/deletions").text
    assert (profile.handle in asked_of, "/employers/requests" in asked_of) == (True, False)
    notice = db.session.scalars(select(DeletionNotice)).one()
    other, rival = make_employer("Other House")
    decide_employer(actor=SYSTEM, employer=rival, state="suspended")
    with pytest.raises(NotFound):
        confirm_deletion(actor=actor_of(other), public_id=notice.public_id)
    assert page.post(f"/employers/deletions/{notice.public_id}", "/employers/deletions").status_code == 303
    assert [line.confirmed_at is not None for line in deletions_for(person.person_id)] == [True]


def test_whoever_acts_for_two_employers_answers_for_both(asked) -> None:  # type: ignore[no-untyped-def]
    person, _profile, request, searcher, employer = asked
    answer_contact(actor=actor_of(person), public_id=request.public_id, is_accepted=True)
    decide_employer(actor=SYSTEM, employer=employer, state="suspended")
    leave_pool(actor=actor_of(person))
    _other, house = make_employer("Other House")
    db.session.add(EmployerMember(employer_id=house.id, person_id=searcher.person_id))
    db.session.flush()
    assert [one.id for one in answerable_employers(actor_of(searcher))] == [house.id, employer.id]
    confirm_deletion(
        actor=actor_of(searcher), public_id=db.session.scalars(select(DeletionNotice.public_id)).one()
    )
    assert [line.employer for line in deletions_of(house, employer)] == [employer.name]


def test_leaving_asks_those_who_learned_who_it_is_and_nobody_else(asked) -> None:  # type: ignore[no-untyped-def]
    person, profile, request, _searcher, employer = asked
    other, _row = make_employer("Other House")
    ask_contact(actor=actor_of(other), handle=profile.handle, message="Come")
    answer_contact(actor=actor_of(person), public_id=request.public_id, is_accepted=True)
    leave_pool(actor=actor_of(person))
    assert list(db.session.scalars(select(DeletionNotice.employer_id))) == [employer.id]
    letters = db.session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "pool_deletion")).all()
    assert len(letters) == 1
    assert "Ada Obi" not in letters[0].body
    assert person.email not in letters[0].body


@pytest.fixture
def real_app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """An application on a database whose transactions are real: several threads commit for themselves."""
    app = create_app(make_settings(tmp_path, database_url))
    with app.app_context():
        Base.metadata.create_all(db.engine)
        yield app
        db.session.remove()
        Base.metadata.drop_all(db.engine)
        Base.metadata.create_all(db.engine)  # empty again, and there for the tests that come after
        db.engine.dispose()


def run_together(app: Flask, *acts: Callable[[], object]) -> list[str]:
    """Run the acts at the same moment, each in a transaction of its own; what became of each."""
    barrier, results = threading.Barrier(len(acts)), [""] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        with app.app_context():
            barrier.wait()
            try:
                with unit_of_work():
                    act()
                results[place] = "done"
            except DomainError as fault:
                results[place] = fault.word
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


@pytest.mark.parametrize(
    "rival", ["accept", "decline", "withdraw", "leave", "expire", "close", "suspend", "pause"]
)
def test_two_acts_in_the_same_moment_have_one_outcome(real_app: Flask, rival: str) -> None:
    with unit_of_work():
        person, profile = make_card()
        searcher, employer = make_employer()
        member, own = actor_of(searcher), actor_of(person)
        offer = make_offer(searcher)
        [request] = asking.ask_people(
            actor=member, handles=[profile.handle], opportunity=offer.public_id, message="Come"
        )
        offer_id, offer_version = offer.public_id, offer.version
        public_id, person_id, employer_id = request.public_id, person.person_id, employer.id

    def accept() -> object:
        return answer_contact(actor=own, public_id=public_id, is_accepted=True)

    rivals: dict[str, Callable[[], object]] = {
        "accept": accept,
        "decline": lambda: answer_contact(actor=own, public_id=public_id, is_accepted=False),
        "withdraw": lambda: withdraw_request(actor=member, public_id=public_id),
        "leave": lambda: leave_pool(actor=own),
        "expire": lambda: expire_requests(utc_now() + ANSWER_WITHIN + timedelta(seconds=1)),
        "suspend": lambda: decide_employer(
            actor=SYSTEM, employer=db.session.get_one(Employer, employer_id), state="suspended"
        ),
        "pause": lambda: pause(actor=own, is_paused=True),
        "close": lambda: offers.close_opportunity(actor=member, public_id=offer_id, version=offer_version),
    }
    results = run_together(real_app, accept, rivals[rival])
    db.session.remove()
    row = db.session.scalar(select(ContactRequest))
    revealed = db.session.scalar(select(func.count(PoolEvent.id)).where(PoolEvent.event == "revealed"))
    told = db.session.scalar(
        select(func.count(OutboxMessage.id)).where(OutboxMessage.kind == "contact_accepted")
    )
    assert (
        revealed == told == (1 if "done" in results[:1] or (rival == "accept" and "done" in results) else 0)
    )
    if rival == "leave":
        assert (row, results[1]) == (None, "done")
        assert db.session.scalar(select(PoolProfile.id)) is None
        assert db.session.scalar(select(func.count(DeletionNotice.id))) == revealed
        return
    assert row is not None
    if rival in ("suspend", "pause"):
        assert results[1] == "done"
        assert find_contact(db.session.get_one(Employer, employer_id), row, person_id) is None
        return
    if rival == "close":
        assert results[1] == "done"
        assert row.state == ("accepted" if results[0] == "done" else "withdrawn")
    elif rival != "expire":
        assert sorted(results).count("done") == 1
    is_accepted = row.state == "accepted"
    assert is_accepted == (revealed == 1)
    employer_row = db.session.get_one(Employer, employer_id)
    assert (find_contact(employer_row, row, person_id) is not None) == is_accepted


def test_nobody_is_left_asked_for_what_is_closed_in_the_same_moment(real_app: Flask) -> None:
    with unit_of_work():
        _person, profile = make_card()
        searcher, _employer = make_employer()
        member, handle, offer = actor_of(searcher), profile.handle, make_offer(searcher)
        public_id, version = offer.public_id, offer.version

    def ask() -> object:
        return asking.ask_people(actor=member, handles=[handle], opportunity=public_id, message="Come")

    def close() -> object:
        return offers.close_opportunity(actor=member, public_id=public_id, version=version)

    results = run_together(real_app, ask, close)
    db.session.remove()
    states = list(db.session.scalars(select(ContactRequest.state)))
    assert (results[1], states) == ("done", ["withdrawn"] if results[0] == "done" else [])


def test_closing_an_opportunity_ends_what_nobody_has_answered_and_nothing_else(
    app: Flask, browser: Callable[..., Browser]
) -> None:
    searcher, employer = make_employer()
    offer, other = make_offer(searcher), make_offer(searcher, "Another post")
    people = [make_card(f"Card {number}") for number in range(4)]
    requests = [
        asking.ask_people(
            actor=actor_of(searcher),
            handles=[profile.handle],
            opportunity=(other if number == 3 else offer).public_id,
            message="Come",
        )[0]
        for number, (_person, profile) in enumerate(people)
    ]
    for number, is_accepted in ((0, True), (1, False)):
        answer_contact(
            actor=actor_of(people[number][0]), public_id=requests[number].public_id, is_accepted=is_accepted
        )
    page, asked_page = browser(searcher), browser(people[2][0])
    sent = page.post(
        f"/employers/opportunities/{offer.public_id}/close", "/employers/opportunities", version="1"
    )
    assert sent.status_code == 303
    assert [row.state for row in requests] == ["accepted", "declined", "withdrawn", "asked"]
    assert find_contact(employer, requests[0], people[0][0].person_id) is not None
    assert "Closed by the employer" in asked_page.get("/pool/requests").text
    assert remind_of_requests(utc_now() + timedelta(days=8)) == 1
    late = asked_page.post(f"/pool/requests/{requests[2].public_id}/accept", "/pool/requests")
    assert late.status_code == 409
    assert "They learned nothing." in late.text
    assert find_contact(employer, requests[2], people[2][0].person_id) is None
    again = page.post(
        f"/employers/opportunities/{offer.public_id}/close", "/employers/opportunities", version="2"
    )
    assert again.status_code == 409


def test_a_reveal_by_the_system_leaves_the_person_as_its_cause(app: Flask) -> None:
    with pytest.raises(DomainError):
        answer_contact(actor=SYSTEM, public_id="x" * 16, is_accepted=True)

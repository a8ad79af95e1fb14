"""The waiting list: who is offered a freed place, until when, in which role, and what two people at once do to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from competition.cases.models import RoundCase
from competition.cases.services import create_case
from competition.editions.models import Edition
from competition.editions.services import close_registration
from competition.entries.models import Delegate, Team
from competition.entries.registering import entry, late, offers
from competition.entries.registering.models import LateGrant, TeamOffer
from competition.entries.registering.offers import answer_offer, offer_free_places, vacated_roles
from competition.entries.services import teams
from competition.entries.services.registration import BEYOND_CAP, decide_team, withdraw_team
from competition.rounds.models import Draw, NegotiationTable
from core.access import SYSTEM, Actor, Capacity, CapacityKind
from core.db import Base, db, unit_of_work, utc_now
from core.errors import Conflict, Invalid
from core.links import PrivateLink, find_live_link
from core.outbox import OutboxMessage
from tests.competition.entries.registering.test_entry import change
from tests.competition.entries.registering.test_inbox import organiser, set_rules
from tests.competition.entries.test_links import open_link, post
from tests.competition.entries.test_registration import CAPTAIN, open_edition, register
from tests.competition.entries.test_teams import hidden
from tests.core.test_at_once import at_once
from tests.factories import NOW, add, make_delegate, make_edition, make_institution, make_round, make_team


def waiting(edition: Edition, name: str, minutes: int = 0, **values: object) -> Team:
    created = NOW + timedelta(minutes=minutes)
    team = make_team(edition, name, status="waiting", created_at=created, **values)
    make_delegate(team, f"Captain {name}", is_captain=True, contact=f"{name.lower()}@example.org")
    return team


def offered(edition: Edition) -> list[str]:
    """The names of the teams that hold an open offer."""
    names = dict(db.session.execute(select(Team.id, Team.name)).all())
    return [names[row.team_id] for row in offers.open_offers(edition.id, utc_now())]


def the_offer(team: Team) -> TeamOffer:
    return db.session.scalars(
        select(TeamOffer).where(TeamOffer.team_id == team.id).order_by(TeamOffer.id.desc()).limit(1)
    ).one()


def answer(edition: Edition, team: Team, *, yes: bool = True) -> None:
    offer = the_offer(team)
    answer_offer(
        actor=SYSTEM,
        edition=edition,
        team=team,
        public_id=offer.public_id,
        is_accepted=yes,
        now=utc_now(),
    )


def test_a_withdrawal_offers_the_place_to_whoever_registered_first(app: Flask) -> None:
    edition = make_edition()
    leaving = make_team(edition, "Leaving")
    set_rules(edition, places=1)
    waiting(edition, "Second", 2)
    waiting(edition, "First", 1)
    withdraw_team(actor=SYSTEM, edition=edition, team=leaving, version=1, from_round=None)
    assert offered(edition) == ["First"]
    mail = db.session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "place_offer")).one()
    assert mail.to_address == "first@example.org"
    assert "Accept or decline it until" in mail.body


def test_without_a_number_of_places_nothing_is_offered(app: Flask) -> None:
    edition = make_edition()
    waiting(edition, "First")
    assert offer_free_places(actor=SYSTEM, edition=edition, now=utc_now()) == []


def test_a_captain_who_leaves_frees_the_place_at_once(app: Flask) -> None:
    edition = open_edition()
    leaving = make_team(edition)
    set_rules(edition, places=1)
    waiting(edition, "First")
    entry.leave(actor=SYSTEM, edition=edition, team=leaving, version=1)
    assert offered(edition) == ["First"]


def test_an_accepted_offer_makes_the_team_take_part_and_answering_again_changes_nothing(app: Flask) -> None:
    edition = make_edition()
    set_rules(edition, places=1)
    team = waiting(edition, "First")
    offer_free_places(actor=SYSTEM, edition=edition, now=utc_now())
    answer(edition, team)
    answer(edition, team)
    assert (team.status, team.version, the_offer(team).outcome) == ("registered", 2, "accepted")
    with pytest.raises(Conflict, match="answered already"):
        answer(edition, team, yes=False)


def test_a_declined_offer_goes_to_the_next_team(app: Flask) -> None:
    edition = make_edition()
    set_rules(edition, places=1)
    first, _second = waiting(edition, "First", 1), waiting(edition, "Second", 2)
    offer_free_places(actor=SYSTEM, edition=edition, now=utc_now())
    answer(edition, first, yes=False)
    assert (first.status, first.status_reason, offered(edition)) == ("declined", offers.DECLINED, ["Second"])


def test_an_offer_past_its_deadline_is_refused_and_the_sweep_tells_the_next_team(app: Flask) -> None:
    edition = make_edition()
    set_rules(edition, places=1, offer_hours=1)
    first, _second = waiting(edition, "First", 1), waiting(edition, "Second", 2)
    offer_free_places(actor=SYSTEM, edition=edition, now=utc_now())
    the_offer(first).expires_at = utc_now() - timedelta(seconds=1)
    db.session.flush()
    assert offers.find_open_offer(first, utc_now()) is None
    with pytest.raises(Conflict, match="the place goes to the next team"):
        answer(edition, first)
    offer_free_places(actor=SYSTEM, edition=edition, now=utc_now())
    assert (first.status, offered(edition)) == ("waiting", ["Second"])
    the_offer(db.session.scalars(select(Team).where(Team.name == "Second")).one()).expires_at = utc_now()
    offer_free_places(actor=SYSTEM, edition=edition, now=utc_now())
    assert offered(edition) == ["First"]


def test_open_offers_hold_their_places_against_the_organisers_own_hand(app: Flask) -> None:
    edition = make_edition()
    set_rules(edition, places=1)
    first, second = waiting(edition, "First", 1), waiting(edition, "Second", 2)
    offer_free_places(actor=SYSTEM, edition=edition, now=utc_now())
    with pytest.raises(Conflict, match="taken or offered"):
        decide_team(actor=SYSTEM, edition=edition, team=second, version=1, decision="accept")
    decide_team(actor=SYSTEM, edition=edition, team=first, version=1, decision="accept")
    assert (first.status, the_offer(first).outcome) == ("registered", "ended")


def test_more_places_are_offered_as_soon_as_the_rules_say_so(app: Flask) -> None:
    edition = make_edition()
    for minutes in range(3):
        waiting(edition, f"W{minutes}", minutes)
    offers.set_rules(actor=SYSTEM, edition=edition, version=0, values={"places": 2})
    assert offered(edition) == ["W0", "W1"]


def test_no_offer_goes_beyond_the_cap_of_an_institution(app: Flask) -> None:
    edition = make_edition()
    home = make_institution(edition, "Fudan")
    make_team(edition, "There", institution_id=home.id)
    waiting(edition, "Same", 1, institution_id=home.id)
    waiting(edition, "Other", 2)
    offers.set_rules(actor=SYSTEM, edition=edition, version=0, values={"places": 3, "per_institution": 1})
    assert offered(edition) == ["Other"]


def test_a_team_beyond_the_cap_registers_and_waits_with_the_reason(app: Flask) -> None:
    edition = open_edition()
    set_rules(edition, per_institution=1)
    register(edition)
    second = register(edition, name="Team Two")
    assert (second.status, second.status_reason) == ("waiting", BEYOND_CAP)


@pytest.mark.parametrize(
    ("taken", "offered_roles", "expected"),
    [
        ({}, {}, []),
        ({"government": 2, "enterprise": 2, "local_ngo": 1, "igo": 2}, {}, ["local_ngo"]),
        ({"government": 2, "enterprise": 2, "local_ngo": 1, "igo": 2}, {"local_ngo": 1}, []),
        (
            {"government": 3, "enterprise": 1, "local_ngo": 3, "igo": 2},
            {},
            ["enterprise", "enterprise", "igo"],
        ),
    ],
)
def test_the_vacated_roles_are_those_that_lack_a_team(
    taken: dict[str, int], offered_roles: dict[str, int], expected: list[str]
) -> None:
    assert vacated_roles(taken, offered_roles) == expected


def test_a_late_offer_names_the_vacated_role_and_the_team_takes_it(app: Flask) -> None:
    edition = make_edition(role_policy="fixed")
    roles = ("government", "enterprise", "local_ngo", "igo")
    rows = [make_team(edition, f"{role} {n}", role=role) for role in roles for n in range(2)]
    set_rules(edition, places=8)
    team = waiting(edition, "First")
    withdraw_team(actor=SYSTEM, edition=edition, team=rows[5], version=1, from_round=None)
    assert the_offer(team).role == "local_ngo"
    mail = db.session.scalars(select(OutboxMessage.body).where(OutboxMessage.kind == "place_offer")).one()
    assert "in the role Local NGO" in mail
    answer(edition, team)
    assert (team.status, team.role) == ("registered", "local_ngo")


def test_offers_stop_when_briefs_are_released(app: Flask) -> None:
    edition = make_edition()
    set_rules(edition, places=2)
    first = waiting(edition, "First", 1)
    offer_free_places(actor=SYSTEM, edition=edition, now=utc_now())
    waiting(edition, "Second", 2)
    row = make_round(edition)
    case = create_case(actor=SYSTEM, edition=edition, title="Port")
    add(RoundCase(round_id=row.id, case_id=case.id, released_at=NOW))
    assert not offers.are_stopped(edition.id, utc_now())
    draw = add(Draw(round_id=row.id, version=1, state="released", created_at=NOW, released_at=NOW))
    add(NegotiationTable(draw_id=draw.id, name="T1"))
    assert offers.are_stopped(edition.id, utc_now())
    assert offers.find_open_offer(first, utc_now()) is None
    with pytest.raises(Conflict, match="no team can join any more"):
        answer(edition, first)
    assert offer_free_places(actor=SYSTEM, edition=edition, now=utc_now()) == []


def test_on_the_page_a_captain_reads_accepts_and_is_welcomed(app: Flask, client: FlaskClient) -> None:
    edition = open_edition()
    team = waiting(edition, "First")
    offers.set_rules(actor=SYSTEM, edition=edition, version=0, values={"places": 1})
    link = find_live_link(purpose=CapacityKind.CAPTAIN, edition_id=edition.id, subject_id=team.id)
    assert link is not None
    open_link(client, link)
    page = f"/e/{edition.slug}/team"
    assert "A place is free for your team" in client.get(page).text
    assert "A place is free for your team" in client.get(f"/e/{edition.slug}/me").text
    path = f"{page}/offer/{the_offer(team).public_id}"
    token = hidden(client.get(page).text)["csrf_token"][0]
    for _ in range(2):
        assert client.post(path, data={"csrf_token": token, "answer": "accept"}).status_code == 303
    assert "Your team takes part." in client.get(page).text


def test_another_teams_captain_cannot_answer_an_offer(app: Flask, client: FlaskClient) -> None:
    edition = open_edition()
    team, other = waiting(edition, "First", 1), waiting(edition, "Other", 2)
    offers.set_rules(actor=SYSTEM, edition=edition, version=0, values={"places": 1})
    with pytest.raises(Conflict, match="no such offer"):
        answer_offer(
            actor=SYSTEM,
            edition=edition,
            team=other,
            public_id=the_offer(team).public_id,
            is_accepted=True,
            now=utc_now(),
        )
    assert (team.status, other.status) == ("waiting", "waiting")


def test_the_waiting_list_on_screen_names_place_and_offer(app: Flask, client: FlaskClient) -> None:
    edition = make_edition("spring")
    waiting(edition, "First", 1)
    waiting(edition, "Second", 2)
    set_rules(edition, places=1)
    organiser(client, edition, "tab")
    page = "/e/spring/people/teams"
    assert "Offer the free places now (1)" in client.get(page).text
    assert post(client, page + "/offer", page) == 303
    text = client.get(page + "?status=waiting").text
    assert ("Offered until" in text, "No. 2 in line" in text, "Offer the free places" in text) == (
        True,
        True,
        False,
    )


def test_a_late_address_registers_one_team_after_the_deadline(app: Flask) -> None:
    edition = open_edition()
    close_registration(actor=SYSTEM, edition=edition)
    with pytest.raises(Invalid, match="has passed"):
        late.grant_late(actor=SYSTEM, edition=edition, address="a@example.org", until=utc_now())
    until = utc_now() + timedelta(hours=3)
    grant = late.grant_late(actor=SYSTEM, edition=edition, address="Late@Example.org", until=until)
    (mail,) = db.session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "late_registration"))
    assert (mail.to_address, "[[link:" in mail.body) == ("late@example.org", True)
    capacity = Capacity(kind=CapacityKind.REGISTRANT, edition_id=edition.id, subject_id=grant.id)
    holder = Actor(link_id=1, capacities=frozenset({capacity}))
    with pytest.raises(Conflict, match="closed"):
        register(edition)
    team = register(edition, actor=holder)
    assert (grant.used_at is not None, team.open_until) == (True, until)
    with pytest.raises(Conflict, match="closed"):
        register(edition, actor=holder, name="Another", captain=CAPTAIN)
    change(edition, team, coach="Prof. Wu")
    team.open_until = utc_now() - timedelta(seconds=1)
    with pytest.raises(Conflict, match="closed"):
        change(edition, team)


def test_a_late_grant_of_another_edition_or_one_taken_back_opens_nothing(app: Flask) -> None:
    edition, other = open_edition(), open_edition()
    close_registration(actor=SYSTEM, edition=edition)
    until = utc_now() + timedelta(hours=3)
    foreign = late.grant_late(actor=SYSTEM, edition=other, address="a@example.org", until=until)
    own = late.grant_late(actor=SYSTEM, edition=edition, address="a@example.org", until=until)
    late.end_grant(actor=SYSTEM, edition=edition, public_id=own.public_id)
    for grant in (foreign, own):
        capacity = Capacity(kind=CapacityKind.REGISTRANT, edition_id=edition.id, subject_id=grant.id)
        assert late.find_late_grant(Actor(capacities=frozenset({capacity})), edition) is None
    link = db.session.scalars(select(PrivateLink).where(PrivateLink.subject_id == own.id)).one()
    assert not link.is_usable(utc_now())


def test_moving_the_deadline_leaves_late_links_alone(app: Flask) -> None:
    edition = open_edition()
    until = utc_now() + timedelta(days=30)
    grant = late.grant_late(actor=SYSTEM, edition=edition, address="a@example.org", until=until)
    link = find_live_link(purpose=CapacityKind.REGISTRANT, edition_id=edition.id, subject_id=grant.id)
    assert link is not None
    before = link.expires_at
    close_registration(actor=SYSTEM, edition=edition)
    assert link.expires_at == before


def test_late_registration_and_a_teams_own_deadline_on_screen(app: Flask, client: FlaskClient) -> None:
    edition = make_edition("spring")
    team = make_team(edition)
    organiser(client, edition, "tab")
    page = "/e/spring/people/links"
    assert post(client, page + "/late", page, address="nobody", until="2099-01-01T10:00") == 422
    assert post(client, page + "/late", page, address="a@example.org", until="2001-01-01T10:00") == 422
    assert post(client, page + "/late", page, address="a@example.org", until="2099-01-01T10:00") == 303
    grant = db.session.scalars(select(LateGrant)).one()
    assert "a@example.org" in client.get(page).text
    assert post(client, f"{page}/late/{grant.public_id}/end", page) == 303
    db.session.expire_all()
    assert grant.ended_at is not None
    own = f"/e/spring/people/teams/{team.public_id}"
    assert post(client, own + "/open-until", own, until="2099-01-01T10:00") == 303
    db.session.expire_all()
    assert team.open_until is not None
    assert post(client, own + "/open-until", own, until="") == 303
    db.session.expire_all()
    assert team.open_until is None


@pytest.fixture
def committed(bare_app: Flask) -> Iterator[Flask]:
    """The application; everything that the test commits is removed afterwards."""
    with bare_app.app_context():
        yield bare_app
        db.session.remove()
        with unit_of_work():
            for table in reversed(Base.metadata.sorted_tables):
                db.session.execute(delete(table))


def test_of_two_browsers_that_answer_one_offer_at_once_one_answer_counts(committed: Flask) -> None:
    with unit_of_work():
        edition = make_edition("race")
        team = waiting(edition, "First")
        offers.set_rules(actor=SYSTEM, edition=edition, version=0, values={"places": 1})
        keys, public_id = (edition.id, team.id), the_offer(team).public_id

    def reply(is_accepted: bool) -> str:
        with unit_of_work():
            answer_offer(
                actor=SYSTEM,
                edition=db.session.get_one(Edition, keys[0]),
                team=db.session.get_one(Team, keys[1]),
                public_id=public_id,
                is_accepted=is_accepted,
                now=utc_now(),
            )
            return "accepted" if is_accepted else "declined"

    outcomes = at_once(committed, lambda: reply(True), lambda: reply(False))
    (said,) = [outcome for outcome in outcomes if isinstance(outcome, str)]
    assert [type(outcome) for outcome in outcomes if not isinstance(outcome, str)] == [Conflict]
    db.session.remove()
    status = {"accepted": "registered", "declined": "declined"}[said]
    assert db.session.get_one(Team, keys[1]).status == status
    assert db.session.scalars(select(TeamOffer.outcome)).all() == [said]


def test_two_who_free_places_at_once_offer_each_place_once(committed: Flask) -> None:
    with unit_of_work():
        edition = make_edition("race")
        first, second = waiting(edition, "First", 1), waiting(edition, "Second", 2)
        set_rules(edition, places=2)
        key = edition.id
        assert {first.status, second.status} == {"waiting"}

    def offer() -> int:
        with unit_of_work():
            edition = db.session.get_one(Edition, key)
            return len(offer_free_places(actor=SYSTEM, edition=edition, now=utc_now()))

    assert sorted(at_once(committed, offer, offer)) == [0, 2]
    db.session.remove()
    assert db.session.scalars(select(Delegate.name).order_by(Delegate.id)).all() == [
        "Captain First",
        "Captain Second",
    ]


def test_removing_a_team_frees_its_place(app: Flask) -> None:
    edition = make_edition()
    gone = make_team(edition)
    set_rules(edition, places=1)
    waiting(edition, "First")
    teams.remove_team(actor=SYSTEM, edition=edition, team=gone, version=1)
    assert offered(edition) == ["First"]

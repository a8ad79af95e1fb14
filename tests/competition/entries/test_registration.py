"""How a team gets in: application, invitations, confirmation, the organiser's answer."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from competition.editions.models import Edition
from competition.editions.services import open_registration, write_notice
from competition.entries.models import Delegate, Team
from competition.entries.queries import entry_capacities, institutions_of, team_lines
from competition.entries.services import invitations, registration, roster
from competition.entries.services.registration import NewDelegate
from core.access import SYSTEM, Actor, CapacityKind
from core.db import db, utc_now
from core.errors import Conflict, Invalid, Stale
from core.links import find_live_link
from core.outbox import OutboxMessage
from tests.competition.editions.test_services import NOTICE
from tests.factories import (
    make_delegate,
    make_division,
    make_edition,
    make_institution,
    make_judge,
    make_person,
    make_team,
)

CAPTAIN = NewDelegate(name="Ann Lee", contact="Ann@Example.org")
MEMBERS = [
    NewDelegate(name="Bo Chen", contact="bo@example.org"),
    NewDelegate(name="Cy Wu", contact="cy@example.org"),
]


def open_edition() -> Edition:
    edition = make_edition()
    write_notice(actor=SYSTEM, edition=edition, values=NOTICE)
    open_registration(actor=SYSTEM, edition=edition, closes_at=utc_now() + timedelta(days=7))
    return edition


def register(edition: Edition, **changes: object) -> Team:
    values: dict[str, object] = {
        "actor": SYSTEM,
        "edition": edition,
        "name": "Team One",
        "institution": "Fudan University",
        "captain": CAPTAIN,
        "members": MEMBERS,
    }
    team, _link = registration.register_team(**{**values, **changes})  # type: ignore[arg-type]
    return team


def test_an_application_waits_for_the_organiser_and_invites_everybody(app: Flask) -> None:
    edition = open_edition()
    make_division(edition, "students")
    team = register(edition, division_codes=["students", "unknown"])
    (line,) = team_lines(edition.id)
    assert (line.status, line.institution, line.delegates, line.confirmed) == (
        "applied",
        "Fudan University",
        3,
        0,
    )
    assert line.divisions == ("students",)
    sent = db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
    assert sorted(message.to_address for message in sent) == [
        "Ann@Example.org",
        "bo@example.org",
        "cy@example.org",
    ]
    assert all("[[link:" in message.body for message in sent)
    captain = db.session.scalars(
        select(Delegate).where(Delegate.team_id == team.id, Delegate.is_captain)
    ).one()
    assert captain.contact == "ann@example.org"


def test_no_team_registers_when_registration_is_closed(app: Flask) -> None:
    with pytest.raises(Conflict, match="closed"):
        register(make_edition())


def test_a_team_name_is_taken_once(app: Flask) -> None:
    edition = open_edition()
    register(edition)
    with pytest.raises(Conflict, match="Team One"):
        register(edition, captain=NewDelegate(name="D", contact="d@example.org"), members=[])


def test_two_delegates_cannot_share_an_address(app: Flask) -> None:
    with pytest.raises(Invalid, match="twice"):
        register(open_edition(), members=[NewDelegate(name="Bo", contact="ANN@example.org")])


def test_declining_needs_a_reason_and_a_second_decision_is_stale(app: Flask) -> None:
    edition = open_edition()
    team = register(edition)
    decide = registration.decide_team
    with pytest.raises(Invalid, match="why"):
        decide(actor=SYSTEM, edition=edition, team=team, version=1, decision="decline")
    decide(actor=SYSTEM, edition=edition, team=team, version=1, decision="accept")
    assert team.status == "registered"
    with pytest.raises(Stale):
        decide(actor=SYSTEM, edition=edition, team=team, version=1, decision="decline", reason="full")


def test_a_team_never_grows_beyond_its_maximum(app: Flask) -> None:
    edition = make_edition(team_size_maximum=1)
    team = make_team(edition)
    make_delegate(team)
    with pytest.raises(Conflict, match="at most 1"):
        registration.add_delegate(actor=SYSTEM, edition=edition, team=team, person=NewDelegate(name="X"))


def test_the_captain_cannot_be_removed_and_a_removed_delegates_link_ends(app: Flask) -> None:
    edition = open_edition()
    team = register(edition)
    captain, bo, _cy = db.session.scalars(
        select(Delegate).where(Delegate.team_id == team.id).order_by(Delegate.id)
    )
    (link,) = invitations.find_live_links(bo)
    with pytest.raises(Conflict, match="captain"):
        registration.remove_delegate(actor=SYSTEM, edition=edition, team=team, public_id=captain.public_id)
    registration.remove_delegate(actor=SYSTEM, edition=edition, team=team, public_id=bo.public_id)
    assert not link.is_usable(utc_now())


def test_a_place_is_claimed_only_at_the_address_it_was_sent_to(app: Flask) -> None:
    edition = open_edition()
    team = register(edition)
    bo = db.session.scalars(select(Delegate).where(Delegate.contact == "bo@example.org")).one()
    (link,) = invitations.find_live_links(bo)
    person = make_person()
    actor = Actor(person_id=person.id, user_id=1)
    assert invitations.claim(actor=actor, link=link, address="eve@example.org") is None
    assert invitations.claim(actor=Actor(link_id=link.id), link=link, address="bo@example.org") is None
    assert invitations.claim(actor=actor, link=link, address="BO@example.org") is bo
    assert {(c.kind, c.subject_id) for c in entry_capacities(person.id)} == {(CapacityKind.DELEGATE, bo.id)}
    other = Actor(person_id=make_person().id, user_id=2)
    assert invitations.claim(actor=other, link=link, address="bo@example.org") is None
    assert team.id == bo.team_id


def test_the_roster_never_makes_anybody_able_to_sign_in(app: Flask) -> None:
    from accounts.models import User

    register(open_edition())
    assert db.session.scalars(select(User)).all() == []


def test_a_name_cannot_smuggle_somebody_elses_link_into_a_mail(app: Flask) -> None:
    with pytest.raises(Invalid):
        register(open_edition(), captain=NewDelegate(name="[[link:999]]", contact="a@example.org"))


def test_the_captain_is_told_what_was_decided_and_why(app: Flask) -> None:
    edition = open_edition()
    team = register(edition)
    registration.decide_team(
        actor=SYSTEM, edition=edition, team=team, version=1, decision="decline", reason="The list is full."
    )
    mail = db.session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "team_decision")).one()
    assert mail.to_address == "ann@example.org"
    assert "Team One has not been accepted" in mail.body
    assert "The list is full." in mail.body
    assert "[[link:" in mail.body


def test_a_corrected_address_ends_the_link_that_went_to_the_earlier_one(app: Flask) -> None:
    edition = open_edition()
    register(edition)
    bo = db.session.scalars(select(Delegate).where(Delegate.contact == "bo@example.org")).one()
    (link,) = invitations.find_live_links(bo)
    edit, person = registration.edit_delegate, NewDelegate(name="Bo Chen", contact="BO@example.org")
    edit(actor=SYSTEM, edition=edition, delegate=bo, person=person)
    assert link.is_usable(utc_now())
    edit(
        actor=SYSTEM,
        edition=edition,
        delegate=bo,
        person=NewDelegate(name="Bo Chen", contact="b2@example.org"),
    )
    assert not link.is_usable(utc_now())
    assert bo.contact == "b2@example.org"


def test_a_team_has_one_captain_and_the_earlier_ones_link_ends(app: Flask) -> None:
    edition = open_edition()
    team = register(edition)
    ann, bo, cy = db.session.scalars(
        select(Delegate).where(Delegate.team_id == team.id).order_by(Delegate.id)
    )
    link = find_live_link(purpose=CapacityKind.CAPTAIN, edition_id=edition.id, subject_id=team.id)
    assert link is not None
    registration.make_captain(actor=SYSTEM, edition=edition, team=team, delegate=bo)
    assert [row.is_captain for row in (ann, bo, cy)] == [False, True, False]
    assert not link.is_usable(utc_now())


def test_an_institution_typed_twice_becomes_one(app: Flask) -> None:
    edition = make_edition()
    wrong, right = make_institution(edition, "Fudan Univ."), make_institution(edition, "Fudan University")
    team, judge = make_team(edition, institution_id=wrong.id), make_judge(edition, institution_id=wrong.id)
    roster.merge_institution(actor=SYSTEM, edition=edition, source=wrong, target=right)
    db.session.refresh(team)
    db.session.refresh(judge)
    assert (team.institution_id, judge.institution_id) == (right.id, right.id)
    assert [row.code for row in institutions_of(edition.id)] == ["Fudan University"]
    with pytest.raises(Conflict):
        roster.merge_institution(actor=SYSTEM, edition=edition, source=right, target=right)

"""How often a captain may have an invitation sent, how long links live when the deadline moves, who claims a place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from competition.editions.deadline import GRACE
from competition.editions.models import Edition
from competition.editions.services import close_registration, open_registration
from competition.entries.models import Delegate, Team
from competition.entries.services import invitations
from competition.entries.services.registration import decide_team
from core.access import SYSTEM, Actor, CapacityKind
from core.audit import AuditEntry, edition_scope, record
from core.db import Base, db, unit_of_work, utc_now
from core.errors import Conflict
from core.links import PrivateLink, find_live_link
from core.outbox import OutboxMessage
from tests.competition.entries.test_links import open_link, post, token_of
from tests.competition.entries.test_registration import open_edition
from tests.core.test_at_once import at_once
from tests.factories import make_delegate, make_edition, make_person, make_team

CAPTAIN = "ann@example.org"


@pytest.fixture
def edition(app: Flask) -> Edition:
    return open_edition()


def captained_team(edition: Edition) -> tuple[Team, Delegate]:
    """A team with its captain, and a mate who is invited."""
    team = make_team(edition, "North", status="applied")
    make_delegate(team, "Ann", contact=CAPTAIN, is_captain=True)
    mate = make_delegate(team, "Bo", contact="bo@example.org")
    invitations.invite_delegate(actor=SYSTEM, edition=edition, delegate=mate)
    return team, mate


def letters_to(address: str) -> int:
    return len(db.session.scalars(select(OutboxMessage).where(OutboxMessage.to_address == address)).all())


def test_a_captain_invites_a_delegate_again_a_few_times_a_day(edition: Edition) -> None:
    _team, mate = captained_team(edition)
    for _ in range(invitations.MOST_LETTERS_A_DAY - 1):
        invitations.invite_again(actor=SYSTEM, edition=edition, delegate=mate)
    with pytest.raises(Conflict, match="Bo has been invited 4 times"):
        invitations.invite_again(actor=SYSTEM, edition=edition, delegate=mate)
    assert letters_to("bo@example.org") == invitations.MOST_LETTERS_A_DAY
    for link in db.session.scalars(select(PrivateLink)):
        link.created_at -= timedelta(days=1)
    db.session.flush()
    invitations.invite_again(actor=SYSTEM, edition=edition, delegate=mate)


def test_a_captain_has_so_many_letters_a_day_and_others_have_theirs(edition: Edition) -> None:
    captain = Actor(link_id=7)
    for _ in range(invitations.MOST_LETTERS_OF_A_CAPTAIN):
        record(captain, "invite", "delegate", 1, scope=edition_scope(edition.id))
    db.session.flush()
    with pytest.raises(Conflict, match="very many"):
        invitations.refuse_too_many_letters(captain, edition)
    invitations.refuse_too_many_letters(Actor(link_id=8), edition)
    invitations.refuse_too_many_letters(captain, make_edition())


def test_on_the_captains_page_a_double_click_sends_one_letter_and_the_limit_is_said(
    edition: Edition, client: FlaskClient
) -> None:
    team, mate = captained_team(edition)
    open_link(client, invitations.captain_link(edition, team, CAPTAIN))
    page = f"/e/{edition.slug}/team"
    path = f"{page}/delegates/{mate.public_id}/invite"
    form = re.search(rf'action="{path}".*?</form>', client.get(page).text, re.S)
    assert form is not None
    fields = dict(re.findall(r'name="([^"]+)"\s+value="([^"]*)"', form[0]))
    for _ in range(3):
        assert client.post(path, data=fields).status_code == 303
    assert letters_to("bo@example.org") == 2
    for _ in range(3):
        assert post(client, path, page) == 303
    assert letters_to("bo@example.org") == invitations.MOST_LETTERS_A_DAY
    assert "Bo has been invited 4 times within a day" in client.get(page).text


def captains_end(edition: Edition, team: Team) -> datetime:
    link = find_live_link(purpose=CapacityKind.CAPTAIN, edition_id=edition.id, subject_id=team.id)
    assert link is not None
    return link.expires_at


def test_links_of_captains_and_for_registration_move_with_the_deadline(edition: Edition) -> None:
    team, _mate = captained_team(edition)
    public, own = (
        invitations.registration_link(actor=SYSTEM, edition=edition),
        invitations.captain_link(edition, team, CAPTAIN),
    )
    for days in (60, 30):
        closes_at = utc_now() + timedelta(days=days)
        open_registration(actor=SYSTEM, edition=edition, closes_at=closes_at)
        assert (public.expires_at, captains_end(edition, team)) == (closes_at + GRACE, closes_at + GRACE)
    close_registration(actor=SYSTEM, edition=edition)
    assert public.expires_at == edition.registration_closes_at + GRACE
    assert own.expires_at == own.created_at + timedelta(days=14)
    open_registration(actor=SYSTEM, edition=edition, closes_at=closes_at)
    assert invitations.find_registration_link(edition) is public


def test_links_that_somebody_ended_stay_ended_when_the_deadline_moves(edition: Edition) -> None:
    team, _mate = captained_team(edition)
    ended = invitations.captain_link(edition, team, CAPTAIN)
    foreign_edition = open_edition()
    foreign = invitations.registration_link(actor=SYSTEM, edition=foreign_edition)
    invitations.end_links(actor=SYSTEM, edition=edition, purpose=CapacityKind.CAPTAIN, subject_id=team.id)
    before = (ended.expires_at, foreign.expires_at)
    open_registration(actor=SYSTEM, edition=edition, closes_at=utc_now() + timedelta(days=60))
    assert (ended.expires_at, foreign.expires_at, ended.is_usable(utc_now())) == (*before, False)


def test_the_answer_to_an_application_does_not_end_the_link_that_the_captain_has_open(
    edition: Edition,
) -> None:
    team, _mate = captained_team(edition)
    link = invitations.captain_link(edition, team, CAPTAIN)
    link.expires_at = utc_now() + timedelta(days=1)
    decide_team(actor=SYSTEM, edition=edition, team=team, version=1, decision="accept")
    assert link.is_usable(utc_now() + timedelta(days=13))
    mail = db.session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "team_decision")).one()
    assert f"[[link:{link.id}]]" in mail.body


def test_the_answer_makes_a_new_link_when_the_address_has_changed(edition: Edition) -> None:
    team, _mate = captained_team(edition)
    link = invitations.captain_link(edition, team, "old@example.org")
    decide_team(actor=SYSTEM, edition=edition, team=team, version=1, decision="accept")
    assert not link.is_usable(utc_now())


def test_times_of_links_are_told_in_the_editions_zone(edition: Edition, client: FlaskClient) -> None:
    from tests.factories import make_organiser, make_user, sign_in

    edition.timezone = "Asia/Shanghai"
    person = make_person()
    make_organiser(edition, person, "tab")
    sign_in(client, make_user(person=person))
    link = invitations.registration_link(actor=SYSTEM, edition=edition)
    edition.registration_closes_at = datetime.fromisoformat("2099-05-16T20:30:00+00:00")
    link.expires_at = edition.registration_closes_at + GRACE
    db.session.commit()
    text = client.get(f"/e/{edition.slug}/people/links").text
    assert re.search(r"May 17, 2099 4:30\sAM \(Asia/Shanghai\)", text)


@pytest.fixture
def committed(bare_app: Flask) -> Iterator[Flask]:
    """The application; everything that the test commits is removed afterwards."""
    with bare_app.app_context():
        yield bare_app
        db.session.remove()
        with unit_of_work():
            for table in reversed(Base.metadata.sorted_tables):
                db.session.execute(delete(table))


def test_a_place_claimed_by_two_people_at_once_is_refused_to_the_second(committed: Flask) -> None:
    with unit_of_work():
        delegate = make_delegate(make_team(make_edition("claimed")), contact="bo@example.org")
        edition = db.session.get_one(Edition, delegate.edition_id)
        link = invitations.invite_delegate(actor=SYSTEM, edition=edition, delegate=delegate)
        people = [make_person(name).id for name in ("First", "Second")]
        link_id, delegate_id = link.id, delegate.id

    def claim_as(person_id: int) -> bool:
        with unit_of_work():
            actor, found = (
                Actor(person_id=person_id, user_id=person_id),
                db.session.get_one(PrivateLink, link_id),
            )
            return invitations.claim(actor=actor, link=found, address="bo@example.org") is not None

    outcomes = at_once(committed, *(lambda key=key: claim_as(key) for key in people))
    assert sorted(outcomes) == [False, True]
    db.session.remove()
    assert db.session.get_one(Delegate, delegate_id).person_id == people[outcomes.index(True)]
    claims = db.session.scalars(select(AuditEntry.person_id).where(AuditEntry.verb == "claim")).all()
    assert claims == [people[outcomes.index(True)]]


def test_the_page_of_a_link_says_whom_it_is_for_and_until_when_where_the_event_is(
    edition: Edition, client: FlaskClient
) -> None:
    edition.timezone = "Asia/Shanghai"
    team, _mate = captained_team(edition)
    moment = datetime.fromisoformat("2099-05-16T20:30:00+00:00")
    links = {
        "This link is for captains": invitations.registration_link(actor=SYSTEM, edition=edition),
        "Give it to nobody else": invitations.captain_link(edition, team, CAPTAIN),
    }
    edition.registration_closes_at = moment
    for words, link in links.items():
        link.expires_at = moment
        db.session.flush()
        text = client.get("/l/" + token_of(link)).text
        assert words in text
        assert re.search(r"May 17, 2099 4:30\sAM \(Asia/Shanghai\)", text)


def test_a_captain_whose_team_is_too_small_is_told_so(edition: Edition, client: FlaskClient) -> None:
    team, _mate = captained_team(edition)
    open_link(client, invitations.captain_link(edition, team, CAPTAIN))
    page = f"/e/{edition.slug}/team"
    assert "Delegates that yours still lacks: 1." in client.get(page).text
    make_delegate(team, "Cy")
    db.session.commit()
    assert "too small" not in client.get(page).text

"""A coach: invited, claimed at their own address, shown their own people, held to what the edition allows."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from competition.editions.models import Edition
from competition.entries.models import Team
from competition.entries.registering.rules import rules_of, save_rules
from competition.entries.services import invitations
from core.access import SYSTEM, Actor, CapacityKind
from core.db import db
from core.errors import Conflict
from core.links import find_live_link
from tests.competition.entries.registering.test_entry import change
from tests.competition.entries.test_links import open_link, post
from tests.competition.entries.test_registration import open_edition
from tests.factories import make_delegate, make_organiser, make_person, make_team, make_user, sign_in

WU = "wu@example.org"


@pytest.fixture
def edition(app: Flask) -> Edition:
    return open_edition()


@pytest.fixture
def team(edition: Edition) -> Team:
    team = make_team(edition, "North", coach="Prof. Wu", coach_contact=WU)
    make_delegate(team, "Lin Wei", is_captain=True)
    make_delegate(make_team(edition, "South"), "Foreign Person")
    return team


def allow(edition: Edition, **values: bool) -> None:
    save_rules(actor=SYSTEM, edition=edition, version=rules_of(edition.id).version, values=values)
    db.session.commit()


def test_a_coach_by_link_sees_their_own_people_only(
    edition: Edition, team: Team, client: FlaskClient
) -> None:
    link = invitations.invite_coach(actor=SYSTEM, edition=edition, team=team)
    open_link(client, link)
    text = client.get(f"/e/{edition.slug}/coach").text
    assert ("Lin Wei" in text, "Foreign Person" in text) == (True, False)
    assert client.get(f"/e/{edition.slug}/people/teams").status_code == 403
    assert client.get(f"/e/{edition.slug}/team").status_code == 403


def test_a_place_as_coach_is_claimed_at_the_address_it_was_sent_to(edition: Edition, team: Team) -> None:
    link = invitations.invite_coach(actor=SYSTEM, edition=edition, team=team)
    person, other = make_person("Prof. Wu"), make_person("Eve")
    eve = Actor(person_id=other.id, user_id=2)
    assert invitations.claim(actor=eve, link=link, address="eve@example.org") is None
    assert [place.name for _link, place in invitations.open_invitations(WU)] == ["Prof. Wu"]
    assert invitations.claim(actor=Actor(person_id=person.id, user_id=1), link=link, address=WU) is not None
    assert (team.coach_person_id, invitations.open_invitations(WU)) == (person.id, [])
    assert invitations.claim(actor=eve, link=link, address=WU) is None


def test_another_coach_ends_the_link_and_the_claim_of_the_earlier_one(edition: Edition, team: Team) -> None:
    invitations.invite_coach(actor=SYSTEM, edition=edition, team=team)
    team.coach_person_id = make_person().id
    change(edition, team, coach="Dr. Li", coach_contact="li@example.org")
    live = find_live_link(purpose=CapacityKind.COACH, edition_id=edition.id, subject_id=team.id)
    assert (live, team.coach_person_id) == (None, None)
    change(edition, team, coach_contact="")
    with pytest.raises(Conflict, match="no address"):
        invitations.invite_coach(actor=SYSTEM, edition=edition, team=team)


def test_an_organiser_sends_the_coach_a_link(edition: Edition, team: Team, client: FlaskClient) -> None:
    person = make_person("Tab")
    make_organiser(edition, person, "tab")
    sign_in(client, make_user(person=person))
    page = f"/e/{edition.slug}/people/teams/{team.public_id}"
    assert post(client, page + "/coach/invite", page) == 303
    assert find_live_link(purpose=CapacityKind.COACH, edition_id=edition.id, subject_id=team.id) is not None


def test_what_a_coach_may_do_follows_the_editions_settings(
    edition: Edition, team: Team, client: FlaskClient
) -> None:
    open_link(client, invitations.invite_coach(actor=SYSTEM, edition=edition, team=team))
    base = f"/e/{edition.slug}"

    def reached() -> tuple[int, int]:
        return client.get(f"{base}/report").status_code, client.get(f"{base}/team/disputes").status_code

    assert reached() == (200, 403)
    assert "may be in the room" in client.get(f"{base}/coach").text
    allow(edition, coach_marks=False, coach_protest=True, coach_in_room=False)
    assert reached() == (200, 200)
    assert "coaches do not see marks" in client.get(f"{base}/report").text
    assert "stay outside the room" in client.get(f"{base}/coach").text
    allow(edition, coach_feedback=False)
    assert reached() == (403, 200)


def test_who_coaches_nobody_has_no_such_page(edition: Edition, team: Team, client: FlaskClient) -> None:
    person = make_person()
    make_delegate(team, person_id=person.id)
    sign_in(client, make_user(person=person))
    assert client.get(f"/e/{edition.slug}/coach").status_code == 404

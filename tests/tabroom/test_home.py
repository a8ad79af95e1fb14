"""Everybody's home and place in an edition."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.models import Person
from competition.editions.services import open_registration, write_notice
from competition.entries.models import Delegate
from competition.rounds.models import Draw, NegotiationTable, Seat
from core.access import SYSTEM, CapacityKind
from core.db import db, utc_now
from core.links import address_of, create_link
from core.roles import ROLES
from tests.competition.editions.test_services import NOTICE
from tests.factories import (
    NOW,
    add,
    make_delegate,
    make_edition,
    make_judge,
    make_organiser,
    make_person,
    make_room,
    make_round,
    make_team,
    make_user,
    sign_in,
)


def text_of(client: FlaskClient, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, response.headers.get("Location")
    return response.text


def test_a_visitor_is_welcomed_and_sees_only_public_editions(client: FlaskClient) -> None:
    make_edition(name="Open Cup", is_public=True)
    make_edition(name="Secret Cup")
    db.session.commit()
    page = text_of(client, "/")
    assert "Open Cup" in page
    assert "Secret Cup" not in page


def test_a_director_is_led_to_the_first_missing_thing(client: FlaskClient) -> None:
    user = make_user()
    edition = make_edition(name="Spring")
    make_organiser(edition, make_person())
    organiser = make_organiser(edition, db.session.get_one(type(make_person()), user.person_id))
    sign_in(client, user)
    assert organiser.capacity == "director"
    page = text_of(client, "/")
    assert "You organise" in page
    assert f"/e/{edition.slug}/rubric/" in page


def test_a_participant_sees_role_table_room_and_opponents_only_once_released(client: FlaskClient) -> None:
    edition = make_edition()
    teams = [make_team(edition, f"Team {role.value}") for role in ROLES]
    delegate = make_delegate(teams[0], confirmed_at=NOW)
    round_ = make_round(edition, name="Opening round")
    draw = add(Draw(round_id=round_.id, version=1, state="confirmed", created_at=NOW))
    room = make_room(edition, "Blue hall")
    table = add(NegotiationTable(draw_id=draw.id, name="T7", room_id=room.id))
    for role, team in zip(ROLES, teams, strict=True):
        add(Seat(draw_id=draw.id, table_id=table.id, role=role.value, team_id=team.id))
    user = make_user()
    delegate.person_id = user.person_id
    sign_in(client, user)
    path = f"/e/{edition.slug}/me"
    before = text_of(client, path)
    assert "Blue hall" not in before
    assert "Team igo" not in before
    draw.state = "released"
    db.session.commit()
    after = text_of(client, path)
    for word in (
        "Opening round",
        "T7",
        "Blue hall",
        "Government",
        "Team enterprise",
        "Team local_ngo",
        "Team igo",
    ):
        assert word in after


def test_a_delegate_confirms_their_own_details_through_a_private_link(
    app: Flask, client: FlaskClient
) -> None:
    edition = make_edition()
    write_notice(actor=SYSTEM, edition=edition, values=NOTICE)
    delegate = make_delegate(make_team(edition), name="Lin Wei")
    link = create_link(
        purpose=CapacityKind.DELEGATE,
        edition_id=edition.id,
        subject_id=delegate.id,
        expires_at=utc_now() + timedelta(days=1),
    )
    db.session.commit()
    app.config["WTF_CSRF_ENABLED"] = False
    path = address_of(link).removeprefix("http://localhost")
    assert "Lin Wei" in text_of(client, path)
    db.session.expire_all()
    assert link.last_used_at is None
    details = f"/e/{edition.slug}/me/details"
    assert client.post(path).headers["Location"] == details
    refused = client.post(details, data={"name": "Lin Weiwei"})
    assert refused.status_code == 422
    assert "Lin Weiwei" in refused.text
    accepted = client.post(
        details, data={"name": "Lin Weiwei", "name_local": "林薇薇", "has_read": "y", "is_of_age": "y"}
    )
    assert accepted.status_code == 303
    db.session.expire_all()
    found = db.session.get_one(Delegate, delegate.id)
    assert (found.name, found.name_local, found.notice_version) == ("Lin Weiwei", "林薇薇", 1)
    assert found.confirmed_at is not None
    app.config["WTF_CSRF_ENABLED"] = True


def test_a_captain_registers_through_the_link_and_a_second_sending_changes_nothing(
    app: Flask, client: FlaskClient
) -> None:
    edition = make_edition()
    write_notice(actor=SYSTEM, edition=edition, values=NOTICE)
    open_registration(actor=SYSTEM, edition=edition, closes_at=utc_now() + timedelta(days=3))
    link = create_link(
        purpose=CapacityKind.REGISTRANT,
        edition_id=edition.id,
        subject_id=None,
        expires_at=utc_now() + timedelta(days=1),
    )
    db.session.commit()
    app.config["WTF_CSRF_ENABLED"] = False
    client.post(address_of(link).removeprefix("http://localhost"))
    form = {
        "name": "North Stars",
        "institution": "Fudan University",
        "captain_name": "Ann Lee",
        "captain_contact": "ann@example.org",
        "members-0-name": "Bo Chen",
        "members-0-contact": "bo@example.org",
        "idempotency_key": "k" * 24,
    }
    path = f"/e/{edition.slug}/register"
    missing = client.post(path, data={**form, "members-0-contact": ""})
    assert missing.status_code == 422
    assert "North Stars" in missing.text
    double = app.test_client()
    double.post(address_of(link).removeprefix("http://localhost"))
    for browser in (client, double):
        assert browser.post(path, data=form).headers["Location"].startswith(f"/e/{edition.slug}/team?of=")
        assert browser.get(f"/e/{edition.slug}/team").status_code == 200
    assert "Bo Chen" in text_of(client, f"/e/{edition.slug}/team")
    again = client.post(path, data=form)
    assert again.status_code == 403
    db.session.expire_all()
    names = [row.name for row in db.session.query(Delegate).order_by(Delegate.id)]
    assert names == ["Ann Lee", "Bo Chen"]
    app.config["WTF_CSRF_ENABLED"] = True


@pytest.mark.parametrize("who", ["operator", "director", "tab", "captain", "judge"])
def test_what_the_first_pages_lead_to_can_be_opened_by_the_one_who_reads_them(
    client: FlaskClient, who: str
) -> None:
    user = make_user(is_operator=who == "operator")
    person = db.session.get_one(Person, user.person_id)
    edition = make_edition()
    if who in ("director", "tab"):
        make_organiser(edition, person, who)
    if who == "captain":
        make_delegate(make_team(edition), person_id=person.id, is_captain=True)
    if who == "judge":
        make_judge(edition, person_id=person.id)
    sign_in(client, user)
    pages = ["/", "/editions/"] + ([f"/e/{edition.slug}/overview"] if who in ("director", "tab") else [])
    seen = {link for page in pages for link in re.findall(r'<a[^>]* href="(/[^"#]*)"', text_of(client, page))}
    assert "/account" in seen
    assert {link: status for link in seen if (status := client.get(link).status_code) >= 400} == {}

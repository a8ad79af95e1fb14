"""Private links of captains, delegates and judges: how long they live, who renews and ends them, what they open."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from competition.editions.models import Edition
from competition.entries.models import Delegate, Judge, Team
from competition.entries.queries import find_captained_team
from competition.entries.services import invitations
from core.access import SYSTEM, Actor, CapacityKind, capacities_of_person
from core.audit import AuditEntry
from core.db import db, utc_now
from core.links import PrivateLink, address_of, find_by_token, find_live_link
from core.outbox import OutboxMessage
from tests.competition.entries.test_registration import open_edition
from tests.factories import (
    make_delegate,
    make_edition,
    make_judge,
    make_organiser,
    make_person,
    make_team,
    make_user,
    sign_in,
)


def token_of(link: PrivateLink) -> str:
    return address_of(link).rsplit("/", 1)[1]


def post(client: FlaskClient, path: str, page: str, **values: str) -> int:
    """Send a form with the tokens of a page."""
    text = client.get(page).get_data(as_text=True)
    found = {
        name: re.search(rf'name="{name}"[^>]*value="([^"]+)"', text)
        for name in ("csrf_token", "idempotency_key", "version")
    }
    hidden = {name: match[1] for name, match in found.items() if match}
    return client.post(path, data={**hidden, **values}).status_code


@pytest.fixture
def edition(app: Flask) -> Edition:
    return open_edition()


@pytest.fixture
def organiser(edition: Edition, client: FlaskClient) -> FlaskClient:
    person = make_person("Tab")
    make_organiser(edition, person, "tab")
    sign_in(client, make_user(person=person))
    return client


def open_link(client: FlaskClient, link: PrivateLink) -> FlaskClient:
    path = "/l/" + token_of(link)
    assert post(client, path, path) == 303
    return client


@pytest.mark.parametrize(
    ("zone", "ends_on", "expected"),
    [
        ("Asia/Shanghai", date(2090, 5, 16), datetime(2090, 5, 17, 16, tzinfo=UTC)),
        ("America/Los_Angeles", date(2090, 5, 16), datetime(2090, 5, 18, 7, tzinfo=UTC)),
        ("UTC", date(9999, 12, 31), datetime(9000, 1, 3, tzinfo=UTC)),
    ],
)
def test_a_judges_link_works_until_a_day_after_the_last_day(
    app: Flask, zone: str, ends_on: date, expected: datetime
) -> None:
    edition = make_edition(timezone=zone, ends_on=ends_on)
    link = invitations.invite_judge(actor=SYSTEM, edition=edition, judge=make_judge(edition))
    assert link.expires_at == expected


def test_a_judges_link_made_after_the_end_works_for_a_day(app: Flask) -> None:
    edition = make_edition(ends_on=date(2020, 5, 16))
    link = invitations.invite_judge(actor=SYSTEM, edition=edition, judge=make_judge(edition))
    assert timedelta(hours=23) < link.expires_at - utc_now() <= timedelta(days=1)


def test_an_invitation_works_for_fourteen_days(app: Flask, edition: Edition) -> None:
    delegate = make_delegate(make_team(edition), contact="ann@example.org")
    link = invitations.invite_delegate(actor=SYSTEM, edition=edition, delegate=delegate)
    assert timedelta(days=13, hours=23) < link.expires_at - utc_now() <= timedelta(days=14)


def test_looking_at_a_link_uses_nothing_up(app: Flask, edition: Edition, client: FlaskClient) -> None:
    link = invitations.invite_judge(actor=SYSTEM, edition=edition, judge=make_judge(edition))
    for _ in range(3):
        assert client.get("/l/" + token_of(link)).status_code == 200
    assert (link.last_used_at, client.get(f"/e/{edition.slug}/judge/").status_code) == (None, 302)
    open_link(client, link)
    db.session.expire_all()
    assert (link.last_used_at is not None, client.get(f"/e/{edition.slug}/judge/").status_code) == (True, 200)


@pytest.mark.parametrize("change", ["revoke", "renew", "expire"])
def test_an_ended_link_ends_the_browsers_that_came_through_it(
    app: Flask, edition: Edition, client: FlaskClient, change: str
) -> None:
    judge = make_judge(edition)
    link = invitations.invite_judge(actor=SYSTEM, edition=edition, judge=judge)
    open_link(client, link)
    if change == "revoke":
        invitations.end_links(actor=SYSTEM, edition=edition, purpose=CapacityKind.JUDGE, subject_id=judge.id)
    elif change == "renew":
        invitations.invite_judge(actor=SYSTEM, edition=edition, judge=judge)
    else:
        link.expires_at = utc_now() - timedelta(seconds=1)
    db.session.flush()
    assert client.get(f"/e/{edition.slug}/judge/").status_code == 302
    assert find_by_token(token_of(link)) is None


@pytest.mark.parametrize(
    ("is_captain", "purpose"), [(True, CapacityKind.CAPTAIN), (False, CapacityKind.DELEGATE)]
)
def test_an_organiser_renews_and_ends_the_link_of_anybody_in_a_team(
    edition: Edition, organiser: FlaskClient, is_captain: bool, purpose: CapacityKind
) -> None:
    team = make_team(edition)
    delegate = make_delegate(team, contact="ann@example.org", is_captain=is_captain)
    page = f"/e/{edition.slug}/people/teams/{team.public_id}"
    subject_id = team.id if is_captain else delegate.id

    def live() -> PrivateLink | None:
        db.session.expire_all()
        return find_live_link(purpose=purpose, edition_id=edition.id, subject_id=subject_id)

    assert post(organiser, f"{page}/members/{delegate.public_id}/invite", page) == 303
    first = live()
    assert first is not None
    first_id = first.id
    assert post(organiser, f"{page}/members/{delegate.public_id}/invite", page) == 303
    second = live()
    assert second is not None
    assert second.id > first_id
    assert post(organiser, f"{page}/members/{delegate.public_id}/end-link", page) == 303
    assert live() is None
    assert db.session.scalars(select(OutboxMessage.to_address)).all() == ["ann@example.org"] * 2
    verbs = db.session.scalars(select(AuditEntry.verb).where(AuditEntry.person_id.is_not(None)))
    assert [verb for verb in verbs if verb != "sign_in"] == ["invite", "invite", "end_link"]


def test_the_people_of_another_edition_are_out_of_reach(edition: Edition, organiser: FlaskClient) -> None:
    foreign = make_team(make_edition())
    delegate = make_delegate(foreign)
    own = make_team(edition)
    page = f"/e/{edition.slug}/people/teams"
    for team in (foreign, own):
        path = f"{page}/{team.public_id}/members/{delegate.public_id}/invite"
        assert post(organiser, path, page + "/new") == 404
    judge = make_judge(make_edition())
    assert (
        post(organiser, f"/e/{edition.slug}/people/judges/{judge.public_id}/end-link", page + "/new") == 404
    )


def test_a_judges_new_address_ends_the_link_that_went_to_the_earlier_one(
    edition: Edition, organiser: FlaskClient
) -> None:
    judge = make_judge(edition, contact="wrong@example.org")
    first = invitations.invite_judge(actor=SYSTEM, edition=edition, judge=judge)
    page = f"/e/{edition.slug}/people/judges/{judge.public_id}"
    assert post(organiser, page, page, name="Judge Sato", contact="right@example.org") == 303
    assert find_by_token(token_of(first)) is None
    assert invitations.open_invitations("wrong@example.org") == []
    assert [row.id for _link, row in invitations.open_invitations("right@example.org")] == [judge.id]


def test_a_judge_added_by_a_form_sent_twice_is_added_once(edition: Edition, organiser: FlaskClient) -> None:
    page = f"/e/{edition.slug}/people/judges/new"
    text = organiser.get(page).get_data(as_text=True)
    data = {
        name: (re.search(rf'name="{name}"[^>]*value="([^"]+)"', text) or [""] * 2)[1]
        for name in ("csrf_token", "idempotency_key")
    }
    answers = [organiser.post(page, data={**data, "name": "New Judge"}) for _ in range(2)]
    assert [answer.location for answer in answers] == [answers[0].location] * 2
    count = select(func.count()).select_from(Judge).where(Judge.edition_id == edition.id)
    assert db.session.scalar(count) == 1


def test_a_captain_acts_for_the_team_of_the_captaincy_only(edition: Edition, client: FlaskClient) -> None:
    person = make_person()
    other, own = make_team(edition, "Other"), make_team(edition, "Own")
    make_delegate(other, person_id=person.id)
    victim = make_delegate(other, "Victim")
    make_delegate(own, person_id=person.id, is_captain=True)
    actor = Actor(person_id=person.id, capacities=capacities_of_person(person.id))
    found = find_captained_team(actor, edition)
    assert [team.name for team in [found] if team] == ["Own"]
    sign_in(client, make_user(person=person))
    page = f"/e/{edition.slug}/team"
    assert "Victim" not in client.get(page).get_data(as_text=True)
    assert post(client, f"{page}/delegates/{victim.public_id}/remove", page) == 404
    assert db.session.get(Delegate, victim.id) is not None


def test_a_captains_link_opens_nothing_else(edition: Edition, client: FlaskClient) -> None:
    team = make_team(edition)
    make_delegate(team, is_captain=True, contact="ann@example.org")
    elsewhere = make_edition()
    make_team(elsewhere)
    open_link(client, invitations.captain_link(edition, team, "ann@example.org"))
    assert client.get(f"/e/{edition.slug}/team").status_code == 200
    closed = {
        f"/e/{edition.slug}/people/teams": 403,
        f"/e/{edition.slug}/files/": 403,
        f"/e/{edition.slug}/judge/": 403,
        f"/e/{edition.slug}/register": 403,
        f"/e/{elsewhere.slug}/team": 404,
        "/account": 403,
        "/account/data": 403,
        "/pool/": 403,
        "/employers/search": 403,
        "/operator/": 403,
        "/editions/": 403,
    }
    assert {path: client.get(path).status_code for path in closed} == closed


def test_a_team_is_never_registered_with_more_than_its_maximum(edition: Edition) -> None:
    from competition.entries.services.registration import NewDelegate
    from core.errors import Conflict
    from tests.competition.entries.test_registration import register

    members = [
        NewDelegate(name=f"M{n}", contact=f"m{n}@example.org") for n in range(edition.team_size_maximum)
    ]
    with pytest.raises(Conflict, match="at most 5"):
        register(edition, members=members)
    assert db.session.scalars(select(Team).where(Team.edition_id == edition.id)).all() == []

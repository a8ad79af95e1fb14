"""The organiser's list of teams: many answers at once, a withdrawal undone, a team removed, wishes, statuses."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from competition.editions.models import Edition
from competition.entries.models import Arrival, Delegate, Team
from competition.entries.services import invitations, teams
from competition.entries.services.registration import withdraw_team
from competition.rounds.models import Absence, Draw, NegotiationTable, Seat
from core.access import SYSTEM, CapacityKind
from core.audit import AuditEntry
from core.db import db
from core.errors import Conflict, Stale
from core.links import find_live_link
from core.outbox import OutboxMessage
from tests.factories import (
    NOW,
    add,
    make_delegate,
    make_edition,
    make_organiser,
    make_person,
    make_round,
    make_team,
    make_user,
    sign_in,
)


def apply(edition: Edition, name: str, **values: object) -> Team:
    team = make_team(edition, name, status="applied", **values)
    make_delegate(team, f"Captain of {name}", contact=f"{name.lower()}@example.org", is_captain=True)
    return team


def draw_team(edition: Edition, team: Team) -> None:
    draw = add(Draw(round_id=make_round(edition).id, version=1, state="draft", created_at=NOW))
    table = add(NegotiationTable(draw_id=draw.id, name="T1"))
    add(Seat(draw_id=draw.id, table_id=table.id, role="igo", team_id=team.id))


def test_several_applications_are_accepted_together_and_every_captain_is_told(app: Flask) -> None:
    edition = make_edition()
    picked = [apply(edition, name) for name in ("A", "B")]
    apply(edition, "C")
    picks = {team.public_id: team.version for team in picked}
    assert teams.answer_teams(actor=SYSTEM, edition=edition, picks=picks, decision="accept") == (
        ["A", "B"],
        [],
    )
    assert list(db.session.scalars(select(Team.status).order_by(Team.id))) == [
        "registered",
        "registered",
        "applied",
    ]
    assert sorted(db.session.scalars(select(OutboxMessage.to_address))) == ["a@example.org", "b@example.org"]


def test_an_application_answered_in_the_meantime_is_passed_over_and_named(app: Flask) -> None:
    edition = make_edition()
    fresh, changed, answered = apply(edition, "A"), apply(edition, "B"), apply(edition, "C")
    picks = {team.public_id: team.version for team in (fresh, changed, answered)}
    changed.version += 1
    answered.status, answered.version = "registered", 2
    done, passed = teams.answer_teams(actor=SYSTEM, edition=edition, picks=picks, decision="accept")
    assert (done, [name for name, _fault in passed]) == (["A"], ["B", "C"])
    assert changed.status == "applied"


def test_teams_of_another_edition_are_never_accepted(app: Flask) -> None:
    foreign = apply(make_edition(), "A")
    picks = {foreign.public_id: 1}
    answer = teams.answer_teams(actor=SYSTEM, edition=make_edition(), picks=picks, decision="accept")
    assert answer == ([], [])
    assert foreign.status == "applied"


def test_a_withdrawal_is_undone_against_the_version_that_was_shown(app: Flask) -> None:
    edition = make_edition()
    team = make_team(edition)
    withdraw_team(actor=SYSTEM, edition=edition, team=team, version=1, from_round=2)
    with pytest.raises(Stale):
        teams.restore_team(actor=SYSTEM, edition=edition, team=team, version=1)
    teams.restore_team(actor=SYSTEM, edition=edition, team=team, version=2)
    assert (team.status, team.withdrawn_from, team.version) == ("registered", None, 3)
    with pytest.raises(Conflict, match="not withdrawn"):
        teams.restore_team(actor=SYSTEM, edition=edition, team=team, version=3)


def test_a_team_that_was_never_drawn_is_removed_with_all_that_hangs_on_it(app: Flask) -> None:
    edition = make_edition()
    team, other = make_team(edition, "Gone"), make_team(edition, "Stays")
    delegate = make_delegate(team, contact="ann@example.org", is_captain=True)
    make_delegate(other)
    add(Arrival(edition_id=edition.id, day=NOW.date(), team_id=team.id, noted_at=NOW))
    add(Absence(round_id=make_round(edition).id, team_id=team.id, noted_at=NOW))
    invitations.captain_link(edition, team, "ann@example.org")
    invitations.invite_delegate(actor=SYSTEM, edition=edition, delegate=delegate)
    team_id, delegate_id = team.id, delegate.id
    teams.remove_team(actor=SYSTEM, edition=edition, team=team, version=1)
    db.session.expire_all()
    assert list(db.session.scalars(select(Team.name))) == ["Stays"]
    left = [len(db.session.scalars(select(model)).all()) for model in (Delegate, Arrival, Absence)]
    assert left == [1, 0, 0]
    for purpose, subject in ((CapacityKind.CAPTAIN, team_id), (CapacityKind.DELEGATE, delegate_id)):
        assert find_live_link(purpose=purpose, edition_id=edition.id, subject_id=subject) is None
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "remove")).one()
    assert "delegate.contact" in entry.details["personal"]


def test_a_team_that_was_drawn_stays(app: Flask) -> None:
    edition = make_edition()
    team = make_team(edition, "Drawn")
    draw_team(edition, team)
    with pytest.raises(Conflict, match="Drawn has been drawn"):
        teams.remove_team(actor=SYSTEM, edition=edition, team=team, version=1)
    assert db.session.get(Team, team.id) is team


@pytest.fixture
def organiser(app: Flask, client: FlaskClient) -> FlaskClient:
    person = make_person("Tab")
    make_organiser(make_edition("spring", role_policy="fixed"), person, "tab")
    sign_in(client, make_user(person=person))
    return client


def spring() -> Edition:
    return db.session.scalars(select(Edition).where(Edition.slug == "spring")).one()


def hidden(text: str) -> dict[str, list[str]]:
    """The hidden fields of a page by name."""
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", text):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value:
            found.setdefault(name[1], []).append(value[1])
    return found


PAGE = "/e/spring/people/teams"


def send(client: FlaskClient, **values: object) -> str:
    """Send the list's form as the page gave it; returns what the next page says."""
    fields = hidden(client.get(PAGE).text)
    sent = {"csrf_token": fields["csrf_token"][0], "idempotency_key": fields["idempotency_key"][0]}
    answer = client.post(PAGE + "/accept", data={**sent, "shown": fields["shown"], **values})
    assert answer.status_code == 303
    return client.get(answer.headers["Location"]).text


def statuses() -> list[str]:
    db.session.expire_all()
    return list(db.session.scalars(select(Team.status).order_by(Team.id)))


@pytest.mark.parametrize(
    ("sent", "accepted"), [({"which": "all"}, 2), ({"which": "ticked"}, 0), ({"one": ""}, 0)]
)
def test_the_list_accepts_all_that_it_shows_or_says_that_nothing_was_ticked(
    organiser: FlaskClient, sent: dict[str, str], accepted: int
) -> None:
    for name in ("A", "B"):
        apply(spring(), name)
    db.session.commit()
    text = send(organiser, **sent)
    assert statuses() == ["registered"] * accepted + ["applied"] * (2 - accepted)
    assert ("Teams accepted: 2" if accepted else "Tick the teams") in text


def test_the_list_accepts_what_is_ticked_once_when_the_form_comes_twice(organiser: FlaskClient) -> None:
    first = apply(spring(), "A")
    apply(spring(), "B")
    db.session.commit()
    page = organiser.get(PAGE).text
    fields = {name: values[0] for name, values in hidden(page).items()}
    data = {**fields, "which": "ticked", "pick": f"{first.public_id}:{first.version}"}
    answers = [organiser.post(PAGE + "/accept", data=data).status_code for _ in range(2)]
    assert (answers, statuses()) == ([303, 303], ["registered", "applied"])
    assert len(db.session.scalars(select(OutboxMessage)).all()) == 1


def test_the_list_shows_one_status(organiser: FlaskClient) -> None:
    make_team(spring(), "Alpha")
    make_team(spring(), "Omega", status="withdrawn")
    db.session.commit()
    shown = organiser.get(PAGE + "?status=withdrawn").text
    assert ("Alpha" in shown, "Omega" in shown) == (False, True)
    for status in ("", "nonsense"):
        text = organiser.get(f"{PAGE}?status={status}").text
        assert ("Alpha" in text, "Omega" in text) == (True, True)


def test_an_organiser_changes_the_four_wishes_of_a_team(organiser: FlaskClient) -> None:
    team = make_team(spring(), "Alpha", wishes="igo;government;enterprise")
    db.session.commit()
    page = f"{PAGE}/{team.public_id}"
    text = organiser.get(page).text
    assert re.search(r'<option selected value="igo">', text)
    fields = {name: values[0] for name, values in hidden(text).items()}
    data = {**fields, "name": "Alpha", "role": "", "status": "registered", "fee": "paid"}
    data |= {"first_wish": "local_ngo", "second_wish": "government"}
    data |= {"third_wish": "", "fourth_wish": "enterprise"}
    assert organiser.post(page, data=data).status_code == 303
    db.session.expire_all()
    assert (team.wishes, team.fee) == ("local_ngo;government;enterprise", "paid")


def test_on_screen_a_withdrawal_is_undone_and_a_team_removed(organiser: FlaskClient) -> None:
    team = make_team(spring(), "Alpha", status="withdrawn")
    db.session.commit()
    page = f"{PAGE}/{team.public_id}"
    token = hidden(organiser.get(page).text)["csrf_token"][0]
    for verb, version in (("restore", "1"), ("remove", "2")):
        answer = organiser.post(f"{page}/{verb}", data={"csrf_token": token, "version": version})
        assert answer.status_code == 303
    assert statuses() == []
    assert "Alpha is removed." in organiser.get(PAGE).text

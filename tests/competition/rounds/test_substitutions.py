"""One delegate in another's place: recorded, from a round on, and never under a result or marks that are there."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from competition.entries.models import Delegate
from competition.entries.public import NewDelegate, Substitution
from competition.entries.registering.rules import save_rules
from competition.entries.services import invitations
from competition.rounds.models import Lineup
from competition.rounds.services.setup import create_round
from competition.rounds.services.substitutions import substitute
from core.access import SYSTEM
from core.db import db
from core.errors import Conflict, Invalid
from tests.competition.entries.test_links import open_link, post
from tests.factories import make_organiser, make_person, make_round, make_user, sign_in
from tests.judging.judged import Judged, make_judged


@pytest.fixture
def judged(app: Flask) -> Judged:
    """A round with results, and a second one that is still to be played."""
    made = make_judged(tables=2, rounds=1, panel=1)
    make_round(made.edition, 2)
    return made


def replace(judged: Judged, from_round: int = 2, leaving: Delegate | None = None) -> Substitution:
    team = judged.teams[0]
    return substitute(
        actor=SYSTEM,
        edition=judged.edition,
        team=team,
        leaving=leaving or judged.delegates[team.id][0],
        person=NewDelegate(name="Zoe New"),
        from_round=from_round,
        reason="Fever",
    )


def absences() -> list[tuple[int, int]]:
    rows = db.session.execute(select(Lineup.round_id, Lineup.delegate_id).where(~Lineup.took_part))
    return sorted((round_id, delegate_id) for round_id, delegate_id in rows)


def test_each_of_the_two_takes_part_in_their_own_rounds_also_in_those_made_later(judged: Judged) -> None:
    row = replace(judged)
    values = {
        "name": "",
        "name_zh": "",
        "stage": "preliminary",
        "division_id": None,
        "weight": 1,
        "starts_at": None,
    }
    later = create_round(actor=SYSTEM, edition_id=judged.edition.id, values=values)  # type: ignore[arg-type]
    first, second = judged.rounds[0].id, later.id - 1
    assert absences() == sorted([(first, row.in_id), (second, row.out_id), (later.id, row.out_id)])
    assert db.session.get_one(Delegate, row.in_id).name == "Zoe New"


def test_a_round_with_a_result_is_refused_and_nothing_changes(judged: Judged) -> None:
    before = db.session.scalars(select(Delegate.id)).all()
    with pytest.raises(Conflict, match="Round 1 has a result or marks"):
        replace(judged, from_round=1)
    with pytest.raises(Invalid, match="no such round"):
        replace(judged, from_round=9)
    assert db.session.scalars(select(Delegate.id)).all() == before
    assert absences() == []


def test_the_captain_stays_and_nobody_is_replaced_twice(judged: Judged) -> None:
    team = judged.teams[0]
    captain = judged.delegates[team.id][1]
    captain.is_captain = True
    with pytest.raises(Conflict, match="captain stays"):
        replace(judged, leaving=captain)
    replace(judged)
    with pytest.raises(Conflict, match="replaced already"):
        replace(judged)


def test_an_organiser_records_it_on_screen(judged: Judged, client: FlaskClient) -> None:
    person = make_person("Tab")
    make_organiser(judged.edition, person, "tab")
    sign_in(client, make_user(person=person))
    team = judged.teams[0]
    own = f"/e/{judged.edition.slug}/people/teams/{team.public_id}"
    page = f"{own}/delegates/{judged.delegates[team.id][0].public_id}/substitute"
    assert re.findall(r"<option selected value=\"(\d)\">", client.get(page).text) == ["2"]
    assert post(client, page, page, name="", from_round="2") == 422
    assert post(client, page, page, name="Zoe New", from_round="1") == 409
    assert post(client, page, page, name="Zoe New", from_round="2", reason="Fever") == 303
    text = client.get(own).text
    assert ("Zoe New" in text, "Replaced from round 2 on" in text) == (True, True)


def test_a_coach_does_it_for_their_own_team_where_the_edition_says_so(
    judged: Judged, client: FlaskClient
) -> None:
    team, other = judged.teams[:2]
    team.coach_contact = "wu@example.org"
    open_link(client, invitations.invite_coach(actor=SYSTEM, edition=judged.edition, team=team))
    base = f"/e/{judged.edition.slug}/coach"
    pages = [
        f"{base}/{one.public_id}/{judged.delegates[one.id][0].public_id}/substitute" for one in (team, other)
    ]
    assert [client.get(page).status_code for page in pages] == [200, 404]
    assert post(client, pages[0], pages[0], name="Zoe New", from_round="2") == 303
    assert "Zoe New" in client.get(base).text
    save_rules(actor=SYSTEM, edition=judged.edition, version=0, values={"coach_lineup": False})
    db.session.commit()
    assert client.get(pages[0]).status_code == 403

"""Judges and institutions on the organiser's list: changed by two at once, removed, kept when they are used."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from competition.editions.models import Edition
from competition.entries.models import (
    Arrival,
    DelegateDivision,
    Institution,
    Judge,
    JudgeConflict,
    TeamDivision,
)
from competition.entries.services import invitations, roster
from competition.entries.services.registration import confirm_judge
from competition.rounds.models import Draw, NegotiationTable, PanelJudge
from core.access import SYSTEM, CapacityKind
from core.audit import AuditEntry
from core.db import db
from core.errors import Conflict, Stale
from core.links import find_live_link
from tests.competition.entries.test_links import post
from tests.factories import (
    NOW,
    add,
    make_delegate,
    make_division,
    make_edition,
    make_institution,
    make_judge,
    make_organiser,
    make_person,
    make_round,
    make_team,
    make_user,
    sign_in,
)

JUDGE = {"name": "Ada Stone", "name_local": "", "contact": "", "rating": None, "languages": ""}
INSTITUTION = {"code": "Fudan", "name": "", "name_local": "", "country": ""}


def save_judge(edition: Edition, judge: Judge | None, version: int = 1, **changes: Any) -> Judge:
    return roster.save_judge(
        actor=SYSTEM,
        edition=edition,
        judge=judge,
        version=version,
        values={**JUDGE, **changes},
        institution="",
        conflicts=[],
    )


def save_institution(
    edition: Edition, row: Institution | None, version: int = 1, **changes: str
) -> Institution:
    values = {**INSTITUTION, **changes}
    return roster.save_institution(
        actor=SYSTEM, edition=edition, institution=row, version=version, values=values
    )


def put_on_panel(edition: Edition, judge: Judge) -> None:
    draw = add(Draw(round_id=make_round(edition).id, version=1, state="draft", created_at=NOW))
    table = add(NegotiationTable(draw_id=draw.id, name="T1"))
    add(PanelJudge(table_id=table.id, judge_id=judge.id, position="chair"))


def test_of_two_who_change_a_judge_or_an_institution_the_second_is_told(app: Flask) -> None:
    edition = make_edition()
    judge, institution = save_judge(edition, None, 0), save_institution(edition, None, 0)
    save_judge(edition, judge, 1, name="First")
    save_institution(edition, institution, 1, name="First")
    with pytest.raises(Stale):
        save_judge(edition, judge, 1, name="Second")
    with pytest.raises(Stale):
        save_institution(edition, institution, 1, name="Second")
    assert [(row.name, row.version) for row in (judge, institution)] == [("First", 2)] * 2


def test_an_organisers_old_form_never_undoes_what_the_judge_has_confirmed(app: Flask) -> None:
    edition = make_edition()
    judge = make_judge(edition)
    confirm_judge(actor=SYSTEM, edition=edition, judge=judge, name="Ada Mary Stone", name_local="")
    with pytest.raises(Stale):
        save_judge(edition, judge, 1)
    assert judge.name == "Ada Mary Stone"


def test_a_judge_who_was_never_on_a_panel_is_removed_and_their_link_ends(app: Flask) -> None:
    edition = make_edition()
    judge = make_judge(edition)
    add(JudgeConflict(judge_id=judge.id, team_id=make_team(edition).id))
    add(Arrival(edition_id=edition.id, day=NOW.date(), judge_id=judge.id, noted_at=NOW))
    invitations.invite_judge(actor=SYSTEM, edition=edition, judge=judge)
    judge_id = judge.id
    roster.remove_judge(actor=SYSTEM, edition=edition, judge=judge, version=1)
    db.session.expire_all()
    left = [db.session.scalars(select(model)).all() for model in (Judge, JudgeConflict, Arrival)]
    link = find_live_link(purpose=CapacityKind.JUDGE, edition_id=edition.id, subject_id=judge_id)
    assert (left, link) == ([[], [], []], None)


def test_a_judge_on_a_panel_stays(app: Flask) -> None:
    edition = make_edition()
    judge = make_judge(edition, "Ada Stone")
    put_on_panel(edition, judge)
    with pytest.raises(Conflict, match="Ada Stone is on a panel"):
        roster.remove_judge(actor=SYSTEM, edition=edition, judge=judge, version=1)


def test_an_institution_is_removed_once_nobody_belongs_to_it(app: Flask) -> None:
    edition = make_edition()
    row = make_institution(edition, "Fudan")
    team = make_team(edition, institution_id=row.id)
    with pytest.raises(Conflict, match="Teams belong to Fudan"):
        roster.remove_institution(actor=SYSTEM, edition=edition, institution=row, version=1)
    team.institution_id = None
    judge = make_judge(edition, institution_id=row.id)
    with pytest.raises(Conflict, match="Judges belong to Fudan"):
        roster.remove_institution(actor=SYSTEM, edition=edition, institution=row, version=1)
    judge.institution_id = None
    conflict = add(JudgeConflict(judge_id=judge.id, institution_id=row.id))
    with pytest.raises(Conflict, match="conflict with Fudan"):
        roster.remove_institution(actor=SYSTEM, edition=edition, institution=row, version=1)
    db.session.delete(conflict)
    roster.remove_institution(actor=SYSTEM, edition=edition, institution=row, version=1)
    assert db.session.scalars(select(Institution)).all() == []


def test_a_division_is_emptied_of_teams_and_delegates(app: Flask) -> None:
    edition = make_edition()
    division, other, team = make_division(edition, "a"), make_division(edition, "b"), make_team(edition)
    for row in (division, other):
        add(TeamDivision(team_id=team.id, division_id=row.id))
    add(DelegateDivision(delegate_id=make_delegate(team).id, division_id=division.id))
    assert roster.empty_division(actor=SYSTEM, edition=edition, division=division) == 1
    assert list(db.session.scalars(select(TeamDivision.division_id))) == [other.id]
    assert (list(db.session.scalars(select(DelegateDivision))), team.version) == ([], 2)


@pytest.fixture
def organiser(app: Flask, client: FlaskClient) -> FlaskClient:
    person = make_person("Tab")
    make_organiser(make_edition("spring"), person, "tab")
    sign_in(client, make_user(person=person))
    return client


def test_judges_and_institutions_are_changed_and_removed_on_screen(organiser: FlaskClient) -> None:
    edition = db.session.scalars(select(Edition).where(Edition.slug == "spring")).one()
    judge, institution = make_judge(edition), make_institution(edition, "Fudan")
    db.session.commit()
    page = f"/e/spring/people/judges/{judge.public_id}"
    assert post(organiser, page, page, name="Ada Stone", rating="7.5") == 303
    assert post(organiser, page, page, name="Late", version="1") == 409
    assert post(organiser, page + "/remove", page) == 303
    page = f"/e/spring/people/institutions/{institution.public_id}"
    assert post(organiser, page, page, code="Fudan", name="Fudan University") == 303
    assert post(organiser, page, page, code="Fudan", name="Late", version="1") == 409
    assert post(organiser, page + "/remove", page) == 303
    left = [db.session.scalars(select(model)).all() for model in (Judge, Institution)]
    assert left == [[], []]
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.thing == "judge", AuditEntry.verb == "save")
    )
    assert "contact" in entry.one().details["personal"]


def test_an_institution_shows_whose_teams_a_merger_takes_along(organiser: FlaskClient) -> None:
    edition = db.session.scalars(select(Edition).where(Edition.slug == "spring")).one()
    home, other = make_institution(edition, "Fudan"), make_institution(edition, "Tongji")
    make_team(edition, "Fudan Red", institution_id=home.id)
    make_team(edition, "Tongji Blue", institution_id=other.id)
    db.session.commit()
    page = organiser.get(f"/e/spring/people/institutions/{home.public_id}").text
    assert ["Fudan Red" in page, "Tongji Blue" in page] == [True, False]

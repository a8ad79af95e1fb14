"""Forming teams of the accepted: drafts that can be changed and taken back, then real teams, once."""

import pytest
from flask import Flask
from sqlalchemy import select

from competition.applications import queries
from competition.applications.models import Application, TeamPlan
from competition.applications.problem import usual_teams, wishes_of
from competition.applications.services import applying, deciding, forming
from competition.editions.models import Edition
from competition.entries.models import Delegate, Team
from competition.entries.queries import delegates_of_team
from core.access import SYSTEM
from core.db import db
from core.errors import Conflict, Invalid, NotFound, Stale
from core.outbox import OutboxMessage
from tests.competition.applications.scene import applicant, open_call
from tests.factories import make_edition, make_team

WEIGHTS = {"discipline": 2, "year": 1}


def accepted(count: int, edition: Edition | None = None) -> tuple[Edition, list[Application]]:
    edition = edition or open_call()
    words = ("law", "economics", "engineering")
    rows = [applicant(edition, n, discipline=words[n % 3]) for n in range(count)]
    picks = {row.public_id: (row.version, "accepted") for row in rows}
    deciding.answer(actor=SYSTEM, edition=edition, picks=picks, reasons={})
    return edition, rows


def formed(edition: Edition, teams: int = 2, version: int = 0, seed: int = 5) -> TeamPlan:
    return forming.form(
        actor=SYSTEM, edition=edition, version=version, teams=teams, seed=seed, weights=WEIGHTS
    )


def test_teams_are_formed_of_the_accepted_and_the_same_seed_forms_them_again(app: Flask) -> None:
    edition, rows = accepted(6)
    applicant(edition, 99)
    plan = formed(edition)
    first = dict(plan.placement)
    assert (set(first), sorted(first.values())) == ({row.public_id for row in rows}, [0, 0, 0, 1, 1, 1])
    plan.placement = {}
    assert formed(edition, version=plan.version).placement == first


def test_a_usual_number_of_teams_fills_tables_of_four(app: Flask) -> None:
    edition = make_edition(team_size_minimum=3, team_size_maximum=5)
    assert [usual_teams(edition, count) for count in (30, 12, 3, 2, 7)] == [8, 4, 1, 1, 2]


def test_a_move_is_counted_saved_and_taken_back(app: Flask) -> None:
    edition, rows = accepted(6)
    plan = formed(edition)
    before = dict(plan.placement)
    who = rows[0].public_id
    other = next(one for one, team in before.items() if team != before[who])
    forming.move(
        actor=SYSTEM, edition=edition, plan=plan, version=plan.version, who=who, to=f"person:{other}"
    )
    assert (plan.placement[who], plan.placement[other]) == (before[other], before[who])
    forming.move(
        actor=SYSTEM, edition=edition, plan=plan, version=plan.version, who=who, to=f"team:{before[who]}"
    )
    people, pairs = queries.applications_of(edition.id, "accepted"), queries.pair_wishes(edition.id)
    assert sorted(forming.recount(plan, people, pairs, plan.placement).sizes) == [2, 4]
    forming.undo(actor=SYSTEM, edition=edition, plan=plan, version=plan.version)
    forming.undo(actor=SYSTEM, edition=edition, plan=plan, version=plan.version)
    assert plan.placement == before
    with pytest.raises(Conflict, match="nothing left"):
        forming.undo(actor=SYSTEM, edition=edition, plan=plan, version=plan.version)


@pytest.mark.parametrize("to", ["team:2", "team:x", "team:-1", "person:nobody", "room:1", ""])
def test_nobody_is_moved_to_where_nothing_is(app: Flask, to: str) -> None:
    edition, rows = accepted(4)
    plan = formed(edition)
    with pytest.raises(NotFound):
        forming.move(
            actor=SYSTEM, edition=edition, plan=plan, version=plan.version, who=rows[0].public_id, to=to
        )


def test_a_stale_page_changes_nothing(app: Flask) -> None:
    edition, rows = accepted(4)
    plan = formed(edition)
    with pytest.raises(Stale):
        forming.move(actor=SYSTEM, edition=edition, plan=plan, version=0, who=rows[0].public_id, to="team:0")
    with pytest.raises(Stale):
        formed(edition, version=0 + 7)


def test_locked_people_stay_when_teams_are_formed_again(app: Flask) -> None:
    edition, rows = accepted(9)
    plan = formed(edition, teams=3)
    held = [row.public_id for row in rows[:4]]
    before = {one: plan.placement[one] for one in held}
    forming.set_locked(actor=SYSTEM, edition=edition, plan=plan, version=plan.version, people=[*held, "x"])
    formed(edition, teams=3, version=plan.version, seed=77)
    assert ({one: plan.placement[one] for one in held}, plan.locked) == (before, sorted(held))


def test_hard_wishes_are_kept_and_impossible_ones_are_named(app: Flask) -> None:
    edition, rows = accepted(6)
    for other in (1, 2):
        forming.add_pair_wish(
            actor=SYSTEM, edition=edition, first=rows[0], second=rows[other], kind="together", is_hard=True
        )
    plan = formed(edition)
    assert len({plan.placement[row.public_id] for row in rows[:3]}) == 1
    forming.add_pair_wish(
        actor=SYSTEM, edition=edition, first=rows[2], second=rows[3], kind="together", is_hard=True
    )
    with pytest.raises(forming.CannotFormTeams) as caught:
        formed(edition, version=plan.version)
    assert [fault.code for fault in caught.value.cause.faults] == ["group_too_large"]


def test_a_second_wish_about_two_people_replaces_the_first(app: Flask) -> None:
    edition, rows = accepted(4)
    for first, second, kind in ((0, 1, "together"), (1, 0, "apart")):
        forming.add_pair_wish(
            actor=SYSTEM, edition=edition, first=rows[first], second=rows[second], kind=kind, is_hard=False
        )
    assert [pair.kind for pair in queries.pair_wishes(edition.id)] == ["apart"]
    with pytest.raises(Invalid, match="different"):
        forming.add_pair_wish(
            actor=SYSTEM, edition=edition, first=rows[0], second=rows[0], kind="apart", is_hard=True
        )


def test_wishes_of_applicants_are_soft_count_double_when_shared_and_only_among_those_there(
    app: Flask,
) -> None:
    edition = open_call()
    rows = [
        applicant(edition, 0, wishes_together="p1@example.org;nobody@example.org;p0@example.org"),
        applicant(edition, 1, wishes_together="P0@example.org"),
        applicant(edition, 2, wishes_apart="p0@example.org"),
    ]
    found = {(wish.kind, wish.weight, wish.is_hard) for wish in wishes_of(rows, [])}
    assert found == {("together", 2, False), ("apart", 1, False)}


def test_confirming_makes_the_teams_once_and_tells_everybody(app: Flask) -> None:
    edition, rows = accepted(6)
    plan = formed(edition)
    shown = plan.version
    for _twice in range(2):
        assert forming.confirm(actor=SYSTEM, edition=edition, plan=plan, version=shown) == 2
    teams = db.session.scalars(select(Team).where(Team.edition_id == edition.id).order_by(Team.id)).all()
    assert [(team.name, team.status) for team in teams] == [
        ("Team 1", "registered"),
        ("Team 2", "registered"),
    ]
    delegates = [delegate for team in teams for delegate in delegates_of_team(team.id)]
    assert {row.person_id for row in delegates} == {row.person_id for row in rows}
    assert [sum(row.is_captain for row in delegates_of_team(team.id)) for team in teams] == [1, 1]
    assert all(row.confirmed_at is not None for row in delegates)
    assert {row.delegate_id for row in rows} == {row.id for row in delegates}
    told = db.session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "application_team")).all()
    assert sorted(mail.to_address for mail in told) == sorted(row.contact for row in rows)
    assert "Team 1" in told[0].body
    with pytest.raises(Conflict, match="in a team"):
        applying.withdraw(actor=SYSTEM, edition=edition, application=rows[0], version=rows[0].version)
    with pytest.raises(Conflict, match="confirmed"):
        forming.undo(actor=SYSTEM, edition=edition, plan=plan, version=plan.version)


def test_the_most_experienced_member_is_the_captain(app: Flask) -> None:
    edition = open_call()
    rows = [applicant(edition, n, experience=word) for n, word in enumerate(("none", "much", "some"))]
    picks = {row.public_id: (row.version, "accepted") for row in rows}
    deciding.answer(actor=SYSTEM, edition=edition, picks=picks, reasons={})
    plan = formed(edition, teams=1)
    forming.confirm(actor=SYSTEM, edition=edition, plan=plan, version=plan.version)
    captain = db.session.scalars(
        select(Delegate).where(Delegate.edition_id == edition.id, Delegate.is_captain)
    ).one()
    assert captain.name == "Person 01"


def test_a_taken_name_stops_the_confirmation_whole(app: Flask) -> None:
    edition, _rows = accepted(4)
    plan = formed(edition)
    make_team(edition, "Team 2")
    savepoint = db.session.begin_nested()
    with pytest.raises(Conflict, match="Team 2"):
        forming.confirm(actor=SYSTEM, edition=edition, plan=plan, version=plan.version)
    savepoint.rollback()
    forming.rename(actor=SYSTEM, edition=edition, plan=plan, version=plan.version, names=["North", "South"])
    assert forming.confirm(actor=SYSTEM, edition=edition, plan=plan, version=plan.version) == 2


@pytest.mark.parametrize("names", [["A"], ["A", "A"], ["A", ""]])
def test_every_team_needs_a_name_of_its_own(app: Flask, names: list[str]) -> None:
    edition, _rows = accepted(4)
    plan = formed(edition)
    with pytest.raises(Invalid, match="name of its own"):
        forming.rename(actor=SYSTEM, edition=edition, plan=plan, version=plan.version, names=names)


def test_somebody_accepted_later_must_be_placed_before_confirming(app: Flask) -> None:
    edition, _rows = accepted(4)
    plan = formed(edition)
    late = applicant(edition, 50)
    deciding.answer(
        actor=SYSTEM, edition=edition, picks={late.public_id: (late.version, "accepted")}, reasons={}
    )
    with pytest.raises(Conflict, match="Person 50"):
        forming.confirm(actor=SYSTEM, edition=edition, plan=plan, version=plan.version)
    forming.move(
        actor=SYSTEM, edition=edition, plan=plan, version=plan.version, who=late.public_id, to="team:1"
    )
    assert forming.confirm(actor=SYSTEM, edition=edition, plan=plan, version=plan.version) == 2

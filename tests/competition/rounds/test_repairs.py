"""A team or a judge is not there: what can be done, and doing it, before and after the release."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from competition.rounds import blockers
from competition.rounds.blockers import register_blocker
from competition.rounds.facts import RoundFacts, TableFacts
from competition.rounds.judge_repairs import trouble_of_judge
from competition.rounds.queries import get_round_facts, live_draw, tables_of_draw
from competition.rounds.repairing import trouble_of_team
from competition.rounds.services.absences import set_absence
from competition.rounds.services.amending import amend_seats, replace_judge
from competition.rounds.services.drafting import draft_draw
from competition.rounds.services.lifecycle import confirm_draw, release_draw
from core.access import SYSTEM
from core.db import db
from core.errors import Conflict, Stale
from core.outbox import OutboxMessage
from core.roles import ROLES, Role
from tests.factories import make_delegate, make_edition, make_judge, make_round, make_team


def world(teams: int = 9, judges: int = 0, **values: Any) -> tuple[Any, list[Any], list[Any], Any]:
    """An edition with a drawn round; every team has a captain with an address, every judge one too."""
    edition = make_edition(**values)
    made = [make_team(edition, f"T{number}") for number in range(teams)]
    for team in made:
        make_delegate(
            team, f"Captain of {team.name}", is_captain=True, contact=f"{team.name.lower()}@example.org"
        )
    panel = [make_judge(edition, f"J{n}", contact=f"j{n}@example.org") for n in range(judges)]
    row = make_round(edition)
    draft_draw(actor=SYSTEM, round_id=row.id, method="random", seed=1)
    return edition, made, panel, row


def facts_of(edition: Any) -> RoundFacts:
    return get_round_facts(edition.id, 1)


def tables_of(row: Any) -> list[TableFacts]:
    draw = live_draw(row.id)
    assert draw is not None
    return tables_of_draw(draw.id)


def release(row: Any) -> None:
    confirm_draw(actor=SYSTEM, round_id=row.id)
    release_draw(actor=SYSTEM, round_id=row.id)


def seated(row: Any) -> list[int]:
    return sorted(team for table in tables_of(row) for team in table.team_ids)


def test_the_answers_to_a_missing_team_seat_everybody_else_once(app: Flask) -> None:
    edition, teams, _judges, row = world(13)
    gone = tables_of(row)[0].team_ids[0]
    trouble = trouble_of_team(facts_of(edition), gone)
    assert trouble is not None
    assert trouble.is_leaving
    assert 1 < len(trouble.repairs) <= 3
    assert trouble.repairs[0].kind == "vacant"
    assert "dissolve" in {repair.kind for repair in trouble.repairs}
    before = {table.id: dict(table.seats) for table in tables_of(row)}
    for repair in trouble.repairs:
        after = {key: seats for key, seats in before.items() if key not in repair.given_up}
        after |= {table.table_id: dict(table.seats) for table in repair.tables if table.table_id is not None}
        sitting = sorted(team for seats in after.values() for team in seats.values() if team is not None)
        assert sitting == sorted(team.id for team in teams if team.id != gone)


def test_a_repair_that_was_shown_is_done_and_counted_again(app: Flask) -> None:
    edition, teams, _judges, row = world(13)
    gone = next(team for team in teams if team.id == tables_of(row)[1].team_ids[1])
    trouble = trouble_of_team(facts_of(edition), gone.id)
    assert trouble is not None
    repair = next(one for one in trouble.repairs if one.kind == "dissolve")
    set_absence(actor=SYSTEM, round_id=row.id, kind="team", public_id=gone.public_id, is_absent=True)
    told = amend_seats(actor=SYSTEM, round_id=row.id, repair=repair, reason="ill", version=row.version)
    assert told == 0
    assert seated(row) == sorted(team.id for team in teams if team is not gone)
    assert len(tables_of(row)) == 3
    draw = live_draw(row.id)
    assert draw is not None
    assert draw.report["amendments"][0]["reason"] == "ill"
    assert draw.report["institution_meetings"] == 0
    confirm_draw(actor=SYSTEM, round_id=row.id)


def test_a_stand_in_that_is_free_takes_the_seat(app: Flask) -> None:
    edition, teams, _judges, row = world(8)
    helper = make_team(edition, "Helpers", status="stand_in")
    gone = tables_of(row)[0].team_ids[2]
    trouble = trouble_of_team(facts_of(edition), gone)
    assert trouble is not None
    assert [one.kind for one in trouble.repairs[:2]] == ["stand_in", "vacant"]
    amend_seats(actor=SYSTEM, round_id=row.id, repair=trouble.repairs[0], reason="")
    assert seated(row) == sorted([*(team.id for team in teams if team.id != gone), helper.id])


def test_a_fixed_role_is_kept(app: Flask) -> None:
    edition = make_edition(role_policy="fixed")
    for number in range(20):
        make_team(edition, f"T{number}", role=ROLES[number % 4].value)
    row = make_round(edition)
    draft_draw(actor=SYSTEM, round_id=row.id, method="scheduled", seed=3)
    gone = tables_of(row)[0].seats[Role.IGO]
    assert gone is not None
    trouble = trouble_of_team(facts_of(edition), gone)
    assert trouble is not None
    for repair in trouble.repairs:
        assert all(now is None or was is None or was[1] is now[1] for was, now in repair.moved.values())
    amend_seats(actor=SYSTEM, round_id=row.id, repair=trouble.repairs[0], reason="")
    assert tables_of(row)[0].seats[Role.IGO] is None


def test_after_the_release_only_those_whose_table_changed_are_told(app: Flask) -> None:
    edition, _teams, _judges, row = world(12, judges=6)
    release(row)
    own = tables_of(row)[0]
    gone = own.team_ids[0]
    trouble = trouble_of_team(facts_of(edition), gone)
    assert trouble is not None
    told = amend_seats(actor=SYSTEM, round_id=row.id, repair=trouble.repairs[0], reason="")
    messages = db.session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "draw_changed")).all()
    assert told == len(messages) == 3 + len(own.panel) + 1
    assert all("has changed" in message.subject for message in messages)
    assert not any(repair.kind == "dissolve" for repair in trouble.repairs)
    assert facts_of(edition).draw_state == "released"


def test_after_the_release_nobody_gets_another_role(app: Flask) -> None:
    edition, _teams, _judges, row = world(13)
    release(row)
    for table in tables_of(row):
        for team in table.team_ids:
            trouble = trouble_of_team(facts_of(edition), team)
            assert trouble is not None
            for repair in trouble.repairs:
                assert all(not (was and now) or was[1] is now[1] for was, now in repair.moved.values())


def test_a_table_with_a_sheet_stays_as_it_is(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    edition, _teams, _judges, row = world(12)
    release(row)
    own = tables_of(row)[0]
    trouble = trouble_of_team(facts_of(edition), own.team_ids[0])
    assert trouble is not None
    assert trouble.repairs
    monkeypatch.setattr(blockers, "_blockers", [])
    register_blocker(
        lambda tables: {own.id: "Judges have submitted sheets for it."} if own.id in tables else {}
    )
    with pytest.raises(Conflict, match="has sheets or a result"):
        amend_seats(actor=SYSTEM, round_id=row.id, repair=trouble.repairs[0], reason="")
    later = trouble_of_team(facts_of(edition), own.team_ids[0])
    assert later is not None
    assert later.repairs == ()
    assert later.frozen == "Judges have submitted sheets for it."


def test_the_second_of_two_organisers_is_told(app: Flask) -> None:
    edition, _teams, _judges, row = world(12)
    trouble = trouble_of_team(facts_of(edition), tables_of(row)[0].team_ids[0])
    assert trouble is not None
    version = facts_of(edition).version
    amend_seats(actor=SYSTEM, round_id=row.id, repair=trouble.repairs[0], reason="", version=version)
    with pytest.raises(Stale):
        amend_seats(actor=SYSTEM, round_id=row.id, repair=trouble.repairs[0], reason="", version=version)


def test_a_team_that_came_after_all_gets_a_seat(app: Flask) -> None:
    edition = make_edition()
    teams = [make_team(edition, f"T{number}") for number in range(12)]
    row = make_round(edition)
    say = {"actor": SYSTEM, "round_id": row.id, "kind": "team", "public_id": teams[0].public_id}
    set_absence(**say, is_absent=True)
    draft_draw(actor=SYSTEM, round_id=row.id, method="random", seed=1)
    trouble = trouble_of_team(facts_of(edition), teams[0].id)
    assert trouble is not None
    assert not trouble.is_leaving
    assert {repair.kind for repair in trouble.repairs} == {"seat"}
    set_absence(**say, is_absent=False)
    amend_seats(actor=SYSTEM, round_id=row.id, repair=trouble.repairs[0], reason="")
    assert seated(row) == sorted(team.id for team in teams)
    confirm_draw(actor=SYSTEM, round_id=row.id)


def test_who_takes_the_place_of_a_judge(app: Flask) -> None:
    edition, teams, judges, row = world(8, judges=3)
    table = next(table for table in tables_of(row) if table.chair_id is not None)
    chair = next(judge for judge in judges if judge.id == table.chair_id)
    trouble = trouble_of_judge(facts_of(edition), chair.public_id)
    assert trouble is not None
    assert trouble.table is not None
    assert trouble.position == "chair"
    free = {judge.id for judge in judges} - {p.judge_id for t in tables_of(row) for p in t.panel}
    assert trouble.repairs[0].by is not None
    assert trouble.repairs[0].by.id in free
    told = replace_judge(
        actor=SYSTEM,
        round_id=row.id,
        table_id=table.id,
        judge_id=chair.id,
        by=trouble.repairs[0].by.id,
        chair=None,
    )
    after = next(one for one in tables_of(row) if one.id == table.id)
    assert told == 0
    assert after.chair_id == trouble.repairs[0].by.id
    assert teams


def test_a_smaller_panel_has_one_chair_and_tells_only_its_judges(app: Flask) -> None:
    edition, _teams, judges, row = world(8, judges=4)
    release(row)
    table = tables_of(row)[0]
    chair = next(judge for judge in judges if judge.id == table.chair_id)
    trouble = trouble_of_judge(facts_of(edition), chair.public_id)
    assert trouble is not None
    smaller = trouble.repairs[-1]
    assert smaller.by is None
    assert smaller.chair is not None
    told = replace_judge(
        actor=SYSTEM, round_id=row.id, table_id=table.id, judge_id=chair.id, by=None, chair=smaller.chair.id
    )
    after = tables_of(row)[0]
    assert told == 1
    assert [place.position for place in after.panel] == ["chair"]
    assert after.chair_id == smaller.chair.id


def test_nobody_with_a_conflict_is_offered(app: Flask) -> None:
    from competition.entries.models import JudgeConflict

    edition, _teams, judges, row = world(8, judges=3)
    table = next(table for table in tables_of(row) if table.chair_id is not None)
    free = {judge.id for judge in judges} - {p.judge_id for t in tables_of(row) for p in t.panel}
    db.session.add(JudgeConflict(judge_id=free.pop(), team_id=table.team_ids[0]))
    db.session.flush()
    chair = next(judge for judge in judges if judge.id == table.chair_id)
    trouble = trouble_of_judge(facts_of(edition), chair.public_id)
    assert trouble is not None
    assert [repair.by for repair in trouble.repairs if repair.by is not None] == []

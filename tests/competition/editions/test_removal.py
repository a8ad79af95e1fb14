"""Deleting an edition: everything in it goes on both databases, everything of others stays, the audit remains."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from competition.editions.models import Edition
from competition.editions.removal import delete_edition
from competition.editions.services import set_archived, write_notice
from competition.entries.models import Arrival, DelegateDivision, JudgeConflict, TeamDivision
from competition.rounds.models import Absence, Draw, Lineup, Outcome, Round
from core.access import SYSTEM, CapacityKind
from core.audit import AuditEntry
from core.db import Base, db, utc_now
from core.errors import Conflict
from core.jobs import enqueue
from core.links import create_link
from core.outbox import post
from tests.architecture.world import Filled, fill
from tests.competition.editions.test_services import NOTICE
from tests.factories import NOW, add, make_edition, make_organiser, make_person, make_user, sign_in

KEPT = {"audit_entry", "person", "revision"}


def full(slug: str) -> Filled:
    """An edition with what `fill` gives it and with everything else that refers to its people."""
    filled = fill(slug)
    edition, team, judge, delegate = filled.edition, filled.team, filled.judge, filled.delegate
    round_ = db.session.scalars(select(Round).where(Round.edition_id == edition.id)).one()
    division_id = db.session.execute(
        select(Base.metadata.tables["division"].c.id).where(
            Base.metadata.tables["division"].c.edition_id == edition.id
        )
    ).scalar_one()
    for kind in ({"team_id": team.id}, {"judge_id": judge.id}):
        add(Arrival(edition_id=edition.id, day=NOW.date(), noted_at=NOW, **kind))
        add(Absence(round_id=round_.id, noted_at=NOW, **kind))
    add(TeamDivision(team_id=team.id, division_id=division_id))
    add(DelegateDivision(delegate_id=delegate.id, division_id=division_id))
    add(JudgeConflict(judge_id=judge.id, institution_id=team.institution_id))
    add(Outcome(round_id=round_.id, team_id=team.id, outcome="late"))
    add(Lineup(round_id=round_.id, team_id=team.id, delegate_id=delegate.id, took_part=True))
    judge.institution_id, round_.division_id = team.institution_id, division_id
    write_notice(actor=SYSTEM, edition=edition, values=NOTICE)
    scope = f"edition:{edition.id}"
    create_link(purpose=CapacityKind.JUDGE, edition_id=edition.id, subject_id=judge.id, expires_at=utc_now())
    post(to="ann@example.org", subject="Hello", body="Hello", kind="test", scope=scope)
    enqueue(kind="test", arguments={}, scope=scope)
    db.session.flush()
    return filled


def counts() -> dict[str, int]:
    """How many rows each table has, of those that have any."""
    found = {
        table.name: db.session.scalar(select(func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
    }
    return {name: count for name, count in found.items() if count and name not in KEPT}


def test_an_edition_is_deleted_with_everything_in_it_and_others_stay(app: Flask) -> None:
    full("other")
    before = counts()
    own = full("own").edition
    assert {name: count for name, count in counts().items() if count != 2 * before[name]} == {}
    delete_edition(actor=SYSTEM, edition=own, even_if_played=True)
    assert counts() == before


def test_the_key_of_a_deleted_edition_is_never_given_again(app: Flask) -> None:
    first = make_edition()
    key = first.id
    delete_edition(actor=SYSTEM, edition=first)
    assert make_edition().id > key
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "delete")).one()
    assert (entry.thing_id, entry.details) == (key, {"slug": first.slug})


def test_an_edition_of_which_a_draw_was_released_is_kept(app: Flask) -> None:
    edition = fill("played").edition
    with pytest.raises(Conflict, match="Archive it"):
        delete_edition(actor=SYSTEM, edition=edition)
    assert db.session.get(Edition, edition.id) is edition


def test_archiving_keeps_everything_and_is_undone(app: Flask) -> None:
    edition = full("own").edition
    before = counts()
    set_archived(actor=SYSTEM, edition=edition, is_archived=True)
    assert (counts(), edition.archived_at is not None) == (before, True)
    set_archived(actor=SYSTEM, edition=edition, is_archived=False)
    assert edition.archived_at is None


@pytest.fixture
def director(app: Flask, client: FlaskClient) -> FlaskClient:
    person = make_person()
    make_organiser(make_edition("spring"), person)
    sign_in(client, make_user(person=person))
    return client


def test_on_screen_the_short_name_is_typed_and_a_released_edition_is_kept(director: FlaskClient) -> None:
    page = director.get("/e/spring/setup/settings").text
    token = re.findall(r'name="csrf_token"[^>]*value="([^"]*)"', page)[0]

    def send(typed: str) -> tuple[int, int]:
        answer = director.post("/e/spring/setup/delete", data={"csrf_token": token, "typed": typed})
        db.session.expire_all()
        return answer.status_code, db.session.scalar(select(func.count()).select_from(Edition)) or 0

    edition = db.session.scalars(select(Edition)).one()
    assert send("sprin") == (303, 1)
    round_ = add(Round(edition_id=edition.id, number=1, stage="preliminary", name="R1"))
    draw = add(Draw(round_id=round_.id, version=1, state="released", created_at=NOW, released_at=NOW))
    db.session.commit()
    assert "Archive it instead" in director.get("/e/spring/setup/settings").text
    assert send("spring") == (409, 1)
    db.session.delete(draw)
    db.session.commit()
    assert send("spring") == (303, 0)


def test_the_operator_deletes_on_the_command_line(app: Flask) -> None:
    run = app.test_cli_runner().invoke
    missing = run(args=["edition", "delete", "nothing", "--yes"])
    assert (missing.exit_code, missing.stderr) == (1, "Error: There is no such edition.\n")
    fill("old")
    db.session.commit()
    done = run(args=["edition", "delete", "old", "--yes"])
    assert (done.exit_code, done.stdout) == (0, "old is deleted.\n")
    assert db.session.scalar(select(func.count()).select_from(Edition)) == 0

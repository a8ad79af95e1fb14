"""A rehearsal plays itself from the real entry list, reaches nobody, is seen by organisers alone, and goes away."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from accounts.models import Person
from competition.cases.models import Brief, BriefOpening, Case
from competition.cases.public import (
    assign_case,
    cases_of,
    find_round_case,
    import_case,
    is_open,
    library_content,
    newest_briefs,
)
from competition.cases.queries import files_of
from competition.cases.services import add_file, save_brief
from competition.day.models import RoundSessions
from competition.day.public import is_published, items_of, publish_timetable, save_item
from competition.editions.models import BreakRule, Edition
from competition.editions.public import edition_table, find_edition, set_public
from competition.editions.services import open_registration, write_notice
from competition.entries.models import Delegate, Judge, JudgeConflict, Team
from competition.rounds.models import TableResult
from competition.rounds.public import round_facts, seated_results
from core import mail, outbox
from core.access import SYSTEM
from core.audit import edition_scope
from core.db import db, unit_of_work, utc_now
from core.errors import Conflict
from core.jobs import Job
from core.outbox import OutboxMessage
from core.roles import ROLES, Role
from core.worker import run_pending
from judging.closing.services.certificates import issue_certificates
from judging.models import Criterion, Scoresheet
from tabroom.rehearsal.plan import next_step
from tabroom.rehearsal.service import (
    ask_to_play,
    delete_expired,
    delete_rehearsal,
    diary_of,
    find_playing,
    make_rehearsal,
    rehearsals_of,
)
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
    make_room,
    make_round,
    make_team,
    make_user,
    sign_in,
)
from tests.papers import a_pdf


class Scene:
    """An edition ready for its day: teams with people, judges, rooms, a rubric, rounds, a director."""

    def __init__(self, app: Flask, *, policy: str = "rotating", teams: int = 14, rounds: int = 2) -> None:
        self.app = app
        self.edition = make_edition("open", name="Open", role_policy=policy, is_public=True)
        division = make_division(self.edition)
        institution = make_institution(self.edition)
        for number in range(teams):
            role = ROLES[number % 4].value if policy == "fixed" else None
            person = make_person(f"Person {number}")
            team = make_team(self.edition, f"Team {number}", role=role, coach_person_id=person.id)
            make_delegate(team, person.name, person_id=person.id, contact=f"p{number}@example.org")
            make_delegate(team, f"Second {number}", contact=f"s{number}@example.org")
        for number in range(8):
            judge = make_judge(self.edition, f"Judge {number}", contact=f"j{number}@example.org")
        add(JudgeConflict(judge_id=judge.id, institution_id=institution.id))
        for _number in range(5):
            make_room(self.edition)
        for number in range(1, rounds + 1):
            make_round(self.edition, number)
        for target in ("team", "delegate"):
            add(
                Criterion(
                    edition_id=self.edition.id,
                    code=target,
                    target=target,
                    minimum=Decimal(0),
                    maximum=Decimal(20),
                )
            )
        self.director = make_person("Director")
        make_organiser(self.edition, self.director)
        assert division.id
        db.session.commit()

    def make(self) -> Edition:
        copy = make_rehearsal(actor=SYSTEM, edition=self.edition, now=utc_now())
        db.session.commit()
        return copy

    def play(self, copy: Edition, *, to_the_end: bool = True) -> Job:
        key = copy.id
        ask_to_play(actor=SYSTEM, edition=copy, to_the_end=to_the_end)
        db.session.commit()
        run_pending(self.app)
        job = find_playing(db.session.get_one(Edition, key))
        assert job is not None
        return job


def count(model: Any, edition: Edition, *conditions: Any) -> int:
    query = select(func.count()).select_from(model).where(model.edition_id == edition.id, *conditions)
    return db.session.scalar(query) or 0


def test_people_are_copied_as_names_only_and_the_edition_stays_as_it_is(app: Flask) -> None:
    scene = Scene(app)
    copy = scene.make()
    assert (count(Delegate, copy), count(Judge, copy)) == (28, 8)
    assert count(Team, copy, Team.status == "registered") == 14
    assert count(Delegate, copy, Delegate.contact != "") == 0
    assert count(Delegate, copy, Delegate.person_id.is_not(None)) == 0
    assert count(Judge, copy, Judge.contact != "") == 0
    assert count(Team, copy, Team.coach_person_id.is_not(None)) == 0
    assert (copy.is_public, copy.rehearsal_of) == (False, scene.edition.id)
    assert count(Team, scene.edition) == 14
    conflicts = select(func.count(JudgeConflict.id)).join(Judge, Judge.id == JudgeConflict.judge_id)
    assert db.session.scalar(conflicts.where(Judge.edition_id == copy.id)) == 1


@pytest.mark.parametrize(("policy", "teams"), [("rotating", 14), ("fixed", 14)])
def test_it_plays_to_the_end_with_no_shows_late_judges_ties_and_stand_ins(
    app: Flask, policy: str, teams: int
) -> None:
    scene = Scene(app, policy=policy, teams=teams)
    copy = scene.make()
    job = scene.play(copy)
    assert (job.state, job.error) == ("done", "")
    copy = db.session.get_one(Edition, copy.id)
    assert [facts.results_state for facts in round_facts(copy.id)] == ["confirmed", "confirmed"]
    assert next_step(copy) is None
    told = [code for _at, lines in diary_of(copy) for code, _values in lines]
    assert {"no_show", "drafted", "released", "sheets", "tie", "late", "waived", "confirmed"} <= set(told)
    drawn = [values for _at, lines in diary_of(copy) for code, values in lines if code == "drafted"]
    assert all(values["empty"] == 0 and values["stand_ins"] > 0 for values in drawn)
    assert any(row.is_shared for row in seated_results(copy.id))
    assert seated_results(scene.edition.id) == []


def test_the_elimination_is_played_too(app: Flask) -> None:
    scene = Scene(app, teams=16)
    make_round(scene.edition, 3, stage="elimination", name="Final")
    add(BreakRule(edition_id=scene.edition.id, size=4))
    db.session.commit()
    copy = scene.make()
    job = scene.play(copy)
    assert (job.state, job.error) == ("done", "")
    told = [code for _at, lines in diary_of(db.session.get_one(Edition, copy.id)) for code, _values in lines]
    assert told.count("break") == 1
    assert told.count("seated") == 1
    assert told.count("confirmed") == 3


def test_one_step_at_a_time_leaves_the_rest_to_the_organiser(app: Flask) -> None:
    scene = Scene(app)
    copy = scene.make()
    names = []
    for _number in range(3):
        step = next_step(db.session.get_one(Edition, copy.id))
        assert step is not None
        names.append(step.name)
        assert scene.play(db.session.get_one(Edition, copy.id), to_the_end=False).state == "done"
    assert names == ["draft", "release", "sheets"]
    assert round_facts(copy.id)[0].is_released


def test_a_killed_worker_leaves_whole_steps_and_the_next_one_goes_on(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core import jobs
    from tabroom.rehearsal import service

    scene = Scene(app, rounds=1)
    copy = scene.make()
    ask_to_play(actor=SYSTEM, edition=copy, to_the_end=True)
    db.session.commit()
    real, played = service.play, []

    def dies_in_the_fourth(**values: Any) -> Any:
        played.append(values["step"].name)
        found = real(**values)
        if len(played) == 4:
            raise SystemExit
        return found

    monkeypatch.setattr(service, "play", dies_in_the_fourth)
    run = jobs.claim("first")
    assert run is not None
    with pytest.raises(SystemExit):
        jobs.work(run)
    db.session.remove()
    monkeypatch.setattr(service, "play", real)
    key = run.arguments["edition_id"]
    assert len(diary_of(db.session.get_one(Edition, key))) == 3
    with unit_of_work():
        db.session.execute(update(Job).values(heartbeat_at=utc_now() - timedelta(minutes=5)))
    run_pending(app)
    assert [facts.results_state for facts in round_facts(key)] == ["confirmed"]
    sheets = select(func.count()).select_from(
        select(Scoresheet.table_id, Scoresheet.judge_id)
        .group_by(Scoresheet.table_id, Scoresheet.judge_id)
        .subquery()
    )
    assert db.session.scalar(sheets) == db.session.scalar(select(func.count(Scoresheet.id)))


def test_it_stops_with_the_reason_where_the_real_day_would(app: Flask) -> None:
    scene = Scene(app)
    db.session.execute(Criterion.__table__.delete())
    db.session.commit()
    copy = scene.make()
    job = scene.play(copy)
    assert job.state == "failed"
    assert "There is no rubric yet" in job.error


def test_nothing_is_mailed_from_it_not_even_what_somebody_puts_into_the_outbox(app: Flask) -> None:
    scene = Scene(app)
    copy = scene.make()
    scope = edition_scope(copy.id)
    refused = outbox.post(to="a@example.org", subject="Hello", body="Hello", kind="test", scope=scope)
    assert (refused.id, refused.error) == (None, outbox.SILENT)
    assert db.session.scalar(select(func.count(OutboxMessage.id))) == 0
    smuggled = OutboxMessage(
        to_address="a@example.org",
        subject="Hello",
        body="Hello",
        kind="test",
        scope=scope,
        created_at=NOW,
        next_attempt_at=NOW,
    )
    with pytest.raises(outbox.Silenced):
        mail.compose(smuggled)
    scene.play(copy)
    assert db.session.scalar(select(func.count(OutboxMessage.id))) == 0


def test_it_has_no_public_page_no_registration_and_no_certificates(app: Flask) -> None:
    scene = Scene(app)
    copy = scene.make()
    with pytest.raises(Conflict, match="rehearsal"):
        set_public(actor=SYSTEM, edition=copy, is_public=True)
    notice = dict.fromkeys(("controller", "contact", "purposes", "published", "retention"), "x") | {
        "country": "CN"
    }
    write_notice(actor=SYSTEM, edition=copy, values=notice)
    with pytest.raises(Conflict, match="rehearsal"):
        open_registration(actor=SYSTEM, edition=copy, closes_at=utc_now() + timedelta(days=1))
    with pytest.raises(Conflict, match="rehearsal"):
        issue_certificates(actor=SYSTEM, edition=copy)
    slug = copy.slug
    scene.play(copy)
    stranger = app.test_client()
    for way in ("", "standings/published", "tree", "draw/1", "case/1"):
        assert stranger.get(f"/e/{slug}/{way}").status_code == 404
    assert stranger.get(f"/e/{slug}/").status_code == 404


def test_only_its_organisers_see_it_and_every_page_says_what_it_is(app: Flask) -> None:
    scene = Scene(app)
    copy = scene.make()
    slug = copy.slug
    delegate = db.session.scalar(select(Delegate).where(Delegate.edition_id == scene.edition.id))
    assert delegate is not None
    browsers = {}
    for name, person_id, is_operator in (
        ("director", scene.director.id, False),
        ("delegate", delegate.person_id, False),
        ("operator", make_person("Op").id, True),
    ):
        from accounts.models import Person

        user = make_user(person=db.session.get_one(Person, person_id), is_operator=is_operator)
        browsers[name] = app.test_client()
        sign_in(browsers[name], user)
    for way in ("overview", "rounds/", "people/teams", "rehearsal", "standings/"):
        answer = browsers["director"].get(f"/e/{slug}/{way}", follow_redirects=True)
        assert (answer.status_code, "This is a rehearsal" in answer.text) == (200, True), way
        assert browsers["delegate"].get(f"/e/{slug}/{way}").status_code == 404
    assert "This is a rehearsal" not in browsers["director"].get("/e/open/overview").text
    assert slug not in browsers["operator"].get("/editions/").text


def test_it_deletes_itself_after_seven_days_and_is_gone_the_moment_they_are_over(app: Flask) -> None:
    scene = Scene(app, rounds=1)
    copy = scene.make()
    scene.play(copy)
    key = db.session.scalar(
        select(edition_table.c.id).where(edition_table.c.rehearsal_of == scene.edition.id)
    )
    assert delete_expired(utc_now() + timedelta(days=6, hours=23)) == 0
    with unit_of_work():
        db.session.execute(update(Edition).where(Edition.id == key).values(expires_at=utc_now()))
    assert find_edition("open-rehearsal-1") is None
    assert rehearsals_of(scene.edition.id, utc_now()) == []
    assert delete_expired(utc_now()) == 1
    assert db.session.scalar(select(func.count(TableResult.id))) == 0
    assert [edition.slug for edition in db.session.scalars(select(Edition))] == ["open"]


def test_a_real_edition_is_neither_played_nor_deleted_here(app: Flask) -> None:
    scene = Scene(app)
    for deed in (
        lambda: ask_to_play(actor=SYSTEM, edition=scene.edition, to_the_end=True),
        lambda: delete_rehearsal(actor=SYSTEM, edition=scene.edition),
    ):
        with pytest.raises(Conflict, match="This is the edition itself"):
            deed()


def test_the_pages_make_play_and_delete_it(app: Flask) -> None:
    scene = Scene(app, rounds=1)
    client = app.test_client()
    sign_in(client, make_user(person=scene.director))
    page = client.get("/e/open/rehearsal").text
    data = {
        name: found.group(1)
        for name in ("csrf_token", "idempotency_key")
        if (found := re.search(rf'name="{name}" value="([^"]+)"', page))
    }
    first, second = (client.post("/e/open/rehearsal/make", data=data) for _number in range(2))
    assert first.headers["Location"] == second.headers["Location"] == "/e/open-rehearsal-1/rehearsal"
    way = "/e/open-rehearsal-1/rehearsal"
    assert client.post(f"{way}/play", data={**data, "to_the_end": "1"}).status_code == 303
    assert client.post(f"{way}/play", data=data).status_code == 409
    assert "HX-Refresh" not in client.get(f"{way}/progress").headers
    run_pending(app)
    assert client.get(f"{way}/progress").headers["HX-Refresh"] == "true"
    played = client.get(way).text
    assert "Everything is played" in played
    assert "Round 1 is confirmed." in played
    assert client.post(f"{way}/delete", data=data).status_code == 303
    assert client.get(way).status_code == 404


class CaseScene(Scene):
    """The same with a case that is open for round 1, read by somebody, and a timetable with an online link."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app, rounds=1)
        (facts,) = round_facts(self.edition.id)
        self.case = import_case(
            actor=SYSTEM, edition=self.edition, content=library_content("deep-water-port")
        )
        add_file(actor=SYSTEM, case=self.case, role="igo", name="map.pdf", data=a_pdf("SECRET map"))
        brief = newest_briefs(self.case.id)["igo"]
        words = {"party": "", "party_zh": "", "body": "SECRET newest", "body_zh": ""}
        save_brief(actor=SYSTEM, case=self.case, role=Role.IGO, values=words, revision=brief.revision)
        assign_case(
            actor=SYSTEM, facts=facts, case=self.case, release_at=NOW, judges_read=True, coaches_read=True
        )
        add(BriefOpening(brief_id=brief.id, round_id=facts.id, reader="Lin", opened_at=NOW))
        start = utc_now()
        values = {
            **dict.fromkeys(("title_zh", "site", "place"), ""),
            "title": "Lunch",
            "starts_at": start,
            "ends_at": start + timedelta(hours=1),
            "link": "https://meet.example.org/real",
            "backup_link": "",
            "room_id": None,
            "division_id": None,
            "audience": "all",
        }
        save_item(actor=SYSTEM, edition=self.edition, item=None, version=0, values=values, now=start)
        publish_timetable(actor=SYSTEM, edition=self.edition, version=0, is_published=True, now=start)
        add(RoundSessions(round_id=facts.id, **dict.fromkeys(SESSIONS, 7), is_automatic=True))
        db.session.commit()


SESSIONS = ("opening", "bilateral", "ad_hoc", "pause", "quadrilateral", "resolution")


def test_cases_and_timetable_come_along_closed_and_without_who_read_or_where_to_dial_in(app: Flask) -> None:
    scene = CaseScene(app)
    copy = scene.make()
    (facts,) = round_facts(copy.id)
    (case,) = cases_of(copy.id)
    row = find_round_case(facts.id)
    assert (case.title, case.issues) == (scene.case.title, scene.case.issues)
    assert {brief.body for brief in newest_briefs(case.id).values()} == {
        brief.body for brief in newest_briefs(scene.case.id).values()
    }
    assert db.session.scalar(select(func.count(Brief.id)).where(Brief.case_id == case.id)) == 4
    assert [(one.role, one.name) for one in files_of(case.id)] == [("igo", "map.pdf")]
    assert row is not None
    assert (row.case_id, row.release_at, row.released_at, row.judges_read) == (case.id, None, None, True)
    assert db.session.scalars(select(BriefOpening.round_id)).all() == [round_facts(scene.edition.id)[0].id]
    (item,) = items_of(copy.id)
    assert (item.title, item.link, is_published(copy.id)) == ("Lunch", "", True)
    sessions = db.session.scalars(select(RoundSessions).where(RoundSessions.round_id == facts.id)).one()
    assert (sessions.opening, sessions.is_automatic) == (7, True)
    assert items_of(scene.edition.id)[0].link == "https://meet.example.org/real"


def test_a_rehearsal_opens_its_case_and_no_real_person_reads_it(app: Flask) -> None:
    scene = CaseScene(app)
    copy = scene.make()
    assert scene.play(copy).state == "done"
    copy = db.session.get_one(Edition, copy.id)
    told = [(code, values) for _at, lines in diary_of(copy) for code, values in lines]
    assert [values["round"] for code, values in told if code == "case"] == [1]
    row = find_round_case(round_facts(copy.id)[0].id)
    assert row is not None
    assert is_open(row, utc_now())
    delegate = select(Delegate.person_id).where(
        Delegate.edition_id == scene.edition.id, Delegate.person_id.is_not(None)
    )
    person_id = db.session.scalars(delegate.order_by(Delegate.id)).first()
    readers = {"delegate": make_user(person=db.session.get_one(Person, person_id)), "nobody": None}
    db.session.commit()
    for user in readers.values():
        client = app.test_client()
        if user is not None:
            sign_in(client, user)
        for path in ("", *(f"/brief/{role.value}" for role in ROLES)):
            answer = client.get(f"/e/{copy.slug}/case/1{path}")
            assert answer.status_code in (302, 404)
            assert "SECRET" not in answer.text
    delete_rehearsal(actor=SYSTEM, edition=copy)
    db.session.commit()
    assert [case.id for case in db.session.scalars(select(Case))] == [scene.case.id]

"""A table's resolution: one writes, each confirms alone, every change asks all again, and nobody else sees it."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from competition.cases.services import assign_case, create_case, save_brief, set_released
from competition.editions.models import Edition
from competition.entries.models import Team
from competition.resolutions.models import ResolutionText
from competition.resolutions.public import find_resolution_of_team, resolutions_of_teams, standing_of
from competition.resolutions.services import set_window
from competition.rounds.models import Draw, NegotiationTable, Outcome, PanelJudge, Round, Seat
from competition.rounds.public import get_round_facts, get_table
from core.access import SYSTEM, CapacityKind
from core.audit import AuditEntry
from core.db import db, utc_now
from core.links import COOKIE_FIELD, create_link
from core.roles import ROLES, Role
from core.spreadsheets import read_workbook
from tests.factories import (
    NOW,
    add,
    make_delegate,
    make_edition,
    make_judge,
    make_organiser,
    make_person,
    make_round,
    make_team,
    make_user,
    sign_in,
)

DEPTHS = [{"en": "12 m", "zh": "12 米"}, {"en": "18 m", "zh": "18 米"}]
ISSUES = [
    {"code": "depth", "name": "Depth", "name_zh": "水深", "options": DEPTHS},
    {"code": "jobs", "name": "Jobs", "name_zh": "就业", "options": []},
]
ADDRESS = "/e/open/resolution/1"


class Scene:
    """A released round of two tables; every delegate has an account; table T1's judge and a director too."""

    def __init__(self, app: Flask, *, with_case: bool = True) -> None:
        self.app = app
        self.edition: Edition = make_edition("open", role_policy="fixed")
        self.row: Round = make_round(self.edition)
        self.draw = add(
            Draw(round_id=self.row.id, version=1, state="released", created_at=NOW, released_at=NOW)
        )
        self.tables: list[NegotiationTable] = []
        self.teams: dict[tuple[str, Role], Team] = {}
        self.users: dict[tuple[str, Role], Any] = {}
        for name in ("T1", "T2"):
            table = add(NegotiationTable(draw_id=self.draw.id, name=name))
            self.tables.append(table)
            for role in ROLES:
                team = make_team(self.edition, f"{name} {role.value}", role=role.value)
                person = make_person(f"{name} {role.value}")
                make_delegate(team, person.name, person_id=person.id)
                add(Seat(draw_id=self.draw.id, table_id=table.id, role=role.value, team_id=team.id))
                self.teams[name, role], self.users[name, role] = team, make_user(person=person)
        judge = make_person("Judge Li")
        self.judge = make_judge(self.edition, judge.name, person_id=judge.id)
        add(PanelJudge(table_id=self.tables[0].id, judge_id=self.judge.id, position="chair"))
        self.judge_user = make_user(person=judge)
        director = make_person("Director")
        make_organiser(self.edition, director)
        self.director = make_user(person=director)
        if with_case:
            self._give_case()
        db.session.commit()

    def _give_case(self) -> None:
        case = create_case(actor=SYSTEM, edition=self.edition, title="Port of Lume")
        case.issues = ISSUES
        for role in ROLES:
            values = {"party": role.value, "party_zh": "", "body": "secret", "body_zh": ""}
            save_brief(actor=SYSTEM, case=case, role=role, values=values, revision=0)
        assign_case(
            actor=SYSTEM, facts=self.facts, case=case, release_at=None, judges_read=False, coaches_read=False
        )
        set_released(actor=SYSTEM, facts=self.facts, case=case, is_released=True)

    @property
    def facts(self) -> Any:
        return get_round_facts(self.edition.id, 1)

    @property
    def standing(self) -> Any:
        return standing_of(get_table(self.edition.id, self.tables[0].public_id))

    def phone(self, role: Role, table: str = "T1") -> FlaskClient:
        return self.browser(self.users[table, role])

    def browser(self, user: Any) -> FlaskClient:
        client = self.app.test_client()
        sign_in(client, user)
        return client


@pytest.fixture
def scene(app: Flask) -> Scene:
    return Scene(app)


def token(client: FlaskClient, address: str = ADDRESS) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(address).text)
    assert found
    return found.group(1)


def write(client: FlaskClient, version: int = 0, action: str = "save", **values: str) -> Any:
    data = {
        "csrf_token": token(client, f"{ADDRESS}/write"),
        "version": version,
        "action": action,
        "code-0": "depth",
        "code-1": "jobs",
        "state-0": "agreed",
        "option-0": "1",
        "state-1": "partly",
        "terms-1": "500 jobs",
        **values,
    }
    return client.post(f"{ADDRESS}/write", data=data)


def give_word(client: FlaskClient, version: int, action: str = "confirm", remark: str = "") -> Any:
    data = {"csrf_token": token(client), "version": version, "action": action, "remark": remark}
    return client.post(f"{ADDRESS}/word", data=data)


def states(scene: Scene) -> list[str]:
    return [seat.state for seat in scene.standing.seats]


def test_one_writes_and_four_phones_confirm(scene: Scene) -> None:
    assert write(scene.phone(Role.LOCAL_NGO)).status_code == 303
    assert (scene.standing.agreed, scene.standing.partly, scene.standing.total) == (1, 1, 2)
    assert states(scene) == ["waiting"] * 4
    for count, role in enumerate(ROLES, start=1):
        assert give_word(scene.phone(role), 1).status_code == 303
        assert (scene.standing.signatures, scene.standing.is_complete) == (count, count == 4)
    verbs = db.session.scalars(select(AuditEntry.verb).order_by(AuditEntry.id)).all()
    assert [verb for verb in verbs if verb.startswith("resolution.")] == [
        "resolution.written",
        *["resolution.confirmed"] * 4,
    ]


def test_saving_and_confirming_at_once_speaks_for_the_writers_seat_alone(scene: Scene) -> None:
    write(scene.phone(Role.IGO), action="confirm")
    assert states(scene) == ["waiting", "waiting", "waiting", "confirmed"]


def test_any_change_asks_everybody_again_and_the_earlier_text_is_kept(scene: Scene) -> None:
    for role in ROLES[:2]:
        write(scene.phone(role), action="confirm")
    assert (scene.standing.version, scene.standing.signatures) == (1, 2)
    write(scene.phone(Role.IGO), version=1, **{"terms-1": "700 jobs"})
    assert (scene.standing.version, scene.standing.signatures) == (2, 0)
    assert [seat.role for seat in scene.standing.outdated] == list(ROLES[:2])
    assert scene.standing.has_mismatch
    texts = db.session.scalars(select(ResolutionText).order_by(ResolutionText.version)).all()
    assert [(text.version, text.role, text.items[1]["terms"]) for text in texts] == [
        (1, "government", "500 jobs"),
        (2, "igo", "700 jobs"),
    ]


def test_a_stale_text_is_refused_with_what_the_other_one_says_and_nothing_typed_is_lost(
    scene: Scene,
) -> None:
    write(scene.phone(Role.GOVERNMENT))
    answer = write(scene.phone(Role.IGO), version=0, **{"terms-1": "900 jobs"})
    assert answer.status_code == 409
    assert "Jobs: partly agreed · 500 jobs" in answer.text
    assert "900 jobs</textarea>" in answer.text
    assert 'name="version" type="hidden" value="1"' in answer.text
    assert scene.standing.wording.items[1].terms == "500 jobs"
    assert write(scene.phone(Role.IGO), version=1, **{"terms-1": "900 jobs"}).status_code == 303
    assert scene.standing.wording.items[1].terms == "900 jobs"


def test_the_same_text_sent_twice_is_one_text(scene: Scene) -> None:
    phone = scene.phone(Role.GOVERNMENT)
    assert [write(phone).status_code, write(phone).status_code] == [303, 303]
    assert scene.standing.version == 1


def test_a_text_that_was_changed_since_it_was_read_is_not_confirmed(scene: Scene) -> None:
    write(scene.phone(Role.GOVERNMENT))
    write(scene.phone(Role.IGO), version=1, **{"terms-1": "none"})
    answer = give_word(scene.phone(Role.ENTERPRISE), 1)
    assert (answer.status_code, scene.standing.signatures) == (409, 0)
    assert "The text was changed after you opened it" in answer.text


def test_a_draft_with_an_open_issue_is_kept_but_not_confirmed(scene: Scene) -> None:
    write(scene.phone(Role.GOVERNMENT), **{"state-0": "", "option-0": ""})
    assert scene.standing.unsaid == 1
    assert give_word(scene.phone(Role.IGO), 1).status_code == 409
    assert scene.standing.signatures == 0


def test_an_objection_is_seen_by_the_table_its_judges_and_the_organisers(scene: Scene) -> None:
    write(scene.phone(Role.GOVERNMENT), action="confirm")
    assert give_word(scene.phone(Role.ENTERPRISE), 1, "object").status_code == 422
    give_word(scene.phone(Role.ENTERPRISE), 1, "object", "We never agreed to 18 m.")
    assert states(scene) == ["confirmed", "objects", "waiting", "waiting"]
    table = scene.tables[0].public_id
    for browser, address in (
        (scene.phone(Role.LOCAL_NGO), ADDRESS),
        (scene.browser(scene.judge_user), f"/e/open/table-resolution/{table}"),
        (scene.browser(scene.judge_user), f"/e/open/judge/{table}"),
        (scene.browser(scene.director), f"/e/open/rounds/1/resolutions/{table}"),
    ):
        assert "We never agreed to 18 m." in browser.get(address).text
    give_word(scene.phone(Role.ENTERPRISE), 1)
    assert states(scene)[1] == "confirmed"


@pytest.mark.parametrize(
    ("first_state", "status", "is_impasse"), [("not_agreed", 303, True), ("agreed", 422, False)]
)
def test_an_impasse_is_a_state_that_is_confirmed_like_any_other(
    scene: Scene, first_state: str, status: int, is_impasse: bool
) -> None:
    answer = write(scene.phone(Role.GOVERNMENT), outcome="impasse", **{"state-0": first_state, "state-1": ""})
    assert (answer.status_code, scene.standing.is_impasse) == (status, is_impasse)
    if is_impasse:
        for role in ROLES:
            give_word(scene.phone(role), 1)
        assert (scene.standing.is_complete, scene.standing.agreed) == (True, 0)


@pytest.mark.parametrize("what", ["vacant", "stand_in", "absent", "left"])
def test_three_confirm_where_a_seat_has_nobody_to(scene: Scene, what: str) -> None:
    team = scene.teams["T1", Role.ENTERPRISE]
    if what == "vacant":
        seat = db.session.scalar(select(Seat).where(Seat.team_id == team.id))
        assert seat is not None
        seat.team_id = None
    elif what == "stand_in":
        team.status = "stand_in"
    else:
        add(Outcome(round_id=scene.row.id, team_id=team.id, outcome=what))
    db.session.commit()
    write(scene.phone(Role.GOVERNMENT))
    for role in (Role.GOVERNMENT, Role.LOCAL_NGO, Role.IGO):
        give_word(scene.phone(role), 1)
    assert states(scene) == ["confirmed", what, "confirmed", "confirmed"]
    assert (scene.standing.signatures, scene.standing.needed, scene.standing.is_complete) == (3, 3, True)
    answer = scene.phone(Role.ENTERPRISE).get(ADDRESS)
    assert answer.status_code == (404 if what == "vacant" else 200)
    assert "Confirm for my team" not in answer.text


def test_nobody_but_the_table_its_judges_and_the_organisers_sees_it(app: Flask, scene: Scene) -> None:
    write(scene.phone(Role.GOVERNMENT), remark="SECRET-REMARK")
    coach = make_person("Coach")
    scene.teams["T1", Role.IGO].coach_person_id = coach.id
    other_judge = make_person("Other judge")
    row = make_judge(scene.edition, "Other", person_id=other_judge.id)
    add(PanelJudge(table_id=scene.tables[1].id, judge_id=row.id, position="chair"))
    db.session.commit()
    table = scene.tables[0].public_id
    ways = [
        ADDRESS,
        f"{ADDRESS}/seats",
        f"{ADDRESS}/write",
        f"/e/open/table-resolution/{table}",
        f"/e/open/rounds/1/resolutions/{table}",
        "/e/open/rounds/1/resolutions",
    ]
    readers = {
        "other table": scene.phone(Role.GOVERNMENT, "T2"),
        "coach": scene.browser(make_user(person=coach)),
        "judge of another table": scene.browser(make_user(person=other_judge)),
        "outsider": scene.browser(make_user()),
        "nobody": app.test_client(),
    }
    for reader in readers.values():
        for way in ways:
            assert "SECRET-REMARK" not in reader.get(way).text
    assert readers["coach"].get(ADDRESS).status_code == 404
    assert readers["judge of another table"].get(ways[3]).status_code == 404
    assert readers["other table"].get(ways[4]).status_code == 403


def test_a_captains_private_link_writes_and_confirms_too(app: Flask, scene: Scene) -> None:
    team = scene.teams["T1", Role.IGO]
    make_delegate(team, "Captain", is_captain=True)
    link = create_link(
        purpose=CapacityKind.CAPTAIN,
        edition_id=scene.edition.id,
        subject_id=team.id,
        expires_at=utc_now() + timedelta(days=1),
    )
    db.session.commit()
    phone = app.test_client()
    with phone.session_transaction() as cookie:
        cookie[COOKIE_FIELD] = link.id
    assert write(phone, action="confirm").status_code == 303
    assert states(scene) == ["waiting", "waiting", "waiting", "confirmed"]


@pytest.mark.parametrize(
    ("opens", "closes", "status"),
    [(None, None, 303), (-1, 1, 303), (1, None, 409), (None, -1, 409), (-1, None, 303), (None, 1, 303)],
)
def test_a_text_is_written_within_the_window_only(
    scene: Scene, opens: int | None, closes: int | None, status: int
) -> None:
    phone = scene.phone(Role.GOVERNMENT)
    key = token(phone)
    now = utc_now()
    set_window(
        actor=SYSTEM,
        edition=scene.edition,
        facts=scene.facts,
        opens_at=now + timedelta(hours=opens) if opens else None,
        closes_at=now + timedelta(hours=closes) if closes else None,
    )
    db.session.commit()
    data = {"csrf_token": key, "version": 0, "code-0": "depth", "code-1": "jobs", "state-0": "agreed"}
    assert phone.post(f"{ADDRESS}/write", data=data).status_code == status


def test_once_the_result_is_confirmed_the_resolution_stays_as_it_is(scene: Scene) -> None:
    write(scene.phone(Role.GOVERNMENT))
    scene.row.results_state = "confirmed"
    db.session.commit()
    phone = scene.phone(Role.IGO)
    page = phone.get(ADDRESS).text
    assert "The result of this table is confirmed" in page
    assert "Change the text" not in page
    key = token(phone, "/e/open/me/details")
    data = {"csrf_token": key, "version": 1, "action": "confirm"}
    assert phone.post(f"{ADDRESS}/word", data=data).status_code == 409
    assert scene.standing.signatures == 0


def test_without_a_case_a_table_names_its_issues_itself(app: Flask) -> None:
    scene = Scene(app, with_case=False)
    phone = scene.phone(Role.GOVERNMENT)
    data = {
        "csrf_token": token(phone, f"{ADDRESS}/write"),
        "version": 0,
        "name-0": "Fishing rights",
        "state-0": "agreed",
        "terms-0": "Three miles",
        "name-1": "  ",
        "name-2": "Tolls",
        "state-2": "nonsense",
    }
    assert phone.post(f"{ADDRESS}/write", data=data).status_code == 303
    assert [(item.code, item.name, item.state) for item in scene.standing.wording.items] == [
        ("1", "Fishing rights", "agreed"),
        ("2", "Tolls", ""),
    ]
    twice = {**data, "version": 1, "name-2": "fishing rights"}
    assert phone.post(f"{ADDRESS}/write", data=twice).status_code == 422


def test_what_a_team_still_owes_names_the_resolution_until_it_is_confirmed(scene: Scene) -> None:
    phone = scene.phone(Role.ENTERPRISE)
    assert "Confirm the resolution" not in phone.get("/e/open/me").text
    write(scene.phone(Role.GOVERNMENT))
    assert "Confirm the resolution of table T1" in phone.get("/e/open/me").text
    give_word(phone, 1)
    assert "Confirm the resolution" not in phone.get("/e/open/me").text


def test_the_facts_for_others_are_counts(scene: Scene) -> None:
    team, round_id = scene.teams["T1", Role.IGO].id, scene.row.id
    assert find_resolution_of_team(round_id, team) is None
    write(scene.phone(Role.GOVERNMENT), action="confirm")
    found = find_resolution_of_team(round_id, team)
    assert found is not None
    assert (found.agreed, found.partly, found.total, found.signatures, found.needed) == (1, 1, 2, 1, 4)
    other = scene.teams["T2", Role.IGO].id
    assert list(resolutions_of_teams([team, other])) == [(round_id, team)]


def test_the_export_is_for_the_director_and_on_record(scene: Scene) -> None:
    write(scene.phone(Role.GOVERNMENT), action="confirm", **{"terms-1": "=1+1"})
    director = scene.browser(scene.director)
    key = token(director, "/e/open/rounds/1/resolutions")
    answer = director.post("/e/open/resolutions/export", data={"csrf_token": key})
    sheets = {sheet.name: sheet.rows for sheet in read_workbook(io.BytesIO(answer.data).getvalue())}
    assert [row[7:] for row in sheets["Issues"][1:]] == [
        ["depth", "Depth", "agreed", "18 m"],
        ["jobs", "Jobs", "partly", None, "=1+1"],
    ]
    table = dict(zip(sheets["Tables"][0], sheets["Tables"][1], strict=False))
    assert (table["agreed"], table["confirmed"], table["government_word"]) == (1, 1, "confirmed")
    assert db.session.scalar(select(AuditEntry).where(AuditEntry.verb == "resolution.exported"))
    phone = scene.phone(Role.IGO)
    refused = phone.post("/e/open/resolutions/export", data={"csrf_token": token(phone)})
    assert refused.status_code == 403


def test_the_organisers_set_the_window_and_see_every_table(scene: Scene) -> None:
    write(scene.phone(Role.GOVERNMENT))
    director = scene.browser(scene.director)
    address = "/e/open/rounds/1/resolutions"
    page = director.get(address)
    assert page.text.count("Nothing written yet") == 1
    data = {
        "csrf_token": token(director, address),
        "opens_at": "2026-05-16T09:00",
        "closes_at": "2026-05-16T08:00",
    }
    assert director.post(f"{address}/window", data=data).status_code == 422
    data["closes_at"] = "2026-05-16T12:00"
    assert director.post(f"{address}/window", data=data).status_code == 303
    assert write(scene.phone(Role.GOVERNMENT), version=1, remark="late").status_code == 409
    assert director.post(f"{address}/window", data={"csrf_token": data["csrf_token"]}).status_code == 303
    assert write(scene.phone(Role.GOVERNMENT), version=1, remark="late").status_code == 303

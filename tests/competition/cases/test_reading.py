"""Who may read what of a case, at every moment and by every way; every opening is on record."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import delete, select, update

from competition.cases.models import BriefOpening
from competition.cases.queries import OpeningFilter, newest_briefs, openings_of
from competition.cases.services import add_file, assign_case, create_case, save_brief, set_released
from competition.entries.models import Delegate
from competition.entries.registering.rules import save_rules
from competition.rounds.models import PanelJudge
from competition.rounds.public import (
    confirm_draw,
    draft_draw,
    get_round_facts,
    release_draw,
    tables_of_draw,
    undo_draw,
)
from core.access import SYSTEM, CapacityKind
from core.audit import AuditEntry
from core.db import db, utc_now
from core.errors import Conflict, Invalid
from core.links import address_of, create_link
from core.outbox import OutboxMessage
from core.roles import ROLES, Role
from tests.factories import (
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
from tests.papers import a_pdf

PDF = a_pdf("SECRET on paper")


class Scene:
    """A fixed edition of eight teams, one delegate each with an account; round 1 with a case that has four briefs."""

    def __init__(self, role_policy: str = "fixed") -> None:
        self.edition = make_edition("open", role_policy=role_policy)
        self.users: dict[int, Any] = {}
        self.teams = []
        for number in range(8):
            role = ROLES[number % 4].value if role_policy == "fixed" else None
            team = make_team(self.edition, f"T{number}", role=role)
            person = make_person(f"Delegate {number}")
            make_delegate(team, f"Delegate {number}", person_id=person.id, confirmed_at=utc_now())
            self.users[team.id] = make_user(person=person)
            self.teams.append(team)
        self.judge_person = make_person("Judge Li")
        self.judge = make_judge(self.edition, "Judge Li", person_id=self.judge_person.id)
        self.row = make_round(self.edition)
        self.case = create_case(actor=SYSTEM, edition=self.edition, title="Port of Lume")
        for role in ROLES:
            save_brief(
                actor=SYSTEM,
                case=self.case,
                role=role,
                values={
                    "party": f"Party {role}",
                    "party_zh": "",
                    "body": f"SECRET-{role.value}",
                    "body_zh": "",
                },
                revision=0,
            )
        self.files = {
            role: add_file(actor=SYSTEM, case=self.case, role=role, name=f"{role or 'public'}.pdf", data=PDF)
            for role in (None, *(role.value for role in ROLES))
        }
        db.session.commit()

    @property
    def facts(self) -> Any:
        return get_round_facts(self.edition.id, 1)

    def draw(self) -> None:
        draft_draw(actor=SYSTEM, round_id=self.row.id, method="random", seed=1)
        confirm_draw(actor=SYSTEM, round_id=self.row.id)

    def release_draw(self) -> None:
        release_draw(actor=SYSTEM, round_id=self.row.id)
        db.session.commit()

    def assign(self, **options: Any) -> None:
        values = {"release_at": None, "judges_read": False, "coaches_read": False, **options}
        assign_case(actor=SYSTEM, facts=self.facts, case=self.case, **values)
        db.session.commit()

    def open(self) -> None:
        set_released(actor=SYSTEM, facts=self.facts, case=self.case, is_released=True)
        db.session.commit()

    def seat_of(self, team_id: int) -> Role:
        for table in tables_of_draw(self.facts.draw_id):
            if (role := table.role_of(team_id)) is not None:
                return role
        raise AssertionError("no seat")

    def addresses(self) -> list[str]:
        """Every way to a brief or to a file of one."""
        base = "/e/open/case/1"
        ways = [f"{base}/brief/{role.value}" for role in ROLES]
        for role in ROLES:
            for asked in (role.value, "government"):
                ways.append(f"{base}/brief/{asked}/files/{self.files[role.value].public_id}")
            ways.append(f"{base}/files/{self.files[role.value].public_id}")
        return ways


@pytest.fixture
def scene(app: Flask) -> Scene:
    return Scene()


def as_user(app: Flask, user: Any) -> FlaskClient:
    client = app.test_client()
    sign_in(client, user)
    return client


def enter_by_link(client: FlaskClient, address: str) -> None:
    """Open a private link and go on as its holder."""
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(address).text)
    assert token
    assert client.post(address, data={"csrf_token": token.group(1)}).status_code == 303


def read(client: FlaskClient, scene: Scene) -> set[str]:
    """What of the four briefs a reader gets by trying every way there is."""
    found = set()
    for address in scene.addresses():
        answer = client.get(address)
        if answer.status_code == 200:
            found.add(address.removeprefix("/e/open/case/1/"))
            assert answer.headers["Cache-Control"] == "no-store"
        else:
            assert answer.status_code in (302, 403, 404)
            assert "SECRET" not in answer.text
    return found


def own(scene: Scene, role: Role) -> set[str]:
    return {f"brief/{role.value}", f"brief/{role.value}/files/{scene.files[role.value].public_id}"}


def test_before_the_release_nobody_reads_anything_and_after_it_exactly_their_own(
    app: Flask, scene: Scene
) -> None:
    delegate = as_user(app, scene.users[scene.teams[5].id])
    scene.draw()
    scene.assign()
    assert delegate.get("/e/open/case/1").status_code == 404
    assert read(delegate, scene) == set()
    scene.open()
    assert delegate.get("/e/open/case/1").status_code == 200
    assert read(delegate, scene) == set()
    assert "once the draw of this round is released" in delegate.get("/e/open/case/1").text
    scene.release_draw()
    for team in scene.teams:
        role = scene.seat_of(team.id)
        assert read(as_user(app, scene.users[team.id]), scene) == own(scene, role)


def test_a_second_before_its_time_a_brief_is_not_there(
    app: Flask, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.draw()
    scene.release_draw()
    moment = utc_now() + timedelta(hours=1)
    scene.assign(release_at=moment)
    delegate = as_user(app, scene.users[scene.teams[0].id])
    role = scene.seat_of(scene.teams[0].id)
    for shift, expected in ((-1, set()), (0, own(scene, role))):
        monkeypatch.setattr(
            "competition.cases.views.reading.utc_now", lambda shift=shift: moment + timedelta(seconds=shift)
        )
        assert read(delegate, scene) == expected


def test_others_read_no_brief(app: Flask, scene: Scene) -> None:
    scene.draw()
    scene.assign(judges_read=True, coaches_read=True)
    scene.open()
    scene.release_draw()
    organiser = make_person()
    make_organiser(scene.edition, organiser)
    stranger = make_user()
    db.session.commit()
    assert read(as_user(app, make_user(person=organiser)), scene) == set()
    assert read(as_user(app, stranger), scene) == set()
    assert read(app.test_client(), scene) == set()
    absent = scene.teams[3]
    absent.status = "withdrawn"
    other = make_edition("other")
    outsider = make_person()
    make_delegate(make_team(other), "X", person_id=outsider.id)
    db.session.commit()
    assert read(as_user(app, make_user(person=outsider)), scene) == set()


def test_judges_and_coaches_read_only_where_the_round_says_so_and_never_both(
    app: Flask, scene: Scene
) -> None:
    scene.draw()
    scene.release_draw()
    coach = make_person("Coach Wu")
    scene.teams[2].coach_person_id = coach.id
    coach_user, judge_user = make_user(person=coach), make_user(person=scene.judge_person)
    db.session.commit()
    scene.assign()
    scene.open()
    assert read(as_user(app, coach_user), scene) == set()
    assert read(as_user(app, judge_user), scene) == set()
    scene.assign(judges_read=True, coaches_read=True)
    role = scene.seat_of(scene.teams[2].id)
    assert read(as_user(app, coach_user), scene) == own(scene, role)
    save_rules(actor=SYSTEM, edition=scene.edition, version=0, values={"coach_brief": False})
    db.session.commit()
    assert read(as_user(app, coach_user), scene) == set()
    assert {way for way in read(as_user(app, judge_user), scene) if "files" not in way} == {
        f"brief/{role.value}" for role in ROLES
    }
    scene.teams[1].coach_person_id = scene.judge_person.id
    db.session.commit()
    assert read(as_user(app, judge_user), scene) == set()


def test_every_opening_is_on_record_with_the_readers_name_on_the_page(app: Flask, scene: Scene) -> None:
    scene.draw()
    scene.release_draw()
    scene.assign()
    scene.open()
    team = scene.teams[6]
    role = scene.seat_of(team.id)
    page = as_user(app, scene.users[team.id]).get(f"/e/open/case/1/brief/{role.value}")
    assert f"SECRET-{role.value}" in page.text
    assert page.text.count("Opened by Delegate 6 on") == 2
    (opening,) = db.session.scalars(select(BriefOpening)).all()
    assert (opening.team_id, opening.reader, opening.round_id) == (team.id, "Delegate 6", scene.row.id)
    assert opening.brief_id == newest_briefs(scene.case.id)[role.value].id


def test_a_draw_whose_briefs_were_read_is_not_taken_back(app: Flask, scene: Scene) -> None:
    scene.draw()
    scene.release_draw()
    scene.assign()
    scene.open()
    role = scene.seat_of(scene.teams[0].id)
    as_user(app, scene.users[scene.teams[0].id]).get(f"/e/open/case/1/brief/{role.value}")
    with pytest.raises(Conflict, match="has read its confidential brief"):
        undo_draw(actor=SYSTEM, round_id=scene.row.id)


def test_where_teams_change_roles_a_case_is_negotiated_once(app: Flask) -> None:
    scene = Scene(role_policy="rotating")
    scene.draw()
    scene.release_draw()
    scene.assign()
    scene.open()
    make_round(scene.edition, 2)
    with pytest.raises(Conflict, match="each round needs its own"):
        assign_case(
            actor=SYSTEM,
            facts=get_round_facts(scene.edition.id, 2),
            case=scene.case,
            release_at=None,
            judges_read=False,
            coaches_read=False,
        )


def test_a_case_without_all_four_briefs_is_not_opened(app: Flask, scene: Scene) -> None:
    empty = create_case(actor=SYSTEM, edition=scene.edition, title="Draft")
    scene.case = empty
    scene.assign()
    with pytest.raises(Conflict, match="4 of the four briefs are not written yet"):
        scene.open()


def test_a_captain_with_a_private_link_reads_the_brief_too(app: Flask, scene: Scene) -> None:
    scene.draw()
    scene.release_draw()
    scene.assign()
    scene.open()
    team = scene.teams[4]
    link = create_link(
        purpose=CapacityKind.CAPTAIN,
        edition_id=scene.edition.id,
        subject_id=team.id,
        expires_at=utc_now() + timedelta(days=1),
        bound_address="captain@example.org",
    )
    address = address_of(link)
    db.session.commit()
    client = app.test_client()
    enter_by_link(client, address)
    assert read(client, scene) == own(scene, scene.seat_of(team.id))


def test_a_case_that_was_read_in_one_role_is_refused_in_another_even_after_the_assignment(
    app: Flask,
) -> None:
    scene = Scene()
    scene.draw()
    scene.release_draw()
    scene.assign()
    scene.open()
    team = scene.teams[0]
    role = scene.seat_of(team.id)
    other = next(one for one in ROLES if one is not role)
    reader = as_user(app, scene.users[team.id])
    assert read(reader, scene) == own(scene, role)
    brief = newest_briefs(scene.case.id)[other.value]
    opening = db.session.scalars(select(BriefOpening)).first()
    assert opening is not None
    db.session.execute(update(BriefOpening).where(BriefOpening.team_id == team.id).values(brief_id=brief.id))
    db.session.commit()
    assert read(reader, scene) == set()
    assert "has read this case in another role" in reader.get("/e/open/case/1").text


def test_a_replaced_brief_is_told_to_its_readers_and_both_versions_are_there_for_them(
    app: Flask, scene: Scene
) -> None:
    scene.draw()
    scene.release_draw()
    scene.assign(judges_read=True)
    scene.open()
    judge_user = make_user("judge@example.org", person=scene.judge_person)
    team = next(one for one in scene.teams if scene.seat_of(one.id) is Role.IGO)
    late = next(one for one in scene.teams if scene.seat_of(one.id) is Role.IGO and one.id != team.id)
    table = next(one for one in tables_of_draw(scene.facts.draw_id) if team.id in one.team_ids)
    db.session.execute(delete(PanelJudge))
    add(PanelJudge(table_id=table.id, judge_id=scene.judge.id, position="chair"))
    db.session.commit()
    way = "/e/open/case/1/brief/igo"
    reader, judge = as_user(app, scene.users[team.id]), as_user(app, judge_user)
    assert "SECRET-igo" in reader.get(way).text
    assert "SECRET-igo" in judge.get(way).text
    save_brief(
        actor=SYSTEM,
        case=scene.case,
        role=Role.IGO,
        values={"party": "P", "party_zh": "", "body": "REPLACED", "body_zh": ""},
        revision=1,
    )
    db.session.commit()
    told = select(OutboxMessage.to_address).where(OutboxMessage.kind == "brief_replaced")
    assert sorted(db.session.scalars(told)) == sorted(["judge@example.org", scene.users[team.id].email])
    for client in (reader, judge):
        page = client.get(way).text
        assert "REPLACED" in page
        assert "SECRET-igo" in page
    fresh = as_user(app, scene.users[late.id]).get(way).text
    assert "REPLACED" in fresh
    assert "SECRET-igo" not in fresh


def test_a_pdf_of_a_brief_carries_its_readers_name_and_the_time_and_one_for_all_does_not(
    app: Flask, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.draw()
    scene.assign()
    scene.open()
    scene.release_draw()
    team = scene.teams[0]
    db.session.execute(update(Delegate).where(Delegate.team_id == team.id).values(name="王小明"))
    db.session.commit()
    moment, role = datetime(2026, 5, 16, 0, 15, tzinfo=UTC), scene.seat_of(team.id).value
    monkeypatch.setattr("competition.cases.reading.utc_now", lambda: moment)
    delegate = as_user(app, scene.users[team.id])
    answer = delegate.get(f"/e/open/case/1/brief/{role}/files/{scene.files[role].public_id}")
    (page,) = PdfReader(io.BytesIO(answer.data)).pages
    words = page.extract_text()
    assert "SECRET on paper" in words
    assert "Opened by 王小明 on May 16, 2026" in words
    assert answer.headers["Content-Type"] == "application/pdf"
    plain = delegate.get(f"/e/open/case/1/files/{scene.files[None].public_id}")
    assert plain.data == PDF


def test_an_image_of_a_brief_carries_its_readers_line_and_one_for_all_does_not(
    app: Flask, scene: Scene
) -> None:
    scene.draw()
    scene.assign()
    scene.open()
    scene.release_draw()
    made, team = io.BytesIO(), scene.teams[0]
    Image.new("RGB", (900, 400), "navy").save(made, "PNG")
    role = scene.seat_of(team.id).value
    mine, of_all = (
        add_file(actor=SYSTEM, case=scene.case, role=one, name="map.png", data=made.getvalue())
        for one in (role, None)
    )
    db.session.commit()
    delegate = as_user(app, scene.users[team.id])
    answer = delegate.get(f"/e/open/case/1/brief/{role}/files/{mine.public_id}")
    shown = Image.open(io.BytesIO(answer.data))
    assert (answer.headers["Content-Type"], int(answer.headers["Content-Length"])) == (
        "image/png",
        len(answer.data),
    )
    assert (shown.width, shown.height > 400) == (900, True)
    assert delegate.get(f"/e/open/case/1/files/{of_all.public_id}").data == made.getvalue()


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (a_pdf(password="secret"), "locked with a password"),
        (b"%PDF-1.7 broken", "damaged"),
        (b"\x89PNG\r\n\x1a\nbroken", "damaged"),
        (b"\xff\xd8\xff\xe0 broken", "damaged"),
    ],
)
def test_a_file_that_cannot_carry_a_name_is_no_file_of_a_brief(app: Flask, data: bytes, word: str) -> None:
    case = create_case(actor=SYSTEM, edition=make_edition(), title="Port")
    with pytest.raises(Invalid, match=word):
        add_file(actor=SYSTEM, case=case, role="igo", name="brief.pdf", data=data)
    assert add_file(actor=SYSTEM, case=case, role=None, name="map.pdf", data=data).role is None


@pytest.mark.parametrize("is_signed_in", [True, False])
def test_a_judge_who_is_known_by_address_only_and_coaches_reads_no_brief(
    app: Flask, scene: Scene, is_signed_in: bool
) -> None:
    scene.draw()
    scene.release_draw()
    scene.assign(judges_read=True, coaches_read=True)
    scene.open()
    scene.judge.person_id = scene.judge_person.id if is_signed_in else None
    scene.judge.contact = "li@example.org"
    link = create_link(
        purpose=CapacityKind.JUDGE,
        edition_id=scene.edition.id,
        subject_id=scene.judge.id,
        expires_at=utc_now() + timedelta(days=1),
    )
    address = address_of(link)
    db.session.commit()

    def reader() -> FlaskClient:
        if is_signed_in:
            return as_user(app, user)
        client = app.test_client()
        enter_by_link(client, address)
        return client

    user = make_user("judge@example.org", person=scene.judge_person)
    assert read(reader(), scene) != set()
    scene.teams[1].coach_contact = "Li@Example.org"
    db.session.commit()
    assert read(reader(), scene) == set()


@pytest.mark.parametrize("address", ["coach@example.org", "Coach@example.org"])
def test_a_coach_who_judges_under_an_address_alone_reads_no_brief(
    app: Flask, scene: Scene, address: str
) -> None:
    scene.draw()
    scene.release_draw()
    scene.assign(coaches_read=True)
    scene.open()
    coach = make_person("Coach Wu")
    scene.teams[2].coach_person_id = coach.id
    user = make_user("coach@example.org", person=coach)
    db.session.commit()
    assert read(as_user(app, user), scene) == own(scene, scene.seat_of(scene.teams[2].id))
    scene.judge.person_id, scene.judge.contact = None, address
    db.session.commit()
    assert read(as_user(app, user), scene) == set()


def test_who_has_read_what_is_searched_page_by_page_and_taken_away_on_record(
    app: Flask, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    brief = newest_briefs(scene.case.id)["igo"]
    for number, (reader, file_name) in enumerate((("Ann", ""), ("bo", "map.pdf"), ("Cy", ""))):
        moment = utc_now() + timedelta(minutes=number)
        add(
            BriefOpening(
                brief_id=brief.id, round_id=scene.row.id, reader=reader, file_name=file_name, opened_at=moment
            )
        )
    table = {
        (): ["Cy", "bo", "Ann"],
        (("sort", "first"),): ["Ann", "bo", "Cy"],
        (("sort", "reader"),): ["Ann", "bo", "Cy"],
        (("q", "map"),): ["bo"],
        (("role", "igo"),): ["Cy", "bo", "Ann"],
        (("role", "government"),): [],
        (("role", "nonsense"),): ["Cy", "bo", "Ann"],
    }
    assert {
        asked: [row[0].reader for row in openings_of(scene.case.id, OpeningFilter.of(dict(asked)))]
        for asked in table
    } == table
    monkeypatch.setattr("competition.cases.queries.OPENINGS_PER_PAGE", 2)
    pages = [[row[0].reader for row in openings_of(scene.case.id, OpeningFilter(), page)] for page in (1, 2)]
    assert pages == [["Cy", "bo"], ["Ann"]]
    director = make_person()
    make_organiser(scene.edition, director)
    client = as_user(app, make_user(person=director))
    page = client.get(f"/e/open/cases/{scene.case.public_id}/openings?q=bo").text
    assert ("map.pdf" in page, "Cy</th>" in page) == (True, False)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token
    path = f"/e/open/cases/{scene.case.public_id}/openings/export"
    answer = client.post(path, data={"csrf_token": token.group(1)})
    assert [line.split(",")[1] for line in answer.text.splitlines()] == ["Reader", "Cy", "bo", "Ann"]
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "export_list")).one()
    assert entry.details == {"list": "openings", "rows": 3}

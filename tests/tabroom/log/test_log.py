"""An edition's log: who sees it, what it says in which words, what it never says, how it is found and taken out."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from accounts.erasure import erase_person
from competition.applications.models import Application
from competition.editions.models import Edition, Organiser
from competition.editions.parts import remove_division, remove_room
from competition.editions.services import add_organiser
from competition.entries.services.registration import remove_delegate
from competition.entries.services.roster import remove_institution, save_judge
from core.access import SYSTEM, Actor, CapacityKind
from core.audit import AuditEntry, edition_scope, record
from core.db import db
from core.links import create_link
from tabroom.log.lines import lines_of
from tabroom.log.queries import LogFilter, count_entries, entries_of
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


@pytest.fixture
def edition(app: Flask) -> Iterator[Edition]:
    with app.test_request_context():
        yield make_edition("port-2026", timezone="Asia/Shanghai")


@pytest.fixture
def director(edition: Edition) -> Actor:
    person = make_person("Fang Min", name_local="方敏")
    make_organiser(edition, person)
    return Actor(name="Fang Min", person_id=person.id, user_id=1)


def note(
    edition: Edition, actor: Actor, verb: str, thing: str, key: int | None = None, **details: object
) -> None:
    record(actor, verb, thing, key, scope=edition_scope(edition.id), details=details)
    db.session.flush()


def told(edition: Edition, **asked: str) -> list[str]:
    """The log's lines as one would read them out, newest first."""
    lines = lines_of(edition, entries_of(edition, LogFilter(**asked), limit=100))
    return [
        " | ".join(
            [
                line.who.full,
                line.what,
                *([line.about.full] if line.about else ["gone"] if line.is_gone else []),
                *(f"{label}: {text}" for label, text in line.details),
            ]
        )
        for line in lines
    ]


def test_a_line_says_who_did_what_to_whom(edition: Edition, director: Actor) -> None:
    team = make_team(edition, "Delta")
    judge = make_judge(edition, "Sato Ken", name_local="佐藤健")
    round_ = make_round(edition, 2, name="Second round")
    note(edition, director, "accept", "team", team.id)
    note(
        edition,
        director,
        "panel.changed",
        "round",
        round_.id,
        round=2,
        table="T4",
        judge_id=judge.id,
        position="chair",
    )
    note(edition, director, "edit", "edition", edition.id, changed=["minimum_age", "timezone", "version"])
    note(edition, director, "fee", "team", team.id)
    assert told(edition) == [
        "Fang Min 方敏 | Changed the edition’s settings | Changed: Minimum age and Time zone",
        "Fang Min 方敏 | Changed a panel | Second round | Table: T4 | Judge: Sato Ken",
        "Fang Min 方敏 | Accepted a team | Delta",
    ]


def test_saving_a_judge_says_which_columns_changed_and_no_value(edition: Edition, director: Actor) -> None:
    judge = make_judge(edition, "Sato Ken", contact="old@example.org", version=1)
    values = {"name": "Sato Ken", "name_local": "佐藤健", "contact": "new@example.org"}
    save_judge(
        actor=director, edition=edition, judge=judge, version=1, values=values, institution="", conflicts=[]
    )
    assert told(edition) == [
        "Fang Min 方敏 | Saved a judge | Sato Ken 佐藤健 | Changed: E-mail and Local name"
    ]
    entry = db.session.scalars(select(AuditEntry)).one()
    assert "example.org" not in str(entry.details)


def test_what_was_removed_is_still_named_where_its_name_is_nobodys(edition: Edition, director: Actor) -> None:
    room, division = make_room(edition, "Hall A"), make_division(edition, "students")
    home = make_institution(edition, "Fudan", version=1)
    team = make_team(edition, "Delta")
    delegate = make_delegate(team, "Zhao Yun")
    remove_room(actor=director, edition=edition, room=room, version=1)
    remove_division(actor=director, edition=edition, division=division, version=1)
    remove_institution(actor=director, edition=edition, institution=home, version=1)
    remove_delegate(actor=director, edition=edition, team=team, public_id=delegate.public_id)
    assert [line.split(" | ", 1)[1] for line in told(edition)] == [
        "Removed a delegate | gone | Team: Delta",
        "Removed an institution | gone | Name: Fudan",
        "Removed a division | gone | Name: students",
        "Removed a room | gone | Name: Hall A",
    ]


def test_other_editions_the_pool_and_own_matters_stay_out(edition: Edition, director: Actor) -> None:
    near = Edition(
        id=edition.id * 10 + 1,
        slug="near",
        name="Near",
        role_policy="rotating",
        timezone="UTC",
        created_at=NOW,
    )
    team = make_team(add(near), "Theirs")
    note(near, director, "accept", "team", team.id)
    note(edition, director, "invite", "pool_invitation", None, count=3)
    note(edition, director, "calendar.linked", "delegate", 1)
    record(director, "give", "pool_consent", 1)
    record(director, "set_password", "user", 1)
    assert (told(edition), count_entries(edition, LogFilter())) == ([], 0)
    note(edition, director, "accept", "team", team.id)
    assert told(edition) == ["Fang Min 方敏 | Accepted a team | gone"], (
        "a key of another edition is not named"
    )


def test_words_of_people_and_names_of_files_stay_out(edition: Edition, director: Actor) -> None:
    note(
        edition, director, "case.file_added", "case", None, file="limit-is-40-million.pdf", role="government"
    )
    note(edition, director, "award.reopened", "awards", edition.id, reason="Ada cheated")
    note(edition, director, "break.changed", "break", edition.id, version=2, decision="Ada cheated")
    assert told(edition) == [
        "Fang Min 方敏 | Published a changed break",
        "Fang Min 方敏 | Began the awards again",
        "Fang Min 方敏 | Added a file to a case | Role: Government",
    ]


def test_who_used_a_private_link_is_named_while_they_are_there(edition: Edition) -> None:
    judge = make_judge(edition, "Sato Ken")
    link = create_link(
        purpose=CapacityKind.JUDGE,
        edition_id=edition.id,
        subject_id=judge.id,
        expires_at=NOW + timedelta(days=1),
    )
    note(edition, Actor(link_id=link.id), "accept", "judge", judge.id)
    lines = lines_of(edition, entries_of(edition, LogFilter(), limit=10))
    assert [(line.who.name, line.who.beside) for line in lines] == [("Sato Ken", "by private link")]
    db.session.delete(link)
    db.session.flush()
    assert told(edition) == ["Somebody with a private link | Accepted to judge | Sato Ken"]


def test_a_deleted_application_takes_the_name_out_of_the_log(edition: Edition) -> None:
    person = make_person("Zhao Yun")
    row = add(
        Application(
            edition_id=edition.id,
            person_id=person.id,
            name="Zhao Yun",
            contact="z@example.org",
            submitted_at=NOW,
        )
    )
    actor = Actor(person_id=person.id, user_id=2)
    note(edition, actor, "apply", "application", row.id)
    assert told(edition) == ["Zhao Yun | Sent an application | Zhao Yun"]
    db.session.delete(row)
    db.session.flush()
    assert told(edition) == ["Somebody who is no longer in this edition | Sent an application | gone"]
    assert told(edition, q="Zhao") == []


def test_erasing_a_person_leaves_the_deed_and_takes_the_name(edition: Edition, director: Actor) -> None:
    person = make_person("Zhao Yun")
    user = make_user("z@example.org", person)
    delegate = make_delegate(make_team(edition, "Delta"), "Zhao Yun", person_id=person.id)
    note(edition, Actor(person_id=person.id, user_id=user.id), "confirm", "delegate", delegate.id)
    assert told(edition) == ["Zhao Yun | Confirmed their own data as a delegate | Zhao Yun"]
    erase_person(actor=SYSTEM, person=person)
    db.session.flush()
    assert told(edition) == ["Not named | Confirmed their own data as a delegate | Participant #1"]


def test_a_former_organiser_is_still_named(edition: Edition, director: Actor) -> None:
    person = make_person("Tomás Rivera")
    add_organiser(actor=director, edition=edition, person_id=person.id, capacity="tab")
    note(edition, Actor(person_id=person.id), "draw.released", "round", None)
    note(edition, director, "remove_organiser", "edition", edition.id, person_id=person.id)
    db.session.delete(db.session.scalars(select(Organiser).where(Organiser.person_id == person.id)).one())
    db.session.flush()
    lines = lines_of(edition, entries_of(edition, LogFilter(who="organisers", q="rivera"), limit=10))
    assert [(line.who.name, line.who.beside, line.what) for line in lines] == [
        ("Tomás Rivera", "Organiser once", "Released a draw")
    ]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "fangmin"}, ["Accepted a team", "Saved a judge"]),
        ({"q": "方"}, ["Accepted a team", "Saved a judge"]),
        ({"q": "wang xiaoming"}, ["Confirmed their own data as a delegate", "Saved a judge"]),
        ({"q": "wxm"}, ["Confirmed their own data as a delegate", "Saved a judge"]),
        ({"q": "delta"}, ["Accepted a team"]),
        ({"q": "nobody at all"}, []),
        ({"kind": "judges"}, ["Saved a judge"]),
        ({"kind": "links"}, []),
        ({"who": "organisers"}, ["Accepted a team", "Saved a judge"]),
        ({"who": "others"}, ["Confirmed their own data as a delegate"]),
        ({"who": "nobody"}, ["Closed registration"]),
        ({"sort": "oldest", "kind": "registration"}, ["Confirmed their own data as a delegate", "Accepted a team"]),
        ({"day": "no day", "kind": "registration", "q": "delta"}, ["Accepted a team"]),
    ],
)  # fmt: skip
def test_the_log_is_found_by_name_sound_kind_and_who(
    edition: Edition, director: Actor, asked: dict[str, str], found: list[str]
) -> None:
    team, person = make_team(edition, "Delta"), make_person("Wang Xiaoming")
    delegate = make_delegate(team, "", name_local="王小明", person_id=person.id)
    judge = make_judge(edition, "", name_local="王小明")
    note(edition, director, "save", "judge", judge.id)
    note(edition, Actor(person_id=person.id), "confirm", "delegate", delegate.id)
    note(edition, director, "accept", "team", team.id)
    note(edition, SYSTEM, "close_registration", "edition", edition.id)
    lines = lines_of(edition, entries_of(edition, LogFilter.of(asked), limit=10))
    assert [line.what for line in lines] == found
    assert count_entries(edition, LogFilter.of(asked)) == len(found)


@pytest.mark.parametrize(
    ("at", "is_found"),
    [
        (datetime(2026, 5, 15, 15, 59, tzinfo=UTC), False),
        (datetime(2026, 5, 15, 16, 0, tzinfo=UTC), True),
        (datetime(2026, 5, 16, 15, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 5, 16, 16, 0, tzinfo=UTC), False),
    ],
)
def test_a_day_is_the_editions_own_day(
    edition: Edition, director: Actor, at: datetime, is_found: bool
) -> None:
    note(edition, director, "close_registration", "edition", edition.id)
    db.session.execute(update(AuditEntry).values(at=at))
    assert count_entries(edition, LogFilter(day="2026-05-16")) == int(is_found)


def visit(client: FlaskClient, edition: Edition, kind: str) -> None:
    person = make_person()
    if kind in ("director", "tab"):
        make_organiser(edition, person, kind)
    elif kind == "other director":
        make_organiser(make_edition(), person)
    elif kind == "judge":
        make_judge(edition, person_id=person.id)
    elif kind in ("captain", "delegate"):
        make_delegate(make_team(edition), person_id=person.id, is_captain=kind == "captain")
    elif kind == "operator":
        sign_in(client, make_user(person=person, is_operator=True))
        return
    if kind != "nobody":
        sign_in(client, make_user(person=person))


def send(client: FlaskClient, edition: Edition, page: str, **asked: str) -> TestResponse:
    """Ask for the file with the token of a page."""
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(page).text)
    assert token is not None
    return client.post(f"/e/{edition.slug}/log/export", data={"csrf_token": token[1], **asked})


@pytest.mark.parametrize(
    ("kind", "page", "file"),
    [
        ("director", 200, 200),
        ("tab", 200, 403),
        ("other director", 404, 404),
        ("captain", 403, 403),
        ("delegate", 403, 403),
        ("judge", 403, 403),
        ("operator", 404, 404),
        ("anybody", 404, 404),
        ("nobody", 302, 302),
    ],
)
def test_those_who_run_the_edition_read_it_and_the_director_takes_it_out(
    edition: Edition, client: FlaskClient, kind: str, page: int, file: int
) -> None:
    visit(client, edition, kind)
    assert client.get(f"/e/{edition.slug}/log").status_code == page
    assert send(client, edition, "/sign-in" if kind == "nobody" else "/").status_code == file


def test_the_file_holds_what_was_asked_for_and_no_formula_and_is_on_record(
    edition: Edition, client: FlaskClient, director: Actor
) -> None:
    team, other = make_team(edition, "=cmd|' /C calc'!A0"), make_team(edition, "+South")
    note(edition, director, "accept", "team", team.id)
    note(edition, director, "set_fee", "team", other.id, fee="paid")
    note(edition, SYSTEM, "close_registration", "edition", edition.id)
    visit(client, edition, "director")
    answer = send(client, edition, f"/e/{edition.slug}/log", kind="registration", sort="oldest")
    rows = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert rows[0] == ["When (Asia/Shanghai)", "Who", "As", "What", "About", "Details", "Kind"]
    assert [row[1:] for row in rows[1:]] == [
        ["Fang Min 方敏", "Director", "Accepted a team", "'=cmd|' /C calc'!A0", "", "Teams and delegates"],
        ["Fang Min 方敏", "Director", "Noted a team’s fee", "'+South", "Fee: paid", "Teams and delegates"],
    ]
    assert answer.headers["Cache-Control"] == "no-store"
    assert told(edition, kind="files") == ["Ada Obi | Took a list out | List: Log | Rows: 2"]


def test_a_long_log_goes_page_by_page_and_odd_addresses_do_no_harm(
    edition: Edition, client: FlaskClient, director: Actor
) -> None:
    for number in range(130):
        note(edition, director, "add_rooms", "edition", edition.id, count=number)
    visit(client, edition, "tab")
    url = f"/e/{edition.slug}/log"
    first, second = client.get(url).text, client.get(f"{url}?page=2").text
    assert (first.count("Added rooms"), second.count("Added rooms")) == (100, 30)
    assert ("Number: 129" in first, "Number: 0<" in second) == (True, True)
    for query in (
        "page=-1",
        "page=x",
        "kind=pool",
        "who=%00",
        "day=0001-01-01",
        "day=9999-12-31",
        "q=" + "x" * 5000,
    ):
        assert client.get(f"{url}?{query}").status_code == 200


def test_the_words_are_the_readers(edition: Edition, client: FlaskClient, director: Actor) -> None:
    note(edition, director, "accept", "team", make_team(edition, "Delta").id)
    visit(client, edition, "director")
    text = client.get(f"/e/{edition.slug}/log", headers={"Accept-Language": "zh-CN"}).text
    assert ("接受了一支队伍" in text, "Accepted a team" in text, "赛事总监" in text) == (True, False, True)


def test_looking_writes_nothing(edition: Edition, client: FlaskClient, director: Actor) -> None:
    note(edition, director, "accept", "team", make_team(edition, "Delta").id)
    visit(client, edition, "director")
    before = db.session.scalar(select(func.count(AuditEntry.id)))
    client.get(f"/e/{edition.slug}/log?q=delta")
    assert db.session.scalar(select(func.count(AuditEntry.id))) == before

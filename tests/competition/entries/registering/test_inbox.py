"""The organiser's lists: filters, answers to many, fees, people page by page, and lists taken away on record."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from competition.editions.models import Edition
from competition.entries.models import Team
from competition.entries.queries import team_lines
from competition.entries.registering import questions
from competition.entries.registering.inbox import TeamFilter, sorted_teams, waiting_places
from competition.entries.registering.people import PER_PAGE, PeopleFilter, page_of_people, people_of
from competition.entries.registering.rules import rules_of, save_rules
from competition.entries.services import teams
from competition.entries.services.registration import decide_team
from core.access import SYSTEM
from core.audit import AuditEntry
from core.db import db
from core.errors import Conflict, Invalid, Stale
from core.outbox import OutboxMessage
from core.spreadsheets import read_workbook
from tests.competition.entries.registering.test_entry import ask
from tests.competition.entries.test_teams import apply, hidden
from tests.factories import (
    NOW,
    make_delegate,
    make_division,
    make_edition,
    make_institution,
    make_organiser,
    make_person,
    make_team,
    make_user,
    sign_in,
)


def set_rules(edition: Edition, **values: object) -> None:
    save_rules(actor=SYSTEM, edition=edition, version=rules_of(edition.id).version, values=values)


def names(edition: Edition, **asked: str) -> list[str]:
    wanted = TeamFilter.of(asked)
    lines = [line for line in team_lines(edition.id) if wanted.lets_pass(line, edition)]
    return [line.name for line in sorted_teams(lines, wanted.sort)]


def test_filters_leave_the_teams_that_an_organiser_chases(app: Flask) -> None:
    edition = make_edition(team_size_minimum=2)
    known = make_institution(edition, "Fudan", name_local="复旦大学")
    typed = make_institution(edition, "fudan univ", is_checked=False)
    full = make_team(edition, "Full", institution_id=known.id, fee="paid")
    for _ in range(2):
        make_delegate(full, confirmed_at=NOW)
    small = make_team(edition, "Small", institution_id=typed.id, status="applied", asked_at=NOW)
    make_delegate(small)
    make_division(edition, "students")
    table = {
        (): ["Full", "Small"],
        (("lacks", "small"),): ["Small"],
        (("lacks", "unconfirmed"),): ["Small"],
        (("lacks", "asked"),): ["Small"],
        (("lacks", "institution"),): ["Small"],
        (("fee", "paid"),): ["Full"],
        (("status", "applied"),): ["Small"],
        (("division", "students"),): [],
        (("q", "复旦"),): ["Full"],
        (("q", "FUDAN UNIV"),): ["Small"],
        (("lacks", "nonsense"), ("status", "nonsense"), ("sort", "nonsense")): ["Full", "Small"],
        (("sort", "institution"),): ["Full", "Small"],
    }
    assert {asked: names(edition, **dict(asked)) for asked in table} == table


def test_the_waiting_list_is_in_the_order_of_registration(app: Flask) -> None:
    edition = make_edition()
    second = make_team(edition, "Second", status="waiting", created_at=NOW.replace(hour=12))
    first = make_team(edition, "First", status="waiting", created_at=NOW.replace(hour=11))
    make_team(edition, "Takes part")
    assert waiting_places(team_lines(edition.id)) == {first.id: 1, second.id: 2}


def test_many_are_declined_with_one_reason_that_each_captain_reads(app: Flask) -> None:
    edition = make_edition()
    picked = [apply(edition, name) for name in ("A", "B")]
    picks = {team.public_id: team.version for team in picked}
    with pytest.raises(Invalid, match="Say why"):
        teams.answer_teams(actor=SYSTEM, edition=edition, picks=picks, decision="decline")
    done, passed = teams.answer_teams(
        actor=SYSTEM, edition=edition, picks=picks, decision="decline", reason="We are full."
    )
    assert (done, passed) == (["A", "B"], [])
    bodies = db.session.scalars(select(OutboxMessage.body)).all()
    assert ["We are full." in body for body in bodies] == [True, True]


def test_nobody_is_accepted_beyond_the_places_and_the_cap_of_an_institution(app: Flask) -> None:
    edition = make_edition()
    home = make_institution(edition, "Fudan")
    set_rules(edition, places=2, per_institution=1)
    a, b, c = (apply(edition, name, institution_id=home.id) for name in ("A", "B", "C"))
    c.institution_id = None
    d = apply(edition, "D")
    picks = {team.public_id: 1 for team in (a, b, c, d)}
    done, passed = teams.answer_teams(actor=SYSTEM, edition=edition, picks=picks, decision="accept")
    assert done == ["A", "C"]
    assert [(name, fault.text) for name, fault in passed] == [
        ("B", "Fudan has 1 teams in this edition already; more are not allowed."),
        ("D", "All 2 places are taken or offered. Put the team on the waiting list."),
    ]
    with pytest.raises(Conflict):
        decide_team(actor=SYSTEM, edition=edition, team=b, version=1, decision="accept")


def test_rules_are_written_against_the_version_that_was_shown(app: Flask) -> None:
    edition = make_edition()
    assert (rules_of(edition.id).places, rules_of(edition.id).offer_hours) == (None, 48)
    save_rules(actor=SYSTEM, edition=edition, version=0, values={"places": 8})
    with pytest.raises(Stale):
        save_rules(actor=SYSTEM, edition=edition, version=0, values={"places": 9})
    assert rules_of(edition.id).places == 8


def test_fees_are_noted_for_many_and_only_real_changes_count(app: Flask) -> None:
    edition = make_edition()
    rows = [make_team(edition), make_team(edition, fee="due")]
    picks = {row.public_id: row.version for row in rows}
    assert teams.set_fees(actor=SYSTEM, edition=edition, picks=picks, fee="due") == 1
    with pytest.raises(Invalid):
        teams.set_fees(actor=SYSTEM, edition=edition, picks=picks, fee="stolen")
    assert [row.fee for row in rows] == ["due", "due"]


def test_people_are_found_by_either_script_address_and_team(app: Flask) -> None:
    edition = make_edition()
    team = make_team(edition, "North")
    make_delegate(team, "Lin Wei", name_local="林薇", contact="lin@example.org", is_captain=True)
    make_delegate(team, "Bo_Chen", confirmed_at=NOW)
    make_delegate(team, "", name_local="王小明", code="D77", is_captain=False, contact="x@example.org")
    make_delegate(make_team(edition, "Gone", status="declined"), "Hidden")
    make_delegate(make_team(make_edition()), "Foreign")
    table = {
        (): ["Lin Wei", "Bo_Chen", "王小明"],
        (("q", "wang"),): ["王小明"],
        (("q", "Xiǎomíng wang"),): ["王小明"],
        (("q", "wxm north"),): [],
        (("q", "wang north"),): ["王小明"],
        (("q", "d77"),): ["王小明"],
        (("q", "林"),): ["Lin Wei"],
        (("q", "LIN@EXAMPLE"),): ["Lin Wei"],
        (("q", "north bo"),): ["Bo_Chen"],
        (("q", "o_c"),): ["Bo_Chen"],
        (("q", "%"),): [],
        (("state", "open"),): ["Lin Wei", "王小明"],
        (("state", "confirmed"),): ["Bo_Chen"],
        (("state", "captains"),): ["Lin Wei"],
        (("state", "no_address"),): ["Bo_Chen"],
        (("sort", "name"),): ["王小明", "Bo_Chen", "Lin Wei"],
        (("status", "waiting"),): [],
    }
    found = {
        asked: [
            line.name or line.name_local
            for line in page_of_people(edition.id, PeopleFilter.of(dict(asked)), {})[1]
        ]
        for asked in table
    }
    assert found == table


def test_people_come_page_by_page(app: Flask) -> None:
    edition = make_edition()
    team = make_team(edition)
    for number in range(PER_PAGE + 1):
        make_delegate(team, f"D{number:03d}")
    for asked in (PeopleFilter(), PeopleFilter(q="d")):
        pages = [page_of_people(edition.id, asked, {"page": page}) for page in ("1", "2", "3", "x")]
        assert [(page.number, page.total, len(lines)) for page, lines in pages] == [
            (1, PER_PAGE + 1, PER_PAGE),
            (2, PER_PAGE + 1, 1),
            (2, PER_PAGE + 1, 1),
            (1, PER_PAGE + 1, PER_PAGE),
        ]
    assert len(people_of(edition.id, PeopleFilter())) == PER_PAGE + 1


def organiser(client: FlaskClient, edition: Edition, capacity: str) -> FlaskClient:
    person = make_person(capacity)
    make_organiser(edition, person, capacity)
    sign_in(client, make_user(person=person))
    return client


@pytest.mark.parametrize(("capacity", "status"), [("director", 200), ("tab", 403)])
@pytest.mark.parametrize("kind", ["teams", "people", "judges", "institutions"])
def test_a_list_is_taken_away_by_a_director_and_put_on_record(
    app: Flask, client: FlaskClient, kind: str, capacity: str, status: int
) -> None:
    edition = make_edition("spring")
    team = make_team(edition, "=1+1", institution_id=make_institution(edition, "Fudan").id)
    delegate = make_delegate(team, "Lin")
    questions.keep_answers(delegate, {ask(edition, kind="yes_no").id: "yes"})
    organiser(client, edition, capacity)
    page = "/e/spring/people/teams"
    token = hidden(client.get(page).text)["csrf_token"][0]
    answer = client.post(f"/e/spring/people/export/{kind}", data={"csrf_token": token})
    assert answer.status_code == status
    entries = db.session.scalars(select(AuditEntry.details).where(AuditEntry.verb == "export_list")).all()
    assert [entry["list"] for entry in entries] == ([kind] if status == 200 else [])
    if status == 200 and kind == "people":
        (sheet,) = read_workbook(answer.data)
        assert (sheet.rows[1][1], sheet.rows[1][-1]) == ("Lin", "Yes")


def test_the_list_asks_for_changes_with_a_reason_or_says_what_is_missing(
    app: Flask, client: FlaskClient
) -> None:
    edition = make_edition("spring")
    team = apply(edition, "A")
    organiser(client, edition, "tab")
    page = "/e/spring/people/teams"

    def send(reason: str) -> str:
        fields = {name: values[0] for name, values in hidden(client.get(page).text).items()}
        data = {**fields, "decision": "ask", "reason": reason, "pick": f"{team.public_id}:{team.version}"}
        assert client.post(page + "/accept", data=data).status_code == 303
        return client.get(page).text

    assert "Write the reason" in send("")
    text = send("Who is your coach?")
    db.session.expire_all()
    assert db.session.scalars(select(Team.asked_at)).one() is not None
    assert "Changes asked for" in text


def test_questions_are_written_changed_and_removed_on_screen(app: Flask, client: FlaskClient) -> None:
    edition = make_edition("spring")
    organiser(client, edition, "director")
    page = "/e/spring/setup/registration/questions"

    def send(path: str, **values: str) -> int:
        text = client.get(path.removesuffix("/remove")).text
        fields = {name: found[0] for name, found in hidden(text).items()}
        return client.post(path, data={**fields, **values}).status_code

    filled = {"label": "T-shirt", "audience": "delegate", "kind": "choice"}
    assert send(page + "/new", **filled) == 422
    assert send(page + "/new", **filled, choices="S\nL", choices_zh="小") == 422
    assert send(page + "/new", **filled, choices="S\r\nL\r\n", choices_zh="小\n大") == 303
    row = questions.questions_of(edition.id)[0]
    assert (row.choices, row.choices_zh) == ("S\nL", "小\n大")
    assert send(f"{page}/{row.public_id}", **filled, choices="S\nM") == 303
    assert re.search("T-shirt", client.get(page).text)
    assert send(f"{page}/{row.public_id}/remove", version="2") == 303
    assert questions.questions_of(edition.id) == []


def test_the_rules_are_written_on_screen(app: Flask, client: FlaskClient) -> None:
    edition = make_edition("spring")
    organiser(client, edition, "director")
    page = "/e/spring/setup/registration/rules"
    fields = {name: found[0] for name, found in hidden(client.get(page).text).items()}
    data = {**fields, "places": "68", "per_institution": "", "offer_hours": "24", "coach_brief": "y"}
    assert client.post(page, data=data).status_code == 303
    assert client.post(page, data=data).status_code == 409
    db.session.expire_all()
    rules = rules_of(edition.id)
    assert (rules.places, rules.per_institution, rules.offer_hours) == (68, None, 24)
    assert (rules.coach_brief, rules.coach_in_room) == (True, False)


def test_the_pages_of_people_show_everybody_with_their_filters(app: Flask, client: FlaskClient) -> None:
    edition = make_edition("spring", role_policy="fixed")
    home = make_institution(edition, "Fudan", is_checked=False)
    team = make_team(edition, "North", institution_id=home.id, role="igo", fee="due", wishes="igo")
    for number in range(PER_PAGE + 1):
        make_delegate(team, f"D{number:03d}", is_captain=number == 0)
    make_team(edition, "Later", status="waiting")
    organiser(client, edition, "director")
    people = client.get("/e/spring/people/delegates?sort=name").text
    assert ("D000" in people, "D200" in people, "page=2" in people) == (True, False, True)
    assert "Nobody found" in client.get("/e/spring/people/delegates?q=nobody").text
    page = client.get("/e/spring/people/teams").text
    assert ("typed by the captain" in page, "No. 1 in line" in page, "To be paid" in page) == (
        True,
        True,
        True,
    )
    assert "No team found" in client.get("/e/spring/people/teams?q=nobody").text
    assert "Keep it or merge it" in client.get(f"/e/spring/people/teams/{team.public_id}").text
    assert "typed by the captain" in client.get("/e/spring/people/institutions").text


@pytest.mark.parametrize(
    ("places", "offers", "is_over"),
    [(1, False, True), (2, False, False), (3, True, False)],
    ids=["more teams than places", "all taken", "one free"],
)
def test_a_place_is_offered_only_where_one_is_free(
    app: Flask, client: FlaskClient, places: int, offers: bool, is_over: bool
) -> None:
    edition = make_edition("spring")
    for status in ("registered", "registered", "waiting"):
        make_team(edition, status=status)
    save_rules(actor=SYSTEM, edition=edition, version=0, values={"places": places})
    organiser(client, edition, "director")
    page = client.get("/e/spring/people/teams").text
    assert ("Offer the free places" in page, "1 more than there are places" in page) == (offers, is_over)


def test_enter_in_a_tick_or_a_search_answers_no_team_and_notes_no_fee(
    app: Flask, client: FlaskClient
) -> None:
    edition = make_edition("spring")
    make_team(edition, "North", status="applied")
    make_team(edition, "South")
    organiser(client, edition, "tab")
    text = client.get("/e/spring/people/teams").text
    for action in ("accept", "fees"):
        form = text[text.index(f'action="/e/spring/people/teams/{action}"') :]
        first = re.search(r'<button[^>]*type="submit"[^>]*>', form)
        assert first is not None
        assert first.group() == '<button type="submit" disabled hidden>'

"""Pages of rounds and draws over HTTP: the organiser's way, forms sent twice, and what others do not see."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from competition.editions.models import Edition
from competition.rounds.models import Draw, Round, Seat
from competition.rounds.public import (
    confirm_draw,
    draft_draw,
    get_round_facts,
    live_draw,
    release_draw,
    tables_of_draw,
)
from core.access import SYSTEM
from core.db import db
from tests.competition.rounds.builders import make_field
from tests.competition.rounds.conftest import Browser
from tests.factories import (
    make_delegate,
    make_edition,
    make_judge,
    make_organiser,
    make_person,
    make_room,
    make_round,
    make_user,
    sign_in,
)

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
KEY = "k" * 24


@pytest.fixture
def edition(app: Flask, browser: Browser) -> Edition:
    """An edition of eight teams with one round, and its director at the browser."""
    edition = make_edition("open", is_public=True)
    person = make_person()
    make_organiser(edition, person)
    make_field(edition, 8)
    make_judge(edition), make_judge(edition, "Dr Li")
    make_room(edition, "Hall 1")
    make_round(edition)
    sign_in(browser, make_user(person=person))
    return edition


def send(browser: Browser, path: str, page: str = "/e/open/rounds/1/", **fields: object) -> TestResponse:
    """Fill in a form of `page` and send it, with its token, a key and the version it shows."""
    shown = browser.get(page).get_data(as_text=True)
    token = TOKEN.search(shown)
    assert token is not None, shown
    version = re.search(r'name="version"[^>]*value="(\d+)"', shown)
    data = {
        "csrf_token": token.group(1),
        "idempotency_key": KEY,
        "version": version.group(1) if version else "",
        **fields,
    }
    return browser.post(path, data=data)


def seen_by(browser: Browser, paths: list[str]) -> set[int]:
    """The answers a browser gets."""
    return {browser.get(path).status_code for path in paths}


def draw_it(browser: Browser, **fields: object) -> TestResponse:
    return send(
        browser, "/e/open/rounds/1/draft", **{"method": "random", "preset": "balanced", "seed": "7", **fields}
    )


def versions(edition: Edition) -> list[tuple[int, str]]:
    query = (
        select(Draw.version, Draw.state)
        .join(Round, Round.id == Draw.round_id)
        .where(Round.edition_id == edition.id)
        .order_by(Draw.version)
    )
    return [tuple(row) for row in db.session.execute(query)]


def test_an_organiser_walks_a_round_from_draft_to_release(browser: Browser, edition: Edition) -> None:
    assert browser.get("/e/open/rounds/").status_code == 200
    assert draw_it(browser).status_code == 303
    page = browser.get("/e/open/rounds/1/").get_data(as_text=True)
    assert "seed 7" in page
    assert "Table 2 has no chair" not in page
    assert browser.get("/e/open/draw/1").status_code == 404
    assert send(browser, "/e/open/rounds/1/confirm", idempotency_key="c" * 20).status_code == 303
    assert browser.get("/e/open/draw/1").status_code == 404
    assert send(browser, "/e/open/rounds/1/release", idempotency_key="r" * 20).status_code == 303
    assert versions(edition) == [(1, "released")]
    public = browser.another().get("/e/open/draw/1")
    assert public.status_code == 200
    assert "Dr Li" in public.get_data(as_text=True)
    assert browser.get("/e/open/rounds/1/print").status_code == 200


def test_a_form_sent_twice_drafts_once(browser: Browser, edition: Edition) -> None:
    first = draw_it(browser)
    second = draw_it(browser)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert versions(edition) == [(1, "draft")]


def test_drawing_again_keeps_both_versions_and_compares_them(browser: Browser, edition: Edition) -> None:
    draw_it(browser)
    draw_it(browser, seed="8", idempotency_key="z" * 20)
    assert versions(edition) == [(1, "superseded"), (2, "draft")]
    assert "Who sits elsewhere in version 2" in browser.get("/e/open/rounds/1/versions/1").get_data(
        as_text=True
    )
    assert browser.get("/e/open/rounds/1/versions/9").status_code == 404


def test_any_two_versions_stand_side_by_side(browser: Browser, edition: Edition) -> None:
    draw_it(browser)
    draw_it(browser, seed="8", idempotency_key="y" * 20)
    draw_it(browser, seed="9", idempotency_key="z" * 20)
    page = browser.get("/e/open/rounds/1/versions/1?with=2").get_data(as_text=True)
    assert re.findall(r"<option value=\"(\d)\"( selected)?>", page) == [("2", " selected"), ("3", "")]
    assert "Who sits elsewhere in version 2" in page
    assert "elsewhere in version 3" not in page
    present = browser.get("/e/open/rounds/1/versions/3").get_data(as_text=True)
    assert re.findall(r"<option value=\"(\d)\"( selected)?>", present) == [("1", ""), ("2", "")]


@pytest.mark.parametrize("other", ["9", "0", "-1", "two", "9" * 40])
def test_a_version_that_does_not_exist_is_compared_with_nothing(
    browser: Browser, edition: Edition, other: str
) -> None:
    draw_it(browser)
    assert browser.get(f"/e/open/rounds/1/versions/1?with={other}").status_code == 404


def test_a_stale_form_changes_nothing_and_says_so(browser: Browser, edition: Edition) -> None:
    answer = draw_it(browser, version="99")
    assert answer.status_code == 409
    assert "Somebody else changed this round" in answer.get_data(as_text=True)
    assert versions(edition) == []
    assert draw_it(browser).status_code == 303


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"seed": "-3"}, 422),
        ({"seed": "many"}, 422),
        ({"method": "swiss"}, 422),
        ({"method": "power_paired"}, 409),
        ({"version": "x"}, 409),
        ({"idempotency_key": ""}, 409),
    ],
)
def test_a_bad_draw_form_is_explained_and_draws_nothing(
    browser: Browser, edition: Edition, fields: dict[str, str], status: int
) -> None:
    assert draw_it(browser, **fields).status_code == status
    assert versions(edition) == []


def test_two_seats_change_places_by_the_form(browser: Browser, edition: Edition) -> None:
    draw_it(browser)
    draw = live_draw(get_round_facts(edition.id, 1).id)
    assert draw is not None
    one, other = tables_of_draw(draw.id)
    answer = send(
        browser,
        "/e/open/rounds/1/swap",
        idempotency_key="s" * 20,
        first=f"{one.public_id}.igo",
        second=f"{other.public_id}.government",
    )
    assert answer.status_code == 303
    now = tables_of_draw(draw.id)
    assert (now[0].seats["igo"], now[1].seats["government"]) == (other.seats["government"], one.seats["igo"])  # type: ignore[index]
    assert db.session.scalar(select(func.count(Seat.id)).where(Seat.draw_id == draw.id)) == 8
    bad = send(browser, "/e/open/rounds/1/swap", idempotency_key="t" * 20, first="nonsense", second="x.y")
    assert bad.status_code == 422


def test_panel_room_and_seats_of_a_table_are_changed_on_its_page(browser: Browser, edition: Edition) -> None:
    draw_it(browser)
    facts = get_round_facts(edition.id, 1)
    one, other = tables_of_draw(facts.draw_id or 0)
    page = f"/e/open/rounds/1/tables/{other.public_id}"
    judge = make_judge(edition, "Prof Zhao")
    assert send(browser, f"{page}/judges", page, judge=judge.public_id, position="trainee").status_code == 303
    assert send(browser, f"{page}/judges", page, judge="nobody", position="chair").status_code == 422
    room = make_room(edition, "Aula")
    assert send(browser, f"{page}/room", page, room=room.public_id).status_code == 303
    now = tables_of_draw(facts.draw_id or 0)[1]
    assert (now.room, [place.position for place in now.panel]) == ("Aula", ["chair", "trainee"])
    assert send(browser, f"{page}/seats", page, name=one.name).status_code == 409
    assert send(browser, f"{page}/seats", page, name="2").status_code == 303
    assert tables_of_draw(facts.draw_id or 0)[1].team_ids == ()
    assert send(browser, f"{page}/remove", page).status_code == 303
    assert browser.get(page).status_code == 404


def test_a_table_is_added_by_hand(browser: Browser, edition: Edition) -> None:
    teams = make_field(edition, 2)
    page = "/e/open/rounds/1/tables/new"
    answer = send(browser, page, page, name="Final", government=teams[0].public_id, igo=teams[1].public_id)
    assert answer.status_code == 303
    (table,) = tables_of_draw(get_round_facts(edition.id, 1).draw_id or 0)
    assert (table.name, table.team_ids) == ("Final", (teams[0].id, teams[1].id))
    twice = send(browser, page, page, name="B", government=teams[0].public_id)
    assert twice.status_code == 422
    assert "sits at two seats" in twice.get_data(as_text=True)


def test_rounds_are_added_and_edited_in_the_editions_own_time(browser: Browser, edition: Edition) -> None:
    edition.timezone = "Europe/Berlin"
    db.session.flush()
    page = "/e/open/rounds/new"
    form = {"name": "Two", "stage": "preliminary", "weight": "1,5", "division": ""}
    for unclear in ("2026-03-29T02:30", "2026-10-25T02:30"):
        answer = send(browser, page, page, **form, starts_at=unclear)
        assert answer.status_code == 422
        assert "Clocks are changed" in answer.get_data(as_text=True)
    assert send(browser, page, page, **form, starts_at="2026-05-16T09:30").status_code == 303
    facts = get_round_facts(edition.id, 2)
    assert (facts.name, facts.weight) == ("Two", Decimal("1.5"))
    assert facts.starts_at is not None
    assert facts.starts_at.isoformat() == "2026-05-16T07:30:00+00:00"
    page = "/e/open/rounds/2/edit"
    assert 'value="2026-05-16T09:30"' in browser.get(page).get_data(as_text=True)
    assert send(browser, page, page, **form, name_zh="第二轮", starts_at="").status_code == 303
    stale = send(browser, page, page, **{**form, "name": "Typed", "version": "1"})
    assert stale.status_code == 409
    assert 'value="Typed"' in stale.get_data(as_text=True)
    assert send(browser, page, page, **{**form, "weight": "0"}).status_code == 422
    assert send(browser, "/e/open/rounds/2/remove", "/e/open/rounds/2/edit").status_code == 303


def test_roles_are_drawn_by_lot_and_the_seed_is_shown(browser: Browser, edition: Edition) -> None:
    edition.role_policy = "fixed"
    db.session.flush()
    page = "/e/open/rounds/"
    assert send(browser, "/e/open/rounds/roles", page, seed="4711").status_code == 303
    assert "seed 4711" in browser.get(page).get_data(as_text=True)
    bad = send(browser, "/e/open/rounds/roles", page, seed="a lot", idempotency_key="b" * 20)
    assert bad.status_code == 409


def test_nobody_but_organisers_of_this_edition_sees_an_unreleased_draw(
    browser: Browser, edition: Edition
) -> None:
    row = db.session.scalars(select(Round).where(Round.edition_id == edition.id)).one()
    draw = draft_draw(actor=SYSTEM, round_id=row.id)
    confirm_draw(actor=SYSTEM, round_id=row.id)
    table = tables_of_draw(draw.id)[0]
    paths = [
        "/e/open/rounds/",
        "/e/open/rounds/1/",
        "/e/open/rounds/1/print",
        "/e/open/rounds/1/versions/1",
        f"/e/open/rounds/1/tables/{table.public_id}",
    ]
    anonymous = browser.another()
    assert seen_by(anonymous, paths) == {302}
    assert seen_by(anonymous, ["/e/open/draw/1"]) == {404}
    stranger, other = make_person(), make_edition("other")
    make_organiser(other, stranger)
    make_field(other, 8)
    make_round(other)
    elsewhere = browser.another()
    sign_in(elsewhere, make_user(person=stranger))
    assert seen_by(elsewhere, paths) == {404}
    assert seen_by(elsewhere, [f"/e/other/rounds/1/tables/{table.public_id}"]) == {404}
    delegate = browser.another()
    person = make_person()
    make_delegate(make_field(edition, 1)[0], person_id=person.id)
    sign_in(delegate, make_user(person=person))
    assert seen_by(delegate, paths) == {403}


def test_a_released_draw_of_an_edition_that_is_not_public_is_not_public(
    browser: Browser, edition: Edition
) -> None:
    row = db.session.scalars(select(Round).where(Round.edition_id == edition.id)).one()
    draft_draw(actor=SYSTEM, round_id=row.id)
    confirm_draw(actor=SYSTEM, round_id=row.id)
    release_draw(actor=SYSTEM, round_id=row.id)
    anonymous = browser.another()
    assert seen_by(anonymous, ["/e/open/draw/1"]) == {200}
    assert seen_by(anonymous, ["/e/open/draw/2", "/e/nothing/draw/1"]) == {404}
    edition.is_public = False
    db.session.flush()
    assert seen_by(anonymous, ["/e/open/draw/1"]) == {404}


def test_a_round_that_follows_another_schedule_is_pointed_out(browser: Browser, edition: Edition) -> None:
    other = make_round(edition, 2)
    draft_draw(actor=SYSTEM, round_id=other.id, method="scheduled", seed=1)
    draw_it(browser, method="scheduled", seed="2")
    words = "Rounds 2 follow a schedule with another seed"
    assert words in browser.get("/e/open/rounds/1/").get_data(as_text=True)
    draw_it(browser, method="scheduled", seed="", idempotency_key="q" * 20)
    assert words not in browser.get("/e/open/rounds/1/").get_data(as_text=True)


def test_the_lot_of_the_roles_is_public_with_its_proof_only_once_published(
    browser: Browser, edition: Edition
) -> None:
    edition.role_policy = "fixed"
    db.session.commit()
    assert browser.get("/e/open/roles").status_code == 404
    assert send(browser, "/e/open/rounds/roles", page="/e/open/rounds/", seed="3").status_code == 303
    assert "no other lot under the same rules" in browser.get("/e/open/roles").text
    anybody = browser.another()
    assert anybody.get("/e/open/roles").status_code == 404
    for is_published, status in (("1", 200), ("0", 404)):
        send(browser, "/e/open/rounds/roles/publish", page="/e/open/roles", is_published=is_published)
        assert anybody.get("/e/open/roles").status_code == status

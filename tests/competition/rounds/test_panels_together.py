"""Panels that are formed once and stay together, and one panel for several tables in turn."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from competition.editions.models import Edition
from competition.rounds import blockers
from competition.rounds.blockers import register_judge_blocker
from competition.rounds.facts import PanelPlace, Turn
from competition.rounds.models import Absence, Draw, Round
from competition.rounds.preformed import get_preformed, preformed_panels
from competition.rounds.queries import live_draw, released_seats_of_team, tables_of_draw
from competition.rounds.readiness import readiness_of
from competition.rounds.services.lifecycle import confirm_draw, release_draw
from competition.rounds.services.panels import (
    clear_round_panels,
    fill_round_panels,
    place_judge,
    seat_common_panel,
)
from competition.rounds.services.preformed import dissolve_preformed, save_preformed
from competition.rounds.services.rooms import fill_round_rooms, set_room
from competition.rounds.turns import turns_of
from core.access import SYSTEM
from core.errors import Conflict, Invalid, NotFound, Stale
from tests.competition.rounds.builders import make_draw, make_field
from tests.competition.rounds.conftest import Browser
from tests.factories import (
    NOW,
    add,
    make_edition,
    make_judge,
    make_organiser,
    make_person,
    make_room,
    make_round,
    make_user,
    sign_in,
)


def house(count: int = 12, judges: int = 8, stage: str = "preliminary") -> tuple[Edition, Round, Draw, list]:
    """Teams at tables of a draft, judges of falling rating."""
    edition = make_edition("open")
    teams = make_field(edition, count)
    row = make_round(edition, stage=stage)
    draw = make_draw(row, teams, state="draft")
    people = [make_judge(edition, f"Judge {n}", rating=9 - n, position=n) for n in range(judges)]
    return edition, row, draw, people


def form(edition: Edition, name: str, *judges, **more):
    """The first judge in the chair, the others beside."""
    members = [(judge.id, "panellist" if at else "chair") for at, judge in enumerate(judges)]
    return save_preformed(actor=SYSTEM, edition=edition, name=name, members=members, **more)


def panels(draw: Draw) -> list[list[tuple[int, str]]]:
    return [[(p.judge_id, p.position) for p in table.panel] for table in tables_of_draw(draw.id)]


def test_a_formed_panel_is_seated_as_a_whole_and_nobody_joins_it(app: Flask) -> None:
    edition, row, draw, people = house()
    form(edition, "North", people[6], people[7])
    assert fill_round_panels(actor=SYSTEM, round_id=row.id) == 8
    seated = panels(draw)
    assert [(people[6].id, "chair"), (people[7].id, "panellist")] in seated
    assert sorted(map(len, seated)) == [2, 3, 3]
    assert sorted(judge for panel in seated for judge, _position in panel) == [one.id for one in people]


def test_it_stays_together_in_the_next_round_and_after_all_panels_are_made_anew(app: Flask) -> None:
    edition, row, draw, people = house()
    form(edition, "North", people[0], people[7])
    together = [(people[0].id, "chair"), (people[7].id, "panellist")]
    for _time in range(2):
        fill_round_panels(actor=SYSTEM, round_id=row.id)
        assert together in panels(draw)
        clear_round_panels(actor=SYSTEM, round_id=row.id)


def test_it_sits_nowhere_rather_than_in_conflict_or_apart(app: Flask) -> None:
    edition, row, draw, people = house(count=4, judges=4)
    home = tables_of_draw(draw.id)[0]
    people[0].institution_id = add_home(home, edition)
    form(edition, "North", people[0], people[1])
    assert fill_round_panels(actor=SYSTEM, round_id=row.id) == 2
    assert sorted(judge for judge, _position in panels(draw)[0]) == [people[2].id, people[3].id]


def add_home(table, edition) -> int | None:
    from competition.rounds.field import teams_of

    return next(team.institution_id for team in teams_of(edition.id) if team.id in table.team_ids)


def test_without_its_chair_the_highest_rated_leads_and_without_anybody_it_sits_nowhere(app: Flask) -> None:
    edition, row, draw, people = house(count=4, judges=3)
    form(edition, "North", *people)
    add(Absence(round_id=row.id, judge_id=people[0].id, noted_at=NOW))
    fill_round_panels(actor=SYSTEM, round_id=row.id)
    assert panels(draw) == [[(people[1].id, "chair"), (people[2].id, "panellist")]]
    clear_round_panels(actor=SYSTEM, round_id=row.id)
    for judge in people[1:]:
        add(Absence(round_id=row.id, judge_id=judge.id, noted_at=NOW))
    assert fill_round_panels(actor=SYSTEM, round_id=row.id) == 0


def test_choices_by_hand_stand_and_draw_the_panel_to_them_or_split_it(app: Flask) -> None:
    edition, row, draw, people = house(count=8, judges=4)
    form(edition, "North", people[0], people[1])
    first, second = tables_of_draw(draw.id)
    place_judge(actor=SYSTEM, round_id=row.id, table_id=second.id, judge_id=people[1].id, position="chair")
    fill_round_panels(actor=SYSTEM, round_id=row.id)
    assert panels(draw)[1] == [(people[1].id, "chair"), (people[0].id, "panellist")]
    place_judge(actor=SYSTEM, round_id=row.id, table_id=first.id, judge_id=people[0].id, position="panellist")
    before = panels(draw)
    fill_round_panels(actor=SYSTEM, round_id=row.id)
    assert panels(draw)[1][0] == before[1][0]
    assert (people[0].id, "panellist") in panels(draw)[0]


@pytest.mark.parametrize(
    ("members", "error"),
    [
        ([], Invalid),
        ([(0, "panellist")], Invalid),
        ([(0, "chair"), (1, "chair")], Invalid),
        ([(0, "chair"), (0, "trainee")], Invalid),
        ([(0, "chair"), (1, "guest")], Invalid),
    ],
    ids=["nobody", "no chair", "two chairs", "twice", "unknown position"],
)
def test_a_panel_has_one_chair_and_nobody_twice(app: Flask, members: list, error: type) -> None:
    edition, _row, _draw, people = house(count=4, judges=2)
    with pytest.raises(error):
        save_preformed(
            actor=SYSTEM,
            edition=edition,
            name="North",
            members=[(people[at].id, position) for at, position in members],
        )
    assert preformed_panels(edition.id) == []


def test_names_and_judges_are_of_one_panel_and_of_this_edition(app: Flask) -> None:
    edition, _row, _draw, people = house(count=4, judges=4)
    stranger = make_judge(make_edition(), "Stranger")
    north = form(edition, "North", people[0])
    with pytest.raises(Conflict, match="North"):
        form(edition, "North", people[1])
    with pytest.raises(Conflict):
        form(edition, "South", people[0])
    with pytest.raises(NotFound):
        form(edition, "South", stranger)
    with pytest.raises(Invalid):
        form(edition, "", people[1])
    form(edition, "East", people[2], people[0], panel_id=north.id, version=1)
    with pytest.raises(Stale):
        form(edition, "West", people[2], panel_id=north.id, version=1)
    assert [(one.name, [p.judge_id for p in one.places]) for one in preformed_panels(edition.id)] == [
        ("East", [people[2].id, people[0].id])
    ]
    with pytest.raises(NotFound):
        get_preformed(make_edition().id, north.public_id)
    dissolve_preformed(actor=SYSTEM, edition=edition, panel_id=north.id, version=2)
    assert preformed_panels(edition.id) == []


def semi_finals() -> tuple[Edition, Round, Draw, list]:
    edition, row, draw, people = house(count=8, judges=5, stage="elimination")
    make_room(edition, "Hall"), make_room(edition, "Attic")
    fill_round_panels(actor=SYSTEM, round_id=row.id)
    fill_round_rooms(actor=SYSTEM, round_id=row.id)
    return edition, row, draw, people


def common(row: Round, draw: Draw, *judges, tables=None, **more) -> list[str]:
    return seat_common_panel(
        actor=SYSTEM,
        round_id=row.id,
        panel=[
            PanelPlace(judge_id=judge.id, position="panellist" if at else "chair")
            for at, judge in enumerate(judges)
        ],
        table_ids=[table.id for table in tables_of_draw(draw.id)] if tables is None else tables,
        in_one_room=True,
        **more,
    )


def test_one_panel_judges_both_semi_finals_in_turn_and_in_one_room(app: Flask) -> None:
    edition, row, draw, people = semi_finals()
    assert common(row, draw, *people[:3]) == []
    expected = [(people[0].id, "chair"), (people[1].id, "panellist"), (people[2].id, "panellist")]
    assert panels(draw) == [expected, expected]
    first, second = tables_of_draw(draw.id)
    assert first.room_id == second.room_id is not None
    assert turns_of([first, second]) == {
        first.id: Turn(number=1, total=2, after=""),
        second.id: Turn(number=2, total=2, after=first.name),
    }
    from competition.rounds.queries import get_round_facts

    assert readiness_of(get_round_facts(edition.id, row.number)).shared_rooms == ()
    assert fill_round_panels(actor=SYSTEM, round_id=row.id) == 0
    assert fill_round_rooms(actor=SYSTEM, round_id=row.id) == 0
    assert set_room(actor=SYSTEM, round_id=row.id, table_id=second.id, room_id=first.room_id) is None
    confirm_draw(actor=SYSTEM, round_id=row.id)
    release_draw(actor=SYSTEM, round_id=row.id)
    (seat,) = released_seats_of_team(second.team_ids[0])
    assert seat.turn == Turn(number=2, total=2, after=first.name)


def test_a_common_panel_in_conflict_is_seated_and_said(app: Flask) -> None:
    edition, row, draw, people = semi_finals()
    second = tables_of_draw(draw.id)[1]
    people[0].institution_id = add_home(second, edition)
    (conflict,) = common(row, draw, people[0])
    assert conflict.startswith("Judge 0 / ")


def test_a_common_panel_is_for_elimination_rounds_with_two_tables_and_a_chair(app: Flask) -> None:
    _edition, row, draw, people = house(count=8)
    with pytest.raises(Invalid):
        common(row, draw, people[0])
    row.stage = "elimination"
    with pytest.raises(Invalid):
        common(row, draw, people[0], tables=[tables_of_draw(draw.id)[0].id])
    with pytest.raises(Invalid):
        common(row, draw)
    with pytest.raises(Stale):
        common(row, draw, people[0], version=row.version + 7)


def test_a_judge_whose_sheet_counts_is_not_taken_off(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    _edition, row, draw, people = semi_finals()
    first, second = tables_of_draw(draw.id)
    sitting = first.panel[0].judge_id
    monkeypatch.setattr(blockers, "_judge_blockers", [])
    register_judge_blocker(lambda tables, judge: {first.id} & set(tables) if judge == sitting else set())
    for change in (
        lambda: place_judge(
            actor=SYSTEM, round_id=row.id, table_id=first.id, judge_id=sitting, position=None
        ),
        lambda: place_judge(
            actor=SYSTEM, round_id=row.id, table_id=second.id, judge_id=sitting, position="chair"
        ),
        lambda: common(row, draw, next(one for one in people if one.id not in panel_ids(first))),
    ):
        with pytest.raises(Conflict, match="has submitted a sheet"):
            change()
    place_judge(actor=SYSTEM, round_id=row.id, table_id=first.id, judge_id=sitting, position="panellist")
    assert sitting in panel_ids(tables_of_draw(draw.id)[0])


def panel_ids(table) -> set[int]:
    return {place.judge_id for place in table.panel}


def directed(browser: Browser, edition: Edition) -> None:
    person = make_person()
    make_organiser(edition, person)
    sign_in(browser, make_user(person=person))


def test_an_organiser_forms_changes_and_dissolves_a_panel_on_its_pages(app: Flask, browser: Browser) -> None:
    edition, _row, draw, people = house(count=4, judges=3)
    directed(browser, edition)
    app.config["WTF_CSRF_ENABLED"] = False
    fields = {"name": "North", "chair": people[0].public_id, "panellist": ["", people[1].public_id]}
    sent = {**fields, "version": "0", "idempotency_key": "k" * 24}
    assert browser.post("/e/open/people/panels/new", data=sent).status_code == 303
    assert browser.post("/e/open/people/panels/new", data=sent).status_code == 303
    (panel,) = preformed_panels(edition.id)
    page = browser.get("/e/open/people/panels").get_data(as_text=True)
    assert page.count(f'/people/panels/{panel.public_id}"') == 1
    again = {**sent, "chair": people[1].public_id, "version": "1", "idempotency_key": "l" * 24}
    refused = browser.post(f"/e/open/people/panels/{panel.public_id}", data=again)
    assert (refused.status_code, "A judge is named twice" in refused.get_data(as_text=True)) == (422, True)
    gone = browser.post(f"/e/open/people/panels/{panel.public_id}/dissolve", data={"version": "1"})
    assert (gone.status_code, preformed_panels(edition.id)) == (303, [])
    table = tables_of_draw(draw.id)[0]
    place_judge(
        actor=SYSTEM, round_id=table.round_id, table_id=table.id, judge_id=people[2].id, position="chair"
    )
    page = browser.get(f"/e/open/people/panels/new?table={table.public_id}").get_data(as_text=True)
    assert f'value="{people[2].public_id}" selected' in page


def test_the_list_says_which_panel_lacks_a_language_of_the_edition(app: Flask, browser: Browser) -> None:
    edition, _row, _draw, people = house(count=4, judges=3)
    edition.languages = "en;zh"
    people[0].languages, people[1].languages, people[2].languages = "en", "en;zh", ""
    form(edition, "Alone", people[0])
    form(edition, "Both", people[1], people[2])
    directed(browser, edition)
    page = browser.get("/e/open/people/panels").get_data(as_text=True)
    assert (page.count("Nobody speaks Chinese"), page.count("Nobody speaks English")) == (1, 0)


def test_a_long_list_of_panels_is_searched_and_ordered_by_address_alone(app: Flask, browser: Browser) -> None:
    edition, _row, _draw, people = house(count=4, judges=10)
    for number, judge in enumerate(people[:9]):
        judge.name, judge.name_local = f"Judge {number}", "王小明" if number == 7 else ""
        form(edition, f"Panel {9 - number}", judge)
    directed(browser, edition)

    def shown(query: str) -> list[str]:
        page = browser.get(f"/e/open/people/panels?{query}").get_data(as_text=True)
        return re.findall(r">Panel (\d)</a></th>", page)

    assert shown("") == list("123456789")
    assert shown("sort=chair") == list("987654321")
    assert (shown("q=wang"), shown("q=wxm"), shown("q=nobody"), shown("sort=odd")) == (
        ["2"],
        ["2"],
        [],
        shown(""),
    )


def test_an_organiser_lets_a_formed_panel_judge_both_tables_on_the_draws_page(
    app: Flask, browser: Browser
) -> None:
    edition, row, draw, people = semi_finals()
    panel = form(edition, "North", people[3], people[4])
    directed(browser, edition)
    app.config["WTF_CSRF_ENABLED"] = False
    page = browser.get("/e/open/rounds/1/").get_data(as_text=True)
    assert f'value="formed:{panel.public_id}"' in page
    sent = {
        "panel": f"formed:{panel.public_id}",
        "tables": [table.public_id for table in tables_of_draw(draw.id)],
        "version": str(row.version),
        "idempotency_key": "k" * 24,
    }
    assert browser.post("/e/open/rounds/1/common-panel", data=sent).status_code == 303
    expected = [(people[3].id, "chair"), (people[4].id, "panellist")]
    assert panels(live_draw(row.id)) == [expected, expected]
    assert browser.get("/e/open/rounds/1/").get_data(as_text=True).count("after table 1") == 1

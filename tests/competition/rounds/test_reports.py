"""A draw explained: the organisers' report, the file to make it again, and what everybody may see of it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from competition.editions.models import Edition
from competition.entries.models import Team
from competition.rounds.models import Round
from competition.rounds.public import RecordedPlace, record_result
from competition.rounds.queries import get_round_facts, live_draw, tables_of_draw
from competition.rounds.report import report_of, warnings_of
from competition.rounds.services.drafting import draft_draw
from competition.rounds.services.lifecycle import confirm_draw, release_draw
from competition.rounds.views.reports import wall
from core.access import SYSTEM
from core.db import db
from core.spreadsheets import read_workbook
from tests.competition.rounds.conftest import Browser
from tests.factories import (
    make_edition,
    make_institution,
    make_judge,
    make_organiser,
    make_person,
    make_round,
    make_team,
    make_user,
    sign_in,
)

ROOT = Path(__file__).resolve().parents[3]


def play(row: Round, **options: Any) -> None:
    """Draw, release and confirm a round in the order of the seats."""
    draft_draw(actor=SYSTEM, round_id=row.id, seed=2, **options)
    draw = live_draw(row.id)
    assert draw is not None
    confirm_draw(actor=SYSTEM, round_id=row.id)
    release_draw(actor=SYSTEM, round_id=row.id)
    for table in tables_of_draw(draw.id):
        placings = [RecordedPlace(team_id=team, rank=place) for place, team in enumerate(table.team_ids, 1)]
        record_result(actor=SYSTEM, table_id=table.id, source="sheets", placings=placings)
    row.results_state = "confirmed"
    db.session.flush()


@pytest.fixture
def edition(app: Flask) -> Edition:
    """Sixteen teams of eight institutions; two rounds played, a third drawn by points."""
    edition = make_edition("open", is_public=True)
    for number in range(16):
        if number % 2 == 0:
            institution = make_institution(edition, f"U{number}", name=f"University {number}")
        make_team(edition, f"=Team {number}", institution_id=institution.id)
    make_judge(edition, "Judge Li")
    rows = [make_round(edition, number) for number in (1, 2, 3)]
    for row in rows[:2]:
        play(row, method="random")
    draft_draw(actor=SYSTEM, round_id=rows[2].id, method="power_paired", seed=6)
    db.session.commit()
    return edition


def test_every_figure_is_counted_from_the_seats(edition: Edition) -> None:
    facts = get_round_facts(edition.id, 3)
    report = report_of(facts)
    pairs: Counter[frozenset[int]] = Counter()
    roles: Counter[tuple[int, str]] = Counter()
    for number in (1, 2, 3):
        draw_id = get_round_facts(edition.id, number).draw_id
        assert draw_id is not None
        for table in tables_of_draw(draw_id):
            pairs.update(frozenset(pair) for pair in combinations(table.team_ids, 2))
            roles.update((team, role.value) for role, team in table.seats.items() if team is not None)
    again = {pair for pair, count in pairs.items() if count > 1}
    assert {frozenset((one.one.id, one.other.id)) for one in report.repeated} == again
    assert sum(report.met.values()) == sum(pairs.values())
    for balance in report.balances:
        assert {role.value: count for role, count in balance.roles.items()} == {
            role: roles[balance.team.id, role] for role in ("government", "enterprise", "local_ngo", "igo")
        }
    draw = live_draw(facts.id)
    assert draw is not None
    assert sum(spread.width for spread in report.spreads) == draw.report["spread"]
    assert max(spread.width for spread in report.spreads) == draw.report["widest"]


def test_what_is_said_in_red_names_teams_and_follows_the_seats(edition: Edition, browser: Browser) -> None:
    facts = get_round_facts(edition.id, 3)
    assert facts.draw_id is not None
    table = tables_of_draw(facts.draw_id)[0]
    assert report_of(facts).kin == ()
    one, other, *_rest = [db.session.get_one(Team, key) for key in table.team_ids]
    assert warnings_of(report_of(facts)) == []
    other.institution_id = one.institution_id
    db.session.commit()
    pairs = {"pairs": f"{one.name} – {other.name}"}
    assert warnings_of(report_of(facts)) == [("Teams of one institution meet: %(pairs)s", pairs)]
    page = director(edition, browser).get("/e/open/rounds/3/report").text
    assert f"Teams of one institution meet: {one.name} – {other.name}" in page


def test_a_table_too_wide_for_one_of_the_last_two_rounds_is_named(edition: Edition) -> None:
    report = report_of(get_round_facts(edition.id, 3))
    assert (report.is_late, report.wide) == (True, ())
    table = replace(report.spreads[0], highest=Decimal("4.5"), lowest=Decimal(0))
    wide = replace(report, spreads=(table,))
    values = {"most": 4, "tables": table.table.name}
    assert warnings_of(wide) == [("Tables more than %(most)s points wide: %(tables)s", values)]
    assert warnings_of(replace(wide, is_late=False)) == []


def director(edition: Edition, browser: Browser) -> Browser:
    person = make_person()
    make_organiser(edition, person)
    sign_in(browser, make_user(person=person))  # type: ignore[arg-type]
    return browser


def test_the_replay_file_makes_the_same_draw_in_another_process(edition: Edition, browser: Browser) -> None:
    answer = director(edition, browser).get("/e/open/rounds/3/replay.json")
    assert answer.status_code == 200
    done = subprocess.run(
        [sys.executable, "-m", "competition.draw", "plan"],
        input=answer.data,
        capture_output=True,
        cwd=ROOT,
        check=True,
        timeout=120,
    )
    planned = [table["seats"] for table in json.loads(done.stdout)["tables"]]
    draw_id = get_round_facts(edition.id, 3).draw_id
    assert draw_id is not None
    names = {team.team.id: team.team.name for team in report_of(get_round_facts(edition.id, 3)).balances}
    now = [
        {role.value: names[team] if team is not None else None for role, team in table.seats.items()}
        for table in tables_of_draw(draw_id)
    ]
    assert planned == now


def test_the_report_comes_as_a_page_a_workbook_and_csv(edition: Edition, browser: Browser) -> None:
    organiser = director(edition, browser)
    page = organiser.get("/e/open/rounds/3/report").text
    assert "Balance of every team" in page
    assert "heat-fill-1" in page
    sheets = {
        sheet.name: sheet for sheet in read_workbook(organiser.get("/e/open/rounds/3/report.xlsx").data)
    }
    assert list(sheets) == ["Draw", "Measures", "Balance", "Meetings", "Tables"]
    csv = organiser.get("/e/open/rounds/3/draw.csv").data.decode()
    assert csv.count("\ufeff") == 1
    assert "'=Team" in csv
    assert len(csv.strip().splitlines()) == 5
    assert "Table 4" in organiser.get("/e/open/rounds/3/doors").text


def test_the_public_sees_how_a_released_draw_was_made_and_no_points_before_they_are_published(
    edition: Edition, browser: Browser
) -> None:
    anybody = browser
    assert anybody.get("/e/open/draw/3/how").status_code == 404
    assert anybody.get("/e/open/draw/3/screen").status_code == 404
    row = get_round_facts(edition.id, 3)
    confirm_draw(actor=SYSTEM, round_id=row.id)
    release_draw(actor=SYSTEM, round_id=row.id)
    assert "Teams with like points" in anybody.get("/e/open/draw/3/how").text
    assert "=Team 3" in anybody.get("/e/open/draw/3/screen").text
    assert anybody.get("/e/open/draw/3/replay.json").status_code == 404
    assert anybody.get("/e/open/draw/1/replay.json").status_code == 200
    for number in (1, 2):
        db.session.get_one(Round, get_round_facts(edition.id, number).id).results_state = "published"
    assert anybody.get("/e/open/draw/3/replay.json").status_code == 200
    assert "results are published" not in anybody.get("/e/open/draw/3/how").text


@pytest.mark.parametrize(
    ("count", "arguments", "second", "shown"),
    [
        (0, {}, 0, (1, 1, 1)),
        (40, {}, 15, (1, 1, 40)),
        (68, {}, 0, (1, 2, 34)),
        (68, {}, 14, (1, 2, 34)),
        (68, {}, 15, (2, 2, 34)),
        (68, {}, 30, (1, 2, 34)),
        (68, {"page": "2"}, 0, (2, 2, 34)),
        (68, {"page": "99"}, 0, (2, 2, 34)),
        (68, {"page": "x"}, 15, (1, 2, 34)),
    ],
)
def test_a_wall_shows_the_page_whose_turn_it_is_or_the_one_it_was_asked_for(
    count: int, arguments: dict[str, str], second: int, shown: tuple[int, int, int]
) -> None:
    page = wall(count, arguments, datetime.fromtimestamp(second, UTC))
    assert (page.number, page.pages, page.per_page) == shown


def test_an_edition_that_is_not_public_shows_nothing(edition: Edition, browser: Browser) -> None:
    edition.is_public = False
    for page in ("how", "screen", "replay.json"):
        assert browser.get(f"/e/open/draw/1/{page}").status_code == 404
    assert director(edition, browser).get("/e/open/draw/1/screen").status_code == 200

"""Where and when a judge can come, what follows from coaching, and that panels are filled from it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from competition.editions.models import Edition
from competition.entries.models import Judge, JudgeConflict, JudgeDayOff
from competition.entries.queries import coached_by
from competition.entries.services.judge_profile import days_of
from competition.rounds.field import judges_of, teams_of
from competition.rounds.public import draft_draw, tables_of_draw
from competition.rounds.services.absences import absences_of
from competition.rounds.services.availability import rounds_for, say
from core.access import SYSTEM
from core.db import db
from core.errors import Conflict, Stale
from tests.competition.entries.test_teams import hidden
from tests.factories import (
    make_edition,
    make_institution,
    make_judge,
    make_person,
    make_room,
    make_round,
    make_team,
    make_user,
    sign_in,
)

FIRST, SECOND = date(2026, 5, 16), date(2026, 5, 17)


@pytest.fixture
def edition(app: Flask) -> Edition:
    """Two days in Shanghai with a round on each; the second begins while it is still the first day in UTC."""
    edition = make_edition("spring", timezone="Asia/Shanghai", starts_on=FIRST, ends_on=SECOND)
    make_round(edition, 1, starts_at=datetime(2026, 5, 16, 1, 0, tzinfo=UTC))
    make_round(edition, 2, starts_at=datetime(2026, 5, 16, 17, 0, tzinfo=UTC))
    return edition


def speak(edition: Edition, judge: Judge, **changes: object) -> None:
    values: dict[str, object] = {
        "actor": SYSTEM,
        "edition": edition,
        "judge": judge,
        "version": judge.version,
        "values": {"site": "", "languages": "en", "expertise": "maritime law"},
        "days_off": [],
        "rounds_off": [],
        "conflicts": [],
    }
    say(**{**values, **changes})  # type: ignore[arg-type]


def absent(edition: Edition) -> list[frozenset[int]]:
    return [judge.absent_in for judge in judges_of(edition.id)]


def test_a_day_off_counts_for_the_rounds_that_begin_on_it_where_the_event_is(edition: Edition) -> None:
    judge = make_judge(edition)
    speak(edition, judge, days_off=[SECOND, date(2030, 1, 1)])
    assert absent(edition) == [frozenset({2})]
    assert db.session.scalars(select(JudgeDayOff.day)).all() == [SECOND]
    speak(edition, judge, days_off=[])
    assert absent(edition) == [frozenset()]


def test_a_round_that_a_judge_says_no_to_is_an_absence_and_yes_takes_it_back(edition: Edition) -> None:
    judge = make_judge(edition)
    speak(edition, judge, rounds_off=[1])
    one, two = rounds_for(edition, judge)
    assert (one.is_off, two.is_off, two.day, absent(edition)) == (True, False, SECOND, [frozenset({1})])
    speak(edition, judge, rounds_off=[])
    assert (absences_of(one.facts.id), absent(edition)) == ([], [frozenset()])


def test_conflicts_are_named_in_any_script_and_unknown_names_are_refused(edition: Edition) -> None:
    home = make_institution(edition, "Fudan", name="Fudan University", name_local="复旦大学")
    team, judge = make_team(edition, "North"), make_judge(edition)
    speak(edition, judge, conflicts=["复旦大学", "north"])
    rows = db.session.execute(
        select(JudgeConflict.institution_id, JudgeConflict.team_id).order_by(JudgeConflict.position)
    )
    assert [tuple(row) for row in rows] == [(home.id, None), (None, team.id)]
    with pytest.raises(Conflict, match="neither a team nor"):
        speak(edition, judge, conflicts=["Nowhere"])


def test_what_an_organiser_changed_meanwhile_is_not_written_over(edition: Edition) -> None:
    judge = make_judge(edition, version=3)
    with pytest.raises(Stale):
        speak(edition, judge, version=2)


def test_a_judge_who_coaches_has_a_conflict_by_person_or_by_address(edition: Edition) -> None:
    person = make_person()
    by_person = make_team(edition, "A", coach_person_id=person.id)
    by_address = make_team(edition, "B", coach_contact="wu@example.org")
    other = make_team(edition, "C", coach_contact="")
    judge = make_judge(edition, person_id=person.id, contact="wu@example.org")
    nobody = make_judge(edition)
    (one, two), teams = judges_of(edition.id), {team.id: team for team in teams_of(edition.id)}
    found = [one.conflict_with(teams[team.id]) for team in (by_person, by_address, other)]
    assert found == ["coach", "coach", None]
    assert [two.conflict_with(team) for team in teams.values()] == [None, None, None]
    assert [team.name for team in coached_by(judge)] == ["A", "B"]
    assert coached_by(nobody) == []


def test_panels_are_filled_without_those_who_cannot_come_or_are_bound_to_another_site(
    edition: Edition,
) -> None:
    for number in range(8):
        make_team(edition, f"T{number}")
    for name, site in (("A1", "North"), ("B1", "South")):
        make_room(edition, name, site=site)
    north, south, away = (make_judge(edition, name, site=name) for name in ("North", "South", ""))
    speak(edition, away, rounds_off=[1])
    facts = rounds_for(edition, away)[0].facts
    draw = draft_draw(actor=SYSTEM, round_id=facts.id, method="random", seed=3)
    seated = {table.room: {place.judge_id for place in table.panel} for table in tables_of_draw(draw.id)}
    assert seated == {"A1": {north.id}, "B1": {south.id}}


def test_on_their_own_page_a_judge_says_when_and_where(edition: Edition, client: FlaskClient) -> None:
    make_room(edition, "A1", site="North")
    person = make_person("Judge Li")
    judge = make_judge(edition, "Judge Li", person_id=person.id)
    sign_in(client, make_user(person=person))
    page = "/e/spring/me/judging"
    text = client.get(page).text
    assert len(re.findall(r"<input[^>]*checked[^>]*>", text)) == 4
    fields = {name: found[0] for name, found in hidden(text).items()}
    data = {**fields, "days": FIRST.isoformat(), "rounds": ["1"], "site": "North", "expertise": "trade"}
    wrong = client.post(page, data={**data, "conflicts": "Nowhere"})
    assert (wrong.status_code, "Nowhere" in wrong.text, 'value="trade"' in wrong.text) == (409, True, True)
    assert client.post(page, data={**data, "conflicts": ""}).status_code == 303
    db.session.expire_all()
    assert (judge.site, judge.expertise, judge.said_at is not None) == ("North", "trade", True)
    assert absent(edition) == [frozenset({2})]
    assert "Where and when you can judge" in client.get("/e/spring/me").text


def test_an_edition_has_at_most_a_month_of_days(app: Flask) -> None:
    assert days_of(make_edition()) == []
    assert days_of(make_edition(starts_on=FIRST)) == [FIRST]
    assert len(days_of(make_edition(starts_on=FIRST, ends_on=date(2030, 1, 1)))) == 31

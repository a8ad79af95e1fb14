"""Panels of a real round and the working languages of its edition."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from competition.editions.models import Edition
from competition.entries.models import Judge
from competition.rounds.field import judges_of
from competition.rounds.judge_repairs import trouble_of_judge
from competition.rounds.languages import unspoken_by, working_languages
from competition.rounds.models import PanelJudge
from competition.rounds.public import (
    draft_draw,
    get_round_facts,
    readiness_of,
    tables_of_draw,
)
from core.access import SYSTEM
from core.db import db
from tests.factories import (
    add,
    make_edition,
    make_judge,
    make_organiser,
    make_person,
    make_round,
    make_team,
    make_user,
    sign_in,
)


def scene(languages: str, *judges: str) -> Edition:
    """Two tables of a drafted round and judges who speak these languages."""
    edition = make_edition("spring", role_policy="rotating", languages=languages)
    for number in range(8):
        make_team(edition, f"T{number}")
    for number, spoken in enumerate(judges):
        make_judge(edition, f"J{number}", languages=spoken)
    round_ = make_round(edition)
    draft_draw(actor=SYSTEM, round_id=round_.id, method="random", seed=1)
    db.session.commit()
    return edition


def panels(edition: Edition) -> list[list[str]]:
    facts = get_round_facts(edition.id, 1)
    assert facts.draw_id is not None
    names = {judge.id: judge.name for judge in judges_of(edition.id)}
    return [sorted(names[one.judge_id] for one in table.panel) for table in tables_of_draw(facts.draw_id)]


def test_a_bilingual_edition_gets_a_judge_for_each_language_at_every_table(app: Flask) -> None:
    edition = scene("en;zh-Hans", "en", "English", "zh", "中文")
    assert working_languages(edition.id) == {"en", "zh"}
    found = panels(edition)
    assert [sum(name in ("J0", "J1") for name in panel) for panel in found] == [1, 1]
    assert [sum(name in ("J2", "J3") for name in panel) for panel in found] == [1, 1]
    assert readiness_of(get_round_facts(edition.id, 1)).unspoken == ()


def test_where_one_language_is_spoken_nobody_marks_who_does_not_speak_it(app: Flask) -> None:
    edition = scene("en", "zh", "en", "", "fr;en")
    assert sorted(name for panel in panels(edition) for name in panel) == ["J1", "J2", "J3"]


def test_an_edition_that_names_no_language_asks_for_none(app: Flask) -> None:
    edition = scene("", "zh", "ja")
    assert sorted(name for panel in panels(edition) for name in panel) == ["J0", "J1"]
    assert readiness_of(get_round_facts(edition.id, 1)).unspoken == ()


def test_who_has_said_nothing_of_languages_speaks_any_and_an_empty_panel_lacks_none(app: Flask) -> None:
    edition = scene("en;zh", "en", "", "zh", "zh")
    one, silent, two, _three = judges_of(edition.id)
    both = frozenset({"en", "zh"})
    assert unspoken_by([one], both) == ("zh",)
    assert unspoken_by([one, silent], both) == ()
    assert unspoken_by([one, two], both) == ()
    assert unspoken_by([], both) == ()


@pytest.fixture
def lacking(app: Flask) -> Edition:
    """Table 1 has only an English speaker; a Chinese and an English speaker are free."""
    edition = scene("en;zh", "en", "en", "zh")
    facts = get_round_facts(edition.id, 1)
    assert facts.draw_id is not None
    db.session.execute(delete(PanelJudge))
    first = db.session.query(Judge).filter_by(name="J0").one()
    table = tables_of_draw(facts.draw_id)[0]
    add(PanelJudge(table_id=table.id, judge_id=first.id, position="chair"))
    db.session.commit()
    return edition


def test_what_a_panel_lacks_is_said_on_the_draw_and_by_the_lights(
    lacking: Edition, client: FlaskClient
) -> None:
    facts = get_round_facts(lacking.id, 1)
    first, second = tables_of_draw(facts.draw_id or 0)
    assert readiness_of(facts).unspoken == ((first.name, "zh"),)
    other = db.session.query(Judge).filter_by(name="J1").one()
    add(PanelJudge(table_id=second.id, judge_id=other.id, position="chair"))
    db.session.commit()
    person = make_person()
    make_organiser(lacking, person)
    sign_in(client, make_user(person=person))
    assert "Nobody on the panel speaks Chinese." in client.get("/e/spring/rounds/1/").text
    lights = re.sub(r"\s+", " ", client.get("/e/spring/rounds/1/go").text)
    assert f"Table {first.name}: nobody on the panel speaks Chinese." in lights


def test_who_takes_a_judges_place_is_first_who_leaves_no_language_unspoken(lacking: Edition) -> None:
    chair = db.session.query(Judge).filter_by(name="J0").one()
    chair.languages = "zh"
    english = db.session.query(Judge).filter_by(name="J1").one()
    table = tables_of_draw(get_round_facts(lacking.id, 1).draw_id or 0)[0]
    add(PanelJudge(table_id=table.id, judge_id=english.id, position="panellist"))
    make_judge(lacking, "J3", languages="en", rating=9)
    db.session.commit()
    trouble = trouble_of_judge(get_round_facts(lacking.id, 1), chair.public_id)
    assert trouble is not None
    found = [(one.by.name if one.by else "", one.unspoken) for one in trouble.repairs]
    assert found == [("J2", ()), ("J3", ("zh",)), ("", ("zh",))]

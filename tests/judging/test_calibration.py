"""The practice table: set up, marked by everybody, outside every result; each judge sees their own distance."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from core.db import db
from core.idempotency import new_key
from judging.calibration import distance_of, find_calibration
from judging.entry import mark_field
from judging.models import CalibrationSheet, Mark, Scoresheet
from judging.queries import has_sheet
from tests.factories import make_judge, make_organiser, make_person, make_user, sign_in
from tests.judging.scene import as_judge

FORM = {"title": "The port of Lima", "text": "A long report", "party_igo": "The Bank", "version": "0"}
ROLES = ("government", "enterprise", "local_ngo", "igo")


@pytest.fixture
def desk(client, scene):
    person = make_person("Dora")
    make_organiser(scene.edition, person)
    sign_in(client, make_user(person=person))
    return client


def path(scene, rest=""):
    return f"/e/{scene.edition.slug}/practice-table/{rest}"


def open_it(desk, scene):
    assert desk.post(path(scene), data=FORM).status_code == 303
    assert desk.post(path(scene, "open"), data={"idempotency_key": new_key()}).status_code == 303


def marks(scene, *values):
    return {mark_field(role, scene.argument): str(mark) for role, mark in zip(ROLES, values, strict=True)}


def test_a_practice_table_is_written_opened_and_found_by_judges(desk, new_client, scene):
    judge = new_client()
    as_judge(judge, scene.chair)
    home = f"/e/{scene.edition.slug}/judge/"
    assert desk.post(path(scene), data=FORM).status_code == 303
    assert "Mark the practice table" not in judge.get(home).text
    assert judge.get(path(scene, "mark")).status_code == 404
    assert desk.post(path(scene, "open"), data={"idempotency_key": new_key()}).status_code == 303
    assert "Mark the practice table" in judge.get(home).text
    page = judge.get(path(scene, "mark")).text
    for words in ("The port of Lima", "A long report", "The Bank", "It enters no result."):
        assert words in page
    assert page.count("stepper-input") == 4


def test_what_judges_read_does_not_change_once_it_is_open(desk, scene):
    open_it(desk, scene)
    version = str(find_calibration(scene.edition.id).version)
    assert desk.post(path(scene), data={**FORM, "version": version}).status_code == 409


def test_of_two_who_write_it_the_second_is_told(desk, scene):
    desk.post(path(scene), data=FORM)
    assert desk.post(path(scene), data={**FORM, "title": "Another"}).status_code == 409
    assert find_calibration(scene.edition.id).title == "The port of Lima"


def test_practice_marks_are_taken_once_and_are_no_marks(desk, new_client, scene):
    open_it(desk, scene)
    judge = new_client()
    as_judge(judge, scene.chair)
    for values in ((7, 6, 5, 4), (1, 1, 1, 1)):
        assert judge.post(path(scene, "mark"), data=marks(scene, *values)).status_code == 303
    sheet = db.session.scalars(select(CalibrationSheet)).one()
    assert sheet.marks[f"igo.{scene.argument.id}"] == "4"
    assert [db.session.scalar(select(func.count(one.id))) for one in (Scoresheet, Mark)] == [0, 0]
    assert not has_sheet(scene.edition.id)
    assert "As soon as at least three other judges" in judge.get(path(scene, "mark")).text


def test_a_practice_sheet_that_is_not_complete_is_kept_on_the_page(desk, new_client, scene):
    open_it(desk, scene)
    judge = new_client()
    as_judge(judge, scene.chair)
    answer = judge.post(path(scene, "mark"), data=marks(scene, 7, "", 55, 4))
    assert answer.status_code == 422
    assert 'value="7"' in answer.text
    assert "Give a mark." in answer.text
    assert "55 is not possible." in answer.text


def test_a_closed_practice_table_takes_no_marks(desk, new_client, scene):
    open_it(desk, scene)
    desk.post(path(scene, "closed"), data={"idempotency_key": new_key()})
    judge = new_client()
    as_judge(judge, scene.chair)
    assert judge.post(path(scene, "mark"), data=marks(scene, 7, 6, 5, 4)).status_code == 409


def test_a_judge_sees_their_own_distance_and_no_other_judges_marks(desk, new_client, scene):
    open_it(desk, scene)
    judges = [
        scene.chair,
        scene.panellist,
        make_judge(scene.edition, "Three"),
        make_judge(scene.edition, "Four"),
    ]
    browsers = []
    for judge, shift in zip(judges, (0, 2, 3, 1), strict=True):
        browsers.append(new_client())
        as_judge(browsers[-1], judge)
        browsers[-1].post(path(scene, "mark"), data=marks(scene, *(shift + one for one in (5, 4, 3, 2))))
    page = browsers[0].get(path(scene, "mark")).text
    assert "-2.00" in page
    assert "Panellist Park" not in page
    table = desk.get(path(scene)).text
    for name in ("Chair Chan", "Panellist Park", "Three", "Four"):
        assert name in table
    assert table.count("Handed in") == 4


def test_the_distance_is_from_the_mean_of_the_others():
    found = distance_of(
        1,
        {
            1: {"igo.5": 6.0, "igo.6": 4.0},
            2: {"igo.5": 8.0},
            3: {"igo.5": 9.0},
            4: {"igo.5": 10.0, "igo.6": 2.0},
        },
    )
    assert (found.lean, found.spread) == (-0.5, 2.5)
    assert found.by_criterion == {5: -3.0, 6: 2.0}
    assert found.places == {"igo.5": (6.0, 9.0), "igo.6": (4.0, 2.0)}


def test_with_fewer_than_three_others_nothing_is_shown():
    assert distance_of(1, {1: {"igo.5": 6.0}, 2: {"igo.5": 8.0}, 3: {"igo.5": 9.0}}) is None

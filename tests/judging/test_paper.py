"""Sheets on paper: printed with a code that names table and judge, typed in, compared by a second person."""

from __future__ import annotations

import pytest
import segno

from core.errors import Conflict, Stale
from core.idempotency import new_key
from core.links import public_address
from judging.board import board_of_table
from judging.services.tables import check_sheet, confirm_table
from tests.factories import make_organiser, make_person, make_user, sign_in
from tests.judging.scene import ORGANISER, as_judge, form_for, sheet_of, submit


@pytest.fixture
def enter(new_client, scene):
    """Signs one more organiser of the scene's edition in."""

    def go(name):
        person = make_person(name)
        make_organiser(scene.edition, person)
        browser = new_client()
        sign_in(browser, make_user(person=person))
        return browser

    return go


def path(scene, rest):
    return f"/e/{scene.edition.slug}/sheets/1/{scene.table.public_id}/{scene.chair.public_id}/{rest}"


def type_in(browser, scene):
    browser.post(path(scene, "sheet"), data=form_for(scene, [7, 6, 5, 4]))
    answer = browser.post(path(scene, "sheet/submit"), data={"version": "1", "idempotency_key": new_key()})
    assert answer.status_code == 303


def compare(browser, scene):
    version = str(sheet_of(scene, scene.chair).revision)
    return browser.post(path(scene, "check"), data={"version": version, "idempotency_key": new_key()})


def test_every_judge_has_a_sheet_of_paper_with_a_code_of_table_and_judge(enter, scene):
    page = enter("Ola").get(f"/e/{scene.edition.slug}/sheets/1/paper").text
    assert page.count('class="sheet-page paper-sheet"') == 2
    with_code = segno.make(public_address(path(scene, "sheet")), error="m").svg_data_uri(scale=4, border=2)
    assert page.count(with_code.replace("'", "&#39;")) == 1
    for words in ("Chair Chan", "Panellist Park", "Team A one", "Argument", "Speaking"):
        assert words in page


def test_one_table_can_be_printed_alone(enter, scene):
    page = enter("Ola").get(f"/e/{scene.edition.slug}/sheets/1/paper?table=another").text
    assert "there is nothing to print" in page


def test_the_code_opens_nothing_for_a_judge(client, scene):
    as_judge(client, scene.chair)
    assert client.get(path(scene, "sheet")).status_code == 403


def test_a_sheet_typed_in_waits_for_a_second_person(enter, scene):
    first, second = enter("Ola"), enter("Sam")
    submit(scene, scene.panellist, [8, 6, 5, 4])
    type_in(first, scene)
    board = board_of_table(scene.edition, scene.facts)
    assert board.state == "waiting"
    with pytest.raises(Conflict, match="not yet compared by a second person: Chair Chan"):
        confirm_table(actor=ORGANISER, edition=scene.edition, table=scene.facts, shown=board.token)
    assert "It is the same as on paper" not in first.get(path(scene, "sheet")).text
    assert compare(first, scene).status_code == 409
    assert "It is the same as on paper" in second.get(path(scene, "sheet")).text
    assert compare(second, scene).status_code == 303
    assert "A second person compared it with the paper." in first.get(path(scene, "sheet")).text
    board = board_of_table(scene.edition, scene.facts)
    assert board.state == "ready"
    confirm_table(actor=ORGANISER, edition=scene.edition, table=scene.facts, shown=board.token)
    assert sheet_of(scene, scene.chair).state == "confirmed"


def test_where_there_is_one_organiser_nobody_waits_for_a_second(enter, scene):
    submit(scene, scene.panellist, [8, 6, 5, 4])
    type_in(enter("Ola"), scene)
    assert board_of_table(scene.edition, scene.facts).state == "ready"


def test_a_sheet_that_changed_since_it_was_compared_is_looked_at_again(enter, scene):
    type_in(enter("Ola"), scene)
    with pytest.raises(Stale):
        check_sheet(actor=ORGANISER, table=scene.facts, judge_id=scene.chair.id, shown=1)


def test_a_judges_own_sheet_needs_no_second_person(enter, scene):
    submit(scene, scene.chair, [7, 6, 5, 4])
    enter("Ola"), enter("Sam")
    assert not any(line.needs_second for line in board_of_table(scene.edition, scene.facts).lines)
    with pytest.raises(Conflict, match="No sheet typed in from paper"):
        check_sheet(actor=ORGANISER, table=scene.facts, judge_id=scene.chair.id, shown=2)

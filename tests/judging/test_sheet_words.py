"""What a sheet holds besides marks: not observed, remarks, nominations; what the judge is asked to look at again."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from sqlalchemy import select

from core.db import db
from core.idempotency import new_key
from judging.board import board_of_table, reading_of
from judging.cautions import cautions_of
from judging.closing.models import AwardLine, Nomination
from judging.entry import award_field, feedback_field, mark_field, note_field, unseen_field
from judging.models import Mark
from judging.services.tables import reopen_sheet
from tests.factories import add
from tests.judging.scene import ORGANISER, as_judge, form_for, make_criterion, marks_for, sheet_of


@pytest.fixture
def style(scene):
    """A second criterion of the team, which a judge may not have observed."""
    return make_criterion(scene.edition, "style", "team", may_be_unobserved=True)


def form_with_style(scene, style, marks, **more):
    form = form_for(scene, [7, 6, 5, 4], **more)
    for team, mark in zip(scene.teams, marks, strict=True):
        if mark is None:
            form[unseen_field(team.public_id, style)] = "1"
        else:
            form[mark_field(team.public_id, style)] = str(mark)
    return form


def hand_in(client, scene, form):
    saved = client.post(scene.path(), data={**form, "action": "review"})
    assert saved.headers["Location"] == scene.path("/review")
    revision = sheet_of(scene, scene.chair).revision
    data = {"version": str(revision), "idempotency_key": new_key()}
    return client.post(scene.path("/submit"), data=data)


def test_a_mark_that_was_not_observed_counts_as_the_average(client, scene, style):
    as_judge(client, scene.chair)
    form = form_with_style(scene, style, [None, 6, 5, 4])
    client.post(scene.path(), data=form)
    page = client.get(scene.path()).text
    field = unseen_field(scene.teams[0].public_id, style)
    assert " checked" in page.split(f'name="{field}"')[1].split(">")[0]
    assert ">26.00</span>" in client.get(scene.path("/review")).text
    assert hand_in(client, scene, {**form, "version": "1"}).status_code == 303
    stored = db.session.scalars(select(Mark.mark).where(Mark.criterion_id == style.id)).all()
    assert sorted(stored) == [D(4), D(5), D(6), D(7)]
    assert "not observed: counts as 7" in client.get(scene.path()).text


def test_the_table_reads_the_mark_that_stands_for_an_unobserved_one(client, scene, style):
    as_judge(client, scene.chair)
    hand_in(client, scene, form_with_style(scene, style, [None, 6, 5, 4]))
    reading = reading_of(board_of_table(scene.edition, scene.facts))
    assert reading.scores[scene.chair.id][scene.teams[0].id] == D(26)


def test_a_reopened_sheet_remembers_what_was_not_observed(client, scene, style):
    as_judge(client, scene.chair)
    hand_in(client, scene, form_with_style(scene, style, [None, 6, 5, 4]))
    reopen_sheet(actor=ORGANISER, table=scene.facts, judge_id=scene.chair.id, reason="asked for it")
    page = client.get(scene.path()).text
    assert f'name="{unseen_field(scene.teams[0].public_id, style)}"\n' in page
    form = form_with_style(scene, style, [None, 6, 5, 4], version=sheet_of(scene, scene.chair).revision)
    first = mark_field(scene.teams[0].public_id, scene.argument)
    hand_in(client, scene, {**form, first: "9"})
    sheet = sheet_of(scene, scene.chair)
    marks = select(Mark.mark).where(Mark.scoresheet_id == sheet.id, Mark.criterion_id == style.id)
    assert sorted(db.session.scalars(marks)) == [D(4), D(5), D(6), D(9)]


def test_a_team_of_which_nothing_was_observed_still_needs_a_mark(client, scene, style):
    scene.argument.may_be_unobserved = True
    as_judge(client, scene.chair)
    form = form_with_style(scene, style, [None, 6, 5, 4])
    form[unseen_field(scene.teams[0].public_id, scene.argument)] = "1"
    answer = client.post(scene.path(), data={**form, "action": "review"})
    assert answer.headers["Location"] == scene.path("?check=1")
    assert "Team A: 2 marks are missing" in client.get(answer.headers["Location"]).text


def test_not_observed_is_no_answer_where_it_is_not_allowed(client, scene):
    as_judge(client, scene.chair)
    form = form_for(scene, [7, "", 5, 4])
    form[unseen_field(scene.teams[1].public_id, scene.argument)] = "1"
    answer = client.post(scene.path(), data={**form, "action": "review"})
    assert "Team B: 1 mark is missing" in client.get(answer.headers["Location"]).text


def test_notes_and_feedback_are_kept_and_read_back(client, scene):
    as_judge(client, scene.chair)
    team = scene.teams[0].public_id
    words = {note_field(team): "Late, but sharp", feedback_field(team): "Listen\r\nmore"}
    hand_in(client, scene, {**form_for(scene, [7, 6, 5, 4]), **words})
    assert sheet_of(scene, scene.chair).remarks == {
        str(scene.teams[0].id): {"note": "Late, but sharp", "feedback": "Listen\nmore"}
    }
    page = client.get(scene.path()).text
    assert "Late, but sharp" in page
    assert "Listen\nmore" in page


def test_the_private_note_says_that_the_team_may_be_entitled_to_see_it(client, scene):
    as_judge(client, scene.chair)
    assert client.get(scene.path()).text.count("The team may be entitled to see this.") == 4


def test_a_second_phone_with_another_remark_is_told(client, scene):
    as_judge(client, scene.chair)
    note = note_field(scene.teams[0].public_id)
    client.post(scene.path(), data={**form_for(scene, [7, 6, 5, 4]), note: "one", "page": "a"})
    answer = client.post(scene.path(), data={**form_for(scene, [7, 6, 5, 4]), note: "other", "page": "b"})
    assert answer.status_code == 409
    assert "Team A · Private note" in answer.text
    assert f'name="{note}" value="other"' in answer.text


@pytest.fixture
def award(scene):
    """An award that goes by nominations, and one that does not."""
    add(AwardLine(edition_id=scene.edition.id, name="Gold", kind="team_tier"))
    return add(
        AwardLine(
            edition_id=scene.edition.id,
            name="Best speaker",
            name_zh="最佳演讲",
            kind="individual_nominations",
        )
    )


def nominated():
    return db.session.execute(
        select(Nomination.award_line_id, Nomination.judge_id, Nomination.delegate_id)
    ).all()


def test_a_delegate_is_nominated_when_the_sheet_is_handed_in(client, scene, award):
    as_judge(client, scene.chair)
    page = client.get(scene.path()).text
    assert "Best speaker" in page
    assert "Gold" not in page
    one, other = scene.delegates[scene.teams[2].id]
    form = {**form_for(scene, [7, 6, 5, 4]), award_field(award.public_id): one.public_id}
    client.post(scene.path(), data=form)
    assert nominated() == []
    hand_in(client, scene, {**form, "version": "1"})
    assert nominated() == [(award.id, scene.chair.id, one.id)]
    reopen_sheet(actor=ORGANISER, table=scene.facts, judge_id=scene.chair.id, reason="another one")
    revision = sheet_of(scene, scene.chair).revision
    form = {**form, "version": str(revision), award_field(award.public_id): other.public_id}
    hand_in(client, scene, form)
    assert nominated() == [(award.id, scene.chair.id, other.id)]


def test_somebody_who_is_not_at_the_table_cannot_be_nominated(client, scene, award):
    as_judge(client, scene.chair)
    hand_in(client, scene, {**form_for(scene, [7, 6, 5, 4]), award_field(award.public_id): "nobody"})
    assert nominated() == []


def test_a_judge_is_asked_about_identical_and_extreme_marks(client, scene):
    as_judge(client, scene.chair)
    client.post(scene.path(), data=form_for(scene, [5, 6, 10, 0], 5))
    page = client.get(scene.path("/review")).text
    assert "Every mark you gave Team A is the same." in page
    assert "Every mark you gave Team B is the same." not in page
    assert "Submit" in page


@pytest.mark.parametrize(
    ("arguments", "speaking", "found"),
    [
        ([7, 6, 5, 4], 3, []),
        ([7, 7, 5, 4], 3, [("twins", ("Team A", "Team B"), "")]),
        (
            [9, 8, 7, 10],
            10,
            [("extreme", (name,), "highest") for name in ("Team A", "Team B", "Team C")]
            + [("identical", ("Team D",), "")],
        ),
        (
            [0, 6, 5, 4],
            0,
            [("identical", ("Team A",), "")]
            + [("extreme", (name,), "lowest") for name in ("Team B", "Team C", "Team D")],
        ),
    ],
    ids=["fine", "twins", "highest", "lowest"],
)
def test_what_is_odd_about_a_sheet(scene, arguments, speaking, found):
    marks = marks_for(scene, arguments, speaking)
    assert [(one.word, one.teams, one.end) for one in cautions_of(scene.plan, marks)] == found


def test_a_table_result_needs_no_unobserved_mark_of_its_own(client, scene, style):
    as_judge(client, scene.chair)
    hand_in(client, scene, form_with_style(scene, style, [None, 6, 5, 4]))
    board = board_of_table(scene.edition, scene.facts)
    waiting = [line.judge_id for line in board.lines if line.is_owed]
    assert waiting == [scene.panellist.id]

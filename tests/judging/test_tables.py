"""What organisers decide about a table: confirm, reopen, waive, outcomes, penalties, line-ups."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from sqlalchemy import delete, select

from competition.rounds.models import PanelJudge, TableResult
from competition.rounds.public import register_blocker, results_of_tables
from core.audit import AuditEntry
from core.db import db
from core.errors import Conflict, Invalid, NotFound, Stale
from judging.blockers import submitted_sheets
from judging.board import board_of_table
from judging.models import Scoresheet
from judging.public import owed_counts, owed_tables, results_from_sheets, sheet_progress
from judging.queries import marks_of_sheets
from judging.services import happenings
from judging.services.tables import confirm_table, reopen_sheet, unwaive_sheet, waive_sheet
from tests.factories import make_judge, make_team
from tests.judging.scene import ORGANISER, make_scene, seat_judge, sheet_of, submit


def board(scene):
    return board_of_table(scene.edition, scene.facts)


def confirm(scene, shown=None):
    confirm_table(
        actor=ORGANISER, edition=scene.edition, table=scene.facts, shown=shown or board(scene).token
    )


def ranks(scene):
    found = {row.team_id: row for row in results_of_tables([scene.table.id])}
    return [(found[team.id].rank, found[team.id].score, found[team.id].points) for team in scene.teams]


def test_the_table_score_is_the_mean_of_the_counted_sheets(scene):
    submit(scene, scene.chair, [9, 7, 5, 3])
    submit(scene, scene.panellist, [8, 8, 5, 2])
    confirm(scene)
    assert ranks(scene) == [(1, D("22"), D(3)), (2, D("20"), D(2)), (3, D("15"), D(1)), (4, D("10"), D(0))]
    assert [line.state for line in board(scene).lines] == ["confirmed", "confirmed"]


def test_a_missing_sheet_blocks_until_it_is_waived_with_a_reason(scene):
    submit(scene, scene.chair, [9, 7, 5, 3])
    with pytest.raises(Conflict) as refused:
        confirm(scene)
    assert refused.value.text.startswith("Sheets are still missing from: Panellist Park.")
    with pytest.raises(Invalid):
        waive_sheet(actor=ORGANISER, table=scene.facts, judge_id=scene.panellist.id, reason=" ")
    waive_sheet(actor=ORGANISER, table=scene.facts, judge_id=scene.panellist.id, reason="Taken ill")
    confirm(scene)
    assert [rank for rank, _score, _points in ranks(scene)] == [1, 2, 3, 4]


def test_an_unwaived_sheet_is_waited_for_again(scene):
    waive_sheet(actor=ORGANISER, table=scene.facts, judge_id=scene.chair.id, reason="Late")
    unwaive_sheet(actor=ORGANISER, table=scene.facts, judge_id=scene.chair.id)
    assert [line.state for line in board(scene).lines] == ["owed", "owed"]
    submit(scene, scene.chair, [9, 7, 5, 3])
    waive_sheet(actor=ORGANISER, table=scene.facts, judge_id=scene.chair.id, reason="Conflict")
    unwaive_sheet(actor=ORGANISER, table=scene.facts, judge_id=scene.chair.id)
    assert board(scene).lines[0].state == "submitted"


def test_a_table_with_every_sheet_waived_cannot_be_confirmed(scene):
    for judge in (scene.chair, scene.panellist):
        waive_sheet(actor=ORGANISER, table=scene.facts, judge_id=judge.id, reason="Fire alarm")
    with pytest.raises(Conflict, match="No sheet of this table counts"):
        confirm(scene)


def test_the_second_of_two_organisers_is_told_that_the_table_is_confirmed(scene):
    submit(scene, scene.chair, [9, 7, 5, 3])
    submit(scene, scene.panellist, [8, 8, 5, 2])
    shown = board(scene).token
    confirm(scene, shown)
    with pytest.raises(Conflict) as refused:
        confirm(scene, shown)
    assert refused.value.text == "Table 1 was already confirmed. Nothing was changed."
    assert len(db.session.scalars(select(TableResult)).all()) == 1


def test_an_organiser_who_saw_other_sheets_is_told_to_look_again(scene):
    submit(scene, scene.chair, [9, 7, 5, 3])
    submit(scene, scene.panellist, [8, 8, 5, 2])
    shown = board(scene).token
    reopen_sheet(actor=ORGANISER, table=scene.facts, judge_id=scene.chair.id, reason="Wrong team")
    submit(scene, scene.chair, [1, 7, 5, 3])
    with pytest.raises(Stale):
        confirm(scene, shown)


def test_a_reopened_sheet_is_a_new_draft_with_the_same_marks(scene):
    first = submit(scene, scene.chair, [9, 7, 5, 3])
    reopened = reopen_sheet(
        actor=ORGANISER, table=scene.facts, judge_id=scene.chair.id, reason="Typing error"
    )
    assert (first.state, reopened.state, reopened.version) == ("superseded", "draft", 2)
    marks = marks_of_sheets([first.id, reopened.id])
    assert marks[first.id] == marks[reopened.id]
    assert len(marks[first.id]) == 12


def test_a_corrected_sheet_supersedes_the_result_when_the_table_is_confirmed_again(scene):
    submit(scene, scene.chair, [9, 7, 5, 3])
    submit(scene, scene.panellist, [9, 7, 5, 3])
    confirm(scene)
    reopen_sheet(actor=ORGANISER, table=scene.facts, judge_id=scene.chair.id, reason="Typing error")
    assert board(scene).state == "correcting"
    assert [rank for rank, *_rest in ranks(scene)] == [1, 2, 3, 4]
    submit(scene, scene.chair, [1, 7, 5, 10])
    assert board(scene).state == "ready"
    confirm(scene)
    assert [rank for rank, *_rest in ranks(scene)] == [3, 1, 3, 2]
    versions = db.session.execute(
        select(TableResult.version, TableResult.is_live).order_by(TableResult.version)
    )
    assert [tuple(row) for row in versions] == [(1, False), (2, True)]


def test_a_sheet_that_is_open_cannot_be_reopened(scene):
    with pytest.raises(Conflict):
        reopen_sheet(actor=ORGANISER, table=scene.facts, judge_id=scene.chair.id, reason="Why not")


def test_a_judge_who_is_not_on_the_panel_has_no_sheet_to_decide_about(scene):
    with pytest.raises(NotFound):
        waive_sheet(actor=ORGANISER, table=scene.facts, judge_id=make_judge(scene.edition).id, reason="x")


def test_a_trainees_sheet_changes_nothing(scene):
    trainee = make_judge(scene.edition, "Trainee")
    seat_judge(scene.table, trainee, "trainee")
    submit(scene, scene.chair, [9, 7, 5, 3])
    submit(scene, scene.panellist, [9, 7, 5, 3])
    submit(scene, trainee, [0, 1, 2, 10])
    confirm(scene)
    assert [rank for rank, *_rest in ranks(scene)] == [1, 2, 3, 4]
    assert sheet_of(scene, trainee).state == "confirmed"


def test_a_shared_place_averages_the_points(scene):
    submit(scene, scene.chair, [9, 9, 5, 3])
    submit(scene, scene.panellist, [9, 9, 5, 3])
    confirm(scene)
    assert [(rank, points) for rank, _score, points in ranks(scene)] == [
        (1, D("2.5")),
        (1, D("2.5")),
        (3, D(1)),
        (4, D(0)),
    ]


def test_the_chairs_score_breaks_a_tie_where_the_edition_says_so(app):
    scene = make_scene(table_ties="chair")
    submit(scene, scene.chair, [8, 9, 5, 3])
    submit(scene, scene.panellist, [9, 8, 5, 3])
    confirm(scene)
    assert [rank for rank, *_rest in ranks(scene)] == [2, 1, 3, 4]


def test_a_forbidden_tie_blocks_the_table_and_names_the_teams(app):
    scene = make_scene(table_ties="forbidden")
    submit(scene, scene.chair, [8, 9, 5, 3])
    submit(scene, scene.panellist, [9, 8, 5, 3])
    with pytest.raises(Conflict) as refused:
        confirm(scene)
    assert refused.value.text.startswith("Team A, Team B have the same score")
    assert board(scene).state == "ready"


def test_an_absent_team_is_not_marked_and_the_others_are_ranked_as_three(scene):
    happenings.set_outcome(
        actor=ORGANISER,
        edition=scene.edition,
        table=scene.facts,
        team_id=scene.teams[0].id,
        outcome="absent",
        reason="Train",
    )
    assert len(scene.plan.marked_teams) == 3
    submit_three(scene, [9, 7, 5])
    confirm(scene)
    assert ranks(scene) == [
        (None, None, D(0)),
        (1, D(23), D("2.5")),
        (2, D(19), D("1.5")),
        (3, D(15), D("0.5")),
    ]


def submit_three(scene, arguments):
    """Both judges mark the last three teams alike."""
    from judging.entry import Entry
    from judging.services.sheets import save_draft, submit_sheet
    from tests.judging.scene import marks_for

    left_out = scene.teams[0].id
    marks = tuple(line for line in marks_for(scene, [0, *arguments]) if line.team != left_out)
    for judge in (scene.chair, scene.panellist):
        entry = Entry(typed={}, marks=marks, absent=frozenset())
        saved = save_draft(actor=ORGANISER, plan=scene.plan, judge_id=judge.id, shown=0, entry=entry)
        submit_sheet(actor=ORGANISER, plan=scene.plan, judge_id=judge.id, shown=saved.revision)


def test_a_stand_in_is_never_marked_or_ranked(scene):
    scene.teams[0].status = "stand_in"
    db.session.flush()
    submit_three(scene, [9, 7, 5])
    confirm(scene)
    assert [(rank, points) for rank, _score, points in ranks(scene)] == [
        (None, D(0)),
        (1, D("2.5")),
        (2, D("1.5")),
        (3, D("0.5")),
    ]


def penalise(scene, team, amount, reason="Late hand-in"):
    return happenings.add_penalty(
        actor=ORGANISER,
        edition=scene.edition,
        table=scene.facts,
        team_id=team.id,
        amount=D(amount),
        reason=reason,
    )


def test_a_penalty_lowers_the_score_and_a_confirmed_result_follows(scene):
    submit(scene, scene.chair, [9, 8, 5, 3])
    submit(scene, scene.panellist, [9, 8, 5, 3])
    assert penalise(scene, scene.teams[2], "0.5") is False
    confirm(scene)
    assert ranks(scene)[2][1] == D("14.5")
    assert penalise(scene, scene.teams[0], "2.5") is True
    assert [(rank, score) for rank, score, _points in ranks(scene)][:2] == [(2, D("20.5")), (1, D(21))]
    penalty = next(one for one in happenings.penalties_of_table(scene.facts) if one.amount == D("2.5"))
    happenings.remove_penalty(
        actor=ORGANISER, edition=scene.edition, table=scene.facts, penalty_id=penalty.public_id
    )
    assert [rank for rank, *_rest in ranks(scene)] == [1, 2, 3, 4]


@pytest.mark.parametrize("amount", ["0", "-3"])
def test_a_penalty_is_above_zero(scene, amount):
    with pytest.raises(Invalid):
        penalise(scene, scene.teams[0], amount)


def test_a_team_of_another_table_gets_no_penalty_here(scene):
    with pytest.raises(NotFound):
        penalise(scene, make_team(scene.edition), "1")


def test_a_line_up_leaves_a_delegate_out_of_the_mean(scene):
    submit(scene, scene.chair, [9, 8, 5, 3])
    submit(scene, scene.panellist, [9, 8, 5, 3])
    confirm(scene)
    first = scene.delegates[scene.teams[0].id]
    changed = happenings.set_lineup(
        actor=ORGANISER,
        edition=scene.edition,
        table=scene.facts,
        team_id=scene.teams[0].id,
        out={first[0].id},
        delegates={one.id for one in first},
    )
    assert changed is True
    assert [one.is_out for one in scene.plan.teams[0].delegates] == [True, False]
    assert ranks(scene)[0][1] == D(23)


def test_an_outcome_needs_a_reason(scene):
    with pytest.raises(Invalid):
        happenings.set_outcome(
            actor=ORGANISER,
            edition=scene.edition,
            table=scene.facts,
            team_id=scene.teams[0].id,
            outcome="late",
            reason="",
        )


def test_a_table_without_judges_cannot_be_confirmed(scene):
    db.session.execute(delete(PanelJudge))
    assert board(scene).state == "no_panel"
    with pytest.raises(Conflict):
        confirm(scene)


def test_who_owes_a_sheet_is_counted(scene):
    assert owed_counts(scene.edition.id) == {scene.chair.id: 1, scene.panellist.id: 1}
    submit(scene, scene.chair, [9, 8, 5, 3])
    assert owed_counts(scene.edition.id) == {scene.panellist.id: 1}
    assert owed_tables(scene.chair.id) == []
    assert [table.id for table in owed_tables(scene.panellist.id)] == [scene.table.id]
    progress = sheet_progress(scene.edition.id)[1]
    assert (progress.done, progress.expected) == (1, 2)


def test_a_submitted_sheet_is_a_reason_to_keep_the_draw(scene):
    assert submitted_sheets([scene.table.id]) == {}
    submit(scene, scene.chair, [9, 8, 5, 3])
    assert submitted_sheets([scene.table.id]) == {scene.table.id: "Judges have submitted sheets for it."}
    assert submitted_sheets([scene.table.id + 1]) == {}
    assert register_blocker(submitted_sheets) is submitted_sheets


def test_every_decision_is_on_record(scene):
    submit(scene, scene.chair, [9, 8, 5, 3])
    waive_sheet(actor=ORGANISER, table=scene.facts, judge_id=scene.panellist.id, reason="Ill")
    confirm(scene)
    reopen_sheet(actor=ORGANISER, table=scene.facts, judge_id=scene.chair.id, reason="Error")
    verbs = db.session.scalars(select(AuditEntry.verb).order_by(AuditEntry.id)).all()
    assert verbs == ["sheet.begun", "sheet.submitted", "sheet.waived", "result.recorded", "sheet.reopened"]


def test_results_of_imported_sheets_are_worked_out_without_the_missing_panellist(scene):
    submit(scene, scene.chair, [9, 8, 5, 3])
    sheet = sheet_of(scene, scene.chair)
    sheet.state = "confirmed"
    db.session.flush()
    recorded = results_from_sheets(scene.edition.id)
    assert [(table.table_id, [place.rank for place in table.placings]) for table in recorded] == [
        (scene.table.id, [1, 2, 3, 4])
    ]
    assert db.session.scalars(select(Scoresheet.state)).all() == ["confirmed"]

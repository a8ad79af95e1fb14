"""Adjusted scores in the standings: from which sheets, when not, and that page, command and snapshot agree."""

from __future__ import annotations

import csv
import io
from decimal import Decimal as D

import pytest
from sqlalchemy import select

from competition.rounds.models import Lineup, PanelJudge, Penalty
from competition.rounds.public import RecordedPlace, record_result, round_facts, seated_results
from core.db import db
from core.errors import Invalid
from judging.analysis.adjusted import ALIKE, PROVISIONAL, REASONS, adjustment_of
from judging.analysis.counted import sheet_scores_of_edition
from judging.board import boards_of_round, reading_of
from judging.cli import standings_csv
from judging.models import Scoresheet
from judging.services.tables import reopen_sheet, waive_sheet
from judging.snapshots import standings_of, take_snapshot
from judging.standings import FALLBACK, team_standings
from tests.judging.judged import Judged, make_judged
from tests.judging.scene import ORGANISER


def harsh(judge: int) -> int:
    """One judge in three is twelve marks harder than the rest."""
    return 12 if judge % 3 == 0 else 0


def counted(made: Judged) -> dict[tuple[object, int, object], D]:
    results = seated_results(made.edition.id)
    scored = {(result.team_id, result.round) for result in results}
    return {
        (sheet.team, sheet.round, sheet.judge): sheet.score
        for sheet in sheet_scores_of_edition(made.edition, 99, scored)
    }


def read_by_the_board(made: Judged) -> dict[tuple[object, int, object], D]:
    return {
        (team, facts.number, judge): score
        for facts in round_facts(made.edition.id)
        for board in boards_of_round(made.edition, facts)
        for judge, scores in reading_of(board).scores.items()
        for team, score in scores.items()
    }


@pytest.mark.parametrize("delegate_marks", ["mean", "sum"])
def test_the_database_adds_up_a_sheet_as_the_scoring_engine_does(app, delegate_marks):
    made = make_judged(rounds=2, noise=6, delegate_marks=delegate_marks)
    made.criteria[1].weight = D("0.333333")
    first, second = made.teams[0], made.teams[5]
    db.session.add(Penalty(round_id=made.rounds[0].id, team_id=first.id, amount=D("2.25"), reason=""))
    db.session.add(
        Lineup(
            round_id=made.rounds[1].id,
            team_id=second.id,
            delegate_id=made.delegates[second.id][0].id,
            took_part=False,
        )
    )
    db.session.flush()
    found = counted(made)
    assert found == read_by_the_board(made)
    assert len(found) == 16 * 3 * 2


def test_the_hard_judges_severity_is_given_back_and_the_truly_best_team_of_each_role_leads(app):
    made = make_judged(severity=harsh, noise=2)
    for role, teams in made.by_role.items():
        table = team_standings(made.edition, role=role)
        assert (table.metrics, table.notes) == (("adjusted_score", "average_score"), ())
        best_first = sorted(teams, key=lambda team: -made.strength[team.id])
        assert [row.team_id for row in table.rows] == [team.id for team in best_first]
        values = [row.values["adjusted_score"] for row in table.rows]
        assert values == sorted(values, reverse=True)
        assert any(row.values["adjusted_score"] != row.values["average_score"] for row in table.rows)


def test_a_rotating_edition_shows_the_adjusted_score_and_ranks_by_points(app):
    made = make_judged(severity=harsh, noise=2, role_policy="rotating")
    table = team_standings(made.edition)
    assert table.metrics == ("points", "total_score", "firsts", "seconds")
    assert all(row.values["adjusted_score"] is not None for row in table.rows)


def test_a_rotating_edition_may_name_the_adjusted_score(app):
    made = make_judged(severity=harsh, noise=2, role_policy="rotating", standings_metrics="adjusted_score")
    values = [row.values["adjusted_score"] for row in team_standings(made.edition).rows]
    assert values == sorted(values, reverse=True)


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        ({"rounds": 1}, "one_round"),
        ({"rounds": 2, "results_state": "open"}, "one_round"),
        ({"shuffled": False}, "not_connected"),
    ],
)
def test_where_severity_cannot_be_known_the_whole_bracket_keeps_its_averages_and_says_why(app, shape, reason):
    made = make_judged(severity=harsh, noise=1, **shape)
    last = len(made.rounds)
    table = team_standings(made.edition, after_round=last, role="igo")
    assert (table.metrics, table.notes) == (("average_score",), (FALLBACK, REASONS[reason]))
    assert {row.values["adjusted_score"] for row in table.rows} == {None}
    made.edition.standings_metrics = "adjusted_score;average_score"
    with pytest.raises(Invalid, match="adjusted_score"):
        team_standings(made.edition, after_round=last, role="igo")


def test_one_result_without_sheets_leaves_its_whole_role_bracket_unadjusted(app):
    made = make_judged(severity=harsh, noise=1, rounds=2)
    team = made.by_role["igo"][0]
    sheets = select(Scoresheet).where(
        Scoresheet.table_id.in_([table.id for table in made.tables[1]]), Scoresheet.state == "confirmed"
    )
    seated = {result.team_id: result.table_id for result in seated_results(made.edition.id, 1)}
    for sheet in db.session.scalars(sheets):
        if sheet.table_id == seated[team.id]:
            sheet.state = "waived"
    db.session.flush()
    table = team_standings(made.edition, role="igo")
    assert table.notes == (FALLBACK, REASONS["no_sheets"])


def test_adjusted_ranks_are_provisional_until_every_preliminary_round_is_confirmed(app):
    made = make_judged(severity=harsh, noise=1)
    made.rounds[2].results_state = "open"
    db.session.flush()
    table = team_standings(made.edition, role="igo")
    assert (table.after_round, table.notes) == (2, (PROVISIONAL,))


def test_where_judges_cannot_be_told_apart_every_team_keeps_its_average_and_the_standings_say_so(app):
    made = make_judged(noise=6, tables=6)
    table = team_standings(made.edition)
    assert table.notes == (ALIKE,)
    assert table.metrics[0] == "adjusted_score"
    assert [row.values["adjusted_score"] for row in table.rows] == [
        row.values["average_score"] for row in table.rows
    ]


def test_while_a_sheet_is_open_again_the_version_behind_the_result_still_counts(app):
    made = make_judged(severity=harsh, noise=1)
    before, values = counted(made), standings_csv(team_standings(made.edition))
    facts = boards_of_round(made.edition, round_facts(made.edition.id)[0])[0].table
    judge_id = facts.panel[1].judge_id
    reopen_sheet(actor=ORGANISER, table=facts, judge_id=judge_id, reason="a digit")
    assert counted(made) == before
    assert standings_csv(team_standings(made.edition)) == values
    waive_sheet(actor=ORGANISER, table=facts, judge_id=judge_id, reason="gone home")
    assert set(before) - set(counted(made)) == {(team, 1, judge_id) for team in facts.team_ids}


def test_a_trainees_sheet_tells_nothing(app):
    made = make_judged(severity=harsh, noise=1)
    before = counted(made)
    panel = boards_of_round(made.edition, round_facts(made.edition.id)[0])[0].table.panel
    place = db.session.scalar(
        select(PanelJudge).where(
            PanelJudge.judge_id == panel[2].judge_id,
            PanelJudge.table_id == made.tables[1][0].id,
        )
    )
    place.position = "trainee"
    db.session.flush()
    assert len(before) - len(counted(made)) == 4


def test_a_recorded_score_stands_and_gets_what_the_adjustment_adds(app):
    made = make_judged(severity=harsh, noise=1)
    results = seated_results(made.edition.id)
    net = {key: table.net for key, table in adjustment_of(made.edition, 3, results).tables.items()}
    own = [result for result in results if result.table_id == made.tables[1][0].id]
    record_result(
        actor=ORGANISER,
        table_id=made.tables[1][0].id,
        source="given",
        placings=[
            RecordedPlace(team_id=result.team_id, rank=result.rank, score=result.score + 5) for result in own
        ],
    )
    again = adjustment_of(made.edition, 3, seated_results(made.edition.id))
    found = [
        again.score_of(result)
        for result in seated_results(made.edition.id)
        if result.table_id == made.tables[1][0].id
    ]
    assert found == [result.score + 5 + net[result.team_id, 1] for result in own]


def test_page_snapshot_and_command_give_the_same_adjusted_scores(app):
    made = make_judged(severity=harsh, noise=2)
    run = app.test_cli_runner().invoke
    printed = run(args=["edition", "standings", made.edition.slug, "--role", "enterprise", "--format", "csv"])
    assert (printed.exit_code, printed.stderr) == (0, "")
    lines = list(csv.DictReader(io.StringIO(printed.stdout)))
    page = standings_of(made.edition, "role:enterprise")
    stored = take_snapshot(actor=ORGANISER, edition=made.edition).tables["role:enterprise"]
    assert [(line["team"], D(line["adjusted_score"])) for line in lines] == [
        (row.team, row.values["adjusted_score"]) for row in page.rows
    ]
    assert [(line["team"], D(line["adjusted_score"])) for line in lines] == [
        (row["team"], D(row["values"]["adjusted_score"])) for row in stored
    ]

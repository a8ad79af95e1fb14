"""Team standings as workbook.md defines them, and the command that prints them."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from sqlalchemy import select

from competition.entries.models import TeamDivision
from competition.rounds.public import RecordedPlace, record_result
from core.db import db
from core.errors import Invalid
from judging.analysis.adjusted import REASONS
from judging.board import board_of_table
from judging.cli import plain
from judging.delegates import delegate_standings
from judging.models import Award, StandingsSnapshot
from judging.released import released_results_of_person
from judging.services.tables import confirm_table
from judging.snapshots import (
    find_published,
    is_outdated,
    publish_snapshot,
    selections,
    standings_of,
    take_snapshot,
    unpublish_snapshot,
)
from judging.standings import FALLBACK, team_standings
from judging.views.standings import _sparks
from tests.factories import (
    make_delegate,
    make_division,
    make_edition,
    make_institution,
    make_person,
    make_round,
    make_team,
)
from tests.judging.scene import ORGANISER, make_draw, make_scene, make_table, submit


def play(edition, number, results, *, weight=1, stage="preliminary", state="confirmed"):
    """A confirmed round with one table: [(team or None, rank, score), ...] in the order of the roles."""
    a_round = make_round(edition, number, weight=D(weight), stage=stage, results_state=state)
    table = make_table(make_draw(a_round), [team for team, _rank, _score in results])
    record_result(
        actor=ORGANISER,
        table_id=table.id,
        source="given",
        placings=[
            RecordedPlace(team_id=team.id, rank=rank, score=None if score is None else D(str(score)))
            for team, rank, score in results
            if team is not None
        ],
    )
    return a_round


def four(edition, **values):
    return [make_team(edition, f"Team {letter}", **values) for letter in "ABCD"]


def lines(table):
    return [(row.rank_text, row.team) for row in table.rows]


def test_points_rank_first_and_the_total_score_breaks_ties(app):
    edition = make_edition()
    a, b, c, d = four(edition)
    play(edition, 1, [(a, 1, 80), (b, 2, 79), (c, 3, 70), (d, 4, 60)])
    play(edition, 2, [(b, 1, 81), (a, 2, 79), (d, 3, 70), (c, 4, 65)])
    table = team_standings(edition)
    assert lines(table) == [("1", "Team B"), ("2", "Team A"), ("3", "Team C"), ("4", "Team D")]
    assert table.rows[0].values == {
        "points": D(5),
        "total_score": D(160),
        "average_score": D(80),
        "adjusted_score": None,
        "firsts": D(1),
        "seconds": D(1),
    }


def test_a_full_tie_shares_the_rank_and_skips_the_next(app):
    edition = make_edition()
    a, b, c, d = four(edition)
    play(edition, 1, [(a, 1, 80), (b, 2, 70), (c, 3, 60), (d, 4, 50)])
    play(edition, 2, [(d, 1, 80), (c, 2, 70), (b, 3, 60), (a, 4, 50)])
    table = team_standings(edition)
    assert lines(table) == [("1=", "Team A"), ("1=", "Team D"), ("3=", "Team B"), ("3=", "Team C")]


def test_a_rounds_weight_multiplies_points_but_not_scores(app):
    edition = make_edition()
    a, b, c, d = four(edition)
    play(edition, 1, [(a, 1, 80), (b, 2, 79), (c, 3, 70), (d, 4, 60)], weight=3)
    values = team_standings(edition).rows[0].values
    assert (values["points"], values["total_score"]) == (D(9), D(80))


def test_a_three_team_table_gives_its_own_points(app):
    edition = make_edition()
    a, b, c, _d = four(edition)
    play(edition, 1, [(a, 1, 80), (b, 2, 79), (c, 3, 70), (None, None, None)])
    points = {row.team: row.values["points"] for row in team_standings(edition).rows}
    assert points == {"Team A": D("2.5"), "Team B": D("1.5"), "Team C": D("0.5"), "Team D": D(0)}


def test_withdrawn_teams_and_stand_ins_are_listed_unranked(app):
    edition = make_edition()
    a, b, c, d = four(edition)
    play(edition, 1, [(a, 1, 80), (b, 2, 79), (c, 3, 70), (d, 4, 60)])
    a.status, d.status = "withdrawn", "stand_in"
    db.session.flush()
    assert lines(team_standings(edition)) == [
        ("1", "Team B"),
        ("2", "Team C"),
        ("", "Team A"),
        ("", "Team D"),
    ]


def test_a_registered_team_that_never_sat_is_ranked_with_zeros_and_others_are_not_listed(app):
    edition = make_edition()
    a, b, c, d = four(edition)
    make_team(edition, "Never sat")
    make_team(edition, "Applied", status="applied")
    make_team(edition, "Waiting", status="waiting")
    play(edition, 1, [(a, 1, 80), (b, 2, 79), (c, 3, 70), (d, 4, 60)])
    last = team_standings(edition).rows[-1]
    assert (last.rank, last.team, last.values["points"], last.rounds_played) == (5, "Never sat", D(0), 0)


def test_only_preliminary_rounds_up_to_the_last_confirmed_one_count(app):
    edition = make_edition()
    a, b, c, d = four(edition)
    play(edition, 1, [(a, 1, 80), (b, 2, 79), (c, 3, 70), (d, 4, 60)])
    play(edition, 2, [(b, 1, 80), (a, 2, 79), (c, 3, 70), (d, 4, 60)], state="open")
    play(edition, 3, [(d, 1, 80), (a, 2, 79), (c, 3, 70), (b, 4, 60)], stage="elimination")
    table = team_standings(edition)
    assert (table.after_round, lines(table)[0]) == (1, ("1", "Team A"))
    assert team_standings(edition, after_round=2).rows[0].values["points"] == D(5)


def test_a_division_ranks_its_own_teams(app):
    edition = make_edition()
    a, b, c, d = four(edition)
    students = make_division(edition, "students")
    for team in (b, d):
        db.session.add(TeamDivision(team_id=team.id, division_id=students.id))
    play(edition, 1, [(a, 1, 80), (b, 2, 79), (c, 3, 70), (d, 4, 60)])
    assert lines(team_standings(edition, division="students")) == [("1", "Team B"), ("2", "Team D")]
    with pytest.raises(Invalid, match="There is no division"):
        team_standings(edition, division="masters")


def make_fixed(**values):
    edition = make_edition(role_policy="fixed", **values)
    roles = ("government", "enterprise", "local_ngo", "igo")
    teams = [[make_team(edition, f"{role} {number}", role=role) for role in roles] for number in (1, 2)]
    return edition, teams


def test_a_fixed_edition_ranks_by_average_score_and_says_that_nothing_is_adjusted(app):
    edition, (first, second) = make_fixed()
    play(edition, 1, [(team, rank, 90 - rank) for rank, team in enumerate(first, 1)])
    play(edition, 2, [(team, rank, 95 - rank) for rank, team in enumerate(second, 1)])
    table = team_standings(edition, role="government")
    assert (table.metrics, table.notes) == (("average_score",), (FALLBACK, REASONS["no_sheets"]))
    assert lines(table) == [("1", "government 2"), ("2", "government 1")]
    assert table.rows[0].values["adjusted_score"] is None


def test_naming_a_metric_that_is_not_available_is_a_fault(app):
    edition, _teams = make_fixed(standings_metrics="adjusted_score;average_score")
    with pytest.raises(Invalid) as refused:
        team_standings(edition)
    assert "(adjusted_score) are not available before two rounds are confirmed." in refused.value.text
    with pytest.raises(Invalid, match="style"):
        team_standings(make_edition(standings_metrics="points;style"))


def test_a_role_is_one_of_four_and_only_ranked_where_roles_are_fixed(app):
    with pytest.raises(Invalid, match="is not a role"):
        team_standings(make_fixed()[0], role="judge")
    with pytest.raises(Invalid, match="change roles"):
        team_standings(make_edition(), role="igo")


def test_a_late_metric_adds_its_column(app):
    edition = make_edition(standings_metrics="points;draw_strength")
    a, b, c, d = four(edition)
    play(edition, 1, [(a, 1, 80), (b, 2, 79), (c, 3, 70), (d, 4, 60)])
    table = team_standings(edition)
    assert table.columns[-1] == "draw_strength"
    assert table.rows[0].values["draw_strength"] == D(3)


def test_a_line_of_scores_has_a_scale_of_its_own_and_points_share_one(app):
    edition = make_edition()
    a, b, c, d = four(edition)
    play(edition, 1, [(a, 1, 80), (b, 2, 79), (c, 3, 70), (d, 4, 60)])
    play(edition, 2, [(a, 1, 90), (b, 2, "79.5"), (c, 3, 70), (d, 4, 60)])
    assert {(spark.low, spark.high) for spark in _sparks(team_standings(edition)).values()} == {(0, 3)}
    edition.standings_metrics = "average_score"
    lines = _sparks(team_standings(edition))
    assert [(lines[team.id].low, lines[team.id].high) for team in (a, b, c)] == [
        (80, 90),
        (78.25, 80.25),
        (69, 71),
    ]
    assert lines[b.id].spoken == "79, 79.5"
    assert _sparks(None) == {}


def run(app, *arguments):
    from contextvars import Context

    db.session.commit()
    runner = app.test_cli_runner()
    return Context().run(lambda: runner.invoke(args=["edition", "standings", *arguments]))


def test_the_command_prints_what_the_page_shows(app):
    edition = make_edition("cup")
    institution = make_institution(edition, "Fudan")
    a, b, c, d = four(edition, institution_id=institution.id)
    a.name = "=SUM(A1)"
    play(edition, 1, [(a, 1, "80.333333"), (b, 2, 79), (c, 3, 70), (d, 4, 60)])
    play(edition, 2, [(a, 1, 80), (b, 2, 79), (d, 3, 70), (c, 4, 60)])
    answer = run(app, "cup", "--format", "csv")
    assert answer.exit_code == 0
    assert answer.stderr == ""
    assert answer.stdout.splitlines() == [
        "rank,team,institution,role,points,total_score,average_score,adjusted_score,firsts,seconds",
        "1,=SUM(A1),Fudan,,6,160.333333,80.166667,,2,0",
        "2,Team B,Fudan,,4,158,79,,0,2",
        "3=,Team C,Fudan,,1,130,65,,0,0",
        "3=,Team D,Fudan,,1,130,65,,0,0",
    ]
    assert (
        run(app, "cup", "--round", "1").stdout.splitlines()[1]
        == "1,=SUM(A1),Fudan,,3,80.333333,80.333333,,1,0"
    )


def test_the_commands_notes_and_faults_go_to_stderr(app):
    make_fixed(slug="fixed-cup")
    answer = run(app, "fixed-cup", "--role", "igo")
    assert (answer.exit_code, answer.stderr) == (0, f"{FALLBACK}\n{REASONS['one_round']}\n")
    assert answer.stdout.splitlines()[1] == "1=,igo 1,,igo,0,0,0,,0,0"
    for arguments in (
        ["nowhere"],
        ["fixed-cup", "--role", "x"],
        ["fixed-cup", "--division", "x"],
        *(["fixed-cup", "--round", number] for number in ("99", "-1", "0", "9" * 40)),
    ):
        fault = run(app, *arguments)
        assert (fault.exit_code, fault.stdout) == (1, "")
        assert fault.stderr.startswith("Error: ")


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (D("23.000000"), "23"),
        (D("0"), "0"),
        (D("100"), "100"),
        (D("1E+2"), "100"),
        (D("0.500000"), "0.5"),
        (None, ""),
    ],
)
def test_numbers_are_plain(number, text):
    assert plain(number) == text


def test_a_snapshot_never_changes_and_notices_that_results_did(app):
    edition = make_edition()
    a, b, c, d = four(edition)
    play(edition, 1, [(a, 1, 80), (b, 2, 79), (c, 3, 70), (d, 4, 60)])
    make_division(edition, "students")
    snapshot = take_snapshot(actor=ORGANISER, edition=edition)
    before = snapshot.tables
    assert list(before) == ["overall", "division:students"]
    assert is_outdated(edition, snapshot) is False
    a.name = "Renamed"
    play(edition, 2, [(d, 1, 80), (c, 2, 79), (b, 3, 70), (a, 4, 60)])
    db.session.expire_all()
    assert db.session.scalars(select(StandingsSnapshot)).one().tables == before
    assert is_outdated(edition, snapshot) is True


def test_publishing_is_choosing_one_snapshot(app):
    edition = make_edition()
    first, second = (take_snapshot(actor=ORGANISER, edition=edition) for _ in range(2))
    publish_snapshot(actor=ORGANISER, snapshot=first)
    publish_snapshot(actor=ORGANISER, snapshot=second)
    assert find_published(edition.id).id == second.id
    assert first.is_published is False
    unpublish_snapshot(actor=ORGANISER, snapshot=second)
    assert find_published(edition.id) is None


def test_a_fixed_edition_has_a_ranking_for_each_role(app):
    edition, _teams = make_fixed()
    assert selections(edition) == [
        "overall",
        "role:government",
        "role:enterprise",
        "role:local_ngo",
        "role:igo",
    ]


def test_delegates_are_ranked_by_the_mean_of_their_rounds(app):
    scene = make_scene()
    submit(scene, scene.chair, [9, 8, 5, 3], speaking=6)
    submit(scene, scene.panellist, [9, 8, 5, 3], speaking=7)
    assert delegate_standings(scene.edition) == []
    confirm_table(
        actor=ORGANISER,
        edition=scene.edition,
        table=scene.facts,
        shown=board_of_table(scene.edition, scene.facts).token,
    )
    scene.round.results_state = "confirmed"
    db.session.flush()
    rows = delegate_standings(scene.edition)
    assert len(rows) == 8
    assert {(row.rank_text, row.overall, row.by_criterion["speaking"]) for row in rows} == {
        ("1=", D("6.5"), D("6.5"))
    }


def test_a_persons_results_are_released_only_while_standings_are_published(app):
    edition, (first, _second) = make_fixed()
    person = make_person()
    make_delegate(first[0], person_id=person.id)
    play(edition, 1, [(team, rank, 90 - rank) for rank, team in enumerate(first, 1)])
    db.session.add(Award(edition_id=edition.id, award="Gold", kind="team", winner=first[0].name))
    snapshot = take_snapshot(actor=ORGANISER, edition=edition)
    assert released_results_of_person(person.id) == []
    publish_snapshot(actor=ORGANISER, snapshot=snapshot)
    (result,) = released_results_of_person(person.id)
    assert (result.edition_id, result.team, result.roles, result.awards) == (
        edition.id,
        "government 1",
        ("government",),
        ("Gold",),
    )
    assert (result.rank, result.is_shared, result.ranked) == (1, False, 2)
    unpublish_snapshot(actor=ORGANISER, snapshot=snapshot)
    assert released_results_of_person(person.id) == []


def test_the_page_and_the_command_agree(app):
    scene = make_scene()
    submit(scene, scene.chair, [9, 8, 5, 3])
    submit(scene, scene.panellist, [9, 7, 5, 4])
    shown = board_of_table(scene.edition, scene.facts).token
    confirm_table(actor=ORGANISER, edition=scene.edition, table=scene.facts, shown=shown)
    scene.round.results_state = "confirmed"
    page = standings_of(scene.edition, "overall")
    printed = run(app, scene.edition.slug).stdout.splitlines()[1:]
    assert [line.split(",")[:2] for line in printed] == [[row.rank_text, row.team] for row in page.rows]

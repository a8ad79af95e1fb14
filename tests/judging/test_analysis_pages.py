"""The organisers' pages of the analysis and the team's report card, as they are read."""

from __future__ import annotations

import re

import pytest

from competition.editions.models import BreakRule
from competition.rounds.public import publish_round_results
from core.db import db
from core.roles import ROLES
from judging.analysis.agreement import agreement_of
from judging.analysis.change import both_ways, comparisons
from judging.analysis.explained import explanation_of, public_explanation_of
from judging.analysis.fairness import fairness_report
from judging.analysis.judges import judges_report
from judging.analysis.report_card import report_card
from judging.scoring.steps import lines, recomputed
from tests.factories import add, make_edition, make_organiser, make_user, sign_in
from tests.judging.judged import make_judged
from tests.judging.scene import ORGANISER

PAGES = ("break", "judges", "agreement", "roles")


def harsh(judge: int) -> int:
    return 12 if judge % 3 == 0 else 0


def organiser_of(client, edition):
    user = make_user()
    make_organiser(edition, user.person if hasattr(user, "person") else _person(user))
    sign_in(client, user)


def _person(user):
    from accounts.models import Person

    return db.session.get(Person, user.person_id)


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.get_data(as_text=True)))


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role_policy", ["fixed", "rotating"])
def test_every_page_opens_before_and_after_there_are_marks(app, client, page, role_policy):
    empty = make_edition(role_policy=role_policy)
    organiser_of(client, empty)
    assert client.get(f"/e/{empty.slug}/analysis/{page}").status_code == 200
    made = make_judged(severity=harsh, noise=2, rounds=2, role_policy=role_policy)
    organiser_of(client, made.edition)
    assert client.get(f"/e/{made.edition.slug}/analysis/{page}").status_code == 200


def test_the_comparison_says_whose_place_depends_on_the_judges(app, client):
    made = make_judged(severity=harsh, noise=1, panel=1, tables=6)
    for role in ROLES:
        add(BreakRule(edition_id=made.edition.id, role=role.value, size=2))
    found = comparisons(made.edition)
    assert [one.selection for one in found] == [f"role:{role}" for role in ROLES]
    assert {one.places for one in found} == {2}
    for one in found:
        best = sorted(made.by_role[one.selection[5:]], key=lambda team: -made.strength[team.id])
        assert [team.row.team_id for team in one.teams] == [team.id for team in best]
        assert sum(team.change.chance for team in one.teams) == pytest.approx(2, abs=0.01)
        assert {team.row.team for team in one.crossing} == {
            team.row.team
            for team in one.teams
            if (team.change.raw_rank <= 2) != (team.change.adjusted_rank <= 2)
        }
    assert any(one.crossing for one in found)
    organiser_of(client, made.edition)
    page = text_of(client.get(f"/e/{made.edition.slug}/analysis/break"))
    assert "It changes the break" in page
    assert comparisons(made.edition) == found


def test_where_nothing_can_be_adjusted_the_comparison_says_why(app, client):
    made = make_judged(rounds=1)
    organiser_of(client, made.edition)
    page = text_of(client.get(f"/e/{made.edition.slug}/analysis/break"))
    assert "one round cannot tell a hard judge from a weak day" in page


@pytest.mark.parametrize(
    ("policy", "named", "raw", "adjusted"),
    [
        ("fixed", "", ("average_score",), ("adjusted_score", "average_score")),
        (
            "rotating",
            "",
            ("points", "total_score", "firsts", "seconds"),
            ("points", "adjusted_score", "firsts", "seconds"),
        ),
        ("rotating", "total_score", ("total_score",), ("adjusted_score", "total_score")),
        ("rotating", "points", ("points",), ("points", "adjusted_score")),
        ("fixed", "adjusted_score", ("average_score",), ("adjusted_score", "average_score")),
    ],
)
def test_the_metrics_of_both_rankings(app, policy, named, raw, adjusted):
    assert both_ways(make_edition(role_policy=policy, standings_metrics=named)) == (raw, adjusted)


def test_hard_judges_are_found_and_their_intervals_leave_out_zero(app, client):
    made = make_judged(severity=harsh, noise=1)
    report = judges_report(made.edition)
    hard = {judge.id for at, judge in enumerate(made.judges) if at % 3 == 0}
    assert {line.judge_id for line in report.lines[: len(hard)]} == hard
    assert all(line.is_clear for line in report.lines[: len(hard)])
    assert sum(sum(line.counts) for line in report.lines) == 4 * 3 * 4 * 4 * 3
    organiser_of(client, made.edition)
    page = text_of(client.get(f"/e/{made.edition.slug}/analysis/judges"))
    assert all(judge.name in page for judge in made.judges)


def test_where_judges_cannot_be_told_apart_both_pages_say_that_every_team_keeps_its_score(app, client):
    made = make_judged(noise=6, tables=6)
    organiser_of(client, made.edition)
    report = judges_report(made.edition)
    assert (report.is_applied, report.are_alike) == (True, True)
    assert "Below 2, giving severities back" in text_of(client.get(f"/e/{made.edition.slug}/analysis/judges"))
    assert all(one.are_alike and not one.crossing for one in comparisons(made.edition))
    assert "Every team keeps its score." in text_of(client.get(f"/e/{made.edition.slug}/analysis/break"))


def test_judges_who_agree_fully_have_coefficients_of_one(app):
    report = agreement_of(make_judged(rounds=2).edition)
    assert report.overall.values["icc_1_k"] == pytest.approx(1)
    assert report.overall.values["kendall_w"] == pytest.approx(1)
    assert report.overall.level == "excellent"
    assert [line.key for line in report.rounds] == [1, 2]
    assert len(report.criteria) == 3


def test_judges_of_other_severity_agree_less_but_on_the_order(app):
    report = agreement_of(make_judged(rounds=2, severity=harsh).edition)
    assert report.overall.values["icc_1_1"] < 0.9
    assert report.overall.values["kendall_w"] == pytest.approx(1)


def test_roles_that_are_alike_are_called_alike(app):
    report = fairness_report(make_judged(noise=3, role_policy="rotating").edition)
    assert [line.measure for line in report.overall] == ["score", "points"]
    assert [line.round for line in report.rounds] == [1, 2, 3]


@pytest.mark.parametrize("policy", ["fixed", "rotating"])
def test_every_rank_can_be_worked_out_again_from_its_explanation(app, client, policy):
    made = make_judged(severity=harsh, noise=2, role_policy=policy, rounds=2)
    selection = "role:igo" if policy == "fixed" else "overall"
    for team in [team for team in made.teams if policy == "rotating" or team.role == "igo"][:4]:
        found = explanation_of(made.edition, team.public_id, selection)
        assert [part.what for part in found.root.parts] == list(found.table.metrics)
        for part in found.root.parts:
            assert recomputed(part) == found.row.values[part.what]
        assert {"mark", "sheet"} <= {step.what for _depth, step in lines(found.root)}
    organiser_of(client, made.edition)
    page = client.get(f"/e/{made.edition.slug}/analysis/teams/{made.teams[3].public_id}")
    assert page.status_code == 200
    assert made.judges[0].name.split()[0] in text_of(page)
    assert client.get(f"/e/{made.edition.slug}/analysis/teams/nobody").status_code == 404


def test_the_public_sees_no_sheet_and_no_judge(app):
    made = make_judged(severity=harsh, noise=2, rounds=2)
    found = public_explanation_of(made.edition, made.teams[0].public_id, "role:government", 2)
    shown = {step.what for _depth, step in lines(found.root)}
    assert shown <= {
        "rank",
        "adjusted_score",
        "average_score",
        "adjusted_table_score",
        "table_score",
        "net_adjustment",
    }
    assert "net_adjustment" in shown
    assert all("judge" not in step.about for _depth, step in lines(found.root))
    for part in found.root.parts:
        assert recomputed(part) == found.row.values[part.what]


def test_the_public_sees_ranks_alone_where_two_judges_sat(app):
    made = make_judged(panel=2, severity=harsh, noise=2, rounds=2)
    found = public_explanation_of(made.edition, made.teams[0].public_id, "role:government", 2)
    assert [step.what for _depth, step in lines(found.root)] == ["rank"]


def test_a_report_card_holds_published_rounds_only_and_names_no_judge(app, client):
    made = make_judged(noise=3, rounds=2)
    team = made.teams[0]
    assert report_card(made.edition, team.id).rounds == ()
    publish_round_results(actor=ORGANISER, round_id=made.rounds[0].id)
    card = report_card(made.edition, team.id, delegate_id=made.delegates[team.id][0].id)
    assert [one.facts.number for one in card.rounds] == [1]
    assert [facts.number for facts in card.waiting] == [2]
    assert [judge.letter for judge in card.rounds[0].judges] == ["A", "B", "C"]
    assert {line.of for line in card.criteria} == {3}
    assert [line.own is not None for line in card.criteria] == [False, False, True]
    organiser_of(client, made.edition)
    page = text_of(client.get(f"/e/{made.edition.slug}/analysis/teams/{team.public_id}/report"))
    assert "Judge A" in page
    assert not any(judge.name in page for judge in made.judges)


def test_the_field_is_not_shown_where_it_would_tell_too_few_teams_or_judges(app):
    made = make_judged(tables=3, noise=1, rounds=1)
    publish_round_results(actor=ORGANISER, round_id=made.rounds[0].id)
    card = report_card(made.edition, made.teams[0].id)
    assert {line.field for line in card.criteria} == {None}
    assert all(line.marks for line in card.criteria)


def test_a_team_opens_its_own_report_card(app, client):
    made = make_judged(noise=1, rounds=1)
    publish_round_results(actor=ORGANISER, round_id=made.rounds[0].id)
    user = make_user()
    made.delegates[made.teams[0].id][0].person_id = user.person_id
    sign_in(client, user)
    page = text_of(client.get(f"/e/{made.edition.slug}/report"))
    assert made.teams[0].name in page
    assert "You yourself" in page
    assert not any(judge.name in page for judge in made.judges)

"""One judge's sheet: what it is worth and what is wrong with it."""

from decimal import Decimal as D

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judging.scoring.sheets import CriterionRule, MarkLine, check_marks, sheet_scores

STRATEGY = CriterionRule(id="strategy", target="team", minimum=D(0), maximum=D(10), step=D(1), weight=D(2))
SPEECH = CriterionRule(id="speech", target="delegate", minimum=D(50), maximum=D(100), step=D("0.5"))
RUBRIC = [STRATEGY, SPEECH]
ROSTER = {"A": {"a1", "a2", "a3"}, "B": {"b1"}}


def team_mark(team: str, mark: str, criterion: str = "strategy") -> MarkLine:
    return MarkLine(team=team, criterion=criterion, mark=D(mark))


def speech(team: str, delegate: str | None, mark: str) -> MarkLine:
    return MarkLine(team=team, delegate=delegate, criterion="speech", mark=D(mark))


FULL = [
    team_mark("A", "7"),
    speech("A", "a1", "70"),
    speech("A", "a2", "80"),
    speech("A", "a3", "75.5"),
    team_mark("B", "5"),
    speech("B", "b1", "60"),
]


def codes(marks, roster=ROSTER, **options):
    return [(problem.where, problem.code) for problem in check_marks(marks, RUBRIC, roster, **options)]


@pytest.mark.parametrize(
    ("delegate_marks", "took_part", "penalties", "expected"),
    [
        ("sum", None, {}, {"A": D("239.5"), "B": D(70)}),
        ("sum", {"A": {"a1", "a2"}, "B": {"b1"}}, {}, {"A": D(164), "B": D(70)}),
        ("mean", {"A": {"a1", "a2"}, "B": {"b1"}}, {}, {"A": D(89), "B": D(70)}),
        ("mean", {"A": {"a1", "a2"}, "B": set()}, {"A": D("1.5")}, {"A": D("87.5"), "B": D(10)}),
    ],
)
def test_a_sheet_score_is_the_team_part_plus_the_delegates_part_less_penalties(
    delegate_marks, took_part, penalties, expected
):
    assert sheet_scores(FULL, RUBRIC, delegate_marks, took_part, penalties) == expected


def test_a_mean_over_three_delegates_rounds_nowhere_near_a_published_decimal():
    score = sheet_scores(FULL, RUBRIC)["A"]
    assert round(score, 20) == round(D(14) + D("225.5") / 3, 20)


def test_a_penalty_for_a_team_that_is_not_on_the_sheet_changes_nothing():
    assert sheet_scores([team_mark("A", "7")], RUBRIC, penalties={"B": D(3)}) == {"A": D(14)}


def test_a_complete_sheet_has_no_problems():
    assert codes(FULL) == []


@pytest.mark.parametrize(
    ("extra", "where", "code"),
    [
        (team_mark("C", "7"), ("C", "", "strategy"), "unknown_team"),
        (team_mark("A", "7", "charm"), ("A", "", "charm"), "unknown_criterion"),
        (speech("A", None, "70"), ("A", "", "speech"), "not_for_teams"),
        (
            MarkLine(team="A", delegate="a1", criterion="strategy", mark=D(3)),
            ("A", "a1", "strategy"),
            "not_for_delegates",
        ),
        (speech("A", "b1", "70"), ("A", "b1", "speech"), "unknown_delegate"),
        (speech("A", "a1", "70"), ("A", "a1", "speech"), "mark_given_twice"),
    ],
)
def test_a_mark_that_does_not_belong_is_a_problem(extra, where, code):
    assert codes([*FULL, extra]) == [(where, code)]


@pytest.mark.parametrize(
    ("mark", "code"),
    [
        ("49.5", "out_of_range"),
        ("50", None),
        ("100", None),
        ("100.5", "out_of_range"),
        ("70.25", "off_step"),
        ("70.50", None),
        ("NaN", "not_a_number"),
        ("Infinity", "not_a_number"),
    ],
)
def test_a_mark_stands_on_a_step_between_minimum_and_maximum(mark, code):
    found = codes([*FULL[:5], speech("B", "b1", mark)])
    assert found == ([] if code is None else [(("B", "b1", "speech"), code)])


def test_every_missing_mark_is_reported_at_once():
    assert codes([team_mark("B", "5")]) == [
        (("A", "", "strategy"), "missing_mark"),
        (("A", "a1", "speech"), "missing_mark"),
        (("A", "a2", "speech"), "missing_mark"),
        (("A", "a3", "speech"), "missing_mark"),
        (("B", "b1", "speech"), "missing_mark"),
    ]


def test_a_draft_may_be_incomplete_but_not_wrong():
    assert codes([team_mark("B", "11")], require_complete=False) == [(("B", "", "strategy"), "out_of_range")]


def test_on_import_a_delegate_whose_team_mate_has_marks_did_not_take_part():
    without_two = [line for line in FULL if line.delegate not in {"a2", "b1"}]
    assert codes(without_two, missing_delegates="absent") == [(("B", "b1", "speech"), "missing_mark")]


def test_problems_say_what_was_expected():
    (problem,) = check_marks([*FULL[:5], speech("B", "b1", "70.25")], RUBRIC, ROSTER)
    assert problem.text == "70.25 is not one of 50, 50.5, ... 100."


marks = st.decimals(min_value=0, max_value=100, places=2)


@settings(max_examples=60, deadline=None)
@given(st.lists(marks, min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_the_marks_changes_nothing(values, random):
    lines = [MarkLine(team="A", delegate=i, criterion="speech", mark=mark) for i, mark in enumerate(values)]
    shuffled = random.sample(lines, len(lines))
    assert sheet_scores(shuffled, RUBRIC) == sheet_scores(lines, RUBRIC)

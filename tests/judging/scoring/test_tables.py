"""One table: the panel's score, the places, and the sheets that count."""

from decimal import Decimal as D

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judging.scoring.tables import (
    PanelSheet,
    SheetsMissingError,
    TieForbiddenError,
    panel_score,
    rank_table,
    table_result,
)


def decimals(*values: str) -> list[D]:
    return [D(value) for value in values]


@pytest.mark.parametrize(
    ("scores", "method", "places", "expected"),
    [
        (decimals("70", "75"), "mean", 2, "72.50"),
        (decimals("0.125"), "mean", 2, "0.13"),
        (decimals("0.135"), "mean", 2, "0.14"),
        (decimals("1", "1", "2"), "mean", 2, "1.33"),
        (decimals("1", "2", "2"), "mean", 6, "1.666667"),
        (decimals("70", "90", "75"), "median", 2, "75.00"),
        (decimals("70", "90", "75", "80"), "median", 2, "77.50"),
        (decimals("70", "90", "75", "80"), "trimmed_mean", 2, "77.50"),
        (decimals("70", "90", "75"), "trimmed_mean", 2, "75.00"),
        (decimals("70", "90"), "trimmed_mean", 2, "80.00"),
        (decimals("70"), "trimmed_mean", 0, "70"),
        (decimals("9", "9", "9", "1"), "trimmed_mean", 2, "9.00"),
        (decimals("-0.125"), "mean", 2, "-0.13"),
    ],
)
def test_a_panel_score_is_the_method_over_the_sheets_rounded_half_up(scores, method, places, expected):
    assert str(panel_score(scores, method, places)) == expected


def test_thirds_from_three_sheets_meet_the_half_exactly():
    third = D("0.015") / 3
    assert panel_score([third] * 3, "mean", 2) == panel_score([D("0.005")], "mean", 2) == D("0.01")


def test_a_panel_without_sheets_has_no_score():
    with pytest.raises(ValueError, match="without scores"):
        panel_score([])


def places(scores, *options):
    return [(each.team, each.rank, each.is_shared) for each in rank_table(scores, *options)]


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ("9 8 7 6", [("A", 1, False), ("B", 2, False), ("C", 3, False), ("D", 4, False)]),
        ("6 7 8 9", [("D", 1, False), ("C", 2, False), ("B", 3, False), ("A", 4, False)]),
        ("9 9 7 6", [("A", 1, True), ("B", 1, True), ("C", 3, False), ("D", 4, False)]),
        ("9 8 8 8", [("A", 1, False), ("B", 2, True), ("C", 2, True), ("D", 2, True)]),
        ("9 9 7 7", [("A", 1, True), ("B", 1, True), ("C", 3, True), ("D", 3, True)]),
        ("9 9 9 9", [("A", 1, True), ("B", 1, True), ("C", 1, True), ("D", 1, True)]),
        ("7 9 8", [("B", 1, False), ("C", 2, False), ("A", 3, False)]),
        ("7 9 9", [("B", 1, True), ("C", 1, True), ("A", 3, False)]),
    ],
)
def test_shared_places_at_tables_of_four_and_of_three(scores, expected):
    given_scores = dict(zip("ABCD", decimals(*scores.split()), strict=False))
    assert places(given_scores) == expected


def test_the_chair_decides_a_tie_and_shares_what_the_chair_left_level():
    scores = dict(zip("ABCD", decimals("9", "9", "7", "7"), strict=True))
    chair = dict(zip("ABCD", decimals("1", "2", "5", "5"), strict=True))
    assert places(scores, "chair", chair) == [
        ("B", 1, False),
        ("A", 2, False),
        ("C", 3, True),
        ("D", 3, True),
    ]
    assert places(scores, "chair", None) == [("A", 1, True), ("B", 1, True), ("C", 3, True), ("D", 3, True)]


def test_the_chair_never_overturns_a_difference():
    assert places({"A": D(9), "B": D(8)}, "chair", {"A": D(1), "B": D(5)}) == [
        ("A", 1, False),
        ("B", 2, False),
    ]


def test_a_forbidden_tie_names_the_teams():
    with pytest.raises(TieForbiddenError) as caught:
        rank_table({"A": D(9), "C": D(7), "B": D(7)}, "forbidden")
    assert caught.value.teams == ("B", "C")


def test_without_a_tie_forbidden_is_no_matter():
    assert places({"A": D(9), "B": D(8)}, "forbidden") == [("A", 1, False), ("B", 2, False)]


def sheet(judge, position="panellist", state="confirmed", **scores):
    return PanelSheet(
        judge=judge, position=position, state=state, scores={team: D(score) for team, score in scores.items()}
    )


def test_a_trainee_never_counts():
    result = table_result(
        [sheet("chair", "chair", A=70, B=60), sheet("new", "trainee", A=0, B=100)], ranked=["A", "B"]
    )
    assert [(each.team, each.score) for each in result.placings] == [("A", D("70.00")), ("B", D("60.00"))]
    assert result.counted == ("chair",)


@pytest.mark.parametrize(
    ("position", "state", "outcome"),
    [
        ("panellist", "confirmed", ("chair", "other")),
        ("panellist", "waived", ("chair",)),
        ("panellist", "superseded", ("chair",)),
        ("panellist", "submitted", "blocked by other"),
        ("panellist", "draft", "blocked by other"),
        ("panellist", None, "blocked by other"),
        ("trainee", None, ("chair",)),
        ("trainee", "submitted", ("chair",)),
    ],
)
def test_which_sheets_count_and_which_block_the_table(position, state, outcome):
    sheets = [sheet("chair", "chair", A=70), sheet("other", position, state, A=72)]
    try:
        found = table_result(sheets, ranked=["A"]).counted
    except SheetsMissingError as missing:
        found = f"blocked by {missing.judges[0]}"
    assert found == outcome


def test_a_stand_in_is_left_out_before_ranking():
    result = table_result([sheet("chair", "chair", A=70, B=60, swing=99)], ranked=["A", "B"])
    assert [(each.team, each.rank) for each in result.placings] == [("A", 1), ("B", 2)]


def test_the_chair_rule_reads_the_chairs_counted_sheet():
    sheets = [sheet("p", A=60, B=70), sheet("c", "chair", A=70, B=60)]
    result = table_result(sheets, ranked=["A", "B"], table_ties="chair")
    assert [(each.team, each.rank) for each in result.placings] == [("A", 1), ("B", 2)]


score_maps = st.dictionaries(st.integers(0, 9), st.integers(0, 5).map(D), min_size=1, max_size=4)


@settings(max_examples=60, deadline=None)
@given(score_maps)
def test_a_rank_is_one_more_than_the_teams_that_are_better(scores):
    for placing in rank_table(scores):
        assert placing.rank == 1 + sum(score > placing.score for score in scores.values())
        assert placing.is_shared == (list(scores.values()).count(placing.score) > 1)


@settings(max_examples=60, deadline=None)
@given(score_maps)
def test_the_order_of_arrival_changes_no_table(scores):
    assert rank_table(dict(reversed(scores.items()))) == rank_table(scores)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 20).map(D), min_size=1, max_size=9),
    st.sampled_from(["mean", "median", "trimmed_mean"]),
)
def test_a_panel_score_lies_between_its_lowest_and_highest_sheet(scores, method):
    assert min(scores) <= panel_score(scores, method, 6) <= max(scores)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(60, 80), st.integers(60, 80)), min_size=1, max_size=5), st.integers(0, 99)
)
def test_removing_a_trainee_changes_nothing(marks, odd):
    panel = [sheet(number, A=one, B=other) for number, (one, other) in enumerate(marks)]
    trainee = sheet("trainee", "trainee", A=odd, B=99 - odd)
    assert table_result([*panel, trainee], ranked=["A", "B"]) == table_result(panel, ranked=["A", "B"])

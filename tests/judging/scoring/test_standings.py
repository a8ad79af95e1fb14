"""Standings: every metric, every tie, every team that is listed without being ranked."""

from decimal import Decimal as D

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judging.scoring.standings import METRICS, Entrant, Played, UnavailableMetric, standings

DEFAULT = ("points", "total_score", "firsts", "seconds")


def played(team, round_=1, rank=None, points=0, score=None, table=None, **more):
    return Played(
        team=team,
        round=round_,
        table=table if table is not None else f"R{round_}",
        rank=rank,
        points=D(points),
        score=None if score is None else D(score),
        **more,
    )


def entrants(teams, unranked=()):
    return [Entrant(team=team, is_ranked=team not in unranked) for team in teams]


def ranks(lines):
    return [(line.team, line.rank, line.is_shared) for line in lines]


def test_metrics_are_compared_in_the_order_given():
    results = [played("A", points=3, score=60), played("B", points=2, score=90)]
    assert [line.team for line in standings(entrants("AB"), results, ["points", "total_score"])] == ["A", "B"]
    assert [line.team for line in standings(entrants("AB"), results, ["total_score", "points"])] == ["B", "A"]


def test_a_full_tie_shares_the_rank_and_the_next_rank_is_skipped():
    results = [played(team, points=points) for team, points in zip("ABCD", (3, 2, 2, 0), strict=True)]
    assert ranks(standings(entrants("DCBA"), results, DEFAULT)) == [
        ("A", 1, False),
        ("B", 2, True),
        ("C", 2, True),
        ("D", 4, False),
    ]


def test_the_unranked_come_last_in_the_same_order_and_share_nothing():
    results = [played(team, points=points) for team, points in zip("ABCD", (3, 2, 2, 9), strict=True)]
    assert ranks(standings(entrants("ABCD", unranked="DC"), results, DEFAULT)) == [
        ("A", 1, False),
        ("B", 2, False),
        ("D", None, False),
        ("C", None, False),
    ]


def test_a_team_never_seated_is_ranked_with_zeros():
    line = standings(entrants("AB"), [played("A", points=1, score=70)], DEFAULT)[-1]
    assert (line.team, line.rank, line.rounds_played) == ("B", 2, 0)
    assert line.values == {
        "points": D(0),
        "total_score": D(0),
        "average_score": D(0),
        "adjusted_score": None,
        "firsts": D(0),
        "seconds": D(0),
    }


def test_a_shared_place_is_nobodys_first_or_second():
    results = [
        played("A", 1, rank=1, is_shared=True),
        played("A", 2, rank=1),
        played("A", 3, rank=2, is_shared=True),
        played("A", 4, rank=2),
    ]
    (line,) = standings(entrants("A"), results, DEFAULT)
    assert (line.values["firsts"], line.values["seconds"]) == (D(1), D(1))


def test_an_average_is_over_the_rounds_played_and_keeps_six_decimals():
    results = [played("A", 1, 1, 3, 70), played("A", 2, 2, 2, 71), played("A", 3, 2, 2, 71), played("A", 4)]
    (line,) = standings(entrants("A"), results, [*DEFAULT, "average_points"])
    assert line.values["average_score"] == D("70.666667")
    assert line.values["average_points"] == D("2.333333")
    assert line.rounds_played == 3


def test_a_rank_may_contradict_its_score_and_stands():
    results = [played("A", rank=2, points=2, score=99), played("B", rank=1, points=3, score=70)]
    assert [line.team for line in standings(entrants("AB"), results, DEFAULT)] == ["B", "A"]


@pytest.mark.parametrize(
    ("metric", "scores", "value"),
    [
        ("average_less_worst", (60, 70, 80), "75"),
        ("average_less_worst", (60,), "60"),
        ("average_less_worst", (), "0"),
        ("average_less_extremes", (60, 71, 90), "71"),
        ("average_less_extremes", (60, 71), "65.5"),
        ("score_deviation", (60, 70), "5"),
        ("score_deviation", (60,), "0"),
    ],
)
def test_metrics_on_the_scores_of_one_team(metric, scores, value):
    results = [played("A", round_, score=score) for round_, score in enumerate(scores)]
    (line,) = standings(entrants("A"), results, [metric])
    assert line.values[metric] == D(value)


def test_of_two_level_teams_the_steadier_goes_first():
    results = [
        played("A", 1, score=60),
        played("A", 2, score=80),
        played("B", 1, score=70),
        played("B", 2, score=70),
    ]
    lines = standings(entrants("AB"), results, ["average_score", "score_deviation"])
    assert ranks(lines) == [("B", 1, False), ("A", 2, False)]


def test_draw_strength_counts_the_points_of_opponents_outside_the_division_too():
    results = [
        played("A", 1, rank=2, points=1, table="t"),
        played("X", 1, rank=1, points=3, table="t"),
        played("B", 1, rank=1, points=1, table="u"),
        played("Y", 1, rank=2, points=0, table="u"),
        played("Y", 2, rank=3, points=1, table="v"),
        played("A", 2, rank=3, points=1, opponents=("X", "Y")),
    ]
    lines = standings(entrants("AB"), results, ["draw_strength"])
    assert [(line.team, line.values["draw_strength"]) for line in lines] == [("A", D(7)), ("B", D(1))]


def test_an_absent_team_met_nobody_and_nobody_met_it():
    results = [
        played("A", 1, rank=1, points=3, table="t"),
        played("B", 1, rank=2, points=2, table="t"),
        played("C", 1, table="t"),
        played("C", 2, rank=1, points=3, table="u"),
    ]
    lines = standings(entrants("ABC"), results, ["draw_strength"])
    assert {line.team: line.values["draw_strength"] for line in lines} == {"A": D(2), "B": D(3), "C": D(0)}


def test_who_beat_whom_looks_only_at_the_teams_still_level():
    results = [
        played("A", 1, rank=2, points=2, table="t"),
        played("B", 1, rank=3, points=1, table="t"),
        played("C", 1, rank=1, points=3, table="t"),
        played("B", 2, rank=1, points=1, table="u"),
    ]
    lines = standings(entrants("BAC"), results, ["points", "head_to_head"])
    assert ranks(lines) == [("C", 1, False), ("A", 2, False), ("B", 3, False)]
    assert [line.values["head_to_head"] for line in lines] == [None, D(1), D(-1)]


def test_a_recorded_lot_breaks_what_is_left():
    results = [played("A", points=1), played("B", points=1)]
    assert ranks(standings(entrants("AB"), results, ["points", "manual"])) == [("A", 1, True), ("B", 1, True)]
    lots = {"B": D(1)}
    assert ranks(standings(entrants("AB"), results, ["points", "manual"], lots)) == [
        ("B", 1, False),
        ("A", 2, False),
    ]


def test_an_unknown_metric_is_refused_by_name():
    with pytest.raises(UnavailableMetric) as caught:
        standings(entrants("A"), [], ["points", "charm"])
    assert caught.value.metric == "charm"


@pytest.mark.parametrize("adjusted", [(None, None), (D(70), None)])
def test_adjusted_score_is_refused_unless_every_score_is_adjusted(adjusted):
    results = [
        played("A", score=71, adjusted=adjusted[0]),
        played("B", score=72, adjusted=adjusted[1]),
    ]
    with pytest.raises(UnavailableMetric, match="adjusted_score"):
        standings(entrants("AB"), results, ["adjusted_score"])
    assert standings(entrants("AB"), results, DEFAULT)[0].values["adjusted_score"] is None


def test_adjusted_score_ranks_where_it_is_available():
    results = [played("A", score=71, adjusted=D("73.5")), played("B", score=72, adjusted=D(70))]
    lines = standings(entrants("AB"), results, ["adjusted_score", "average_score"])
    assert [(line.team, line.values["adjusted_score"]) for line in lines] == [("A", D("73.5")), ("B", D(70))]


def test_ids_may_be_numbers_and_an_edition_without_teams_has_no_standings():
    results = [played(10, points=1), played(9, points=1)]
    assert [line.team for line in standings(entrants([10, 9]), results, DEFAULT)] == [9, 10]
    assert standings([], [], DEFAULT) == []


one_result = st.builds(
    lambda team, rank, score: (team, rank, score),
    st.sampled_from("ABCDEF"),
    st.integers(1, 4),
    st.one_of(st.none(), st.integers(60, 63)),
)
metric_lists = st.lists(
    st.sampled_from([name for name in METRICS if name != "adjusted_score"]),
    min_size=1,
    max_size=4,
    unique=True,
)


def as_results(rows):
    return [
        played(team, number, rank, 4 - rank, score, table=number // 4)
        for number, (team, rank, score) in enumerate(rows)
    ]


@settings(max_examples=60, deadline=None)
@given(st.lists(one_result, max_size=24), metric_lists, st.randoms(use_true_random=False))
def test_shuffled_input_gives_the_same_standings(rows, metrics, random):
    results, listed = as_results(rows), entrants("ABCDEF", unranked="F")
    shuffled = standings(random.sample(listed, 6), random.sample(results, len(results)), metrics)
    assert shuffled == standings(listed, results, metrics)


@settings(max_examples=60, deadline=None)
@given(st.lists(one_result, max_size=24), metric_lists)
def test_a_rank_counts_the_ranked_lines_before_the_tie(rows, metrics):
    lines = standings(entrants("ABCDEF", unranked="F"), as_results(rows), metrics)
    for position, line in enumerate(lines[:-1], start=1):
        level = [other for other in lines if other.rank == line.rank]
        assert line.rank == (position if not line.is_shared else lines.index(level[0]) + 1)
        assert line.is_shared == (len(level) > 1)
    assert lines[-1].rank is None


@settings(max_examples=60, deadline=None)
@given(st.lists(one_result, max_size=24))
def test_teams_with_the_same_values_share_and_others_do_not(rows):
    lines = standings(entrants("ABCDEF"), as_results(rows), DEFAULT)
    for one in lines:
        for other in lines:
            same = all(one.values[metric] == other.values[metric] for metric in DEFAULT)
            assert same == (one.rank == other.rank)

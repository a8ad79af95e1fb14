"""The ranking of applications and the line through it."""

from fractions import Fraction

from competition.applications.selection import Ranked, Weighing, cut, ranked, review_score

TWO = [Weighing(key="a", maximum=5, weight=2), Weighing(key="b", maximum=10, weight=1)]


def lines(*scores: int | None) -> list[Ranked]:
    one = [Weighing(key="a", maximum=100, weight=1)]
    return ranked({n: [] if s is None else [{"a": s}] for n, s in enumerate(scores)}, one)


def test_a_review_is_weighed_exactly_and_an_incomplete_one_does_not_count() -> None:
    assert review_score({"a": 4, "b": 5}, TWO) == Fraction(65)
    assert review_score({"a": 4}, TWO) is None
    assert review_score({}, []) is None


def test_equal_scores_share_a_rank_and_unreviewed_people_come_last() -> None:
    assert [(line.key, line.rank, line.is_tied) for line in lines(50, None, 70, 50)] == [
        (2, 1, False),
        (0, 2, True),
        (3, 2, True),
        (1, None, False),
    ]


def test_the_mean_of_reviews_keeps_thirds() -> None:
    one = [Weighing(key="a", maximum=100, weight=1)]
    (line,) = ranked({7: [{"a": 1}, {"a": 1}, {"a": 2}]}, one)
    assert (line.score, line.lowest, line.highest, line.reviews) == (Fraction(4, 3), 1, 2, 3)


def test_the_line_accepts_keeps_reserves_and_declines() -> None:
    found = cut(lines(90, 80, 70, 60, 50, None), places=2, reserves=2)
    assert [found[n] for n in range(6)] == ["accepted", "accepted", "reserve", "reserve", "declined", ""]


def test_a_tie_on_a_line_is_left_to_people_whole() -> None:
    cases = [
        ((90, 80, 80, 70), 2, 1, ["accepted", "", "", "declined"]),
        ((90, 80, 80, 70), 3, 1, ["accepted", "accepted", "accepted", "reserve"]),
        ((90, 80, 70, 70), 2, 1, ["accepted", "accepted", "", ""]),
        ((80, 80, 80, 80), 2, 1, ["", "", "", ""]),
        ((90, 80), 1, 0, ["accepted", "declined"]),
    ]
    for scores, places, reserves, expected in cases:
        found = cut(lines(*scores), places=places, reserves=reserves)
        assert [found[n] for n in range(len(scores))] == expected

"""What counts for a mark that was not observed: the judge's own average, to the step."""

from __future__ import annotations

from decimal import Decimal as D

import pytest

from judging.scoring.sheets import CriterionRule, MarkLine
from judging.unobserved import filled

ONE = CriterionRule(id=1, target="team", minimum=D(1), maximum=D(10), step=D(1))
TWO = CriterionRule(id=2, target="team", minimum=D(1), maximum=D(10), step=D(1), weight=D(3))
HUNDRED = CriterionRule(id=3, target="team", minimum=D(0), maximum=D(100), step=None)
SPEECH = CriterionRule(id=4, target="delegate", minimum=D(0), maximum=D(10), step=D("0.5"))


def line(criterion: int, mark: object, delegate: int | None = None, team: int = 7) -> MarkLine:
    return MarkLine(team=team, delegate=delegate, criterion=criterion, mark=D(str(mark)))


@pytest.mark.parametrize(
    ("given", "place", "rules", "counts"),
    [
        ([line(1, 4)], (7, None, 2), [ONE, TWO], 4),
        ([line(1, 4), line(2, 8)], (7, None, 3), [ONE, TWO, HUNDRED], "66.666667"),
        ([line(3, 50)], (7, None, 1), [ONE, HUNDRED], 6),
        ([line(4, 6, 21), line(4, 7, 22)], (7, 23, 4), [SPEECH], "6.5"),
        ([line(1, 10)], (7, 23, 4), [ONE, SPEECH], 10),
        ([line(1, 10), line(4, 5, 21)], (7, 23, 4), [ONE, SPEECH], 5),
    ],
    ids=["other", "weighted", "halfway up", "team-mates", "team", "team-mates first"],
)
def test_an_unobserved_mark_counts_as_the_average_of_the_like(given, place, rules, counts):
    result = filled(given, {place}, rules)
    assert [(one.team, one.delegate, one.criterion) for one in result[len(given) :]] == [place]
    assert result[-1].mark == D(str(counts))


def test_where_nothing_was_observed_nothing_is_said():
    assert filled([line(1, 5, team=8)], {(7, None, 1)}, [ONE]) == (line(1, 5, team=8),)


def test_a_mark_at_an_unobserved_place_does_not_count():
    assert filled([line(1, 9), line(2, 2)], {(7, None, 1)}, [ONE, TWO]) == (line(2, 2), line(1, 2))

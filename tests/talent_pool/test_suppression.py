"""Which counts may be shown: none under five, and none that subtraction would give away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talent_pool.suppression import FEWEST, publishable


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({}, {}),
        ({"a": 5}, {"a": 5}),
        ({"a": 4}, {"a": None}),
        ({"a": 20, "b": 9}, {"a": 20, "b": 9}),
        ({"a": 20, "b": 9, "c": 3}, {"a": 20, "b": None, "c": None}),
        ({"a": 20, "b": 9, "c": 3, "d": 4}, {"a": 20, "b": 9, "c": None, "d": None}),
        ({"a": 20, "b": 2, "c": 1}, {"a": None, "b": None, "c": None}),
        ({"a": 20, "b": 9, "c": 0}, {"a": 20, "b": None, "c": None}),
    ],
)
def test_small_groups_and_what_would_give_them_away_are_left_out(
    counts: dict[str, int], shown: dict[str, int | None]
) -> None:
    assert publishable(counts) == shown


@pytest.mark.parametrize(
    ("counts", "of", "shown"),
    [
        ({"a": 8, "b": 9}, {"a": 20, "b": 20}, {"a": 8, "b": 9}),
        ({"a": 18, "b": 9, "c": 7}, {"a": 20, "b": 20, "c": 20}, {"a": None, "b": 9, "c": None}),
        ({"a": 20, "b": 9}, {"a": 20, "b": 20}, {"a": 20, "b": 9}),
    ],
)
def test_the_rest_of_a_group_is_protected_too(
    counts: dict[str, int], of: dict[str, int], shown: dict[str, int | None]
) -> None:
    assert publishable(counts, of) == shown


@given(st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 30)))
def test_no_total_less_what_is_shown_leaves_few(counts: dict[str, int]) -> None:
    shown = publishable(counts)
    hidden = [counts[group] for group, number in shown.items() if number is None]
    assert all(number is None or number >= FEWEST for number in shown.values())
    if hidden and len(hidden) < len(counts):
        assert len(hidden) > 1
        assert sum(hidden) >= FEWEST

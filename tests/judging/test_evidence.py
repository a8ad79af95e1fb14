"""Thirds of a field: who lies in them, and when they say nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest

from judging.evidence import Subject, thirds


def field(*marks: int) -> dict[Subject, Decimal]:
    return {("delegate", place): Decimal(mark) for place, mark in enumerate(marks, start=1)}


def placed(*marks: int) -> dict[int, int]:
    return {key: third for (_kind, key), third in thirds(field(*marks)).items()}


def test_a_field_of_nine_has_three_in_each_third_and_the_last_is_not_shown() -> None:
    assert placed(9, 8, 7, 6, 5, 4, 3, 2, 1) == {1: 1, 2: 1, 3: 1, 4: 2, 5: 2, 6: 2}


def test_those_who_tie_share_the_better_third() -> None:
    assert placed(9, 8, 7, 7, 5, 4, 3, 2, 1) == {1: 1, 2: 1, 3: 1, 4: 1, 5: 2, 6: 2}


@pytest.mark.parametrize("size", [0, 1, 8])
def test_a_small_field_says_nothing_of_anybody(size: int) -> None:
    assert placed(*range(size)) == {}

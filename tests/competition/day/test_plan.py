"""Who talks with whom, and what the sessions of a round are."""

from __future__ import annotations

from itertools import combinations

import pytest

from competition.day.plan import SessionPlan, bilateral_slots, minutes_of, parts_of
from core.roles import ROLES, Role

GOVERNMENT, ENTERPRISE, NGO, IGO = ROLES


def test_six_pairs_talk_in_three_slots_and_nobody_waits() -> None:
    slots = bilateral_slots()
    assert [len(slot) for slot in slots] == [2, 2, 2]
    assert {pair for slot in slots for pair in slot} == set(combinations(ROLES, 2))
    assert [{role for pair in slot for role in pair} for slot in slots] == [set(ROLES)] * 3


@pytest.mark.parametrize("empty", ROLES)
def test_beside_an_empty_chair_each_waits_once_and_nobody_twice(empty: Role) -> None:
    three = [role for role in ROLES if role is not empty]
    parts = [part for part in parts_of(SessionPlan(), {empty}) if part.kind == "bilateral"]
    assert sorted(role for part in parts for role in part.waiting) == sorted(three)
    assert {pair for part in parts for pair in part.pairs} == set(combinations(three, 2))
    assert [part.is_empty for part in parts] == [False] * 3


def test_a_part_for_which_nobody_is_left_stands_in_its_place_and_is_empty() -> None:
    assert bilateral_slots([IGO, GOVERNMENT]) == (((GOVERNMENT, IGO),),)
    two, one = (parts_of(SessionPlan(), empty) for empty in ({ENTERPRISE, NGO}, {ENTERPRISE, NGO, IGO}))
    assert [part.kind for part in one] == [part.kind for part in parts_of(SessionPlan())]
    assert [part.is_empty for part in two[:7]] == [False, True, True, False, False, True, True]
    assert [part.is_empty for part in one] == [False, *[True] * 6, *[False] * 4]


def test_a_round_goes_from_the_statements_to_the_resolution() -> None:
    parts = parts_of(SessionPlan())
    assert [(part.kind, part.seconds // 60) for part in parts] == [
        *[("opening", 4)] * 4,
        *[("bilateral", 10)] * 3,
        ("ad_hoc", 30),
        ("pause", 10),
        ("quadrilateral", 60),
        ("resolution", 15),
    ]
    assert [part.role for part in parts[:4]] == list(ROLES)
    assert minutes_of(SessionPlan()) == 161


def test_a_session_of_no_minutes_is_left_out() -> None:
    plan = SessionPlan(opening=0, bilateral=0, ad_hoc=0, pause=0, resolution=0)
    assert [part.kind for part in parts_of(plan)] == ["quadrilateral"]

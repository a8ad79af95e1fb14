"""What the forms of an edition let through."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from competition.editions.forms import EditionForm, RegistrationForm, RulesForm
from competition.editions.rules import points_list

RULES = {
    "table_points": "3;2;1;0",
    "three_team_points": "2.5;1.5;0.5",
    "panel_method": "mean",
    "score_decimals": "2",
    "delegate_marks": "mean",
    "table_ties": "shared",
    "elimination_basis": "round_raw",
}
EDITION = {
    "name": "Spring",
    "slug": "spring",
    "role_policy": "fixed",
    "timezone": "UTC",
    "team_size_minimum": "3",
    "team_size_maximum": "5",
}


def faults(app: Flask, form: type[Any], data: dict[str, str]) -> list[str]:
    with app.test_request_context(method="POST", data=data):
        filled = form(meta={"csrf": False})
        filled.validate()
        return sorted(filled.errors)


@pytest.mark.parametrize(
    ("points", "is_fine"),
    [
        ("3;2;1;0", True),
        ("3,5; 2; 1; 0", True),
        ("1e999;2;1;0", False),
        ("3;2;1;NaN", False),
        ("3;2;1;0.0000001", False),
        ("3;2;1", False),
        ("3;2;1;0;0", False),
        ("a;b;c;d", False),
    ],
)
def test_points_are_four_numbers_that_can_be_kept(bare_app: Flask, points: str, is_fine: bool) -> None:
    found = faults(bare_app, RulesForm, {**RULES, "table_points": points})
    assert found == ([] if is_fine else ["table_points"])


def test_points_are_read_as_they_may_be_typed() -> None:
    assert [str(number) for number in points_list("3,5; 2.5")] == ["3.5", "2.5"]


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "0202-05-16", "20026-05-16"])
def test_a_year_that_is_none_is_asked_about(bare_app: Flask, day: str) -> None:
    assert faults(bare_app, EditionForm, {**EDITION, "ends_on": day}) == ["ends_on"]
    assert faults(bare_app, EditionForm, {**EDITION, "starts_on": day}) == ["starts_on"]
    assert faults(bare_app, RegistrationForm, {"closes_at": f"{day}T23:59"}) == ["closes_at"]

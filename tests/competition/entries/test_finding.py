"""Whom the desk finds: by name in either script, without accents, by code, by what a scanner types."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from competition.entries.finding import everybody, exactly, matching, ordered
from tests.factories import make_delegate, make_edition, make_institution, make_judge, make_room, make_team

DAY = date(2026, 5, 16)


@pytest.fixture
def found(app: Flask) -> list[object]:
    edition = make_edition()
    home = make_institution(edition, "Fudan", name="Fudan University", name_local="复旦大学")
    team = make_team(edition, "Fudan A", institution_id=home.id)
    make_delegate(team, "Fāng Mǐn", name_local="方敏", code="D001", is_captain=True, contact="+86 21 5555")
    make_delegate(team, "José Núñez", code="D010")
    make_delegate(make_team(edition, "Gone", status="withdrawn"), "Nobody")
    make_judge(edition, "Ito Aoi", name_local="伊藤葵", code="J7")
    make_room(edition, "B12", site="North")
    return list(everybody(edition.id, DAY))


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("方敏", ["Fāng Mǐn"]),
        ("fang min", ["Fudan A", "Fāng Mǐn"]),
        ("MIN fang", ["Fudan A", "Fāng Mǐn"]),
        ("fangmin", ["Fāng Mǐn"]),
        ("minfang", ["Fāng Mǐn"]),
        ("nunez", ["José Núñez"]),
        ("复旦", ["Fudan A"]),
        ("fudan a", ["Fudan A", "Fāng Mǐn", "José Núñez"]),
        ("D001", ["Fāng Mǐn"]),
        ("葵", ["Ito Aoi"]),
        ("b12", ["B12"]),
        ("gone", []),
        ("%_'", []),
    ],
)
def test_whom_the_desk_finds(found: list[object], typed: str, names: list[str]) -> None:
    assert [one.name for one in matching(found, typed)] == names  # type: ignore[attr-defined,arg-type]


def test_a_code_or_a_badge_leads_to_exactly_one(found: list[object]) -> None:
    delegate = next(one for one in found if one.name == "José Núñez")  # type: ignore[attr-defined]
    badge = f"https://parley.example/e/spring/check-in/delegate/{delegate.public_id}"  # type: ignore[attr-defined]
    for typed in ("d010", " D010 ", badge, f"{badge}/", delegate.public_id):  # type: ignore[attr-defined]
        assert exactly(found, typed) == [delegate]  # type: ignore[arg-type,comparison-overlap]
    assert [exactly(found, typed) for typed in ("D01", "", "https://", "Fudan")] == [[], [], [], []]  # type: ignore[arg-type]


def test_lists_are_ordered_as_asked(found: list[object]) -> None:
    names = [one.name for one in ordered(found, "name")]  # type: ignore[attr-defined,arg-type]
    assert names == ["B12", "Fāng Mǐn", "Fudan A", "Ito Aoi", "José Núñez"]
    assert [one.group for one in ordered(found, "group")][:2] == ["", ""]  # type: ignore[attr-defined,arg-type]
    assert ordered(found, "")[0] is found[0]  # type: ignore[arg-type]


def test_a_contact_is_a_mail_or_a_call(found: list[object]) -> None:
    team = found[0]
    assert (team.contact, team.contact_url) == ("+86 21 5555", "tel:+86215555")  # type: ignore[attr-defined]

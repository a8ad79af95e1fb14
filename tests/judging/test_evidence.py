"""Thirds of a field: who lies in them, and when they say nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from flask import Flask

from competition.rounds.models import Draw, NegotiationTable, PanelJudge
from judging.evidence import Subject, criterion_evidence, thirds
from judging.models import Criterion, Mark, Scoresheet
from tests.factories import (
    NOW,
    add,
    make_delegate,
    make_edition,
    make_judge,
    make_round,
    make_team,
)


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


@pytest.mark.parametrize(
    ("sheets", "judges", "state", "position", "is_evidence"),
    [
        (3, 2, "confirmed", "panellist", True),
        (2, 2, "confirmed", "panellist", False),
        (3, 1, "confirmed", "panellist", False),
        (3, 2, "submitted", "panellist", False),
        (3, 2, "confirmed", "trainee", False),
    ],
)
def test_three_confirmed_sheets_of_two_judges_are_evidence_and_less_is_none(
    app: Flask, sheets: int, judges: int, state: str, position: str, is_evidence: bool
) -> None:
    edition = make_edition()
    people = [make_delegate(make_team(edition)) for _place in range(9)]
    panel = [make_judge(edition) for _place in range(judges)]
    criterion = add(
        Criterion(
            edition_id=edition.id,
            code="listening",
            name="Listening",
            target="delegate",
            minimum=Decimal(0),
            maximum=Decimal(20),
        )
    )
    for number in range(1, sheets + 1):
        judge = panel[number % judges]
        draw = add(Draw(round_id=make_round(edition, number).id, version=1, state="released", created_at=NOW))
        table = add(NegotiationTable(draw_id=draw.id, name="T1"))
        add(PanelJudge(table_id=table.id, judge_id=judge.id, position=position))
        sheet = add(Scoresheet(table_id=table.id, judge_id=judge.id, state=state, saved_at=NOW))
        for place, one in enumerate(people):
            mark = {"team_id": one.team_id, "delegate_id": one.id, "criterion_id": criterion.id}
            add(Mark(scoresheet_id=sheet.id, mark=Decimal(20 - place), **mark))
    found = criterion_evidence(edition.id, sheets)
    shown = {
        key: [(one.third, one.of, one.sheets, one.judges) for one in lines] for key, lines in found.items()
    }
    expected = {
        ("delegate", one.id): [(1 if place < 3 else 2, 9, sheets, judges)]
        for place, one in enumerate(people[:6])
    }
    assert shown == (expected if is_evidence else {})
    assert criterion_evidence(edition.id, 0) == {}

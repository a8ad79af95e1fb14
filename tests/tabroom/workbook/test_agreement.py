"""The workbook and the rooms of judging come to the same results, and a live edition survives its own export."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from competition.editions.public import get_edition
from competition.entries.public import Team
from competition.rounds.public import record_results, seated_results
from core.access import SYSTEM
from core.db import db, unit_of_work
from judging.public import results_from_sheets
from tabroom.workbook.export import export_edition
from tabroom.workbook.service import import_file
from tests.tabroom.workbook.build import file_of, large, small, varied


def found(slug: str) -> list[tuple[Any, ...]]:
    names = {team.id: team.name for team in db.session.scalars(select(Team))}
    rows = [
        (each.round, names[each.team_id], each.rank, each.is_shared, each.points, each.score)
        for each in seated_results(get_edition(slug).id)
    ]
    return sorted(rows, key=lambda row: row[:2])


def worked_out_again(slug: str) -> list[tuple[Any, ...]]:
    """The results after judging has made them anew from the stored scoresheets."""
    edition_id = get_edition(slug).id
    with unit_of_work():
        db.session.execute(text("DELETE FROM team_result"))
        db.session.execute(text("DELETE FROM table_result"))
        record_results(actor=SYSTEM, source="sheets", recorded=results_from_sheets(edition_id))
    return found(slug)


@pytest.mark.parametrize("seed", range(3))
def test_judging_makes_the_same_of_the_imported_sheets(app: Flask, seed: int) -> None:
    import_file(actor=SYSTEM, source=file_of(varied(seed)))
    before = found("varied")
    assert [row for row in before if row[0] < 3] == worked_out_again("varied")


def test_judging_makes_the_same_of_a_large_edition(app: Flask) -> None:
    import_file(actor=SYSTEM, source=file_of(large(teams=40, rounds=3)))
    before = found("large")
    assert len(before) == 120
    assert before == worked_out_again("large")


def test_a_table_that_waits_for_a_judge_is_not_confirmed_by_its_export(app: Flask) -> None:
    import_file(actor=SYSTEM, source=file_of(small()))
    db.session.execute(text("DELETE FROM team_result"))
    db.session.execute(text("DELETE FROM table_result"))
    db.session.execute(text("UPDATE round SET results_state = 'open'"))
    db.session.commit()
    data = export_edition(get_edition("small").id)
    db.session.execute(text("UPDATE edition SET slug = 'earlier'"))
    db.session.commit()
    import_file(actor=SYSTEM, source=data)
    assert found("small") == []
    assert export_edition(get_edition("small").id) == data


def test_applications_are_written_as_waiting_and_refused_teams_not_at_all(app: Flask) -> None:
    content = {
        name: rows
        for name, rows in small().items()
        if name in ("Edition", "Institutions", "Divisions", "Teams")
    }
    import_file(actor=SYSTEM, source=file_of(content))
    db.session.execute(text("UPDATE team SET status = 'applied' WHERE name = 'Ash'"))
    db.session.execute(text("UPDATE team SET status = 'declined' WHERE name = 'Birch'"))
    db.session.commit()
    data = export_edition(get_edition("small").id)
    assert import_file(actor=SYSTEM, source=data).changes_nothing
    assert sorted(db.session.execute(text("SELECT name, status FROM team")).all()) == [
        ("Ash", "applied"),
        ("Birch", "declined"),
        ("Cedar", "registered"),
        ("Dogwood", "registered"),
    ]
    report = import_file(actor=SYSTEM, source=file_of(content))
    assert (report.counts["Teams"]["created"], report.counts["Teams"]["changed"]) == (1, 0)
    statuses = dict(iter(db.session.execute(text("SELECT name, status FROM team")).all()))
    assert (statuses["Ash"], statuses["Birch"]) == ("applied", "registered")


def test_shared_places_share_the_points(app: Flask) -> None:
    content = small()
    for row in content["Marks"][1:5]:
        row[6] = 70
    import_file(actor=SYSTEM, source=file_of(content))
    assert [(row[1], row[2], row[3], row[4]) for row in found("small")] == [
        ("Ash", 3, True, Decimal("0.5")),
        ("Birch", 3, True, Decimal("0.5")),
        ("Cedar", 2, False, Decimal(2)),
        ("Dogwood", 1, False, Decimal(3)),
    ]

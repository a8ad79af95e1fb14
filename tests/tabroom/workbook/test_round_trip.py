"""Export, import and export again: the same edition, cell by cell and byte by byte."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from competition.editions.public import get_edition
from core.access import SYSTEM
from core.db import db
from core.spreadsheets import read_workbook
from tabroom.workbook.export import export_edition
from tabroom.workbook.service import import_file
from tests.tabroom.workbook.build import file_of, small, varied


def cells(data: bytes) -> dict[str, list[list[Any]]]:
    return {sheet.name: sheet.rows for sheet in read_workbook(data)}


def forget(slug: str) -> None:
    """Let the slug be free again: the next import makes a second edition."""
    db.session.execute(text("UPDATE edition SET slug = slug || '-gone' WHERE slug = :slug"), {"slug": slug})
    db.session.commit()


@pytest.mark.parametrize("seed", range(4))
def test_export_import_export_is_identical(app: Flask, seed: int) -> None:
    import_file(actor=SYSTEM, source=file_of(varied(seed)))
    first = export_edition(get_edition("varied").id)
    forget("varied")
    assert import_file(actor=SYSTEM, source=first).is_new
    second = export_edition(get_edition("varied").id)
    assert cells(first) == cells(second)
    assert first == second


@pytest.mark.parametrize("seed", range(2))
def test_the_same_file_twice_changes_nothing(app: Flask, seed: int) -> None:
    source = file_of(varied(seed))
    import_file(actor=SYSTEM, source=source)
    before = export_edition(get_edition("varied").id)
    rows = db.session.execute(text("SELECT count(*) FROM draw")).scalar_one()
    report = import_file(actor=SYSTEM, source=source)
    assert report.changes_nothing
    assert import_file(actor=SYSTEM, source=before).changes_nothing
    assert export_edition(get_edition("varied").id) == before
    assert db.session.execute(text("SELECT count(*) FROM draw")).scalar_one() == rows


def test_what_was_typed_comes_back_value_for_value(app: Flask) -> None:
    import_file(actor=SYSTEM, source=file_of(varied(7)))
    found = cells(export_edition(get_edition("varied").id))
    typed = varied(7)
    for sheet in ("Institutions", "Divisions", "Rooms", "Breaks", "Awards", "Outcomes", "Penalties"):
        headers = found[sheet][0]
        places = [headers.index(name) for name in typed[sheet][0]]
        back = [[_cell(row, place) for place in places] for row in found[sheet][1:]]
        assert back == [[_plain(cell) for cell in row] for row in typed[sheet][1:]], sheet


def _cell(row: list[Any], place: int) -> Any:
    return row[place] if place < len(row) else None


def _plain(cell: Any) -> Any:
    return None if cell == "" else cell


def test_states_that_the_file_leaves_open_follow_from_the_rest(app: Flask) -> None:
    import_file(actor=SYSTEM, source=file_of(varied(1)))
    found = cells(export_edition(get_edition("varied").id))
    headers = found["Rounds"][0]
    states = [
        (row[0], _cell(row, headers.index("draw_state")), _cell(row, headers.index("results_state")))
        for row in found["Rounds"][1:]
    ]
    assert states == [
        (1, "released", "published"),
        (2, "released", "confirmed"),
        (3, "confirmed", "open"),
        (4, "draft", "open"),
        (5, "released", "confirmed"),
    ]


def test_a_name_with_a_semicolon_in_a_list_stands_in_quotation_marks(app: Flask) -> None:
    names = ["semi; colon", '"both; of them"', '"quoted"', "Birch"]
    listed = '"semi; colon";"""both; of them""";"quoted";Birch'
    content = {
        "Edition": small()["Edition"],
        "Teams": [["team"], *([name] for name in names)],
        "Judges": [["judge", "conflicts"], ["J1", listed]],
    }
    import_file(actor=SYSTEM, source=file_of(content))
    conflicts = text(
        "SELECT t.name FROM judge_conflict c JOIN team t ON t.id = c.team_id ORDER BY c.position"
    )
    assert list(db.session.scalars(conflicts)) == names
    data = export_edition(get_edition("small").id)
    assert import_file(actor=SYSTEM, source=data).changes_nothing
    judges = next(sheet for sheet in read_workbook(data) if sheet.name == "Judges")
    assert listed in judges.rows[1]


def test_text_that_looks_like_a_formula_stays_text(app: Flask) -> None:
    content = small(Judges=[["judge", "name"], ["J1", "=1+1"], ["J2", "@SUM(A1)"]])
    import_file(actor=SYSTEM, source=file_of(content))
    data = export_edition(get_edition("small").id)
    judges = next(sheet for sheet in read_workbook(data) if sheet.name == "Judges")
    assert judges.formulas.count == 0
    assert [row[1] for row in judges.rows[1:]] == ["=1+1", "@SUM(A1)"]

"""Real championships come in whole, and their standings are the published ones."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask

from competition.editions.public import get_edition
from core.access import SYSTEM
from judging.public import team_standings
from tabroom.workbook.export import export_edition
from tabroom.workbook.service import import_file

COLUMNS = ("team", "rank", "points", "total_score", "firsts", "seconds")
REAL = ("wudc2023", "naudc2024", "usudc2023")


def published(path: Path) -> list[tuple[str, ...]]:
    with path.open(encoding="utf-8") as file:
        rows = csv.DictReader(file)
        return [
            tuple(row[name] for name in ("team", "rank", "points", "total_score", "firsts", "seconds"))
            for row in rows
        ]


def plain(number: Decimal | None) -> str:
    return "" if number is None else format(number.normalize(), "f")


@pytest.mark.real_data
@pytest.mark.parametrize("name", REAL)
def test_a_real_championship_comes_out_as_it_was_published(app: Flask, shared_data: Path, name: str) -> None:
    import_file(actor=SYSTEM, source=shared_data / "workbooks" / f"{name}.xlsx")
    table = team_standings(get_edition(name))
    found = [
        (
            row.team,
            str(row.rank),
            *(plain(row.values[each]) for each in ("points", "total_score", "firsts", "seconds")),
        )
        for row in table.rows
    ]
    expected = published(shared_data / "workbooks" / f"{name}.expected.csv")
    assert [row[1].rstrip("=") for row in expected] == [row[1] for row in found]
    assert sorted((each[0], each[1].rstrip("="), *each[2:]) for each in expected) == sorted(found)


@pytest.mark.real_data
@pytest.mark.parametrize("name", REAL)
def test_a_real_championship_exported_and_imported_again_changes_nothing(
    app: Flask, shared_data: Path, name: str
) -> None:
    source = shared_data / "workbooks" / f"{name}.xlsx"
    import_file(actor=SYSTEM, source=source)
    again = import_file(actor=SYSTEM, source=source)
    assert again.changes_nothing
    exported = export_edition(get_edition(name).id)
    assert import_file(actor=SYSTEM, source=exported).changes_nothing

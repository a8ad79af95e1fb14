"""The auditor's workbook works the standings out again in LibreOffice alone, also after a mark is changed in it."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select

from competition.entries.models import Team
from competition.rounds.models import Lineup, Penalty, Seat
from competition.rounds.public import RecordedPlace, record_result
from core.db import db
from core.roles import ROLES
from core.spreadsheets import read_workbook
from judging.bulk import results_from_sheets
from judging.models import Mark
from judging.public import StandingsTable, selections, standings_of
from tabroom.workbook.auditor import auditors_workbook
from tabroom.workbook.results import metric_name, role_name
from tests.judging.judged import Judged, make_judged
from tests.judging.scene import ORGANISER

EVERY_SHEET = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"


def harsh(judge: int) -> int:
    return 11 if judge % 3 == 0 else 0


def editions() -> dict[str, Judged]:
    """One of each kind: adjusted, by points with the chair's casting vote, and with everything that can go wrong."""
    made = {
        "fixed": make_judged(slug="fixed", severity=harsh, noise=3, rounds=3),
        "chair": make_judged(
            slug="chair",
            role_policy="rotating",
            table_ties="chair",
            panel_method="trimmed_mean",
            delegate_marks="sum",
            noise=1,
            rounds=2,
        ),
        "mixed": make_judged(
            slug="mixed",
            role_policy="rotating",
            panel_method="median",
            panel=2,
            score_decimals=1,
            noise=2,
            rounds=2,
            standings_metrics="points;average_score;seconds;firsts",
            results_state="open",
        ),
    }
    _disturb(made["mixed"])
    return made


def _disturb(made: Judged) -> None:
    """Weights, a penalty, an absent delegate, a recorded result, a withdrawn team and a table of three."""
    first, second = made.rounds
    first.weight, first.results_state, second.results_state = Decimal("1.5"), "confirmed", "confirmed"
    away, charged = made.teams[2], made.teams[5]
    db.session.add(Penalty(round_id=first.id, team_id=charged.id, amount=Decimal("3.25"), reason="late"))
    db.session.add(
        Lineup(
            round_id=second.id,
            team_id=away.id,
            delegate_id=made.delegates[away.id][0].id,
            took_part=False,
        )
    )
    made.teams[7].status = "withdrawn"
    made.teams[9].name = "=1+1"
    db.session.flush()
    record_again(made)
    table = made.tables[1][0]
    seated = list(db.session.scalars(select(Seat.team_id).where(Seat.table_id == table.id)))
    record_result(
        actor=ORGANISER,
        table_id=table.id,
        source="given",
        placings=[
            RecordedPlace(team_id=team, rank=rank, score=Decimal(60 + rank))
            for team, rank in zip(seated, (4, 3, 1), strict=False)
        ],
    )
    ranks_alone = made.tables[1][1]
    seated = list(db.session.scalars(select(Seat.team_id).where(Seat.table_id == ranks_alone.id)))
    record_result(
        actor=ORGANISER,
        table_id=ranks_alone.id,
        source="given",
        placings=[
            RecordedPlace(team_id=team, rank=rank) for team, rank in zip(seated, (2, 4, 1, 3), strict=True)
        ],
    )


def record_again(made: Judged) -> None:
    """Work every table out again from its sheets, as confirming it again would."""
    from competition.rounds.models import TableResult

    ids = [table.id for tables in made.tables.values() for table in tables]
    for row in db.session.scalars(select(TableResult).where(TableResult.table_id.in_(ids))):
        row.is_live = False
    db.session.flush()
    for found in results_from_sheets(made.edition.id):
        record_result(actor=ORGANISER, table_id=found.table_id, source="sheets", placings=found.placings)


def recalculated(folder: Path, files: dict[str, bytes]) -> dict[str, dict[str, list[dict[str, str]]]]:
    """The sheets of every file as LibreOffice works them out; no value that we wrote for a formula is left in them."""
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    if soffice is None:
        pytest.skip("LEFT OUT: LibreOffice is not installed, the auditor's workbook was not worked out by it")
    for name, data in files.items():
        bare = io.BytesIO()
        openpyxl.load_workbook(io.BytesIO(data)).save(bare)
        (folder / f"{name}.xlsx").write_bytes(bare.getvalue())
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [soffice, "--headless", profile, "--convert-to", EVERY_SHEET, "--outdir", str(folder)]
    inputs = [str(folder / f"{name}.xlsx") for name in files]
    subprocess.run([*command, *inputs], capture_output=True, timeout=240, check=True)
    found: dict[str, dict[str, list[dict[str, str]]]] = {}
    for name in files:
        found[name] = {}
        for path in folder.glob(f"{name}-*.csv"):
            with path.open(encoding="utf-8", newline="") as lines:
                found[name][path.stem.removeprefix(f"{name}-")] = list(csv.DictReader(lines))
    return found


def sheet_of(selection: str) -> str:
    return "Standings" if selection == "overall" else str(role_name(selection.removeprefix("role:")))


def compare(table: StandingsTable, lines: list[dict[str, str]]) -> None:
    """Every rank and every figure of the standings, from the spreadsheet's formulas and from the program."""
    columns = [name for name in table.columns if any(row.values[name] is not None for row in table.rows)]
    found = [
        (line["Team"], line["Rank"], *(Decimal(line[str(metric_name(name))]) for name in columns))
        for line in lines
        if line["Team number"]
    ]
    assert found == [
        (row.team, str(row.rank or ""), *(row.values[name] for name in columns)) for row in table.rows
    ]
    assert {line["The same?"] for line in lines if line["Team number"]} == {"yes"}


def test_libreoffice_alone_comes_to_the_same_standings(app: Flask, tmp_path: Path) -> None:
    made = editions()
    with app.test_request_context():
        files = {name: auditors_workbook(one.edition) for name, one in made.items()}
        sheets = recalculated(tmp_path, files)
        for name, one in made.items():
            for selection in selections(one.edition):
                compare(standings_of(one.edition, selection), sheets[name][sheet_of(selection)])
    assert {row["From"] for row in sheets["mixed"]["Tables"]} == {"sheets", "recorded"}


def test_a_mark_changed_in_the_spreadsheet_changes_the_standings_as_in_the_program(
    app: Flask, tmp_path: Path
) -> None:
    made = make_judged(slug="changed", role_policy="rotating", noise=3, rounds=2)
    team = db.session.get_one(Team, made.teams[0].id)
    with app.test_request_context():
        before = [row.team_id for row in standings_of(made.edition, "overall").rows]
        book = openpyxl.load_workbook(io.BytesIO(auditors_workbook(made.edition)))
        for row in book["Marks"].iter_rows(min_row=2):
            if row[2].value == team.name:
                row[6].value = 100
        changed = io.BytesIO()
        book.save(changed)
        for mark in db.session.scalars(select(Mark).where(Mark.team_id == team.id)):
            mark.mark = Decimal(100)
        record_again(made)
        lines = recalculated(tmp_path, {"changed": changed.getvalue()})["changed"]["Standings"]
        table = standings_of(made.edition, "overall")
    assert [row.team_id for row in table.rows] != before
    ranks = {line["Team"]: line["Rank"] for line in lines if line["Team number"]}
    assert ranks == {row.team: str(row.rank) for row in table.rows}
    points = {line["Team"]: Decimal(line["Points"]) for line in lines if line["Team number"]}
    assert points == {row.team: row.values["points"] for row in table.rows}


def test_what_readers_without_formulas_see_is_the_same(app: Flask) -> None:
    made = make_judged(slug="cached", severity=harsh, noise=3, rounds=2)
    with app.test_request_context():
        sheets: dict[str, list[list[Any]]] = {
            sheet.name: sheet.rows for sheet in read_workbook(auditors_workbook(made.edition))
        }
        for role in ROLES:
            table = standings_of(made.edition, f"role:{role}")
            rows = sheets[str(role_name(role))][1 : len(table.rows) + 1]
            assert [(row[2], row[0]) for row in rows] == [(row.team, row.rank) for row in table.rows]


def test_names_are_never_formulas(app: Flask) -> None:
    made = make_judged(slug="names", rounds=1, tables=1)
    made.teams[0].name, made.judges[0].name = "=1+1", "@SUM(A1)"
    db.session.flush()
    with app.test_request_context():
        book = openpyxl.load_workbook(io.BytesIO(auditors_workbook(made.edition)))
    cells = {
        cell.value: cell.data_type
        for row in book["Sheets"].iter_rows(min_row=2)
        for cell in row
        if isinstance(cell.value, str)
    }
    assert cells["=1+1"] == "s"
    assert cells["@SUM(A1)"] == "s"


def test_an_edition_without_anything_still_has_its_workbook(app: Flask) -> None:
    made = make_judged(slug="bare", rounds=0, tables=1)
    with app.test_request_context():
        names = [sheet.name for sheet in read_workbook(auditors_workbook(made.edition))]
    assert names[:3] == ["Read me", "Settings", "Points"]
    assert "Standings" in names

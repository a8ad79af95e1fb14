"""The results workbook for people: what is in it, what the public form keeps back, and that it opens cleanly."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
import zipfile
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from competition.editions.public import get_edition
from core.access import SYSTEM
from core.spreadsheets import read_workbook, text_of
from tabroom.workbook.results import results_workbook
from tabroom.workbook.service import import_file
from tests.tabroom.workbook.build import Content, file_of, small, varied


def made(content: Content, *, has_marks: bool = False) -> bytes:
    import_file(actor=SYSTEM, source=file_of(content))
    slug = next(value for key, value in content["Edition"] if key == "slug")
    return results_workbook(get_edition(slug), has_marks=has_marks)


def rows(data: bytes, name: str) -> list[list[Any]]:
    return next(sheet.rows for sheet in read_workbook(data) if sheet.name == name)


def test_standings_and_tables_are_those_of_the_edition(app: Flask) -> None:
    data = made(small(), has_marks=True)
    assert rows(data, "Standings")[:2] == [
        [
            "Rank",
            "Team",
            "Institution",
            "Points",
            "Total score",
            "Average score",
            "Firsts",
            "Seconds",
            "Round 1: points",
        ],
        [1, "Dogwood", "Uni A", 3, data_score(75.5), data_score(75.5), 1, 0, 3],
    ]
    assert [row[:8] for row in rows(data, "Tables")[1:]] == [
        [1, "A", "101", "Government", "Ash", 4, 0, data_score(60.5)],
        [1, "A", "101", "Enterprise", "Birch", 3, 1, data_score(65.5)],
        [1, "A", "101", "Local NGO", "Cedar", 2, 2, data_score(70.5)],
        [1, "A", "101", "IGO", "Dogwood", 1, 3, data_score(75.5)],
    ]
    assert len(rows(data, "Marks")) == 9


def data_score(number: float) -> Any:
    from core.spreadsheets import exact_number

    return exact_number(number)


def test_the_public_form_has_no_marks_and_scores_only_of_three_judges(app: Flask) -> None:
    data = made(small())
    assert [sheet.name for sheet in read_workbook(data)] == [
        "About",
        "Standings",
        "students",
        "Delegates",
        "Tables",
        "Awards",
    ]
    assert {tuple(row[7:8]) for row in rows(data, "Tables")[1:]} == {()}
    assert rows(data, "Delegates")[0] == [
        "Rank",
        "Delegate",
        "Name",
        "Name in own script",
        "Team",
        "Role",
        "Rounds",
    ]


def test_a_fixed_edition_has_a_sheet_per_role_and_speaks_the_readers_language(app: Flask) -> None:
    content = next(each for each in map(varied, range(9)) if each["Edition"][4][1] == "fixed")
    data = made(content)
    names = [sheet.name for sheet in read_workbook(data)]
    assert names == [
        "About",
        "Standings",
        "Students",
        "pro",
        "Government",
        "Enterprise",
        "Local NGO",
        "IGO",
        "Delegates",
        "Tables",
        "Awards",
    ]
    with force_locale("zh_Hans"):
        zh = results_workbook(get_edition("varied"), has_marks=False)
    assert "学生组" in [sheet.name for sheet in read_workbook(zh)]


def test_every_sheet_has_a_frozen_header_and_a_filter_and_no_formula(app: Flask) -> None:
    data = made(varied(3), has_marks=True)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheets = [
            archive.read(name).decode()
            for name in archive.namelist()
            if name.startswith("xl/worksheets/sheet")
        ]
    assert all('state="frozen"' in sheet and "<cols>" in sheet and "<f>" not in sheet for sheet in sheets)
    assert sum("<autoFilter" in sheet for sheet in sheets) == len(sheets) - 1


def test_an_edition_without_anything_still_makes_its_workbook(app: Flask) -> None:
    import_file(actor=SYSTEM, source=file_of({"Edition": small()["Edition"]}))
    data = results_workbook(get_edition("small"), has_marks=True)
    assert [len(sheet.rows) for sheet in read_workbook(data)][1:] == [1, 1, 1, 1, 1]


def test_it_opens_in_libreoffice(app: Flask, tmp_path: Path) -> None:
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    if soffice is None:
        pytest.skip("LEFT OUT: LibreOffice is not installed, the results workbook was not opened in it")
    (tmp_path / "results.xlsx").write_bytes(made(varied(3), has_marks=True))
    every_sheet = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [soffice, "--headless", profile, "--convert-to", every_sheet, "--outdir", str(tmp_path)]
    subprocess.run([*command, str(tmp_path / "results.xlsx")], capture_output=True, timeout=120, check=True)
    shown = {path.stem.removeprefix("results-"): path for path in tmp_path.glob("results-*.csv")}
    wanted = read_workbook((tmp_path / "results.xlsx").read_bytes())
    assert set(shown) == {sheet.name for sheet in wanted}
    for sheet in wanted:
        with shown[sheet.name].open(encoding="utf-8", newline="") as lines:
            assert [_trimmed([_plain(cell) for cell in row]) for row in csv.reader(lines)] == [
                [_plain(text_of(cell)) for cell in row] for row in sheet.rows
            ]


def _plain(text: str) -> Any:
    """What a cell shows: a number as such however many zeros are shown."""
    try:
        return Decimal(text) if text[:1] not in "+" else text
    except InvalidOperation:
        return text


def _trimmed(row: list[Any]) -> list[Any]:
    while row and row[-1] == "":
        row.pop()
    return row


def formats_of(data: bytes, name: str) -> dict[str, str]:
    """The number format of each column's first filled cell, by header."""
    import openpyxl

    sheet = openpyxl.load_workbook(io.BytesIO(data))[name]
    return {
        str(column[0].value): next((cell.number_format for cell in column[1:] if cell.value is not None), "")
        for column in sheet.iter_cols()
    }


def test_numbers_of_a_column_have_the_decimals_that_its_longest_needs(app: Flask) -> None:
    content = small()
    for row in content["Marks"][1:5]:
        row[6] = 70
    data = made(content, has_marks=True)
    formats = formats_of(data, "Standings")
    wanted = {"Points": "0.0", "Total score": "0.00####", "Firsts": "0", "Round 1: points": "0.0"}
    assert {name: formats[name] for name in wanted} == wanted
    assert formats_of(data, "Marks")["Mark"] == "0"


def test_a_column_of_scores_that_nobody_may_see_is_left_out(app: Flask) -> None:
    assert "Total score" not in rows(made(small()), "Standings")[0]


def test_the_bytes_of_the_public_form_hold_no_judge_no_criterion_and_no_mark(app: Flask) -> None:
    content = small()
    content["Judges"] = [
        ["judge", "name", "contact"],
        ["J1", "Ada Secret", "ada@example.org"],
        ["J2", "Bo Hidden"],
    ]
    content["Criteria"][1][0] = "eloquence"
    for row in content["Marks"][1:]:
        row[5] = "eloquence"
    told = ("J1", "Ada Secret", "ada@example.org", "Bo Hidden", "eloquence", "60", "61", "75", "76")
    public, full = parts(made(content)), parts(results_workbook(get_edition("small"), has_marks=True))
    assert [each for each in told if each in public] == []
    assert [each for each in told if each not in full] == ["Ada Secret", "ada@example.org", "Bo Hidden"]


def parts(data: bytes) -> set[str]:
    """Every text and every number that the file holds, in cells, texts, charts and properties."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = [archive.read(name).decode() for name in archive.namelist() if name not in ("xl/styles.xml",)]
    shared = [text for file in files for text in re.findall(r"<(?:t|c:v|a:t|dc:\w+)\b[^>]*>([^<]*)", file)]
    return {
        *shared,
        *(value for file in files for value in re.findall(r'<c [^>]*(?<! t="s")><v>([^<]*)', file)),
    }

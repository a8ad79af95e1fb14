"""The edition commands: import with every fault on standard error, export, results; and a process that is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text

import tabroom.cli  # noqa: F401 - registers the commands
from competition.editions.public import edition_table, find_edition
from core.audit import AuditEntry
from core.db import Base, db
from core.spreadsheets import read_workbook
from tests.tabroom.workbook.build import file_of, large, small

ROOT = Path(__file__).resolve().parents[2]
TABLES = (
    "institution",
    "team",
    "delegate",
    "judge",
    "room",
    "criterion",
    "round",
    "draw",
    "negotiation_table",
    "seat",
    "panel_judge",
    "scoresheet",
    "mark",
    "table_result",
    "team_result",
)


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "small.xlsx"
    path.write_bytes(file_of(small()))
    return path


def test_import_then_export_then_results(app: Flask, workbook: Path, tmp_path: Path) -> None:
    runner = app.test_cli_runner()
    done = runner.invoke(args=["edition", "import", str(workbook)])
    assert (done.exit_code, done.stdout.splitlines()[0]) == (0, "small: new edition imported.")
    assert done.stderr.splitlines() == [
        "[1/5] Reading the file ...",
        "[2/5] Checking every row ...",
        "[3/5] Working out the results of the tables ...",
        "[4/5] Comparing with what is stored ...",
        "[5/5] Writing everything at once ...",
    ]
    out = tmp_path / "out.xlsx"
    assert runner.invoke(args=["edition", "export", "small", "-o", str(out)]).exit_code == 0
    again = runner.invoke(args=["edition", "import", str(out)])
    assert again.stdout == "small: nothing to change, the edition is as the file says.\n"
    for options in ([], ["--with-marks"]):
        assert runner.invoke(args=["edition", "results", "small", "-o", str(out), *options]).exit_code == 0
        names = [sheet.name for sheet in read_workbook(out)]
        expected = ["About", "Standings", "students", "Delegates", "Tables", "Awards"]
        assert names == expected + ["Marks"] * bool(options)
    verbs = db.session.scalars(select(AuditEntry.verb).order_by(AuditEntry.id)).all()
    assert [verb for verb in verbs if verb.startswith(("edition.", "results.exp"))] == [
        "edition.imported",
        "edition.exported",
        "results.exported",
        "results.exported_with_marks",
    ]
    personal = [
        set(entry.details.get("personal", ()))
        for entry in db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        if entry.verb.startswith(("edition.", "results.exp"))
    ]
    assert ["delegate.contact" in named for named in personal] == [True, True, False, False]
    assert ["mark.value" in named for named in personal] == [True, True, False, True]


def test_a_dry_run_imports_nothing(app: Flask, workbook: Path) -> None:
    done = app.test_cli_runner().invoke(args=["edition", "import", str(workbook), "--dry-run"])
    assert (done.exit_code, done.stdout.splitlines()[:2]) == (
        0,
        ["small: new edition would be imported.", "  Edition: 5 created"],
    )
    assert find_edition("small") is None


def test_a_faulty_file_lists_every_fault_and_exits_with_1(app: Flask, tmp_path: Path) -> None:
    content = small()
    content["Marks"][1][6] = 500
    content["Teams"].append(["Ash", "Uni C"])
    path = tmp_path / "bad.xlsx"
    path.write_bytes(file_of(content))
    done = app.test_cli_runner().invoke(args=["edition", "import", str(path)])
    assert done.exit_code == 1
    lines = [line for line in done.stderr.splitlines() if not line.startswith("[")]
    assert lines == [
        "Teams row 6 team: “Ash” is already in row 2. It may stand here once.",
        "Teams row 6 institution: There is no institution “Uni C” in the sheet “Institutions”. Did you mean “Uni B”?",
        "Marks row 2 mark: A mark for “speech” is from 0 to 100. (found “500”)",
        "Error: The file has faults. Nothing was changed; here is all of it.",
    ]
    assert done.stdout == ""
    assert find_edition("small") is None


def test_every_fault_is_listed_however_many_there_are(app: Flask, tmp_path: Path) -> None:
    content = small()
    content["Delegates"] += [[f"X{n}", "Nobody"] for n in range(700)]
    (tmp_path / "faulty.xlsx").write_bytes(file_of(content))
    refused = app.test_cli_runner().invoke(args=["edition", "import", str(tmp_path / "faulty.xlsx")])
    listed = [line for line in refused.stderr.splitlines() if line.startswith("Delegates row")]
    assert (refused.exit_code, len(listed), "not listed" in refused.stderr) == (1, 700, False)


def test_a_file_that_is_not_there_is_said_in_one_line_and_exits_with_1(app: Flask, tmp_path: Path) -> None:
    for path in (tmp_path / "no.xlsx", tmp_path):
        refused = app.test_cli_runner().invoke(args=["edition", "import", str(path)])
        assert (refused.exit_code, refused.stderr) == (1, f"Error: There is no file “{path}”.\n")


def test_an_unknown_edition_and_a_file_that_is_no_workbook_exit_with_1(app: Flask, tmp_path: Path) -> None:
    runner = app.test_cli_runner()
    done = runner.invoke(args=["edition", "export", "nowhere", "-o", str(tmp_path / "x.xlsx")])
    assert (done.exit_code, (tmp_path / "x.xlsx").exists()) == (1, False)
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(b"no workbook")
    assert runner.invoke(args=["edition", "import", str(bad)]).exit_code == 1


@pytest.fixture
def clean_after(bare_app: Flask) -> Iterator[None]:
    """What a command committed is removed again."""
    yield
    with bare_app.app_context():
        for table in reversed(Base.metadata.sorted_tables):
            db.session.execute(table.delete())
        db.session.commit()
        db.session.remove()


@pytest.mark.usefixtures("clean_after")
@pytest.mark.parametrize("seconds", [0.15, 0.6])
def test_a_killed_import_leaves_nothing_or_all(
    bare_app: Flask, database_url: str, tmp_path: Path, seconds: float
) -> None:
    path = tmp_path / "large.xlsx"
    path.write_bytes(file_of(large(teams=80, rounds=6)))
    env = {**os.environ, "DATABASE_URL": database_url, "PARLEY_INSTANCE": str(tmp_path)}
    command = [sys.executable, "-m", "flask", "--app", "app", "edition", "import", str(path)]
    with subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "Writing everything" in line:
                break
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
    with bare_app.app_context():
        assert _counts() in (dict.fromkeys(("edition", *TABLES), 0), _whole())
        db.session.remove()
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with bare_app.app_context():
        assert _counts() == _whole()
        db.session.remove()


def _counts() -> dict[str, int]:
    editions = select(edition_table.c.id).where(edition_table.c.slug == "large")
    found = {"edition": len(db.session.scalars(editions).all())}
    for name in TABLES:
        found[name] = db.session.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()
    return found


def _whole() -> dict[str, int]:
    tables, seats, sheets = 20 * 6, 80 * 6, 60 * 6
    return {
        "edition": 1,
        "institution": 0,
        "team": 80,
        "delegate": 240,
        "judge": 60,
        "room": 0,
        "criterion": 2,
        "round": 6,
        "draw": 6,
        "negotiation_table": tables,
        "seat": seats,
        "panel_judge": sheets,
        "scoresheet": sheets,
        "mark": sheets * 4 * 4,
        "table_result": tables,
        "team_result": seats,
    }

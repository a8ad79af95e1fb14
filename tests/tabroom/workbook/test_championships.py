"""Made-up championships of every shape: an import and the standings command agree with a second, naive reckoning."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from decimal import Context, Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import text

from competition.editions.public import get_edition
from competition.rounds.public import record_results
from core.access import SYSTEM
from core.db import db, unit_of_work
from judging.public import results_from_sheets
from judging.scoring.adjusted import SheetScore, adjust_tables
from tabroom.workbook.stored_rounds import stored_outcomes
from tests.tabroom.workbook import reference
from tests.tabroom.workbook.build import file_of
from tests.tabroom.workbook.championships import Content, championship, retyped

TIED = (103, 108, 113)
SEEDS = [seed for seed in range(100, 116) if seed not in TIED]


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=["edition", *arguments])


def views(content: Content) -> list[tuple[list[str], dict[str, object]]]:
    """Every question that can be asked of the standings: (options of the command, of the reckoning)."""
    asked: list[tuple[list[str], dict[str, object]]] = [([], {})]
    for row in content.get("Divisions", [[]])[1:]:
        asked.append((["--division", row[0]], {"division": row[0]}))
    for row in content.get("Rounds", [[]])[1:]:
        asked.append((["--round", str(row[0])], {"upto": row[0]}))
    if content["Edition"][3][1] == "fixed":
        asked += [(["--role", role], {"role": role}) for role in reference.ROLES]
    return asked


def shown(output: str) -> list[tuple[str, str, dict[str, Fraction | None]]]:
    rows = list(csv.DictReader(io.StringIO(output)))
    others = ("rank", "team", "institution", "role")
    return [
        (
            row["rank"],
            row["team"],
            {name: Fraction(cell) if cell else None for name, cell in row.items() if name not in others},
        )
        for row in rows
    ]


def severities_of(
    content: Content,
) -> Callable[[dict[tuple[int, str], reference.Sheets], int], reference.Nets]:
    """What the scoring engine gives back to each (team, round) from the sheets of the second reckoning."""
    book = reference.Reading(content)

    def nets(sheets: dict[tuple[int, str], reference.Sheets], last: int) -> reference.Nets:
        adjusted = adjust_tables(
            [
                SheetScore(
                    team=team,
                    round=number,
                    judge=judge,
                    score=Context(prec=60).divide(Decimal(score.numerator), Decimal(score.denominator)),
                    bracket=book.teams[team].get("role") if book.settings["role_policy"] == "fixed" else None,
                    penalty=sum(
                        (
                            Decimal(str(row["amount"]))
                            for row in book.rows("Penalties")
                            if (row["round"], row["team"]) == (number, team)
                        ),
                        Decimal(0),
                    ),
                )
                for (number, _table), panel in sheets.items()
                for judge, scores in panel.items()
                for team, score in scores.items()
                if number <= last
            ],
            book.setting("panel_method", "mean"),
            int(book.setting("score_decimals", 2)),
        )
        return {key: Fraction(table.net) for key, table in adjusted.tables.items()}

    return nets


def same_order(lines: list[tuple[str, str, dict[str, Fraction | None]]]) -> list[object]:
    """The ranks in their order, and every line whatever the order of teams that are level."""
    return [[line[0] for line in lines], sorted(lines, key=lambda line: line[1])]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_standings_are_those_of_a_second_reckoning(app: Flask, tmp_path: Path, seed: int) -> None:
    content = championship(seed)
    (tmp_path / "typed.xlsx").write_bytes(file_of(retyped(content, seed)))
    taken = run(app, "import", str(tmp_path / "typed.xlsx"))
    assert taken.exit_code == 0, taken.stderr
    for options, asked in views(content):
        printed = run(app, "standings", f"c{seed}", "--format", "csv", *options)
        expected = [
            (line.rank, line.team, line.values)
            for line in reference.standings(content, adjustment=severities_of(content), **asked)  # type: ignore[arg-type]
        ]
        assert same_order(shown(printed.stdout)) == same_order(expected), options


@pytest.mark.parametrize("seed", SEEDS)
def test_its_export_is_the_same_edition_and_judging_makes_the_same_of_it(
    app: Flask, tmp_path: Path, seed: int
) -> None:
    first, second = tmp_path / "first.xlsx", tmp_path / "second.xlsx"
    content = championship(seed)
    first.write_bytes(file_of(retyped(content, seed)))
    assert run(app, "import", str(first)).exit_code == 0
    assert "nothing to change" in run(app, "import", str(first)).stdout
    run(app, "export", f"c{seed}", "-o", str(first))
    assert "nothing to change" in run(app, "import", str(first)).stdout
    standings = run(app, "standings", f"c{seed}").stdout
    db.session.execute(text("UPDATE edition SET slug = 'earlier'"))
    db.session.commit()
    assert run(app, "import", str(first)).exit_code == 0
    run(app, "export", f"c{seed}", "-o", str(second))
    assert first.read_bytes() == second.read_bytes()
    assert run(app, "standings", f"c{seed}").stdout == standings
    if not any(row[2] == "left" for row in content.get("Outcomes", [])):
        made_of_sheets(get_edition(f"c{seed}").id)


def made_of_sheets(edition_id: int) -> None:
    """Results that came from scoresheets come out the same when judging makes them anew."""
    before = stored_outcomes(edition_id)
    with unit_of_work():
        for name, column in (("team_result", "table_result_id"), ("table_result", "id")):
            db.session.execute(
                text(
                    f"DELETE FROM {name} WHERE {column} IN (SELECT id FROM table_result WHERE source = 'sheets')"
                )
            )
        record_results(actor=SYSTEM, source="sheets", recorded=results_from_sheets(edition_id))
    assert stored_outcomes(edition_id) == before


@pytest.mark.parametrize("seed", TIED)
def test_a_tie_is_a_fault_where_the_edition_forbids_it(app: Flask, tmp_path: Path, seed: int) -> None:
    content = championship(seed)
    with pytest.raises(reference.Tie):
        reference.standings(content, upto=99)
    (tmp_path / "tied.xlsx").write_bytes(file_of(content))
    refused = run(app, "import", str(tmp_path / "tied.xlsx"))
    assert (refused.exit_code, "this edition forbids ties" in refused.stderr) == (1, True)

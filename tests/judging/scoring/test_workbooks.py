"""Whole real tournaments, from the marks in their workbooks to every line of their official standings."""

import csv
from collections import defaultdict
from decimal import Decimal as D

import pytest
from openpyxl import load_workbook

from judging.scoring.sheets import CriterionRule, MarkLine, sheet_scores
from judging.scoring.standings import Entrant, Played, standings
from judging.scoring.tables import PanelSheet, table_result

pytestmark = pytest.mark.real_data
EDITIONS = ("naudc2024", "usudc2023", "wudc2023")


def sheets_of(path):
    book = load_workbook(path, read_only=True)
    found = {}
    for sheet in book:
        header, *rows = sheet.iter_rows(values_only=True)
        found[sheet.title] = [dict(zip(header, row, strict=True)) for row in rows]
    book.close()
    return found


def decimal(value):
    return D(str(value))


def marked_tables(book, edition):
    criteria = [
        CriterionRule(
            id=row["criterion"],
            target=row["target"],
            minimum=decimal(row["minimum"]),
            maximum=decimal(row["maximum"]),
            step=decimal(row["step"]),
            weight=decimal(row["weight"]),
        )
        for row in book["Criteria"]
    ]
    positions = {(row["round"], row["table"], row["judge"]): row["position"] for row in book["Panels"]}
    marks = defaultdict(list)
    for row in book["Marks"]:
        line = MarkLine(
            team=row["team"], delegate=row["delegate"], criterion=row["criterion"], mark=decimal(row["mark"])
        )
        marks[row["round"], row["table"], row["judge"]].append(line)
    tables = defaultdict(list)
    for (number, table, judge), lines in marks.items():
        sheet = PanelSheet(
            judge=judge,
            position=positions[number, table, judge],
            state="confirmed",
            scores=sheet_scores(lines, criteria, edition.get("delegate_marks", "mean")),
        )
        tables[number, table].append(sheet)
    for (number, table), sheets in tables.items():
        for placing in table_result(sheets, ranked=sheets[0].scores).placings:
            yield number, table, placing.team, placing.rank, placing.score, placing.is_shared


def results_of(book):
    edition = {row["key"]: row["value"] for row in book["Edition"]}
    points = [D(part) for part in edition["table_points"].split(";")]
    weights = {row["round"]: decimal(row["weight"]) for row in book["Rounds"]}
    facts = list(marked_tables(book, edition))
    facts += [
        (row["round"], row["table"], row["team"], row["rank"], decimal(row["score"]), False)
        for row in book["Results"]
    ]
    for number, table, team, rank, score, is_shared in facts:
        assert not is_shared, "the real tabs have no shared places, so points need no averaging here"
        yield Played(
            team=team,
            round=number,
            table=table,
            rank=rank,
            points=points[rank - 1] * weights[number],
            score=score,
        )


@pytest.mark.parametrize("name", EDITIONS)
def test_the_official_standings_come_out_of_the_marks(shared_data, name):
    book = sheets_of(shared_data / "workbooks" / f"{name}.xlsx")
    edition = {row["key"]: row["value"] for row in book["Edition"]}
    lines = standings(
        [Entrant(team=row["team"], is_ranked=row["status"] == "registered") for row in book["Teams"]],
        results_of(book),
        edition["standings_metrics"].split(";"),
    )
    columns = ("points", "total_score", "firsts", "seconds")
    found = {line.team: (line.rank, *(line.values[column] for column in columns)) for line in lines}
    with (shared_data / "workbooks" / f"{name}.expected.csv").open(encoding="utf-8-sig", newline="") as file:
        expected = {
            row["team"]: (int(row["rank"].rstrip("=")), *(D(row[column]) for column in columns))
            for row in csv.DictReader(file)
        }
    assert found == expected


@pytest.mark.parametrize("name", EDITIONS)
def test_the_deviation_of_every_speaker_is_the_published_one(shared_data, name):
    with (shared_data / "bp_tabs" / name / "speakers.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    complete = [row for row in rows if all(row[key] for key in row if key[0] == "R" and key[1:].isdigit())]
    for row in complete:
        scores = [D(row[key]) for key in row if key[0] == "R" and key[1:].isdigit()]
        results = [
            Played(team="one", round=number, table=number, rank=None, points=D(0), score=score)
            for number, score in enumerate(scores)
        ]
        (line,) = standings([Entrant(team="one")], results, ["score_deviation"])
        published = D(row["stdev_official"])
        assert abs(line.values["score_deviation"] - published) <= D("0.005001")
        assert line.values["total_score"] == D(row["total_official"])
    assert len(complete) > len(rows) * 0.7

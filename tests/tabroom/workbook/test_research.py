"""The research workbook: codes instead of names, and summaries that equal a plain recount."""

from __future__ import annotations

from collections import defaultdict
from statistics import correlation, mean, quantiles, stdev
from typing import Any

import pytest
from flask import Flask

from competition.editions.public import get_edition
from core.access import SYSTEM
from core.spreadsheets import read_workbook
from tabroom.workbook.research import FEWEST_PAIRS, research_workbook
from tabroom.workbook.service import import_file
from tests.factories import make_edition
from tests.tabroom.workbook.build import Content, file_of, small, varied

Table = list[dict[str, Any]]


def sheets_of(slug: str) -> dict[str, Table]:
    """The sheets of an edition's research workbook as rows by column."""
    found = {}
    for sheet in read_workbook(research_workbook(get_edition(slug))):
        headers = [str(cell) for cell in sheet.rows[0]]
        found[sheet.name] = [
            dict.fromkeys(headers) | dict(zip(headers, row, strict=False)) for row in sheet.rows[1:]
        ]
    return found


def bring_in(content: Content) -> None:
    import_file(actor=SYSTEM, source=file_of(content))


@pytest.fixture
def request_context(app: Flask) -> Any:
    with app.test_request_context():
        yield


pytestmark = pytest.mark.usefixtures("request_context")


def test_nobody_is_named_and_codes_stay_the_same(app: Flask) -> None:
    content = small()
    content["Judges"][1][1], content["Teams"][1][0] = "Zebedee Judge", "Ash"
    bring_in(content)
    once, again = sheets_of("small"), sheets_of("small")
    assert once == again
    words = {
        str(value) for name, rows in once.items() if name != "About" for row in rows for value in row.values()
    }
    assert (
        words & {"Ash", "Birch", "Cedar", "Dogwood", "A1", "A2", "J1", "Ada", "Zebedee Judge", "Uni A"}
        == set()
    )
    assert {row["team"] for row in once["Seats"]} == {f"team-00{number}" for number in range(1, 5)}
    assert {row["judge"] for row in once["Marks"]} <= {"judge-001", "judge-002"}


def test_marks_seats_and_tables_say_what_was_played(app: Flask) -> None:
    bring_in(small())
    sheets = sheets_of("small")
    by_role = {row["role"]: row for row in sheets["Seats"]}
    marks = defaultdict(list)
    for row in sheets["Marks"]:
        marks[row["role"]].append(row["mark"])
    assert dict(marks) == {
        "government": [60, 61],
        "enterprise": [65, 66],
        "local_ngo": [70, 71],
        "igo": [75, 76],
    }
    assert {role: (row["rank"], row["points"]) for role, row in by_role.items()} == {
        "government": (4, 0),
        "enterprise": (3, 1),
        "local_ngo": (2, 2),
        "igo": (1, 3),
    }
    (table,) = sheets["Tables"]
    scores = [row["score"] for row in sheets["Seats"]]
    assert (table["teams"], table["mean_score"]) == (4, sum(scores) / 4)
    assert (table["score_range"], table["outcome"]) == (max(scores) - min(scores), None)


def test_summaries_equal_a_plain_recount(app: Flask) -> None:
    content = varied(7)
    bring_in(content)
    sheets = sheets_of(dict(content["Edition"][1:])["slug"])
    marks = defaultdict(list)
    for row in sheets["Marks"]:
        marks[row["criterion"], row["role"]].append(float(row["mark"]))
    assert marks
    assert {(row["criterion"], row["role"]): row["marks"] for row in sheets["By criterion"]} == {
        key: len(values) for key, values in marks.items()
    }
    for row in sheets["By criterion"]:
        values = marks[row["criterion"], row["role"]]
        lower, median, upper = quantiles(values, method="inclusive") if len(values) > 1 else values * 3
        expected = [mean(values), min(values), lower, median, upper, max(values)]
        names = ("mean", "lowest", "lower_quartile", "median", "upper_quartile", "highest")
        assert [float(row[name]) for name in names] == pytest.approx(expected, abs=1e-6)
        if len(values) > 1:
            assert float(row["sd"]) == pytest.approx(stdev(values), abs=1e-6)
    seats = [row for row in sheets["Seats"] if row["rank"] is not None]
    for row in sheets["By role"]:
        ranks = [seat["rank"] for seat in seats if seat["role"] == row["role"]]
        assert (row["seats"], float(row["mean_rank"])) == (len(ranks), pytest.approx(mean(ranks), abs=1e-6))
        assert float(row["first_places"]) == pytest.approx(ranks.count(1) / len(ranks), abs=1e-6)


def test_two_criteria_are_compared_over_the_sheets_that_have_both(app: Flask) -> None:
    content = varied(7)
    bring_in(content)
    sheets = sheets_of(dict(content["Edition"][1:])["slug"])
    sheet = defaultdict(lambda: defaultdict(list))  # type: ignore[var-annotated]
    for row in sheets["Marks"]:
        at = (row["round"], row["table"], row["judge"], row["team"])
        sheet[row["criterion"]][at].append(float(row["mark"]))
    compared = 0
    for row in sheets["Criteria together"]:
        for other, value in row.items():
            if other == "criterion":
                continue
            one, two = sheet[row["criterion"]], sheet[other]
            both = [(mean(one[at]), mean(two[at])) for at in one if at in two]
            if len(both) < FEWEST_PAIRS:
                assert value is None
            else:
                compared += row["criterion"] != other
                assert float(value) == pytest.approx(correlation(*zip(*both, strict=True)), abs=1e-5)
    assert compared > 0


def test_an_edition_in_which_nothing_was_played_has_empty_sheets(app: Flask) -> None:
    make_edition("bare")
    sheets = sheets_of("bare")
    assert {name: rows for name, rows in sheets.items() if name != "About" and rows} == {}

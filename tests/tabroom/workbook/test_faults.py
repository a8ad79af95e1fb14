"""Every fault of a file at once, each with its sheet, row and column."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from core.roles import ROLES
from core.spreadsheets import Cells, Sheet
from tabroom.workbook.check import check_workbook
from tabroom.workbook.faults import MOST_LISTED, Faults
from tabroom.workbook.outcomes import table_outcomes
from tabroom.workbook.read import read_sheets
from tabroom.workbook.seating import seating_of
from tabroom.workbook.service import _whole
from tests.tabroom.workbook.build import Content, sheets_of, small

TEAMS = ["Ash", "Birch", "Cedar", "Dogwood"]


def judged(content: Content | list[Sheet]) -> Faults:
    faults = Faults()
    sheets = content if isinstance(content, list) else sheets_of(content)
    book = _whole(read_sheets(sheets, faults))
    seating = seating_of(book)
    check_workbook(book, seating, faults)
    if not faults.fault_count:
        table_outcomes(book, seating, faults)
    return faults


def found(content: Content | list[Sheet]) -> list[tuple[Any, ...]]:
    return [(*problem.where, problem.code) for problem in judged(content).faults]


def warned(content: Content) -> list[tuple[Any, ...]]:
    return [(*problem.where, problem.code) for problem in judged(content).warnings]


def with_rows(sheet: str, *rows: list[Any]) -> Content:
    """The small edition with further rows at the end of a sheet."""
    content = small()
    content[sheet] = [*content.get(sheet, []), *rows]
    return content


def replaced(sheet: str, row: int, column: int, value: Any) -> Content:
    """The small edition with one cell changed (row 2 is the first under the headers)."""
    content = small()
    content[sheet][row - 1][column] = value
    return content


def test_a_sound_edition_has_neither_faults_nor_warnings() -> None:
    faults = judged(small())
    assert (faults.listed, faults.fault_count, faults.warning_count) == ([], 0, 0)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (with_rows("Teams", ["Ash", "Uni A"]), [("Teams", 6, "team", "repeated")]),
        (with_rows("Teams", [" Ash\u00a0", "Uni A"]), [("Teams", 6, "team", "repeated")]),
        (with_rows("Teams", ["VACANT"]), [("Teams", 6, "team", "reserved_name")]),
        (with_rows("Teams", ["Elm", "Uni C"]), [("Teams", 6, "institution", "unknown_reference")]),
        (
            with_rows("Teams", ["Elm", "", "students;juniors"]),
            [("Teams", 6, "divisions", "unknown_reference")],
        ),
        (with_rows("Teams", ["", "Uni A"]), [("Teams", 6, "team", "required")]),
        (
            with_rows("Draw", [1, "A", "", *TEAMS]),
            [("Draw", 3, "table", "repeated")] + [("Draw", 3, role, "seated_twice") for role in ROLES],
        ),
        (
            replaced("Draw", 2, 6, "Ash"),
            [("Draw", 2, "igo", "seated_twice"), *[("Marks", row, "team", "not_at_table") for row in (8, 9)]],
        ),
        (replaced("Draw", 2, 2, "102"), [("Draw", 2, "room", "unknown_reference")]),
        (
            with_rows("Draw", [1, "B", "", "", "", "", ""]),
            [("Draw", 3, role, "empty_seat") for role in ROLES],
        ),
        (with_rows("Panels", [1, "A", "J3", "panellist"]), [("Panels", 4, "judge", "unknown_reference")]),
        (replaced("Panels", 3, 3, "chair"), [("Panels", 3, "position", "two_chairs")]),
        (replaced("Panels", 3, 3, "boss"), [("Panels", 3, "position", "not_a_choice")]),
        (replaced("Marks", 2, 6, 101), [("Marks", 2, "mark", "out_of_range")]),
        (replaced("Marks", 2, 6, Decimal("60.5")), [("Marks", 2, "mark", "off_step")]),
        (replaced("Marks", 2, 6, "sixty"), [("Marks", 2, "mark", "not_a_number")]),
        (replaced("Marks", 2, 6, ""), [("Marks", 2, "mark", "required")]),
        (
            replaced("Marks", 2, 5, "style"),
            [("Marks", 2, "criterion", "unknown_reference"), ("Marks", 2, "mark", "missing_mark")],
        ),
        (replaced("Marks", 2, 4, "B1"), [("Marks", 2, "delegate", "not_in_team")]),
        (replaced("Marks", 2, 4, ""), [("Marks", 2, "delegate", "not_for_teams")]),
        (replaced("Marks", 3, 4, "A1"), [("Marks", 3, "criterion", "repeated")]),
        (replaced("Rounds", 2, 1, "semi"), [("Rounds", 2, "stage", "not_a_choice")]),
        (replaced("Criteria", 2, 2, 100), [("Criteria", 2, "minimum", "scale_crossed")]),
        (with_rows("Institutions", ["Uni C", "Chine"]), [("Institutions", 4, "country", "too_long")]),
        (with_rows("Institutions", ["Uni C", "1"]), [("Institutions", 4, "country", "bad_country")]),
    ],
)
def test_one_fault_is_reported_where_it_is(content: Content, expected: list[tuple[Any, ...]]) -> None:
    assert found(content) == expected


def test_a_judge_may_mark_only_their_own_table() -> None:
    content = with_rows("Judges", ["J9", "Not on any panel"])
    content["Marks"] = [
        [*row[:2], "J9" if at else row[2], *row[3:]] for at, row in enumerate(content["Marks"])
    ]
    assert found(content) == [("Marks", 2, "judge", "not_on_panel")]


def test_a_fifth_team_at_a_table_is_a_fault() -> None:
    content = with_rows("Teams", ["Elm", "Uni A", "students"])
    content["Delegates"] += [["E1", "Elm"], ["E2", "Elm"]]
    content["Marks"].append([1, "A", "J1", "Elm", "E1", "speech", 70])
    content["Results"] = [["round", "table", "team", "rank"], [1, "A", "Elm", 1]]
    assert found(content) == [("Results", 2, "team", "not_at_table"), ("Marks", 10, "team", "not_at_table")]


def test_ranks_of_results_and_scoresheets_must_agree() -> None:
    results = [
        ["round", "table", "team", "rank"],
        *([1, "A", team, rank] for rank, team in enumerate(TEAMS, 1)),
    ]
    assert found(small(Results=results)) == [("Results", row, "rank", "ranks_differ") for row in (2, 3, 4, 5)]
    agreeing = [
        ["round", "table", "team", "rank"],
        *([1, "A", team, 5 - n] for n, team in enumerate(TEAMS, 1)),
    ]
    assert found(small(Results=agreeing)) == []


def test_a_rank_may_contradict_the_score_of_the_same_row() -> None:
    results = [
        ["round", "table", "team", "rank", "score"],
        *([1, "A", team, n, 70 + n] for n, team in enumerate(TEAMS, 1)),
    ]
    assert found({**small(Results=results), "Marks": [small()["Marks"][0]]}) == []


def test_only_one_seat_may_be_vacant() -> None:
    content = small(Draw=[["round", "table", *ROLES], [1, "A", "Ash", "VACANT", "Cedar", "VACANT"]])
    content["Marks"] = content["Marks"][:1]
    assert found(content) == [("Draw", 2, "igo", "two_vacant")]


def test_an_elimination_table_may_wait_for_all_its_teams() -> None:
    content = small(Rounds=[["round", "stage"], [1, "preliminary"], [2, "elimination"]])
    content["Draw"].append([2, "F", "", "", "", "", ""])
    assert found(content) == []
    content["Draw"].append([2, "G", "", "Ash", "", "", ""])
    assert found(content) == [("Draw", 4, role, "empty_seat") for role in ROLES[1:]]


def test_a_mark_that_is_missing_on_a_confirmed_sheet_is_a_fault_but_a_silent_delegate_is_not() -> None:
    content = small(
        Criteria=[
            ["criterion", "target", "minimum", "maximum"],
            ["speech", "delegate", 0, 100],
            ["style", "team", 0, 10],
        ]
    )
    content["Marks"] += [[1, "A", "J1", team, "", "style", 5] for team in TEAMS[1:]]
    assert found(content) == [("Marks", 2, "mark", "missing_mark")]
    silent = small()
    del silent["Marks"][2]
    assert found(silent) == []


def test_a_tie_is_a_fault_only_where_the_edition_forbids_it() -> None:
    content = small()
    for row in content["Marks"][1:]:
        row[6] = 70
    assert found(content) == []
    content["Edition"].append(["table_ties", "forbidden"])
    assert found(content) == [("Draw", 2, "table", "tie_forbidden")]


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("slug", "Small One", "bad_slug"),
        ("slug", "../etc", "bad_slug"),
        ("timezone", "Europe/Berlino", "unknown_timezone"),
        ("role_policy", "both", "not_a_choice"),
        ("format", 2, "out_of_range"),
        ("table_points", "3;2;1", "bad_points"),
        ("table_points", "3;2;one;0", "bad_points"),
        ("standings_metrics", "points;luck", "unknown_metric"),
        ("score_decimals", 7, "out_of_range"),
        ("score_decimals", Decimal("1.5"), "not_whole"),
        ("starts_on", "17.5.2025", "not_a_date"),
        ("name", "", "required"),
    ],
)
def test_a_bad_setting_is_a_fault_at_its_row(key: str, value: Any, code: str) -> None:
    content = small()
    content["Edition"] = [row for row in content["Edition"] if row[0] != key] + [[key, value]]
    faults = judged(content).faults
    assert [(*each.where, each.code) for each in faults] == [("Edition", len(content["Edition"]), key, code)]


def test_a_missing_key_or_sheet_is_a_fault() -> None:
    without = small()
    without["Edition"] = [row for row in without["Edition"] if row[0] != "slug"]
    assert found(without) == [("Edition", 1, "slug", "missing_key")]
    assert ("Edition", "missing_sheet") in found({"Teams": [["team"], ["Ash"]]})


@pytest.mark.parametrize(
    ("sheet", "place"),
    [
        ("Institutions", 0),
        ("Divisions", 0),
        ("Teams", 0),
        ("Delegates", 0),
        ("Judges", 0),
        ("Rooms", 0),
        ("Criteria", 3),
        ("Rounds", 1),
        ("Draw", 1),
        ("Panels", 3),
    ],
)
def test_a_missing_column_is_one_fault_and_not_one_of_every_row_that_needs_it(sheet: str, place: int) -> None:
    content = small(Lineups=[["round", "team", "delegate"], [1, "Ash", "A1"]])
    name = content[sheet][0][place]
    content[sheet] = [[*row[:place], *row[place + 1 :]] for row in content[sheet]]
    assert found(content) == [(sheet, 1, name, "missing_column")]


def test_a_panel_that_cannot_be_read_puts_no_mark_at_fault() -> None:
    assert found(replaced("Panels", 2, 3, "boss")) == [("Panels", 2, "position", "not_a_choice")]


@pytest.mark.parametrize("mark", ["sixty", "60,5", True])
def test_a_mark_that_cannot_be_read_is_not_missing_too(mark: object) -> None:
    assert found(replaced("Marks", 2, 6, mark)) == [("Marks", 2, "mark", "not_a_number")]


def test_a_team_that_sits_twice_is_a_fault_of_the_draw_and_not_of_its_marks() -> None:
    content = with_rows("Draw", [1, "B", "", "Ash", "VACANT", "Cedar", "Dogwood"])
    assert found(content) == [
        ("Draw", 3, role, "seated_twice") for role in ("government", "local_ngo", "igo")
    ]


def test_a_team_that_is_not_there_has_no_mark_to_miss() -> None:
    content = replaced("Draw", 2, 3, "ash")
    assert found(content) == [
        ("Draw", 2, "government", "unknown_reference"),
        ("Marks", 2, "team", "not_at_table"),
        ("Marks", 3, "team", "not_at_table"),
    ]


def test_a_sheet_without_any_cell_is_as_good_as_missing() -> None:
    assert found([*sheets_of(small()), Sheet(name="Awards", rows=[])]) == []


def test_unknown_sheets_columns_and_keys_are_warnings_and_say_what_was_meant() -> None:
    content = small(Judge=[["judge"], ["J1"]])
    content["Teams"][0] = ["team", "institution", "divisions", "colour"]
    content["Edition"].append(["panel_metod", "mean"])
    faults = judged(content)
    assert faults.faults == []
    assert [(*each.where, each.code, each.values["guess"]) for each in faults.warnings] == [
        ("Judge", "unknown_sheet", "Judges"),
        ("Edition", 7, "panel_metod", "unknown_key", "panel_method"),
        ("Teams", 1, "colour", "unknown_column", ""),
    ]


def test_words_match_in_any_writing() -> None:
    content = small(
        Teams=[["team", "status", "wishes"], *([team, "Stand-In", "Local NGO; IGO"] for team in TEAMS)]
    )
    content["Edition"] += [["standings_metrics", "Points; Total score"], ["panel_method", "Trimmed mean"]]
    assert found(content) == []


def test_headers_match_in_any_order_and_writing() -> None:
    content = small(
        Panels=[
            [" Position", "JUDGE", "Table ", "round"],
            ["Chair", "J1", "A", "1"],
            ["panellist", "J2", "A", 1],
        ]
    )
    assert found(content) == []


def test_an_unknown_name_comes_with_what_was_probably_meant() -> None:
    [fault] = judged(with_rows("Panels", [1, "A", "j1", "trainee"])).faults
    assert (fault.code, fault.values["value"], fault.values["guess"]) == ("unknown_reference", "j1", "J1")


@pytest.mark.parametrize(
    ("time", "codes"),
    [
        ("2025-03-30 02:30", ["time_never"]),
        ("2025-10-26 02:30", ["time_twice"]),
        ("2025-10-26 02:30+01:00", []),
        ("2025-10-26 04:30", []),
        ("tomorrow", ["not_a_time"]),
    ],
)
def test_an_hour_that_does_not_exist_or_exists_twice_is_a_fault(time: str, codes: list[str]) -> None:
    content = small(Rounds=[["round", "stage", "starts_at"], [1, "preliminary", time]])
    assert [fault.code for fault in judged(content).faults] == codes


def test_formulas_and_errors_are_faults_and_their_number_is_told() -> None:
    content = small()
    sheets = [sheet for sheet in sheets_of(content) if sheet.name != "Marks"]
    places = tuple((row, 7) for row in range(2, 52))
    rows = [content["Marks"][0], *([[1, "A", "J1", "Ash", "A1", "speech", None]] * 900)]
    sheets.append(Sheet(name="Marks", rows=rows, formulas=Cells(places=places, counts={7: 900})))
    faults = judged(sheets)
    assert [(*each.where, each.code) for each in faults.faults[:50]] == [
        ("Marks", row, "mark", "formula") for row in range(2, 52)
    ]
    assert faults.faults[50].values["count"] == 850
    assert faults.fault_count == 900
    assert "more_faults" not in [each.code for each in faults.listed]


def test_a_formula_is_a_fault_only_where_something_is_read_and_nothing_else_is_at_fault_for_it() -> None:
    content = small()
    teams = [["team", "institution", "divisions", "shirts"], *(["Ash", "Uni A", "students", 4] for _ in "1")]
    teams += [[team, "Uni A", "students", 4] for team in TEAMS[1:]]
    sheets = [sheet for sheet in sheets_of(content) if sheet.name != "Teams"]
    sheets.append(
        Sheet(name="Teams", rows=teams, formulas=Cells(places=((2, 4), (3, 1)), counts={4: 1, 1: 1}))
    )
    assert [(*each.where, each.code) for each in judged(sheets).faults] == [("Teams", 3, "team", "formula")]


def test_only_the_first_faults_are_listed_and_the_rest_are_counted() -> None:
    content = with_rows("Delegates", *([f"X{n}", "Nobody"] for n in range(2000)))
    faults = judged(content)
    assert (len(faults.faults), faults.fault_count) == (MOST_LISTED, 2000)
    assert faults.listed[MOST_LISTED].values == {"count": 1500}


def test_team_sizes_outside_the_rule_are_warnings() -> None:
    content = with_rows("Delegates", *([f"A{n}", "Ash"] for n in range(3, 8)))
    assert found(content) == []
    assert warned(content) == [("Teams", 2, "team", "team_size")]


def test_numbers_and_dates_typed_as_text_are_accepted() -> None:
    content = small(
        Rounds=[["round", "stage", "weight", "starts_at"], ["1", "preliminary", "1.5", "2025-05-17T09:30"]]
    )
    content["Marks"] = [[str(cell) for cell in row] for row in content["Marks"]]
    assert found(content) == []


def test_a_name_that_the_spreadsheet_takes_for_a_truth_is_the_word_it_shows() -> None:
    content = replaced("Teams", 2, 0, True)
    content["Draw"][1][3] = "TRUE"
    content["Delegates"] = [[*row[:1], "TRUE" if row[1] == "Ash" else row[1]] for row in content["Delegates"]]
    content["Marks"] = [[*row[:3], True if row[3] == "Ash" else row[3], *row[4:]] for row in content["Marks"]]
    assert found(content) == []


def test_a_link_that_could_run_something_is_a_fault() -> None:
    content = small(Rooms=[["room", "link"], ["101", "javascript:alert(1)"]])
    assert found(content) == [("Rooms", 2, "link", "bad_link")]


def test_marks_of_a_delegate_whom_the_line_up_leaves_out_are_a_warning() -> None:
    content = small(Lineups=[["round", "team", "delegate"], [1, "Birch", "B2"]])
    assert (found(content), warned(content)) == ([], [("Marks", 5, "delegate", "left_out")])


def test_marks_of_an_absent_team_are_a_warning() -> None:
    content = small(Outcomes=[["round", "team", "outcome"], [1, "Birch", "absent"]])
    assert (found(content), warned(content)) == ([], [("Marks", 4, "team", "left_out")])


def test_given_ranks_are_shared_only_where_the_edition_allows_it() -> None:
    results = [
        ["round", "table", "team", "rank"],
        *([1, "A", team, min(n, 3)] for n, team in enumerate(TEAMS, 1)),
    ]
    content = {**small(Results=results), "Marks": [small()["Marks"][0]]}
    assert found(content) == []
    content["Edition"].append(["table_ties", "forbidden"])
    assert found(content) == [("Results", 4, "rank", "tie_forbidden")]


def test_a_break_is_for_a_division_or_a_role() -> None:
    content = small(
        Breaks=[["division", "role", "size"], ["students", "igo", 4], ["", "", 2], ["students", "", 4]]
    )
    assert found(content) == [("Breaks", row, "division", "one_of_two") for row in (2, 3)]

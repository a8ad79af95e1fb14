"""A workbook that comes back with its faults marked where they are."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment

from tabroom.workbook.marked import MOST_WORDS, RED, Fault, marked


def a_file() -> bytes:
    """Two sheets: one with odd headers and a merged place, one with a note and a formula."""
    book = Workbook()
    teams = book.active
    assert teams is not None
    teams.title = "teams"
    for row in (["Team", " Institution ", None], ["Ash", "Uni A", 1], ["Elm", "Uni C", 2]):
        teams.append(row)
    teams.merge_cells("B3:C3")
    marks = book.create_sheet("Marks")
    marks.append(["round", "mark"])
    marks.append([1, "=250+250"])
    marks["B2"].comment = Comment("Ask Ada", "Bo")
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def notes_of(data: bytes) -> dict[str, str]:
    """What the note of each cell says; cells with notes of ours, and no others, are red."""
    found = {}
    for sheet in load_workbook(BytesIO(data)).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                is_red = cell.fill.fill_type == "solid" and str(cell.fill.fgColor.rgb).endswith(RED)
                assert is_red is (cell.comment is not None and cell.comment.text != "Ask Ada")
                if cell.comment is not None:
                    found[f"{sheet.title}!{cell.coordinate}"] = cell.comment.text
    return found


@pytest.mark.parametrize(
    ("fault", "place"),
    [
        (("Teams", 2, "team"), "teams!A2"),
        (("Teams", 3, "institution"), "teams!B3"),
        (("TEAMS", 3, "Institution"), "teams!B3"),
        (("Teams", 3, "no such column"), "teams!A3"),
        (("Teams", 0, ""), "teams!A1"),
        (("Teams", 9, "team"), "teams!A9"),
    ],
)
def test_a_fault_stands_at_its_cell(fault: tuple[str, int, str], place: str) -> None:
    sheet, row, column = fault
    notes = notes_of(marked(a_file(), [Fault(sheet=sheet, row=row, column=column, text="Wrong.")]))
    assert notes == {place: "Wrong.", "Marks!B2": "Ask Ada"}


def test_notes_and_formulas_of_the_sender_stay_and_faults_are_added_once() -> None:
    faults = [Fault(sheet="Marks", row=2, column="mark", text=text) for text in ("Too high.", "Odd.", "Odd.")]
    data = marked(a_file(), faults)
    assert notes_of(data)["Marks!B2"] == "Ask Ada\nToo high.\nOdd."
    sheet = load_workbook(BytesIO(data))["Marks"]
    assert (sheet["B2"].value, sheet.sheet_properties.tabColor.rgb[-6:]) == ("=250+250", "C00000")


def test_a_note_is_bounded_and_a_sheet_that_is_not_there_is_left_out() -> None:
    faults = [Fault(sheet="Teams", row=2, column="team", text=f"{number}" * 50) for number in range(1, 99)]
    notes = notes_of(marked(a_file(), [*faults, Fault(sheet="Judges", row=0, column="", text="Missing.")]))
    assert (len(notes["teams!A2"]), any("Missing" in text for text in notes.values())) == (MOST_WORDS, False)

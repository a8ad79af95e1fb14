"""A stranger's workbook is read exactly or refused in plain words; what we write is never a formula."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid, TooLarge
from core.spreadsheets import (
    Limits,
    NotAWorkbook,
    Sheet,
    Value,
    WorkbookWriter,
    csv_for_people,
    csv_raw,
    date_of,
    datetime_of,
    exact_number,
    number_of,
    read_workbook,
    text_of,
    truth_of,
)

CELL = '<c r="{place}"><v>{value}</v></c>'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DAMAGED = "This workbook is damaged. Open it, save it again as .xlsx and send that."


def parts_with(sheet_data: str, **more: str | bytes) -> dict[str, str | bytes]:
    """The parts of the smallest workbook, with one sheet “A” that holds `sheet_data`."""
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
            '<sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{package}"><Relationship Id="rId1" Type="{RELATIONS}/worksheet" '
            'Target="worksheets/sheet1.xml"/></Relationships>'
        ),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{sheet_data}</sheetData></worksheet>',
    }
    return parts | more


def packed(parts: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def workbook(sheet_data: str, **more: str | bytes) -> bytes:
    return packed(parts_with(sheet_data, **more))


def one_sheet(data: bytes) -> Sheet:
    (sheet,) = read_workbook(data)
    return sheet


def written(*rows: list[Value], headers: tuple[str, ...] = ("one", "two", "three")) -> bytes:
    writer = WorkbookWriter()
    writer.add_sheet("Data", headers, rows)
    return writer.save()


class TestReading:
    def test_every_kind_of_cell_comes_back_as_what_was_typed(self) -> None:
        rows: list[list[Value]] = [
            ["text", "中文", "two\nlines"],
            [1, Decimal("0.1"), Decimal("81.333333")],
            [True, date(2025, 5, 17), datetime(2025, 5, 17, 9, 30)],
            [None, time(9, 30), timedelta(hours=30)],
        ]

        sheet = one_sheet(written(*rows))

        assert sheet.name == "Data"
        assert sheet.rows == [["one", "two", "three"], *rows]
        assert sheet.problems == []

    def test_a_path_is_read_like_its_content(self, tmp_path: Path) -> None:
        path = tmp_path / "edition.xlsx"
        path.write_bytes(written(["a", 1, None]))

        assert read_workbook(path) == read_workbook(path.read_bytes())

    def test_rows_and_columns_keep_their_places(self) -> None:
        data = workbook('<row r="3"><c r="B3"><v>5</v></c></row>')

        assert one_sheet(data).rows == [[], [], [None, 5]]

    def test_cells_without_a_place_follow_one_another(self) -> None:
        data = workbook("<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>")

        assert one_sheet(data).rows == [[1, 2], [3]]

    def test_formatted_but_empty_rows_and_columns_do_not_count(self) -> None:
        data = workbook(
            '<row r="1"><c r="A1"><v>1</v></c></row><row r="900000"><c r="XFD900000" s="0"/></row>'
        )

        assert one_sheet(data).rows == [[1]]

    def test_sheets_come_in_the_order_of_the_workbook(self) -> None:
        book = openpyxl.Workbook()
        book.active.title = "Second"
        book.create_sheet("First", 0)
        buffer = io.BytesIO()
        book.save(buffer)

        assert [sheet.name for sheet in read_workbook(buffer.getvalue())] == ["First", "Second"]

    @pytest.mark.parametrize(
        ("number", "expected"),
        [
            (1.0, 1),
            (-3.0, -3),
            (0.1, Decimal("0.1")),
            (0.1 + 0.2, Decimal("0.3")),
            (1 / 3, Decimal("0.333333")),
            (2.0000001, 2),
            (23.5, Decimal("23.5")),
        ],
    )
    def test_numbers_are_exact_to_six_decimals(self, number: float, expected: int | Decimal) -> None:
        assert exact_number(number) == expected
        assert type(exact_number(number)) is type(expected)

    @pytest.mark.real_data
    def test_real_workbooks_read_as_openpyxl_reads_them(self, shared_data: Path) -> None:
        path = shared_data / "workbooks" / "naudc2024.xlsx"
        expected = {
            sheet.title: [[_as_read(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
            for sheet in openpyxl.load_workbook(path)
        }

        read = {sheet.name: _squared(sheet.rows) for sheet in read_workbook(path)}

        assert read == {name: _squared(rows) for name, rows in expected.items()}


def _as_read(cell: object) -> object:
    return exact_number(cell) if isinstance(cell, float) else cell


def _squared(rows: list[list[object]] | list[list[Value]]) -> list[tuple[object, ...]]:
    width = max((len(row) for row in rows), default=0)
    return [tuple(row) + (None,) * (width - len(row)) for row in rows]


class TestFaultyCells:
    def test_a_formula_is_a_fault_with_its_place(self) -> None:
        data = workbook('<row r="12"><c r="C12"><f>1+1</f><v>2</v></c></row>')

        sheet = one_sheet(data)

        assert sheet.rows[11] == [None, None, 2]
        assert [(p.where, p.code, p.text) for p in sheet.problems] == [
            (
                ("A", 12, "C"),
                "formula",
                "This cell holds a formula, not a value. Copy it and paste it as a value.",
            )
        ]

    def test_formulas_everywhere_are_told_fifty_times_and_counted(self) -> None:
        book = openpyxl.Workbook()
        for row in range(1, 101):
            for column in range(1, 11):
                book.active.cell(row, column, "=1+1")
        buffer = io.BytesIO()
        book.save(buffer)

        problems = one_sheet(buffer.getvalue()).problems

        assert len(problems) == 51
        assert problems[10].where == ("Sheet", 2, "A")
        assert problems[50].text == "950 more cells of this sheet hold formulas."

    def test_a_formula_behind_a_prefix_is_found_too(self) -> None:
        sheet_xml = (
            f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1"><x:c r="A1"><x:f>1</x:f><x:v>1</x:v></x:c>'
            "</x:row></x:sheetData></x:worksheet>"
        )

        sheet = one_sheet(packed(parts_with("") | {"xl/worksheets/sheet1.xml": sheet_xml}))

        assert [problem.where for problem in sheet.problems] == [("A", 1, "A")]

    def test_an_error_value_is_a_fault_and_the_same_letters_as_text_are_not(self) -> None:
        data = workbook(
            '<row r="1"><c r="A1" t="e"><v>#N/A</v></c><c r="B1" t="inlineStr"><is><t>#N/A</t></is></c></row>'
        )

        sheet = one_sheet(data)

        assert sheet.rows == [[None, "#N/A"]]
        assert [(p.where, p.code) for p in sheet.problems] == [(("A", 1, "A"), "error_value")]

    def test_cells_with_nothing_but_a_format_make_a_sheet_neither_large_nor_faulty(self) -> None:
        empty = '<c r="A1048576" s="0" t="n"/><c r="XFD1048576" t="e"/><c r="XFD1048576" t="s"/>'
        data = workbook(f'<row r="1"><c r="A1"><v>7</v></c></row><row r="1048576">{empty}</row>')

        sheet = one_sheet(data)

        assert (sheet.rows, sheet.problems) == ([[7]], [])

    def test_a_truth_as_libreoffice_writes_it_is_a_value_and_a_computed_one_a_formula(self) -> None:
        truths = (
            '<f aca="false">TRUE()</f><v>1</v>',
            "<f>false( )</f><v>0</v>",
            "<f>A1&gt;0</f><v>1</v>",
            "<f>1</f>",
        )
        cells = "".join(f'<c r="{at}1" t="b">{truth}</c>' for at, truth in zip("ABCD", truths, strict=True))

        sheet = one_sheet(workbook(f'<row r="1">{cells}</row>'))

        assert (sheet.rows, sheet.formulas.places) == ([[True, False, True]], ((1, 2), (1, 3), (1, 4)))

    def test_formulas_are_told_of_each_column(self) -> None:
        rows = "".join(
            f'<row r="{row}"><c r="A{row}"><f>1</f></c><c r="B{row}"><v>1</v></c></row>'
            for row in range(1, 80)
        )
        data = workbook(rows + '<row r="90"><c r="B90"><f>1</f></c></row>')

        formulas = one_sheet(data).formulas

        assert (formulas.count, formulas.among([2]).places, formulas.among([1]).count) == (80, ((90, 2),), 79)

    def test_text_that_looks_like_a_formula_is_text(self) -> None:
        texts: list[Value] = ["=1+1", "+1", "-1", "@x", "\tx", "\rx"]

        sheet = one_sheet(written(texts, headers=tuple("abcdef")))

        assert sheet.rows[1] == texts
        assert sheet.problems == []


class TestRefusing:
    @pytest.mark.parametrize(
        "data", [b"", b"name,points\n", b"%PDF-1.7", b"PK\x05\x06" + bytes(18), b"PK\x03\x04 broken"]
    )
    def test_what_is_no_workbook_is_refused_in_plain_words(self, data: bytes) -> None:
        with pytest.raises(NotAWorkbook) as caught:
            read_workbook(data)
        assert caught.value.text == (
            "This file is not an Excel workbook (.xlsx). Save it as .xlsx and send it again."
        )

    def test_another_zip_is_no_workbook(self) -> None:
        with pytest.raises(NotAWorkbook):
            read_workbook(packed({"word/document.xml": "<w/>", "[Content_Types].xml": "<Types/>"}))

    def test_an_old_or_encrypted_file_is_named_as_such(self) -> None:
        with pytest.raises(NotAWorkbook, match=r"old \.xls file or one with a password"):
            read_workbook(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))

    def test_a_thirty_megabyte_file_is_refused_before_it_is_opened(self, tmp_path: Path) -> None:
        path = tmp_path / "large.xlsx"
        path.write_bytes(bytes(30 * 1024 * 1024))

        for source in (path, path.read_bytes()):
            with pytest.raises(TooLarge) as caught:
                read_workbook(source)
            assert caught.value.text == "This file has 30.0 MB; workbooks of up to 12 MB are read."

    def test_a_zip_bomb_is_refused(self) -> None:
        bomb = b"<worksheet><sheetData>" + b" " * (150 * 1024 * 1024)
        data = packed(parts_with("") | {"xl/worksheets/sheet1.xml": bomb})
        assert len(data) < 1024 * 1024

        with pytest.raises(TooLarge, match="grows too much"):
            read_workbook(data)

    def test_a_zip_bomb_that_lies_about_its_size_is_refused(self) -> None:
        bomb = b"<worksheet><sheetData>" + b" " * (150 * 1024 * 1024)
        data = bytearray(packed(parts_with("") | {"xl/worksheets/sheet1.xml": bomb}))
        true_size = struct.pack("<I", len(bomb))
        assert data.count(true_size) == 2
        lying = bytes(data.replace(true_size, struct.pack("<I", 1000)))

        with pytest.raises(TooLarge, match="grows too much"):
            read_workbook(lying)

    def test_a_bomb_in_a_part_nobody_reads_is_refused_by_its_declared_size(self) -> None:
        data = workbook("", **{"xl/media/image1.png": bytes(201 * 1024 * 1024)})

        with pytest.raises(TooLarge, match="grows too much"):
            read_workbook(data)

    def test_a_part_that_was_cut_or_changed_is_refused(self) -> None:
        parts = parts_with('<row r="1"><c r="A1"><v>1</v></c></row>')
        data = packed(parts)
        checksum = struct.pack("<I", zlib.crc32(str(parts["xl/worksheets/sheet1.xml"]).encode()))
        assert data.count(checksum) == 2

        with pytest.raises(NotAWorkbook) as caught:
            read_workbook(data.replace(checksum, b"\0\0\0\0"))
        assert caught.value.text == DAMAGED

    @pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml"])
    def test_an_entity_bomb_is_refused_wherever_it_lies(self, part: str) -> None:
        entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
        bomb = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "ha">{entities}]><x>&e9;</x>'

        with pytest.raises(NotAWorkbook, match="document type declaration"):
            read_workbook(packed(parts_with("") | {part: bomb}))

    def test_an_entity_bomb_cannot_hide_in_another_encoding(self) -> None:
        bomb = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY e "ha">]><x>&e;</x>'

        for encoding in ("utf-16", "utf-16-le", "utf-16-be"):
            parts = parts_with("") | {"xl/worksheets/sheet1.xml": bomb.encode(encoding)}
            with pytest.raises(NotAWorkbook):
                read_workbook(packed(parts))

    def test_two_parts_of_one_name_are_refused(self) -> None:
        buffer = io.BytesIO(workbook(""))
        with zipfile.ZipFile(buffer, "a") as archive:
            archive.writestr("XL/worksheets/Sheet1.xml", "<worksheet/>")

        with pytest.raises(NotAWorkbook):
            read_workbook(buffer.getvalue())

    def test_too_many_parts_are_refused(self) -> None:
        with pytest.raises(TooLarge, match="too many parts"):
            read_workbook(workbook("", **{f"xl/media/{n}.png": b"" for n in range(2001)}))

    @pytest.mark.parametrize(
        ("place", "sentence"),
        [
            ("A200001", "Sheet “A” goes down to row 200001; up to 200000 rows are read."),
            ("GS1", "Sheet “A” goes out to column GS; up to 200 columns are read."),
        ],
    )
    def test_a_cell_far_out_is_refused_with_its_place(self, place: str, sentence: str) -> None:
        with pytest.raises(TooLarge) as caught:
            read_workbook(workbook(f"<row>{CELL.format(place=place, value=1)}</row>"))
        assert caught.value.text == sentence

    def test_sparse_sheets_that_would_fill_the_memory_are_refused(self) -> None:
        data = workbook(
            f"<row>{CELL.format(place='GR1', value=1)}{CELL.format(place='A200000', value=1)}</row>"
        )

        with pytest.raises(TooLarge, match="lie too far apart"):
            read_workbook(data)

    def test_more_cells_than_the_limit_are_refused(self) -> None:
        data = workbook("<row>" + "<c><v>1</v></c>" * 11 + "</row>")

        with pytest.raises(TooLarge, match="more than 10 cells"):
            read_workbook(data, Limits(cells=10))

    def test_one_long_text_used_often_cannot_fill_the_memory(self) -> None:
        texts = f'<sst xmlns="{MAIN}"><si><t>{"x" * 30_000}</t></si><si><t>y</t></si></sst>'
        often = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 5001))
        rarely = often.replace("<v>0</v>", "<v>1</v>").replace("<v>1</v>", "<v>0</v>", 1)

        assert one_sheet(workbook(rarely, **{"xl/sharedStrings.xml": texts})).rows[4999] == ["y"]
        with pytest.raises(TooLarge, match="too long altogether"):
            read_workbook(workbook(often, **{"xl/sharedStrings.xml": texts}))

    def test_a_workbook_whose_sheet_is_missing_is_refused(self) -> None:
        parts = parts_with("")
        del parts["xl/worksheets/sheet1.xml"]

        with pytest.raises(NotAWorkbook, match="no sheet that can be read"):
            read_workbook(packed(parts))

    @given(st.binary(max_size=300), st.integers(0, 2000))
    def test_no_damage_ever_gives_anything_but_a_refusal(self, noise: bytes, at: int) -> None:
        sound = written(["a", 1, None])
        damaged = sound[:at] + noise + sound[at + len(noise) :]

        try:
            read_workbook(damaged)
        except (NotAWorkbook, TooLarge) as refusal:
            assert refusal.text  # noqa: PT017


class TestUnderstandingCells:
    def test_cells_as_text(self) -> None:
        cells: list[Value] = [None, "x", 7, Decimal("7.50"), True, False, date(2025, 5, 17)]
        assert [text_of(cell) for cell in cells] == ["", "x", "7", "7.50", "yes", "no", "2025-05-17"]
        assert text_of(datetime(2025, 5, 17, 9, 30)) == "2025-05-17 09:30"
        assert text_of(datetime(2025, 5, 17, 9, 30, 5)) == "2025-05-17 09:30:05"

    def test_numbers_typed_as_text_are_numbers(self) -> None:
        cells: list[Value] = [7, Decimal("7.5"), " 7.25 "]
        assert [number_of(cell) for cell in cells] == [Decimal(7), Decimal("7.5"), Decimal("7.25")]

    @pytest.mark.parametrize("cell", ["seven", "1_00", "nan", "inf", "1e400", True, None, date(2025, 1, 1)])
    def test_what_is_no_number_is_refused(self, cell: Value) -> None:
        with pytest.raises(ValueError):  # noqa: PT011
            number_of(cell)

    def test_days_and_times(self) -> None:
        assert date_of("2025-05-17") == date(2025, 5, 17)
        assert date_of(datetime(2025, 5, 17)) == date(2025, 5, 17)
        assert datetime_of("2025-05-17 09:30") == datetime(2025, 5, 17, 9, 30)
        assert datetime_of(date(2025, 5, 17)) == datetime(2025, 5, 17)

    @pytest.mark.parametrize("cell", ["17.5.2025", "2025-05-17T09:30+02:00", 45000, None])
    def test_what_is_no_local_time_is_refused(self, cell: Value) -> None:
        with pytest.raises(ValueError):  # noqa: PT011
            datetime_of(cell)

    def test_yes_and_no(self) -> None:
        cells: list[Value] = ["yes", " NO ", True, 0]
        assert [truth_of(cell) for cell in cells] == [True, False, True, False]
        with pytest.raises(ValueError, match="maybe"):
            truth_of("maybe")


class TestWriting:
    def test_the_same_data_give_the_same_bytes(self) -> None:
        assert written(["a", 1, Decimal("0.5")]) == written(["a", 1, Decimal("0.5")])

    @pytest.mark.parametrize("is_large", [False, True])
    def test_no_text_becomes_a_formula_or_a_link(self, is_large: bool) -> None:
        texts: list[Value] = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "{=1}", "https://example.org", "0012"]
        writer = WorkbookWriter(is_large=is_large)
        writer.add_sheet("Data", [str(n) for n in range(8)], [texts])

        book = openpyxl.load_workbook(io.BytesIO(writer.save()))

        assert [cell.value for cell in book["Data"][2]] == texts
        assert {cell.data_type for cell in book["Data"][2]} == {"s"}
        assert [cell.hyperlink for cell in book["Data"][2]] == [None] * 8

    def test_control_characters_are_left_out_and_line_breaks_stay(self) -> None:
        assert one_sheet(written(["a\x00\x0b\x1b\ud800\uffffb\tc\nd"])).rows[1] == ["ab\tc\nd"]

    def test_a_text_that_no_cell_can_hold_is_refused(self) -> None:
        with pytest.raises(Invalid) as caught:
            written(["x" * 32_768])
        assert caught.value.text == "A text of 32768 characters is too long for a cell (at most 32,767)."

    def test_headers_are_frozen_filtered_and_wide_enough(self) -> None:
        writer = WorkbookWriter()
        writer.add_sheet(
            "Data", ["team", "points"], [["宁波诺丁汉大学", 3]], number_formats=[None, "0.00"], widths=None
        )

        sheet = openpyxl.load_workbook(io.BytesIO(writer.save()))["Data"]

        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == "A1:B2"
        assert sheet["A1"].font.b is True
        assert sheet["B2"].number_format == "0.00"
        assert sheet.column_dimensions["A"].width == pytest.approx(16, abs=1)

    def test_a_text_column_keeps_codes_as_they_are(self) -> None:
        writer = WorkbookWriter()
        writer.add_sheet("Data", ["code"], [[7], ["007"], [None]], kinds=["text"])

        assert one_sheet(writer.save()).rows == [["code"], ["7"], ["007"]]

    def test_sheet_names_are_made_acceptable_and_different(self) -> None:
        writer = WorkbookWriter()
        for name in ("Local NGO / 2025: [final]", "Local NGO / 2025: [final]", "", "x" * 40):
            writer.add_sheet(name, ["a"], [])

        names = [sheet.name for sheet in read_workbook(writer.save())]

        assert names == ["Local NGO   2025   final", "Local NGO   2025   final 2", "Sheet", "x" * 31]

    def test_a_time_with_a_zone_is_a_mistake_of_ours(self) -> None:
        with pytest.raises(ValueError, match="convert it to local time"):
            written([datetime.fromisoformat("2025-05-17T09:30+02:00")])

    @given(
        st.lists(
            st.lists(
                st.one_of(
                    st.none(),
                    st.booleans(),
                    st.integers(-(10**12), 10**12),
                    st.decimals(-99999, 99999, places=6).map(lambda d: exact_number(float(d))),
                    st.text(
                        st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
                    ),
                    st.sampled_from(["=1", "+1", "-1", "@1", "\t1", "_x000D_", " a ", "#N/A", "1e5", "0.10"]),
                ),
                min_size=1,
                max_size=4,
            ),
            max_size=5,
        )
    )
    def test_what_is_written_is_read_back_cell_for_cell(self, rows: list[list[Value]]) -> None:
        expected = [[None if cell == "" else cell for cell in row] for row in rows]

        read = one_sheet(written(*rows, headers=("a", "b", "c", "d"))).rows[1:]

        assert _squared([*read, [None] * 4])[: len(read)] == _squared([*expected, [None] * 4])[: len(read)]
        assert all(cell is None for row in expected[len(read) :] for cell in row)


class TestCsv:
    def test_downloads_for_people_cannot_run_anything(self) -> None:
        rows: list[list[Value]] = [
            ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "＝1", "team"],
            [-1, Decimal("-2.5")],
        ]

        assert csv_for_people(rows) == ("\ufeff'=1+1,'+1,'-1,'@x,'\t=1,' =1,'＝1,team\r\n-1,-2.5\r\n")

    def test_raw_csv_adds_nothing(self) -> None:
        assert csv_raw([["rank", "team"], ["2=", "=1, 中文"], [None, Decimal("1.50")]]) == (
            'rank,team\n2=,"=1, 中文"\n,1.50\n'
        )


def test_forty_thousand_marks_are_read_within_a_few_seconds() -> None:
    import time as clock

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Marks")
        for row in range(40_000):
            for column in range(7):
                sheet.write(row, column, f"T{row % 400}" if column < 4 else row % 80)
    started = clock.process_time()

    rows = one_sheet(buffer.getvalue()).rows

    assert len(rows) == 40_000
    assert clock.process_time() - started < 5

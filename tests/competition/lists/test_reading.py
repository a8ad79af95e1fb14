"""Files as people have them: encodings, separators, and what is no list at all."""

import io
import zipfile

import pytest
from openpyxl import Workbook

from competition.lists.reading import MOST_BYTES, read_grid
from core.errors import DomainError, Invalid, TooLarge
from core.spreadsheets import WorkbookWriter

ROWS = [["学校", "Team"], ["复旦大学", "Red; Blue"], ["Université", "“Quoted”"]]


def as_csv(separator: str = ",") -> str:
    return "\r\n".join(separator.join(f'"{cell}"' for cell in row) for row in ROWS)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_a_csv_is_read_in_the_encodings_of_excel_and_wps(encoding: str) -> None:
    assert read_grid(as_csv().encode(encoding)).rows == ROWS


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_csv_is_read_with_the_separators_people_have(separator: str) -> None:
    assert read_grid(as_csv(separator).encode()).rows == ROWS


@pytest.mark.parametrize(
    ("text", "last"),
    [
        (
            "Name;University\nLi, Wei, Dr.;University of California, Berkeley\nBo, Ann, Ms;King's College, London\n",
            ["Bo, Ann, Ms", "King's College, London"],
        ),
        (
            "Team list, 2025, final\nName;E-mail;University\nLi, Wei;a@example.org;Fudan\nBo;b@example.org;MIT, USA\n",
            ["Bo", "b@example.org", "MIT, USA"],
        ),
        ("Name\tNote\nLi, Wei\ta; b; c\nBo, Ann\td; e; f\n", ["Bo, Ann", "d; e; f"]),
        (
            "Team,Uni,Member 1,Member 2\nRed,Fudan,A; a\nBlue,Pku,B; b,C\nEve,Mit,,D; d\n",
            ["Eve", "Mit", "", "D; d"],
        ),
        ("姓名；学校\n王伟；复旦大学，上海\n李娜；清华大学，北京\n", ["李娜", "清华大学，北京"]),
        ("Name|School\nLi, Wei|Fudan\n", ["Li, Wei", "Fudan"]),
    ],
)
def test_the_separator_is_the_one_that_makes_a_table_of_it(text: str, last: list[str]) -> None:
    assert read_grid(text.encode()).rows[-1] == last


def test_names_with_accents_are_read_as_a_western_excel_writes_them() -> None:
    text = "Nom;Université\nJosé Núñez;Universität zu Köln\nZoë;Aix-Marseille Université\n"
    assert read_grid(text.encode("cp1252")).rows[1:] == [
        ["José Núñez", "Universität zu Köln"],
        ["Zoë", "Aix-Marseille Université"],
    ]


@pytest.mark.parametrize(
    "text", ["姓名,学校\n王伟,复旦大学\n", "Name,学校\n李,A大\n朱镕基,B院\n", "Name,City\nWei,沪\n"]
)
def test_a_little_chinese_is_still_chinese(text: str) -> None:
    assert read_grid(text.encode("gb18030")).rows == [line.split(",") for line in text.splitlines()]


def test_a_workbook_gives_the_sheet_with_most_in_it_as_texts() -> None:
    writer = WorkbookWriter()
    writer.add_sheet("Notes", ["x"], [])
    writer.add_sheet("List", ["Team", "No"], [["Red", 7], ["Blue", 8]])
    grid = read_grid(writer.save())
    assert (grid.sheet, grid.rows) == ("List", [["Team", "No"], ["Red", "7"], ["Blue", "8"]])


def test_formulas_are_told_and_a_csv_only_looks_like_having_them() -> None:
    book = Workbook()
    book.active.append(["Team", "Name"])
    book.active.append(["Red", '=HYPERLINK("http://evil","x")'])
    buffer = io.BytesIO()
    book.save(buffer)
    assert read_grid(buffer.getvalue()).formulas == [[1, 1]]
    assert read_grid(b"Team,Name\nRed,=1+1\n").rows[1] == ["Red", "=1+1"]


@pytest.mark.parametrize(
    "data",
    [
        b"MZ\x90\x00\x03\x00\x00\x00" + bytes(range(256)) * 20,
        b"\x7fELF\x02\x01\x01" + b"\x00\x07" * 500,
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(range(128, 256)) * 40,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600,
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9,
        b"PK\x03\x04 this is no archive",
        b"",
        b"\n\n , ,\n",
    ],
)
def test_an_executable_or_a_picture_called_csv_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid):
        read_grid(data)


def test_a_zip_bomb_and_a_huge_file_are_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", b"0" * 120_000_000)
    with pytest.raises(DomainError):
        read_grid(buffer.getvalue())
    with pytest.raises(TooLarge):
        read_grid(b"a,b\n" * (MOST_BYTES // 4 + 1))
    with pytest.raises(TooLarge):
        read_grid(b"a,b\n" * 10_002)

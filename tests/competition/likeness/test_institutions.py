"""Which names of institutions are proposed as one, and which never."""

import csv
from pathlib import Path

import pytest

from competition.likeness.institutions import alike_institutions, are_alike
from competition.likeness.pairs import within_one_edit

FUDAN = [
    "Fudan University",
    "复旦大学",
    "Univ. Fudan",
    "FUDAN UNIVERSITY",
    "復旦大學",
    "The Fudan University.",
]


def test_one_university_in_six_spellings_is_one() -> None:
    pairs = alike_institutions([[name] for name in FUDAN])
    joined = {0}
    for _round in FUDAN:
        joined |= {n for pair in pairs if {pair.first, pair.second} & joined for n in pair[:2]}
    assert joined == set(range(6))


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        ("Tel Aviv University", "Tel Aviv University Debating Society", "same"),
        ("Hebrew University of Jerusalem", "The Hebrew University of Jerusalem.", "same"),
        ('Unversitatea Crestina "Dimitrie Cantemir"', "Universitatea Crestina Dimitrie Cantemir", "same"),
        ("Shanghai Jiao Tong University", "Shanghai Jiaotong University", "same"),
        ("University of Zürich", "University of Zurich", "same"),
        ("Universität Wien", "University Wien", "same"),
        ("Shanghai International Studies University", "上海外国语大学", "script"),
        ("Tsinghua University", "清华大学", "script"),
        ("Peking University", "北京大学", "script"),
        ("University of Melbourne", "墨尔本大学", "script"),
        ("California Southern University", "University of Southern California", "order"),
        ("Gadsden State Community College", "Gasden State Community College", "slip"),
        ("Universitas Indonesia", "Univeristas Indonesia", "same"),
        ("Boston University", "Boston College", ""),
        ("Hunan University", "Henan University", ""),
        ("Shanxi University", "Shaanxi University", ""),
        ("Paris 5 Descartes", "Paris 6 Descartes", ""),
        ("Columbia College (SC)", "Columbia College (MO)", ""),
        ("Columbia Union College", "Columbia College", ""),
        ("北京工业大学", "北京理工大学", ""),
        ("武汉大学", "武汉学院", ""),
        ("University of Bath", "University of Bari", ""),
    ],
)
def test_names_are_told_apart(first: str, second: str, why: str) -> None:
    assert (are_alike(first, second), are_alike(second, first)) == (why, why)


@pytest.mark.parametrize(
    ("first", "second", "is_near"),
    [
        ("krakow", "krakow", True),
        ("krakow", "krakw", True),
        ("krakow", "krakoww", True),
        ("krakow", "kraokw", True),
        ("krakow", "krekow", True),
        ("krakow", "krekw", False),
        ("krakow", "krak", False),
        ("ab", "ba", True),
    ],
)
def test_one_letter_makes_a_slip(first: str, second: str, is_near: bool) -> None:
    assert (within_one_edit(first, second), within_one_edit(second, first)) == (is_near, is_near)


def read(folder: Path, name: str, column: str) -> list[str]:
    with (folder / "registration_lists" / name).open(encoding="utf-8") as file:
        return [row[column] for row in csv.DictReader(file)]


@pytest.mark.real_data
def test_every_duplicate_of_the_societies_is_proposed_and_nothing_else(shared_data: Path) -> None:
    names = [name for name in read(shared_data, "tabbie2_societies.csv", "fullname") if "[" not in name]
    found = {(names[pair.first], names[pair.second]) for pair in alike_institutions([[n] for n in names])}
    assert found == {
        ("Tel Aviv University", "Tel Aviv University Debating Society"),
        ("Hebrew University of Jerusalem", "The Hebrew University of Jerusalem."),
        ("Universitatea Crestina Dimitrie Cantemir", 'Unversitatea Crestina "Dimitrie Cantemir"'),
        ("Debatno društvo Univerze v Ljubljani", "University of Ljubljana"),
    }


@pytest.mark.real_data
def test_no_two_chinese_universities_are_taken_for_one(shared_data: Path) -> None:
    names = read(shared_data, "china_universities_zh.csv", "name_zh")
    assert alike_institutions([[name] for name in names]) == []

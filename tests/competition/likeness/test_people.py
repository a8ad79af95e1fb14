"""Which names may be one person's."""

import pytest

from competition.likeness.people import alike_people, person_keys


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("王小明", "Wang Xiaoming"),
        ("王小明", "Xiaoming WANG"),
        ("王小明", "Xiao Ming Wang"),
        ("王小明", "WANG Xiao-Ming"),
        ("欧阳娜娜", "Ouyang Nana"),
        ("曾庆红", "Zeng Qinghong"),
        ("吕丽", "Lyu Li"),
        ("吕丽", "Lv Li"),
        ("單雪", "Shan Xue"),
        ("José Núñez", "Nunez, Jose"),
        ("O'Brien Mary", "Mary O’Brien"),
        ("Anna-Lena Fischer", "Fischer Annalena"),
    ],
)
def test_a_person_in_two_spellings_is_found(first: str, second: str) -> None:
    assert person_keys(first) & person_keys(second)


@pytest.mark.parametrize(
    ("first", "second"),
    [("王小明", "Wang Xiaohong"), ("Li Na", "Li Nan"), ("Ann Lee", "Ann Li"), ("Ann", "Ann")],
)
def test_other_people_are_not(first: str, second: str) -> None:
    assert not person_keys(first) & person_keys(second)


def test_both_names_of_an_entry_are_looked_at() -> None:
    people = [["Alice Wang", "王小丽"], ["Wang Xiaoli", ""], ["Bo Chen", ""]]
    assert [tuple(pair) for pair in alike_people(people)] == [(0, 1, "script")]

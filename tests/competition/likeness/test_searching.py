"""Whom somebody who types a name finds."""

from __future__ import annotations

import pytest

from competition.likeness.searching import Wanted, spoken


@pytest.mark.parametrize(
    ("typed", "name", "fits"),
    [
        ("wang xiaoming", "王小明", True),
        ("wangxiaoming", "王小明", True),
        ("Xiaoming Wang", "王小明", True),
        ("xiaoming", "王小明", True),
        ("Wáng Xiǎomíng", "王小明", True),
        ("wxm", "王小明", True),
        ("w", "王小明", True),
        ("xm", "王小明", False),
        ("wang xiaohong", "王小明", False),
        ("小明", "王小明", True),
        ("ouyang xiu", "欧阳修", True),
        ("oyx", "欧阳修", True),
        ("lu bu", "吕布", True),
        ("lv bu", "吕布", True),
        ("lübu", "吕布", True),
        ("zeng", "曾国藩", True),
        ("le zhengyu", "乐正宇", True),
        ("yue zhengyu", "乐正宇", True),
        ("fangmin", "Fāng Mǐn", True),
        ("minfang", "Fāng Mǐn", True),
        ("daniel silva", "Daniel Silva", True),
        ("silvadaniel", "Daniel Silva", True),
        ("ds", "Daniel Silva", False),
        ("o'brien", "Obrien Ann", True),
        ("", "王小明", True),
        ("%_", "王小明", False),
    ],
)
def test_a_name_is_found_in_letters_by_its_sound_and_by_its_initials(
    typed: str, name: str, fits: bool
) -> None:
    assert Wanted.of(typed).fits((name,)) == fits


def test_words_may_be_found_partly_in_the_name_and_partly_beside_it() -> None:
    found = {typed: Wanted.of(typed).fits(("王小明", ""), "Fudan University", "D7") for typed in
             ("wang fudan", "d7", "xiaoming university", "wang tongji")}  # fmt: skip
    assert found == {"wang fudan": True, "d7": True, "xiaoming university": True, "wang tongji": False}


@pytest.mark.parametrize(
    ("names", "heard"),
    [
        (("Wang Jing", "王静"), "jingwang wangjing wj"),
        (("欧阳静",), "jingouyang oj ouyangjing oyj"),
        (("Ada Obi", ""), ""),
        ((), ""),
    ],
)
def test_what_a_browser_searches_beside_a_chinese_name(names: tuple[str, ...], heard: str) -> None:
    assert spoken(*names) == heard


def test_names_read_in_many_ways_stay_short() -> None:
    assert len(spoken("乐重行曾单", "单重行乐曾").split()) <= 12

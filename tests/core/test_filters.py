"""What an address asks of a long list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pytest

from core.filters import ListFilter, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Books(ListFilter):
    """Books by state."""

    KNOWN: ClassVar = {"state": ("new", "old"), "sort": ("title",)}

    state: str = ""
    shelf: str = ""


def test_words_that_a_list_does_not_know_are_left_out_and_free_text_is_bounded() -> None:
    asked = Books.of({"q": " law ", "state": "lost", "sort": "price", "shelf": "x" * 999, "other": "1"})
    assert asked == Books(q="law", shelf="x" * 100)


def test_an_address_holds_what_is_asked_and_nothing_empty() -> None:
    asked = Books.of({"q": "law", "state": "new", "sort": "title"})
    assert asked.arguments(sort="") == {"q": "law", "state": "new"}
    assert [one.is_narrow for one in (asked, Books(sort="title"), Books())] == [True, False, False]


@pytest.mark.parametrize(
    ("page", "total", "expected"),
    [
        ("", 0, (1, 1)),
        ("2", 25, (2, 3)),
        ("99", 25, (3, 3)),
        ("-4", 25, (1, 3)),
        ("²", 25, (1, 3)),
        ("3", 20, (2, 2)),
    ],
)
def test_a_page_that_is_not_there_is_the_nearest_that_is(
    page: str, total: int, expected: tuple[int, int]
) -> None:
    found = Page.of({"page": page}, total=total, per_page=10)
    assert (found.number, found.pages) == expected
    assert len(found.cut(range(total))) == min(10, total - (found.number - 1) * 10)

"""One spelling per address."""

from __future__ import annotations

import pytest

from accounts.addresses import find_normalised, normalised_address
from core.errors import Invalid


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Ada@Example.ORG", "ada@example.org"),
        ("  ada@example.org ", "ada@example.org"),
        ("李@例子.中国", "李@例子.中国"),
        ("ada@xn--fsqu00a.xn--fiqs8s", "ada@例子.中国"),
        ("ａｄａ＠example.org", "ada@example.org"),
    ],
)
def test_an_address_has_one_spelling(typed: str, stored: str) -> None:
    assert normalised_address(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "",
        None,
        "ada",
        "ada@",
        "@example.org",
        "a b@example.org",
        "ada@example.org\nBcc: x@y.org",
        "a@b",
        "a" * 300,
    ],
)
def test_what_is_no_address_is_none(typed: str | None) -> None:
    assert find_normalised(typed) is None


def test_refusing_an_address_names_it() -> None:
    with pytest.raises(Invalid) as caught:
        normalised_address("ada at example")
    assert caught.value.text == "“ada at example” is not an e-mail address."

from __future__ import annotations

from decimal import Decimal

import pytest
from flask import Flask
from wtforms import ValidationError

from core.forms import BaseForm, LongTextField, TextField, VersionField, folded, lines, parse_exact


class Note(BaseForm):
    title = TextField()
    text = LongTextField()
    version = VersionField()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ada\u3000\t Obi ", "Ada Obi"),
        ("A\x00da\x07", "Ada"),
        ("Team \u202egnp.exe", "Team gnp.exe"),
        ("half \ud83d of a smile \uffff", "half of a smile"),
        ("e\u0301", "é"),
        ("one\x0bline", "one line"),
        ("فريق \u200fالف", "فريق \u200fالف"),
        (None, ""),
    ],
)
def test_a_name_is_kept_as_it_reads(typed: str | None, kept: str) -> None:
    assert folded(typed) == kept


def test_lines_keep_their_places_and_lose_what_nobody_types() -> None:
    assert lines(" one\r\ntwo\x0bthree\rfour\x00\n") == "one\ntwo\nthree\nfour"


@pytest.mark.parametrize(
    ("text", "number"),
    [("12", 12), ("", 0), ("abc", 0), ("²", 0), ("-1", 0), ("9" * 5000, 0), ("99999999999", 0)],
)
def test_what_is_no_version_counts_as_an_old_one(bare_app: Flask, text: str, number: int) -> None:
    with bare_app.test_request_context(method="POST", data={"version": text}):
        assert Note(meta={"csrf": False}).version.number == number


@pytest.mark.parametrize("text", ["1e999", "-1e999", "Infinity", "NaN", "sNaN", "1e-7", "1" * 5000, "x", ""])
def test_a_number_that_cannot_be_kept_exactly_is_refused(bare_app: Flask, text: str) -> None:
    with bare_app.test_request_context(), pytest.raises(ValidationError):
        parse_exact(text)


def test_a_number_may_be_typed_with_a_comma() -> None:
    assert parse_exact(" 7,25 ") == Decimal("7.25")

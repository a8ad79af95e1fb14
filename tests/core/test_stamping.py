"""Words at the foot of every page of a PDF, whatever the PDF."""

from __future__ import annotations

import io
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject

from core import stamping
from core.errors import Invalid
from core.stamping import BROKEN, LOCKED, LONG, stamped
from tests.papers import a_pdf

WORDS = "王小明 Wang Xiaoming, 30 Nov 2026 08:15"
PAPER = a_pdf("Secret one", "秘密二", "Secret three", "Secret four", turns=(0, 90, 180, 270))


def pages(data: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]


@pytest.mark.parametrize("words", [WORDS, "Ana López, 30 Nov 2026"])
def test_every_page_keeps_its_words_and_carries_the_readers_however_it_is_turned(words: str) -> None:
    found = pages(stamped(PAPER, words))
    assert [words in page for page in found] == [True] * 4
    assert ["Secret" in page or "秘密" in page for page in found] == [True] * 4
    assert [page.rotation for page in PdfReader(io.BytesIO(stamped(PAPER, words))).pages] == [0, 90, 180, 270]


def test_a_page_without_anything_on_it_carries_the_words_too() -> None:
    writer, made = PdfWriter(), io.BytesIO()
    writer.add_blank_page(width=200, height=100)
    del writer.pages[0][NameObject("/Resources")]
    writer.write(made)
    assert [WORDS in page for page in pages(stamped(made.getvalue(), WORDS))] == [True]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (a_pdf(password="secret"), LOCKED),
        (b"%PDF-1.7 brief", BROKEN),
        (PAPER[: len(PAPER) // 2], BROKEN),
        (b"", BROKEN),
    ],
)
def test_what_cannot_carry_a_name_is_refused_in_words(data: bytes, message: str) -> None:
    with pytest.raises(Invalid) as fault:
        stamped(data, WORDS)
    assert fault.value.message == message


def test_a_very_long_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stamping, "MOST_PAGES", 3)
    with pytest.raises(Invalid) as fault:
        stamped(PAPER, WORDS)
    assert (fault.value.message, fault.value.values) == (LONG, {"most": 3})


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(place=st.integers(0, len(PAPER) - 1), junk=st.binary(min_size=1, max_size=60))
def test_damage_anywhere_is_either_read_or_refused(place: int, junk: bytes) -> None:
    with suppress(Invalid):
        assert stamped(PAPER[:place] + junk + PAPER[place + len(junk) :], "x").startswith(b"%PDF-")

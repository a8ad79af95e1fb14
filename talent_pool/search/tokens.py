"""Cuts text into search tokens: folded words, and overlapping pairs of Chinese characters (pure)."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

LONGEST_TOKEN = 60
MOST_PLACES = 200
"""Places at which one token is kept: PostgreSQL keeps 255 of them, so nobody keeps more."""
LAST_PLACE = 16_000
"""Where a text ends for the search: PostgreSQL's places end at 16,383."""

CJK = (
    "\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af"
    "\U00020000-\U0002fa1f\U00030000-\U000323af"
)
RUN = re.compile(rf"(?P<cjk>[{CJK}]+)|(?P<word>[^\W_{CJK}]+)")
HAN = Path(__file__).with_name("han.txt")
"""Which simplified character stands for a traditional one; where it comes from stands in the file."""


def fold(text: str) -> str:
    """Text in the one form in which it is compared: NFKC, no case, no accents, no invisible characters, simplified."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    bare = "".join(_without_accents(character) for character in plain)
    return unicodedata.normalize("NFKC", bare).translate(_simplified())


@cache
def _simplified() -> dict[int, str]:
    lines = HAN.read_text(encoding="utf-8").splitlines()
    pairs = [pair for line in lines if not line.startswith("#") for pair in line.split()]
    return {ord(pair[0]): pair[1] for pair in pairs}


@cache
def _without_accents(character: str) -> str:
    if character.isascii():
        return character
    if unicodedata.category(character) in ("Cf", "Mn"):
        return ""
    if "\u3040" <= character <= "\u30ff" or "\uac00" <= character <= "\ud7af":
        return character  # their marks are letters of their own
    parts = unicodedata.normalize("NFD", character)
    return "".join(part for part in parts if unicodedata.category(part) != "Mn")


def tokens_of(text: str) -> list[str]:
    """The tokens of `text` in order. A run of n characters without blanks between words gives n - 1 pairs and its last
    character alone: so a run is found whole, in parts, and by its last character."""
    found: list[str] = []
    for run in RUN.finditer(fold(text)):
        if characters := run["cjk"]:
            found += [characters[start : start + 2] for start in range(len(characters))]
        else:
            found.append(run["word"][:LONGEST_TOKEN])
    return found


def placed_tokens(texts: Iterable[str]) -> list[tuple[int, str]]:
    """The tokens of a card's texts with their places from 1; one place is left empty between two texts, so that no
    phrase reaches from one into the next. What is past the bounds of either database is left out for both."""
    placed: list[tuple[int, str]] = []
    often: Counter[str] = Counter()
    place = 1
    for text in texts:
        for token in tokens_of(text):
            often[token] += 1
            if often[token] <= MOST_PLACES and place <= LAST_PLACE:
                placed.append((place, token))
            place += 1
        place += 1
    return placed


def is_single_character(token: str) -> bool:
    """Whether a token is one character of a script written without blanks."""
    return bool(re.fullmatch(f"[{CJK}]", token))


def query_tokens(text: str) -> tuple[tuple[str, ...], bool]:
    """The tokens that must follow one another for `text` to be found, and whether the last one is only a beginning.

    The last character of a closing run is left out, since the run may go on in what is searched. A run that is one
    character long is the beginning of any pair that starts with it, and a letter alone is the beginning of any word.
    """
    tokens: Sequence[str] = tokens_of(text)
    if not tokens or not is_single_character(tokens[-1]):
        return tuple(tokens), len(tokens) == 1 and len(tokens[0]) == 1
    closes_a_run = len(tokens) > 1 and len(tokens[-2]) == 2 and tokens[-2][1] == tokens[-1]
    closes_a_run = closes_a_run and is_single_character(tokens[-2][0])
    return (tuple(tokens[:-1]), False) if closes_a_run else (tuple(tokens), True)

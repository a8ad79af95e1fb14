"""Cutting text into tokens, alike whatever the script, the width, the accents and the form of the characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talent_pool.search import fts5, tsvector
from talent_pool.search.expressions import All, Either, Phrase, Without
from talent_pool.search.tokens import LAST_PLACE, MOST_PLACES, fold, placed_tokens, tokens_of


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", []),
        ("Trade-Law 2025", ["trade", "law", "2025"]),
        ("Ｃａｆé ÉCOLE", ["cafe", "ecole"]),
        ("Straße Łódź", ["strasse", "łodz"]),
        ("谈判", ["谈判", "判"]),
        ("談判", ["谈判", "判"]),
        ("港口谈判", ["港口", "口谈", "谈判", "判"]),
        ("國際談判", ["国际", "际谈", "谈判", "判"]),
        ("WTO谈判者", ["wto", "谈判", "判者", "者"]),
        ("ガード", ["ガー", "ード", "ド"]),
        ("협상", ["협상", "상"]),
        ("a\x00b_c", ["a", "b", "c"]),
        ("x" * 80, ["x" * 60]),
    ],
)
def test_text_is_cut_into_folded_words_and_pairs(text: str, tokens: list[str]) -> None:
    assert tokens_of(text) == tokens


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_that_is_searched(text: str) -> None:
    assert tokens_of(fold(text)) == tokens_of(text)


@given(st.text(max_size=80))
def test_no_token_holds_what_either_database_reads_as_more_than_a_letter(text: str) -> None:
    assert [token for token in tokens_of(text) if set(token) & set(" _'\"\\:*&|!()<>-")] == []


def test_no_phrase_reaches_from_one_text_into_the_next() -> None:
    assert placed_tokens(["port", "law"]) == [(1, "port"), (3, "law")]


def test_what_a_database_would_drop_is_dropped_for_both() -> None:
    assert len(placed_tokens(["a " * 3_000])) == MOST_PLACES
    assert placed_tokens(["".join(f"w{n} " for n in range(20_000))])[-1][0] == LAST_PLACE


def test_a_card_is_written_for_both_databases() -> None:
    texts = ["Port law", "law", "谈判"]
    assert fts5.written(texts) == ("_port _law", "port law _ law _ 谈判 判")
    assert tsvector.written(texts) == ("'port':1 'law':2", "'port':1 'law':2,4 '谈判':6 '判':7")
    assert fts5.written([""]) == ("", "")


def test_a_query_is_written_for_both_databases() -> None:
    phrase, beginning = Phrase(tokens=("a", "b")), Phrase(tokens=("c",), is_prefix=True)
    expression = Either((All((phrase, beginning)), phrase))
    assert fts5.match(expression) == '(("a b" AND "c" *) OR "a b")'
    assert fts5.match_headline(beginning) == '"_c" *'
    assert tsvector.match(expression) == "((('a' <-> 'b') & ('c':*)) | ('a' <-> 'b'))"


def test_what_is_left_out_is_written_beside_what_is_looked_up() -> None:
    a, b, c = (Phrase(tokens=(letter,)) for letter in "abc")
    expression = All((a, b, Without(Either((b, c))), Without(c)))
    assert fts5.match(expression) == '(("a" AND "b") NOT ("b" OR "c") NOT "c")'
    assert tsvector.match(expression) == "(('a') & ('b') & !(('b') | ('c')) & !('c'))"

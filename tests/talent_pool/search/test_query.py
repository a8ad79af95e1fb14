"""Cutting into tokens and reading queries, against a plain reading of the text itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talent_pool.search.query import LONGEST_QUERY, MOST_CLAUSES, BadQuery, Clause, matches, parse_query
from talent_pool.search.tokens import fold, placed_tokens, tokens_of

LETTERS = "ab谈判海 -"


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", []),
        ("Trade-Law 2025", ["trade", "law", "2025"]),
        ("Ｃａｆé ÉCOLE", ["cafe", "ecole"]),
        ("谈判", ["谈判", "判"]),
        ("港口谈判", ["港口", "口谈", "谈判", "判"]),
        ("WTO谈判者", ["wto", "谈判", "判者", "者"]),
        ("ガード", ["ガー", "ード", "ド"]),
        ("a\x00b_c", ["a", "b", "c"]),
        ("x" * 80, ["x" * 60]),
    ],
)
def test_text_is_cut_into_folded_words_and_pairs(text: str, tokens: list[str]) -> None:
    assert tokens_of(text) == tokens


@pytest.mark.parametrize(
    ("query", "clauses"),
    [
        ("", ()),
        ("  ", ()),
        ("Port law", (Clause(tokens=("port",)), Clause(tokens=("law",)))),
        ('"port law"', (Clause(tokens=("port", "law")),)),
        ("“port law”", (Clause(tokens=("port", "law")),)),
        ("anti-corruption", (Clause(tokens=("anti", "corruption")),)),
        ("-french", (Clause(tokens=("french",), is_excluded=True),)),
        ("－法律", (Clause(tokens=("法律",), is_excluded=True),)),
        ("negotiat*", (Clause(tokens=("negotiat",), is_prefix=True),)),
        ("谈判", (Clause(tokens=("谈判",)),)),
        ("谈判者", (Clause(tokens=("谈判", "判者")),)),
        ("谈", (Clause(tokens=("谈",), is_prefix=True),)),
        ("law law", (Clause(tokens=("law",)),)),
        ("law ... -", (Clause(tokens=("law",)),)),
    ],
)
def test_a_query_is_read(query: str, clauses: tuple[Clause, ...]) -> None:
    assert parse_query(query) == clauses


@pytest.mark.parametrize(
    "query",
    [
        "!!!",
        '"port law',
        "x" * (LONGEST_QUERY + 1),
        " ".join(f"w{n}" for n in range(MOST_CLAUSES + 1)),
        "a-" * 60,
    ],
)
def test_a_query_that_cannot_be_searched_is_refused(query: str) -> None:
    with pytest.raises(BadQuery):
        parse_query(query)


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("port", True),
        ("PÖRT law", True),
        ("por", False),
        ("por*", True),
        ('"port law"', True),
        ('"law port"', False),
        ('"law 港口"', False),
        ("谈判", True),
        ("口谈", True),
        ("港口谈判", True),
        ("港判", False),
        ("判", True),
        ("port -law", False),
        ("port -sea", True),
        ("-sea", True),
    ],
)
def test_a_card_is_found_by_what_stands_on_it(query: str, is_found: bool) -> None:
    assert matches(parse_query(query), ["Port Law", "港口谈判"]) is is_found


@given(
    st.lists(st.text(LETTERS, max_size=12), max_size=3),
    st.text("ab", min_size=1, max_size=4) | st.text("谈判海", min_size=1, max_size=4),
)
def test_every_word_found_lies_on_the_card(texts: list[str], word: str) -> None:
    if matches(parse_query(word), texts):
        assert any(word in text for text in texts)


@given(st.text("谈判海", min_size=1, max_size=8), st.data())
def test_every_part_of_a_chinese_text_is_found(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    part = text[start : data.draw(st.integers(start + 1, len(text)))]
    assert matches(parse_query(part), [text])


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_that_is_searched(text: str) -> None:
    assert tokens_of(fold(text)) == tokens_of(text)


@given(st.text(max_size=LONGEST_QUERY))
def test_any_text_is_a_query_or_is_refused(text: str) -> None:
    try:
        clauses = parse_query(text)
    except BadQuery:
        return
    assert all(clause.tokens for clause in clauses)


def test_no_phrase_reaches_from_one_text_into_the_next() -> None:
    places = [place for place, _token in placed_tokens(["port", "law"])]
    assert places == [0, 101]

"""Reading queries: what is meant, what is refused and where, and what a card is found by."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talent_pool.search.expressions import (
    All,
    Either,
    Expression,
    Phrase,
    Without,
    as_asked,
    is_in_headline,
    matches,
    wanted,
)
from talent_pool.search.query import DEEPEST, LONGEST_QUERY, MOST_WORDS, BadQuery, parse_query


def word(*tokens: str, is_prefix: bool = False) -> Phrase:
    return Phrase(tokens=tokens, is_prefix=is_prefix)


A, B, C = word("aa"), word("bb"), word("cc")


@pytest.mark.parametrize(
    ("query", "expression"),
    [
        ("", None),
        ("  ", None),
        ("aa bb", All((A, B))),
        ("aa AND bb", All((A, B))),
        ("aa and bb", All((A, word("and"), B))),
        ("aa OR bb", Either((A, B))),
        ("aa OR bb cc", Either((A, All((B, C))))),
        ("aa (bb OR cc)", All((A, Either((B, C))))),
        ("NOT aa", Without(A)),
        ("-aa", Without(A)),
        ("aa NOT bb", All((A, Without(B)))),
        ("aa AND NOT bb", All((A, Without(B)))),
        ("aa OR -bb", Either((A, Without(B)))),
        ("-(aa OR bb)", Without(Either((A, B)))),
        ("NOT NOT aa", Without(Without(A))),
        ("((aa))", A),
        ('"aa bb"', word("aa", "bb")),
        ("“aa bb”", word("aa", "bb")),
        ("「港口」", word("港口")),
        ("《港口》", word("港口")),
        ("（aa　ＯＲ　bb）", Either((A, B))),
        ("aa，bb；cc。", All((A, B, C))),
        ("港口、法律", All((word("港口"), word("法律")))),
        ("anti-corruption", word("anti", "corruption")),
        ("－法律", Without(word("法律"))),
        ("aa - bb", All((A, B))),
        ("negotiat*", word("negotiat", is_prefix=True)),
        ("ｎｅｇｏ＊", word("nego", is_prefix=True)),
        ('"law negotiat*"', word("law", "negotiat", is_prefix=True)),
        ("谈判", word("谈判")),
        ("談判", word("谈判")),
        ("谈判*", word("谈判")),
        ("谈判者", word("谈判", "判者")),
        ("谈", word("谈", is_prefix=True)),
        ("n", word("n", is_prefix=True)),
        ("aa aa", A),
        ("aa ... -", A),
        ('"AND"', word("and")),
    ],
)
def test_a_query_is_read(query: str, expression: Expression | None) -> None:
    assert parse_query(query) == expression


@pytest.mark.parametrize(
    ("query", "at", "words"),
    [
        ("!!!", 1, "There is no word"),
        ('port "law', 6, "has no partner"),
        ("港口 “法律", 4, "has no partner"),
        ("(port", 1, "is never closed"),
        ("law ((port) ", 5, "is never closed"),
        ("port)", 5, "closes nothing"),
        ("law ()", 5, "Nothing follows"),
        ("AND law", 1, "Nothing stands before"),
        ("law OR", 5, "Nothing follows"),
        ("law AND OR port", 5, "Nothing follows"),
        ("law NOT", 5, "Nothing follows"),
        (")", 1, "Nothing stands before"),
        ("(law OR) port", 6, "Nothing follows"),
        ("nego*tiate", 5, "inside a word"),
        ("x" * (LONGEST_QUERY + 1), 0, "Use at most"),
        (" ".join(f"w{n}" for n in range(MOST_WORDS + 1)), 0, "too many words"),
        ("a-" * 61, 0, "too many words"),
        ("(" * (DEEPEST + 1) + "law" + ")" * (DEEPEST + 1), DEEPEST + 1, "inside each other"),
        ("-" + "NOT " * 40 + "law", 30, "inside each other"),
    ],
)
def test_a_query_that_cannot_be_searched_is_refused_and_says_where(query: str, at: int, words: str) -> None:
    with pytest.raises(BadQuery) as fault:
        parse_query(query)
    assert (fault.value.at, words in fault.value.message) == (at, True)


BOMBS = ["(" * 300, "-" * 300, "NOT " * 75, '"' * 299, "a* OR " * 50, "(a OR " * 50, "*" * 300, "a" * 301]


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_query_bomb_is_refused_before_any_card_is_looked_at(bomb: str) -> None:
    with pytest.raises(BadQuery):
        parse_query(bomb)


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("port", True),
        ("PÖRT law", True),
        ("por", False),
        ("por*", True),
        ("p", True),
        ("x", False),
        ('"port law"', True),
        ('"law port"', False),
        ('"law 港口"', False),
        ("谈判", True),
        ("談判", True),
        ("口谈", True),
        ("港口谈判", True),
        ("港判", False),
        ("判", True),
        ("port -law", False),
        ("port -sea", True),
        ("-sea", True),
        ("sea OR law", True),
        ("sea OR ship", False),
        ("NOT (sea OR ship)", True),
        ("law (sea OR 谈判)", True),
    ],
)
def test_a_card_is_found_by_what_stands_on_it(query: str, is_found: bool) -> None:
    assert matches(parse_query(query), ["Port Law", "港口谈判"]) is is_found


@pytest.mark.parametrize(
    ("query", "is_first"),
    [
        ("port", True),
        ("谈判", False),
        ("谈判 port", True),
        ("谈判 -port", False),
        ("-port", False),
        ("", False),
    ],
)
def test_a_headline_counts_for_what_is_wanted_only(query: str, is_first: bool) -> None:
    assert is_in_headline(parse_query(query), "Port Law") is is_first


def test_what_is_left_out_is_known() -> None:
    expression = parse_query("aa (bb OR -cc) NOT (dd -ee)")
    assert [phrase.tokens[0] for phrase in wanted(expression)] == ["aa", "bb", "ee"]


@pytest.mark.parametrize(
    ("query", "asked", "is_rest"),
    [
        ("aa", "aa", False),
        ("-aa", "aa", True),
        ("NOT NOT aa", "aa", False),
        ("aa bb -cc", "aa bb -cc", False),
        ("aa -bb -cc", "aa -bb -cc", False),
        ("-aa -bb", "aa OR bb", True),
        ("-aa OR -bb", "aa bb", True),
        ("aa OR -bb", "bb -aa", True),
        ("aa OR bb OR -cc OR -dd", "cc dd -aa -bb", True),
        ("aa (bb OR -cc)", "aa -(cc -bb)", False),
        ("-(aa -bb) cc", "cc -(aa -bb)", False),
    ],
)
def test_an_index_is_asked_for_what_is_there(query: str, asked: str, is_rest: bool) -> None:
    expression = parse_query(query)
    assert expression is not None
    assert as_asked(expression) == (parse_query(asked), is_rest)


def _expressions() -> st.SearchStrategy[Expression]:
    words = st.sampled_from("abc").map(lambda letter: Phrase(tokens=(letter,)))
    return st.recursive(
        words,
        lambda parts: (
            st.lists(parts, min_size=2, max_size=3).map(lambda some: All(tuple(some)))
            | st.lists(parts, min_size=2, max_size=3).map(lambda some: Either(tuple(some)))
            | parts.map(Without)
        ),
        max_leaves=8,
    )


@given(_expressions(), st.sets(st.sampled_from("abc")))
def test_what_an_index_is_asked_means_the_same(expression: Expression, words: set[str]) -> None:
    asked, is_rest = as_asked(expression)
    texts = [" ".join(words)]
    is_found = matches(asked, texts)
    assert matches(expression, texts) is (not is_found if is_rest else is_found)


def _looked_up(expression: Expression, *, is_beside: bool = False) -> bool:
    """Whether every Without stands in an All beside something that is looked up."""
    match expression:
        case All(parts):
            has_more = any(not isinstance(part, Without) for part in parts)
            return has_more and all(_looked_up(part, is_beside=True) for part in parts)
        case Either(parts):
            return all(_looked_up(part) for part in parts)
        case Without(part):
            return is_beside and _looked_up(part)
    return True


@given(_expressions())
def test_an_index_is_never_asked_for_an_absence_alone(expression: Expression) -> None:
    assert _looked_up(as_asked(expression)[0])


@given(
    st.lists(st.text("ab谈判海 -", max_size=12), max_size=3),
    st.text("ab", min_size=2, max_size=4) | st.text("谈判海", min_size=1, max_size=4),
)
def test_every_word_found_lies_on_the_card(texts: list[str], word: str) -> None:
    if matches(parse_query(word), texts):
        assert any(word in text for text in texts)


@given(st.text("谈判海", min_size=1, max_size=8), st.data())
def test_every_part_of_a_chinese_text_is_found(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    part = text[start : data.draw(st.integers(start + 1, len(text)))]
    assert matches(parse_query(part), [text])


@given(st.text(max_size=LONGEST_QUERY) | st.text('ab*-()"“” ANDORNOT谈判（）', max_size=60))
def test_any_text_is_a_query_or_is_refused_with_its_place(text: str) -> None:
    """Whether it can be read and whether a fault can be said, and nothing third."""
    assert _reads(text) in ("empty", "query", "refused")


def _reads(text: str) -> str:
    try:
        expression = parse_query(text)
    except BadQuery as fault:
        return "refused" if 0 <= fault.at <= len(text) and fault.message % fault.values else "unclear"
    return "empty" if expression is None else "query" if isinstance(expression, Expression) else "?"

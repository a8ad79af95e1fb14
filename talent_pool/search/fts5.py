"""The search tokens and queries in the words of SQLite's FTS5 (pure: text in, text out).

The table is cut at blanks by its `ascii` tokeniser, for which every other character is a letter: FTS5 sees exactly our
tokens. An underscore, which no token holds, keeps an empty place empty, and marks the tokens of a headline: those are
tokens of their own, so that a look into headlines reads no more than headlines.
"""

from __future__ import annotations

from collections.abc import Sequence

from talent_pool.search.expressions import All, Either, Expression, Phrase, Without
from talent_pool.search.tokens import placed_tokens

GAP = HEADLINE = "_"


def written(texts: Sequence[str]) -> tuple[str, str]:
    """What stands in the columns `headline` and `words` for a card's texts, of which the first is its headline.

    Its tokens stand in both, marked and plain: a query is looked up in all columns, and finds either kind by its name.
    """
    headline = [(place, HEADLINE + token) for place, token in placed_tokens(texts[:1])]
    return _stream(headline), _stream(placed_tokens(texts))


def _stream(placed: Sequence[tuple[int, str]]) -> str:
    if not placed:
        return ""
    first = placed[0][0]
    tokens = [GAP] * (placed[-1][0] - first + 1)
    for place, token in placed:
        tokens[place - first] = token
    return " ".join(tokens)


def match(expression: Expression, *, mark: str = "") -> str:
    """What `expressions.as_asked` gives, for MATCH. Tokens hold letters and digits: there is nothing to escape."""
    match expression:
        case Phrase(tokens=tokens, is_prefix=is_prefix):
            return f'"{" ".join(mark + token for token in tokens)}"' + (" *" if is_prefix else "")
        case All(parts):
            held = [match(part, mark=mark) for part in parts if not isinstance(part, Without)]
            left_out = [match(part.part, mark=mark) for part in parts if isinstance(part, Without)]
            found = f"({' AND '.join(held)})"
            return f"({' NOT '.join([found, *left_out])})" if left_out else found
        case Either(parts):
            return f"({' OR '.join(match(part, mark=mark) for part in parts)})"
    raise AssertionError(expression)


def match_headline(expression: Expression) -> str:
    """The same, but only in the headline."""
    return match(expression, mark=HEADLINE)

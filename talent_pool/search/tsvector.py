"""The search tokens and queries in the words of PostgreSQL's tsvector and tsquery (pure: text in, text out)."""

from __future__ import annotations

from collections.abc import Sequence

from talent_pool.search.expressions import All, Either, Expression, Phrase, Without
from talent_pool.search.tokens import placed_tokens


def written(texts: Sequence[str]) -> tuple[str, str]:
    """What stands in the columns `headline` and `words` for a card's texts, of which the first is its headline.

    A query is looked up in `words` alone, so the headline stands there too.
    """
    return _vector(placed_tokens(texts[:1])), _vector(placed_tokens(texts))


def _vector(placed: Sequence[tuple[int, str]]) -> str:
    places: dict[str, list[str]] = {}
    for place, token in placed:
        places.setdefault(token, []).append(str(place))
    return " ".join(f"'{token}':{','.join(found)}" for token, found in places.items())


def match(expression: Expression) -> str:
    """What `expressions.as_asked` gives, as a tsquery. Tokens hold letters and digits: there is nothing to escape."""
    match expression:
        case Phrase(tokens=tokens, is_prefix=is_prefix):
            return "(" + " <-> ".join(f"'{token}'" for token in tokens) + (":*)" if is_prefix else ")")
        case All(parts):
            return f"({' & '.join(match(part) for part in parts)})"
        case Either(parts):
            return f"({' | '.join(match(part) for part in parts)})"
        case Without(part):
            return f"!{match(part)}"
    raise AssertionError(expression)

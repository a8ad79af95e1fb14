"""What a query asks for, as a tree, and the plain reading of it on the text of one card (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from talent_pool.search.tokens import placed_tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Tokens that follow one another; the last may be only a beginning. One word is a phrase of one token."""

    tokens: tuple[str, ...]
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class All:
    """Every part must hold."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one part must hold."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Without:
    """The part must not hold."""

    part: Expression


Expression = Phrase | All | Either | Without
Positive = Phrase | All | Either
"""An expression with no Without in it, however deep: a database can answer it alone."""


def matches(expression: Expression | None, texts: Sequence[str]) -> bool:
    """Whether a card with these texts is found: the plain reading, without any index. None asks for nothing."""
    return expression is None or _holds(expression, placed_tokens(texts))


def is_in_headline(expression: Expression | None, headline: str) -> bool:
    """Whether a word or phrase that the query wants stands in the headline: such cards come first."""
    placed = placed_tokens([headline])
    return any(_holds(phrase, placed) for phrase in wanted(expression))


def wanted(expression: Expression | None, *, is_wanted: bool = True) -> Iterator[Phrase]:
    """The words and phrases that a query looks for, without those it leaves out."""
    match expression:
        case Phrase() if is_wanted:
            yield expression
        case All(parts) | Either(parts):
            for part in parts:
                yield from wanted(part, is_wanted=is_wanted)
        case Without(part):
            yield from wanted(part, is_wanted=not is_wanted)


def is_positive(expression: Expression) -> bool:
    """Whether nothing is left out anywhere in an expression."""
    match expression:
        case All(parts) | Either(parts):
            return all(is_positive(part) for part in parts)
        case Without():
            return False
    return True


def _holds(expression: Expression, placed: Iterable[tuple[int, str]]) -> bool:
    match expression:
        case All(parts):
            return all(_holds(part, placed) for part in parts)
        case Either(parts):
            return any(_holds(part, placed) for part in parts)
        case Without(part):
            return not _holds(part, placed)
        case Phrase():
            at = dict(placed)
            return any(_stands_at(expression, at, place) for place in at)


def _stands_at(phrase: Phrase, at: dict[int, str], place: int) -> bool:
    last = len(phrase.tokens) - 1
    for offset, token in enumerate(phrase.tokens):
        found = at.get(place + offset, "")
        if found != token and not (offset == last and phrase.is_prefix and found.startswith(token)):
            return False
    return True

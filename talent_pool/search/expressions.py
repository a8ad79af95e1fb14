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


def as_asked(expression: Expression) -> tuple[Expression, bool]:
    """The question for an index, and whether the cards looked for are all those that it does *not* find.

    An index looks words up and cannot look up what is not there: here every Without stands in an All, beside something
    that must be found.
    """
    match expression:
        case Without(part):
            asked, is_rest = as_asked(part)
            return asked, not is_rest
        case All(parts):
            held, left_out = _sorted(parts)
            return (_every(held, left_out), False) if held else (_either(left_out), True)
        case Either(parts):
            held, left_out = _sorted(parts)
            return (_every(left_out, held), True) if left_out else (_either(held), False)
    return expression, False


def _sorted(parts: Iterable[Expression]) -> tuple[list[Expression], list[Expression]]:
    """What must be found, and what must not be."""
    asked = [as_asked(part) for part in parts]
    return [one for one, is_rest in asked if not is_rest], [one for one, is_rest in asked if is_rest]


def _every(held: list[Expression], left_out: list[Expression]) -> Expression:
    parts = (*held, *(Without(one) for one in left_out))
    return parts[0] if len(parts) == 1 else All(parts)


def _either(parts: list[Expression]) -> Expression:
    return parts[0] if len(parts) == 1 else Either(tuple(parts))


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

"""The query language: words are all wanted, "phrases" stand together, -not leaves out, word* is a beginning (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from talent_pool.search.tokens import is_single_character, placed_tokens, query_tokens

LONGEST_QUERY = 200
MOST_CLAUSES = 12
MOST_TOKENS = 40
QUOTES = str.maketrans(dict.fromkeys("“”„‟«»「」『』＂", '"') | dict.fromkeys("－–—−", "-") | {"＊": "*"})
PART = re.compile(r'(?P<no>-)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')


def N_(text: str) -> str:
    """Mark English source text for translation and return it unchanged."""
    return text


class BadQuery(ValueError):
    """A query that cannot be searched for; the message is English source text, `values` fill its places."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message)
        self.message, self.values = message, values


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """Tokens that follow one another; the last may be only a beginning. An excluded clause must not be there."""

    tokens: tuple[str, ...]
    is_prefix: bool = False
    is_excluded: bool = False


def parse_query(text: str) -> tuple[Clause, ...]:
    """The clauses of a query, all of which must hold; none for an empty query. Raises BadQuery."""
    if len(text) > LONGEST_QUERY:
        raise BadQuery(N_("Use at most %(most)d characters."), most=LONGEST_QUERY)
    plain = text.translate(QUOTES)
    if plain.count('"') % 2:
        raise BadQuery(N_("A quotation mark is missing. Put “ and ” around words that belong together."))
    clauses = tuple(dict.fromkeys(_clauses(plain)))
    if plain.strip() and not clauses:
        raise BadQuery(N_("There is no word in this. Type a word that a card could hold."))
    if len(clauses) > MOST_CLAUSES or sum(len(clause.tokens) for clause in clauses) > MOST_TOKENS:
        raise BadQuery(N_("These are too many words. Use at most %(most)d."), most=MOST_CLAUSES)
    return clauses


def _clauses(text: str) -> Iterator[Clause]:
    for part in PART.finditer(text):
        words = part["phrase"] if part["phrase"] is not None else part["word"]
        tokens, is_prefix = query_tokens(words)
        is_prefix = is_prefix or (words.endswith("*") and bool(tokens) and not _is_pair(tokens[-1]))
        if tokens:
            yield Clause(tokens=tokens, is_prefix=is_prefix, is_excluded=part["no"] is not None)


def _is_pair(token: str) -> bool:
    return is_single_character(token[0]) and len(token) == 2


def matches(clauses: Iterable[Clause], texts: Iterable[str]) -> bool:
    """Whether a card with these texts is found: the plain reading of the language, without any index."""
    placed = placed_tokens(texts)
    return all(_holds(clause, placed) != clause.is_excluded for clause in clauses)


def _holds(clause: Clause, placed: list[tuple[int, str]]) -> bool:
    at = dict(placed)
    return any(_stands_at(clause, at, place) for place in at)


def _stands_at(clause: Clause, at: dict[int, str], place: int) -> bool:
    last = len(clause.tokens) - 1
    for offset, wanted in enumerate(clause.tokens):
        found = at.get(place + offset, "")
        if found != wanted and not (offset == last and clause.is_prefix and found.startswith(wanted)):
            return False
    return True

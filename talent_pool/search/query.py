"""The query language: words are all wanted, "phrases" stand together, AND, OR, NOT or -, brackets, beginning* (pure).

either := every (OR every)*        every := one ((AND)? one)*        one := (NOT | -) one | ( either ) | word | "phrase"
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from talent_pool.search.expressions import All, Either, Expression, Phrase, Without
from talent_pool.search.tokens import is_single_character, query_tokens

LONGEST_QUERY = 300
MOST_WORDS = 24
MOST_TOKENS = 60
DEEPEST = 8
FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
CHINESE = {ord(sign): '"' for sign in "“”„‟«»「」『』《》〈〉"} | {ord(sign): "-" for sign in "–—−"}
BLANKS = {ord(sign): " " for sign in "\u3000，；,;、。：！？…·"}
PLAIN: dict[int, int | str] = {**FULL_WIDTH, **CHINESE, **BLANKS}
"""One sign for one sign, so that a place in the query is a place in what was typed."""
LEXEME = re.compile(
    r'(?P<phrase>"(?P<inside>[^"]*)")|(?P<open>\()|(?P<close>\))|(?P<no>-)(?=[^\s)-])|(?P<word>[^\s"()]+)|"'
)
JOINTS = ("AND", "OR", "NOT")


def N_(text: str) -> str:
    """Mark English source text for translation and return it unchanged."""
    return text


class BadQuery(ValueError):
    """A query that cannot be searched for. The message is English source text, `values` fill its places; `at` is the
    character, counted from 1, where the fault lies (0: everywhere)."""

    def __init__(self, message: str, *, at: int = 0, **values: object) -> None:
        super().__init__(message)
        self.message, self.at, self.values = message, at, {"at": at, **values}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One piece of a query: a phrase, or one of ( ) AND OR NOT, and where it stands."""

    kind: str
    at: int
    phrase: Phrase | None = None


def parse_query(text: str) -> Expression | None:
    """What a query asks for; None for an empty one. Raises BadQuery."""
    if len(text) > LONGEST_QUERY:
        raise BadQuery(N_("Use at most %(most)d characters."), most=LONGEST_QUERY)
    signs = list(_signs(text.translate(PLAIN)))
    if not signs:
        if text.strip():
            raise BadQuery(N_("There is no word in this. Type a word that a card could hold."), at=1)
        return None
    words = [sign.phrase for sign in signs if sign.phrase is not None]
    if len(words) > MOST_WORDS or sum(len(word.tokens) for word in words) > MOST_TOKENS:
        raise BadQuery(N_("These are too many words. Use at most %(most)d."), most=MOST_WORDS)
    return _Reader(signs).whole()


def _signs(text: str) -> Iterator[Sign]:
    for found in LEXEME.finditer(text):
        at = found.start() + 1
        if found["open"] or found["close"]:
            yield Sign(kind=found.group(), at=at)
        elif found["no"] or found["word"] in JOINTS:
            yield Sign(kind="NOT" if found["no"] else found["word"], at=at)
        elif found["phrase"] is not None or found["word"]:
            if (phrase := _phrase(found["inside"] if found["phrase"] else found["word"], at)) is not None:
                yield Sign(kind="phrase", at=at, phrase=phrase)
        else:
            message = N_(
                "The quotation mark at character %(at)d has no partner. Put “ and ” around the words."
            )
            raise BadQuery(message, at=at)


def _phrase(words: str, at: int) -> Phrase | None:
    """The words as a phrase; None where there is nothing to be searched for in them."""
    bare = words.rstrip("*")
    if "*" in bare:
        message = N_("The * at character %(at)d stands inside a word. Put it at the end: negotiat*")
        raise BadQuery(message, at=at + bare.index("*"))
    tokens, is_prefix = query_tokens(bare)
    if not tokens:
        return None
    is_pair = len(tokens[-1]) == 2 and is_single_character(tokens[-1][0])
    return Phrase(tokens=tokens, is_prefix=is_prefix or (bare != words and not is_pair))


class _Reader:
    """Reads signs from left to right by the grammar at the top of this module."""

    def __init__(self, signs: list[Sign]) -> None:
        self.signs, self.next, self.depth = signs, 0, 0

    def whole(self) -> Expression:
        found = self._either()
        if (sign := self._peek()) is not None:
            raise BadQuery(N_("The bracket at character %(at)d closes nothing. Take it away."), at=sign.at)
        return found

    def _either(self) -> Expression:
        parts = [self._every()]
        while self._peek_kind() == "OR":
            self._take()
            parts.append(self._every())
        return parts[0] if len(parts) == 1 else Either(_each_once(parts))

    def _every(self) -> Expression:
        parts = [self._one()]
        while (kind := self._peek_kind()) not in ("", "OR", ")"):
            if kind == "AND":
                self._take()
            parts.append(self._one())
        distinct = _each_once(parts)
        return distinct[0] if len(distinct) == 1 else All(distinct)

    def _one(self) -> Expression:
        sign = self._take()
        if sign is None or sign.kind in ("AND", "OR", ")"):
            raise self._gap(sign)
        if sign.phrase is not None:
            return sign.phrase
        self.depth += 1
        if self.depth > DEEPEST:
            raise BadQuery(N_("Too many brackets lie inside each other at character %(at)d."), at=sign.at)
        found = self._bracket(sign) if sign.kind == "(" else Without(self._one())
        self.depth -= 1
        return found

    def _bracket(self, opening: Sign) -> Expression:
        found = self._either()
        if self._take() is None:
            message = N_("The bracket at character %(at)d is never closed. Add ) where it ends.")
            raise BadQuery(message, at=opening.at)
        return found

    def _gap(self, sign: Sign | None) -> BadQuery:
        """What is missing in front of `sign`, said where it is missing."""
        before = self.signs[self.next - 2] if sign is not None and self.next > 1 else None
        before = self.signs[-1] if sign is None else before
        if before is not None and before.kind in (*JOINTS, "("):
            message = N_(
                "Nothing follows %(word)s at character %(at)d. Type a word after it, or take it away."
            )
            return BadQuery(message, at=before.at, word=before.kind)
        assert sign is not None
        message = N_(
            "Nothing stands before %(word)s at character %(at)d. Type a word there, or take it away."
        )
        return BadQuery(message, at=sign.at, word=sign.kind)

    def _peek(self) -> Sign | None:
        return self.signs[self.next] if self.next < len(self.signs) else None

    def _peek_kind(self) -> str:
        sign = self._peek()
        return sign.kind if sign is not None else ""

    def _take(self) -> Sign | None:
        sign = self._peek()
        self.next += 1
        return sign


def _each_once(parts: list[Expression]) -> tuple[Expression, ...]:
    return tuple(dict.fromkeys(parts))

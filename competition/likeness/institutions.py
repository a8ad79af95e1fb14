"""Which names are spellings of one institution: in two scripts, words in another order, a slip of a letter."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations, islice, product

from competition.likeness.folding import HAN, has_han, latin_words, plain
from competition.likeness.pairs import MOST_IN_GROUP, Pair, within_one_edit
from competition.likeness.words import BEHIND, CHINESE, KINDS, NEAR_PLACES, SAME, SMALL, SOCIETY

MOST_RENDERINGS = 24
LEAST_FUZZY = 9
"""How many letters a name needs before a slip in it is looked for."""
LONGEST_WORD = max(map(len, CHINESE))


@dataclass(frozen=True, slots=True)
class Spelling:
    """A name taken apart: the words that matter in their order, the kinds of place it names, what stood in brackets."""

    words: tuple[str, ...]
    kinds: frozenset[str]
    is_translated: bool = False
    note: str = ""

    @property
    def letters(self) -> str:
        return "".join(self.words)

    @property
    def keys(self) -> Iterator[str]:
        """Under what it is found: its words in any order, and its letters without the gaps between words."""
        yield " ".join(sorted(self.words))
        yield self.letters


@cache
def spellings(name: str) -> tuple[Spelling, ...]:
    """A name's spellings: itself without what stands in brackets; a Chinese one in its English renderings."""
    text = re.sub(r"\be\. ?v\b\.?", "ev", plain(name))
    note = "".join(re.findall(r"[(\[](.*?)[)\]]", text))
    found = []
    for each, noted in ((re.sub(r"[(\[].*?[)\]]", " ", text), note), (text, "")):
        if has_han(each):
            found += [_taken_apart(words, noted, is_translated=True) for words in _renderings(each)]
        else:
            found.append(_taken_apart(latin_words(each), noted))
    return tuple(dict.fromkeys(one for one in found if one.words))


def _taken_apart(words: Sequence[str], note: str, *, is_translated: bool = False) -> Spelling:
    kept, kinds = [], set()
    for place, word in enumerate(words):
        kind = _kind(word)
        is_behind = word in BEHIND and not any(_kind(later) for later in words[place + 1 :])
        if kind is not None:
            kinds.add(kind)
        elif word not in SMALL and word not in SOCIETY and not is_behind:
            kept.append(SAME.get(word, word))
    return Spelling(tuple(kept), frozenset(kinds), is_translated, " ".join(latin_words(note)))


@cache
def _kind(word: str) -> str | None:
    """The kind of place that a word names, also with a slip in it ("unversitatea")."""
    if word in KINDS or len(word) < 6 or word[0] not in "uica":
        return KINDS.get(word)
    return next(
        (kind for known, kind in KINDS.items() if len(known) > 6 and within_one_edit(word, known)), None
    )


def _renderings(text: str) -> Iterator[list[str]]:
    """A Chinese name in English: known words translated, the others read out; several where both are usual."""
    parts: list[tuple[str, ...]] = []
    for piece in re.findall(f"{HAN.pattern}+|[^\\W_]+", text):
        parts += _translated(piece) if has_han(piece) else [(piece,)]
    for choice in islice(product(*parts), MOST_RENDERINGS):
        yield [word for part in choice for word in part.split()]


def _translated(piece: str) -> Iterator[tuple[str, ...]]:
    from pypinyin import lazy_pinyin

    unknown, place = "", 0
    while place < len(piece):
        known = next(
            (
                piece[place : place + n]
                for n in range(LONGEST_WORD, 0, -1)
                if piece[place : place + n] in CHINESE
            ),
            None,
        )
        if known is None:
            unknown += piece[place]
            place += 1
            continue
        if unknown:
            yield ("".join(lazy_pinyin(unknown)).replace("ü", "u"),)
        yield CHINESE[known]
        unknown, place = "", place + len(known)
    if unknown:
        yield ("".join(lazy_pinyin(unknown)).replace("ü", "u"),)


def are_alike(first: str, second: str) -> str:
    """Why two names may be one institution (`same`, `script`, `order`, `slip`); empty when nothing says so."""
    if has_han(first) and has_han(second):
        return "same" if _han(first) == _han(second) else ""
    best = ""
    for one in spellings(first):
        for other in spellings(second):
            why = _why(one, other)
            if why and (not best or ORDER.index(why) < ORDER.index(best)):
                best = why
    return best


def _han(name: str) -> str:
    """The letters of a Chinese name: two of them are compared as they are, never by what they are called in English."""
    return "".join(re.findall(r"[^\W_]", plain(name)))


ORDER = ("same", "script", "order", "slip")


def _why(one: Spelling, other: Spelling) -> str:
    is_across = one.is_translated != other.is_translated
    if one.kinds != other.kinds and not is_across:
        return ""
    if one.note and other.note and one.note != other.note:
        return ""
    if one.words == other.words or one.letters == other.letters:
        return "script" if is_across else "same"
    if sorted(one.words) == sorted(other.words):
        return "script" if is_across else "order"
    return "" if is_across or one.is_translated else _slip(one, other)


def _slip(one: Spelling, other: Spelling) -> str:
    """One word differs by one letter, the others are equal."""
    if len(one.words) != len(other.words) or len(one.letters) < LEAST_FUZZY:
        return ""
    different = [(a, b) for a, b in zip(one.words, other.words, strict=True) if a != b]
    if len(different) != 1:
        return ""
    ((first, second),) = different
    return "slip" if _is_slip(first, second) else ""


def _is_slip(first: str, second: str) -> bool:
    if (
        min(len(first), len(second)) < 5
        or first[0] != second[0]
        or any(each.isdigit() for each in first + second)
    ):
        return False
    if any(first in near and second in near for near in NEAR_PLACES):
        return False
    return within_one_edit(first, second)


def alike_institutions(names: Sequence[Sequence[str]]) -> list[Pair]:
    """Pairs of entries (each a name and perhaps one in another script) that may be one institution.

    The work grows with the number of names, not with its square: only names that share a key are compared.
    """
    found: dict[tuple[int, int], str] = {}
    for group in _groups(names):
        for one, other in combinations(group, 2):
            if (one, other) not in found:
                found[one, other] = _why_entries(names[one], names[other])
    return [Pair(one, other, why) for (one, other), why in sorted(found.items()) if why]


def _why_entries(first: Sequence[str], second: Sequence[str]) -> str:
    whys = [why for one in first if one for other in second if other and (why := are_alike(one, other))]
    return min(whys, key=ORDER.index, default="")


def _groups(names: Sequence[Sequence[str]]) -> Iterator[list[int]]:
    """Entries that share a key: a whole name, or a name less one letter."""
    exact: dict[str, list[int]] = defaultdict(list)
    slips: dict[str, list[int]] = defaultdict(list)
    for place, entry in enumerate(names):
        own = [each for name in entry if name for each in spellings(name)]
        for key in {key for each in own for key in each.keys}:
            exact[key].append(place)
        for letters in {each.letters for each in own if not each.is_translated}:
            if len(letters) >= LEAST_FUZZY:
                for shortened in {letters, *(letters[:n] + letters[n + 1 :] for n in range(len(letters)))}:
                    slips[shortened].append(place)
    for groups in (exact, slips):
        for group in groups.values():
            distinct = list(dict.fromkeys(group))
            if 1 < len(distinct) <= MOST_IN_GROUP:
                yield distinct

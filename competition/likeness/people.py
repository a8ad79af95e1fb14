"""Which names are one person's: in two scripts, family name first or last, given names joined or apart."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations, islice, product

from competition.likeness.folding import has_han, latin_words, plain
from competition.likeness.pairs import MOST_IN_GROUP, Pair

FAMILIES = {
    "曾": ("zeng", "tsang"), "单": ("shan",), "解": ("xie",), "仇": ("qiu",), "区": ("ou",), "查": ("zha",),
    "朴": ("piao", "park"), "任": ("ren",), "华": ("hua",), "盖": ("ge", "gai"), "吕": ("lu",), "乐": ("yue", "le"),
    "翟": ("zhai",), "覃": ("qin", "tan"),
}  # fmt: skip
"""Families that are read differently from the same letter elsewhere."""
COMPOUND = ("欧阳", "司马", "上官", "诸葛", "司徒", "令狐", "皇甫", "尉迟", "慕容", "东方", "夏侯")
MOST_READINGS = 16


@cache
def person_keys(name: str) -> frozenset[tuple[str, str]]:
    """Under what a person's name is found: family and given name in either order, as plain letters.

    A Chinese name is read out in pinyin, a letter with several readings in all of them. A single word has no key.
    """
    text = plain(name)
    if has_han(text):
        return frozenset(_chinese("".join(text.split())))
    return frozenset(_latin([word for word in latin_words(text.replace("-", "")) if not word.isdigit()]))


def _latin(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    words = [_one_u(word) for word in words]
    for place in range(1, len(words)):
        yield _key("".join(words[:place]), "".join(words[place:]))
    if len(words) > 2:
        yield _key(words[-1], "".join(words[:-1]))


def _chinese(name: str) -> Iterator[tuple[str, str]]:
    for family, given in readings(name):
        if given:
            yield _key(_one_u(family), _one_u("".join(given)))


def readings(name: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """A Chinese name read out: its family and the syllables of the given name, in each usual way."""
    from pypinyin import Style, pinyin

    letters = "".join(each for each in name if has_han(each))
    size = 2 if letters.startswith(COMPOUND) and len(letters) > 2 else 1
    family, given = letters[:size], letters[size:]
    syllables = pinyin(given, style=Style.NORMAL, heteronym=True) if given else []
    families = FAMILIES.get(family) or ("".join(each[0] for each in pinyin(family, style=Style.NORMAL)),)
    for choice in islice(product(families, *syllables), MOST_READINGS):
        yield choice[0], choice[1:]


def _one_u(word: str) -> str:
    """Lü is typed lu, lv and lyu."""
    for typed in ("lyu", "lv", "nyu", "nv"):
        if word.startswith(typed):
            return word[0] + "u" + word[len(typed) :]
    return word


def _key(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


def alike_people(people: Sequence[Sequence[str]]) -> list[Pair]:
    """Pairs of entries (each a name and perhaps one in another script) that may be one person's names."""
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, entry in enumerate(people):
        for key in {key for name in entry if name for key in person_keys(name)}:
            groups[key].append(place)
    found: dict[tuple[int, int], str] = {}
    for group in groups.values():
        if len(group) <= MOST_IN_GROUP:
            for one, other in combinations(group, 2):
                found[one, other] = _why(people[one], people[other])
    return [Pair(one, other, why) for (one, other), why in sorted(found.items())]


def _why(first: Sequence[str], second: Sequence[str]) -> str:
    """`same` letters, or another `order` or `script`."""
    ours, theirs = {plain(name) for name in first if name}, {plain(name) for name in second if name}
    if ours & theirs:
        return "same"
    is_across = {has_han(name) for name in ours} != {has_han(name) for name in theirs}
    return "script" if is_across else "order"

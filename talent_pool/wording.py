"""Finds what says who somebody is in free text: names, institutions, teams, and ways to reach them (pure)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations, permutations

from talent_pool.common_words import COMMON_WORDS, COMPOUND_SURNAMES, GENERIC_WORDS, PLACES, PLACES_ZH
from talent_pool.reaching import find_reach
from talent_pool.search.tokens import CJK, fold

LONGEST_RUN = 12
MOST_NAME_PARTS = 5
WORD = re.compile(rf"[^\W_{CJK}]+")
HAN_RUN = re.compile(rf"[{CJK}]")
BETWEEN = re.compile(rf"(?<=[{CJK}])[\s·・.\-_•*/|~+=#\u3000]+(?=[{CJK}])")
ALONE = re.compile(rf"(?<![{CJK}])[{CJK}](?:[^{CJK}\n]{{1,3}}[{CJK}](?![{CJK}]))+")
"""Characters of which each stands alone, as in “李,小,明”."""
LOOKALIKES = str.maketrans(
    "АВЕЅІЈКМНОРСТУХаеѕіјорсухһԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧοαν", "ABESIJKMHOPCTYXaesijopcyxhdqwABEZHIKMNOPTYXoav"
)
"""Cyrillic and Greek letters that look like Latin ones; names are read in the same way."""
TONES = re.compile(r"(?<=[A-Za-zÀ-ž])[0-5](?![0-9])")
AS_DIGITS = str.maketrans("013457", "oieast")
SHORTEST_DISGUISE = 5
"""Below that, a word with digits, such as C1 or B2, is what it is."""
MOST_CORE = 8
WRITTEN_SHORT = (
    (re.compile(r"\buniv?\b\.?", re.IGNORECASE), "University"),
    (re.compile(r"\bu\b\.?(?=\s+of\b)", re.IGNORECASE), "University"),
    (re.compile(r"\bint(?:'|’)?l\b\.?", re.IGNORECASE), "International"),
    (re.compile(r"\binst\b\.?", re.IGNORECASE), "Institute"),
    (re.compile(r"\s&\s"), " and "),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Everything by which a person could be named: names in every script, institutions, teams, address names."""

    names: tuple[str, ...] = ()
    institutions: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    mailboxes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """What gives the person away: `kind` is name, institution, team, address, link or number; `found` the words."""

    kind: str
    found: str


def find_refusal(text: str, identity: Identity) -> Refusal | None:
    """The first thing in `text` that says who the person is or how to reach them."""
    plain = fold_keeping_case(text)
    if reach := find_reach(plain):
        return Refusal(*reach)
    forms = _forms(identity)
    return next(filter(None, (_find_names(reading, forms) for reading in _readings(plain))), None)


Forms = list[tuple[str, list[tuple[str, bool]]]]


def _forms(identity: Identity) -> Forms:
    """What to look for: kind by kind, each form with whether only a capitalised word counts."""
    return [
        ("name", sorted(name_forms(identity.names))),
        ("name", sorted((fold(box), False) for box in identity.mailboxes if len(box) >= 5)),
        ("institution", sorted(institution_forms(identity.institutions))),
        ("team", sorted(team_forms(identity.teams))),
    ]


def _readings(plain: str) -> list[str]:
    """The text as it stands, with abbreviations in full, and with digits read as tones or as letters."""
    full = plain
    for short, whole in WRITTEN_SHORT:
        full = short.sub(whole, full)
    undisguised = WORD.sub(lambda word: _undisguised(word.group()), plain)
    return list(dict.fromkeys((plain, full, TONES.sub("", plain), undisguised)))


def _undisguised(word: str) -> str:
    has_both = not word.isdigit() and not word.isalpha() and len(word) >= SHORTEST_DISGUISE
    return word.translate(AS_DIGITS) if has_both else word


def _find_names(plain: str, forms: Forms) -> Refusal | None:
    words, runs = WORD.findall(plain), _runs(plain)
    joined = ALONE.sub(lambda match: "".join(HAN_RUN.findall(match.group())), plain)
    characters = fold(BETWEEN.sub("", joined))
    for kind, listed in forms:
        for form, is_exact in listed:
            if found := _found(form, is_exact, words, runs, characters):
                return Refusal(kind, found)
    return None


def _found(form: str, is_exact: bool, words: list[str], runs: dict[str, str], characters: str) -> str:
    if HAN_RUN.search(form):
        is_there = _standing_alone(form).search(characters) if is_exact else form in characters
        return form if is_there else ""
    if is_exact:
        spelled = runs.get(form, "") if len(form) > 2 else ""
        is_spelled = spelled.isupper() and len(spelled) == 2 * len(form) - 1
        exact = (word for word in words if word in (form.capitalize(), form.upper()))
        return spelled if is_spelled else next(exact, "")
    if form in runs:
        return runs[form]
    long_words = (word for word in words if len(form) >= 6 and form in fold(word))
    return next(long_words, "")


@cache
def _standing_alone(form: str) -> re.Pattern[str]:
    """A short Chinese form by itself: at the beginning or after a word such as 在, and not as part of 北大部分."""
    return re.compile(rf"(?:(?<![{CJK}])|(?<=[在是从自于读])){form}(?![部量型多小概力规会门楼桥])")


def fold_keeping_case(text: str) -> str:
    """Full-width, invisible and lookalike characters made plain; case kept: “He” may be a name where “he” is not."""
    plain = unicodedata.normalize("NFKC", text).translate(LOOKALIKES)
    return "".join(character for character in plain if unicodedata.category(character) not in ("Cf", "Mn"))


def name_forms(names: Iterable[str]) -> set[tuple[str, bool]]:
    """What a person's names look like in text: (folded form, whether only a capitalised word counts).

    Every part of three letters or more; shorter parts and everyday words only when capitalised; all parts written
    together in any order; of Chinese names the whole and the given name.
    """
    forms: set[tuple[str, bool]] = set()
    for name in names:
        characters = "".join(HAN_RUN.findall(name))
        if len(characters) >= 2:
            forms.add((fold(characters), False))
            forms |= {(fold(characters[-2:]), False)} if len(characters) in (3, 4) else set()
            family = fold(characters[:2])
            forms |= {(family, False)} if family in COMPOUND_SURNAMES and len(characters) > 2 else set()
        parts = [fold(part) for part in WORD.findall(fold_keeping_case(name))][:MOST_NAME_PARTS]
        forms |= {(part, len(part) == 2 or part in COMMON_WORDS) for part in parts if len(part) >= 2}
        for size in range(2, len(parts) + 1):
            joined = {"".join(order) for order in permutations(parts, size)}
            forms |= {(one, False) for one in joined if len(one) >= 4}
    return forms


def institution_forms(institutions: Iterable[str]) -> set[tuple[str, bool]]:
    """Institutions as people write them: in full, as initials, and by the one word that is theirs alone."""
    forms: set[tuple[str, bool]] = set()
    for name in institutions:
        characters = "".join(HAN_RUN.findall(name))
        if len(characters) >= 2:
            forms.add((fold(characters), False))
            short = re.sub(r"(大学|學院|学院|大學|学校)$", "", characters)
            if len(short) >= 2 and short not in PLACES_ZH:
                forms.add((fold(short), False))
            forms |= _short_universities(fold(characters))
        words = [fold(word) for word in WORD.findall(fold_keeping_case(name))]
        if not words:
            continue
        forms.add(("".join(words), len(words) == 1 and len(words[0]) < 5))
        initials = "".join(
            word[0] for word in words if word not in ("of", "the", "and", "for", "in", "at", "de")
        )
        if len(initials) >= 3:
            forms.add((initials, True))
        own = [word for word in words if word not in GENERIC_WORDS | PLACES | COMMON_WORDS]
        if sum(map(len, own)) >= 4:
            forms.add(("".join(own), False))
    return forms


def _short_universities(name: str) -> set[tuple[str, bool]]:
    """What 上海对外经贸大学 is called for short, such as 上经贸大; a form such as 北大 counts only by itself."""
    if not name.endswith("大学") or len(name) < 4:
        return set()
    place, core = (name[:2], name[2:-2]) if name[:2] in PLACES_ZH else (name[:1], name[1:-2])
    if len(name) == 4:
        return {(f"{name[0]}大", True)}
    sizes = (2, 3) if len(core) <= MOST_CORE else ()
    return {(f"{place[0]}{''.join(part)}大", False) for size in sizes for part in combinations(core, size)}


def team_forms(teams: Iterable[str]) -> set[tuple[str, bool]]:
    """Team names in full; a single everyday word or a role's name says nothing and is left alone."""
    forms = set()
    for name in teams:
        whole = "".join(WORD.findall(fold(name))) + "".join(HAN_RUN.findall(fold(name)))
        is_everyday = whole in GENERIC_WORDS | COMMON_WORDS | PLACES or whole in PLACES_ZH
        if len(whole) >= (2 if HAN_RUN.search(whole) else 3) and not is_everyday and not whole.isdigit():
            forms.add((whole, False))
    return forms


def _runs(plain: str) -> dict[str, str]:
    """Every run of words that stand beside one another, folded and joined -> as written ("Zi-Han" gives zihan)."""
    found: dict[str, str] = {}
    for chunk in _chunks(plain):
        for start in range(len(chunk)):
            for size in range(1, LONGEST_RUN + 1):
                part = chunk[start : start + size]
                if len(part) == size and not _is_everyday(part):
                    found.setdefault(fold("".join(part)), " ".join(part))
    return found


def _is_everyday(part: list[str]) -> bool:
    """Whether several words only happen to spell a name, as “is a” spells Isa."""
    return len(part) > 1 and all(word in COMMON_WORDS for word in part)


def _chunks(plain: str) -> Iterator[list[str]]:
    """Words between stops: a name is not spread over two sentences."""
    for sentence in re.split(r"[;:!?。；：！？\n]|\.\s", plain):
        yield WORD.findall(sentence)

"""Finds what says who somebody is in free text: names, institutions, teams, addresses, links (pure)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import permutations

from talent_pool.common_words import COMMON_WORDS, GENERIC_WORDS, PLACES, PLACES_ZH, SERVICES
from talent_pool.search.tokens import CJK, fold

LONGEST_RUN = 12
MOST_NAME_PARTS = 5
WORD = re.compile(rf"[^\W_{CJK}]+")
HAN_RUN = re.compile(rf"[{CJK}]")
BETWEEN = re.compile(rf"(?<=[{CJK}])[\s·・.\-_•\u3000]+(?=[{CJK}])")
TOP_LEVELS = (
    "com|org|net|edu|gov|int|info|io|me|cn|hk|tw|uk|eu|au|de|fr|jp|kr|sg|us|ca|ly|app|dev|link|site|xyz"
)
ADDRESS = re.compile(r"@|\b[\w.+-]+\s*[\[(（【]\s*(?:at|艾特)\s*[\])）】]", re.IGNORECASE)
LINK = re.compile(rf"https?:|www\.|\b[\w-]+\.(?:{TOP_LEVELS})\b", re.IGNORECASE)
NUMBER = re.compile(r"(?:\d[\s().\-–]{0,2}){7,}")
YEARS = re.compile(r"\b(?:19|20)\d\d\s*[-–/]\s*(?:19|20)\d\d\b")
SERVICE = re.compile(
    rf"(?:\b(?:{'|'.join(SERVICES)})\b|微信|领英|微博|小红书|抖音|电邮|手机|电话)\s*(?:id|号|号码|账号|no)?\s*[:：=是]\s*\S|\blinkedin\b",
    re.IGNORECASE,
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
    kinds = (
        ("address", ADDRESS),
        ("link", LINK),
        ("address", SERVICE),
    )
    plain = fold_keeping_case(text)
    for kind, pattern in kinds:
        if match := pattern.search(plain):
            return Refusal(kind, _around(plain, match))
    if match := NUMBER.search(YEARS.sub(" ", plain)):
        return Refusal("number", match.group().strip())
    return _find_names(plain, identity)


def _find_names(plain: str, identity: Identity) -> Refusal | None:
    words, runs = WORD.findall(plain), _runs(plain)
    characters = BETWEEN.sub("", plain)
    for kind, names in (
        ("name", name_forms(identity.names)),
        ("name", {(fold(box), False) for box in identity.mailboxes if len(box) >= 5}),
        ("institution", institution_forms(identity.institutions)),
        ("team", team_forms(identity.teams)),
    ):
        for form, is_exact in sorted(names):
            found = _found(form, is_exact, words, runs, characters)
            if found:
                return Refusal(kind, found)
    return None


def _found(form: str, is_exact: bool, words: list[str], runs: dict[str, str], characters: str) -> str:
    if HAN_RUN.search(form):
        return form if form in fold(characters) else ""
    if is_exact:
        return next((word for word in words if word in (form.capitalize(), form.upper())), "")
    if form in runs:
        return runs[form]
    long_words = (word for word in words if len(form) >= 6 and form in fold(word))
    return next(long_words, "")


def fold_keeping_case(text: str) -> str:
    """Full-width and invisible characters made plain; case kept, since “He” may be a name where “he” is not."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(character for character in plain if unicodedata.category(character) != "Cf")


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


def _around(text: str, match: re.Match[str]) -> str:
    """The words that a match lies in."""
    start = text.rfind(" ", 0, match.start()) + 1
    end = text.find(" ", match.end() - 1)
    return text[start : end if end >= 0 else len(text)].strip()[:80]

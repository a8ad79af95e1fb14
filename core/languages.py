"""Languages that people speak: read as they are typed, kept as codes, shown in the reader's words."""

from __future__ import annotations

import re
from functools import cache

from babel import Locale

from core.localised import LOCALES, chosen_locale

APART = re.compile(r"[;,/、，；\n]+|\s+and\s+|(?<=[语文话])和")
CODE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")
ALIASES = {
    "mandarin": "zh", "putonghua": "zh", "普通话": "zh", "汉语": "zh", "国语": "zh", "中国话": "zh", "华语": "zh",
    "français": "fr", "francais": "fr", "deutsch": "de", "español": "es", "espanol": "es", "русский": "ru",
    "العربية": "ar", "日本語": "ja", "日文": "ja", "한국어": "ko", "韩文": "ko", "英文": "en",
    "法文": "fr", "德文": "de", "português": "pt", "italiano": "it",
    "bahasa indonesia": "id", "tiếng việt": "vi", "हिन्दी": "hi", "ไทย": "th",
}  # fmt: skip
"""What languages are called besides their names in English and Chinese."""


def language_name(code: str, locale: str | None = None) -> str:
    """A language as its reader calls it; a code that nobody knows stays."""
    names = Locale.parse(locale or chosen_locale()).languages
    name: str = names.get(code.replace("-", "_")) or names.get(_primary(code)) or ""
    return name[:1].upper() + name[1:] or code


def shown_languages(text: str) -> list[str]:
    """Each language of a text as the reader calls it."""
    return [language_name(part) if _is_code(part) else part for part in _parts(text)]


def stored_languages(text: str) -> str:
    """What somebody typed (names in English or Chinese, or codes) as codes; what is no language stays as typed."""
    return ";".join(dict.fromkeys(_stored(part) for part in _parts(text)))


def spoken_codes(text: str) -> frozenset[str]:
    """The languages of a text by their two or three letters: whoever speaks zh-Hans speaks zh."""
    return frozenset(_primary(code) for part in _parts(text) if _is_code(code := _stored(part)))


def _parts(text: str) -> list[str]:
    return [part for each in APART.split(text) if (part := " ".join(each.split()))]


def _stored(part: str) -> str:
    return part if _is_code(part) else _by_name().get(part.casefold(), part)


def _is_code(part: str) -> bool:
    return CODE.fullmatch(part) is not None and _primary(part) in Locale.parse("en").languages


def _primary(code: str) -> str:
    return re.split("[-_]", code)[0].lower()


@cache
def _by_name() -> dict[str, str]:
    """Names in both languages to codes; of two codes with one name the shorter wins."""
    found = dict(ALIASES)
    for locale in LOCALES:
        for code, name in sorted(Locale.parse(locale).languages.items(), key=lambda pair: -len(pair[0])):
            found[name.casefold()] = code.replace("_", "-")
    return found

"""Whether somebody is who is looked for: by name in either script, by a Chinese name's sound, by anything beside it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from competition.likeness.folding import has_han, plain
from competition.likeness.people import readings

LEAST_INITIALS = 2
MOST_SOUNDS = 12
cached_plain = lru_cache(maxsize=40_000)(plain)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was typed: its words, and all of them run together."""

    words: tuple[str, ...]
    squeezed: str

    @classmethod
    def of(cls, text: str) -> Wanted:
        """Accents, tones, case, width and traditional letters do not count."""
        words = tuple(plain(text).replace("'", "").split())
        return cls(words, "".join(words))

    def fits(self, names: tuple[str, ...], *beside: str) -> bool:
        """Whether every word is found in a name, in its sound, or in what stands beside it.

        “wang xiaoming”, “xiaomingwang” and “wxm” fit 王小明; “fangmin” fits Fāng Mǐn. Nothing typed fits everybody.
        """
        line = cached_plain(" ".join((*names, *beside)))
        if all(word in line or _is_heard(word, names) for word in self.words):
            return True
        if _is_heard(self.squeezed, names):
            return True
        return len(self.squeezed) >= LEAST_INITIALS and any(
            initials.startswith(self.squeezed) for name in names for initials in _initials(name)
        )


@lru_cache(maxsize=40_000)
def spoken(*names: str) -> str:
    """How Chinese names sound, as somebody types them who searches a table in the browser; "" for other names.

    王静 gives "jingwang wangjing wj": a word, the whole name and its initials are each found in that.
    """
    heard = {sound for name in names if has_han(name) for sound in (*_sounds(name), *_initials(name))}
    return " ".join(sorted(heard)[:MOST_SOUNDS])


def _is_heard(typed: str, names: tuple[str, ...]) -> bool:
    """Whether a part of a name sounds like this; lü is typed lu and lv."""
    ways = {typed, typed.replace("lv", "lu").replace("nv", "nu")}
    return any(way in sound for name in names for sound in _sounds(name) for way in ways)


@lru_cache(maxsize=40_000)
def _sounds(name: str) -> frozenset[str]:
    """A name run together, family first and last; a Chinese one as it is read out."""
    if not has_han(name):
        words = cached_plain(name).split()
        return frozenset({"".join(words), "".join(reversed(words))})
    found = set()
    for family, given in readings(cached_plain(name)):
        rest = "".join(given)
        found |= {family + rest, rest + family}
    return frozenset(found | {sound.replace("lv", "lu").replace("nv", "nu") for sound in found})


@lru_cache(maxsize=40_000)
def _initials(name: str) -> frozenset[str]:
    """The first letters of a Chinese name's syllables; none of another name, which is found by its words."""
    if not has_han(name):
        return frozenset()
    from pypinyin import Style, lazy_pinyin

    found = {
        family[:1] + "".join(each[:1] for each in given) for family, given in readings(cached_plain(name))
    }
    return frozenset({*found, "".join(lazy_pinyin(cached_plain(name), style=Style.FIRST_LETTER))})

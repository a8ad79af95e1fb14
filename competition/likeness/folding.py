"""Letters made comparable: accents, case, width and traditional forms do not count."""

import re
import unicodedata

from competition.likeness.words import TRADITIONAL

HAN = re.compile("[\u3400-\u9fff]")
SPECIAL = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ı": "i"}
)


def plain(text: str) -> str:
    """Small letters without accents, full-width forms narrowed, traditional letters simplified."""
    narrow = unicodedata.normalize("NFKC", text).casefold().translate(SPECIAL).translate(TRADITIONAL)
    letters = unicodedata.normalize("NFD", narrow)
    return unicodedata.normalize("NFC", "".join(each for each in letters if not unicodedata.combining(each)))


def has_han(text: str) -> bool:
    """Whether a text has Chinese letters."""
    return HAN.search(text) is not None


def latin_words(text: str) -> list[str]:
    """The words of a plain text: letters and digits; an apostrophe joins, everything else parts."""
    return re.findall(r"[^\W_]+", re.sub("['’`´‘]", "", text))

"""Letters made comparable: accents, case, width and traditional forms do not count."""

import re
import unicodedata

from competition.likeness.words import TRADITIONAL

HAN = re.compile("[\u3400-\u9fff]")
HAN_NAME = re.compile("[\u3400-\u9fff]+(?:·[\u3400-\u9fff]+)*")
LEAST_LATIN = 4
"""From so many letters on a Latin text beside a Chinese one is a name of its own, not “A” or “3M”."""
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


def two_scripts(text: str) -> tuple[str, str]:
    """A name written in both scripts as (the Latin one, the Chinese one); any other text as (text, "").

    “王小明 Wang Xiaoming”, “Wang Xiaoming (王小明)” and “Wang Xiaoming/王小明” are two; “3M 公司” is one.
    """
    chinese = HAN_NAME.findall(text)
    latin = " ".join(re.sub(r"[()（）\[\]【】/|,，;；:：]", " ", HAN_NAME.sub(" ", text)).split())
    is_name = len(re.findall(r"[^\W\d_]", latin)) >= LEAST_LATIN
    if len(chinese) == 1 and is_name and not has_han(latin):
        return latin, chinese[0]
    return text, ""

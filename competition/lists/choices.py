"""What people write about an applicant as our closed lists have it: our own words first, then what they mean."""

from __future__ import annotations

import re
from functools import cache

from flask_babel import force_locale

from competition.applications.public import CHOICES
from competition.likeness.folding import plain
from core.languages import spoken_codes
from core.localised import LOCALES

MEANT: dict[str, tuple[tuple[str, str], ...]] = {
    "discipline": (
        ("relations", "international relation|politic|diplom|国际关系|国际政治|政治|外交"),
        ("law", "law|legal|juris|法(?![语文])"),
        ("environment", "environment|geograph|earth|ecolog|环境|地理|地质|生态"),
        ("media", "communicat|journal|media|新闻|传播|传媒"),
        ("economics", "econom|business|financ|account|management|trade|经济|商|金融|会计|管理|贸易"),
        ("engineering", "engineer|comput|software|工程|计算机|软件|电子"),
        ("languages", "language|linguist|english|french|translat|humanit|histor|philosoph|literat|语|翻译|文学|历史"),
        ("science", "science|medic|biolog|chemi|physic|math|医|生物|化学|物理|数学"),
    ),
    "year": (
        ("doctorate", "phd|doctor|博士"),
        ("master", "master|postgrad|硕士|研究生|研[一二三]"),
        ("working", "working|graduated|employ|工作|在职|毕业"),
        ("b1", "fresh|first|1st|大一|一年级|^1$"),
        ("b2", "sophomore|second|2nd|大二|二年级|^2$"),
        ("b3", "junior|third|3rd|大三|三年级|^3$"),
        ("b4", "senior|fourth|4th|fifth|5th|大四|大五|四年级|五年级|^[45]$"),
    ),
    "experience": (
        ("none", "^(no|none|never|0|无|没有|否)$|first"),
        ("much", "[3-9]|three|many|several|多次|三次"),
        ("some", "^yes$|1|2|one|two|once|一次|两次|有"),
    ),
    "gender": (
        ("female", "^(f|female|woman|女.*)$"),
        ("male", "^(m|male|man|男.*)$"),
        ("other", "^(x|other|divers.*|其他)$"),
    ),
}  # fmt: skip
"""Per list the codes with what means them, tried in this order."""
OTHERWISE = {"discipline": "other"}


def choice_of(attribute: str, text: str) -> str | None:
    """The code that a text means; None where it means none."""
    word = plain(text).strip()
    if not word:
        return ""
    if (code := _our_words(attribute).get(word)) is not None:
        return code
    if attribute == "culture":
        spoken = sorted(spoken_codes(text))
        known = [each for each in spoken if each in CHOICES["culture"]]
        return known[0] if known else "other" if spoken else None
    meant = (code for code, pattern in MEANT[attribute] if re.search(pattern, word))
    return next(meant, OTHERWISE.get(attribute))


@cache
def _our_words(attribute: str) -> dict[str, str]:
    found = {code: code for code in CHOICES[attribute]}
    for locale in LOCALES:
        with force_locale(locale):
            found |= {plain(str(label)): code for code, label in CHOICES[attribute].items()}
    return found

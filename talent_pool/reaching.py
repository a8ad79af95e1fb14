"""Finds what reaches a person past the pool: addresses, accounts, links, telephone numbers (pure).

Texts arrive with full-width and invisible characters made plain (talent_pool.wording.fold_keeping_case).
"""

from __future__ import annotations

import re

TOP_LEVELS = (
    "com|org|net|edu|gov|int|info|io|me|cn|hk|tw|uk|eu|au|de|fr|jp|kr|sg|us|ca|ly|app|dev|link|site|xyz|ai|co|tech|blog|"
    "top|club|online|vip|pro|tv|cc"
)
MAIL = re.compile(
    r"@|\b[\w.+-]+\s*[\[(（【{<]\s*(?:at|艾特)\s*[\])）】}>]"
    r"|\b(?:gmail|hotmail|foxmail|protonmail|icloud)\b"
    r"|\b\w+\s+(?:at|艾特)\s+\w+\s+(?:dot|点)\s+\w+",
    re.IGNORECASE,
)
LINK = re.compile(
    rf"\bh(?:tt|xx)ps?\s*:|\bwww\b|\b[\w-]+\.(?:{TOP_LEVELS})\b|\b\w+\s+dot\s+(?:com|org|net|cn|edu)\b",
    re.IGNORECASE,
)
SENTENCE_DOT = re.compile(r"(?<=[A-Za-z0-9])[。．｡](?=[A-Za-z])")
IDEOGRAPHIC = "微信|薇信|威信|[vV]信|领英|微博|小红书|抖音|电邮|邮箱|手机|电话"
ACCOUNTS = (
    "wechat|weixin|wx|vx|qq|whatsapp|telegram|skype|instagram|facebook|twitter|github|weibo|e-?mail|phone|tel|"
    "mobile"
)
MAYBE = "line|signal|contact|mail"
"""Words of everyday English that are also ways to reach people: only with what looks like an account after them."""
NAMED = r"\s*(?:id|号码|账号|号|no)?\s*"
IDENTIFIER = r"(?=[\w-]*[\d_])\w[\w-]{4,}"
"""At least five letters, digits or dashes, a digit among them: no word of a sentence."""
ACCOUNT = re.compile(
    rf"(?:\b(?:{ACCOUNTS})|{IDEOGRAPHIC}){NAMED}[:：=是]\s*[^\s,.;，。；]"
    rf"|(?:\b(?:{ACCOUNTS})|{IDEOGRAPHIC}){NAMED}{IDENTIFIER}"
    rf"|\b(?:{MAYBE}){NAMED}[:：=]\s*{IDENTIFIER}"
    r"|加我?\s*(?:[vV]|微)(?![A-Za-z])|\blinkedin\b",
    re.IGNORECASE,
)
NUMBER = re.compile(r"(?:\d[\s().\-–]{0,2}){7,}")
SPELLED = re.compile(
    r"[零〇一二三四五六七八九幺]{7,}"
    r"|(?:\b(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)\b[\s,.-]*){7,}",
    re.IGNORECASE,
)
YEARS = re.compile(r"\b(?:19|20)\d\d\s*[-–/]\s*(?:19|20)\d\d\b")


def find_reach(plain: str) -> tuple[str, str] | None:
    """The first way to reach somebody: its kind (address, link or number), and the words."""
    dotted = SENTENCE_DOT.sub(".", plain)
    for kind, pattern in (("address", MAIL), ("link", LINK), ("address", ACCOUNT)):
        if match := pattern.search(dotted):
            return kind, _around(dotted, match)
    for pattern in (NUMBER, SPELLED):
        if match := pattern.search(YEARS.sub(" ", plain)):
            return "number", match.group().strip()
    return None


def _around(text: str, match: re.Match[str]) -> str:
    """The words that a match lies in."""
    start = text.rfind(" ", 0, match.start()) + 1
    end = text.find(" ", match.end() - 1)
    return text[start : end if end >= 0 else len(text)].strip()[:80]

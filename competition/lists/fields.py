"""What a column can be, and guessing it from its header in English or Chinese."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from competition.applications.public import ATTRIBUTES
from competition.likeness.folding import has_han, plain

MOST_PEOPLE = 8
"""How many people one row of a list can name in columns of their own, the captain not counted."""
PERSON = ("name", "family", "name_local", "contact")
KINDS: dict[str, Any] = {
    "teams": _l("Teams and their delegates"),
    "institutions": _l("Institutions"),
    "judges": _l("Judges"),
    "applicants": _l("People who apply alone"),
}
CHOSEN = ("discipline", "year", "culture", "experience", "gender")
"""What an applicant chooses from closed lists."""
OF_INSTITUTION = ("institution", "institution_local", "country")
FIELDS: dict[str, tuple[str, ...]] = {
    "teams": ("team", *OF_INSTITUTION, "role", "divisions", "coach", *PERSON, "members"),
    "institutions": (*OF_INSTITUTION, "code"),
    "judges": (*PERSON, *OF_INSTITUTION, "languages", "rating"),
    "applicants": (*PERSON, "institution", *CHOSEN, "motivation"),
}
LABELS: dict[str, Any] = {
    "team": _l("Team"),
    "institution": _l("Institution"),
    "institution_local": _l("Institution, local name"),
    "country": _l("Country"),
    "code": _l("Short name"),
    "role": _l("Role"),
    "divisions": _l("Divisions"),
    "coach": _l("Adviser"),
    "name": _l("Name"),
    "family": _l("Family name, where it stands apart"),
    "name_local": _l("Name in their own script"),
    "contact": _l("E-mail"),
    "members": _l("Several people in one cell"),
    "languages": _l("Languages"),
    "rating": _l("Rating, 0 to 10"),
    **{name: ATTRIBUTES[name] for name in CHOSEN},
    "motivation": _l("Why do you want to take part?"),
}
LOCAL = re.compile("中文|汉字|chinese|local|own script|native|本国|(?<![a-z])zh(?![a-z])")
LATIN = re.compile("英文|拼音|english|latin|pinyin")
PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("contact", re.compile(r"mail|邮箱|邮件|电邮|^e\d?$")),
    ("country", re.compile("^(?!.*[ _]id$).*country|alpha2|国家|国别|地区")),
    ("languages", re.compile("language|语言|语种")),
    (
        "discipline",
        re.compile("^(?!.*(学校|大学|universit)).*(disciplin|major|subject|field of|专业|学科|院系)"),
    ),
    ("year", re.compile("year|grade|年级|学年|学历")),
    ("culture", re.compile("mother tongue|first language|native language|culture|母语|文化")),
    ("experience", re.compile("experience|经验|经历")),
    ("gender", re.compile("gender|^sex$|性别")),
    ("motivation", re.compile("motivation|why|essay|动机|理由|自述|陈述")),
    ("rating", re.compile("rating|level|rank|评级|等级")),
    ("role", re.compile("role|角色")),
    ("divisions", re.compile("division|categor|组别|级别")),
    ("coach", re.compile("coach|advis|teacher|mentor|指导|教练|带队")),
    ("members", re.compile("members|delegates|speakers|participants|成员名单|队员名单|全体")),
    ("code", re.compile("abbr|short|code|简称|代码|缩写")),
    (
        "institution",
        re.compile(
            "universit|institut|school|college|societ|organi[sz]ation|affiliation|学校|院校|高校|大学|单位|机构"
        ),
    ),
    ("team", re.compile("team|delegation|队名|队伍|参赛队|代表队|团队")),
    ("family", re.compile("^(?!.*(given|first|full)).*(family ?name|last ?name|surname)|姓氏|^姓$")),
    (
        "name",
        re.compile(
            "name|speaker|delegate|member|student|debater|judge|participant|captain|"
            r"姓名|名字|英文名|中文名|队员|成员|选手|学生|评委|队长|领队|^名$|^[sn]\d$"
        ),
    ),
)
"""The words of a field's header; the first field that fits is guessed, so the order matters."""
LEAST_ABOVE = 2
HEADER_WORDS = re.compile(
    "name|full name|first name|last name|surname|family name|given name|e-mail|email|e-mail address|email address|mail|"
    "phone|mobile|tel|university|institution|school|college|organisation|organization|country|team|team name|role|"
    "language|languages|captain|coach|adviser|advisor|gender|year|major|"
    "姓名|中文名|英文名|邮箱|电子邮箱|电话|手机|手机号|学校|学校名称|院校|单位|国家|队名|队伍|队伍名称|角色|性别|年级|专业|"
    "指导老师|领队|队长|语言"
)
"""Cells that stand in headers alone, whole."""
CAPTAIN = re.compile("captain|leader|队长|领队")
CHINESE_DIGITS = str.maketrans("一二三四五六七八", "12345678")


def fields_of(kind: str) -> list[tuple[str, str]]:
    """Every field that a list of this kind can have, with its label, the empty one first."""
    plain_ones = [("", _("Leave out")), *((name, str(LABELS[name])) for name in FIELDS[kind])]
    if kind != "teams":
        return plain_ones
    numbered = [
        (f"{name}_{number}", _person_label(name, number))
        for number in range(MOST_PEOPLE + 1)
        for name in PERSON
    ]
    return plain_ones + numbered


def _person_label(name: str, number: int) -> str:
    who = _("Delegate %(number)d", number=number) if number else _("Captain")
    return f"{who}: {LABELS[name]}"


def header_key(headers: Sequence[str]) -> str:
    """A short name for a set of headers, the same whatever their case and spaces."""
    text = "\x1f".join(plain(header).strip() for header in headers)
    return hashlib.sha256(text.encode()).hexdigest()[:40]


def guess_columns(headers: Sequence[str], kind: str) -> list[str]:
    """What each column probably is; each field once, the first column that fits it.

    Where two columns hold the same thing, as 学校 and University do, the Chinese header is that of the local name.
    A bare “E-mail” is that of the person whose name stands before it: “Captain, E-mail, Speaker 1, E-mail”.
    """
    found: list[str] = []
    for header in headers:
        guess = _guess(plain(header).strip(), kind)
        if guess == "contact" and kind == "teams":
            guess = _contact_of(found)
        if guess in found:
            before, local = found.index(guess), _local_of(guess)
            if not local or local in found or _is_latin(header) == _is_latin(headers[before]):
                guess = ""
            elif _is_latin(header):
                found[before] = local
            else:
                guess = local
        found.append(guess)
    return found


def _contact_of(before: Sequence[str]) -> str:
    """Whose address a bare “E-mail” is; nobody's after a coach, because a list has no column for theirs."""
    last = next((one for one in reversed(before) if one), "")
    if last == "coach":
        return ""
    name = next((one for one in reversed(before) if one.startswith("name")), "")
    return "contact" + name.removeprefix("name").removeprefix("_local")


def _is_latin(header: str) -> bool:
    """Whether a header asks for Latin letters: it is written in them, or says so in Chinese."""
    return not has_han(header) or LATIN.search(plain(header)) is not None


def _local_of(field: str) -> str:
    """The field of the same thing in its own script: `name_2` has `name_local_2`; nothing where there is none."""
    base, _bar, number = field.partition("_")
    if base not in ("institution", "name") or not (number == "" or number.isdigit()):
        return ""
    return f"{base}_local_{number}" if number else f"{base}_local"


def _guess(header: str, kind: str) -> str:
    if not header:
        return ""
    base = next((name for name, pattern in PATTERNS if _fits(name, kind) and pattern.search(header)), "")
    if base == "name" and kind == "institutions":
        base = "institution"
    if base in ("institution", "name") and LOCAL.search(header) and not LATIN.search(header):
        base += "_local"
    if base not in FIELDS[kind]:
        return ""
    if kind == "teams" and base in PERSON:
        return _numbered(base, header)
    return base


def _fits(name: str, kind: str) -> bool:
    return name in FIELDS[kind] or (kind == "institutions" and name == "name")


def _numbered(base: str, header: str) -> str:
    number = re.search(r"[1-8]", header.translate(CHINESE_DIGITS))
    if number:
        return f"{base}_{number.group()}"
    return f"{base}_0" if CAPTAIN.search(header) else base


def find_header(rows: Sequence[Sequence[str]], kind: str) -> int:
    """The row that looks most like headers among the first ten; titles above a list are common. Where a second line of
    headers follows (“Delegate 1” above “Name” and “E-mail”, or the same in the other language), it is that one.
    """
    scores = [sum(bool(guess) for guess in guess_columns(row, kind)) for row in rows[:10]]
    best = max(scores, default=0)
    if not best:
        return next((n for n, row in enumerate(rows) if row), 0)
    first = scores.index(best)
    return first + 1 if first + 1 < len(rows) and _is_second_line(rows[first + 1]) else first


def headers_at(rows: Sequence[Sequence[str]], place: int) -> list[str]:
    """The headers of a row, as many as the widest row has cells; two lines of headers become one: what stands above
    several columns belongs to each of them.
    """
    width = max(map(len, rows))
    headers = [*rows[place], *[""] * (width - len(rows[place]))]
    above = rows[place - 1] if place else []
    if not _is_second_line(rows[place]) or sum(map(bool, above)) < LEAST_ABOVE:
        return headers
    over = ""
    for column, header in enumerate(headers):
        own = above[column] if column < len(above) else ""
        over = own or (over if header else "")
        headers[column] = " ".join(part for part in (over, header) if part)
    return headers


def _is_second_line(row: Sequence[str]) -> bool:
    """Whether a row can hold nothing but headers: most of its cells are words that nobody is called by."""
    cells = [plain(cell).strip() for cell in row if cell]
    known = sum(HEADER_WORDS.fullmatch(cell) is not None for cell in cells)
    return known >= LEAST_ABOVE and known >= 0.6 * len(cells)

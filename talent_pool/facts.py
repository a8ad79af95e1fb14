"""The facts employers hire on, each from a closed list or a month: their codes, keeping only known ones (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from talent_pool.vocabulary import SECTORS, SKILLS

LANGUAGES = (
    "zh", "en", "fr", "es", "ru", "ar", "de", "ja", "ko", "pt", "it", "hi", "id", "vi", "th", "ms", "tr", "fa", "sw",
    "ur", "bn", "nl", "pl", "uk",
)  # fmt: skip
LEVELS = ("A1", "A2", "B1", "B2", "C1", "C2", "native")
"""The Common European Framework of Reference, and the language one grew up with."""
DEGREES = ("secondary", "bachelor", "master", "doctor", "professional")
KINDS = ("internship", "jpo", "traineeship", "permanent", "fixed_term", "research", "volunteering")
MOBILITY = ("stays", "country", "region", "world")
AVAILABILITY = ("full_time", "part_time", "remote", "field")
CODES = """
    AE AF AL AM AO AR AT AU AZ BA BD BE BF BG BH BI BJ BN BO BR BT BW BY CA CD CF CG CH CI CL CM CN CO CR CU CV
    CY CZ DE DJ DK DO DZ EC EE EG ER ES ET FI FJ FR GA GB GE GH GM GN GQ GR GT GW GY HK HN HR HT HU ID IE IL IN
    IQ IR IS IT JM JO JP KE KG KH KM KP KR KW KZ LA LB LK LR LS LT LU LV LY MA MC MD ME MG MK ML MM MN MO MR MT
    MU MV MW MX MY MZ NA NE NG NI NL NO NP NZ OM PA PE PG PH PK PL PS PT PY QA RO RS RU RW SA SB SC SD SE SG SI
    SK SL SN SO SR SS ST SV SY SZ TD TG TH TJ TL TM TN TO TR TT TW TZ UA UG US UY UZ VA VE VN VU WS YE ZA ZM ZW
"""
COUNTRIES = tuple(CODES.split())
"""Countries and regions by their ISO codes."""
MONTH = re.compile(r"(20[0-4]\d)-(0[1-9]|1[0-2])")
MOST = {"skills": 12, "sectors": 5, "places": 8, "work_rights": 8, "citizenships": 4, "languages": 10}
LISTS: dict[str, tuple[str, ...]] = {
    "kinds": KINDS,
    "skills": tuple(SKILLS),
    "sectors": tuple(SECTORS),
    "places": COUNTRIES,
    "work_rights": COUNTRIES,
    "citizenships": COUNTRIES,
    "availability": AVAILABILITY,
}
ONES: dict[str, tuple[str, ...]] = {"degree": DEGREES, "mobility": MOBILITY}
MONTHS = ("graduates", "starts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a person says of themselves by choosing. Empty means: says nothing. Months are such as 2026-09."""

    degree: str = ""
    graduates: str = ""
    starts: str = ""
    kinds: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    mobility: str = ""
    work_rights: tuple[str, ...] = ()
    citizenships: tuple[str, ...] = ()
    languages: Mapping[str, str] = field(default_factory=dict)
    skills: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    availability: tuple[str, ...] = ()


PIECES = ("about", *LISTS, *ONES, *MONTHS, "languages")
"""What can be kept off a card one by one, beside the lines of results and evidence."""


def known_facts(values: Mapping[str, Any]) -> Facts:
    """Facts from anything that was typed, stored or sent: unknown codes are left out, lists keep their order."""
    found: dict[str, Any] = {name: _several(values.get(name), known) for name, known in LISTS.items()}
    for name, most in MOST.items():
        if name in found:
            found[name] = found[name][:most]
    found |= {name: _one(values.get(name), known) for name, known in ONES.items()}
    found |= {name: _month(values.get(name)) for name in MONTHS}
    return Facts(**found, languages=_levels(values.get("languages")))


def stored_facts(facts: Facts) -> dict[str, Any]:
    """Facts as plain values; what says nothing is left out."""
    values = {name: getattr(facts, name) for name in Facts.__dataclass_fields__}
    plain = {
        name: dict(value)
        if isinstance(value, Mapping)
        else list(value)
        if isinstance(value, tuple)
        else value
        for name, value in values.items()
    }
    return {name: value for name, value in plain.items() if value}


def month_of(day: date) -> str:
    """The month of a day as it is stored: 2026-09."""
    return f"{day.year}-{day.month:02d}"


def _several(value: Any, known: tuple[str, ...]) -> tuple[str, ...]:
    chosen = set(value) if isinstance(value, Iterable) and not isinstance(value, str | Mapping) else set()
    return tuple(code for code in known if code in chosen)


def _one(value: Any, known: tuple[str, ...]) -> str:
    return value if value in known else ""


def _month(value: Any) -> str:
    return value if isinstance(value, str) and MONTH.fullmatch(value) else ""


def _levels(value: Any) -> dict[str, str]:
    """Language -> level, in the order of the list; languages given without levels have none."""
    if not isinstance(value, Mapping):
        value = dict.fromkeys(value, "") if isinstance(value, Iterable) and not isinstance(value, str) else {}
    chosen = {code: value[code] if value[code] in LEVELS else "" for code in LANGUAGES if code in value}
    return dict(list(chosen.items())[: MOST["languages"]])

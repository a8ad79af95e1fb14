"""What a card holds, and what can be searched and filtered on it: made from the card and from nothing else (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from core.roles import ROLES

LANGUAGES = (
    "zh", "en", "fr", "es", "ru", "ar", "de", "ja", "ko", "pt", "it", "hi", "id", "vi", "th", "ms", "tr", "fa", "sw",
    "ur", "bn", "nl", "pl", "uk",
)  # fmt: skip
LOOKING_FOR = ("internship", "first_job", "experienced", "international", "research", "volunteering")
FACETS = ("role", "result", "language", "year", "looking_for")
RESULTS = ("gold", "silver", "bronze", "award", "top_quarter", "top_half")
FEWEST_RANKED = 4
"""Among fewer than this, a place in the standings says nothing that could be shown as a band."""
TIERS = (("gold", ("gold", "金")), ("silver", ("silver", "银", "銀")), ("bronze", ("bronze", "铜", "銅")))


class Result(Protocol):
    """What a card needs of a person's part in one edition."""

    @property
    def ends_on(self) -> date | None: ...
    @property
    def roles(self) -> tuple[str, ...]: ...
    @property
    def rank(self) -> int | None: ...
    @property
    def ranked(self) -> int: ...
    @property
    def awards(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CardText:
    """What a person writes and chooses for their card."""

    headline: str
    about: str = ""
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    looking_for: tuple[str, ...] = ()


def build_card(text: CardText, results: Iterable[Result]) -> dict[str, Any]:
    """The card as it is stored and shown: plain values. `results` is empty where the person shows none."""
    lines = [result_line(result) for result in results]
    return {
        "headline": text.headline,
        "about": text.about,
        "skills": list(text.skills),
        "languages": [code for code in LANGUAGES if code in text.languages],
        "looking_for": [code for code in LOOKING_FOR if code in text.looking_for],
        "results": [line for position, line in enumerate(lines) if line not in lines[:position]],
    }


def result_line(result: Result) -> dict[str, Any]:
    """One part in an edition, coarsened: roles, a band of two years, award tiers, a band of the standings."""
    return {
        "roles": [role.value for role in ROLES if role.value in result.roles],
        "years": year_band(result.ends_on),
        "tiers": award_tiers(result.awards),
        "band": standing_band(result.rank, result.ranked),
    }


def year_band(day: date | None) -> str:
    """Two years that hold the day, such as 2024-2025; empty when it is not known."""
    if day is None:
        return ""
    first = day.year // 2 * 2
    return f"{first}-{first + 1}"


def award_tiers(awards: Sequence[str]) -> list[str]:
    """Gold, silver, bronze, or simply an award: the words of the award itself could name the person."""
    found = {_tier(award) for award in awards}
    return [tier for tier in RESULTS if tier in found]


def _tier(award: str) -> str:
    words = award.casefold()
    return next((tier for tier, marks in TIERS if any(mark in words for mark in marks)), "award")


def standing_band(rank: int | None, ranked: int) -> str:
    """The quarter or half of the standings that a rank lies in; empty for the rest and for small fields."""
    if rank is None or ranked < FEWEST_RANKED:
        return ""
    if rank * 4 <= ranked:
        return "top_quarter"
    return "top_half" if rank * 2 <= ranked else ""


def searchable_texts(card: dict[str, Any]) -> list[str]:
    """The words of a card, as the person wrote them: all that a keyword can find."""
    return [card["headline"], card["about"], *card["skills"]]


def facets_of(card: dict[str, Any]) -> list[tuple[str, str]]:
    """The filter values that a card shows, each once."""
    values = [("language", code) for code in card["languages"]]
    values += [("looking_for", code) for code in card["looking_for"]]
    for line in card["results"]:
        values += [("role", role) for role in line["roles"]]
        values += [("year", line["years"])] if line["years"] else []
        values += [("result", tier) for tier in line["tiers"]]
        values += [("result", line["band"])] if line["band"] else []
    return list(dict.fromkeys(values))


def split_skills(text: str) -> tuple[str, ...]:
    """Skills typed in one line, separated by commas of either script, semicolons or new lines; each once."""
    parts = [" ".join(part.split()) for part in re.split(r"[,，、;；\n]", text)]
    return tuple(dict.fromkeys(part for part in parts if part))

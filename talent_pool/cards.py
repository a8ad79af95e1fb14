"""What a card holds, and what can be searched and filtered on it: made from the card and from nothing else (pure).

A card is a dictionary of plain values, stored as it is shown:
headline, about: text. degree, mobility: code. graduates, starts: month. kinds, places, work_rights, citizenships,
skills, sectors, availability: codes. languages: {code: level}. results: lines of `result_line`.
team_evidence, own_evidence: lines of talent_pool.evidence. A piece that is not shown is empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from core.roles import ROLES
from talent_pool.facts import LANGUAGES, LEVELS, PIECES, Facts, stored_facts
from talent_pool.vocabulary import SECTORS, SKILLS, in_both_languages

FACETS = (
    "role", "result", "year", "skill", "language", "language_level", "kind", "sector", "degree", "graduates", "starts",
    "place", "mobility", "work_right", "citizenship", "availability",
)  # fmt: skip
RESULTS = ("gold", "silver", "bronze", "award", "top_quarter", "top_half")
FEWEST_RANKED = 4
"""Among fewer than this, a place in the standings says nothing that could be shown as a band."""
TIERS = (("gold", ("gold", "金")), ("silver", ("silver", "银", "銀")), ("bronze", ("bronze", "铜", "銅")))
SHOWN_LEVELS = ("B1", "B2", "C1", "C2")
"""Levels that can be filtered for; somebody above one is found by it too."""
EMPTY: dict[str, Any] = {
    "headline": "", "about": "", "degree": "", "graduates": "", "starts": "", "kinds": [], "places": [],
    "mobility": "", "work_rights": [], "citizenships": [], "languages": {}, "skills": [], "sectors": [],
    "availability": [], "results": [], "team_evidence": [], "own_evidence": [],
}  # fmt: skip


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
    """What a person writes and chooses for their card; `hidden` names the pieces that stay off it."""

    headline: str
    about: str = ""
    facts: Facts = field(default_factory=Facts)
    hidden: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What is known of a person's part in competitions, as lines that a card may show."""

    results: tuple[dict[str, Any], ...] = ()
    team_evidence: tuple[dict[str, Any], ...] = ()
    own_evidence: tuple[dict[str, Any], ...] = ()


def build_card(text: CardText, record: Record) -> dict[str, Any]:
    """The card as it is stored and shown. `record` holds only lines that the person shows."""
    pieces = {"about": text.about, **stored_facts(text.facts)}
    shown = {name: value for name, value in pieces.items() if name in PIECES and name not in text.hidden}
    lines = {
        "results": _each_once(record.results),
        "team_evidence": _each_once(record.team_evidence),
        "own_evidence": _each_once(record.own_evidence),
    }
    return {**EMPTY, "headline": text.headline, **shown, **lines}


def whole_card(card: dict[str, Any]) -> dict[str, Any]:
    """A stored card with every piece there, empty where it is not shown."""
    return {**EMPTY, **card}


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
    """The words that a keyword can find, headline first: those written, and the names of what is chosen and shown."""
    card = whole_card(card)
    words = [word for code in card["skills"] for word in in_both_languages(SKILLS, code)]
    words += [word for code in card["sectors"] for word in in_both_languages(SECTORS, code)]
    for line in (*card["team_evidence"], *card["own_evidence"]):
        words += [line.get(name, "") for name in ("case", "case_zh", "criterion", "criterion_zh")]
    return [card["headline"], card["about"], *(word for word in dict.fromkeys(words) if word)]


def facets_of(card: dict[str, Any]) -> list[tuple[str, str]]:
    """The filter values that a card shows, each once."""
    card = whole_card(card)
    values = [(facet, code) for facet, piece in LISTED.items() for code in card[piece]]
    values += [(facet, card[facet]) for facet in ("degree", "mobility", "starts") if card[facet]]
    values += [("graduates", card["graduates"][:4])] if card["graduates"] else []
    for code, level in card["languages"].items():
        values += [("language", code), *(("language_level", f"{code}-{one}") for one in reached(level))]
    for line in card["results"]:
        values += [("role", role) for role in line["roles"]]
        values += [("year", line["years"])] if line["years"] else []
        values += [("result", tier) for tier in line["tiers"]]
        values += [("result", line["band"])] if line["band"] else []
    for line in card["team_evidence"]:
        values += [("role", line["role"])] if line.get("role") else []
    return list(dict.fromkeys(values))


LISTED = {
    "skill": "skills",
    "kind": "kinds",
    "sector": "sectors",
    "place": "places",
    "work_right": "work_rights",
    "citizenship": "citizenships",
    "availability": "availability",
}
"""Facet -> the piece of the card that holds its codes."""


def reached(level: str) -> list[str]:
    """The levels that can be filtered for and that somebody at `level` has reached."""
    return [one for one in SHOWN_LEVELS if level and LEVELS.index(one) <= LEVELS.index(level)]


def _each_once(lines: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    listed = list(lines)
    return [line for position, line in enumerate(listed) if line not in listed[:position]]


__all__ = [
    "EMPTY",
    "FACETS",
    "LANGUAGES",
    "RESULTS",
    "CardText",
    "Record",
    "award_tiers",
    "build_card",
    "facets_of",
    "result_line",
    "searchable_texts",
    "standing_band",
    "whole_card",
    "year_band",
]

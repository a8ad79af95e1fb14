"""A card as pages show it: the stored values with their names in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from talent_pool.labels import language_name, looking_for_names, result_names


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownResult:
    """One part in an edition: role codes, years, and awards and band in words."""

    roles: tuple[str, ...]
    years: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCard:
    """Everything an employer sees; there is nothing of the person here but this."""

    handle: str
    headline: str
    about: str
    skills: tuple[str, ...]
    languages: tuple[str, ...]
    looking_for: tuple[str, ...]
    results: tuple[ShownResult, ...]


def shown_card(handle: str, card: dict[str, Any]) -> ShownCard:
    """The card behind a handle in words."""
    wishes = looking_for_names()
    return ShownCard(
        handle=handle,
        headline=card["headline"],
        about=card["about"],
        skills=tuple(card["skills"]),
        languages=tuple(language_name(code) for code in card["languages"]),
        looking_for=tuple(wishes.get(code, code) for code in card["looking_for"]),
        results=shown_results(card["results"]),
    )


def shown_results(lines: list[dict[str, Any]]) -> tuple[ShownResult, ...]:
    """Result lines in words."""
    names = result_names()
    return tuple(
        ShownResult(
            roles=tuple(line["roles"]),
            years=line["years"].replace("-", "–"),
            words=tuple(names[code] for code in (*line["tiers"], line["band"]) if code),
        )
        for line in lines
    )

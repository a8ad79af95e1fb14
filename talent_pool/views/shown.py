"""A card as pages show it: the stored values with their names in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from core.localised import chosen_locale, in_language
from talent_pool import labels
from talent_pool.cards import whole_card


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownResult:
    """One part in an edition: role codes, years, and awards and band in words."""

    roles: tuple[str, ...]
    years: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownEvidence:
    """One line of evidence: the role it was earned in (or none), and the rest in words."""

    role: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCard:
    """Everything an employer sees; there is nothing of the person here but this. `rows` are (label, values)."""

    handle: str
    headline: str
    about: str
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    results: tuple[ShownResult, ...]
    team_evidence: tuple[ShownEvidence, ...]
    own_evidence: tuple[ShownEvidence, ...]


def shown_card(handle: str, card: dict[str, Any]) -> ShownCard:
    """The card behind a handle in words."""
    card = whole_card(card)
    return ShownCard(
        handle=handle,
        headline=card["headline"],
        about=card["about"],
        rows=tuple((label, values) for label, values in _rows(card) if values),
        results=shown_results(card["results"]),
        team_evidence=shown_evidence(card["team_evidence"]),
        own_evidence=shown_evidence(card["own_evidence"]),
    )


def shown_results(lines: list[dict[str, Any]]) -> tuple[ShownResult, ...]:
    """Result lines in words."""
    names = labels.result_names()
    return tuple(
        ShownResult(
            roles=tuple(line["roles"]),
            years=line["years"].replace("-", "–"),
            words=tuple(names[code] for code in (*line["tiers"], line["band"]) if code),
        )
        for line in lines
    )


def shown_evidence(lines: list[dict[str, Any]]) -> tuple[ShownEvidence, ...]:
    """Evidence lines in words."""
    return tuple(ShownEvidence(role=line.get("role", ""), text=_evidence(line)) for line in lines)


def _rows(card: dict[str, Any]) -> list[tuple[str, tuple[str, ...]]]:
    return [
        (_("Looking for"), _named(card["kinds"], labels.kind_of_post_names())),
        (_("Skills"), _named(card["skills"], labels.skill_names())),
        (_("Languages"), _languages(card["languages"])),
        (_("Degree"), _named([card["degree"]], labels.degree_names())),
        (_("Can start"), _month(card["starts"])),
        (_("Where they want to work"), _countries(card["places"])),
        (_("Mobility"), _named([card["mobility"]], labels.mobility_names())),
        (_("Availability"), _named(card["availability"], labels.availability_names())),
        (_("Graduation"), _month(card["graduates"])),
        (_("Sectors"), _named(card["sectors"], labels.sector_names())),
        (_("May work in"), _countries(card["work_rights"])),
        (_("Citizenship"), _countries(card["citizenships"])),
    ]


def _named(codes: list[str], names: dict[str, str]) -> tuple[str, ...]:
    return tuple(names[code] for code in codes if code in names)


def _countries(codes: list[str]) -> tuple[str, ...]:
    return tuple(labels.country_name(code) for code in codes)


def _month(month: str) -> tuple[str, ...]:
    return (labels.month_name(month),) if month else ()


def _languages(levels: dict[str, str]) -> tuple[str, ...]:
    return tuple(
        f"{labels.language_name(code)} {labels.level_name(level)}".strip() for code, level in levels.items()
    )


def _evidence(line: dict[str, Any]) -> str:
    return _mark(line) if line.get("criterion") or line.get("criterion_zh") else _outcome(line)


def _outcome(line: dict[str, Any]) -> str:
    parts = [in_language(line["case"], line["case_zh"], chosen_locale())]
    if line["issues"]:
        parts.append(
            _("%(agreed)d of %(issues)d issues agreed", agreed=line["agreed"], issues=line["issues"])
        )
        parts.append(ngettext("%(num)d signature", "%(num)d signatures", line["signatures"]))
    return _("; ").join(part for part in parts if part)


def _mark(line: dict[str, Any]) -> str:
    name = in_language(line["criterion"], line["criterion_zh"], chosen_locale())
    if not line["of"]:  # the numbers are left off: too few people share them
        return _("%(criterion)s: %(band)s", criterion=name, band=labels.band_names()[line["band"]])
    return _(
        "%(criterion)s: %(band)s of %(of)d; %(sheets)d sheets, %(judges)d judges",
        criterion=name,
        band=labels.band_names()[line["band"]],
        of=line["of"],
        sheets=line["sheets"],
        judges=line["judges"],
    )

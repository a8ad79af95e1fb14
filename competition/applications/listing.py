"""The organisers' list of applicants as a reader narrows and orders it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from competition.applications.models import Application
from competition.applications.selection import Ranked
from competition.applications.vocabulary import CHOICES, STATES
from competition.likeness.searching import Wanted
from core.filters import ListFilter

Line = tuple[Ranked, Application]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicantFilter(ListFilter):
    """Which applicants; `state` is a state, or unscored (no review yet). Without an order the list is by score."""

    KNOWN: ClassVar = {
        "state": (*STATES, "unscored"),
        "discipline": tuple(CHOICES["discipline"]),
        "sort": ("name", "first", "last"),
    }

    state: str = ""
    discipline: str = ""


def narrowed(lines: Sequence[Line], asked: ApplicantFilter, *, is_blind: bool) -> list[Line]:
    """The lines that the filter leaves, in its order; who must not know scores yet reads them by name."""
    wanted = Wanted.of(asked.q)
    found = [line for line in lines if _is_asked(line, asked, wanted)]
    if asked.sort == "name" or (is_blind and not asked.sort):
        return sorted(found, key=lambda line: line[1].name.casefold())
    if asked.sort:
        return sorted(found, key=lambda line: line[1].submitted_at, reverse=asked.sort == "last")
    return found


def _is_asked(line: Line, asked: ApplicantFilter, wanted: Wanted) -> bool:
    score, row = line
    return (
        (not asked.state or (score.score is None if asked.state == "unscored" else row.state == asked.state))
        and (not asked.discipline or row.discipline == asked.discipline)
        and wanted.fits((row.name, row.name_local), row.contact, row.institution)
    )

"""The organisers' lists of judges and institutions as a reader narrows and orders them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from competition.entries.models import Institution, Judge
from competition.entries.queries import institutions_of, judges_of, team_lines
from competition.likeness.searching import Wanted
from core.filters import ListFilter
from core.languages import shown_languages, spoken_codes

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeLine:
    """A judge as the list shows them."""

    judge: Judge
    institution: str
    institution_local: str
    languages: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.judge.name or self.judge.name_local or self.judge.code


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeFilter(ListFilter):
    """Which judges: `state` is accepted, open (not accepted), no_address, no_languages or empty; `language` a code."""

    KNOWN: ClassVar = {
        "state": ("accepted", "open", "no_address", "no_languages"),
        "sort": ("name", "institution", "rating", "status"),
    }

    state: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionLine:
    """An institution with the number of its teams and judges."""

    institution: Institution
    teams: int
    judges: int

    @property
    def name(self) -> str:
        return self.institution.name or self.institution.code


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionFilter(ListFilter):
    """Which institutions: `state` is typed (by a captain, not looked at yet), empty (no team) or no filter."""

    KNOWN: ClassVar = {"state": ("typed", "no_team"), "sort": ("name", "country", "teams", "judges")}

    state: str = ""
    country: str = ""


def judge_lines(edition_id: int, asked: JudgeFilter) -> list[JudgeLine]:
    """The judges that the filter leaves, in its order."""
    homes = {row.id: row for row in institutions_of(edition_id)}
    lines = [_judge_line(row, homes.get(row.institution_id or 0)) for row in judges_of(edition_id)]
    wanted = Wanted.of(asked.q)
    return _sorted([one for one in lines if _is_asked_judge(one, asked, wanted)], JUDGE_ORDERS, asked.sort)


def languages_of_judges(edition_id: int) -> list[str]:
    """The languages that some judge of an edition speaks, as codes."""
    return sorted({code for row in judges_of(edition_id) for code in spoken_codes(row.languages)})


def institution_lines(edition_id: int, asked: InstitutionFilter) -> list[InstitutionLine]:
    """The institutions that the filter leaves, in its order; who was only typed by a captain comes first."""
    teams = Counter(line.institution_id for line in team_lines(edition_id))
    judges = Counter(row.institution_id for row in judges_of(edition_id))
    rows = sorted(institutions_of(edition_id), key=lambda row: row.is_checked)
    lines = [InstitutionLine(institution=row, teams=teams[row.id], judges=judges[row.id]) for row in rows]
    wanted = Wanted.of(asked.q)
    return _sorted(
        [one for one in lines if _is_asked_institution(one, asked, wanted)], INSTITUTION_ORDERS, asked.sort
    )


def _judge_line(row: Judge, home: Institution | None) -> JudgeLine:
    return JudgeLine(
        judge=row,
        institution=(home.name or home.code) if home else "",
        institution_local=home.name_local if home else "",
        languages=tuple(shown_languages(row.languages)),
    )


def _is_asked_judge(one: JudgeLine, asked: JudgeFilter, wanted: Wanted) -> bool:
    row = one.judge
    states = {
        "accepted": row.accepted_at is not None,
        "open": row.accepted_at is None,
        "no_address": not row.contact,
        "no_languages": not row.languages,
    }
    return (
        (not asked.state or states[asked.state])
        and (not asked.language or asked.language in spoken_codes(row.languages))
        and wanted.fits(
            (row.name, row.name_local), row.code, row.contact, one.institution, one.institution_local,
            row.expertise, row.site, *one.languages,
        )
    )  # fmt: skip


def _is_asked_institution(one: InstitutionLine, asked: InstitutionFilter, wanted: Wanted) -> bool:
    row = one.institution
    states = {"typed": not row.is_checked, "no_team": not one.teams}
    return (
        (not asked.state or states[asked.state])
        and (not asked.country or row.country == asked.country)
        and wanted.fits((row.name, row.name_local), row.code, row.country)
    )


JUDGE_ORDERS: dict[str, Callable[[JudgeLine], Any]] = {
    "name": lambda one: one.name.casefold(),
    "institution": lambda one: (one.institution.casefold(), one.name.casefold()),
    "rating": lambda one: (one.judge.rating is None, -(one.judge.rating or 0)),
    "status": lambda one: (one.judge.accepted_at is not None, one.name.casefold()),
}
INSTITUTION_ORDERS: dict[str, Callable[[InstitutionLine], Any]] = {
    "name": lambda one: one.name.casefold(),
    "country": lambda one: (one.institution.country, one.name.casefold()),
    "teams": lambda one: (-one.teams, one.name.casefold()),
    "judges": lambda one: (-one.judges, one.name.casefold()),
}


def _sorted(lines: Sequence[T], orders: dict[str, Callable[[T], Any]], sort: str) -> list[T]:
    return sorted(lines, key=orders[sort]) if sort else list(lines)

"""How many judges each institution owes for its teams, and how many it brought."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import func, select

from competition.entries.models import Institution, Judge, JudgeQuota, Team
from competition.likeness.searching import Wanted
from core.db import db
from core.filters import ListFilter


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """`judges` are owed for every full `per_teams` teams beyond the first `free_teams`."""

    judges: int
    per_teams: int
    free_teams: int
    version: int

    def owed_for(self, teams: int) -> int:
        """How many judges an institution with so many teams owes."""
        return self.judges * (max(0, teams - self.free_teams) // self.per_teams)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaLine:
    """An institution with its registered teams, the judges it owes and brought, and how many of those accepted."""

    public_id: str
    name: str
    name_local: str
    teams: int
    owed: int
    judges: int
    accepted: int

    @property
    def short(self) -> int:
        """How many judges are missing."""
        return max(0, self.owed - self.judges)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaFilter(ListFilter):
    """Which institutions: `state` is short, enough or empty; those that lack most first unless `sort` says else."""

    KNOWN: ClassVar = {"state": ("short", "enough"), "sort": ("name", "teams", "owed", "judges", "accepted")}

    state: str = ""

    def lines(self, lines: Iterable[QuotaLine]) -> list[QuotaLine]:
        """Those that the reader asked for, in their order."""
        wanted = Wanted.of(self.q)
        found = [
            line
            for line in lines
            if (not self.state or (self.state == "short") == bool(line.short))
            and wanted.fits((line.name, line.name_local))
        ]
        if self.sort == "name":
            return sorted(found, key=lambda line: line.name.casefold())
        return sorted(found, key=lambda line: -getattr(line, self.sort)) if self.sort else found


def find_quota(edition_id: int) -> Quota | None:
    """The quota of an edition; None while nobody set one."""
    row = db.session.scalar(select(JudgeQuota).where(JudgeQuota.edition_id == edition_id))
    if row is None:
        return None
    return Quota(judges=row.judges, per_teams=row.per_teams, free_teams=row.free_teams, version=row.version)


def quota_lines(edition_id: int, quota: Quota) -> list[QuotaLine]:
    """The institutions that field teams or brought judges, those that lack most first."""
    teams = _counts(edition_id, Team.institution_id, Team.id, Team.status == "registered")
    judges = _counts(edition_id, Judge.institution_id, Judge.id)
    accepted = _counts(edition_id, Judge.institution_id, Judge.accepted_at)
    rows = db.session.scalars(
        select(Institution).where(Institution.edition_id == edition_id).order_by(Institution.code)
    )
    lines = [
        QuotaLine(
            public_id=row.public_id,
            name=row.name or row.code,
            name_local=row.name_local,
            teams=teams.get(row.id, 0),
            owed=quota.owed_for(teams.get(row.id, 0)),
            judges=judges.get(row.id, 0),
            accepted=accepted.get(row.id, 0),
        )
        for row in rows
        if row.id in teams or row.id in judges
    ]
    return sorted(lines, key=lambda line: -line.short)


def shortfall(lines: Iterable[QuotaLine]) -> tuple[int, int]:
    """How many institutions are short, and of how many judges together."""
    missing = [line.short for line in lines if line.short]
    return len(missing), sum(missing)


def _counts(edition_id: int, home, counted, *conditions) -> dict[int, int]:  # type: ignore[no-untyped-def]
    """Rows by institution: how many have `counted`."""
    query = (
        select(home, func.count(counted))
        .where(home.is_not(None), home.class_.edition_id == edition_id, *conditions)
        .group_by(home)
    )
    return dict(db.session.execute(query).all())

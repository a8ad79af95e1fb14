"""The field of an edition as a draw sees it: teams, judges, conflicts (the one place that asks entries)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from competition.editions.public import get_edition_by_id, rooms_of
from competition.entries.public import (
    Delegate,
    Institution,
    Judge,
    JudgeConflict,
    JudgeDayOff,
    Team,
    TeamDivision,
)
from competition.rounds.models import Absence, Round
from core.db import db
from core.languages import spoken_codes
from core.roles import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldTeam:
    """A team with what matters when tables are made."""

    id: int
    public_id: str
    name: str
    institution_id: int | None
    institution: str
    role: Role | None
    wishes: str
    status: str
    withdrawn_from: int | None
    coach_person_id: int | None
    coach_contact: str = ""
    absent_in: frozenset[int] = frozenset()
    """Numbers of the rounds in which the team is said not to be there."""

    @property
    def is_stand_in(self) -> bool:
        return self.status == "stand_in"

    def plays_in(self, round_number: int) -> bool:
        """Whether the team is to be seated in that round (stand-ins are seated where they are needed)."""
        if round_number in self.absent_in:
            return False
        if self.status == "registered":
            return True
        return (
            self.status == "withdrawn"
            and self.withdrawn_from is not None
            and round_number < self.withdrawn_from
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldJudge:
    """A judge with everything that forbids a table."""

    id: int
    public_id: str
    name: str
    name_local: str
    person_id: int | None
    institution_id: int | None
    rating: Decimal | None
    institutions: frozenset[int]
    teams: frozenset[int]
    absent_in: frozenset[int] = frozenset()
    """Numbers of the rounds in which the judge is said not to be there, or on whose day they cannot come."""
    contact: str = ""
    site: str = ""
    """The one site where they can judge; empty: any."""
    languages: frozenset[str] = frozenset()
    """Which languages they speak; empty: nothing is said, so any."""

    def can_reach(self, site: str) -> bool:
        """Whether a table at this site (empty: not said) is where they can judge."""
        return not self.site or not site or self.site == site

    def conflict_with(self, team: FieldTeam) -> str | None:
        """Why this judge may not mark that team: own_institution, coach, team, institution, or None."""
        if team.institution_id is not None and team.institution_id == self.institution_id:
            return "own_institution"
        if self.person_id is not None and team.coach_person_id == self.person_id:
            return "coach"
        if self.contact and team.coach_contact == self.contact:
            return "coach"
        if team.id in self.teams:
            return "team"
        return "institution" if team.institution_id in self.institutions else None


def teams_of(edition_id: int) -> list[FieldTeam]:
    """Every team that takes part or took part, in its order (not the applications)."""
    rows = db.session.execute(
        select(
            Team.id,
            Team.public_id,
            Team.name,
            Team.institution_id,
            Institution.code,
            Institution.name.label("institution_name"),
            Team.role,
            Team.wishes,
            Team.status,
            Team.withdrawn_from,
            Team.coach_person_id,
            Team.coach_contact,
        )
        .outerjoin(Institution, Institution.id == Team.institution_id)
        .where(Team.edition_id == edition_id, Team.status.not_in(("applied", "declined")))
        .order_by(Team.position, Team.id)
    ).mappings()
    absent = _absent(edition_id, Absence.team_id)
    return [_team({**row, "absent_in": frozenset(absent[row["id"]])}) for row in rows]


def _absent(edition_id: int, who: InstrumentedAttribute[int | None]) -> dict[int, set[int]]:
    """The numbers of the rounds in which each team (or judge) is not there."""
    found: dict[int, set[int]] = defaultdict(set)
    query = (
        select(who, Round.number)
        .join(Round, Round.id == Absence.round_id)
        .where(Round.edition_id == edition_id, who.is_not(None))
    )
    for key, number in db.session.execute(query):
        if key is not None:
            found[key].add(number)
    return found


def _team(row: dict[str, object]) -> FieldTeam:
    code, name, role = row.pop("code"), row.pop("institution_name"), row.pop("role")
    values = {**row, "institution": name or code or "", "role": Role(str(role)) if role else None}
    return FieldTeam(**values)  # type: ignore[arg-type]


def names_of_teams(edition_id: int) -> dict[int | None, str]:
    """The teams' names by key, for a line of text."""
    return {team.id: team.name for team in teams_of(edition_id)}


def stand_in_ids(edition_id: int) -> frozenset[int]:
    """The edition's stand-ins, which are never ranked."""
    query = select(Team.id).where(Team.edition_id == edition_id, Team.status == "stand_in")
    return frozenset(db.session.scalars(query))


def division_members(division_id: int) -> frozenset[int]:
    """The teams of a division."""
    query = select(TeamDivision.team_id).where(TeamDivision.division_id == division_id)
    return frozenset(db.session.scalars(query))


def delegate_counts(edition_id: int) -> dict[int, int]:
    """The number of delegates of each team that has some."""
    query = (
        select(Delegate.team_id, func.count(Delegate.id))
        .where(Delegate.edition_id == edition_id)
        .group_by(Delegate.team_id)
    )
    return dict(db.session.execute(query).all())


def judges_of(edition_id: int) -> list[FieldJudge]:
    """Every judge of an edition with their conflicts, in order."""
    institutions, teams = _conflicts(edition_id)
    absent, off = _absent(edition_id, Absence.judge_id), _rounds_off(edition_id)
    query = select(
        Judge.id,
        Judge.public_id,
        Judge.code,
        Judge.name,
        Judge.name_local,
        Judge.person_id,
        Judge.institution_id,
        Judge.rating,
        Judge.contact,
        Judge.site,
        Judge.languages,
    ).where(Judge.edition_id == edition_id)
    return [
        FieldJudge(
            id=row.id,
            public_id=row.public_id,
            name=row.name or row.name_local or row.code,
            name_local=row.name_local,
            person_id=row.person_id,
            institution_id=row.institution_id,
            rating=row.rating,
            institutions=frozenset(institutions[row.id]),
            teams=frozenset(teams[row.id]),
            absent_in=frozenset(absent[row.id] | off[row.id]),
            contact=row.contact,
            site=row.site,
            languages=spoken_codes(row.languages),
        )
        for row in db.session.execute(query.order_by(Judge.position, Judge.id))
    ]


def _conflicts(edition_id: int) -> tuple[dict[int, set[int]], dict[int, set[int]]]:
    """The institutions and the teams that each judge may not mark."""
    institutions: dict[int, set[int]] = defaultdict(set)
    teams: dict[int, set[int]] = defaultdict(set)
    query = (
        select(JudgeConflict.judge_id, JudgeConflict.institution_id, JudgeConflict.team_id)
        .join(Judge, Judge.id == JudgeConflict.judge_id)
        .where(Judge.edition_id == edition_id)
    )
    for judge_id, institution_id, team_id in db.session.execute(query):
        if institution_id is not None:
            institutions[judge_id].add(institution_id)
        if team_id is not None:
            teams[judge_id].add(team_id)
    return institutions, teams


def _rounds_off(edition_id: int) -> dict[int, set[int]]:
    """The numbers of the rounds that begin, where the event is, on a day on which each judge cannot come."""
    days: dict[int, set[date]] = defaultdict(set)
    query = select(JudgeDayOff).join(Judge, Judge.id == JudgeDayOff.judge_id)
    for row in db.session.scalars(query.where(Judge.edition_id == edition_id)):
        days[row.judge_id].add(row.day)
    found: dict[int, set[int]] = defaultdict(set)
    if not days:
        return found
    zone = ZoneInfo(get_edition_by_id(edition_id).timezone)
    starts = select(Round.number, Round.starts_at).where(
        Round.edition_id == edition_id, Round.starts_at.is_not(None)
    )
    for number, starts_at in db.session.execute(starts):
        day = starts_at.astimezone(zone).date() if starts_at is not None else None
        for judge_id in (key for key, off in days.items() if day in off):
            found[judge_id].add(number)
    return found


def sites_of(edition_id: int) -> dict[int | None, str]:
    """The site of every room."""
    return {room.id: room.site for room in rooms_of(edition_id)}


def set_role(team_id: int, role: Role) -> None:
    """Give a team its role for the edition."""
    team = db.session.get_one(Team, team_id)
    team.role = role.value
    team.version += 1

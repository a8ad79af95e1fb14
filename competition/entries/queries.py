"""Reading who takes part in an edition, and what somebody is there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from accounts.public import confirmed_address, user_account
from competition.editions.public import Division, Edition
from competition.entries.models import Delegate, Institution, Judge, JudgeConflict, Team, TeamDivision
from competition.entries.registering.models import Substitution
from core.access import Actor, Capacity, CapacityKind, capacity_provider
from core.db import db
from core.errors import NotFound
from core.localised import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamLine:
    """A team as lists show it: names resolved, delegates counted."""

    id: int
    public_id: str
    name: str
    institution: str
    institution_local: str
    country: str
    role: str | None
    status: str
    wishes: str
    coach: str
    withdrawn_from: int | None
    asked_at: datetime | None
    fee: str
    institution_id: int | None
    is_known: bool
    """Whether an organiser has looked at the institution, or it was never only typed by a captain."""
    delegates: int
    confirmed: int
    divisions: tuple[str, ...]
    created_at: datetime
    version: int


def team_lines(edition_id: int) -> list[TeamLine]:
    """Every team of an edition in its order, with institution, divisions and counts of delegates."""
    divisions = _division_codes(edition_id)
    counted = (
        select(
            Delegate.team_id,
            func.count(Delegate.id).label("delegates"),
            func.count(Delegate.confirmed_at).label("confirmed"),
        )
        .where(Delegate.edition_id == edition_id)
        .group_by(Delegate.team_id)
        .subquery()
    )
    rows = db.session.execute(
        select(
            Team.id,
            Team.public_id,
            Team.name,
            func.coalesce(func.nullif(Institution.name, ""), Institution.code, "").label("institution"),
            func.coalesce(Institution.name_local, "").label("institution_local"),
            func.coalesce(Institution.country, "").label("country"),
            Team.role,
            Team.status,
            Team.wishes,
            Team.coach,
            Team.withdrawn_from,
            Team.asked_at,
            Team.fee,
            Team.institution_id,
            func.coalesce(Institution.is_checked, true()).label("is_known"),
            func.coalesce(counted.c.delegates, 0).label("delegates"),
            func.coalesce(counted.c.confirmed, 0).label("confirmed"),
            Team.created_at,
            Team.version,
        )
        .outerjoin(Institution, Institution.id == Team.institution_id)
        .outerjoin(counted, counted.c.team_id == Team.id)
        .where(Team.edition_id == edition_id)
        .order_by(Team.position, Team.id)
    )
    return [TeamLine(**row._mapping, divisions=divisions.get(row.id, ())) for row in rows]


def waiting_teams(edition_id: int) -> Sequence[str]:
    """The names of the teams that wait for the organisers' answer, who came first first."""
    query = select(Team.name).where(
        Team.edition_id == edition_id, Team.status == "applied", Team.asked_at.is_(None)
    )
    return db.session.scalars(query.order_by(Team.created_at, Team.id)).all()


def _division_codes(edition_id: int) -> Mapping[int, tuple[str, ...]]:
    rows = db.session.execute(
        select(TeamDivision.team_id, Division.code)
        .join(Division, Division.id == TeamDivision.division_id)
        .where(Division.edition_id == edition_id)
        .order_by(Division.position, Division.id)
    )
    codes: dict[int, tuple[str, ...]] = {}
    for team_id, code in rows:
        codes[team_id] = (*codes.get(team_id, ()), code)
    return codes


def get_team(edition_id: int, public_id: str) -> Team:
    """A team of this edition; raises NotFound for any other."""
    team = db.session.scalar(select(Team).where(Team.edition_id == edition_id, Team.public_id == public_id))
    if team is None:
        raise NotFound(N_("There is no such team in this edition."))
    return team


def get_judge(edition_id: int, public_id: str) -> Judge:
    """A judge of this edition; raises NotFound for any other."""
    judge = db.session.scalar(
        select(Judge).where(Judge.edition_id == edition_id, Judge.public_id == public_id)
    )
    if judge is None:
        raise NotFound(N_("There is no such judge in this edition."))
    return judge


def get_institution(edition_id: int, public_id: str) -> Institution:
    """An institution of this edition; raises NotFound for any other."""
    found = db.session.scalar(
        select(Institution).where(Institution.edition_id == edition_id, Institution.public_id == public_id)
    )
    if found is None:
        raise NotFound(N_("There is no such institution in this edition."))
    return found


def find_institution(institution_id: int | None) -> Institution | None:
    """The institution with this key."""
    return db.session.get(Institution, institution_id) if institution_id is not None else None


def divisions_of_team(team_id: int) -> Sequence[str]:
    """The codes of a team's divisions in their order."""
    query = select(Division.code).join(TeamDivision, TeamDivision.division_id == Division.id)
    return db.session.scalars(
        query.where(TeamDivision.team_id == team_id).order_by(Division.position, Division.id)
    ).all()


def delegates_of_team(team_id: int) -> Sequence[Delegate]:
    """The delegates of a team in their order."""
    query = select(Delegate).where(Delegate.team_id == team_id)
    return db.session.scalars(query.order_by(Delegate.position, Delegate.id)).all()


def get_delegate(team_id: int, public_id: str) -> Delegate:
    """A delegate of this team; raises NotFound for any other."""
    query = select(Delegate).where(Delegate.team_id == team_id, Delegate.public_id == public_id)
    delegate = db.session.scalar(query)
    if delegate is None:
        raise NotFound(N_("There is no such delegate in this team."))
    return delegate


def judges_of(edition_id: int) -> Sequence[Judge]:
    """The judges of an edition in their order."""
    query = select(Judge).where(Judge.edition_id == edition_id)
    return db.session.scalars(query.order_by(Judge.position, Judge.id)).all()


def institutions_of(edition_id: int) -> Sequence[Institution]:
    """The institutions of an edition by name."""
    query = select(Institution).where(Institution.edition_id == edition_id)
    return db.session.scalars(query.order_by(Institution.code)).all()


def conflicts_of_judge(judge_id: int) -> list[tuple[JudgeConflict, str]]:
    """A judge's declared conflicts with the name of the institution or team."""
    rows = db.session.execute(
        select(JudgeConflict, func.coalesce(Team.name, Institution.code))
        .outerjoin(Team, Team.id == JudgeConflict.team_id)
        .outerjoin(Institution, Institution.id == JudgeConflict.institution_id)
        .where(JudgeConflict.judge_id == judge_id)
        .order_by(JudgeConflict.position, JudgeConflict.id)
    )
    return [(conflict, name) for conflict, name in rows]


def coached_by(judge: Judge) -> Sequence[Team]:
    """The teams that a judge coaches, known by the person or by the address: conflicts that nobody has to declare."""
    same = _is_same(judge.person_id, judge.contact, Team.coach_person_id, Team.coach_contact)
    query = select(Team).where(Team.edition_id == judge.edition_id, same)
    return db.session.scalars(query.order_by(Team.position, Team.id)).all()


def judges_who_coach(team: Team) -> Sequence[Judge]:
    """The judges of a team's edition who are its coach, known by the person or by the address alone."""
    same = _is_same(team.coach_person_id, team.coach_contact, Judge.person_id, Judge.contact)
    query = select(Judge).where(Judge.edition_id == team.edition_id, same)
    return db.session.scalars(query.order_by(Judge.position, Judge.id)).all()


def _is_same(
    person_id: int | None,
    contact: str,
    person_column: InstrumentedAttribute[int | None],
    contact_column: InstrumentedAttribute[str],
) -> ColumnElement[bool]:
    """Whether a row's person or address is this person or address, an account's confirmed address included."""
    own = confirmed_address(person_id) if person_id is not None else None
    addresses = {address.lower() for address in (contact, own) if address}
    persons = select(user_account.c.person_id).where(
        func.lower(user_account.c.email).in_(addresses), user_account.c.email_confirmed_at.is_not(None)
    )
    same: list[ColumnElement[bool]] = [func.lower(contact_column).in_(addresses), person_column.in_(persons)]
    if person_id is not None:
        same.append(person_column == person_id)
    return or_(*same)


def substitutions_of(edition_id: int) -> Sequence[Substitution]:
    """Who took whose place in an edition, in the order it was recorded."""
    query = select(Substitution).where(Substitution.edition_id == edition_id)
    return db.session.scalars(query.order_by(Substitution.id)).all()


def find_own_delegate(actor: Actor, edition: Edition) -> Delegate | None:
    """The delegate that the actor is in this edition; a captain's link acts for its team's captain."""
    found = actor.capacities_of(CapacityKind.DELEGATE, edition_id=edition.id)
    if found:
        return db.session.get(Delegate, found[0].subject_id)
    teams = actor.capacities_of(CapacityKind.CAPTAIN, edition_id=edition.id)
    return find_captain(teams[0].subject_id) if teams else None


def find_captain(team_id: int | None) -> Delegate | None:
    """The captain of a team."""
    return db.session.scalar(select(Delegate).where(Delegate.team_id == team_id, Delegate.is_captain))


def find_own_judge(actor: Actor, edition: Edition) -> Judge | None:
    """The judge that the actor is in this edition."""
    found = actor.capacities_of(CapacityKind.JUDGE, edition_id=edition.id)
    return db.session.get(Judge, found[0].subject_id) if found else None


def find_captained_team(actor: Actor, edition: Edition) -> Team | None:
    """The team that the actor is captain of in this edition; being a delegate of another one never counts here."""
    found = actor.capacities_of(CapacityKind.CAPTAIN, edition_id=edition.id)
    return db.session.get(Team, found[-1].subject_id) if found else None


def coached_teams(actor: Actor, edition: Edition) -> Sequence[Team]:
    """The teams that the actor coaches in this edition, signed in or by a coach's link."""
    found = actor.capacities_of(CapacityKind.COACH, edition_id=edition.id)
    query = select(Team).where(Team.edition_id == edition.id, Team.id.in_([one.subject_id for one in found]))
    return db.session.scalars(query.order_by(Team.position, Team.id)).all()


def find_own_team(actor: Actor, edition: Edition) -> Team | None:
    """The team that the actor is captain, delegate or coach of in this edition."""
    delegate = find_own_delegate(actor, edition)
    if delegate is not None:
        return db.session.get(Team, delegate.team_id)
    found = actor.capacities_of(CapacityKind.CAPTAIN, CapacityKind.COACH, edition_id=edition.id)
    return db.session.get(Team, found[0].subject_id) if found else None


@capacity_provider
def entry_capacities(person_id: int) -> Iterable[Capacity]:
    """Delegate and captain, coach, judge: from the rows that name the person."""
    found: list[Capacity] = []
    for row in db.session.scalars(select(Delegate).where(Delegate.person_id == person_id)):
        found.append(Capacity(kind=CapacityKind.DELEGATE, edition_id=row.edition_id, subject_id=row.id))
        if row.is_captain:
            found.append(
                Capacity(kind=CapacityKind.CAPTAIN, edition_id=row.edition_id, subject_id=row.team_id)
            )
    for team_id, edition_id in db.session.execute(
        select(Team.id, Team.edition_id).where(Team.coach_person_id == person_id)
    ):
        found.append(Capacity(kind=CapacityKind.COACH, edition_id=edition_id, subject_id=team_id))
    for judge_id, edition_id in db.session.execute(
        select(Judge.id, Judge.edition_id).where(Judge.person_id == person_id)
    ):
        found.append(Capacity(kind=CapacityKind.JUDGE, edition_id=edition_id, subject_id=judge_id))
    return found

"""The check-in desk: which teams and judges were seen on a day of the event, and everybody who is expected."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import IntegrityError

from competition.editions.public import Edition
from competition.entries.models import Arrival, Delegate, Institution, Judge, Team
from core.access import Actor
from core.audit import edition_scope, record
from core.db import db, utc_now
from core.errors import NotFound
from core.localised import N_
from core.revisions import bump

Kind = Literal["team", "judge"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """A team or a judge who is expected, with everything a desk searches by; `arrived_at` None: not seen yet."""

    kind: Kind
    id: int
    public_id: str
    name: str
    name_local: str
    institution: str
    people: tuple[str, ...]
    contact_name: str
    contact: str
    arrived_at: datetime | None


def today(edition: Edition, now: datetime) -> date:
    """The day it is where the event takes place."""
    return now.astimezone(ZoneInfo(edition.timezone)).date()


def expected_on(edition_id: int, day: date) -> list[Expected]:
    """The teams that take part and the judges of an edition, in their order, with who has arrived that day."""
    return [*_teams(edition_id, day), *_judges(edition_id, day)]


def _teams(edition_id: int, day: date) -> Iterable[Expected]:
    members: dict[int, list[Delegate]] = {}
    for row in db.session.scalars(
        select(Delegate).where(Delegate.edition_id == edition_id).order_by(Delegate.position, Delegate.id)
    ):
        members.setdefault(row.team_id, []).append(row)
    query = (
        select(Team.id, Team.public_id, Team.name, *_institution(), Arrival.noted_at)
        .outerjoin(Institution, Institution.id == Team.institution_id)
        .outerjoin(Arrival, (Arrival.team_id == Team.id) & (Arrival.day == day))
        .where(Team.edition_id == edition_id, Team.status.in_(("registered", "stand_in")))
        .order_by(Team.position, Team.id)
    )
    for team in db.session.execute(query):
        people = members.get(team.id, [])
        captain = next((one for one in people if one.is_captain), people[0] if people else None)
        yield Expected(
            kind="team",
            id=team.id,
            public_id=team.public_id,
            name=team.name,
            name_local=team.institution_local,
            institution=team.institution,
            people=tuple(f"{one.name} {one.name_local} {one.code}".strip() for one in people),
            contact_name=(captain.name or captain.name_local) if captain else "",
            contact=captain.contact if captain else "",
            arrived_at=team.noted_at,
        )


def _judges(edition_id: int, day: date) -> Iterable[Expected]:
    query = (
        select(Judge, *_institution(), Arrival.noted_at)
        .outerjoin(Institution, Institution.id == Judge.institution_id)
        .outerjoin(Arrival, (Arrival.judge_id == Judge.id) & (Arrival.day == day))
        .where(Judge.edition_id == edition_id)
        .order_by(Judge.position, Judge.id)
    )
    for judge, institution, _local, noted_at in db.session.execute(query):
        yield Expected(
            kind="judge",
            id=judge.id,
            public_id=judge.public_id,
            name=judge.name or judge.code,
            name_local=judge.name_local,
            institution=institution,
            people=(judge.code,),
            contact_name="",
            contact=judge.contact,
            arrived_at=noted_at,
        )


def _institution() -> tuple[ColumnElement[str], ColumnElement[str]]:
    return (
        func.coalesce(func.nullif(Institution.name, ""), Institution.code, "").label("institution"),
        func.coalesce(Institution.name_local, "").label("institution_local"),
    )


def note_arrival(
    *, actor: Actor, edition: Edition, kind: Kind, public_id: str, day: date, is_here: bool
) -> Expected:
    """Check a team or judge in on a day, or take that back; doing it twice changes nothing. Raises NotFound."""
    found = next(
        (one for one in expected_on(edition.id, day) if (one.kind, one.public_id) == (kind, public_id)), None
    )
    if found is None:
        raise NotFound(N_("Nobody with this code is expected in this edition."))
    if is_here == (found.arrived_at is not None):
        return found
    if is_here:
        _add(edition, found, day)
    else:
        column = Arrival.team_id if kind == "team" else Arrival.judge_id
        for row in db.session.scalars(select(Arrival).where(column == found.id, Arrival.day == day)):
            db.session.delete(row)
    verb = "check_in.noted" if is_here else "check_in.taken_back"
    scope = edition_scope(edition.id)
    record(actor, verb, kind, found.id, scope=scope, details={"day": day.isoformat()})
    bump(scope)
    db.session.flush()
    return found


def _add(edition: Edition, found: Expected, day: date) -> None:
    """The row of an arrival; two desks that note the same person at once leave one."""
    row = Arrival(edition_id=edition.id, day=day, noted_at=utc_now())
    setattr(row, f"{found.kind}_id", found.id)
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        db.session.expire_all()

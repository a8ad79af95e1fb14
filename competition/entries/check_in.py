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
from competition.entries.finding import Found, everybody
from competition.entries.models import Arrival, Delegate, Institution, Judge, Team
from core.access import Actor
from core.audit import edition_scope, record
from core.db import db, utc_now
from core.errors import NotFound
from core.localised import N_
from core.revisions import bump

Kind = Literal["team", "delegate", "judge", "room"]
COLUMNS = {
    "team": Arrival.team_id,
    "delegate": Arrival.delegate_id,
    "judge": Arrival.judge_id,
    "room": Arrival.room_id,
}


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


def find_expected(edition_id: int, kind: Kind, public_id: str, day: date) -> Found:
    """One of those whom the desk lists; raises NotFound for anybody else."""
    for one in everybody(edition_id, day):
        if (one.kind, one.public_id) == (kind, public_id):
            return one
    raise NotFound(N_("Nobody with this code is expected in this edition."))


def note_arrival(
    *,
    actor: Actor,
    edition: Edition,
    kind: Kind,
    public_id: str,
    day: date,
    is_here: bool,
    site: str = "",
    way: str = "desk",
) -> Found:
    """Check somebody in on a day (or say that a room is ready), or take that back; twice changes nothing.

    With a team its delegates come and go; once so many delegates are here that a team may sit down, the team is here.
    Raises NotFound for who is not expected.
    """
    found = find_expected(edition.id, kind, public_id, day)
    if is_here == (found.arrived_at is not None):
        return found
    _write(edition, kind, found.id, day, is_here=is_here, site=site, way=way)
    if kind == "team":
        for delegate_id in db.session.scalars(select(Delegate.id).where(Delegate.team_id == found.id)):
            _write(edition, "delegate", delegate_id, day, is_here=is_here, site=site, way=way)
    elif kind == "delegate":
        _settle_team(edition, found.id, day, site=site, way=way)
    verb = "check_in.noted" if is_here else "check_in.taken_back"
    scope = edition_scope(edition.id)
    details = {"day": day.isoformat(), **({"way": way} if way != "desk" else {})}
    record(actor, verb, kind, found.id, scope=scope, details=details)
    bump(scope)
    db.session.flush()
    return found


def _settle_team(edition: Edition, delegate_id: int, day: date, *, site: str, way: str) -> None:
    """A team is here once enough of it are: the fewest a team may have, or all of a smaller one."""
    team_id = db.session.scalars(select(Delegate.team_id).where(Delegate.id == delegate_id)).one()
    members = select(Delegate.id).where(Delegate.team_id == team_id)
    count = db.session.scalar(select(func.count()).select_from(members.subquery())) or 0
    here = select(func.count(Arrival.id)).where(Arrival.day == day, Arrival.delegate_id.in_(members))
    is_here = (db.session.scalar(here) or 0) >= min(edition.team_size_minimum, count)
    _write(edition, "team", team_id, day, is_here=is_here, site=site, way=way)


def _write(edition: Edition, kind: Kind, key: int, day: date, *, is_here: bool, site: str, way: str) -> None:
    """The row of an arrival, or none; two desks that note the same person at once leave one."""
    column = COLUMNS[kind]
    row = db.session.scalar(select(Arrival).where(column == key, Arrival.day == day))
    if is_here == (row is not None):
        return
    if row is not None:
        db.session.delete(row)
        db.session.flush()
        return
    row = Arrival(edition_id=edition.id, day=day, noted_at=utc_now(), site=site[:120], way=way)
    setattr(row, f"{kind}_id", key)
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        db.session.expire_all()

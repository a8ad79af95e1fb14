"""Everybody of an edition's teams as one long list: searched, filtered and sorted in the database, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import func, or_, select

from competition.entries.models import Delegate, Institution, Team
from core.db import db
from core.filters import ListFilter

PER_PAGE = 200
LISTED = ("applied", "registered", "waiting", "stand_in", "withdrawn")
ORDERS = {
    "": (Team.position, Team.id, Delegate.position, Delegate.id),
    "name": (func.lower(Delegate.name), Delegate.id),
    "team": (func.lower(Team.name), Delegate.position, Delegate.id),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """A delegate as the list shows them."""

    public_id: str
    code: str
    name: str
    name_local: str
    contact: str
    is_captain: bool
    confirmed_at: datetime | None
    team: str
    team_id: str
    team_status: str
    institution: str


STATES = ("confirmed", "open", "captains", "no_address")


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleFilter(ListFilter):
    """What the reader looks for; `state` is confirmed, open, captains, no_address or empty."""

    KNOWN: ClassVar = {"state": STATES, "status": LISTED, "sort": tuple(ORDERS)}

    state: str = ""
    status: str = ""


def count_people(edition_id: int, asked: PeopleFilter) -> int:
    """How many people the filters leave."""
    return db.session.scalar(_narrowed(select(func.count(Delegate.id)), edition_id, asked)) or 0


def people_of(edition_id: int, asked: PeopleFilter, page: int | None = 1) -> list[PersonLine]:
    """One page of the people that the filters leave; all of them where `page` is None."""
    query = _narrowed(
        select(
            Delegate.public_id,
            Delegate.code,
            Delegate.name,
            Delegate.name_local,
            Delegate.contact,
            Delegate.is_captain,
            Delegate.confirmed_at,
            Team.name.label("team"),
            Team.public_id.label("team_id"),
            Team.status.label("team_status"),
            func.coalesce(func.nullif(Institution.name, ""), Institution.code, "").label("institution"),
        ),
        edition_id,
        asked,
    ).order_by(*ORDERS[asked.sort])
    if page is not None:
        query = query.limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    return [PersonLine(**row) for row in db.session.execute(query).mappings()]


def _narrowed(query: Any, edition_id: int, asked: PeopleFilter) -> Any:
    query = (
        query.select_from(Delegate)
        .join(Team, Team.id == Delegate.team_id)
        .outerjoin(Institution, Institution.id == Team.institution_id)
        .where(
            Delegate.edition_id == edition_id, Team.status.in_((asked.status,) if asked.status else LISTED)
        )
    )
    for word in asked.q.split():
        columns = (Delegate.name, Delegate.name_local, Delegate.contact, Delegate.code, Team.name)
        also = (Institution.name, Institution.name_local, Institution.code)
        query = query.where(or_(*(column.icontains(word, autoescape=True) for column in (*columns, *also))))
    conditions = {
        "confirmed": Delegate.confirmed_at.is_not(None),
        "open": Delegate.confirmed_at.is_(None),
        "captains": Delegate.is_captain.is_(True),
        "no_address": Delegate.contact == "",
    }
    return query.where(conditions[asked.state]) if asked.state else query

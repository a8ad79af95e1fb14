"""Everybody of an edition's teams as one long list: filtered and sorted in the database, page by page.

A search is answered here, because it also hears Chinese names: “wang” finds 王小明.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import func, select

from competition.entries.models import Delegate, Institution, Team
from competition.likeness.searching import Wanted
from core.db import db
from core.filters import ListFilter, Page

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
    institution_local: str


STATES = ("confirmed", "open", "captains", "no_address")


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleFilter(ListFilter):
    """What the reader looks for; `state` is confirmed, open, captains, no_address or empty."""

    KNOWN: ClassVar = {"state": STATES, "status": LISTED, "sort": tuple(ORDERS)}

    state: str = ""
    status: str = ""


def page_of_people(
    edition_id: int, asked: PeopleFilter, arguments: Mapping[str, str]
) -> tuple[Page, Sequence[PersonLine]]:
    """The page that an address asks for, and who is on it."""
    if asked.q:
        found = people_of(edition_id, asked)
        page = Page.of(arguments, total=len(found), per_page=PER_PAGE)
        return page, page.cut(found)
    total = db.session.scalar(_narrowed(select(func.count(Delegate.id)), edition_id, asked)) or 0
    page = Page.of(arguments, total=total, per_page=PER_PAGE)
    return page, _lines(edition_id, asked, page)


def people_of(edition_id: int, asked: PeopleFilter) -> list[PersonLine]:
    """Everybody that the filters and the search leave."""
    lines = _lines(edition_id, asked)
    if not asked.q:
        return lines
    wanted = Wanted.of(asked.q)
    return [
        one
        for one in lines
        if wanted.fits(
            (one.name, one.name_local, one.institution_local),
            one.contact,
            one.code,
            one.team,
            one.institution,
        )
    ]


def _lines(edition_id: int, asked: PeopleFilter, page: Page | None = None) -> list[PersonLine]:
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
            func.coalesce(Institution.name_local, "").label("institution_local"),
        ),
        edition_id,
        asked,
    ).order_by(*ORDERS[asked.sort])
    if page is not None:
        query = query.limit(PER_PAGE).offset((page.number - 1) * PER_PAGE)
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
    conditions = {
        "confirmed": Delegate.confirmed_at.is_not(None),
        "open": Delegate.confirmed_at.is_(None),
        "captains": Delegate.is_captain.is_(True),
        "no_address": Delegate.contact == "",
    }
    return query.where(conditions[asked.state]) if asked.state else query

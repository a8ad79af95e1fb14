"""Finding anybody at the desk: by name in either script or as it sounds, by code, or by a badge's address."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from urllib.parse import urlsplit

from sqlalchemy import func, select

from competition.editions.public import Room
from competition.entries.models import Arrival, Delegate, Institution, Judge, Team
from competition.likeness.searching import Wanted
from core.db import db

PLAYING = ("registered", "stand_in")
ORDERS = ("", "name", "group", "arrived")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Somebody (or a room) as the desk lists them; `group` is their team or institution, a room's building."""

    kind: str
    id: int
    public_id: str
    name: str
    name_local: str = ""
    group: str = ""
    group_local: str = ""
    code: str = ""
    contact: str = ""
    further: str = ""
    arrived_at: datetime | None = None
    site: str = ""

    @property
    def contact_url(self) -> str:
        """Where a tap on the contact leads: a mail, or a call where it is a number."""
        if "@" in self.contact:
            return f"mailto:{self.contact}"
        return "tel:" + "".join(each for each in self.contact if each in "+0123456789")


def everybody(edition_id: int, day: date) -> list[Found]:
    """Teams that take part, their delegates, judges and rooms, each in its order, with who has arrived that day."""
    return [
        *_teams(edition_id, day),
        *_delegates(edition_id, day),
        *_judges(edition_id, day),
        *_rooms(edition_id, day),
    ]


def matching(found: Iterable[Found], text: str) -> list[Found]:
    """Those that fit every word, by name in either script or as it sounds, by group or code. Nothing typed fits all."""
    wanted = Wanted.of(text)
    return [one for one in found if _fits(wanted, one)]


def _fits(wanted: Wanted, one: Found) -> bool:
    names = (one.name, one.name_local) if one.name_local else (one.name,)
    return wanted.fits(names, one.group, one.group_local, one.code, one.further)


def exactly(found: Iterable[Found], text: str) -> list[Found]:
    """Those with exactly this code, or whose badge carries this address (a scanner types it and presses Enter)."""
    wanted = text.strip()
    if "://" in wanted:
        wanted = urlsplit(wanted).path.rstrip("/").rsplit("/", 1)[-1]
    plain = wanted.casefold()
    return [one for one in found if one.public_id == wanted or (plain and one.code.casefold() == plain)]


@lru_cache(maxsize=20_000)
def folded(text: str) -> str:
    """Text for comparing: small letters, without accents and tones."""
    if text.isascii():
        return text.casefold()
    plain = unicodedata.normalize("NFKD", text)
    return "".join(each for each in plain if not unicodedata.combining(each)).casefold()


def ordered(found: list[Found], order: str) -> list[Found]:
    """In the order asked for: as they are listed, by name, by team or institution, or the latest arrival first."""
    if order == "name":
        return sorted(found, key=lambda one: folded(one.name or one.name_local))
    if order == "group":
        return sorted(found, key=lambda one: (folded(one.group), folded(one.name)))
    if order == "arrived":
        return sorted(found, key=lambda one: -(one.arrived_at.timestamp() if one.arrived_at else 0))
    return found


INSTITUTION = func.coalesce(func.nullif(Institution.name, ""), Institution.code, "")
INSTITUTION_LOCAL = func.coalesce(Institution.name_local, "")
SITE = func.coalesce(Arrival.site, "")


def _teams(edition_id: int, day: date) -> list[Found]:
    captain = select(Delegate.team_id, Delegate.name, Delegate.contact).where(
        Delegate.edition_id == edition_id, Delegate.is_captain
    )
    captains = {row.team_id: row for row in db.session.execute(captain)}
    query = (
        select(Team.id, Team.public_id, Team.name, INSTITUTION, INSTITUTION_LOCAL, Arrival.noted_at, SITE)
        .outerjoin(Institution, Institution.id == Team.institution_id)
        .outerjoin(Arrival, (Arrival.team_id == Team.id) & (Arrival.day == day))
        .where(Team.edition_id == edition_id, Team.status.in_(PLAYING))
        .order_by(Team.position, Team.id)
    )
    return [
        Found(
            kind="team",
            id=key,
            public_id=public_id,
            name=name,
            group=institution,
            group_local=local,
            contact=captains[key].contact if key in captains else "",
            further=captains[key].name if key in captains else "",
            arrived_at=noted_at,
            site=site,
        )
        for key, public_id, name, institution, local, noted_at, site in db.session.execute(query)
    ]


def _delegates(edition_id: int, day: date) -> list[Found]:
    query = (
        select(
            Delegate.id,
            Delegate.public_id,
            Delegate.name,
            Delegate.name_local,
            Delegate.code,
            Delegate.contact,
            Team.name,
            Arrival.noted_at,
            SITE,
        )
        .join(Team, Team.id == Delegate.team_id)
        .outerjoin(Arrival, (Arrival.delegate_id == Delegate.id) & (Arrival.day == day))
        .where(Delegate.edition_id == edition_id, Team.status.in_(PLAYING))
        .order_by(Team.position, Team.id, Delegate.position, Delegate.id)
    )
    return [
        Found(
            kind="delegate",
            id=key,
            public_id=public_id,
            name=name or local or code,
            name_local=local if name else "",
            code=code,
            contact=contact,
            group=team,
            arrived_at=noted_at,
            site=site,
        )
        for key, public_id, name, local, code, contact, team, noted_at, site in db.session.execute(query)
    ]


def _judges(edition_id: int, day: date) -> list[Found]:
    query = (
        select(
            Judge.id,
            Judge.public_id,
            Judge.name,
            Judge.name_local,
            Judge.code,
            Judge.contact,
            INSTITUTION,
            INSTITUTION_LOCAL,
            Arrival.noted_at,
            SITE,
        )
        .outerjoin(Institution, Institution.id == Judge.institution_id)
        .outerjoin(Arrival, (Arrival.judge_id == Judge.id) & (Arrival.day == day))
        .where(Judge.edition_id == edition_id)
        .order_by(Judge.position, Judge.id)
    )
    return [
        Found(
            kind="judge",
            id=row[0],
            public_id=row[1],
            name=row[2] or row[3] or row[4],
            name_local=row[3] if row[2] else "",
            code=row[4],
            contact=row[5],
            group=row[6],
            group_local=row[7],
            arrived_at=row[8],
            site=row[9],
        )
        for row in db.session.execute(query)
    ]


def _rooms(edition_id: int, day: date) -> list[Found]:
    query = (
        select(Room.id, Room.public_id, Room.name, Room.building, Room.site, Arrival.noted_at)
        .outerjoin(Arrival, (Arrival.room_id == Room.id) & (Arrival.day == day))
        .where(Room.edition_id == edition_id)
        .order_by(Room.id)
    )
    return [
        Found(
            kind="room",
            id=key,
            public_id=public_id,
            name=name,
            group=building,
            arrived_at=noted_at,
            site=site,
        )
        for key, public_id, name, building, site, noted_at in db.session.execute(query)
    ]

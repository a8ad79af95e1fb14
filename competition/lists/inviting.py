"""Inviting whom a list brought in, by the invitations that there are: each person once, and each address once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from competition.applications.public import Application, post_received
from competition.editions.public import Edition
from competition.entries.public import Delegate, Judge, invite_judge, invite_member, invited_addresses
from competition.lists.models import RosterList
from core.access import Actor
from core.audit import edition_scope, record
from core.db import db, hold

Person = Delegate | Judge | Application
MOST_AT_ONCE = 300
"""Invitations that one press of the button sends: as many as a page can wait for."""
MODELS: dict[str, type[Delegate] | type[Judge] | type[Application]] = {
    "delegate": Delegate,
    "judge": Judge,
    "application": Application,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Who can be invited still, and how many have no address."""

    count: int
    silent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """How many were invited now, how many have had an invitation at their address already, and how many are left."""

    count: int
    passed: int
    left: int


def waiting_of(edition: Edition, row: RosterList) -> Waiting:
    """Those of a list who have not been invited from it yet."""
    people = _people(edition, row)
    found = [
        person
        for kind, key, is_told in row.brought
        if not is_told and (person := people.get((kind, key))) is not None and _is_open(person)
    ]
    return Waiting(
        count=sum(bool(each.contact) for each in found), silent=sum(not each.contact for each in found)
    )


def invite_brought(*, actor: Actor, edition: Edition, row: RosterList) -> Invited:
    """Invite the next of those whom a list brought in; who has joined meanwhile or has an invitation is passed over."""
    hold(row)
    told, people = invited_addresses(edition.id), _people(edition, row)
    brought, count, passed = [list(each) for each in row.brought], 0, 0
    for each in brought:
        kind, key, is_told = each
        person = people.get((kind, key))
        if is_told or person is None or not person.contact or not _is_open(person):
            continue
        if count == MOST_AT_ONCE:
            break
        each[2] = True
        if person.contact.lower() in told:
            passed += 1
            continue
        _invite(actor, edition, person)
        told.add(person.contact.lower())
        count += 1
    row.brought = brought
    scope = edition_scope(edition.id)
    record(actor, "invite", "roster_list", row.id, scope=scope, details={"count": count, "passed": passed})
    db.session.flush()
    return Invited(count=count, passed=passed, left=waiting_of(edition, row).count)


def _people(edition: Edition, row: RosterList) -> dict[tuple[str, int], Person]:
    """Those whom a list brought in and who are there still."""
    found: dict[tuple[str, int], Person] = {}
    for kind, model in MODELS.items():
        keys = [key for name, key, _told in row.brought if name == kind]
        query: Select[Any] = select(model).where(model.id.in_(keys), model.edition_id == edition.id)
        found |= {(kind, person.id): person for person in db.session.scalars(query)} if keys else {}
    return found


def _is_open(person: Person) -> bool:
    """Whether nobody has taken the place yet."""
    return person.person_id is None


def _invite(actor: Actor, edition: Edition, person: Person) -> None:
    if isinstance(person, Delegate):
        invite_member(actor=actor, edition=edition, delegate=person)
    elif isinstance(person, Judge):
        invite_judge(actor=actor, edition=edition, judge=person)
    else:
        post_received(edition, person)

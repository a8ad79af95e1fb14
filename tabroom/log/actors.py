"""Who did a deed: named only while they belong to the edition, so that what is deleted elsewhere is not kept here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import FromClause, Select, select

from accounts.public import get_people, person, user_account
from competition.applications.public import Application, Reviewer
from competition.editions.public import Edition, organisers_of
from competition.entries.public import delegate_table, judge_table, team_table
from competition.likeness.searching import Wanted
from core.audit import AuditEntry, edition_scope
from core.db import db
from core.links import PrivateLink
from tabroom.log.subjects import NOUNS, Named, named

APPOINTING = ("add_organiser", "remove_organiser")
BY_LINK = frozenset({"captain", "coach", "delegate", "invitee", "judge", "reviewer"})
"""Purposes of links whose subject is a person or a team."""


def organisers_ever(edition: Edition) -> set[int]:
    """The persons who run the edition or have run it."""
    query = select(AuditEntry.details).where(
        AuditEntry.scope == edition_scope(edition.id), AuditEntry.verb.in_(APPOINTING)
    )
    former = {details.get("person_id") for details in db.session.scalars(query)} - {None}
    return former | {row.person_id for row in organisers_of(edition.id)}


def faces(edition: Edition, only: Collection[int] | None = None) -> dict[int, Named]:
    """Per person how this edition knows them, with what they are in it; `only` these, or all."""
    found: dict[int, Named] = {}
    for key, face in _known(edition, only):
        found.setdefault(key, face)
    return found


def _known(edition: Edition, only: Collection[int] | None) -> Iterator[tuple[int, Named]]:
    now = {row.person_id: row.capacity for row in organisers_of(edition.id)}
    ever = organisers_ever(edition)
    words = {"director": _("Director"), "tab": _("Tab team"), None: _("Organiser once")}
    for key, card in get_people(ever if only is None else ever & set(only)).items():
        yield key, Named(name=card.name, local=card.name_local, beside=words[now.get(key)])
    team = team_table.c
    delegates = select(
        delegate_table.c.person_id,
        delegate_table.c.name,
        delegate_table.c.name_local,
        team.name.label("beside"),
    ).join(team_table, team.id == delegate_table.c.team_id)
    yield from _people(delegates, delegate_table, edition, only)
    yield from _people(_of(judge_table), judge_table, edition, only, _("Judge"))
    coaches = select(
        team.coach_person_id.label("person_id"), team.coach.label("name"), team.name.label("beside")
    )
    yield from _people(coaches, team_table, edition, only, column="coach_person_id")
    yield from _people(_of(Reviewer.__table__), Reviewer.__table__, edition, only, _("Reviewer"))
    yield from _people(_of(Application.__table__), Application.__table__, edition, only, _("Applicant"))
    if only is not None:
        yield from _operators(only)


def _of(table: FromClause) -> Select[Any]:
    names = [table.c[name] for name in ("person_id", "name", "name_local") if name in table.c]
    return select(*names)


def _people(
    query: Select[Any],
    table: FromClause,
    edition: Edition,
    only: Collection[int] | None,
    what: str = "",
    column: str = "person_id",
) -> Iterator[tuple[int, Named]]:
    key = table.c[column]
    query = query.where(table.c.edition_id == edition.id, key.is_not(None))
    for row in db.session.execute(query if only is None else query.where(key.in_(only))).mappings():
        local = row.get("name_local", "")
        yield row["person_id"], Named(name=row["name"] or local, local=local, beside=row.get("beside", what))


def _operators(only: Collection[int]) -> Iterator[tuple[int, Named]]:
    query = (
        select(person.c.id, person.c.name, person.c.name_local)
        .join(user_account, user_account.c.person_id == person.c.id)
        .where(user_account.c.is_operator.is_(True), person.c.id.in_(only))
    )
    for key, name, local in db.session.execute(query):
        yield key, Named(name=name, local=local, beside=_("Operator"))


def holders(edition: Edition, links: Iterable[int]) -> dict[int, Named]:
    """Per private link whose it is, while it is kept."""
    query = select(PrivateLink.id, PrivateLink.purpose, PrivateLink.subject_id).where(
        PrivateLink.edition_id == edition.id, PrivateLink.id.in_(set(links))
    )
    rows = db.session.execute(query).all()
    subjects = {row.id: (NOUNS[row.purpose], row.subject_id) for row in rows if row.purpose in BY_LINK}
    names = named(edition, subjects.values())
    return {
        key: Named(name=names[subject].name, local=names[subject].local, beside=_("by private link"))
        for key, subject in subjects.items()
        if subject in names
    }


def actor_of(entry: AuditEntry, people: Mapping[int, Named], links: Mapping[int, Named]) -> Named:
    """Who did it, as far as the edition may still say so."""
    if entry.person_id is not None:
        return people.get(entry.person_id) or Named(name=_("Somebody who is no longer in this edition"))
    if entry.link_id is not None:
        return links.get(entry.link_id) or Named(name=_("Somebody with a private link"))
    return Named(name=_("Not named"))


def people_like(edition: Edition, text: str) -> list[int]:
    """The persons of the edition whose name fits, in either script or as it sounds."""
    wanted = Wanted.of(text)
    return [key for key, face in faces(edition).items() if wanted.fits((face.name, face.local))]

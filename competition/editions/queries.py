"""Reading editions and what belongs to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask import has_request_context, request
from sqlalchemy import ColumnElement, or_, select

from accounts.public import eraser, erasure_objection
from competition.editions.models import BreakRule, Division, Edition, Organiser, PrivacyNotice, Room
from core.access import Actor, Capacity, CapacityKind, capacity_provider, scope_resolver
from core.audit import edition_scope
from core.db import db, utc_now
from core.errors import NotFound
from core.localised import N_
from core.outbox import register_silence


def find_edition(slug: str) -> Edition | None:
    """The edition with this slug; a rehearsal only until its days are over.

    A request asks for its edition several times (who may, the view, the navigation). The first answer is held, so
    that the session, which forgets what nobody holds, still has the row when asked by its key. Whoever changes an
    edition locks it first and so reads it anew.
    """
    held = _held_by_request()
    edition = db.session.get(Edition, held[slug][0]) if slug in held else None
    if edition is None or edition.slug != slug:
        edition = db.session.scalar(select(Edition).where(Edition.slug == slug))
    if edition is None or (edition.expires_at is not None and edition.expires_at <= utc_now()):
        return None
    held[slug] = edition.id, edition
    return edition


def _held_by_request() -> dict[str, tuple[int, Edition]]:
    if not has_request_context():
        return {}
    held: dict[str, tuple[int, Edition]] = request.environ.setdefault("parley.editions", {})
    return held


def _is_there() -> ColumnElement[bool]:
    return or_(Edition.expires_at.is_(None), Edition.expires_at > utc_now())


@register_silence
def is_scope_of_rehearsal(scope: str) -> bool:
    """Whether a scope is a rehearsal's: no mail ever leaves from it."""
    kind, _colon, key = scope.partition(":")
    if edition_scope(0) != f"{kind}:0" or not key.isdigit():
        return False
    query = select(Edition.rehearsal_of).where(Edition.id == int(key))
    return db.session.scalar(query) is not None


def get_edition(slug: str) -> Edition:
    """The edition with this slug; raises NotFound."""
    edition = find_edition(slug)
    if edition is None:
        raise NotFound(N_("There is no such edition."))
    return edition


def get_edition_by_id(edition_id: int) -> Edition:
    """The edition with this key; raises NotFound."""
    edition = db.session.get(Edition, edition_id)
    if edition is None:
        raise NotFound(N_("There is no such edition."))
    return edition


def editions_of(actor: Actor) -> Sequence[Edition]:
    """Every edition in which the actor is something; all of them for the operator, but no rehearsal of others.
    Newest first.
    """
    query = select(Edition).where(_is_there()).order_by(Edition.starts_on.desc(), Edition.id.desc())
    ids = {capacity.edition_id for capacity in actor.capacities if capacity.edition_id is not None}
    if actor.is_operator:
        query = query.where(or_(Edition.rehearsal_of.is_(None), Edition.id.in_(ids)))
    else:
        query = query.where(Edition.id.in_(ids))
    return db.session.scalars(query).all()


def public_editions() -> Sequence[Edition]:
    """The editions that anybody may see, newest first."""
    query = select(Edition).where(Edition.is_public, Edition.archived_at.is_(None))
    return db.session.scalars(query.order_by(Edition.starts_on.desc(), Edition.id.desc())).all()


def divisions_of(edition_id: int) -> Sequence[Division]:
    """The divisions of an edition in their order."""
    query = select(Division).where(Division.edition_id == edition_id)
    return db.session.scalars(query.order_by(Division.position, Division.id)).all()


def get_division(edition_id: int, public_id: str) -> Division:
    """A division of this edition; raises NotFound for any other."""
    found = db.session.scalar(
        select(Division).where(Division.edition_id == edition_id, Division.public_id == public_id)
    )
    if found is None:
        raise NotFound(N_("There is no such division in this edition."))
    return found


def rooms_of(edition_id: int) -> Sequence[Room]:
    """The rooms of an edition in the order they were given."""
    return db.session.scalars(select(Room).where(Room.edition_id == edition_id).order_by(Room.id)).all()


def get_room(edition_id: int, public_id: str) -> Room:
    """A room of this edition; raises NotFound for any other."""
    found = db.session.scalar(select(Room).where(Room.edition_id == edition_id, Room.public_id == public_id))
    if found is None:
        raise NotFound(N_("There is no such room in this edition."))
    return found


def break_rules_of(edition_id: int) -> Sequence[BreakRule]:
    """The sizes of the break per division or role."""
    return db.session.scalars(
        select(BreakRule).where(BreakRule.edition_id == edition_id).order_by(BreakRule.id)
    ).all()


def organisers_of(edition_id: int) -> Sequence[Organiser]:
    """The people who run an edition."""
    query = select(Organiser).where(Organiser.edition_id == edition_id)
    return db.session.scalars(query.order_by(Organiser.capacity, Organiser.id)).all()


def get_organiser(edition_id: int, public_id: str) -> Organiser:
    """An organiser of this edition; raises NotFound for any other."""
    found = db.session.scalar(
        select(Organiser).where(Organiser.edition_id == edition_id, Organiser.public_id == public_id)
    )
    if found is None:
        raise NotFound(N_("There is no such organiser in this edition."))
    return found


def find_notice(edition_id: int) -> PrivacyNotice | None:
    """The privacy notice in force: the newest version."""
    query = select(PrivacyNotice).where(PrivacyNotice.edition_id == edition_id)
    return db.session.scalar(query.order_by(PrivacyNotice.version.desc()).limit(1))


@scope_resolver("slug")
def edition_id_of_slug(slug: str) -> int | None:
    """How an address names an edition."""
    edition = find_edition(slug)
    return edition.id if edition is not None else None


@capacity_provider
def organiser_capacities(person_id: int) -> Iterable[Capacity]:
    """Director or tab team, in each edition that the person runs."""
    rows = db.session.execute(
        select(Organiser.edition_id, Organiser.capacity, Organiser.id).where(Organiser.person_id == person_id)
    )
    return [
        Capacity(kind=CapacityKind(kind), edition_id=edition_id, subject_id=key)
        for edition_id, kind, key in rows
    ]


@erasure_objection
def directs_alone(person_id: int) -> str | None:
    """An edition must not lose its only director."""
    for row in db.session.scalars(
        select(Organiser).where(Organiser.person_id == person_id, Organiser.capacity == "director")
    ):
        others = [one for one in organisers_of(row.edition_id) if one.capacity == "director"]
        if len(others) == 1:
            return N_("You are the only director of an edition. Name another one first.")
    return None


@eraser
def erase_organiser(person_id: int, address: str) -> None:
    """Whoever is erased runs nothing any more."""
    for row in db.session.scalars(select(Organiser).where(Organiser.person_id == person_id)):
        db.session.delete(row)
    db.session.flush()

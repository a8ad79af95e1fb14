"""Shortlists, notes and tags: what an employer keeps about cards, seen by its own members alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from core.access import Actor
from core.audit import record
from core.db import db, utc_now
from core.errors import Conflict, Invalid, NotFound, Stale
from core.forms import folded, lines
from core.localised import N_
from talent_pool.consent import get_employer, get_visible_profile, held_profiles, is_visible_to
from talent_pool.employer_models import PoolList, PoolListEntry, PoolMark
from talent_pool.models import PUBLIC_ID, Employer, PoolProfile

MOST_LISTS = 100
MOST_ENTRIES = 500
MOST_TAGS = 10
LONGEST_TAG = 30
LONGEST_NOTE = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLine:
    """A shortlist with how many cards on it this employer can see now."""

    public_id: str
    name: str
    count: int


def add_list(*, actor: Actor, name: str) -> PoolList:
    """A new, empty shortlist. Raises Invalid without a name, Conflict for a name that is taken."""
    employer, title = get_employer(actor), folded(name)
    if not title or len(title) > 80:
        raise Invalid(N_("Give the list a name of at most %(most)d characters."), most=80)
    owned = select(func.count(PoolList.id)).where(PoolList.employer_id == employer.id)
    if (db.session.scalar(owned) or 0) >= MOST_LISTS:
        raise Conflict(N_("Keep at most %(most)d lists. Remove one first."), most=MOST_LISTS)
    row = PoolList(employer_id=employer.id, name=title, created_by=actor.person_id, created_at=utc_now())
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        raise Conflict(N_("There is a list of this name already.")) from None
    record(actor, "add", "pool_list", row.id, details={"employer": employer.id})
    return row


def remove_list(*, actor: Actor, public_id: str) -> None:
    """Remove a shortlist; the cards are not touched. Raises NotFound."""
    row = get_list(get_employer(actor), public_id)
    record(actor, "remove", "pool_list", row.id)
    db.session.delete(row)
    db.session.flush()


def put_on_list(*, actor: Actor, public_id: str, handles: Sequence[str], now: datetime | None = None) -> int:
    """Put cards on a shortlist; returns how many were not on it. Raises NotFound for a card or list not to be seen."""
    employer = get_employer(actor)
    row = get_list(employer, public_id)
    there = set(db.session.scalars(select(PoolListEntry.profile_id).where(PoolListEntry.list_id == row.id)))
    profiles = [get_visible_profile(actor, handle) for handle in list(dict.fromkeys(handles))[:50]]
    if len(held_profiles(profile.id for profile in profiles)) < len(profiles):
        raise NotFound
    new = [profile for profile in profiles if profile.id not in there]
    if len(there) + len(new) > MOST_ENTRIES:
        raise Conflict(N_("A list holds at most %(most)d cards."), most=MOST_ENTRIES)
    db.session.add_all(
        PoolListEntry(list_id=row.id, profile_id=one.id, added_by=actor.person_id, added_at=now or utc_now())
        for one in new
    )
    db.session.flush()
    return len(new)


def take_off_list(*, actor: Actor, public_id: str, handle: str) -> None:
    """Take a card off a shortlist; one that is not there does no harm. Raises NotFound for a list of others."""
    row = get_list(get_employer(actor), public_id)
    profile = select(PoolProfile.id).where(PoolProfile.handle == handle).scalar_subquery()
    db.session.execute(
        delete(PoolListEntry).where(PoolListEntry.list_id == row.id, PoolListEntry.profile_id == profile)
    )


def get_list(employer: Employer, public_id: str) -> PoolList:
    """One of this employer's shortlists; raises NotFound for any other."""
    query = select(PoolList).where(PoolList.public_id == public_id, PoolList.employer_id == employer.id)
    row = db.session.scalar(query) if PUBLIC_ID.fullmatch(public_id) else None
    if row is None:
        raise NotFound
    return row


def lists_of(employer: Employer) -> list[ListLine]:
    """This employer's shortlists by name, with what can be seen of them now."""
    visible = select(PoolProfile.id).where(is_visible_to(employer))
    count = func.count(PoolListEntry.id)
    rows = db.session.execute(
        select(PoolList.public_id, PoolList.name, count.label("count"))
        .outerjoin(
            PoolListEntry, (PoolListEntry.list_id == PoolList.id) & PoolListEntry.profile_id.in_(visible)
        )
        .where(PoolList.employer_id == employer.id)
        .group_by(PoolList.id, PoolList.public_id, PoolList.name)
        .order_by(PoolList.name)
    )
    return [ListLine(**row._mapping) for row in rows]


def profiles_on(
    employer: Employer, row: PoolList, *, offset: int = 0, limit: int | None = None
) -> Sequence[PoolProfile]:
    """The cards of a shortlist that this employer may see now, those added last first."""
    query = (
        select(PoolProfile)
        .join(PoolListEntry, PoolListEntry.profile_id == PoolProfile.id)
        .where(PoolListEntry.list_id == row.id, is_visible_to(employer))
        .order_by(PoolListEntry.id.desc())
    )
    return db.session.scalars(query.offset(offset).limit(limit)).all()


def list_names_of(employer: Employer, profile_ids: Sequence[int]) -> dict[int, list[str]]:
    """Profile -> the names of this employer's shortlists it is on."""
    rows = db.session.execute(
        select(PoolListEntry.profile_id, PoolList.name)
        .join(PoolList, PoolList.id == PoolListEntry.list_id)
        .where(PoolList.employer_id == employer.id, PoolListEntry.profile_id.in_(profile_ids))
        .order_by(PoolList.name)
    )
    found: dict[int, list[str]] = {}
    for row in rows:
        found.setdefault(row.profile_id, []).append(row.name)
    return found


def save_mark(
    *, actor: Actor, handle: str, note: str, tags: str, contacted_on: date | None, version: int
) -> PoolMark:
    """Keep a note, tags and "in touch since" about a card. Raises NotFound, Invalid, Stale."""
    employer = get_employer(actor)
    profile = get_visible_profile(actor, handle)
    text, words = lines(note), split_tags(tags)
    if len(text) > LONGEST_NOTE:
        raise Invalid(N_("One of these texts is too long."))
    row = find_mark(employer, profile.id, is_changing=True)
    if row is None:
        row = PoolMark(employer_id=employer.id, profile_id=profile.id, updated_at=utc_now(), version=0)
        db.session.add(row)
    if row.version != version:
        raise Stale
    row.note, row.tags, row.contacted_on = text, words, contacted_on
    row.updated_by, row.updated_at, row.version = actor.person_id, utc_now(), row.version + 1
    try:
        db.session.flush()
    except IntegrityError:
        raise Stale from None
    record(actor, "change", "pool_mark", row.id, personal=["note", "tags"])
    return row


def find_mark(employer: Employer, profile_id: int, *, is_changing: bool = False) -> PoolMark | None:
    """What this employer keeps about a card."""
    query = select(PoolMark).where(PoolMark.employer_id == employer.id, PoolMark.profile_id == profile_id)
    return db.session.scalar(query.with_for_update() if is_changing else query)


def marks_of(employer: Employer, profile_ids: Sequence[int]) -> dict[int, PoolMark]:
    """Profile -> what this employer keeps about it."""
    query = select(PoolMark).where(PoolMark.employer_id == employer.id, PoolMark.profile_id.in_(profile_ids))
    return {row.profile_id: row for row in db.session.scalars(query)}


def split_tags(text: str) -> list[str]:
    """Tags typed in one line with commas of either script; each once. Raises Invalid for too many or too long."""
    parts = (folded(part) for part in text.replace("，", ",").replace("、", ",").split(","))
    tags = list(dict.fromkeys(part for part in parts if part))
    if len(tags) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in tags):
        raise Invalid(
            N_("Use at most %(most)d tags of %(long)d characters."), most=MOST_TAGS, long=LONGEST_TAG
        )
    return tags

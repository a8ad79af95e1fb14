"""Use cases of an edition: create, edit, archive; organisers; privacy notice; registration."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from competition.editions.deadline import move_links
from competition.editions.models import Edition, Organiser, PrivacyNotice
from competition.editions.queries import find_edition, find_notice, get_organiser, organisers_of
from competition.editions.rule_locks import reason_against
from core.access import Actor
from core.audit import edition_scope, record
from core.db import db, hold, utc_now
from core.errors import Conflict, Invalid, Stale
from core.localised import N_
from core.revisions import bump

NOTICE_FIELDS = ("controller", "contact", "country", "purposes", "published", "retention")


def create_edition(*, actor: Actor, values: Mapping[str, Any]) -> Edition:
    """A new edition; whoever creates it becomes its first director (unless the system does)."""
    if find_edition(values["slug"]) is not None:
        raise Conflict(
            N_("The short name “%(slug)s” is taken by another edition. Choose another one."),
            slug=values["slug"],
        )
    edition = Edition(**values, created_at=utc_now())
    db.session.add(edition)
    db.session.flush()
    if actor.person_id is not None:
        db.session.add(Organiser(edition_id=edition.id, person_id=actor.person_id, capacity="director"))
    _record(actor, "create", edition)
    return edition


def edit_edition(
    *, actor: Actor, edition: Edition, version: int, values: Mapping[str, Any], is_agreed: bool = False
) -> None:
    """Change settings; refuses a form that was filled in against an older version, and what other rooms have locked
    unless `is_agreed` by those who may change it together."""
    hold(edition)
    if edition.version != version:
        raise Stale(
            N_(
                "Somebody changed this edition while you were editing. Compare with what is saved now, then save again."
            )
        )
    slug = values.get("slug", edition.slug)
    other = find_edition(slug)
    if other is not None and other.id != edition.id:
        raise Conflict(
            N_("The short name “%(slug)s” is taken by another edition. Choose another one."), slug=slug
        )
    changed = {name: value for name, value in values.items() if getattr(edition, name) != value}
    if not is_agreed and (reason := reason_against(edition, changed)):
        raise Conflict(reason)
    for name, value in changed.items():
        setattr(edition, name, value)
    edition.version += 1
    _record(actor, "edit", edition, changed=sorted(changed))


def set_archived(*, actor: Actor, edition: Edition, is_archived: bool) -> None:
    """Put an edition away (neither listed nor open for registration), or bring it back."""
    hold(edition)
    edition.archived_at = utc_now() if is_archived else None
    edition.version += 1
    _record(actor, "archive" if is_archived else "unarchive", edition)


def set_public(*, actor: Actor, edition: Edition, is_public: bool) -> None:
    """Let anybody see the edition's page (what is on it is released or published separately)."""
    hold(edition)
    if is_public:
        refuse_rehearsal(edition)
    edition.is_public = is_public
    edition.version += 1
    _record(actor, "open_page" if is_public else "close_page", edition)


def refuse_rehearsal(edition: Edition) -> None:
    """Raise Conflict for what would make a rehearsal real to somebody outside."""
    if edition.rehearsal_of is not None:
        raise Conflict(N_("This is a rehearsal: it has no public page, no registration and no certificates."))


def add_organiser(*, actor: Actor, edition: Edition, person_id: int, capacity: str) -> None:
    """Let a person run the edition, or change how."""
    hold(edition)
    row = next((row for row in organisers_of(edition.id) if row.person_id == person_id), None)
    if row is not None and row.capacity == "director" != capacity:
        _refuse_last_director(edition, row)
    row = row or Organiser(edition_id=edition.id, person_id=person_id)
    row.capacity = capacity
    db.session.add(row)
    db.session.flush()
    _record(actor, "add_organiser", edition, person_id=person_id, capacity=capacity)


def remove_organiser(*, actor: Actor, edition: Edition, public_id: str) -> None:
    """End a person's part in running the edition; the last director stays."""
    hold(edition)
    row = get_organiser(edition.id, public_id)
    if row.capacity == "director":
        _refuse_last_director(edition, row)
    db.session.delete(row)
    _record(actor, "remove_organiser", edition, person_id=row.person_id)


def _refuse_last_director(edition: Edition, leaving: Organiser) -> None:
    others = [row for row in organisers_of(edition.id) if row.capacity == "director" and row.id != leaving.id]
    if not others:
        raise Conflict(N_("An edition needs a director. Name another one first."))


def write_notice(*, actor: Actor, edition: Edition, values: Mapping[str, str]) -> PrivacyNotice:
    """A new version of the privacy notice; who confirmed an older one keeps having confirmed that one."""
    hold(edition)
    current = find_notice(edition.id)
    if current is not None and all(getattr(current, name) == values[name] for name in NOTICE_FIELDS):
        return current
    notice = PrivacyNotice(
        edition_id=edition.id,
        version=current.version + 1 if current else 1,
        created_at=utc_now(),
        **{name: values[name] for name in NOTICE_FIELDS},
    )
    db.session.add(notice)
    db.session.flush()
    _record(actor, "write_notice", edition, version=notice.version)
    return notice


def open_registration(*, actor: Actor, edition: Edition, closes_at: datetime) -> None:
    """Let teams register until `closes_at`. Impossible without a privacy notice."""
    hold(edition)
    refuse_rehearsal(edition)
    if find_notice(edition.id) is None:
        raise Invalid(N_("Registration cannot open before the privacy notice is written."))
    if closes_at <= utc_now():
        raise Invalid(N_("Registration would already be closed. Choose a later moment."))
    edition.registration_opens_at = edition.registration_opens_at or utc_now()
    edition.registration_closes_at = closes_at
    edition.version += 1
    move_links(edition.id, closes_at)
    _record(actor, "open_registration", edition, closes_at=closes_at.isoformat())


def close_registration(*, actor: Actor, edition: Edition) -> None:
    """Stop taking registrations now."""
    hold(edition)
    edition.registration_closes_at = utc_now()
    edition.version += 1
    move_links(edition.id, edition.registration_closes_at)
    _record(actor, "close_registration", edition)


def is_registration_open(edition: Edition, now: datetime) -> bool:
    """Whether teams may register at `now` (worked out when read, never by a job)."""
    opens, closes = edition.registration_opens_at, edition.registration_closes_at
    return (
        edition.archived_at is None
        and opens is not None
        and opens <= now
        and (closes is None or now < closes)
    )


def _record(actor: Actor, verb: str, edition: Edition, **details: Any) -> None:
    record(actor, verb, "edition", edition.id, scope=edition_scope(edition.id), details=details)
    bump(edition_scope(edition.id))

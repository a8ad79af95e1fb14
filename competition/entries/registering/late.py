"""Late registration: one address may register a team after the deadline, or one captain change theirs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext
from sqlalchemy import select

from competition.editions.public import GRACE, Edition
from competition.entries.models import Team
from competition.entries.registering.models import LateGrant
from competition.entries.services.letters import moment_in_letter, post_letter
from core.access import Actor, CapacityKind
from core.audit import edition_scope, record
from core.db import db, hold, utc_now
from core.errors import Invalid, NotFound
from core.links import create_link, find_links, revoke_link
from core.localised import N_
from core.revisions import bump

PASSED = N_("That moment has passed. Choose a later one.")


def grants_of(edition_id: int) -> Sequence[LateGrant]:
    """Every grant of an edition, newest first."""
    query = select(LateGrant).where(LateGrant.edition_id == edition_id)
    return db.session.scalars(query.order_by(LateGrant.id.desc())).all()


def find_late_grant(actor: Actor, edition: Edition) -> LateGrant | None:
    """The grant with which the actor registers, while it can be used."""
    for capacity in actor.capacities_of(CapacityKind.REGISTRANT, edition_id=edition.id):
        grant = db.session.get(LateGrant, capacity.subject_id) if capacity.subject_id is not None else None
        if grant is not None and grant.edition_id == edition.id and grant.is_usable(utc_now()):
            return grant
    return None


def grant_late(*, actor: Actor, edition: Edition, address: str, until: datetime) -> LateGrant:
    """Let whoever reads `address` register one team until a moment; they get a private link."""
    if until <= utc_now():
        raise Invalid(PASSED)
    grant = LateGrant(edition_id=edition.id, address=address.lower(), until=until, granted_at=utc_now())
    db.session.add(grant)
    db.session.flush()
    link = create_link(
        purpose=CapacityKind.REGISTRANT,
        edition_id=edition.id,
        subject_id=grant.id,
        expires_at=until + GRACE,
        bound_address=grant.address,
    )

    def write(title: str, place: str) -> tuple[str, Sequence[str]]:
        return gettext("%(edition)s: register your team", edition=title), (
            gettext("the organisers of %(edition)s let you register a team.", edition=title),
            gettext("You can do so until %(moment)s:", moment=moment_in_letter(edition, until)),
            place,
        )

    post_letter(edition, to=grant.address, kind="late_registration", link=link, write=write)
    _record(actor, edition, "grant_late", "late_grant", grant.id, ("address",))
    return grant


def end_grant(*, actor: Actor, edition: Edition, public_id: str) -> None:
    """Take a grant back; its link ends."""
    query = select(LateGrant).where(LateGrant.edition_id == edition.id, LateGrant.public_id == public_id)
    grant = db.session.scalar(query)
    if grant is None:
        raise NotFound
    hold(grant)
    grant.ended_at = grant.ended_at or utc_now()
    for link in find_links(purpose=CapacityKind.REGISTRANT, edition_id=edition.id, subject_id=grant.id):
        revoke_link(link)
    _record(actor, edition, "end_grant", "late_grant", grant.id)


def let_change(*, actor: Actor, edition: Edition, team: Team, until: datetime | None) -> None:
    """Let a captain change the team until a moment of its own (None: no longer)."""
    if until is not None and until <= utc_now():
        raise Invalid(PASSED)
    hold(team)
    team.open_until = until
    team.version += 1
    if until is not None:
        for link in find_links(purpose=CapacityKind.CAPTAIN, edition_id=edition.id, subject_id=team.id):
            if link.revoked_at is None:
                link.expires_at = max(link.expires_at, until + GRACE)
    _record(actor, edition, "let_change", "team", team.id)


def _record(
    actor: Actor, edition: Edition, verb: str, thing: str, key: int, personal: Sequence[str] = ()
) -> None:
    scope = edition_scope(edition.id)
    record(actor, verb, thing, key, scope=scope, personal=personal)
    bump(scope)
    db.session.flush()

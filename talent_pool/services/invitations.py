"""Former participants are told of the pool once and reminded once; being told is no consent and leads to nothing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from accounts.public import user_account
from competition.entries.public import delegate_table
from core.access import Actor, Permission
from core.audit import edition_scope, record
from core.db import db, utc_now
from core.errors import Forbidden
from judging.public import released_editions
from talent_pool.consent import acting_person
from talent_pool.mails import post_invitation
from talent_pool.models import PoolConsent
from talent_pool.person_models import PoolInvitation


def invite_former(*, actor: Actor, edition_id: int, now: datetime | None = None) -> int:
    """Invite everybody who took part in an edition with published results, has a confirmed address, was never
    invited and never joined. Returns how many. Raises Forbidden for all but the operator."""
    if not actor.may(Permission.OPERATE):
        raise Forbidden
    if edition_id not in {edition.edition_id for edition in released_editions()}:
        return 0
    moment, people = now or utc_now(), former_of(edition_id)
    db.session.add_all(PoolInvitation(person_id=person_id, invited_at=moment) for person_id in people)
    db.session.flush()
    for person_id in people:
        post_invitation(person_id, is_reminder=False)
    record(
        actor,
        "invite",
        "pool_invitation",
        None,
        scope=edition_scope(edition_id),
        details={"count": len(people)},
    )
    return len(people)


def former_of(edition_id: int) -> list[int]:
    """Whom an invitation to an edition's people would reach."""
    query = (
        select(delegate_table.c.person_id)
        .join(user_account, user_account.c.person_id == delegate_table.c.person_id)
        .where(
            delegate_table.c.edition_id == edition_id,
            user_account.c.email_confirmed_at.is_not(None),
            delegate_table.c.person_id.not_in(select(PoolInvitation.person_id)),
            delegate_table.c.person_id.not_in(select(PoolConsent.person_id)),
        )
        .distinct()
        .order_by(delegate_table.c.person_id)
    )
    return list(db.session.scalars(query))


def find_invitation(person_id: int) -> PoolInvitation | None:
    """The invitation that a person got and has not said no to."""
    query = select(PoolInvitation).where(
        PoolInvitation.person_id == person_id, PoolInvitation.declined_at.is_(None)
    )
    return db.session.scalar(query)


def decline_invitation(*, actor: Actor, now: datetime | None = None) -> None:
    """Say no to being told again."""
    invitation = find_invitation(acting_person(actor))
    if invitation is not None:
        invitation.declined_at = now or utc_now()
        db.session.flush()
        record(actor, "decline", "pool_invitation", invitation.id)

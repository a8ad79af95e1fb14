"""Use cases of the judge quota: set it, change it, give it up."""

from __future__ import annotations

from sqlalchemy import select

from competition.editions.public import Edition
from competition.entries.models import JudgeQuota
from core.access import Actor
from core.audit import edition_scope, record
from core.db import db, hold
from core.errors import Invalid, Stale
from core.localised import N_
from core.revisions import bump

LARGEST = 99


def set_quota(
    *, actor: Actor, edition: Edition, judges: int, per_teams: int, free_teams: int, version: int
) -> None:
    """Say how many judges institutions owe; `judges` 0 ends the quota.

    `version` is that of the quota as it was shown (0 before there was one). Raises Invalid for numbers out of range,
    Stale when somebody else was faster.
    """
    hold(edition)
    if not (0 <= judges <= LARGEST and 1 <= per_teams <= LARGEST and 0 <= free_teams <= LARGEST):
        raise Invalid(
            N_(
                "Use whole numbers: judges 0 to %(largest)s, teams 1 to %(largest)s, free teams 0 to %(largest)s."
            ),
            largest=LARGEST,
        )
    row = db.session.scalar(
        select(JudgeQuota)
        .where(JudgeQuota.edition_id == edition.id)
        .execution_options(populate_existing=True)
    )
    if (row.version if row is not None else 0) != version:
        raise Stale(N_("Somebody else has changed the quota in the meantime. Look at it again."))
    if judges == 0:
        if row is not None:
            db.session.delete(row)
    else:
        row = row or JudgeQuota(edition_id=edition.id, version=0)
        row.judges, row.per_teams, row.free_teams = judges, per_teams, free_teams
        row.version += 1
        db.session.add(row)
    db.session.flush()
    details = {"judges": judges, "per_teams": per_teams, "free_teams": free_teams}
    scope = edition_scope(edition.id)
    record(actor, "quota.set", "edition", edition.id, scope=scope, details=details)
    bump(scope)

"""Publishing who the best delegates are: names and ranks, never marks; and taking it back."""

from __future__ import annotations

from sqlalchemy import delete, select

from competition.editions.public import Edition
from core.access import Actor
from core.audit import edition_scope, record
from core.db import db, hold, utc_now
from core.errors import Conflict, Invalid
from core.localised import N_
from core.revisions import bump
from judging.delegates import delegate_standings
from judging.models import DelegateRanking

MOST = 500


def publish_delegates(*, actor: Actor, edition: Edition, count: int) -> DelegateRanking:
    """Let everybody see the `count` best delegates as they rank now, whoever shares the last rank with them too.

    It takes the place of what was published before. Raises Invalid for a count out of range, Conflict while no
    delegate has marks.
    """
    hold(edition)
    if not 1 <= count <= MOST:
        raise Invalid(N_("Give a whole number from 1 to %(largest)s."), largest=MOST)
    rows = [row for row in delegate_standings(edition) if row.rank <= count]
    if not rows:
        raise Conflict(N_("No delegate has marks from a confirmed round yet. Nothing was published."))
    db.session.execute(delete(DelegateRanking).where(DelegateRanking.edition_id == edition.id))
    ranking = DelegateRanking(
        edition_id=edition.id,
        ranks=[[row.delegate_id, row.rank, row.is_shared] for row in rows],
        published_at=utc_now(),
    )
    db.session.add(ranking)
    db.session.flush()
    _record(actor, edition, "delegates.published", count=len(rows))
    return ranking


def withdraw_delegates(*, actor: Actor, edition: Edition) -> None:
    """Take the ranking of delegates back from the public."""
    hold(edition)
    found = db.session.scalar(select(DelegateRanking).where(DelegateRanking.edition_id == edition.id))
    if found is None:
        raise Conflict(N_("The ranking of delegates is not published. Nothing was changed."))
    db.session.delete(found)
    db.session.flush()
    _record(actor, edition, "delegates.withdrawn")


def _record(actor: Actor, edition: Edition, verb: str, **details: int) -> None:
    scope = edition_scope(edition.id)
    record(actor, verb, "edition", edition.id, scope=scope, details=details)
    bump(scope)

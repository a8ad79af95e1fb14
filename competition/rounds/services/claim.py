"""Taking hold of a round before changing it: of two organisers at once, the second is told."""

from __future__ import annotations

from sqlalchemy import select, update

from competition.rounds.models import Draw, DrawChange, Round
from competition.rounds.queries import get_round, live_draw
from core import revisions
from core.access import Actor
from core.audit import edition_scope, record
from core.db import db
from core.errors import Change, Conflict, Stale
from core.localised import N_


def claim_round(round_id: int, version: int | None) -> Round:
    """The round, its version counted up by one; raises Stale when it is not at `version` any more.

    The update is the compare and the swap at once: whoever comes second waits for the first one's commit
    and then matches no row. Commands that were shown no version pass None.
    """
    query = update(Round).where(Round.id == round_id)
    if version is not None:
        query = query.where(Round.version == version)
    query = query.values(version=Round.version + 1).execution_options(synchronize_session=False)
    claimed = db.session.execute(query).rowcount  # type: ignore[attr-defined]
    row = get_round(round_id)
    db.session.refresh(row)
    if claimed == 0:
        draw = live_draw(round_id)
        raise Stale(
            N_("Somebody else changed this round while you were working. Look at it again, then repeat."),
            changes=[
                Change(label=N_("Draw"), shown=N_("an earlier state"), now=draw.state if draw else "–"),
            ],
            further=_labels_since(draw, version) if draw is not None and version is not None else (),
        )
    return row


def _labels_since(draw: Draw, version: int) -> list[str]:
    """What was changed by hand since the round's version that was shown."""
    query = (
        select(DrawChange.label)
        .where(DrawChange.draw_id == draw.id, DrawChange.round_version > version)
        .order_by(DrawChange.id)
    )
    return list(db.session.scalars(query))


def get_draft(row: Round) -> Draw:
    """The round's draft; raises Conflict when there is no draw, or it is not a draft any more."""
    draw = live_draw(row.id)
    if draw is None:
        raise Conflict(N_("This round has no draw yet. Draft one first."))
    if draw.state != "draft":
        raise Conflict(N_("This draw is not a draft any more. Take it back to a draft before you change it."))
    return draw


def finish(actor: Actor, verb: str, row: Round, **details: object) -> None:
    """Write the audit entry of a change to a round's draw, and tell every cache."""
    scope = edition_scope(row.edition_id)
    record(actor, verb, "round", row.id, scope=scope, details={"round": row.number, **details})
    revisions.bump(scope)
    db.session.flush()

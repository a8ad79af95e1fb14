"""Making and editing rounds."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TypedDict

from sqlalchemy import func, select

from competition.rounds.events import has_new_time
from competition.rounds.models import Round
from competition.rounds.outcomes import live_results
from competition.rounds.queries import live_draw
from competition.rounds.services.claim import claim_round, finish
from competition.rounds.services.substitutions import line_up_new_round
from core.access import Actor
from core.db import db
from core.errors import Conflict, Invalid
from core.localised import N_


class RoundValues(TypedDict):
    """What an organiser says about a round."""

    name: str
    name_zh: str
    stage: str
    division_id: int | None
    weight: Decimal
    starts_at: datetime | None


def create_round(*, actor: Actor, edition_id: int, values: RoundValues) -> Round:
    """Add a round after the last one of the edition."""
    last = db.session.scalar(select(func.max(Round.number)).where(Round.edition_id == edition_id)) or 0
    _refuse_bad(values)
    row = Round(edition_id=edition_id, number=last + 1, **values)
    db.session.add(row)
    db.session.flush()
    line_up_new_round(row)
    finish(actor, "round.created", row)
    return row


def edit_round(*, actor: Actor, round_id: int, values: RoundValues, version: int) -> Round:
    """Change a round. Stage, division and weight are settled once its draw is made or its results are there."""
    row = claim_round(round_id, version)
    _refuse_bad(values)
    settled = _settled(row)
    changed = {name for name, value in values.items() if getattr(row, name) != value}
    if changed & settled:
        raise Conflict(
            N_("Stage and division are settled once a round is drawn, the weight once there are results.")
        )
    before = row.starts_at
    for name in changed:
        setattr(row, name, values[name])  # type: ignore[literal-required]
    finish(actor, "round.edited", row, changed=sorted(changed))
    if "starts_at" in changed:
        has_new_time(row.id, before)
    return row


def _settled(row: Round) -> set[str]:
    """What can no longer change: what the draw was made from, and what recorded points were worked out with."""
    draw = live_draw(row.id)
    if draw is None:
        return set()
    return {"stage", "division_id", "weight"} if live_results(draw.id) else {"stage", "division_id"}


def remove_round(*, actor: Actor, round_id: int, version: int) -> None:
    """Remove the last round, as long as it was never drawn."""
    row = claim_round(round_id, version)
    last = db.session.scalar(select(func.max(Round.number)).where(Round.edition_id == row.edition_id))
    if row.number != last or live_draw(row.id) is not None:
        raise Conflict(N_("Only the last round can be removed, and only before it is drawn."))
    finish(actor, "round.removed", row)
    db.session.delete(row)
    db.session.flush()


def _refuse_bad(values: RoundValues) -> None:
    if values["stage"] not in ("preliminary", "elimination"):
        raise Invalid(N_("A round is preliminary or elimination."))
    if values["weight"] <= 0:
        raise Invalid(N_("The weight of a round is a number above zero."))

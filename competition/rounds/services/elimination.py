"""Seating an elimination round: tables made elsewhere become a draft, with panels and rooms filled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from competition.rounds.models import Draw
from competition.rounds.problem import Seats
from competition.rounds.queries import live_draw
from competition.rounds.services.claim import claim_round, finish
from competition.rounds.services.panel_filling import fill_panels
from competition.rounds.services.rooms import fill_rooms
from competition.rounds.services.versions import NewTable, store_draw
from competition.rounds.situation import Choice
from core.access import Actor
from core.errors import Conflict, Invalid
from core.localised import N_

METHOD = "elimination"


def seat_elimination(
    *,
    actor: Actor,
    round_id: int,
    tables: Sequence[Seats],
    seed: int,
    report: Mapping[str, Any],
    version: int | None = None,
) -> Draw:
    """Draft an elimination round with these tables, in their order; an earlier draft stays as a superseded version.

    `report` is kept with the draw (where the teams come from, who waits for the next round). Raises Conflict when the
    draw is confirmed or released, Invalid for a preliminary round, Stale when somebody else was faster.
    """
    row = claim_round(round_id, version)
    if row.stage != "elimination":
        raise Invalid(N_("Only elimination rounds are seated from the break."))
    live = live_draw(row.id)
    if live is not None and live.state != "draft":
        raise Conflict(N_("This draw is confirmed. Take it back to a draft before you seat the round again."))
    choice = Choice(method=METHOD, preset="", seed=seed)
    named = [NewTable(name=str(number), seats=seats) for number, seats in enumerate(tables, 1)]
    draw = store_draw(row, choice, report, named)
    fill_rooms(draw.id, row.edition_id)
    fill_panels(draw.id, row)
    finish(actor, "draw.seated", row, version=draw.version, seed=seed, tables=len(tables))
    return draw

"""The life of a draw after drafting: confirm, release, take back."""

from __future__ import annotations

from flask_babel import gettext

from competition.rounds.blockers import reasons_against_changing
from competition.rounds.events import was_released
from competition.rounds.models import Draw, Round
from competition.rounds.outcomes import live_results
from competition.rounds.queries import live_draw, tables_of_draw
from competition.rounds.services.claim import claim_round, finish, get_draft
from competition.rounds.services.versions import copy_draw, refuse_bad_seats
from core.access import Actor
from core.db import utc_now
from core.errors import Conflict
from core.localised import N_


def confirm_draw(*, actor: Actor, round_id: int, version: int | None = None) -> Draw:
    """Confirm the draft: it is checked once more, and cannot be changed until it is taken back.

    Raises Stale when the round is not at `version` any more, ProblemsFound when a seat is wrong.
    """
    row = claim_round(round_id, version)
    draw = get_draft(row)
    refuse_bad_seats(row, [table.seats for table in tables_of_draw(draw.id)], is_whole=True)
    draw.state = "confirmed"
    finish(actor, "draw.confirmed", row, version=draw.version)
    return draw


def release_draw(*, actor: Actor, round_id: int, version: int | None = None) -> Draw:
    """Release the confirmed draw: participants and judges see their seats, the public where the edition is."""
    row = claim_round(round_id, version)
    draw = _get_in_state(row, "confirmed")
    draw.state, draw.released_at = "released", utc_now()
    finish(actor, "draw.released", row, version=draw.version)
    was_released(row.id)
    return draw


def undo_draw(*, actor: Actor, round_id: int, version: int | None = None) -> Draw:
    """Take a draw back to a draft. A confirmed one is simply opened; a released one is kept as it was seen and
    copied, and only while nothing was built on it (results, sheets, briefs). Returns the draft.
    """
    row = claim_round(round_id, version)
    draw = live_draw(row.id)
    if draw is None or draw.state == "draft":
        raise Conflict(N_("There is nothing to take back: this draw is a draft."))
    if live_results(draw.id):
        raise Conflict(N_("This draw has results already, so it cannot be taken back."))
    if draw.state == "confirmed":
        draw.state = "draft"
        finish(actor, "draw.reopened", row, version=draw.version)
        return draw
    names = {table.id: table.name for table in tables_of_draw(draw.id)}
    if reasons := reasons_against_changing(list(names)):
        table, reason = next(iter(reasons.items()))
        raise Conflict(
            N_("This draw cannot be taken back because of table %(table)s. %(reason)s"),
            table=names[table],
            reason=gettext(reason),
        )
    draft = copy_draw(draw, row)
    finish(actor, "draw.taken_back", row, version=draft.version, released_version=draw.version)
    return draft


def _get_in_state(row: Round, state: str) -> Draw:
    draw = live_draw(row.id)
    if draw is None or draw.state != state:
        raise Conflict(N_("This draw is in another state by now. Reload the page and look again."))
    return draw

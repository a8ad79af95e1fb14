"""Why a table of a released draw may not change: its resolution was begun."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from competition.resolutions.models import Resolution
from competition.rounds.public import register_blocker
from core.db import db
from core.localised import N_

REASON = N_("The table has begun to write its resolution.")


@register_blocker
def begun_resolutions(table_ids: Sequence[int]) -> dict[int, str]:
    """The tables among these that have written something."""
    query = select(Resolution.table_id).where(
        Resolution.table_id.in_(list(table_ids)), Resolution.version > 0
    )
    return dict.fromkeys(db.session.scalars(query), REASON)

"""Why a table of a released draw may not change: somebody there has read a confidential brief for it."""

from __future__ import annotations

from collections.abc import Sequence

from competition.cases.queries import teams_that_read
from competition.rounds.public import register_blocker, tables_by_id
from core.localised import N_

REASON = N_("A team there has read its confidential brief.")


@register_blocker
def read_briefs(table_ids: Sequence[int]) -> dict[int, str]:
    """The tables among these where a team has opened a brief of the round."""
    tables = tables_by_id(table_ids)
    read = {round_id: teams_that_read(round_id) for round_id in {table.round_id for table in tables.values()}}
    return {key: REASON for key, table in tables.items() if read[table.round_id] & set(table.team_ids)}

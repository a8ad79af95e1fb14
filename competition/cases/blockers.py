"""What a released brief stops: changes of a table where it was read, and offers of places to new teams."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from competition.cases.queries import teams_that_read
from competition.cases.services import open_rounds
from competition.entries.public import offer_stop
from competition.rounds.public import register_blocker, round_facts, tables_by_id
from core.localised import N_

REASON = N_("A team there has read its confidential brief.")


@offer_stop
def briefs_are_out(edition_id: int, now: datetime) -> bool:
    """Whether a round's case is open and its draw released: teams can read their briefs, so nobody new may join."""
    numbers = open_rounds(edition_id, now)
    return any(facts.is_released for facts in round_facts(edition_id) if facts.number in numbers)


@register_blocker
def read_briefs(table_ids: Sequence[int]) -> dict[int, str]:
    """The tables among these where a team has opened a brief of the round."""
    tables = tables_by_id(table_ids)
    read = {round_id: teams_that_read(round_id) for round_id in {table.round_id for table in tables.values()}}
    return {key: REASON for key, table in tables.items() if read[table.round_id] & set(table.team_ids)}

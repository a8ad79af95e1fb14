"""Why a table of a released draw may not change: a sheet was submitted for it."""

from __future__ import annotations

from collections.abc import Sequence

from competition.rounds.public import register_blocker, register_judge_blocker
from core.localised import N_
from judging.queries import submitted_tables, tables_with_sheet_of

REASON = N_("Judges have submitted sheets for it.")


@register_blocker
def submitted_sheets(table_ids: Sequence[int]) -> dict[int, str]:
    """The tables among these for which any sheet was submitted."""
    return dict.fromkeys(submitted_tables(table_ids), REASON)


@register_judge_blocker
def own_sheets(table_ids: Sequence[int], judge_id: int) -> set[int]:
    """The tables among these for which this judge submitted a sheet."""
    return tables_with_sheet_of(table_ids, judge_id)

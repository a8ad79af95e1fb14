"""Why a table of a released draw may not change: a sheet was submitted for it."""

from __future__ import annotations

from collections.abc import Sequence

from competition.rounds.public import register_blocker
from core.localised import N_
from judging.queries import submitted_tables

REASON = N_("Judges have submitted sheets for it.")


@register_blocker
def submitted_sheets(table_ids: Sequence[int]) -> dict[int, str]:
    """The tables among these for which any sheet was submitted."""
    return dict.fromkeys(submitted_tables(table_ids), REASON)

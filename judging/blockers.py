"""Why a released draw may not be taken back: sheets were submitted for its tables."""

from __future__ import annotations

from competition.rounds.public import register_blocker
from core.localised import N_
from judging.queries import submitted_tables_of_draw

REASON = N_("Judges have submitted sheets for tables of this draw.")


@register_blocker
def submitted_sheets(draw_id: int) -> list[str]:
    """One reason as soon as any sheet of the draw was submitted."""
    return [REASON] if submitted_tables_of_draw(draw_id) else []

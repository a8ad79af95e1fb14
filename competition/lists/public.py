"""What other features may use of lists."""

from __future__ import annotations

from competition.lists.models import RosterList

roster_list_table = RosterList.__table__

__all__ = ["roster_list_table"]

"""A team's preliminary rank and its seed in the elimination: from the published break, else from the standings."""

from __future__ import annotations

from competition.editions.public import Edition
from judging.closing.break_ import find_break, rules_of
from judging.snapshots import standings_of


def preliminary_ranks(edition: Edition) -> dict[int, int]:
    """Each ranked team's rank, within its role bracket where roles are fixed, otherwise over all."""
    found: dict[int, int] = {}
    for selection in _rankings(edition):
        for row in standings_of(edition, selection).rows:
            if row.rank is not None:
                found.setdefault(row.team_id, row.rank)
    return found


def seeds_of(edition: Edition) -> dict[int, int]:
    """Each ranked team's seed, 1 for the best: its place in the published break, else its line in the standings.

    Lines are distinct even where ranks are shared; a team that broke always goes before one that did not.
    """
    found: dict[int, int] = {}
    published = find_break(edition.id)
    if published is not None:
        for bracket in published.brackets.values():
            for line in (*bracket["advancing"], *bracket["waiting"]):
                found.setdefault(line["team_id"], line["place"])
    lowest = max(found.values(), default=0)
    for selection in _rankings(edition):
        for place, row in enumerate(standings_of(edition, selection).rows, 1):
            if row.rank is not None:
                found.setdefault(row.team_id, lowest + place)
    return found


def _rankings(edition: Edition) -> list[str]:
    """The rankings that teams break from; where nobody said, all roles or everybody."""
    fallback = (
        ["role:government", "role:enterprise", "role:local_ngo", "role:igo"]
        if edition.role_policy == "fixed"
        else ["overall"]
    )
    return list(dict.fromkeys([*rules_of(edition), *fallback]))

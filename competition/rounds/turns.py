"""Tables of one round that one panel judges, one after another: which comes when (pure)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from competition.rounds.facts import TableFacts, Turn


def turns_of(tables: Sequence[TableFacts]) -> dict[int, Turn]:
    """The turn of every table that shares a judge with another one, in the order of the tables.

    Tables are of one sequence when a chain of common judges joins them.
    """
    sequences: list[list[TableFacts]] = []
    for table in sorted(tables, key=lambda table: (table.position, table.id)):
        joined = [each for each in sequences if any(share_judges(table, other) for other in each)]
        sequences = [each for each in sequences if each not in joined]
        sequences.append([other for each in joined for other in each] + [table])
    return {
        table.id: Turn(
            number=number, total=len(sequence), after=sequence[number - 2].name if number > 1 else ""
        )
        for sequence in sequences
        if len(sequence) > 1
        for number, table in enumerate(sorted(sequence, key=lambda table: (table.position, table.id)), 1)
    }


def common_judges(tables: Sequence[TableFacts]) -> frozenset[int]:
    """The judges who sit at more than one of these tables."""
    places = Counter(place.judge_id for table in tables for place in table.panel)
    return frozenset(judge for judge, times in places.items() if times > 1)


def share_judges(one: TableFacts, other: TableFacts) -> bool:
    """Whether somebody sits on both panels."""
    return not {place.judge_id for place in one.panel}.isdisjoint(place.judge_id for place in other.panel)

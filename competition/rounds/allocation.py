"""Who judges which table, and which table sits in which room: pure, by assignment with stated costs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

FORBIDDEN = 10**9
SEEN, KIN, LOAD, RATING = 10_000, 1_000, 100, 10
"""What it costs to let a judge see a team again, to seat two judges of one institution on a panel, to use a
judge once more than another, and (for the chair) each point of rating below the best."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelTable:
    """A table that needs judges: its teams and the judges already given."""

    id: int
    teams: frozenset[int]
    given: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelJudgeState:
    """A judge with the teams they may not mark, those they have seen, and the tables they have judged."""

    id: int
    rating: float
    institution: int | None
    barred: frozenset[int]
    seen: Mapping[int, int]
    load: int = 0


def allocate_judges(
    tables: Sequence[PanelTable], judges: Sequence[PanelJudgeState], size: int
) -> dict[int, list[int]]:
    """The judges added to each table, at most until `size` sit there; nobody is ever seated against a conflict.

    Each turn seats at most one more judge at every table by a least-cost assignment, the highest rated first.
    """
    added: dict[int, list[int]] = {table.id: [] for table in tables}
    taken = {judge for table in tables for judge in table.given}
    by_id = {judge.id: judge for judge in judges}
    for turn in range(size):
        short = [table for table in tables if len(table.given) + len(added[table.id]) <= turn]
        free = [judge for judge in judges if judge.id not in taken]
        panels = {
            table.id: [by_id[key] for key in (*table.given, *added[table.id]) if key in by_id]
            for table in short
        }
        for table, judge in _assigned(short, free, panels, is_first=turn == 0):
            added[table].append(judge)
            taken.add(judge)
    return added


def _assigned(
    tables: Sequence[PanelTable],
    judges: Sequence[PanelJudgeState],
    panels: Mapping[int, Sequence[PanelJudgeState]],
    *,
    is_first: bool,
) -> list[tuple[int, int]]:
    if not tables or not judges:
        return []
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    best = max(judge.rating for judge in judges)
    costs = np.array(
        [
            [_cost(table, judge, panels[table.id], best if is_first else judge.rating) for judge in judges]
            for table in tables
        ],
        dtype=float,
    )
    rows, columns = linear_sum_assignment(costs)
    return [
        (tables[row].id, judges[column].id)
        for row, column in zip(rows, columns, strict=True)
        if costs[row, column] < FORBIDDEN
    ]


def _cost(table: PanelTable, judge: PanelJudgeState, panel: Sequence[PanelJudgeState], best: float) -> float:
    if table.teams & judge.barred:
        return FORBIDDEN
    seen = sum(judge.seen.get(team, 0) for team in table.teams)
    kin = sum(judge.institution is not None and other.institution == judge.institution for other in panel)
    return SEEN * seen + KIN * kin + LOAD * judge.load + RATING * (best - judge.rating)


def chair_of(judges: Collection[int], ratings: Mapping[int, float]) -> int | None:
    """The highest rated of a panel, the earliest among equals; None for an empty panel."""
    return max(judges, key=lambda judge: ratings.get(judge, 0.0), default=None)


def allocate_rooms(
    tables: Sequence[tuple[int, int]], rooms: Sequence[tuple[int, int | None]], taken: Collection[int] = ()
) -> dict[int, int]:
    """A room for each (table, people): the first of the rooms, in their order, that is free and large enough.

    The tables with the most people choose first among rooms of known capacity; a room of unknown capacity
    holds any table. Tables that fit nowhere are left out.
    """
    free = [room for room in rooms if room[0] not in taken]
    largest = max((people for _table, people in tables), default=0)
    if all(capacity is None or capacity >= largest for _room, capacity in free):
        return {table: room for (table, _people), (room, _capacity) in zip(tables, free, strict=False)}
    chosen: dict[int, int] = {}
    for table, people in sorted(tables, key=lambda pair: -pair[1]):
        fitting = [room for room in free if room[1] is None or room[1] >= people]
        if fitting:
            room = min(fitting, key=lambda place: place[1] if place[1] is not None else FORBIDDEN)
            chosen[table] = room[0]
            free.remove(room)
    return chosen


def seen_counts(
    panels: Sequence[tuple[Sequence[int], Sequence[int]]],
) -> tuple[dict[int, Counter[int]], Counter[int]]:
    """From earlier (judges, teams) of each table: how often each judge saw each team, and their tables."""
    seen: dict[int, Counter[int]] = defaultdict(Counter)
    load: Counter[int] = Counter()
    for judges, teams in panels:
        for judge in judges:
            seen[judge].update(teams)
            load[judge] += 1
    return dict(seen), load

"""Small draws solved exactly: the cheapest partition of the teams into tables, among all there are.

Tables cost independently of one another, so a draw is a set partition: every possible table is a column,
every team a row to be covered once (Balas and Padberg 1976). Up to 24 seats all four-team tables are
listed. Under `strict`, up to 48: only tables that can stand in a draw whose spread equals its bound are
listed, and one row more for each gap between points says that a single table straddles it, or none where
the teams above fill whole tables.
"""

from dataclasses import replace
from itertools import combinations, pairwise
from math import comb

import numpy as np
from numpy.typing import NDArray

from competition.draw.costs import Costs
from competition.draw.solvers import Cover, cheapest_cover
from competition.draw.world import Floats, Ints

MOST_SEATS = 24
MOST_SEATS_STRICT = 48
LARGEST_SURE = 1e6
"""Costs beyond this are outside what the solver's tolerances can tell apart, so nothing is claimed."""


def cheapest(seats: Ints, costs: Costs, *, is_strict: bool = False) -> tuple[Ints, bool]:
    """The cheapest draw of small worlds, or the given one where it is as cheap; and whether that is
    proved.
    """
    if costs.of(seats).sum() == 0:
        return seats, True
    if is_strict and seats.size <= MOST_SEATS_STRICT and not costs.world.is_vacant.any():
        return _strict(seats, costs)
    known = float(costs.of(seats).sum())
    if seats.size > MOST_SEATS or known > LARGEST_SURE:
        return seats, False
    tables = _fours(seats.size)
    value = _values(tables, costs)
    possible = value <= known
    tables, value = tables[possible], value[possible]
    return _answer(seats, tables, costs, _cover(tables, value, known, []))


def _strict(seats: Ints, costs: Costs) -> tuple[Ints, bool]:
    """The same among the draws whose spread equals its bound; nothing is claimed if the given one is none
    of them.
    """
    order = np.argsort(-costs.world.high, kind="stable")
    points = costs.world.high[order]
    gaps = np.flatnonzero(points[:-1] > points[1:]) + 1
    bound = sum(points[gap - 1] - points[gap] for gap in gaps if gap % 4)
    if not np.isclose(np.ptp(costs.world.high[seats], axis=1).sum(), bound):
        return seats, False
    tables = np.sort(_within(points), axis=1)
    crossed = [(tables[:, 0] < gap) & (tables[:, 3] >= gap) for gap in gaps if gap % 4]
    tables = order[tables]
    level = replace(costs, weights=replace(costs.weights, spread=0.0, square=0.0))
    known = float(level.of(seats).sum())
    value = _values(tables, level)
    kept = value <= known
    cover = _cover(tables[kept], value[kept], known, [line[kept] for line in crossed])
    return _answer(seats, tables[kept], costs, cover)


def _within(points: Floats) -> Ints:
    """All tables of four places of a sorted list that straddle no gap above which whole tables are full."""
    walls = [0, *(i for i in range(4, len(points), 4) if points[i - 1] > points[i]), len(points)]
    parts = [start + _fours(stop - start) for start, stop in pairwise(walls)]
    return np.concatenate(parts)


def _fours(n: int) -> Ints:
    flat = np.fromiter((i for four in combinations(range(n), 4) for i in four), np.int64, 4 * comb(n, 4))
    return flat.reshape(-1, 4)


def _values(tables: Ints, costs: Costs) -> Floats:
    """The cost of each table with its roles at their best, a part at a time to spare memory."""
    parts = np.array_split(tables, len(tables) // 20_000 + 1)
    return np.concatenate([costs.at_best(part) for part in parts])


def _cover(tables: Ints, value: Floats, known: float, crossed: list[NDArray[np.bool_]]) -> Cover:
    width = np.arange(len(tables))
    rows, columns = [tables.ravel()], [np.repeat(width, 4)]
    first = int(tables.max(initial=0)) + 1
    for extra, line in enumerate(crossed):
        rows.append(np.full(int(line.sum()), first + extra))
        columns.append(width[line])
    return cheapest_cover(np.concatenate(rows), np.concatenate(columns), value, known)


def _answer(seats: Ints, tables: Ints, costs: Costs, cover: Cover) -> tuple[Ints, bool]:
    if cover.chosen is None:
        return seats, cover.is_proved
    return costs.best_roles(tables[cover.chosen]), cover.is_proved

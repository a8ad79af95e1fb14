"""Shift tables for schedules: who meets whom when four groups of m turn against each other round after round.

In round t table k takes member k + a[g][t] of group g. Members x of g and y of h meet in round t exactly
when x - y = a[g][t] - a[h][t]; so no two teams meet twice when, for every pair of groups, the differences
of their shifts never repeat (a *difference matrix*: Colbourn and Dinitz, Handbook of Combinatorial Designs,
VI.17). Addition may be that of any commutative group of m elements.
"""

from collections import Counter
from functools import cache
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

Shifts = NDArray[np.int64]
PAIRS = tuple(combinations(range(4), 2))
STEPS_OF_SEARCH = 60_000

# The prime powers below 32 that are not prime, with x^n reduced to lower powers (lowest first).
FIELDS: dict[int, tuple[int, tuple[int, ...]]] = {
    4: (2, (1, 1)),
    8: (2, (1, 1, 0)),
    9: (3, (2, 0)),
    16: (2, (1, 1, 0, 0)),
    25: (5, (3, 0)),
    27: (3, (2, 1, 0)),
}


@cache
def addition(m: int) -> NDArray[np.int64]:
    """The table of addition of the group used for m members: GF(m) where `FIELDS` has it, otherwise modulo
    m.
    """
    if m not in FIELDS:
        cyclic: NDArray[np.int64] = (np.arange(m)[:, None] + np.arange(m)) % m
        return cyclic
    p, _ = FIELDS[m]
    total = np.zeros((m, m), dtype=np.int64)
    place = 1
    while place < m:
        digit = np.arange(m) // place % p
        total += place * ((digit[:, None] + digit) % p)
        place *= p
    return total


def negatives(m: int) -> NDArray[np.int64]:
    """For every element the one that adds up to 0 with it."""
    opposite: NDArray[np.int64] = np.argmin(addition(m), axis=1)
    return opposite


@cache
def shifts(m: int, rounds: int) -> Shifts:
    """The shifts a[g][t] (4 x rounds) with the fewest differences used twice; none at all where that is
    known.

    a[g][t] = g t serves when all products with 1, 2 and 3 differ; in a field of m elements it gives m
    rounds for every m >= 4. Otherwise a search over the group finds as many rounds as it can, and beyond
    them repeats.
    """
    if m not in FIELDS:
        straight = np.outer(np.arange(4), np.arange(rounds)) % m
        if repeats(straight, m) == 0:
            return straight
    elif rounds <= m:
        return np.array([[_times(g, t, m) for t in range(rounds)] for g in range(4)], dtype=np.int64)
    return _searched(m, rounds)


def repeats(table: Shifts, m: int) -> int:
    """How many differences are used more than once, over the six pairs of groups: pairs that repeat, per
    member.
    """
    return sum(n > 1 for n in _uses(table, m))


def _uses(table: Shifts, m: int) -> list[int]:
    """How often each difference is used."""
    add, minus = addition(m), negatives(m)
    counts = (Counter(add[table[g], minus[table[h]]].tolist()) for g, h in PAIRS)
    return [n for count in counts for n in count.values()]


def _times(a: int, b: int, m: int) -> int:
    """Multiplication in GF(m), elements written as polynomials with digits to the base p."""
    p, reduction = FIELDS[m]
    size = len(reduction)
    left, right = ([x // p**i % p for i in range(size)] for x in (a, b))
    digits = [0] * (2 * size - 1)
    for (i, x), (j, y) in product(enumerate(left), enumerate(right)):
        digits[i + j] += x * y
    for top in range(2 * size - 2, size - 1, -1):
        for i, r in enumerate(reduction):
            digits[top - size + i] += digits[top] * r
    return sum(digit % p * p**i for i, digit in enumerate(digits[:size]))


def _searched(m: int, rounds: int) -> Shifts:
    """Depth-first over the rounds; when the steps run out, the deepest clean start is filled up greedily."""
    add, minus = addition(m).tolist(), negatives(m).tolist()
    used: list[set[int]] = [set() for _ in PAIRS]
    deepest: list[tuple[int, ...]] = []
    columns: list[tuple[int, ...]] = []
    steps = 0

    def differences(column: tuple[int, ...]) -> list[int]:
        return [add[column[g]][minus[column[h]]] for g, h in PAIRS]

    def descend() -> bool:
        nonlocal steps, deepest
        if len(columns) > len(deepest):
            deepest = list(columns)
        if len(columns) == rounds:
            return True
        for column in _columns(m, columns):
            steps += 1
            if steps > STEPS_OF_SEARCH:
                return False
            apart = differences(column)
            if any(d in seen for d, seen in zip(apart, used, strict=True)):
                continue
            columns.append(column)
            for d, seen in zip(apart, used, strict=True):
                seen.add(d)
            if descend():
                return True
            columns.pop()
            for d, seen in zip(apart, used, strict=True):
                seen.remove(d)
        return False

    descend()
    return _filled(deepest, m, rounds)


def _columns(m: int, columns: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Candidates for the next round: group 0 stands still, group 1 moves on by one, 2 and 3 are free."""
    t = len(columns)
    if t == 0:
        return [(0, 0, 0, 0)]
    second = [t % m] if t < m else list(range(m))
    third = [(2 * t + i) % m for i in range(m)]
    fourth = [(3 * t + i) % m for i in range(m)]
    return [(0, a, b, c) for a, b, c in product(second, third, fourth)]


def _filled(columns: list[tuple[int, ...]], m: int, rounds: int) -> Shifts:
    """Adds rounds until there are enough, each the one that repeats the fewest pairs, none of them over and
    over.
    """
    columns = list(columns)
    most = max(3, -(-rounds // m) + 1)

    def badness(column: tuple[int, ...]) -> tuple[int, int]:
        table = np.array([*columns, column], dtype=np.int64).T
        uses = _uses(table, m)
        return sum(max(0, n - most) for n in uses), sum(n > 1 for n in uses)

    if m > 40:
        columns += [(0, t % m, 2 * t % m, 3 * t % m) for t in range(len(columns), rounds)]
    while len(columns) < rounds:
        options = [(0, *rest) for rest in product(range(m), repeat=3)] if m <= 6 else _columns(m, columns)
        columns.append(min(options, key=badness))
    return np.array(columns, dtype=np.int64).T

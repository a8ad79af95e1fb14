"""Which cards show which filter value, as one bit a card: what lets a page count every value in a millisecond (pure).

A card's bit is its profile's key. Bits are packed 64 to a number; a value is one row of them. Nothing here knows
where cards come from, nor who may see them: that is a row of bits like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from talent_pool.search.order import SHUFFLE_BITS

Bits = NDArray[np.uint64]
Keys = NDArray[np.int64]
ONE = np.uint64(1)


class CardBits:
    """Facet values, the day of confirmation and the seed of every listed card."""

    def __init__(self) -> None:
        self.listed: Bits = np.zeros(1, np.uint64)
        self.rows: dict[tuple[str, str], int] = {}
        self.of_facet: dict[str, list[int]] = {}
        self.table: Bits = np.zeros((0, 1), np.uint64)
        self.days: NDArray[np.uint64] = np.zeros(64, np.uint64)
        self.seeds: NDArray[np.uint64] = np.zeros(64, np.uint64)

    def put(self, key: int, values: Iterable[tuple[str, str]], day: int, seed: int) -> None:
        """Take in a card, or what became of it."""
        self.reserve(key)
        self.drop(key)
        word, bit = key // 64, ONE << np.uint64(key % 64)
        self.listed[word] |= bit
        rows = [self._row(value) for value in values]
        self.table[rows, word] |= bit
        self.days[key], self.seeds[key] = day, seed

    def drop(self, key: int) -> None:
        """Forget a card."""
        if key >= self.size:
            return
        word, keep = key // 64, ~(ONE << np.uint64(key % 64))
        self.listed[word] &= keep
        self.table[:, word] &= keep

    @property
    def size(self) -> int:
        """Keys below this have a place."""
        return len(self.listed) * 64

    def reserve(self, key: int) -> None:
        """Make room for a key, and some more."""
        if key < self.size:
            return
        words = max(key // 64 + 1, len(self.listed) * 5 // 4)
        more = words - len(self.listed)
        self.listed = np.pad(self.listed, (0, more))
        self.table = np.pad(self.table, ((0, 0), (0, more)))
        self.days, self.seeds = (np.pad(array, (0, more * 64)) for array in (self.days, self.seeds))

    def _row(self, value: tuple[str, str]) -> int:
        """The row of a value; the table grows when it is the first of its kind."""
        if value not in self.rows:
            self.rows[value] = len(self.rows)
            self.of_facet.setdefault(value[0], []).append(self.rows[value])
            if len(self.rows) > len(self.table):
                self.table = np.pad(self.table, ((0, len(self.table) + 16), (0, 0)))
        return self.rows[value]

    def bits_of(self, keys: Keys) -> Bits:
        """The bits of these keys; keys without a place are left out."""
        flags = np.zeros(self.size, np.uint8)
        flags[keys[keys < self.size]] = 1
        return np.packbits(flags, bitorder="little").view(np.uint64)

    def keys_of(self, bits: Bits) -> Keys:
        """The keys of these bits, ascending."""
        return np.flatnonzero(np.unpackbits(bits.view(np.uint8), bitorder="little"))

    def choosing(self, facet: str, values: Sequence[str]) -> Bits:
        """The cards that show at least one of the values."""
        found = np.zeros_like(self.listed)
        for value in values:
            if (row := self.rows.get((facet, value))) is not None:
                found |= self.table[row]
        return found

    def counts(self, base: Bits, filters: Mapping[str, Sequence[str]]) -> dict[str, dict[str, int]]:
        """For each facet how many cards of `base` show each value, under the filters of all other facets."""
        chosen = {facet: self.choosing(facet, values) for facet, values in filters.items() if values}
        numbers = self._numbers(slice(len(self.rows)), self._under(base, chosen.values()))
        for facet in chosen:
            own = self.of_facet.get(facet, [])
            others = [bits for name, bits in chosen.items() if name != facet]
            numbers[own] = self._numbers(own, self._under(base, others))
        found: dict[str, dict[str, int]] = {}
        for ((facet, value), _row), number in zip(self.rows.items(), numbers.tolist(), strict=True):
            if number:
                found.setdefault(facet, {})[value] = number
        return found

    def filtered(self, base: Bits, filters: Mapping[str, Sequence[str]]) -> Bits:
        """The cards of `base` that pass every filter."""
        return self._under(
            base, (self.choosing(facet, values) for facet, values in filters.items() if values)
        )

    def first(self, bits: Bits, headline: Bits, today: int, *, offset: int, limit: int) -> list[int]:
        """One page of keys in the order of talent_pool.search.order."""
        if limit <= 0:
            return []
        keys = self.keys_of(bits)
        ranks = self._ranks(keys, headline, today)
        wanted = min(offset + limit, len(keys))
        if wanted < len(keys):
            best = np.argpartition(ranks, len(keys) - wanted)[len(keys) - wanted :]
            keys, ranks = keys[best], ranks[best]
        in_order = np.argsort(ranks, kind="stable")[::-1]
        page: list[int] = keys[in_order[offset : offset + limit]].tolist()
        return page

    def _ranks(self, keys: Keys, headline: Bits, today: int) -> NDArray[np.uint64]:
        """`order.sort_key` of many cards at once."""
        shuffled = _mixed(self.seeds[keys] ^ _mixed(np.array([today], np.uint64))) >> np.uint64(
            64 - SHUFFLE_BITS
        )
        flags = np.unpackbits(headline.view(np.uint8), bitorder="little")[keys].astype(np.uint64)
        return flags << np.uint64(63) | self.days[keys] << np.uint64(SHUFFLE_BITS) | shuffled

    def _numbers(self, rows: slice | list[int], base: Bits) -> NDArray[np.int64]:
        return np.bitwise_count(self.table[rows] & base).sum(axis=1, dtype=np.int64)

    @staticmethod
    def _under(base: Bits, conditions: Iterable[Bits]) -> Bits:
        for condition in conditions:
            base = base & condition
        return base


def count(bits: Bits) -> int:
    """How many bits are set."""
    return int(np.bitwise_count(bits).sum())


def _mixed(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """`order.mixed` of many numbers at once: numpy's numbers wrap around at 64 bits by themselves."""
    numbers = numbers + np.uint64(0x9E3779B97F4A7C15)
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))

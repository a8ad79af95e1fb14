"""The order of cards: hits in the headline first, then those confirmed last, then a shuffle of the day (pure).

Nobody is scored. The shuffle is the same for everybody on one day and another one tomorrow.
"""

from __future__ import annotations

import hashlib
from datetime import date

FIRST_DAY = date(2000, 1, 1).toordinal()
SHUFFLE_BITS = 47
DAY_BITS = 16
MASK = (1 << 64) - 1


def seed_of(handle: str) -> int:
    """A number of 63 bits that stands for a card in every day's shuffle."""
    return int.from_bytes(hashlib.blake2b(handle.encode(), digest_size=8).digest(), "big") >> 1


def day_number(day: date) -> int:
    """Days since 2000, within the bits there are."""
    return min(max(day.toordinal() - FIRST_DAY, 0), (1 << DAY_BITS) - 1)


def mixed(number: int) -> int:
    """A number of 64 bits that looks like chance (the finaliser of SplitMix64, Steele, Lea and Flood 2014)."""
    number = (number + 0x9E3779B97F4A7C15) & MASK
    number = ((number ^ (number >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    number = ((number ^ (number >> 27)) * 0x94D049BB133111EB) & MASK
    return number ^ (number >> 31)


def sort_key(*, is_in_headline: bool, confirmed_on: date, seed: int, today: date) -> int:
    """The larger comes first."""
    shuffled = mixed(seed ^ mixed(day_number(today)))
    key = day_number(confirmed_on) << SHUFFLE_BITS | shuffled >> (64 - SHUFFLE_BITS)
    return key | int(is_in_headline) << 63

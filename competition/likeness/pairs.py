"""What is found: two entries and why they may be one; and whether two words differ by one letter."""

from typing import NamedTuple

MOST_IN_GROUP = 40
"""Entries that share a key with more others than this are not compared: the key says nothing."""


class Pair(NamedTuple):
    """Two entries by their places, the earlier one first, and why they may be one."""

    first: int
    second: int
    why: str


def within_one_edit(first: str, second: str) -> bool:
    """Whether one letter added, left out, exchanged or swapped with its neighbour makes one word of the other."""
    if first == second:
        return True
    if abs(len(first) - len(second)) > 1:
        return False
    start = 0
    while start < min(len(first), len(second)) and first[start] == second[start]:
        start += 1
    a, b = first[start:], second[start:]
    if len(a) == len(b):
        return a[1:] == b[1:] or (len(a) > 1 and a[:2] == b[1::-1] and a[2:] == b[2:])
    return a[1:] == b if len(a) > len(b) else a == b[1:]

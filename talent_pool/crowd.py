"""How many people with public results a card could belong to, and showing less until they are enough (pure)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from talent_pool.cards import Record

ENOUGH = 5
"""Below so many public people the card shows less, unless its person says otherwise."""
NOTHING_KNOWN: dict[str, Any] = {"roles": [], "years": "", "tiers": [], "band": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Coarsened:
    """What is left of a record, how many public people match it, how many matched the whole, and what was left off."""

    record: Record
    matches: int
    matched_before: int
    left_off: tuple[str, ...] = ()


def count_matching(record: Record, crowd: Iterable[Record]) -> int:
    """How many of the crowd have everything that the record shows."""
    return sum(fits(public, record) for public in crowd)


def fits(public: Record, shown: Record) -> bool:
    """Whether somebody with the `public` record could be the person behind what is shown."""
    return (
        all(any(_covers(one, line) for one in public.results) for line in shown.results)
        and all(line in public.team_evidence for line in shown.team_evidence)
        and all(line in public.own_evidence for line in shown.own_evidence)
    )


def coarsened(record: Record, crowd: Sequence[Record]) -> Coarsened:
    """The record with one kind of detail after the other left off, until enough public people match it."""
    before = matches = count_matching(record, crowd)
    left_off: list[str] = []
    for name, step in STEPS:
        if matches >= ENOUGH or not _shows_anything(record):
            break
        less = step(record)
        if less != record:
            record, matches = less, count_matching(less, crowd)
            left_off.append(name)
    return Coarsened(record=record, matches=matches, matched_before=before, left_off=tuple(left_off))


def _covers(public: dict[str, Any], line: dict[str, Any]) -> bool:
    return (
        set(line["roles"]) <= set(public["roles"])
        and line["years"] in ("", public["years"])
        and set(line["tiers"]) <= set(public["tiers"])
        and line["band"] in ("", public["band"])
    )


def _without(name: str) -> Callable[[Record], Record]:
    def step(record: Record) -> Record:
        lines = [{**line, name: NOTHING_KNOWN[name]} for line in record.results]
        kept = [line for line in lines if any(line[key] for key in NOTHING_KNOWN)]
        return replace(record, results=tuple(kept))

    return step


def _shows_anything(record: Record) -> bool:
    return bool(record.results or record.team_evidence or record.own_evidence)


STEPS: tuple[tuple[str, Callable[[Record], Record]], ...] = (
    ("own_evidence", lambda record: replace(record, own_evidence=())),
    ("team_evidence", lambda record: replace(record, team_evidence=())),
    ("tiers", _without("tiers")),
    ("band", _without("band")),
    ("years", _without("years")),
    ("roles", _without("roles")),
)
"""What is left off first: what tells most about one person."""

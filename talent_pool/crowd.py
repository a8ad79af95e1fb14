"""How many people with public results a card could belong to, and showing less until they are enough (pure)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from talent_pool.cards import Record

ENOUGH = 5
"""Below so many public people the card shows less, unless its person says otherwise."""
NOTHING_KNOWN: dict[str, Any] = {"roles": [], "years": "", "tiers": [], "band": ""}
NUMBERS = ("agreed", "issues", "signatures", "of", "sheets", "judges")
"""What of a line of evidence is a count; 0 says nothing."""
EVIDENCE = ("team_evidence", "own_evidence")
IN_ORDER = ("years", "numbers", "tiers", "band", "own_evidence", "team_evidence", "roles")
"""What is left off, the least loss to an employer first. Of evidence single lines go, those first that fewest share."""
Loss = tuple[str, int]
"""A name of IN_ORDER and, for evidence, the line's place in the whole record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coarsened:
    """What is left of a record, how many public people match it, how many matched the whole, and what was left off."""

    record: Record
    matches: int
    matched_before: int
    losses: tuple[Loss, ...] = ()

    @property
    def left_off(self) -> tuple[str, ...]:
        """Names of IN_ORDER, those of evidence once a line."""
        return tuple(name for name, _place in self.losses)


class Crowd:
    """Public people, and which of them show a line: one bit a person, found out once a line."""

    def __init__(self, people: Iterable[Record]) -> None:
        self.people = list(people)
        self._known: dict[tuple[str, str], int] = {}

    def count(self, record: Record) -> int:
        """How many have everything that the record shows."""
        found = (1 << len(self.people)) - 1
        for kind, covers in COVERS.items():
            for line in getattr(record, kind):
                found &= self._showing(kind, line, covers)
        return found.bit_count()

    def count_line(self, kind: str, line: dict[str, Any]) -> int:
        """How many show this line."""
        return self._showing(kind, line, COVERS[kind]).bit_count()

    def _showing(self, kind: str, line: dict[str, Any], covers: Covers) -> int:
        key = (kind, repr(sorted(line.items())))
        if key not in self._known:
            bits = 0
            for place, public in enumerate(self.people):
                if any(covers(one, line) for one in getattr(public, kind)):
                    bits |= 1 << place
            self._known[key] = bits
        return self._known[key]


def count_matching(record: Record, crowd: Iterable[Record]) -> int:
    """How many of the crowd have everything that the record shows."""
    return Crowd(crowd).count(record)


def coarsened(record: Record, people: Sequence[Record]) -> Coarsened:
    """The record without as much as it takes for enough public people to match it, and without nothing more.

    One detail after the other goes, the least loss first; what then turns out to be no help comes back, the greatest
    loss first.
    """
    crowd = Crowd(people)
    before = matches = crowd.count(record)
    lost: list[Loss] = []
    for loss in _losses(record, crowd):
        if matches >= ENOUGH:
            break
        if (fewer := without(record, [*lost, loss])) != without(record, lost):
            lost, matches = [*lost, loss], crowd.count(fewer)
    for loss in reversed(lost):
        rest = [one for one in lost if one != loss]
        if (more := crowd.count(without(record, rest))) >= ENOUGH:
            lost, matches = rest, more
    return Coarsened(
        record=without(record, lost),
        matches=matches,
        matched_before=before,
        losses=tuple(lost),
    )


def without(record: Record, losses: Sequence[Loss]) -> Record:
    """What is left of a record."""
    names = {name for name, _place in losses}
    gone = {name: NOTHING_KNOWN[name] for name in names & NOTHING_KNOWN.keys()}
    results = [{**line, **gone} for line in record.results]
    evidence = {
        kind: tuple(
            _rounded(line) if "numbers" in names else line
            for place, line in enumerate(getattr(record, kind))
            if (kind, place) not in losses
        )
        for kind in EVIDENCE
    }
    shown = tuple(line for line in results if any(line[key] for key in NOTHING_KNOWN))
    return replace(record, results=shown, **evidence)


def _losses(record: Record, crowd: Crowd) -> list[Loss]:
    """Everything that could be left off, the least loss first."""
    return [(name, place) for name in IN_ORDER for place in _places(name, record, crowd)]


def _places(name: str, record: Record, crowd: Crowd) -> list[int]:
    """The lines of a kind of evidence, those first that fewest people show; a single place for everything else."""
    if name not in EVIDENCE:
        return [0]
    lines = [_rounded(line) for line in getattr(record, name)]
    return sorted(range(len(lines)), key=lambda place: crowd.count_line(name, lines[place]))


def _rounded(line: dict[str, Any]) -> dict[str, Any]:
    return {key: 0 if key in NUMBERS else value for key, value in line.items()}


def _covers_result(public: dict[str, Any], line: dict[str, Any]) -> bool:
    return (
        set(line["roles"]) <= set(public["roles"])
        and line["years"] in ("", public["years"])
        and set(line["tiers"]) <= set(public["tiers"])
        and line["band"] in ("", public["band"])
    )


def _covers_evidence(public: dict[str, Any], line: dict[str, Any]) -> bool:
    return all(value == public.get(key) for key, value in line.items() if value or key not in NUMBERS)


Covers = Callable[[dict[str, Any], dict[str, Any]], bool]
COVERS: dict[str, Covers] = {
    "results": _covers_result,
    "team_evidence": _covers_evidence,
    "own_evidence": _covers_evidence,
}

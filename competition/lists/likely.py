"""What in a list is probably the same as something else in it, or as something the edition has already."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from competition.likeness.folding import plain
from competition.likeness.institutions import alike_institutions
from competition.likeness.people import alike_people
from competition.lists.entries import Entries, InstitutionEntry, PersonEntry

SUGGESTED = {"same": "merge", "script": "merge", "order": "keep", "slip": "keep", "address": "keep"}
FOR_PEOPLE = {**SUGGESTED, "order": "merge"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What the edition has: an institution, or a person with the institution they belong to."""

    id: int
    name: str
    name_local: str
    country: str = ""
    contact: str = ""
    institution: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side of a proposal as it is shown: names, and the row it stands in (0: stored already)."""

    mark: str
    name: str
    name_local: str
    row: int
    more: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Two entries that may be one. `key` names the decision; `suggested` is merge or keep."""

    key: str
    thing: str
    why: str
    first: Side
    second: Side
    suggested: str


def proposal_key(thing: str, first: str, second: str) -> str:
    """A stable name for the question whether two things are one."""
    return hashlib.sha256("\x1f".join((thing, *sorted((first, second)))).encode()).hexdigest()[:16]


def _proposal(thing: str, why: str, first: Side, second: Side) -> Proposal:
    suggested = (SUGGESTED if thing == "institution" else FOR_PEOPLE)[why]
    key = proposal_key(thing, first.mark, second.mark)
    return Proposal(key=key, thing=thing, why=why, first=first, second=second, suggested=suggested)


def exact_institution(entry: InstitutionEntry, stored: Sequence[Stored]) -> Stored | None:
    """The stored institution that is spelt the same, case and accents aside."""
    names = {plain(name) for name in (entry.name, entry.name_local, entry.code) if name}
    return next((row for row in stored if names & {plain(row.name), plain(row.name_local)} - {""}), None)


def likely_institutions(entries: Entries, stored: Sequence[Stored]) -> list[Proposal]:
    """Institutions of the list that may be one another, or one of those stored."""
    listed = [each for each in entries.institutions.values() if exact_institution(each, stored) is None]
    sides = [
        *(Side(mark=f"#{row.id}", name=row.name, name_local=row.name_local, row=0, more=row.country) for row in stored),
        *(Side(mark=plain(e.name), name=e.name, name_local=e.name_local, row=e.row, more=e.country) for e in listed),
    ]  # fmt: skip
    pairs = alike_institutions([(side.name, side.name_local) for side in sides])
    return [
        _proposal("institution", pair.why, sides[pair.first], sides[pair.second])
        for pair in pairs
        if pair.second >= len(stored) and sides[pair.first].mark != sides[pair.second].mark
    ]


def likely_people(
    thing: str,
    people: Sequence[tuple[PersonEntry, str]],
    stored: Sequence[Stored],
    homes: Mapping[str, object],
) -> list[Proposal]:
    """People of one institution whose names are alike, or who share an address; each comes with their institution.

    `homes` says which institution a name of the list stands for, so that two spellings of one are one home.
    """
    sides = [
        *(Side(mark=f"#{row.id}", name=row.name, name_local=row.name_local, row=0, more=row.contact) for row in stored),
        *(Side(mark=p.place, name=p.name, name_local=p.name_local, row=p.row, more=p.contact) for p, _home in people),
    ]  # fmt: skip
    home = [*(row.institution for row in stored), *(homes.get(name) if name else None for _p, name in people)]
    found: dict[tuple[int, int], str] = {}
    for pair in alike_people([(side.name, side.name_local) for side in sides]):
        if home[pair.first] == home[pair.second] or None in (home[pair.first], home[pair.second]):
            found[pair.first, pair.second] = pair.why
    by_address: dict[str, int] = {}
    for place, side in enumerate(sides):
        if side.more:
            first = by_address.setdefault(side.more, place)
            if first != place:
                found.setdefault((first, place), "address")
    return [
        _proposal(thing, why, sides[first], sides[second])
        for (first, second), why in sorted(found.items())
        if second >= len(stored)
    ]

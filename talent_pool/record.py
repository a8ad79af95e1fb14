"""What released results put on people's cards, line by line: one person's own lines, and everybody's as the crowd."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from competition.cases.public import read_cases
from competition.resolutions.public import ResolutionFacts, resolutions_of_teams
from competition.rounds.public import round_facts
from core.db import utc_now
from core.revisions import current
from judging.public import (
    CriterionEvidence,
    ReleasedEdition,
    ReleasedPart,
    criterion_evidence,
    released_editions,
    released_parts,
)
from talent_pool.cards import Record, result_line

KINDS = ("results", "team_evidence", "own_evidence")
BANDS = {1: "top_third", 2: "middle_third"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line that a card may show. `key` names it among the pieces that can be hidden, `edition` is for its owner."""

    key: str
    kind: str
    edition: str
    edition_zh: str
    line: dict[str, Any]


Evidence = dict[tuple[str, int], list[CriterionEvidence]]
Settled = dict[tuple[int, int], ResolutionFacts]
_evidence: dict[int, tuple[object, Evidence]] = {}
_crowds: dict[int, tuple[object, list[tuple[tuple[str, int], list[Line]]]]] = {}
"""By edition, with the key under which they hold: the same standings are published, and nothing was changed since."""


def lines_of(person_id: int) -> list[Line]:
    """Everything a person's released results could show, newest edition first."""
    return [
        line
        for edition in released_editions(person_id)
        for line in _lines_in(edition, released_parts(edition.edition_id, person_id))
    ]


def record_of(lines: Collection[Line], hidden: Collection[str]) -> Record:
    """The lines that are shown."""
    shown = [line for line in lines if line.key not in hidden]
    return Record(**{kind: tuple(line.line for line in shown if line.kind == kind) for kind in KINDS})


def crowd() -> list[Record]:
    """Everybody with public results: one record a person, or a delegate whom no account was claimed for."""
    editions = released_editions()
    for gone in _crowds.keys() - {edition.edition_id for edition in editions}:
        del _crowds[gone]
    people: dict[tuple[str, int], list[Line]] = {}
    for edition in editions:
        for who, lines in _crowd_of(edition):
            people.setdefault(who, []).extend(lines)
    return [record_of(lines, ()) for lines in people.values()]


def _crowd_of(edition: ReleasedEdition) -> list[tuple[tuple[str, int], list[Line]]]:
    key = (edition.key, current(f"edition:{edition.edition_id}"))
    known = _crowds.get(edition.edition_id)
    if known is None or known[0] != key:
        found = list(_lines_by_part(edition, released_parts(edition.edition_id)))
        known = _crowds[edition.edition_id] = (key, found)
    return known[1]


def _lines_in(edition: ReleasedEdition, parts: list[ReleasedPart]) -> list[Line]:
    return [line for _whose, lines in _lines_by_part(edition, parts) for line in lines]


def _lines_by_part(
    edition: ReleasedEdition, parts: list[ReleasedPart]
) -> Iterator[tuple[tuple[str, int], list[Line]]]:
    titles, evidence = _titles(edition), _evidence_of(edition)
    settled = _settled(edition, sorted({part.team_id for part in parts}))
    for part in parts:
        yield _who(part), _lines(part, titles, evidence, settled)


def _settled(edition: ReleasedEdition, teams: list[int]) -> Settled:
    """(round's number, team) -> what its table settled."""
    numbers = {facts.id: facts.number for facts in round_facts(edition.edition_id)}
    found = resolutions_of_teams(teams)
    return {
        (numbers[round_id], team): facts for (round_id, team), facts in found.items() if round_id in numbers
    }


def _who(part: ReleasedPart) -> tuple[str, int]:
    return ("person", part.person_id) if part.person_id is not None else ("delegate", part.delegate_id)


def _evidence_of(edition: ReleasedEdition) -> Evidence:
    known = _evidence.get(edition.edition_id)
    if known is None or known[0] != edition.key:
        found = criterion_evidence(edition.edition_id, edition.after_round)
        known = _evidence[edition.edition_id] = (edition.key, found)
    return known[1]


def _titles(edition: ReleasedEdition) -> dict[int, tuple[str, str]]:
    cases = read_cases(edition.edition_id, utc_now())
    return {number: (case.title, case.title_zh) for number, case in cases.items()}


def _lines(
    part: ReleasedPart,
    titles: dict[int, tuple[str, str]],
    evidence: Evidence,
    settled: Settled,
) -> list[Line]:
    slug = part.result.edition_slug
    found = [("results", f"results:{slug}", result_line(part.result))]
    for number, role in part.rounds:
        if number in titles:
            line = case_line(role, titles[number], settled.get((number, part.team_id)))
            found.append(("team_evidence", f"team:{slug}.{number}", line))
    for kind, name, subject in (
        ("team_evidence", "team", ("team", part.team_id)),
        ("own_evidence", "own", ("delegate", part.delegate_id)),
    ):
        found += [(kind, f"{name}:{slug}.{one.code}", mark_line(one)) for one in evidence.get(subject, ())]
    names = (part.result.edition, part.result.edition_zh)
    return [
        Line(key=key[:180], kind=kind, edition=names[0], edition_zh=names[1], line=line)
        for kind, key, line in found
    ]


def case_line(role: str, title: tuple[str, str], settled: ResolutionFacts | None = None) -> dict[str, Any]:
    """A case that the team negotiated, in which role, and what its table agreed; counts only, never terms."""
    return {
        "role": role,
        "case": title[0],
        "case_zh": title[1],
        "agreed": settled.agreed if settled else 0,
        "issues": settled.total if settled else 0,
        "signatures": settled.signatures if settled else 0,
    }


def mark_line(one: CriterionEvidence) -> dict[str, Any]:
    """A skill that judges marked, as a third of the field."""
    return {
        "criterion": one.criterion,
        "criterion_zh": one.criterion_zh,
        "band": BANDS[one.third],
        "of": one.of,
        "sheets": one.sheets,
        "judges": one.judges,
    }

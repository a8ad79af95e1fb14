"""What a person's released results put on their card, line by line, and which lines they keep off it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from judging.public import released_results_of_person
from talent_pool.cards import Record, result_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line that a card may show. `key` names it among the pieces that can be hidden, `edition` is for its owner."""

    key: str
    kind: str
    edition: str
    edition_zh: str
    line: dict[str, Any]


def lines_of(person_id: int) -> list[Line]:
    """Everything a person's released results could show, newest edition first."""
    return [
        Line(
            key=f"results:{result.edition_slug}",
            kind="results",
            edition=result.edition,
            edition_zh=result.edition_zh,
            line=result_line(result),
        )
        for result in released_results_of_person(person_id)
    ]


def record_of(lines: Collection[Line], hidden: Collection[str]) -> Record:
    """The lines that are shown."""
    shown = [line for line in lines if line.key not in hidden]
    return Record(
        results=tuple(line.line for line in shown if line.kind == "results"),
        team_evidence=tuple(line.line for line in shown if line.kind == "team_evidence"),
        own_evidence=tuple(line.line for line in shown if line.kind == "own_evidence"),
    )

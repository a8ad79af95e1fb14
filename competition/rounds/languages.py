"""The working languages of an edition and of its panels.

No table says which languages are spoken at it; what is known is the edition's. With one working language everybody
who marks has to speak it. With several, a panel needs for each of them one judge who speaks it. Whoever has said
nothing of languages is taken to speak them all, and trainees do not count.
"""

from __future__ import annotations

from collections.abc import Iterable

from competition.editions.public import get_edition_by_id
from competition.rounds.facts import TableFacts
from competition.rounds.field import FieldJudge
from core.languages import spoken_codes


def working_languages(edition_id: int) -> frozenset[str]:
    """The languages of an edition; empty where it says none."""
    return spoken_codes(get_edition_by_id(edition_id).languages)


def unspoken_by(judges: Iterable[FieldJudge], languages: frozenset[str]) -> tuple[str, ...]:
    """The languages that none of these judges speaks; none where nobody judges yet."""
    spoken = [judge.languages for judge in judges]
    if not spoken or not all(spoken):
        return ()
    return tuple(sorted(languages - frozenset().union(*spoken)))


def voting_judges(table: TableFacts, judges: dict[int, FieldJudge]) -> list[FieldJudge]:
    """The judges of a table whose marks count."""
    return [
        judges[place.judge_id]
        for place in table.panel
        if place.position != "trainee" and place.judge_id in judges
    ]

"""What a judge says about where and when they can judge, kept as the facts that panels are filled from."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from competition.editions.public import Edition, rooms_of
from competition.entries.public import Judge, save_judge_profile
from competition.rounds.facts import RoundFacts
from competition.rounds.queries import round_facts
from competition.rounds.services.absences import absences_of, set_absence
from core.access import Actor
from core.localised import N_

SAID_SO = N_("The judge cannot come.")


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedRound:
    """A round that a judge may say no to; `day` where it has a time."""

    facts: RoundFacts
    day: date | None
    is_off: bool


def rounds_for(edition: Edition, judge: Judge) -> list[OfferedRound]:
    """The rounds whose draw is not released yet, with what the judge has said about each."""
    zone = ZoneInfo(edition.timezone)
    return [
        OfferedRound(
            facts=facts,
            day=facts.starts_at.astimezone(zone).date() if facts.starts_at else None,
            is_off=any(one.kind == "judge" and one.subject_id == judge.id for one in absences_of(facts.id)),
        )
        for facts in round_facts(edition.id)
        if not facts.is_released
    ]


def sites_to_choose(edition_id: int) -> list[str]:
    """The sites of the edition's rooms by name."""
    return sorted({room.site for room in rooms_of(edition_id) if room.site})


def say(
    *,
    actor: Actor,
    edition: Edition,
    judge: Judge,
    version: int,
    values: Mapping[str, str],
    days_off: Collection[date],
    rounds_off: Collection[int],
    conflicts: Sequence[str],
) -> None:
    """Keep what a judge says; `rounds_off` are numbers of rounds that are still to be released."""
    save_judge_profile(
        actor=actor,
        edition=edition,
        judge=judge,
        version=version,
        values=values,
        days_off=days_off,
        conflicts=conflicts,
    )
    for one in rounds_for(edition, judge):
        is_off = one.facts.number in rounds_off
        if is_off != one.is_off:
            set_absence(
                actor=actor,
                round_id=one.facts.id,
                kind="judge",
                public_id=judge.public_id,
                is_absent=is_off,
                reason=SAID_SO,
            )

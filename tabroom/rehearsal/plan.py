"""What comes next in a rehearsal, read from what is there: killed anywhere, it goes on where it was."""

from __future__ import annotations

from dataclasses import dataclass

from competition.editions.public import Edition, break_rules_of
from competition.rounds.public import RoundFacts, field_teams, live_results, round_facts, tables_of_draw
from judging.public import find_break, has_sheet_of_tables, owed_judges

ROLES_BY_LOT, DRAFT, RELEASE, SHEETS, LATE, CONFIRM, BREAK, SEAT = (
    "roles", "draft", "release", "sheets", "late", "confirm", "break", "seat",
)  # fmt: skip
OF_A_ROUND = (DRAFT, RELEASE, SHEETS, LATE, CONFIRM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to do, in a round where it belongs to one."""

    name: str
    facts: RoundFacts | None = None


def next_step(edition: Edition) -> Step | None:
    """The next step; None when everything is played."""
    if edition.role_policy == "fixed" and any(
        team.role is None and team.status == "registered" for team in field_teams(edition.id)
    ):
        return Step(name=ROLES_BY_LOT)
    for facts in round_facts(edition.id):
        if facts.has_results:
            continue
        if not facts.is_preliminary and find_break(edition.id) is None and break_rules_of(edition.id):
            return Step(name=BREAK)
        return Step(name=_of_round(facts), facts=facts)
    return None


def _of_round(facts: RoundFacts) -> str:
    if facts.draw_id is None:
        return DRAFT if facts.is_preliminary else SEAT
    if not facts.is_released:
        return RELEASE
    tables = tables_of_draw(facts.draw_id)
    keys = [table.id for table in tables]
    if len(live_results(facts.draw_id)) == len(keys):
        return CONFIRM
    if not has_sheet_of_tables(keys):
        return SHEETS
    return LATE if owed_judges(keys) else CONFIRM


def steps_in_all(edition: Edition) -> int:
    """About how many steps a whole rehearsal has, for the bar that shows how far it is."""
    return len(OF_A_ROUND) * max(1, len(round_facts(edition.id))) + 1


def steps_done(edition: Edition) -> int:
    """How many of them are behind it."""
    rounds = round_facts(edition.id)
    done = sum(len(OF_A_ROUND) for facts in rounds if facts.has_results)
    step = next_step(edition)
    if step is not None and step.name in OF_A_ROUND:
        done += OF_A_ROUND.index(step.name)
    return done

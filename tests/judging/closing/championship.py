"""A small championship whose preliminary rounds are played: teams, results as given, sizes of the break."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from competition.editions.models import BreakRule, Edition
from competition.entries.models import Team
from competition.rounds.models import Draw, Round
from competition.rounds.public import RecordedPlace, record_result, tables_of_draw
from core.access import Actor
from core.roles import ROLES
from tests.competition.rounds.builders import make_draw
from tests.factories import add, make_edition, make_institution, make_judge, make_room, make_round, make_team

ORGANISER = Actor(name="Ola", is_system=True)


def rotating(
    count: int = 8, size: int = 4, reserves: int = 1, **values: object
) -> tuple[Edition, list[Team]]:
    """An edition whose teams change roles; everybody breaks from one ranking."""
    edition = make_edition(role_policy="rotating", **values)
    teams = [
        make_team(edition, f"Team {number:02}", institution_id=make_institution(edition).id, position=number)
        for number in range(1, count + 1)
    ]
    add(BreakRule(edition_id=edition.id, size=size, reserves=reserves))
    return edition, teams


def fixed(tables: int = 3, size: int = 2, reserves: int = 1, **values: object) -> tuple[Edition, list[Team]]:
    """An edition of `tables` teams of each role, in the order of the roles table by table."""
    edition = make_edition(role_policy="fixed", **values)
    teams = [
        make_team(
            edition, f"{role.value} {number}", role=role.value, institution_id=make_institution(edition).id
        )
        for number in range(1, tables + 1)
        for role in ROLES
    ]
    for role in ROLES:
        add(BreakRule(edition_id=edition.id, role=role.value, size=size, reserves=reserves))
    return edition, teams


def play(
    edition: Edition,
    number: int,
    order: Sequence[Team | None],
    *,
    scores: Sequence[int | None] = (),
    state: str = "confirmed",
    stage: str = "preliminary",
    **values: object,
) -> Round:
    """A round whose tables seat `order` four by four, best first at each; `scores` go with the seats."""
    row = make_round(edition, number, stage=stage, results_state=state, **values)
    record_round(row, order, scores)
    return row


def record_round(row: Round, order: Sequence[Team | None], scores: Sequence[int | None] = ()) -> Draw:
    """A released draw of the round with its results: at each table the seats are in the order of finish."""
    draw = make_draw(row, order)
    marks = list(scores) or [80 - 10 * (place % 4) for place in range(len(order))]
    for at, table in enumerate(tables_of_draw(draw.id)):
        placings = [
            RecordedPlace(
                team_id=team,
                rank=1 + place,
                score=None if (mark := marks[4 * at + place]) is None else Decimal(mark),
            )
            for place, role in enumerate(ROLES)
            if (team := table.seats[role]) is not None
        ]
        record_result(actor=ORGANISER, table_id=table.id, source="given", placings=placings)
    return draw


def furnish(edition: Edition, tables: int = 4) -> None:
    """Judges and rooms enough for so many tables."""
    for number in range(tables * 2):
        make_judge(edition, f"Judge {number}")
    for number in range(tables):
        make_room(edition, f"Room {number}")

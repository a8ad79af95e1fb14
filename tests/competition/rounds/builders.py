"""Small builders for rounds: a field of teams, a draw made by hand."""

from __future__ import annotations

from collections.abc import Sequence

from competition.editions.models import Edition
from competition.entries.models import Team
from competition.rounds.models import Draw, NegotiationTable, Round, Seat
from core.roles import ROLES
from tests.factories import NOW, add, make_institution, make_team


def make_field(edition: Edition, count: int, *, per_institution: int = 1, **values: object) -> list[Team]:
    """`count` teams, `per_institution` of each institution."""
    teams = []
    for number in range(count):
        if number % per_institution == 0:
            institution = make_institution(edition)
        teams.append(make_team(edition, institution_id=institution.id, position=number, **values))
    return teams


def make_draw(
    round_row: Round, teams: Sequence[Team | None], state: str = "released", version: int = 1
) -> Draw:
    """A draw that seats the teams four by four in the order of the roles; None is a vacant seat."""
    draw = add(Draw(round_id=round_row.id, version=version, state=state, created_at=NOW, report={}))
    for number in range(len(teams) // 4):
        table = add(NegotiationTable(draw_id=draw.id, name=str(number + 1), position=number))
        for role, team in zip(ROLES, teams[4 * number : 4 * number + 4], strict=True):
            add(Seat(draw_id=draw.id, table_id=table.id, role=role.value, team_id=team.id if team else None))
    return draw

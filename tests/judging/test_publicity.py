"""The public sees ranks, and scores only where no single judge's marks could be read from them."""

import pytest
from flask import Flask

from competition.rounds.models import Draw, NegotiationTable, PanelJudge, Seat, TableResult
from core.roles import ROLES
from judging.publicity import teams_with_hidden_scores
from tests.factories import NOW, add, make_edition, make_judge, make_round, make_team


@pytest.mark.parametrize(
    ("positions", "is_hidden"),
    [
        (("chair",), True),
        (("chair", "panellist"), True),
        (("chair", "panellist", "trainee"), True),
        (("chair", "panellist", "panellist"), False),
    ],
)
def test_scores_are_hidden_where_fewer_than_three_counted_judges_sat(
    app: Flask, positions: tuple[str, ...], is_hidden: bool
) -> None:
    edition = make_edition()
    draw = add(Draw(round_id=make_round(edition).id, version=1, state="released", created_at=NOW))
    table = add(NegotiationTable(draw_id=draw.id, name="T1"))
    teams = [make_team(edition) for _role in ROLES]
    for role, team in zip(ROLES, teams, strict=True):
        add(Seat(draw_id=draw.id, table_id=table.id, role=role.value, team_id=team.id))
    for position in positions:
        add(PanelJudge(table_id=table.id, judge_id=make_judge(edition).id, position=position))
    assert teams_with_hidden_scores(edition.id, 1) == set()
    add(TableResult(table_id=table.id, version=1, source="sheets", confirmed_at=NOW))
    assert teams_with_hidden_scores(edition.id, 1) == ({team.id for team in teams} if is_hidden else set())
    assert teams_with_hidden_scores(edition.id, 0) == set()

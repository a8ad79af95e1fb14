"""Drafting draws from the competition's own facts: valid for every field, reproducible, versions kept."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from itertools import combinations

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from competition.editions.models import Edition
from competition.entries.models import Team
from competition.rounds.facts import TableFacts
from competition.rounds.models import Draw, Round
from competition.rounds.public import (
    RecordedPlace,
    RecordedTable,
    confirm_draw,
    confirm_round_results,
    draft_draw,
    live_draw,
    record_results,
    tables_of_draw,
)
from core.access import SYSTEM
from core.db import db
from core.errors import Conflict, Invalid, Stale
from core.roles import ROLES
from tests.competition.rounds.builders import make_draw, make_field
from tests.factories import NOW, add, make_division, make_edition, make_institution, make_round, make_team

DRAWS = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)


def seats_of(draw: Draw) -> list[dict[str, int | None]]:
    return [{role.value: table.seats[role] for role in ROLES} for table in tables_of_draw(draw.id)]


def seated(tables: list[TableFacts]) -> list[int]:
    return [team for table in tables for team in table.team_ids]


def play(row: Round, teams: list[Team]) -> None:
    """Confirm the round with the earliest team of every table first."""
    draw = live_draw(row.id)
    assert draw is not None
    recorded = [
        RecordedTable(
            table_id=table.id,
            placings=[
                RecordedPlace(team_id=team, rank=rank) for rank, team in enumerate(sorted(table.team_ids), 1)
            ],
        )
        for table in tables_of_draw(draw.id)
    ]
    record_results(actor=SYSTEM, source="given", recorded=recorded)
    confirm_round_results(actor=SYSTEM, round_id=row.id)


def fixed_field(edition: Edition, count: int) -> list[Team]:
    teams = make_field(edition, count)
    for number, team in enumerate(teams):
        team.role = ROLES[number % 4].value
    db.session.flush()
    return teams


@DRAWS
@given(
    count=st.integers(4, 40),
    policy=st.sampled_from(["rotating", "fixed"]),
    method=st.sampled_from(["random", "scheduled"]),
    seed=st.integers(0, 10**6),
)
def test_every_draw_seats_each_team_once_with_four_roles_or_declared_vacancies(
    app: Flask, count: int, policy: str, method: str, seed: int
) -> None:
    edition = make_edition(role_policy=policy)
    teams = fixed_field(edition, count) if policy == "fixed" else make_field(edition, count)
    row = make_round(edition)
    make_round(edition, 2)
    draw = draft_draw(actor=SYSTEM, round_id=row.id, method=method, seed=seed)
    tables = tables_of_draw(draw.id)
    assert Counter(seated(tables)) == Counter({team.id: 1 for team in teams})
    assert len(tables) == -(-count // 4)
    assert all(list(table.seats) == list(ROLES) for table in tables)
    if policy == "fixed":
        roles = {team.id: team.role for team in teams}
        assert all(roles[team] == role for table in tables for role, team in table.seats.items() if team)


@pytest.mark.parametrize("method", ["random", "scheduled"])
def test_the_same_seed_gives_the_same_draw_and_another_seed_another(app: Flask, method: str) -> None:
    edition = make_edition()
    make_field(edition, 24, per_institution=2)
    row = make_round(edition)
    draws = [
        seats_of(draft_draw(actor=SYSTEM, round_id=row.id, method=method, seed=seed)) for seed in (5, 5, 6)
    ]
    assert draws[0] == draws[1]
    assert draws[0] != draws[2]


@pytest.mark.parametrize("policy", ["rotating", "fixed"])
@pytest.mark.parametrize("method", ["random", "scheduled"])
def test_no_two_teams_of_one_institution_meet_when_it_can_be_avoided(
    app: Flask, policy: str, method: str
) -> None:
    edition = make_edition(role_policy=policy)
    teams = make_field(edition, 32, per_institution=4)
    for number, team in enumerate(teams):
        team.role = ROLES[number % 4].value if policy == "fixed" else None
    db.session.flush()
    home = {team.id: team.institution_id for team in teams}
    for seed in range(3):
        draw = draft_draw(actor=SYSTEM, round_id=make_round(edition, seed + 1).id, method=method, seed=seed)
        for table in tables_of_draw(draw.id):
            assert all(home[a] != home[b] for a, b in combinations(table.team_ids, 2))


def test_rounds_of_one_schedule_never_repeat_a_meeting(app: Flask) -> None:
    edition = make_edition()
    make_field(edition, 24)
    rows = [make_round(edition, number) for number in (1, 2, 3, 4)]
    draws = [draft_draw(actor=SYSTEM, round_id=row.id, method="scheduled") for row in rows]
    assert len({draw.seed for draw in draws}) == 1
    meetings = Counter(
        pair
        for draw in draws
        for table in tables_of_draw(draw.id)
        for pair in combinations(sorted(table.team_ids), 2)
    )
    assert set(meetings.values()) == {1}
    played = Counter(
        (team, role)
        for draw in draws
        for table in tables_of_draw(draw.id)
        for role, team in table.seats.items()
    )
    assert set(played.values()) == {1}
    assert [draw.report["repeat_meetings"] for draw in draws] == [0, 0, 0, 0]


def test_a_power_paired_round_needs_the_results_before_it_and_pairs_by_points(app: Flask) -> None:
    edition = make_edition()
    teams = make_field(edition, 16)
    first, second = make_round(edition, 1), make_round(edition, 2)
    with pytest.raises(Conflict, match="first round"):
        draft_draw(actor=SYSTEM, round_id=first.id, method="power_paired")
    make_draw(first, teams)
    with pytest.raises(Conflict, match="Not confirmed yet: 1"):
        draft_draw(actor=SYSTEM, round_id=second.id, method="power_paired")
    play(first, teams)
    draw = draft_draw(actor=SYSTEM, round_id=second.id, method="power_paired", preset="strict", seed=1)
    assert draw.report["spread"] == draw.report["lower_bounds"]["spread"] == 0
    assert [table.bracket for table in tables_of_draw(draw.id)] == ["3", "2", "1", "0"]
    assert [draw.method, draw.preset, draw.seed, draw.engine] == [
        "power_paired",
        "strict",
        1,
        draw.report["engine"],
    ]


def test_fixed_roles_are_never_power_paired_and_need_roles(app: Flask) -> None:
    edition = make_edition(role_policy="fixed")
    teams, row = fixed_field(edition, 8), make_round(edition)
    with pytest.raises(Invalid, match="not power-paired"):
        draft_draw(actor=SYSTEM, round_id=row.id, method="power_paired")
    teams[3].role = None
    db.session.flush()
    with pytest.raises(Invalid, match=r"1 teams have no role yet"):
        draft_draw(actor=SYSTEM, round_id=row.id)


def test_withdrawn_and_waiting_teams_are_never_drawn(app: Flask) -> None:
    edition = make_edition()
    teams, row = make_field(edition, 10), make_round(edition, 2)
    for team, status in zip(teams, ("withdrawn", "waiting", "applied", "declined"), strict=False):
        team.status = status
    teams[0].withdrawn_from = 2
    db.session.flush()
    draw = draft_draw(actor=SYSTEM, round_id=row.id, method="random")
    assert sorted(seated(tables_of_draw(draw.id))) == sorted(team.id for team in teams[4:])


def test_a_team_that_withdrew_leaves_its_seat_of_the_schedule_vacant(app: Flask) -> None:
    edition = make_edition()
    teams = make_field(edition, 20)
    first, second = make_round(edition, 1), make_round(edition, 2)
    planned = seats_of(draft_draw(actor=SYSTEM, round_id=second.id, method="scheduled", seed=3))
    draft_draw(actor=SYSTEM, round_id=first.id, method="scheduled", seed=3)
    teams[7].status, teams[7].withdrawn_from = "withdrawn", 2
    db.session.flush()
    draw = draft_draw(actor=SYSTEM, round_id=second.id, method="scheduled")
    assert seats_of(draw) == [
        {role: None if team == teams[7].id else team for role, team in seats.items()} for seats in planned
    ]


@pytest.mark.parametrize("first", ["scheduled", "random"])
def test_a_fixed_edition_goes_on_with_a_schedule_only_where_it_began_with_one(app: Flask, first: str) -> None:
    edition = make_edition(role_policy="fixed")
    for team, role in zip(make_field(edition, 20), list(ROLES) * 5, strict=True):
        team.role = role.value
    rows = [make_round(edition, number) for number in (1, 2)]
    assert draft_draw(actor=SYSTEM, round_id=rows[0].id).method == "scheduled"
    draft_draw(actor=SYSTEM, round_id=rows[0].id, method=first)
    assert draft_draw(actor=SYSTEM, round_id=rows[1].id).method == first


def test_the_report_of_a_schedule_does_not_count_whoever_withdrew(app: Flask) -> None:
    edition = make_edition()
    teams = make_field(edition, 20)
    first, second = make_round(edition, 1), make_round(edition, 2)
    planned = seats_of(draft_draw(actor=SYSTEM, round_id=second.id, method="scheduled", seed=3))
    draft_draw(actor=SYSTEM, round_id=first.id, method="scheduled", seed=3)
    (table,) = [seats for seats in planned if teams[7].id in seats.values()]
    home = make_institution(edition, "Home")
    for team in teams:
        team.institution_id = home.id if team.id in table.values() else None
    teams[7].status, teams[7].withdrawn_from = "withdrawn", 2
    db.session.flush()
    draw = draft_draw(actor=SYSTEM, round_id=second.id, method="random", seed=3)
    assert draw.report["lower_bounds"]["institution_meetings"] == 0
    draw = draft_draw(actor=SYSTEM, round_id=second.id, method="scheduled", seed=3)
    now = [
        set(seats.values()) & {team.id for team in teams if team.institution_id} for seats in seats_of(draw)
    ]
    assert draw.report["institution_meetings"] == sum(len(some) * (len(some) - 1) // 2 for some in now)
    assert [note["code"] for note in draw.report["notes"] if not note["is_warning"]] == ["vacant_seats"]


def test_stand_ins_fill_vacant_seats_and_are_not_counted_as_teams(app: Flask) -> None:
    edition = make_edition()
    teams, row = make_field(edition, 10), make_round(edition)
    stand_in = make_team(edition, status="stand_in")
    draw = draft_draw(actor=SYSTEM, round_id=row.id, method="random", seed=2)
    tables = tables_of_draw(draw.id)
    assert sorted(seated(tables)) == sorted([stand_in.id, *(team.id for team in teams)])
    assert sorted(len(table.team_ids) for table in tables) == [3, 4, 4]


def test_fewer_than_four_teams_or_an_elimination_round_cannot_be_drafted(app: Flask) -> None:
    edition = make_edition()
    make_field(edition, 3)
    with pytest.raises(Invalid, match="at least four teams; this round has 3"):
        draft_draw(actor=SYSTEM, round_id=make_round(edition, 1).id)
    with pytest.raises(Invalid, match="by hand"):
        draft_draw(actor=SYSTEM, round_id=make_round(edition, 2, stage="elimination").id)


@pytest.mark.parametrize("wrong", [{"method": "swiss"}, {"preset": "kind"}, {"seed": -1}, {"seed": 2**31}])
def test_an_unknown_way_to_draw_is_refused(app: Flask, wrong: dict[str, object]) -> None:
    edition = make_edition()
    make_field(edition, 8)
    with pytest.raises(Invalid):
        draft_draw(actor=SYSTEM, round_id=make_round(edition).id, **wrong)  # type: ignore[arg-type]


def test_drawing_again_keeps_the_earlier_version(app: Flask) -> None:
    edition = make_edition()
    make_field(edition, 8)
    row = make_round(edition)
    first = draft_draw(actor=SYSTEM, round_id=row.id, seed=1)
    kept = seats_of(first)
    second = draft_draw(actor=SYSTEM, round_id=row.id, seed=2)
    states = db.session.execute(
        select(Draw.version, Draw.state).where(Draw.round_id == row.id).order_by(Draw.version)
    ).all()
    assert [tuple(state) for state in states] == [(1, "superseded"), (2, "draft")]
    assert live_draw(row.id) == second
    assert seats_of(first) == kept
    assert row.draw_seed == 2


def test_a_confirmed_draw_is_not_drawn_again(app: Flask) -> None:
    edition = make_edition()
    make_field(edition, 8)
    row = make_round(edition)
    draft_draw(actor=SYSTEM, round_id=row.id)
    confirm_draw(actor=SYSTEM, round_id=row.id)
    with pytest.raises(Conflict, match="confirmed"):
        draft_draw(actor=SYSTEM, round_id=row.id)


def test_the_database_itself_refuses_two_live_draws_of_a_round(app: Flask) -> None:
    row = make_round(make_edition())
    add(Draw(round_id=row.id, version=1, state="confirmed", created_at=NOW, report={}))
    with pytest.raises(IntegrityError), db.session.begin_nested():
        add(Draw(round_id=row.id, version=2, state="draft", created_at=NOW, report={}))


def test_a_draft_against_an_older_version_of_the_round_is_stale(app: Flask) -> None:
    edition = make_edition()
    make_field(edition, 8)
    row = make_round(edition)
    seen = row.version
    draft_draw(actor=SYSTEM, round_id=row.id, version=seen)
    with pytest.raises(Stale):
        draft_draw(actor=SYSTEM, round_id=row.id, version=seen)
    assert len(tables_of_draw(live_draw(row.id).id)) == 2  # type: ignore[union-attr]


def test_a_round_of_a_division_draws_its_teams_only(app: Flask) -> None:
    from competition.entries.models import TeamDivision

    edition = make_edition()
    division = make_division(edition)
    teams = make_field(edition, 9)
    for team in teams[:4]:
        add(TeamDivision(team_id=team.id, division_id=division.id))
    draw = draft_draw(actor=SYSTEM, round_id=make_round(edition, division_id=division.id).id)
    assert sorted(seated(tables_of_draw(draw.id))) == sorted(team.id for team in teams[:4])


def test_points_of_the_rounds_before_reach_the_engine_with_their_fractions(app: Flask) -> None:
    from competition.rounds.situation import Choice, problem_of, situation_of

    edition = make_edition()
    teams = make_field(edition, 7)
    first, second = make_round(edition, 1), make_round(edition, 2)
    make_draw(first, [*teams, None])
    play(first, teams)
    situation = situation_of(second)
    problem = problem_of(situation, Choice(method="random", preset="fair", seed=1), situation.playing)
    assert [state.points for state in problem.teams] == [
        Decimal(text) for text in ("3", "2", "1", "0", "2.5", "1.5", "0.5")
    ]
    assert [state.vacancies for state in problem.teams] == [0, 0, 0, 0, 1, 1, 1]
    assert problem.teams[0].met == {str(team.id): 1 for team in teams[1:4]}
    assert [dict(state.roles) for state in problem.teams[:2]] == [{ROLES[0]: 1}, {ROLES[1]: 1}]

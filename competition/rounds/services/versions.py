"""Draw versions in the database: storing a new one, checking its seats, copying one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select

from competition.editions.public import get_edition_by_id
from competition.rounds.facts import TableFacts
from competition.rounds.field import FieldTeam, teams_of
from competition.rounds.models import Draw, NegotiationTable, PanelJudge, Round, Seat
from competition.rounds.problem import Seats
from competition.rounds.queries import live_draw, tables_of_draw
from competition.rounds.situation import Choice
from core.db import db, new_public_id, utc_now
from core.errors import ProblemsFound
from core.localised import N_
from core.problems import Problem
from core.roles import ROLES, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTable:
    """A table that is to be stored."""

    name: str
    seats: Seats
    bracket: str = ""


def store_draw(
    row: Round,
    choice: Choice | None,
    report: Mapping[str, Any],
    tables: Sequence[NewTable],
    problem: Mapping[str, Any] | None = None,
) -> Draw:
    """A new draft of the round's draw; the live version is superseded. `choice` None: seated by hand."""
    refuse_bad_seats(row, [table.seats for table in tables])
    if (live := live_draw(row.id)) is not None:
        live.state = "superseded"
        db.session.flush()
    draw = Draw(
        round_id=row.id,
        version=next_version(row.id),
        state="draft",
        method=choice.method if choice else "by_hand",
        preset=choice.preset if choice else "",
        options=f"effort={choice.effort}" if choice and choice.effort != 1 else "",
        seed=choice.seed if choice else None,
        engine=str(report.get("engine", "")),
        report=dict(report),
        problem=dict(problem) if problem is not None else None,
        created_at=utc_now(),
    )
    db.session.add(draw)
    row.draw_method, row.draw_preset, row.draw_options = draw.method, draw.preset, draw.options
    row.draw_seed, row.draw_engine = draw.seed, draw.engine
    db.session.flush()
    insert_tables(draw.id, tables)
    return draw


def insert_tables(draw_id: int, tables: Sequence[NewTable], first_position: int = 1) -> list[int]:
    """Store tables and their seats; returns the tables' keys in order."""
    if not tables:
        return []
    keys = list(
        db.session.scalars(
            insert(NegotiationTable).returning(NegotiationTable.id, sort_by_parameter_order=True),
            [
                {
                    "draw_id": draw_id,
                    "public_id": new_public_id(),
                    "name": table.name,
                    "position": position,
                    "bracket": table.bracket,
                }
                for position, table in enumerate(tables, first_position)
            ],
        )
    )
    insert_seats(draw_id, {key: table.seats for key, table in zip(keys, tables, strict=True)})
    return keys


def insert_seats(draw_id: int, seats: Mapping[int, Seats]) -> None:
    """Store the four seats of each table."""
    rows = [
        {"draw_id": draw_id, "table_id": table_id, "role": role.value, "team_id": by_role[role]}
        for table_id, by_role in seats.items()
        for role in ROLES
    ]
    db.session.execute(insert(Seat), rows)


def next_version(round_id: int) -> int:
    """The number of the next draw version of a round."""
    last = db.session.scalar(select(func.max(Draw.version)).where(Draw.round_id == round_id))
    return (last or 0) + 1


def copy_draw(draw: Draw, row: Round) -> Draw:
    """A draft with the same tables, seats, panels and rooms; the given version is superseded, not edited."""
    tables = tables_of_draw(draw.id)
    draw.state = "superseded"
    db.session.flush()
    copy = Draw(
        round_id=row.id,
        version=next_version(row.id),
        state="draft",
        method=draw.method,
        preset=draw.preset,
        options=draw.options,
        seed=draw.seed,
        engine=draw.engine,
        report=dict(draw.report),
        problem=draw.problem,
        created_at=utc_now(),
    )
    db.session.add(copy)
    db.session.flush()
    keys = insert_tables(
        copy.id, [NewTable(name=table.name, seats=table.seats, bracket=table.bracket) for table in tables]
    )
    _copy_people(keys, tables)
    return copy


def _copy_people(keys: Sequence[int], tables: Sequence[TableFacts]) -> None:
    for key, table in zip(keys, tables, strict=True):
        if table.room_id is not None:
            db.session.get_one(NegotiationTable, key).room_id = table.room_id
        db.session.add_all(
            PanelJudge(table_id=key, judge_id=place.judge_id, position=place.position)
            for place in table.panel
        )
    db.session.flush()


def refuse_bad_seats(row: Round, tables: Sequence[Seats], *, is_whole: bool = False) -> None:
    """Raise ProblemsFound unless every team sits at most once, plays, and in a fixed edition in its role.

    `is_whole`: every team that plays must sit somewhere (a preliminary draw that is to be confirmed).
    """
    teams = {team.id: team for team in teams_of(row.edition_id)}
    is_fixed = get_edition_by_id(row.edition_id).role_policy == "fixed"
    seated = [(role, team) for seats in tables for role, team in seats.items() if team is not None]
    problems = [
        problem
        for role, team in seated
        for problem in _problems_of_seat(row, role if is_fixed else None, teams.get(team))
    ]
    problems += _problems_of_field(row, [team for _role, team in seated], teams, is_whole=is_whole)
    if problems:
        raise ProblemsFound(problems)


def _problems_of_seat(row: Round, kept: Role | None, team: FieldTeam | None) -> list[Problem]:
    """What is wrong with a team at a seat; `kept` is the seat's role where teams keep theirs."""
    if team is None:
        return [Problem(code="foreign_team", message=N_("A seat holds a team of another edition."))]
    if not team.is_stand_in and not team.plays_in(row.number):
        return [
            Problem(
                code="not_playing",
                message=N_("%(team)s does not play in this round (withdrawn, waiting or absent)."),
                values={"team": team.name},
            )
        ]
    if kept is not None and team.role not in (None if team.is_stand_in else kept, kept):
        return [
            Problem(
                code="other_role",
                message=N_("%(team)s sits in a role that is not its own."),
                values={"team": team.name},
            )
        ]
    return []


def _problems_of_field(
    row: Round, seated: Sequence[int], teams: Mapping[int, FieldTeam], *, is_whole: bool
) -> list[Problem]:
    twice = (
        sorted({team for team in seated if seated.count(team) > 1}) if len(set(seated)) < len(seated) else []
    )
    problems = [
        Problem(
            code="twice",
            message=N_("%(team)s sits at two seats of this draw."),
            values={"team": teams[team].name if team in teams else team},
        )
        for team in twice
    ]
    if is_whole and row.stage == "preliminary" and row.division_id is None:
        problems += [
            Problem(
                code="not_seated",
                message=N_("%(team)s has no seat in this draw."),
                values={"team": team.name},
            )
            for team in teams.values()
            if team.plays_in(row.number) and team.id not in set(seated)
        ]
    return problems

"""Reading rounds, draws and tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, and_, func, select

from competition.editions.public import room_table
from competition.rounds.facts import PanelPlace, ReleasedSeat, RoundFacts, SeatedTeam, TableFacts
from competition.rounds.models import Draw, NegotiationTable, PanelJudge, Round, Seat
from competition.rounds.turns import turns_of
from core.db import db
from core.errors import NotFound
from core.localised import N_
from core.roles import ROLES, Role

LIVE = Draw.state != "superseded"
PANEL_ORDER = {"chair": 0, "panellist": 1, "trainee": 2}


def round_facts(edition_id: int) -> list[RoundFacts]:
    """Every round of an edition in order, with its live draw."""
    query = _round_facts().where(Round.edition_id == edition_id).order_by(Round.number)
    return [RoundFacts(**row) for row in db.session.execute(query).mappings()]


def find_round_facts(edition_id: int, number: int) -> RoundFacts | None:
    """One round of an edition, with its live draw."""
    query = _round_facts().where(Round.edition_id == edition_id, Round.number == number)
    row = db.session.execute(query).mappings().one_or_none()
    return RoundFacts(**row) if row is not None else None


def get_round_facts(edition_id: int, number: int) -> RoundFacts:
    """One round of an edition, with its live draw; raises NotFound."""
    facts = find_round_facts(edition_id, number)
    if facts is None:
        raise NotFound(N_("There is no such round."))
    return facts


def _round_facts() -> Select[*tuple[Any, ...]]:
    own = (getattr(Round, name) for name in RoundFacts.__dataclass_fields__ if hasattr(Round, name))
    return select(
        *own,
        Draw.id.label("draw_id"),
        Draw.version.label("draw_version"),
        Draw.state.label("draw_state"),
        Draw.created_at.label("draw_created_at"),
        Draw.released_at,
    ).outerjoin(Draw, and_(Draw.round_id == Round.id, LIVE))


def get_round(round_id: int) -> Round:
    """The row of a round, for a service that changes it; raises NotFound."""
    row = db.session.get(Round, round_id)
    if row is None:
        raise NotFound(N_("There is no such round."))
    return row


def live_draw(round_id: int) -> Draw | None:
    """The one draw version of a round that is not superseded."""
    return db.session.scalar(select(Draw).where(Draw.round_id == round_id, LIVE))


def draws_of(round_id: int) -> Sequence[Draw]:
    """Every version of a round's draw, newest first."""
    return db.session.scalars(
        select(Draw).where(Draw.round_id == round_id).order_by(Draw.version.desc())
    ).all()


def scheduled_otherwise(edition_id: int, draw: Draw) -> list[int]:
    """The numbers of the rounds whose live draw is scheduled with another seed than `draw`."""
    query = (
        select(Round.number)
        .join(Draw, Draw.round_id == Round.id)
        .where(Round.edition_id == edition_id, LIVE, Draw.method == "scheduled", Draw.seed != draw.seed)
        .order_by(Round.number)
    )
    return list(db.session.scalars(query))


def tables_of_draw(draw_id: int) -> list[TableFacts]:
    """The tables of one draw version, in their order."""
    return _tables(_table_rows().where(NegotiationTable.draw_id == draw_id))


def tables_of_edition(
    edition_id: int, *, states: Iterable[str] = ("draft", "confirmed", "released")
) -> list[TableFacts]:
    """The tables of every round's draw in these states, round by round."""
    query = _table_rows().where(Round.edition_id == edition_id, Draw.state.in_(list(states)))
    return _tables(query)


def tables_of_judge(judge_id: int) -> list[TableFacts]:
    """The tables of released draws that a judge marks, round by round."""
    places = select(PanelJudge.table_id).where(PanelJudge.judge_id == judge_id)
    return _tables(_table_rows().where(NegotiationTable.id.in_(places), Draw.state == "released"))


def vacant_seats(draw_id: int) -> tuple[list[tuple[Role, int, str]], int]:
    """The empty chairs of a draw as (role, key and name of the table), and how many tables it has."""
    query = (
        select(Seat.role, NegotiationTable.id, NegotiationTable.name)
        .join(NegotiationTable, NegotiationTable.id == Seat.table_id)
        .where(Seat.draw_id == draw_id, Seat.team_id.is_(None))
        .order_by(NegotiationTable.id)
    )
    seats = [(Role(role), key, name) for role, key, name in db.session.execute(query)]
    if not seats:
        return [], 0
    tables = select(func.count(NegotiationTable.id)).where(NegotiationTable.draw_id == draw_id)
    return seats, db.session.scalar(tables) or 0


def tables_by_id(table_ids: Sequence[int]) -> dict[int, TableFacts]:
    """The tables with these keys."""
    if not table_ids:
        return {}
    return {table.id: table for table in _tables(_table_rows().where(NegotiationTable.id.in_(table_ids)))}


def find_table(edition_id: int, public_id: str) -> TableFacts | None:
    """The table of a live draw of this edition with that public id."""
    query = _table_rows().where(Round.edition_id == edition_id, NegotiationTable.public_id == public_id, LIVE)
    return next(iter(_tables(query)), None)


def get_table(edition_id: int, public_id: str) -> TableFacts:
    """The table of a live draw of this edition with that public id; raises NotFound."""
    table = find_table(edition_id, public_id)
    if table is None:
        raise NotFound(N_("There is no such table in this edition."))
    return table


def _table_rows() -> Select[*tuple[Any, ...]]:
    rows: Select[*tuple[Any, ...]] = (
        select(
            NegotiationTable.id,
            NegotiationTable.public_id,
            NegotiationTable.draw_id,
            Draw.round_id,
            Round.number.label("round_number"),
            Round.name.label("round_name"),
            Round.name_zh.label("round_name_zh"),
            Round.edition_id,
            NegotiationTable.name,
            NegotiationTable.position,
            NegotiationTable.bracket,
            NegotiationTable.room_id,
            NegotiationTable.is_locked,
            room_table.c.name.label("room"),
        )
        .join(Draw, Draw.id == NegotiationTable.draw_id)
        .join(Round, Round.id == Draw.round_id)
        .outerjoin(room_table, room_table.c.id == NegotiationTable.room_id)
        .order_by(Round.number, NegotiationTable.position, NegotiationTable.id)
    )
    return rows


def _tables(query: Select[*tuple[Any, ...]]) -> list[TableFacts]:
    """Three queries whatever the number of tables: the tables, their seats, their panels."""
    chosen = query.with_only_columns(NegotiationTable.id).order_by(None)
    seats: dict[int, dict[Role, int | None]] = defaultdict(dict)
    for table_id, role, team_id in db.session.execute(
        select(Seat.table_id, Seat.role, Seat.team_id).where(Seat.table_id.in_(chosen))
    ):
        seats[table_id][Role(role)] = team_id
    panels: dict[int, list[PanelPlace]] = defaultdict(list)
    for table_id, judge_id, position in db.session.execute(
        select(PanelJudge.table_id, PanelJudge.judge_id, PanelJudge.position)
        .where(PanelJudge.table_id.in_(chosen))
        .order_by(PanelJudge.id)
    ):
        panels[table_id].append(PanelPlace(judge_id=judge_id, position=position))
    return [
        TableFacts(
            **{**row, "room": row["room"] or ""},
            seats={role: seats[row["id"]].get(role) for role in ROLES},
            panel=tuple(sorted(panels[row["id"]], key=lambda place: PANEL_ORDER[place.position])),
        )
        for row in db.session.execute(query).mappings()
    ]


def seated_teams(
    edition_id: int, *, stage: str | None = "preliminary", up_to_round: int | None = None
) -> list[SeatedTeam]:
    """Every team at every seat of the live draws that are confirmed or released, round by round."""
    query = (
        select(
            Round.number.label("round"), Round.id.label("round_id"), Seat.table_id, Seat.team_id, Seat.role
        )
        .join(Draw, Draw.round_id == Round.id)
        .join(Seat, Seat.draw_id == Draw.id)
        .where(
            Round.edition_id == edition_id,
            Draw.state.in_(("confirmed", "released")),
            Seat.team_id.is_not(None),
        )
        .order_by(Round.number, Seat.table_id, Seat.id)
    )
    if stage is not None:
        query = query.where(Round.stage == stage)
    if up_to_round is not None:
        query = query.where(Round.number <= up_to_round)
    return [SeatedTeam(**row) for row in db.session.execute(query).mappings()]


def released_seats_of_team(team_id: int) -> list[ReleasedSeat]:
    """Where a team sits, in the draws that are released, round by round."""
    own = select(Seat.table_id).where(Seat.team_id == team_id)
    tables = _tables(_table_rows().where(NegotiationTable.id.in_(own), Draw.state == "released"))
    if not tables:
        return []
    rounds = {facts.id: facts for facts in round_facts(tables[0].edition_id)}
    return [_released_seat(table, rounds[table.round_id], team_id) for table in tables]


def _released_seat(table: TableFacts, facts: RoundFacts, team_id: int) -> ReleasedSeat:
    role = table.role_of(team_id)
    assert role is not None
    return ReleasedSeat(
        round_id=facts.id,
        round=facts.number,
        round_name=facts.name,
        round_name_zh=facts.name_zh,
        stage=facts.stage,
        starts_at=facts.starts_at,
        table_id=table.id,
        table_public_id=table.public_id,
        table=table.name,
        role=role,
        room=table.room,
        turn=None if facts.is_preliminary else turns_of(tables_of_draw(table.draw_id)).get(table.id),
        opponents={other: team for other, team in table.seats.items() if other is not role},
    )

"""Every seat of every table with what came of it, for people to read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Case, and_, case, func, select

from core.db import db
from core.roles import ROLES
from tabroom.workbook.tables import table

FEWEST_JUDGES = 3
"""With fewer judges a table's score would tell the public a single judge's marks: it sees ranks only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableLine:
    """One seat: who sat there and what the table's live result says; `judges` counts those whose marks count."""

    round: int
    table: str
    room: str | None
    role: str
    team: str | None
    rank: int | None
    is_shared: bool | None
    points: Decimal | None
    score: Decimal | None
    advances: bool | None
    outcome: str | None
    judges: int


def has_shown_score(line: TableLine) -> bool:
    """Whether the public sees this table's scores."""
    return line.judges >= FEWEST_JUDGES


def read_tables(edition_id: int, *, is_public: bool) -> Iterator[TableLine]:
    """The seats in order of round, table and role; the public sees rounds whose results are confirmed."""
    round_, draw, place = table("round"), table("draw"), table("negotiation_table")
    seat, room, team, outcome = table("seat"), table("room"), table("team"), table("outcome")
    result, team_result = table("table_result"), table("team_result")
    query = (
        select(
            round_.c.number.label("round"),
            place.c.name.label("table"),
            room.c.name.label("room"),
            seat.c.role,
            team.c.name.label("team"),
            *(team_result.c[name] for name in ("rank", "is_shared", "points", "score", "advances")),
            outcome.c.outcome,
            _counted_judges().label("judges"),
        )
        .select_from(round_)
        .join(draw, and_(draw.c.round_id == round_.c.id, draw.c.state != "superseded"))
        .join(place, place.c.draw_id == draw.c.id)
        .join(seat, seat.c.table_id == place.c.id)
        .outerjoin(room, room.c.id == place.c.room_id)
        .outerjoin(team, team.c.id == seat.c.team_id)
        .outerjoin(result, and_(result.c.table_id == place.c.id, result.c.is_live))
        .outerjoin(
            team_result,
            and_(team_result.c.table_result_id == result.c.id, team_result.c.team_id == seat.c.team_id),
        )
        .outerjoin(outcome, and_(outcome.c.round_id == round_.c.id, outcome.c.team_id == seat.c.team_id))
        .where(round_.c.edition_id == edition_id)
        .order_by(
            round_.c.number,
            place.c.position,
            place.c.id,
            case({role.value: at for at, role in enumerate(ROLES)}, value=seat.c.role),
        )
    )
    if is_public:
        query = query.where(round_.c.results_state != "open")
    for row in db.session.execute(query).mappings():
        yield TableLine(**row)


def _counted_judges() -> Case[int]:
    """How many sheets made the table's score; where results were given without sheets, how many judges sat."""
    place, sheet, panel = table("negotiation_table"), table("scoresheet"), table("panel_judge")
    on_panel = and_(panel.c.table_id == place.c.id, panel.c.position != "trainee")
    seated = select(func.count(panel.c.id)).where(on_panel).correlate(place).scalar_subquery()
    counted = (
        select(func.count(sheet.c.id))
        .join(panel, and_(panel.c.judge_id == sheet.c.judge_id, panel.c.table_id == sheet.c.table_id))
        .where(sheet.c.table_id == place.c.id, sheet.c.state == "confirmed", panel.c.position != "trainee")
        .correlate(place)
        .scalar_subquery()
    )
    return case((counted > 0, counted), else_=seated)

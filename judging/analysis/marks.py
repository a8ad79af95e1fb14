"""Every mark that counts, in columns: what reliability, judges' portraits and report cards are made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import BigInteger, exists, or_, select, type_coerce

from competition.rounds.public import lineup, negotiation_table, panel_judge, round_
from core.db import db
from judging.analysis.counted import counted_sheets
from judging.models import Mark, Scoresheet
from judging.scoring.ratings import Ratings, ratings_from_columns

MILLION = 1_000_000


class CountedMark(NamedTuple):
    """One mark of a counted sheet; `seat` is the judge's place on that panel (0 is the chair), whoever sat there."""

    round: int
    table: int
    judge: int
    seat: int
    team: int
    delegate: int | None
    criterion: int
    mark: float

    @property
    def target(self) -> int:
        """What was marked: the team's key, or the delegate's below zero."""
        return self.team if self.delegate is None else -self.delegate


def counted_marks(edition_id: int, last: int, *, team_id: int | None = None) -> list[CountedMark]:
    """The marks of the preliminary rounds up to `last`, of everybody or of one team; not those of delegates who, by
    the organisers, did not take part."""
    sheet = counted_sheets(edition_id, last).add_columns(
        Scoresheet.table_id,
        Scoresheet.judge_id,
        round_.c.number.label("number"),
        round_.c.id.label("round_id"),
    )
    counted = sheet.subquery()
    stayed_away = exists().where(
        lineup.c.round_id == counted.c.round_id,
        lineup.c.delegate_id == Mark.delegate_id,
        lineup.c.took_part.is_(False),
    )
    query = (
        select(
            counted.c.number,
            counted.c.table_id,
            counted.c.judge_id,
            Mark.team_id,
            Mark.delegate_id,
            Mark.criterion_id,
            type_coerce(Mark.mark, BigInteger),
        )
        .join(counted, counted.c.id == Mark.scoresheet_id)
        .where(or_(Mark.delegate_id.is_(None), ~stayed_away))
        .order_by(counted.c.number, counted.c.table_id, counted.c.judge_id, Mark.id)
    )
    if team_id is not None:
        query = query.where(Mark.team_id == team_id)
    rows = db.session.execute(query).all()
    seats = panel_seats({row[1] for row in rows})
    return [
        CountedMark(number, table, judge, seats[table, judge], team, delegate, criterion, mark / MILLION)
        for number, table, judge, team, delegate, criterion, mark in rows
    ]


def panel_seats(table_ids: Iterable[int]) -> dict[tuple[int, int], int]:
    """The place of every judge that counts on the panel of each table, the chair first."""
    wanted = set(table_ids)
    query = (
        select(panel_judge.c.table_id, panel_judge.c.judge_id)
        .join(negotiation_table, negotiation_table.c.id == panel_judge.c.table_id)
        .where(panel_judge.c.position != "trainee", panel_judge.c.table_id.in_(wanted))
        .order_by(panel_judge.c.table_id, panel_judge.c.position != "chair", panel_judge.c.judge_id)
    )
    found: dict[tuple[int, int], int] = {}
    taken: dict[int, int] = defaultdict(int)
    for table, judge in db.session.execute(query):
        found[table, judge] = taken[table]
        taken[table] += 1
    return found


def ratings_of(marks: Sequence[CountedMark], *, by_seat: bool = False, of_teams: bool = False) -> Ratings:
    """The marks for the statistics: judged by judge, or by place on the panel where every table has other judges.

    `of_teams` puts the delegates' marks under their team, so that a sheet is one judge's marks of one team.
    """
    return ratings_from_columns(
        target=[line.team if of_teams else line.target for line in marks],
        judge=[line.seat if by_seat else line.judge for line in marks],
        criterion=[line.criterion for line in marks],
        occasion=[line.round for line in marks],
        mark=[line.mark for line in marks],
    )

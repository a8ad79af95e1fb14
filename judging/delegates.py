"""Delegates' standings: the average by criterion and overall, over the counted sheets of preliminary rounds."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select

from competition.editions.public import Edition
from competition.entries.public import delegate_table, team_table
from competition.rounds.public import draw, last_confirmed_round, negotiation_table, panel_judge, round_
from core.db import db
from judging.models import Criterion, DelegateRanking, Mark, Scoresheet
from judging.queries import criteria_of
from judging.scoring.exact import exact_mean, exact_sum, round_half_up


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegateRow:
    """A delegate's averages: a round's mark is the mean of its counted sheets, the average that of the rounds.

    `overall` is the average of the weighted sum of all criteria; `by_criterion` is keyed by the criterion's code.
    """

    rank: int
    is_shared: bool
    delegate_id: int
    code: str
    name: str
    name_local: str
    team: str
    role: str
    rounds: int
    overall: Decimal
    by_criterion: Mapping[str, Decimal]

    @property
    def rank_text(self) -> str:
        return f"{self.rank}{'=' if self.is_shared else ''}"


Sums = dict[int, dict[int, dict[int, Decimal]]]


def delegate_standings(edition: Edition, *, after_round: int | None = None) -> list[DelegateRow]:
    """Every delegate with marks, best overall average first."""
    last = after_round if after_round is not None else last_confirmed_round(edition.id) or 0
    criteria = {one.id: one for one in criteria_of(edition.id) if one.target == "delegate"}
    means = _means(edition, last)
    averages = {delegate: _averages(rounds, criteria) for delegate, rounds in means.items()}
    overall = {delegate: _overall(rounds, criteria) for delegate, rounds in means.items()}
    order = sorted(overall.values(), reverse=True)
    first = {value: at for at, value in reversed(list(enumerate(order, 1)))}
    sharing = Counter(order)
    rows = db.session.execute(
        select(
            delegate_table.c.id,
            delegate_table.c.code,
            delegate_table.c.name,
            delegate_table.c.name_local,
            team_table.c.name.label("team"),
            func.coalesce(team_table.c.role, "").label("role"),
        )
        .join(team_table, team_table.c.id == delegate_table.c.team_id)
        .where(delegate_table.c.edition_id == edition.id)
    )
    listed = [
        DelegateRow(
            rank=first[overall[row.id]],
            is_shared=sharing[overall[row.id]] > 1,
            delegate_id=row.id,
            code=row.code,
            name=row.name or row.name_local or row.code,
            name_local=row.name_local if row.name else "",
            team=row.team,
            role=row.role,
            rounds=len(means[row.id]),
            overall=overall[row.id],
            by_criterion=averages[row.id],
        )
        for row in rows
        if row.id in overall
    ]
    return sorted(listed, key=lambda row: (row.rank, row.team, row.delegate_id))


def _means(edition: Edition, last: int) -> Sums:
    """delegate -> round -> criterion -> mean mark over the counted sheets."""
    query = (
        select(
            Mark.delegate_id,
            round_.c.number,
            Mark.criterion_id,
            func.sum(Mark.mark).label("total"),
            func.count(Mark.id).label("sheets"),
        )
        .join(Scoresheet, Scoresheet.id == Mark.scoresheet_id)
        .join(negotiation_table, negotiation_table.c.id == Scoresheet.table_id)
        .join(draw, draw.c.id == negotiation_table.c.draw_id)
        .join(round_, round_.c.id == draw.c.round_id)
        .join(
            panel_judge,
            (panel_judge.c.table_id == Scoresheet.table_id) & (panel_judge.c.judge_id == Scoresheet.judge_id),
        )
        .where(
            round_.c.edition_id == edition.id,
            round_.c.stage == "preliminary",
            round_.c.number <= last,
            draw.c.state != "superseded",
            Scoresheet.state == "confirmed",
            panel_judge.c.position != "trainee",
            Mark.delegate_id.is_not(None),
        )
        .group_by(Mark.delegate_id, round_.c.number, Mark.criterion_id)
    )
    means: Sums = defaultdict(lambda: defaultdict(dict))
    for delegate, number, criterion, total, sheets in db.session.execute(query):
        means[delegate][number][criterion] = total / sheets
    return means


def _averages(
    rounds: Mapping[int, Mapping[int, Decimal]], criteria: Mapping[int, Criterion]
) -> dict[str, Decimal]:
    found: dict[int, list[Decimal]] = defaultdict(list)
    for means in rounds.values():
        for criterion, mean in means.items():
            found[criterion].append(mean)
    return {
        criteria[key].code: round_half_up(exact_mean(values))
        for key, values in found.items()
        if key in criteria
    }


def _overall(rounds: Mapping[int, Mapping[int, Decimal]], criteria: Mapping[int, Criterion]) -> Decimal:
    return round_half_up(
        exact_mean(
            [
                exact_sum(criteria[key].weight * mean for key, mean in means.items() if key in criteria)
                for means in rounds.values()
            ]
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedDelegate:
    """A delegate as the public sees them: name, team and rank, never a mark."""

    rank_text: str
    name: str
    name_local: str
    team: str
    role: str


def published_delegates(edition_id: int) -> list[RankedDelegate]:
    """The best delegates as they were published, with their names as they are now; empty while nothing is published."""
    ranks = db.session.scalar(select(DelegateRanking.ranks).where(DelegateRanking.edition_id == edition_id))
    if not ranks:
        return []
    query = (
        select(
            delegate_table.c.id,
            delegate_table.c.name,
            delegate_table.c.name_local,
            team_table.c.name.label("team"),
            team_table.c.role,
        )
        .join(team_table, team_table.c.id == delegate_table.c.team_id)
        .where(delegate_table.c.edition_id == edition_id)
    )
    people = {row.id: row for row in db.session.execute(query)}
    return [
        RankedDelegate(
            rank_text=f"{rank}{'=' if is_shared else ''}",
            name=person.name or person.name_local,
            name_local=person.name_local,
            team=person.team,
            role=person.role or "",
        )
        for delegate, rank, is_shared in ranks
        if (person := people.get(delegate)) is not None and (person.name or person.name_local)
    ]


def has_published_delegates(edition_id: int) -> bool:
    """Whether the public sees a ranking of delegates."""
    query = select(DelegateRanking.id).where(DelegateRanking.edition_id == edition_id)
    return db.session.scalar(query) is not None

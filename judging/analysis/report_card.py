"""A team's report card: its marks by criterion against the field, round by round and role by role, judges unnamed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import fmean, quantiles

from sqlalchemy import func, select

from competition.editions.public import Edition
from competition.entries.public import team_table
from competition.rounds.public import (
    RoundFacts,
    SeatedResult,
    penalties,
    round_facts,
    seated_results,
    tables_of_edition,
)
from core.db import db
from core.roles import ROLES, Role
from judging.analysis.marks import CountedMark, counted_marks
from judging.models import Criterion, Scoresheet
from judging.publicity import FEWEST_JUDGES
from judging.queries import criteria_of
from judging.scoring.exact import exact_mean

FEWEST_TEAMS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionLine:
    """One criterion over all rounds shown: the team's mean mark, and the field's where it hides no single judge.

    The field are the other teams ranked with this one; `low` and `high` hold the middle half of their means.
    `better_than` of `of` teams have a lower mean. `own` is the reader's mean, where the reader is marked by it.
    """

    criterion: Criterion
    mean: float
    marks: int
    field: float | None = None
    low: float | None = None
    high: float | None = None
    better_than: int | None = None
    of: int = 0
    own: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeMarks:
    """What one unnamed judge gave the team: mean mark by criterion. Letters start anew at every table."""

    letter: str
    by_criterion: Mapping[int, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRound:
    """What the team got in one published round; `result` is None where it has none."""

    facts: RoundFacts
    table: str
    result: SeatedResult
    penalty: Decimal
    judges: tuple[JudgeMarks, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleLine:
    """What the team got in one role: how often it was played, the mean score and the mean place."""

    role: Role
    rounds: int
    score: Decimal | None
    place: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportCard:
    """Everything about one team from the rounds whose results are published."""

    criteria: tuple[CriterionLine, ...] = ()
    rounds: tuple[ReportRound, ...] = ()
    roles: tuple[RoleLine, ...] = ()
    waiting: tuple[RoundFacts, ...] = ()


def report_card(edition: Edition, team_id: int, *, delegate_id: int | None = None) -> ReportCard:
    """The card of a team for its own people; `delegate_id` is the reader's own line in the roster.

    Only rounds whose results are published are in it; `waiting` are those that are confirmed and not published.
    A team sees all of its own marks, however few judges sat; of the others only means over enough teams and judges.
    """
    rounds = [facts for facts in round_facts(edition.id) if facts.is_preliminary]
    shown = {facts.number: facts for facts in rounds if facts.results_state == "published"}
    waiting = tuple(facts for facts in rounds if facts.results_state == "confirmed")
    last = max(shown, default=0)
    results = [
        result
        for result in seated_results(edition.id, up_to_round=last)
        if result.team_id == team_id and result.round in shown
    ]
    if not results:
        return ReportCard(waiting=waiting)
    marks = [line for line in counted_marks(edition.id, last) if line.round in shown]
    own = [line for line in marks if line.team == team_id]
    rivals = _field(edition, team_id)
    field = [line for line in marks if line.team in rivals]
    return ReportCard(
        criteria=tuple(
            _criterion(one, own, field, delegate_id)
            for one in criteria_of(edition.id)
            if any(line.criterion == one.id for line in own)
        ),
        rounds=tuple(_rounds(edition, team_id, results, shown, own)),
        roles=tuple(_roles(results)),
        waiting=waiting,
    )


def _field(edition: Edition, team_id: int) -> set[int]:
    """The other teams that are ranked with this one."""
    query = select(team_table.c.id, team_table.c.role).where(
        team_table.c.edition_id == edition.id, team_table.c.status == "registered"
    )
    roles: Mapping[int, str | None] = dict(db.session.execute(query).all())
    is_fixed = edition.role_policy == "fixed"
    return {
        team
        for team, role in roles.items()
        if team != team_id and (not is_fixed or role == roles.get(team_id))
    }


def _criterion(
    one: Criterion, own: Sequence[CountedMark], field: Sequence[CountedMark], delegate_id: int | None
) -> CriterionLine:
    mine = [line for line in own if line.criterion == one.id]
    others: dict[int, list[float]] = defaultdict(list)
    judges = set()
    for line in field:
        if line.criterion == one.id:
            others[line.team].append(line.mark)
            judges.add(line.judge)
    mean = fmean(line.mark for line in mine)
    personal = [line.mark for line in mine if delegate_id is not None and line.delegate == delegate_id]
    found = CriterionLine(
        criterion=one, mean=mean, marks=len(mine), own=fmean(personal) if personal else None
    )
    if len(others) < FEWEST_TEAMS or len(judges) < FEWEST_JUDGES:
        return found
    means = [fmean(marks) for marks in others.values()]
    low, _middle, high = quantiles(means, n=4, method="inclusive")
    return CriterionLine(
        criterion=one,
        mean=mean,
        marks=len(mine),
        own=found.own,
        field=fmean(means),
        low=low,
        high=high,
        better_than=sum(mean > other for other in means),
        of=len(means),
    )


def _rounds(
    edition: Edition,
    team_id: int,
    results: Sequence[SeatedResult],
    shown: Mapping[int, RoundFacts],
    own: Sequence[CountedMark],
) -> list[ReportRound]:
    names = {table.id: table.name for table in tables_of_edition(edition.id)}
    charged: dict[int, Decimal] = defaultdict(Decimal)
    for entry in penalties(edition.id):
        if entry.team_id == team_id:
            charged[entry.round] += entry.amount
    letters = _letters({line.table for line in own})
    return [
        ReportRound(
            facts=shown[result.round],
            table=names.get(result.table_id, ""),
            result=result,
            penalty=charged[result.round],
            judges=_judges([line for line in own if line.table == result.table_id], letters),
        )
        for result in results
    ]


def _letters(table_ids: set[int]) -> dict[tuple[int, int], str]:
    """A letter for every judge of a table, in an order that tells nobody who is who: that of the sheets' public ids."""
    query = select(Scoresheet.table_id, Scoresheet.judge_id, func.min(Scoresheet.public_id).label("order"))
    query = query.where(Scoresheet.table_id.in_(table_ids)).group_by(Scoresheet.table_id, Scoresheet.judge_id)
    found: dict[tuple[int, int], str] = {}
    taken: dict[int, int] = defaultdict(int)
    for table, judge, _order in db.session.execute(query.order_by(Scoresheet.table_id, "order")):
        found[table, judge] = chr(ord("A") + taken[table] % 26)
        taken[table] += 1
    return found


def _judges(marks: Sequence[CountedMark], letters: Mapping[tuple[int, int], str]) -> tuple[JudgeMarks, ...]:
    given: dict[str, dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))
    for line in marks:
        given[letters.get((line.table, line.judge), "?")][line.criterion].append(line.mark)
    return tuple(
        JudgeMarks(letter=letter, by_criterion={key: fmean(values) for key, values in criteria.items()})
        for letter, criteria in sorted(given.items())
    )


def _roles(results: Sequence[SeatedResult]) -> list[RoleLine]:
    found = []
    for role in ROLES:
        played = [result for result in results if result.role == role.value]
        scores = [result.score for result in played if result.score is not None]
        places = [Decimal(result.rank) for result in played if result.rank is not None]
        if played:
            found.append(
                RoleLine(
                    role=role,
                    rounds=len(played),
                    score=exact_mean(scores) if scores else None,
                    place=exact_mean(places) if places else None,
                )
            )
    return found

"""A portrait of every judge for the organisers: severity with its interval, distribution, agreement, rivals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from competition.editions.public import Edition
from competition.entries.public import institution_table, judge_table, team_table
from competition.rounds.public import last_confirmed_round, seated_results
from core.db import db
from judging.analysis.adjusted import adjustment_of
from judging.analysis.marks import CountedMark, counted_marks, ratings_of
from judging.models import Criterion
from judging.queries import criteria_of
from judging.scoring.judges import JudgePortrait, judge_portraits
from judging.scoring.severity import JudgeSeverity

STEPS = 10
NORMAL = 1.959964
"""Standard errors on either side of an estimate that hold the truth in 95 of 100 cases."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeLine:
    """What one judge's marks show. `severity` is in points of a table score, positive for harder than the average.

    `low` and `high` end its 95 % interval; None where it cannot be known. `counts` says how many marks lie in each
    tenth of the scale of their criterion, from the lowest up.
    """

    judge_id: int
    name: str
    name_local: str
    institution: str
    severity: float | None
    low: float | None
    high: float | None
    component: int
    counts: tuple[int, ...]
    portrait: JudgePortrait

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgesReport:
    """Every judge with counted marks, the hardest first.

    `is_applied` says whether adjusted scores exist at all, `are_alike` that nothing is given back in them, because
    the judges differ (`spread` times as much as by chance) too little to be told apart.
    """

    after_round: int
    lines: tuple[JudgeLine, ...] = ()
    spread: float | None = None
    is_applied: bool = False
    are_alike: bool = False

    @property
    def scale(self) -> tuple[float, float]:
        """The ends of a scale that shows every interval, the same on both sides of zero."""
        ends = [abs(end) for line in self.lines for end in (line.low, line.high) if end is not None]
        reach = max(ends, default=1.0) or 1.0
        return -reach, reach

    @property
    def components(self) -> int:
        return len({line.component for line in self.lines})


def judges_report(edition: Edition) -> JudgesReport:
    """The portraits of the judges of the preliminary rounds up to the last confirmed one."""
    last = last_confirmed_round(edition.id) or 0
    marks = counted_marks(edition.id, last)
    if not marks:
        return JudgesReport(after_round=last)
    adjustment = adjustment_of(edition, last, seated_results(edition.id, up_to_round=last))
    severity = adjustment.severity
    severities = {each.judge: each for each in severity.judges} if severity is not None else {}
    people = _people(edition.id)
    portraits = judge_portraits(ratings_of(marks, of_teams=True), _rivals(edition, people))
    counts = _distributions(marks, criteria_of(edition.id))
    lines = [
        _line(portrait, severities.get(portrait.judge), people[portrait.judge], counts)  # type: ignore[index]
        for portrait in portraits
    ]
    return JudgesReport(
        after_round=last,
        lines=tuple(
            sorted(lines, key=lambda line: (line.severity is None, -(line.severity or 0), line.name))
        ),
        spread=severity.spread if severity is not None else None,
        is_applied=bool(adjustment.tables),
        are_alike=adjustment.judges_are_alike,
    )


@dataclass(frozen=True, slots=True)
class _Person:
    id: int
    name: str
    name_local: str
    institution_id: int | None
    institution: str


def _people(edition_id: int) -> dict[int, _Person]:
    columns = judge_table.c
    rows = db.session.execute(
        select(
            columns.id,
            columns.name,
            columns.name_local,
            columns.code,
            columns.institution_id,
            institution_table.c.code,
        )
        .outerjoin(institution_table, institution_table.c.id == columns.institution_id)
        .where(columns.edition_id == edition_id)
    )
    return {
        key: _Person(key, name or local or code, local if name else "", institution_id, institution or "")
        for key, name, local, code, institution_id, institution in rows
    }


def _rivals(edition: Edition, people: Mapping[int, _Person]) -> dict[Hashable, frozenset[Hashable]]:
    """For each judge of an institution that fields teams: the others' teams that are ranked with one of its own."""
    query = select(team_table.c.id, team_table.c.institution_id, team_table.c.role)
    teams = db.session.execute(query.where(team_table.c.edition_id == edition.id)).all()
    is_fixed = edition.role_policy == "fixed"
    brackets = defaultdict(set)
    for _team, institution, role in teams:
        brackets[institution].add(role if is_fixed else None)
    return {
        person.id: frozenset(
            team
            for team, institution, role in teams
            if institution != person.institution_id
            and (role if is_fixed else None) in brackets[person.institution_id]
        )
        for person in people.values()
        if person.institution_id is not None and person.institution_id in brackets
    }


def _distributions(marks: Sequence[CountedMark], criteria: Sequence[Criterion]) -> dict[int, list[int]]:
    scales = {one.id: (float(one.minimum), float(one.maximum)) for one in criteria}
    counts: dict[int, list[int]] = defaultdict(lambda: [0] * STEPS)
    for line in marks:
        low, high = scales[line.criterion]
        place = int((line.mark - low) / (high - low) * STEPS) if high > low else 0
        counts[line.judge][min(max(place, 0), STEPS - 1)] += 1
    return counts


def _line(
    portrait: JudgePortrait,
    found: JudgeSeverity | None,
    person: _Person,
    counts: Mapping[int, Sequence[int]],
) -> JudgeLine:
    known = found is not None and found.severity == found.severity
    reach = NORMAL * found.standard_error if found is not None and known else 0.0
    return JudgeLine(
        judge_id=person.id,
        name=person.name,
        name_local=person.name_local,
        institution=person.institution,
        severity=found.severity if found is not None and known else None,
        low=found.severity - reach if found is not None and known else None,
        high=found.severity + reach if found is not None and known else None,
        component=found.component if found is not None else 0,
        counts=tuple(counts[person.id]),
        portrait=portrait,
    )

"""One judge's scoresheet: is it complete and within the rubric, and what does each team score on it."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from core.problems import Problem
from judging.scoring.exact import ZERO, exact_mean, exact_sum, in_id_order

Target = Literal["team", "delegate"]
DelegateMarks = Literal["mean", "sum"]
MissingDelegates = Literal["fault", "absent"]
Roster = Mapping[Hashable, AbstractSet[Hashable]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionRule:
    """What the rubric says about one criterion; a `step` of None allows any mark from minimum to maximum."""

    id: Hashable
    target: Target
    minimum: Decimal
    maximum: Decimal
    step: Decimal | None = None
    weight: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkLine:
    """One mark as the judge gave it; `delegate` is None where the criterion is the team's."""

    team: Hashable
    criterion: Hashable
    mark: Decimal
    delegate: Hashable | None = None


def sheet_scores(
    marks: Iterable[MarkLine],
    criteria: Iterable[CriterionRule],
    delegate_marks: DelegateMarks = "mean",
    took_part: Roster | None = None,
    penalties: Mapping[Hashable, Decimal] | None = None,
) -> dict[Hashable, Decimal]:
    """Score of every marked team on one sheet (workbook.md, "Sheet score").

    Sum over team criteria of weight x mark, plus the mean (or sum) over the delegates who took part of
    their weighted marks, less the team's penalties. Without `took_part`, whoever has a mark took part; with
    it, marks of anyone else are left out. A criterion the rubric does not know adds nothing: `check_marks`
    reports it.
    """
    rules = {rule.id: rule for rule in criteria}
    of_team: dict[Hashable, list[Decimal]] = defaultdict(list)
    of_delegate: dict[Hashable, dict[Hashable, list[Decimal]]] = defaultdict(lambda: defaultdict(list))
    for line in marks:
        rule = rules.get(line.criterion)
        if rule is None or (rule.target == "team") != (line.delegate is None):
            continue
        weighted = rule.weight * line.mark
        if line.delegate is None:
            of_team[line.team].append(weighted)
        elif took_part is None or line.delegate in took_part.get(line.team, ()):
            of_delegate[line.team][line.delegate].append(weighted)
    charged = penalties or {}
    return {
        team: exact_sum(
            [
                *of_team.get(team, ()),
                _delegates_part(of_delegate.get(team, {}), delegate_marks),
                -charged.get(team, ZERO),
            ]
        )
        for team in in_id_order(of_team.keys() | of_delegate.keys())
    }


def _delegates_part(marks: Mapping[Hashable, Sequence[Decimal]], delegate_marks: DelegateMarks) -> Decimal:
    totals = [exact_sum(marks_of_one) for marks_of_one in marks.values()]
    if not totals:
        return ZERO
    return exact_sum(totals) if delegate_marks == "sum" else exact_mean(totals)


def check_marks(
    marks: Iterable[MarkLine],
    criteria: Iterable[CriterionRule],
    took_part: Roster,
    *,
    missing_delegates: MissingDelegates = "fault",
    require_complete: bool = True,
) -> list[Problem]:
    """Every fault of one sheet at once, in the order of `took_part` and `criteria`.

    `took_part` holds the teams this judge marks, each with its delegates at the table. `missing_delegates`:
    on the judge's form a delegate without a mark is a fault; on import ("absent") a delegate without any
    mark, one of whose team-mates has marks, did not take part. `require_complete=False` is for saving a
    draft. Each problem's `where` is (team, delegate or "", criterion).
    """
    lines, rules = list(marks), {rule.id: rule for rule in criteria}
    problems = _unreadable_marks(lines, rules, took_part)
    if require_complete:
        problems += _missing_marks(lines, rules, took_part, missing_delegates)
    return problems


def _unreadable_marks(
    lines: Sequence[MarkLine], rules: Mapping[Hashable, CriterionRule], took_part: Roster
) -> list[Problem]:
    problems: list[Problem] = []
    seen: set[tuple[Hashable, Hashable | None, Hashable]] = set()
    for line in lines:
        place = (line.team, line.delegate, line.criterion)
        problem = _place_problem(line, rules, took_part) or _mark_problem(line, rules[line.criterion])
        if problem is None and place in seen:
            problem = _problem(place, "mark_given_twice", "This was marked twice on the same criterion.")
        seen.add(place)
        if problem is not None:
            problems.append(problem)
    return problems


def _place_problem(
    line: MarkLine, rules: Mapping[Hashable, CriterionRule], took_part: Roster
) -> Problem | None:
    place = (line.team, line.delegate, line.criterion)
    rule = rules.get(line.criterion)
    if line.team not in took_part:
        return _problem(place, "unknown_team", "This team is not marked on this sheet.")
    if rule is None:
        return _problem(place, "unknown_criterion", "The rubric has no such criterion.")
    if rule.target == "team" and line.delegate is not None:
        return _problem(
            place, "not_for_delegates", "This criterion is marked for the team, not for a delegate."
        )
    if rule.target == "delegate" and line.delegate is None:
        return _problem(
            place, "not_for_teams", "This criterion is marked for each delegate, not for the team."
        )
    if line.delegate is not None and line.delegate not in took_part[line.team]:
        return _problem(place, "unknown_delegate", "This delegate did not take part for this team.")
    return None


def _mark_problem(line: MarkLine, rule: CriterionRule) -> Problem | None:
    place = (line.team, line.delegate, line.criterion)
    if not line.mark.is_finite():
        return _problem(place, "not_a_number", "A mark is a number.")
    if not rule.minimum <= line.mark <= rule.maximum:
        return _problem(
            place,
            "out_of_range",
            "%(mark)s is not between %(minimum)s and %(maximum)s.",
            mark=line.mark,
            minimum=rule.minimum,
            maximum=rule.maximum,
        )
    if rule.step is not None and (line.mark - rule.minimum) % rule.step != 0:
        return _problem(
            place,
            "off_step",
            "%(mark)s is not one of %(minimum)s, %(next)s, ... %(maximum)s.",
            mark=line.mark,
            minimum=rule.minimum,
            next=rule.minimum + rule.step,
            maximum=rule.maximum,
        )
    return None


def _missing_marks(
    lines: Sequence[MarkLine],
    rules: Mapping[Hashable, CriterionRule],
    took_part: Roster,
    missing_delegates: MissingDelegates,
) -> list[Problem]:
    given = {(line.team, line.delegate, line.criterion) for line in lines}
    marked = {(line.team, line.delegate) for line in lines if line.delegate is not None}
    teams_with_marked_delegates = {team for team, _ in marked}
    problems: list[Problem] = []
    for team, delegates in took_part.items():
        expected: list[Hashable | None] = [None, *in_id_order(delegates)]
        if missing_delegates == "absent" and team in teams_with_marked_delegates:
            expected = [each for each in expected if each is None or (team, each) in marked]
        problems += [
            _problem((team, target, rule.id), "missing_mark", "A mark is missing.")
            for target in expected
            for rule in rules.values()
            if (rule.target == "team") == (target is None) and (team, target, rule.id) not in given
        ]
    return problems


def _problem(place: Sequence[Hashable | None], code: str, message: str, **values: object) -> Problem:
    where = tuple(
        "" if part is None else part if isinstance(part, str | int) else str(part) for part in place
    )
    return Problem(where=where, code=code, message=message, values=values)

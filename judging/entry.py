"""Reading a filled-in sheet: what was typed, the marks in it, and every fault with the field it is in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from flask_babel import gettext as _
from wtforms import ValidationError

from core.forms import lines, parse_exact
from core.localised import N_, chosen_locale, in_language
from core.problems import Problem
from judging.models import Criterion, Scoresheet
from judging.plan import SheetPlan, SheetTeam
from judging.scoring.sheets import MarkLine, check_marks
from judging.unobserved import Place, filled

MARK, TICK, UNSEEN, NOTE, FEEDBACK, NAMED = "m", "p", "u", "n", "f", "w"
LONGEST_REMARK = 4000
MESSAGES = {
    "missing_mark": N_("Give a mark."),
    "out_of_range": N_("%(mark)s is not possible. Marks go from %(minimum)s to %(maximum)s."),
    "off_step": N_("%(mark)s is not possible. Marks go %(minimum)s, %(next)s, … up to %(maximum)s."),
    "not_a_number": N_("Type a number, for example 7.5."),
    "nobody_took_part": N_("Tick at least one delegate who took part."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldFault:
    """One fault: the field of the form, whose mark it is in words, a stable word, the message for the reader."""

    field: str
    team: SheetTeam
    place: str
    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What a judge wrote about a team: a private note, and feedback that the team reads once it is released."""

    note: str = ""
    feedback: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A sheet as typed: the text of every field, the readable marks, who did not take part, what cannot be read.

    `unobserved` are the places without a mark because there was nothing to see, `remarks` what was written by team,
    `nominations` the delegate named for each award line.
    """

    typed: Mapping[str, str]
    marks: tuple[MarkLine, ...]
    absent: frozenset[int]
    unreadable: tuple[FieldFault, ...] = ()
    unobserved: frozenset[Place] = frozenset()
    remarks: Mapping[int, Remark] = field(default_factory=dict)
    nominations: Mapping[int, int] = field(default_factory=dict)


def mark_field(target: str, criterion: Criterion) -> str:
    """The name of the field for one mark; `target` is the public id of the team or delegate."""
    return f"{MARK}.{target}.{criterion.public_id}"


def tick_field(delegate: str) -> str:
    """The name of the field that says whether a delegate took part."""
    return f"{TICK}.{delegate}"


def unseen_field(target: str, criterion: Criterion) -> str:
    """The name of the field that says that there was nothing to see."""
    return f"{UNSEEN}.{target}.{criterion.public_id}"


def note_field(team: str) -> str:
    """The name of the field for the private note about a team."""
    return f"{NOTE}.{team}"


def feedback_field(team: str) -> str:
    """The name of the field for the feedback to a team."""
    return f"{FEEDBACK}.{team}"


def award_field(award: str) -> str:
    """The name of the field that names a delegate for an award."""
    return f"{NAMED}.{award}"


def read_entry(plan: SheetPlan, form: Mapping[str, str]) -> Entry:
    """What a posted form says; marks of delegates who did not take part are kept while they are possible."""
    marks: list[MarkLine] = []
    faults: list[FieldFault] = []
    typed: dict[str, str] = {}
    absent = _unticked(plan, form)
    unobserved = _unobserved(plan, form)
    for name, team, delegate, criterion in places(plan):
        text = form.get(name, "").strip()
        typed[name] = text
        if not text or (team.id, delegate, criterion.id) in unobserved:
            continue
        try:
            mark = parse_exact(text)
        except ValidationError as error:
            if delegate not in absent:
                place = _place(team, delegate, criterion)
                faults.append(
                    FieldFault(field=name, team=team, place=place, code="not_a_number", message=str(error))
                )
        else:
            marks.append(MarkLine(team=team.id, delegate=delegate, criterion=criterion.id, mark=mark))
    return Entry(
        typed=typed,
        marks=tuple(marks),
        absent=absent,
        unreadable=tuple(faults),
        unobserved=unobserved,
        remarks=_remarks(plan, form),
        nominations=_nominations(plan, form, absent),
    )


def stored_entry(
    plan: SheetPlan,
    marks: Sequence[MarkLine],
    absent: Collection[int],
    sheet: Scoresheet | None = None,
) -> Entry:
    """A stored sheet in the same form as a typed one; what counts for an unobserved mark is no mark of it."""
    unobserved: frozenset[Place] = (
        frozenset((place[0], place[1], place[2]) for place in sheet.unobserved)  # type: ignore[misc]
        if sheet is not None
        else frozenset()
    )
    given = {(line.team, line.delegate, line.criterion): line for line in marks}
    own = tuple(line for place, line in given.items() if place not in unobserved)
    typed = {
        name: shown(line.mark)
        if (line := given.get(place := (team.id, delegate, criterion.id))) and place not in unobserved
        else ""
        for name, team, delegate, criterion in places(plan)
    }
    return Entry(
        typed=typed,
        marks=own,
        absent=frozenset(absent),
        unobserved=unobserved,
        remarks={int(team): Remark(**one) for team, one in sheet.remarks.items()}
        if sheet is not None
        else {},
        nominations={int(award): one for award, one in sheet.nominations.items()}
        if sheet is not None
        else {},
    )


def shown(mark: Decimal | None) -> str:
    """A mark as it is typed."""
    return "" if mark is None else format(mark, "f")


def places(plan: SheetPlan) -> list[tuple[str, SheetTeam, int | None, Criterion]]:
    """Every field for a mark: its name, the team, the delegate (None for the team's own), the criterion."""
    found: list[tuple[str, SheetTeam, int | None, Criterion]] = []
    for team in plan.marked_teams:
        found += [(mark_field(team.public_id, one), team, None, one) for one in plan.team_criteria]
        found += [
            (mark_field(delegate.public_id, one), team, delegate.id, one)
            for delegate in team.delegates
            if not delegate.is_out
            for one in plan.delegate_criteria
        ]
    return found


def complete(plan: SheetPlan, entry: Entry) -> tuple[MarkLine, ...]:
    """The marks that count, with what stands for those that were not observed."""
    unobserved = {place for place in entry.unobserved if place[1] not in entry.absent}
    return filled(without_absent(entry), unobserved, plan.rules)


def without_absent(entry: Entry) -> tuple[MarkLine, ...]:
    """The marks that count: not those of delegates who did not take part."""
    return tuple(line for line in entry.marks if line.delegate not in entry.absent)


def keepable(plan: SheetPlan, entry: Entry) -> Entry:
    """The entry as a draft keeps it: impossible marks of delegates who did not take part fall away."""
    faults = check_marks(entry.marks, plan.rules, plan.roster(), require_complete=False)
    bad = {problem.where for problem in faults}
    kept = tuple(
        line
        for line in entry.marks
        if line.delegate not in entry.absent or (line.team, line.delegate, line.criterion) not in bad
    )
    return replace(entry, marks=kept)


def faults_of(plan: SheetPlan, entry: Entry, *, require_complete: bool) -> list[FieldFault]:
    """Every fault of the entry in the order of the page."""
    problems = check_marks(
        complete(plan, entry), plan.rules, plan.roster(entry.absent), require_complete=require_complete
    )
    fields = {
        (team.id, delegate or "", one.id): (name, team, _place(team, delegate, one))
        for name, team, delegate, one in places(plan)
    }
    unreadable = {fault.field: fault for fault in entry.unreadable}
    found = dict(unreadable)
    for problem in problems:
        where = (problem.where[0], problem.where[1], problem.where[2])
        if where in fields and fields[where][0] not in unreadable:
            name, team, place = fields[where]
            found[name] = FieldFault(
                field=name, team=team, place=place, code=problem.code, message=_message(problem)
            )
    ordered = [found[name] for name, *_rest in places(plan) if name in found]
    return ordered + (_nobody(plan, entry) if require_complete else [])


def without_faulty(plan: SheetPlan, entry: Entry, faults: Iterable[FieldFault]) -> Entry:
    """The entry without the marks in these fields, so that the others can be kept."""
    bad = {fault.field for fault in faults}
    at_fault = {
        (team.id, delegate, criterion.id) for name, team, delegate, criterion in places(plan) if name in bad
    }
    kept = tuple(line for line in entry.marks if (line.team, line.delegate, line.criterion) not in at_fault)
    return replace(entry, marks=kept, unreadable=())


def _place(team: SheetTeam, delegate: int | None, criterion: Criterion) -> str:
    person = next((one.name for one in team.delegates if one.id == delegate), None)
    name = in_language(criterion.name, criterion.name_zh, chosen_locale()) or criterion.code
    return " · ".join(part for part in (team.name, person, name) if part)


def _message(problem: Problem) -> str:
    values = {
        name: format(value, "f") if isinstance(value, Decimal) else value
        for name, value in problem.values.items()
    }
    text: str = _(MESSAGES.get(problem.code, problem.message))
    return text % values if values else text


def _nobody(plan: SheetPlan, entry: Entry) -> list[FieldFault]:
    if not plan.delegate_criteria:
        return []
    roster, faults = plan.roster(entry.absent), []
    code = "nobody_took_part"
    for team in plan.marked_teams:
        possible = [delegate for delegate in team.delegates if not delegate.is_out]
        if possible and not roster[team.id]:
            faults.append(
                FieldFault(
                    field=tick_field(possible[0].public_id),
                    team=team,
                    place=team.name,
                    code=code,
                    message=_(MESSAGES[code]),
                )
            )
    return faults


def _unobserved(plan: SheetPlan, form: Mapping[str, str]) -> frozenset[Place]:
    people = {one.id: one.public_id for team in plan.marked_teams for one in team.delegates}
    return frozenset(
        (team.id, delegate, criterion.id)
        for _name, team, delegate, criterion in places(plan)
        if criterion.may_be_unobserved
        and unseen_field(team.public_id if delegate is None else people[delegate], criterion) in form
    )


def _remarks(plan: SheetPlan, form: Mapping[str, str]) -> dict[int, Remark]:
    found = {}
    for team in plan.marked_teams:
        note, feedback = (
            lines(form.get(name, ""))[:LONGEST_REMARK]
            for name in (note_field(team.public_id), feedback_field(team.public_id))
        )
        if note or feedback:
            found[team.id] = Remark(note=note, feedback=feedback)
    return found


def _nominations(plan: SheetPlan, form: Mapping[str, str], absent: Collection[int]) -> dict[int, int]:
    people = {
        one.public_id: one.id
        for team in plan.marked_teams
        for one in team.delegates
        if not one.is_out and one.id not in absent
    }
    chosen = {award.id: people.get(form.get(award_field(award.public_id), "")) for award in plan.awards}
    return {award: delegate for award, delegate in chosen.items() if delegate is not None}


def _unticked(plan: SheetPlan, form: Mapping[str, str]) -> frozenset[int]:
    if not plan.delegate_criteria:
        return frozenset()
    return frozenset(
        delegate.id
        for team in plan.marked_teams
        for delegate in team.delegates
        if not delegate.is_out and tick_field(delegate.public_id) not in form
    )

"""Playing one step of a rehearsal by the same services that the tab team's buttons call; says what happened."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from decimal import Decimal

from sqlalchemy import select

from competition.cases.public import Case, find_round_case, is_open, set_released
from competition.editions.public import Edition
from competition.entries.public import judge_table
from competition.rounds.public import (
    RoundFacts,
    TableFacts,
    assign_roles,
    confirm_draw,
    confirm_round_results,
    draft_draw,
    field_teams,
    fill_round_panels,
    release_draw,
    set_absence,
    tables_of_draw,
)
from core.access import Actor
from core.audit import edition_scope, record
from core.db import db, utc_now
from core.errors import Conflict
from core.localised import N_
from judging.public import (
    NewMark,
    NewSheet,
    boards_of_round,
    break_of,
    confirm_table,
    criteria_of,
    insert_marks,
    insert_sheets,
    owed_judges,
    publish_break,
    seat_round,
    waive_sheet,
)
from tabroom.rehearsal import plan
from tabroom.rehearsal.marking import Line, Marked, marks_of_sheet
from tabroom.rehearsal.plan import Step

Happening = tuple[str, dict[str, object]]
LATE_EVERY = 6
STEP = "rehearsal.step"
TOLD = {
    "roles": N_("Roles were given by lot."),
    "no_show": N_("%(team)s did not come to round %(round)s."),
    "drafted": N_(
        "Round %(round)s was drawn: %(tables)s tables, %(empty)s empty chairs, %(stand_ins)s stand-ins."
    ),
    "released": N_("The draw of round %(round)s was released."),
    "case": N_("The case “%(case)s” was opened for round %(round)s."),
    "sheets": N_("%(count)s scoresheets of round %(round)s came in; %(late)s judges are late."),
    "tie": N_("Two teams at table %(table)s have the same marks."),
    "late": N_("%(count)s late scoresheets of round %(round)s came in."),
    "waived": N_("The sheet of %(judge)s at table %(table)s never came and was waived."),
    "confirmed": N_("Round %(round)s is confirmed."),
    "break": N_("The break was published."),
    "seated": N_("Round %(round)s was seated: %(tables)s tables."),
}


def play(*, actor: Actor, edition: Edition, step: Step) -> list[Happening]:
    """Do one step. Raises DomainError with what an organiser has to do first where it cannot go on."""
    dice = random.Random(edition.id * 1009 + (step.facts.number if step.facts else 0))  # noqa: S311 - invented
    happened = _PLAYERS[step.name](actor, edition, step.facts, dice)
    lines = [[code, values] for code, values in happened]
    scope = edition_scope(edition.id)
    record(actor, STEP, "edition", edition.id, scope=scope, details={"happened": lines})
    return happened


def _roles(
    actor: Actor, edition: Edition, _facts: RoundFacts | None, _dice: random.Random
) -> list[Happening]:
    assign_roles(actor=actor, edition=edition)
    return [("roles", {})]


def _draft(actor: Actor, edition: Edition, facts: RoundFacts | None, dice: random.Random) -> list[Happening]:
    """A team in thirty does not come; then the draw, with stand-ins in its place."""
    assert facts is not None
    playing = [
        team for team in field_teams(edition.id) if team.plays_in(facts.number) and not team.is_stand_in
    ]
    happened: list[Happening] = []
    for team in dice.sample(playing, min(2, len(playing) // 12)):
        set_absence(
            actor=actor,
            round_id=facts.id,
            kind="team",
            public_id=team.public_id,
            is_absent=True,
            reason="rehearsal",
        )
        happened.append(("no_show", {"team": team.name, "round": facts.number}))
    drawn = draft_draw(actor=actor, round_id=facts.id)
    tables = tables_of_draw(drawn.id)
    return [*happened, ("drafted", {"round": facts.number, **_figures(edition, tables)})]


def _figures(edition: Edition, tables: Sequence[TableFacts]) -> dict[str, object]:
    stand_ins = {team.id for team in field_teams(edition.id) if team.is_stand_in}
    return {
        "tables": len(tables),
        "empty": sum(team is None for table in tables for team in table.seats.values()),
        "stand_ins": sum(team in stand_ins for table in tables for team in table.team_ids),
    }


def _seat(actor: Actor, edition: Edition, facts: RoundFacts | None, _dice: random.Random) -> list[Happening]:
    assert facts is not None
    drawn = seat_round(actor=actor, edition=edition, facts=facts, version=facts.version)
    fill_round_panels(actor=actor, round_id=facts.id)
    return [("seated", {"round": facts.number, "tables": len(tables_of_draw(drawn.id))})]


def _release(
    actor: Actor, _edition: Edition, facts: RoundFacts | None, _dice: random.Random
) -> list[Happening]:
    assert facts is not None
    if facts.draw_state == "draft":
        confirm_draw(actor=actor, round_id=facts.id)
    release_draw(actor=actor, round_id=facts.id)
    return [("released", {"round": facts.number}), *_open_case(actor, facts)]


def _open_case(actor: Actor, facts: RoundFacts) -> list[Happening]:
    """What the round negotiates is opened with its draw, as the organisers would."""
    row = find_round_case(facts.id)
    if row is None or is_open(row, utc_now()):
        return []
    case = db.session.get_one(Case, row.case_id)
    set_released(actor=actor, facts=facts, case=case, is_released=True)
    return [("case", {"case": case.title, "round": facts.number})]


def _sheets(actor: Actor, edition: Edition, facts: RoundFacts | None, dice: random.Random) -> list[Happening]:
    """Most judges hand in at once, every sixth is late; at one table that has every sheet two teams are level."""
    assert facts is not None
    del actor
    boards = boards_of_round(edition, facts)
    if not criteria_of(edition.id):
        raise Conflict(N_("There is no rubric yet, so nobody can mark. Write it in the set-up, then go on."))
    if any(not board.lines for board in boards):
        raise Conflict(N_("There are too few judges: a table has no panel. Fill the panels, then go on."))
    places = [(board.table.id, line.judge_id) for board in boards for line in board.lines if line.counts]
    late = set(places[LATE_EVERY - 1 :: LATE_EVERY])
    whole = [board for board in boards if not {(board.table.id, one.judge_id) for one in board.lines} & late]
    tied = dice.choice(whole).table if whole and edition.table_ties == "shared" else None
    count = _hand_in(edition, facts, [place for place in places if place not in late], dice, tied)
    happened: list[Happening] = [("sheets", {"count": count, "round": facts.number, "late": len(late)})]
    if tied is not None:
        happened.append(("tie", {"table": tied.name}))
    return happened


def _hand_in(
    edition: Edition,
    facts: RoundFacts,
    places: Sequence[tuple[int, int]],
    dice: random.Random,
    tied: TableFacts | None = None,
) -> int:
    """Write the sheets of these (table, judge) as handed in."""
    boards = {board.table.id: board for board in boards_of_round(edition, facts)}
    lines = [
        Line(
            id=one.id,
            is_of_delegates=one.target == "delegate",
            minimum=one.minimum,
            maximum=one.maximum,
            step=one.step or Decimal(1),
        )
        for one in criteria_of(edition.id)
    ]
    sheets = insert_sheets(
        [NewSheet(table_id=table, judge_id=judge, state="submitted") for table, judge in places],
        now=utc_now(),
    )
    marks: list[NewMark] = []
    for sheet_id, (table_id, judge_id) in zip(sheets, places, strict=True):
        teams = [
            Marked(id=team.id, delegates=tuple(one.id for one in team.delegates if not one.is_out))
            for team in boards[table_id].plan.marked_teams
        ]
        pair = (
            (teams[0].id, teams[1].id)
            if tied is not None and tied.id == table_id and len(teams) > 1
            else None
        )
        for team, criterion, delegate, mark in marks_of_sheet(lines, teams, judge_id, dice, tied=pair):
            marks.append(
                NewMark(
                    scoresheet_id=sheet_id,
                    team_id=team,
                    criterion_id=criterion,
                    mark=mark,
                    delegate_id=delegate,
                )
            )
    insert_marks(marks)
    return len(sheets)


def _late(actor: Actor, edition: Edition, facts: RoundFacts | None, dice: random.Random) -> list[Happening]:
    """The late sheets come in, but for one at a table where others marked: that one is waived."""
    assert facts is not None
    assert facts.draw_id is not None
    tables = {table.id: table for table in tables_of_draw(facts.draw_id)}
    owed = owed_judges(list(tables))
    missing = next(
        (place for place in owed if sum(one.position != "trainee" for one in tables[place[0]].panel) > 1),
        None,
    )
    happened: list[Happening] = []
    if missing is not None:
        table = tables[missing[0]]
        waive_sheet(actor=actor, table=table, judge_id=missing[1], reason="rehearsal")
        happened.append(("waived", {"judge": _judge_name(missing[1]), "table": table.name}))
    count = _hand_in(edition, facts, [place for place in owed if place != missing], dice)
    return [("late", {"count": count, "round": facts.number}), *happened]


def _judge_name(judge_id: int) -> str:
    row = db.session.execute(
        select(judge_table.c.name, judge_table.c.code).where(judge_table.c.id == judge_id)
    ).one()
    return str(row.name or row.code)


def _confirm(
    actor: Actor, edition: Edition, facts: RoundFacts | None, _dice: random.Random
) -> list[Happening]:
    assert facts is not None
    for board in boards_of_round(edition, facts):
        if board.state == "ready":
            confirm_table(actor=actor, edition=edition, table=board.table, shown=board.token)
    confirm_round_results(actor=actor, round_id=facts.id)
    return [("confirmed", {"round": facts.number})]


def _break(
    actor: Actor, edition: Edition, _facts: RoundFacts | None, _dice: random.Random
) -> list[Happening]:
    publish_break(actor=actor, edition=edition, shown=break_of(edition).token)
    return [("break", {})]


Player = Callable[[Actor, Edition, RoundFacts | None, random.Random], list[Happening]]
_PLAYERS: dict[str, Player] = {
    plan.ROLES_BY_LOT: _roles,
    plan.DRAFT: _draft,
    plan.SEAT: _seat,
    plan.RELEASE: _release,
    plan.SHEETS: _sheets,
    plan.LATE: _late,
    plan.CONFIRM: _confirm,
    plan.BREAK: _break,
}

"""What organisers decide about a table's sheets: confirm, reopen, waive."""

from __future__ import annotations

from competition.editions.public import Edition
from competition.rounds.public import (
    RecordedPlace,
    TableFacts,
    get_round_facts,
    record_result,
    tables_of_draw,
)
from core.access import Actor
from core.audit import edition_scope, record
from core.db import db, utc_now
from core.errors import Conflict, Invalid, NotFound, Stale
from core.localised import N_
from core.revisions import bump
from judging.board import Reading, TableBoard, board_of_table, outcome_of, reading_of
from judging.models import Scoresheet
from judging.queries import find_sheet, has_result, lock_place, lock_table, marks_of_sheets
from judging.scoring.tables import Placing, SheetsMissingError, TieForbiddenError
from judging.services.sheets import insert_marks, next_version


def confirm_table(*, actor: Actor, edition: Edition, table: TableFacts, shown: str) -> None:
    """Confirm the sheets of a table and record its result, which supersedes an earlier one.

    `shown` is the token of the board that the organiser looked at. Raises Conflict when somebody else confirmed
    first, when sheets are missing, or when a forbidden tie stands; Stale when anything else changed.
    """
    lock_table(table.id)
    board = board_of_table(edition, table)
    if board.state == "confirmed":
        raise Conflict(N_("Table %(table)s was already confirmed. Nothing was changed."), table=table.name)
    if board.token != shown:
        raise Stale(
            N_("A sheet of table %(table)s changed since you looked at it. Look again."), table=table.name
        )
    placings = _placings(board)
    for line in board.lines:
        if line.sheet is not None and line.state == "submitted":
            line.sheet.state = "confirmed"
    db.session.flush()
    _record_result(actor, edition, table, placings)


def record_again(*, actor: Actor, edition: Edition, table: TableFacts) -> bool:
    """Work a confirmed result out again after a penalty, an outcome or a line-up changed; whether there was one.

    Results that an older edition gave without sheets stay as they are.
    """
    board = board_of_table(edition, table)
    if board.state != "confirmed" or board.result is None or board.result.source != "sheets":
        return False
    _record_result(actor, edition, table, _placings(board))
    return True


def _record_result(actor: Actor, edition: Edition, table: TableFacts, placings: tuple[Placing, ...]) -> None:
    may_advance = _may_advance(edition, table)
    record_result(
        actor=actor,
        table_id=table.id,
        source="sheets",
        placings=[_recorded(placing, may_advance) for placing in placings],
    )


def _placings(board: TableBoard) -> tuple[Placing, ...]:
    names = {line.judge_id: line.name for line in board.lines}
    teams = {team.id: team.name for team in board.plan.teams}
    reading = reading_of(board)
    if unchecked := [line.name for line in board.lines if line.needs_second]:
        raise Conflict(
            N_("Typed in from paper and not yet compared by a second person: %(judges)s."),
            judges=", ".join(unchecked),
        )
    try:
        _refuse_unmarked(board, reading)
        return outcome_of(board, reading).placings
    except SheetsMissingError as missing:
        raise Conflict(
            N_("Sheets are still missing from: %(judges)s. Wait for them, or waive them with a reason."),
            judges=", ".join(names[judge] for judge in missing.judges),  # type: ignore[index]
        ) from missing
    except TieForbiddenError as tie:
        raise Conflict(
            N_(
                "%(teams)s have the same score, and this competition allows no ties. "
                "Reopen a sheet so that a judge decides."
            ),
            teams=", ".join(teams[team] for team in tie.teams),  # type: ignore[index]
        ) from tie


def _refuse_unmarked(board: TableBoard, reading: Reading) -> None:
    """Raise Conflict where nothing is missing and yet some team has no marks that count."""
    if board.state not in ("ready", "confirmed", "no_panel"):
        return
    counted = [
        line.judge_id for line in board.lines if line.counts and line.state in ("submitted", "confirmed")
    ]
    if not counted:
        raise Conflict(N_("No sheet of this table counts. At least one judge has to hand in a sheet."))
    unmarked = [
        team.name
        for team in board.plan.marked_teams
        if not any(team.id in reading.scores[judge] for judge in counted)
    ]
    if unmarked:
        raise Conflict(
            N_("No sheet has marks for %(teams)s. Reopen a sheet, or say that they were absent."),
            teams=", ".join(unmarked),
        )


def _recorded(placing: Placing, may_advance: bool) -> RecordedPlace:
    return RecordedPlace(
        team_id=placing.team,  # type: ignore[arg-type]
        rank=placing.rank,
        is_shared=placing.is_shared,
        score=placing.score,
        advances=placing.rank <= 2 if may_advance else None,
    )


def _may_advance(edition: Edition, table: TableFacts) -> bool:
    """In a rotating edition the top two of each elimination table go on, while there is a round to go on to."""
    if edition.role_policy == "fixed" or get_round_facts(edition.id, table.round_number).is_preliminary:
        return False
    return len(tables_of_draw(table.draw_id)) > 1


def reopen_sheet(*, actor: Actor, table: TableFacts, judge_id: int, reason: str) -> Scoresheet:
    """Let a judge change a submitted or confirmed sheet: it is superseded by a draft with the same marks.

    A confirmed result stays until the table is confirmed again.
    """
    _require(reason)
    sheet = _locked_sheet(table, judge_id)
    if sheet is None or sheet.state not in ("submitted", "confirmed"):
        raise Conflict(N_("This sheet is open already. Nothing was changed."))
    marks = marks_of_sheets([sheet.id]).get(sheet.id, [])
    sheet.state = "superseded"
    db.session.flush()
    copy = Scoresheet(
        table_id=table.id,
        judge_id=judge_id,
        version=next_version(table.id, judge_id),
        revision=sheet.revision + 1,
        reason=reason,
        absent=list(sheet.absent),
        unobserved=list(sheet.unobserved),
        remarks=dict(sheet.remarks),
        nominations=dict(sheet.nominations),
        saved_at=utc_now(),
    )
    db.session.add(copy)
    db.session.flush()
    unobserved = {tuple(place) for place in sheet.unobserved}
    insert_marks(
        copy.id, [line for line in marks if (line.team, line.delegate, line.criterion) not in unobserved]
    )
    _record(actor, "sheet.reopened", table, copy, reason)
    return copy


def check_sheet(*, actor: Actor, table: TableFacts, judge_id: int, shown: int) -> Scoresheet:
    """Say that a sheet typed in from paper is the same as the paper: a second person, who looked at revision `shown`.

    Raises Conflict for whoever typed it in, and for a sheet that was not typed in or is not submitted.
    """
    sheet = _locked_sheet(table, judge_id)
    if sheet is None or sheet.entered_by is None or sheet.state != "submitted":
        raise Conflict(
            N_("No sheet typed in from paper waits for a second person here. Nothing was changed.")
        )
    if sheet.revision != shown:
        raise Stale(N_("This sheet was changed since you compared it. Look at it again."))
    if actor.person_id is None or actor.person_id == sheet.entered_by:
        raise Conflict(
            N_("You typed this sheet in yourself. Somebody else has to compare it with the paper.")
        )
    sheet.checked_by = actor.person_id
    sheet.revision += 1
    db.session.flush()
    _record(actor, "sheet.checked", table, sheet, "")
    return sheet


def waive_sheet(*, actor: Actor, table: TableFacts, judge_id: int, reason: str) -> Scoresheet:
    """Decide that a sheet is not waited for and does not count; what the judge typed stays on it."""
    _require(reason)
    sheet = _locked_sheet(table, judge_id)
    if sheet is not None and sheet.state in ("confirmed", "waived"):
        raise Conflict(N_("This sheet is confirmed or waived already. Nothing was changed."))
    if sheet is None:
        sheet = Scoresheet(
            table_id=table.id,
            judge_id=judge_id,
            version=next_version(table.id, judge_id),
            revision=0,
            saved_at=utc_now(),
        )
        db.session.add(sheet)
    sheet.state, sheet.reason = "waived", reason
    sheet.revision += 1
    db.session.flush()
    _record(actor, "sheet.waived", table, sheet, reason)
    return sheet


def unwaive_sheet(*, actor: Actor, table: TableFacts, judge_id: int) -> Scoresheet:
    """Wait for a waived sheet again: one that was handed in counts again, any other is a draft."""
    sheet = _locked_sheet(table, judge_id)
    if sheet is None or sheet.state != "waived":
        raise Conflict(N_("This sheet is not waived. Nothing was changed."))
    has_marks = bool(marks_of_sheets([sheet.id]))
    sheet.reason = ""
    if sheet.submitted_at is not None:
        sheet.state = "submitted"
    else:
        sheet.state = "draft" if has_marks or has_result(table.id) else "superseded"
    sheet.revision += 1
    db.session.flush()
    _record(actor, "sheet.unwaived", table, sheet, "")
    return sheet


def _locked_sheet(table: TableFacts, judge_id: int) -> Scoresheet | None:
    lock_table(table.id)
    if lock_place(table.id, judge_id) is None:
        raise NotFound(N_("This judge is not on the panel of this table."))
    return find_sheet(table.id, judge_id)


def _require(reason: str) -> None:
    if not reason.strip():
        raise Invalid(N_("Say why: the reason is kept with the sheet."))


def _record(actor: Actor, verb: str, table: TableFacts, sheet: Scoresheet, reason: str) -> None:
    scope = edition_scope(table.edition_id)
    details = {"table": table.id, "judge": sheet.judge_id, "version": sheet.version}
    record(
        actor,
        verb,
        "scoresheet",
        sheet.id,
        scope=scope,
        details=details,
        personal=["reason"] if reason else (),
    )
    bump(scope)

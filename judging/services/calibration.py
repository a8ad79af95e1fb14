"""Setting up the practice table, opening and closing it, taking a judge's marks of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from competition.editions.public import Edition
from competition.entries.public import Judge
from core.access import Actor
from core.audit import edition_scope, record
from core.db import db, utc_now
from core.errors import Conflict, Invalid, Stale
from core.localised import N_
from core.revisions import bump
from judging.calibration import find_calibration, practice_plan
from judging.entry import Entry, faults_of, shown
from judging.models import Calibration, CalibrationSheet
from judging.services.sheets import SheetIncomplete

STATES = {"open": ("draft", "closed"), "closed": ("open",)}


def save_calibration(
    *, actor: Actor, edition: Edition, values: Mapping[str, Any], shown_version: int
) -> Calibration:
    """Write the practice table. Raises Stale when somebody else saved it, Conflict once it was opened."""
    row = find_calibration(edition.id)
    if (row.version if row is not None else 0) != shown_version:
        raise Stale()
    if row is None:
        row = Calibration(edition_id=edition.id, title=values["title"], version=0)
        db.session.add(row)
    elif row.state != "draft":
        raise Conflict(N_("Judges mark this table already, so what they read does not change any more."))
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    _record(actor, edition, "calibration.saved")
    return row


def set_state(*, actor: Actor, edition: Edition, state: str) -> None:
    """Open the practice table to the judges, or close it."""
    row = find_calibration(edition.id)
    if row is None or row.state not in STATES[state]:
        raise Conflict()
    if state == "open" and not practice_plan(edition, row).criteria:
        raise Conflict(N_("The rubric has no criterion for the team yet, so there is nothing to practise."))
    row.state = state
    row.version += 1
    _record(actor, edition, f"calibration.{state}")


def mark_practice(*, actor: Actor, edition: Edition, judge: Judge, entry: Entry) -> CalibrationSheet:
    """Take a judge's marks of the practice table, once: then they see how far they stand from the others.

    Raises Conflict when it is not open, SheetIncomplete for marks that are missing or impossible. A second time
    changes nothing.
    """
    row = find_calibration(edition.id)
    if row is None:
        raise Invalid(N_("There is no practice table."))
    query = select(CalibrationSheet).where(
        CalibrationSheet.calibration_id == row.id, CalibrationSheet.judge_id == judge.id
    )
    if (earlier := db.session.scalar(query)) is not None:
        return earlier
    if row.state != "open":
        raise Conflict(N_("The practice table is not open. Nothing was kept."))
    plan = practice_plan(edition, row)
    if faults_of(plan, entry, require_complete=True):
        raise SheetIncomplete()
    roles = {team.id: team.role.value for team in plan.teams}
    sheet = CalibrationSheet(
        calibration_id=row.id,
        judge_id=judge.id,
        marks={f"{roles[line.team]}.{line.criterion}": shown(line.mark) for line in entry.marks},  # type: ignore[index]
        submitted_at=utc_now(),
    )
    db.session.add(sheet)
    _record(actor, edition, "calibration.marked", judge=judge.id)
    return sheet


def _record(actor: Actor, edition: Edition, verb: str, **details: int) -> None:
    db.session.flush()
    scope = edition_scope(edition.id)
    record(actor, verb, "edition", edition.id, scope=scope, details=details)
    bump(scope)

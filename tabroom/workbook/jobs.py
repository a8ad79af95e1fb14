"""Imports and exports as jobs: with progress, cancelling, and their result in the same commit as the work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from flask_babel import force_locale

from competition.editions.public import get_edition_by_id
from core.access import Actor, capacities_of_person
from core.db import db, unit_of_work
from core.errors import Conflict, ProblemsFound
from core.jobs import Job, JobRun, enqueue, handler, plain_values
from core.localised import N_, chosen_locale, translated
from core.problems import Problem
from tabroom.workbook import kept
from tabroom.workbook.exports import file_name, log_export, make_export
from tabroom.workbook.marked import MOST_BYTES, Fault, marked
from tabroom.workbook.service import Report, import_file

log = structlog.get_logger(__name__)
IMPORT = "import_edition"
EXPORT = "export_edition"
GONE = N_("The uploaded file is no longer kept. Upload it again.")
MAKING = N_("Writing the file")


def _actor(person_id: int | None) -> Actor:
    if person_id is None:
        return Actor(name="system", is_system=True)
    return Actor(person_id=person_id, capacities=capacities_of_person(person_id))


def enqueue_import(*, actor: Actor, token: str, is_dry_run: bool, slug: str | None, scope: str) -> Job:
    """Queue the import of a kept file; `slug` is the edition it must be of."""
    arguments = {"token": token, "dry_run": is_dry_run, "slug": slug, "locale": chosen_locale()}
    return enqueue(kind=IMPORT, arguments=arguments, scope=scope, person_id=actor.person_id)


def enqueue_export(*, actor: Actor, edition_id: int, form: str, scope: str) -> Job:
    """Queue the making of a file."""
    arguments = {"edition_id": edition_id, "form": form, "locale": chosen_locale()}
    return enqueue(kind=EXPORT, arguments=arguments, scope=scope, person_id=actor.person_id)


@handler(IMPORT)
def run_import(run: JobRun) -> Mapping[str, Any]:
    """Import the kept file, or only try it."""
    token, is_dry_run = run.arguments["token"], run.arguments["dry_run"]
    data = kept.find(token)
    db.session.rollback()
    if data is None:
        raise Conflict(GONE)

    def conclude(done: Report) -> None:
        kept.remove(token)
        run.conclude(result_of(done))

    try:
        report = import_file(
            actor=_actor(run.person_id),
            source=data,
            is_dry_run=is_dry_run,
            expected_slug=run.arguments["slug"],
            progress=run.progress,
            conclude=conclude,
        )
    except ProblemsFound as found:
        _keep_marked(data, found, run.arguments.get("locale", "en"))
        raise
    return result_of(report)


def _keep_marked(data: bytes, found: ProblemsFound, locale: str) -> None:
    """Keep a copy with the faults marked for its sender. A file that cannot be written anew is told by the list."""
    if len(data) > MOST_BYTES:
        return
    with force_locale(locale):
        faults = [_fault(problem) for problem in found.problems if not problem.is_warning]
    try:
        copy = marked(data, faults)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, OSError):
        log.warning("workbook_not_marked", exc_info=True)
        return
    with unit_of_work():
        found.beside["marked"] = kept.keep(copy)


def _fault(problem: Problem) -> Fault:
    line = _line(problem)
    row = int(line.row) if line.row.isdecimal() else 0
    text = translated(problem.message, problem.values)
    return Fault(sheet=line.sheet, row=row, column=line.column, text=text)


def result_of(report: Report) -> dict[str, Any]:
    """A report as the job keeps it."""
    return {
        "slug": report.slug,
        "name": report.name,
        "is_new": report.is_new,
        "changes_nothing": report.changes_nothing,
        "counts": {sheet: dict(counts) for sheet, counts in report.counts.items()},
        "warnings": [
            {
                "where": list(warning.where),
                "code": warning.code,
                "message": warning.message,
                "values": plain_values(warning.values),
                "is_warning": True,
            }
            for warning in report.warnings
        ],
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemLine:
    """A fault or warning as its table shows it: where it is, what is there, the sentence to be said."""

    sheet: str
    row: str
    column: str
    value: str
    problem: Problem


def problem_lines(job: Job, *, is_warning: bool) -> list[ProblemLine]:
    """The faults, or the warnings, that a finished import found."""
    stored = job.result.get("warnings", [])
    problems = job.problems or [Problem(**{**each, "where": tuple(each["where"])}) for each in stored]
    return [_line(problem) for problem in problems if problem.is_warning == is_warning]


def _line(problem: Problem) -> ProblemLine:
    sheet, row, column = (*(str(part) for part in problem.where), "", "", "")[:3]
    value = str(problem.values.get("value") or "")
    return ProblemLine(
        sheet=sheet, row="" if row == "0" else row, column=column, value=value, problem=problem
    )


@handler(EXPORT)
def run_export(run: JobRun) -> Mapping[str, Any]:
    """Make the file and keep it for its asker."""
    form = run.arguments["form"]
    edition = get_edition_by_id(run.arguments["edition_id"])
    run.progress(0, 1, MAKING)
    with force_locale(run.arguments["locale"]):
        data = make_export(edition, form)
    name = file_name(edition, form)
    db.session.rollback()
    with unit_of_work():
        result = {"token": kept.keep(data), "name": name, "size": len(data)}
        log_export(actor=_actor(run.person_id), edition_id=run.arguments["edition_id"], form=form)
        run.conclude(result)
    return result

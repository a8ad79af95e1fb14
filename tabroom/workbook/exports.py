"""The files an edition is handed out as, each logged: workbook, results in two forms, the auditor's, research."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from competition.editions.public import Edition
from core.access import Actor, Permission
from core.audit import edition_scope, record
from tabroom.workbook.auditor import auditors_workbook
from tabroom.workbook.export import export_edition
from tabroom.workbook.personal import IN_RESULTS, IN_RESULTS_WITH_MARKS, OF_SHEET, columns_in
from tabroom.workbook.research import research_workbook
from tabroom.workbook.results import results_workbook


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportForm:
    """One kind of file: how it is made, who may have it, what it is called, how it is logged, whose data it holds."""

    make: Callable[[Edition], bytes]
    permission: Permission
    suffix: str
    verb: str
    personal: tuple[str, ...]


FORMS: dict[str, ExportForm] = {
    "workbook": ExportForm(
        make=lambda edition: export_edition(edition.id),
        permission=Permission.EXPORT_EDITION,
        suffix="",
        verb="edition.exported",
        personal=columns_in(OF_SHEET),
    ),
    "results": ExportForm(
        make=lambda edition: results_workbook(edition, has_marks=False),
        permission=Permission.MANAGE_RESULTS,
        suffix="-results",
        verb="results.exported",
        personal=IN_RESULTS,
    ),
    "results_with_marks": ExportForm(
        make=lambda edition: results_workbook(edition, has_marks=True),
        permission=Permission.MANAGE_RESULTS,
        suffix="-results-with-marks",
        verb="results.exported_with_marks",
        personal=IN_RESULTS_WITH_MARKS,
    ),
    "audit": ExportForm(
        make=auditors_workbook,
        permission=Permission.MANAGE_RESULTS,
        suffix="-audit",
        verb="results.exported_for_audit",
        personal=IN_RESULTS_WITH_MARKS,
    ),
    "research": ExportForm(
        make=research_workbook,
        permission=Permission.EXPORT_EDITION,
        suffix="-research",
        verb="results.exported_for_research",
        personal=(),
    ),
}


def make_export(edition: Edition, form: str) -> bytes:
    """The file of that form."""
    return FORMS[form].make(edition)


def log_export(*, actor: Actor, edition_id: int, form: str) -> None:
    """Record who took the file out, and which personal columns are in it."""
    kind, scope = FORMS[form], edition_scope(edition_id)
    record(actor, kind.verb, "edition", edition_id, scope=scope, personal=kind.personal)


def file_name(edition: Edition, form: str) -> str:
    """What the file is called when it is saved."""
    return f"{edition.slug}{FORMS[form].suffix}.xlsx"

"""Importing a workbook: read and judge it without a lock, then write it all in one short transaction, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select

from competition.editions.public import edition_id_of_slug, get_edition_by_id, reason_against
from core import revisions
from core.access import Actor, Permission
from core.audit import edition_scope, record
from core.db import db, unit_of_work, utc_now
from core.errors import Conflict, ProblemsFound
from core.localised import N_
from core.problems import Problem
from core.spreadsheets import read_workbook
from tabroom.workbook.apply import Ids, apply_people, apply_settings, values_of_settings
from tabroom.workbook.apply_rounds import apply_rounds
from tabroom.workbook.check import check_workbook
from tabroom.workbook.compare import Difference, compare
from tabroom.workbook.complete import complete
from tabroom.workbook.faults import MOST_LISTED, Faults
from tabroom.workbook.layout import BY_NAME, SHEETS
from tabroom.workbook.live_use import VERB, rounds_in_use
from tabroom.workbook.outcomes import Outcomes, table_outcomes
from tabroom.workbook.overlay import overlay
from tabroom.workbook.personal import columns_in
from tabroom.workbook.read import read_sheets
from tabroom.workbook.rows import Rows, Workbook
from tabroom.workbook.seating import seating_of
from tabroom.workbook.stored import read_edition
from tabroom.workbook.stored_rounds import stored_outcomes
from tabroom.workbook.tables import insert_rows, table

Progress = Callable[[int, int, str], None]
STEPS = 5
READING = N_("Reading the file")
CHECKING = N_("Checking every row")
SCORING = N_("Working out the results of the tables")
COMPARING = N_("Comparing with what is stored")
WRITING = N_("Writing everything at once")
REFUSED = N_("The file has faults. Nothing was changed; here is all of it.")
OTHER_EDITION = N_("This file is of the edition “%(value)s”, not of “%(slug)s”. Nothing was changed.")
IN_USE = N_(
    "Round %(value)s is under way or was confirmed here, and the file says something else about it. "
    "Correct it on the round's pages, or leave the round's rows out of the file."
)
NOT_YOURS = N_(
    "The edition “%(slug)s” is there already, and only its director changes it, on the edition's own page for files. "
    "Nothing was changed."
)
NO_LOTS = N_(
    "Lots are not part of the file. Teams that are level share their rank until a lot is drawn here, "
    "under Results, Break."
)
OVERTAKEN = N_(
    "Somebody changed this edition while the file was being read. Nothing was changed; import it again."
)


@dataclass(slots=True, kw_only=True)
class Plan:
    """A file that was read and found sound, and what it would do. `edition_id` is None for a new edition."""

    edition_id: int | None
    stored: Workbook
    book: Workbook
    outcomes: Outcomes
    difference: Difference
    warnings: list[Problem]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What an import did, or would do: `counts` per sheet are created, changed, unchanged and kept rows."""

    slug: str
    name: str
    is_new: bool
    is_dry_run: bool
    counts: Mapping[str, Mapping[str, int]]
    warnings: list[Problem] = field(default_factory=list)

    @property
    def changes_nothing(self) -> bool:
        return not any(each["created"] or each["changed"] for each in self.counts.values())


def _silent(_done: int, _total: int, _message: str) -> None:
    """Nobody watches."""


def import_file(
    *,
    actor: Actor,
    source: bytes | str | Path,
    is_dry_run: bool = False,
    expected_slug: str | None = None,
    progress: Progress = _silent,
    conclude: Callable[[Report], None] | None = None,
    most_listed: int = MOST_LISTED,
) -> Report:
    """Import a workbook file, all or nothing, in a transaction of its own; `conclude` runs as its last step.

    Raises NotAWorkbook, TooLarge, ProblemsFound with every fault, or Conflict when the edition changed meanwhile.
    """
    plan = plan_import(source, expected_slug=expected_slug, progress=progress, most_listed=most_listed)
    _refuse_stranger(actor, plan)
    report = report_of(plan, is_dry_run=is_dry_run)
    db.session.rollback()
    if is_dry_run:
        return report
    progress(4, STEPS, WRITING)
    with unit_of_work():
        apply_plan(actor=actor, plan=plan)
        if conclude is not None:
            conclude(report)
    return report


def plan_import(
    source: bytes | str | Path,
    *,
    expected_slug: str | None = None,
    progress: Progress = _silent,
    most_listed: int = MOST_LISTED,
) -> Plan:
    """Read a file and work out what importing it would do; reads the database, writes nothing.

    Raises NotAWorkbook, TooLarge, or ProblemsFound with every fault of the whole file.
    """
    progress(0, STEPS, READING)
    faults = Faults(most=most_listed)
    file = read_sheets(read_workbook(source), faults)
    edition_id = _edition_of(file, expected_slug, faults)
    stored = read_edition(edition_id) if edition_id is not None else Workbook()
    merged = overlay(stored, file) if edition_id is not None else _whole(file)
    progress(1, STEPS, CHECKING)
    seating = seating_of(merged)
    check_workbook(merged, seating, faults)
    if edition_id is not None:
        faults.discount(_own_faults(stored))
    progress(2, STEPS, SCORING)
    outcomes = _safe_outcomes(merged, faults)
    _refuse(faults)
    progress(3, STEPS, COMPARING)
    done = complete(merged, seating, outcomes)
    before = stored_outcomes(edition_id) if edition_id is not None else {}
    difference = compare(stored, done, stored_outcomes=before, outcomes=outcomes)
    if edition_id is not None:
        _refuse_locked_rules(edition_id, done, difference, faults)
        _refuse_live_rounds(edition_id, difference, faults)
    elif "manual" in (done.settings["standings_metrics"] or ()):
        where = ("Edition", done.settings.numbers.get("standings_metrics", 1), "standings_metrics")
        faults.warn(where, "lots_not_in_file", NO_LOTS, "manual")
    return Plan(
        edition_id=edition_id,
        stored=stored,
        book=done,
        outcomes=outcomes,
        difference=difference,
        warnings=faults.listed_warnings,
    )


def _whole(file: Workbook) -> Workbook:
    """The file with empty sheets where it has none."""
    for sheet in SHEETS[1:]:
        file.sheets.setdefault(sheet.name, Rows(columns=frozenset(BY_NAME[sheet.name].names)))
    return file


def _edition_of(file: Workbook, expected_slug: str | None, faults: Faults) -> int | None:
    slug = file.settings.values.get("slug")
    if expected_slug is not None and slug is not None and slug != expected_slug:
        where = ("Edition", file.settings.numbers.get("slug", 1), "slug")
        faults.add(where, "other_edition", OTHER_EDITION, slug, slug=expected_slug)
    return edition_id_of_slug(slug) if slug else None


def _own_faults(stored: Workbook) -> list[Problem]:
    """What does not fit in the stored edition anyway is not the file's fault."""
    faults = Faults()
    check_workbook(stored, seating_of(stored), faults)
    return faults.faults


def _safe_outcomes(book: Workbook, faults: Faults) -> Outcomes:
    """Results are worked out only from rows that are sound; a file with faults goes no further anyway."""
    return {} if faults.fault_count else table_outcomes(book, seating_of(book), faults)


def _refuse(faults: Faults) -> None:
    if faults.fault_count:
        raise ProblemsFound(faults.listed, REFUSED)


def _refuse_locked_rules(edition_id: int, book: Workbook, difference: Difference, faults: Faults) -> None:
    """What the rules' page refuses, a file cannot do either: a rule that other rooms have built on stays."""
    edition, changed = get_edition_by_id(edition_id), values_of_settings(book, difference)
    reason = reason_against(edition, changed)
    if reason:
        alone = (name for name, value in changed.items() if reason_against(edition, {name: value}))
        name = next(alone, next(iter(changed)))
        where = ("Edition", book.settings.numbers.get(name, 1), name)
        faults.add(where, "rule_locked", reason, changed[name])
    _refuse(faults)


def _refuse_live_rounds(edition_id: int, difference: Difference, faults: Faults) -> None:
    used = rounds_in_use(edition_id)
    for number, (sheet, row) in sorted({**difference.rounds, **difference.states}.items()):
        if number in used:
            faults.add((sheet, row, "round"), "round_in_use", IN_USE, number)
    _refuse(faults)


def report_of(plan: Plan, *, is_dry_run: bool) -> Report:
    """What the plan does, in numbers."""
    settings = plan.book.settings
    counts = {
        sheet.name: asdict(found)
        for sheet in SHEETS
        if (found := plan.difference.counts.get(sheet.name)) is not None and any(asdict(found).values())
    }
    return Report(
        slug=settings["slug"],
        name=settings["name"],
        is_new=plan.edition_id is None,
        is_dry_run=is_dry_run,
        counts=counts,
        warnings=plan.warnings,
    )


def apply_plan(*, actor: Actor, plan: Plan) -> int:
    """Write what the plan says, in the open write transaction; returns the edition's key.

    Raises Conflict when the edition is no longer what the plan was made against.
    """
    _refuse_overtaken(plan)
    if plan.edition_id is not None and plan.difference.is_empty:
        return plan.edition_id
    began_at = utc_now()
    edition_id = apply_settings(plan.edition_id, plan.book, plan.difference, began_at)
    ids = Ids(edition_id)
    apply_people(ids, plan.book, plan.difference, began_at)
    apply_rounds(
        actor=actor,
        ids=ids,
        book=plan.book,
        outcomes=plan.outcomes,
        difference=plan.difference,
        now=began_at,
    )
    if plan.edition_id is None and actor.person_id is not None:
        director = {"edition_id": edition_id, "person_id": actor.person_id, "capacity": "director"}
        insert_rows("organiser", [director])
    _record(actor, edition_id, plan, began_at.isoformat())
    return edition_id


def _refuse_stranger(actor: Actor, plan: Plan) -> None:
    """An edition that is there already is changed by its director alone (or on the command line)."""
    if plan.edition_id is not None and not actor.may(Permission.EDIT_EDITION, edition_id=plan.edition_id):
        raise Conflict(NOT_YOURS, slug=plan.book.settings["slug"])


def _refuse_overtaken(plan: Plan) -> None:
    """The edition is locked from here on, and whoever changed a part of it waited for: what is compared is changed."""
    edition = table("edition")
    slug = plan.book.settings["slug"]
    found = db.session.scalar(select(edition.c.id).where(edition.c.slug == slug).with_for_update())
    if found != plan.edition_id:
        raise Conflict(OVERTAKEN)
    if plan.edition_id is not None and not plan.difference.is_empty:
        # Changes of its parts leave the edition's row alone, but each of them counts here.
        revisions.bump(edition_scope(plan.edition_id))
    if plan.edition_id is not None and read_edition(plan.edition_id) != plan.stored:
        raise Conflict(OVERTAKEN)


def _record(actor: Actor, edition_id: int, plan: Plan, began_at: str) -> None:
    written = {
        name: asdict(counts)
        for name, counts in plan.difference.counts.items()
        if counts.created or counts.changed
    }
    details: dict[str, Any] = {"began_at": began_at, "ended_at": utc_now().isoformat(), "rows": written}
    scope, personal = edition_scope(edition_id), columns_in(written)
    record(actor, VERB, "edition", edition_id, scope=scope, details=details, personal=personal)
    revisions.bump(edition_scope(edition_id))

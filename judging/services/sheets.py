"""One judge's sheet: keeping a draft, submitting it, and the same on a judge's behalf."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import delete, insert, select

from core.access import Actor
from core.audit import edition_scope, record
from core.db import db, utc_now
from core.errors import Conflict, NotFound, Stale
from core.localised import N_
from core.revisions import bump
from judging.closing.models import Nomination
from judging.entry import Entry, complete, faults_of, keepable, stored_entry
from judging.models import Mark, Scoresheet
from judging.plan import SheetPlan
from judging.queries import (
    HeldPlace,
    find_sheet,
    lock_place,
    marks_of_sheets,
    versions_of_sheet,
)
from judging.scoring.sheets import MarkLine, sheet_scores
from judging.scoring.tables import Placing, rank_table


class SheetIncomplete(Conflict):
    """A sheet that cannot be submitted as it is; `problems` says why."""

    status = 422
    word = "incomplete"
    default = N_(
        "This sheet is not complete yet. Nothing was submitted; go back and fill in what is missing."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What one sheet says: a team's total and place. No rank before the team is marked."""

    placings: tuple[Placing, ...]

    @property
    def has_ties(self) -> bool:
        return any(place.is_shared for place in self.placings)


def find_entry(plan: SheetPlan, judge_id: int) -> tuple[Scoresheet | None, Entry]:
    """A judge's live sheet for the table, and what it holds (an empty entry before the first save)."""
    sheet = find_sheet(plan.table.id, judge_id)
    if sheet is None:
        return None, stored_entry(plan, (), ())
    return sheet, stored_entry(plan, marks_of_sheets([sheet.id]).get(sheet.id, ()), sheet.absent, sheet)


def revision_of(sheet: Scoresheet | None) -> int:
    """What a form must name to be allowed to change the sheet."""
    return sheet.revision if sheet is not None else 0


def save_draft(
    *, actor: Actor, plan: SheetPlan, judge_id: int, shown: int, entry: Entry, page: str = ""
) -> Scoresheet:
    """Keep what a judge has so far. `shown` is the revision the form was filled in against, and
    `page` the open page it comes from.

    The entry must hold no impossible mark. The same content again changes nothing and is no conflict. Raises
    Stale when the sheet was changed elsewhere, Conflict when it was submitted or waived, NotFound for a judge
    without a place at the table.
    """
    return _save(actor, plan, judge_id, _own_draft(plan, judge_id), shown, entry, page)


def _save(
    actor: Actor,
    plan: SheetPlan,
    judge_id: int,
    own: OwnSheet,
    shown: int,
    entry: Entry,
    page: str,
    *,
    is_last: bool = False,
) -> Scoresheet:
    kept = keepable(plan, entry)
    if faults_of(plan, kept, require_complete=False):
        raise SheetIncomplete(N_("Some marks are not possible. Nothing was saved."))
    sheet = own.sheet
    if sheet is not None and _is_same(sheet, kept):
        return sheet
    is_own_page = bool(page) and sheet is not None and sheet.saved_from == page
    if revision_of(sheet) != shown and not is_own_page:
        raise Stale(
            N_("This sheet was changed on another phone or by an organiser. What you typed is below.")
        )
    sheet = _keep(plan, judge_id, own, kept, page)
    if not is_last:
        _say_kept(actor, plan, sheet, is_new=own.sheet is None)
    return sheet


def _say_kept(actor: Actor, plan: SheetPlan, sheet: Scoresheet, *, is_new: bool) -> None:
    """The first save of a sheet goes on record; every one tells the pages that show it."""
    if is_new:
        _record(actor, "sheet.begun", plan, sheet)
    else:
        bump(edition_scope(plan.table.edition_id))


def receive_sheet(
    *,
    actor: Actor,
    plan: SheetPlan,
    judge_id: int,
    shown: int,
    key: str,
    entry: Entry | None = None,
    page: str = "",
    by_organiser: bool = False,
) -> Scoresheet:
    """Hand a sheet in once for `key`, the form key that the server gave out with the page.

    With an `entry` its marks are saved first, as `save_draft` does: a phone without a line sends everything at once,
    later. The same key again answers with the sheet that was received, whoever is signed in by then and whatever
    became of the sheet since. Raises what `save_draft` and `submit_sheet` raise, and Conflict without a key.
    """
    if not 16 <= len(key) <= 64:
        raise Conflict(N_("This form has no key. Reload the page and send it again; nothing was changed."))
    own = _own_place(plan, judge_id)
    received = next((sheet for sheet in own.versions if sheet.submission_key == key), None)
    if received is not None:
        return received
    _refuse_closed(plan, own)
    if entry is None:
        return _hand_in(actor, plan, own.sheet, shown, None, key, by_organiser)
    sheet = _save(actor, plan, judge_id, own, shown, entry, page, is_last=True)
    return _hand_in(actor, plan, sheet, sheet.revision, keepable(plan, entry), key, by_organiser)


def submit_sheet(
    *, actor: Actor, plan: SheetPlan, judge_id: int, shown: int, key: str = "", by_organiser: bool = False
) -> Scoresheet:
    """Hand the saved draft in: complete, within the rubric, and the version that the judge reviewed."""
    return _hand_in(actor, plan, _own_draft(plan, judge_id).sheet, shown, None, key, by_organiser)


def _hand_in(
    actor: Actor,
    plan: SheetPlan,
    sheet: Scoresheet | None,
    shown: int,
    entry: Entry | None,
    key: str,
    by_organiser: bool,
) -> Scoresheet:
    """Submit a draft whose content is `entry`, or what is stored."""
    if sheet is None or revision_of(sheet) != shown:
        raise Stale(N_("This sheet was changed since you reviewed it. Look at it again before you submit."))
    if entry is None:
        entry = stored_entry(plan, marks_of_sheets([sheet.id]).get(sheet.id, ()), sheet.absent, sheet)
    if faults_of(plan, entry, require_complete=True):
        raise SheetIncomplete()
    if must_break_ties(plan, sheet.judge_id) and preview(plan, entry).has_ties:
        raise SheetIncomplete(
            N_("Two teams have the same total. This competition allows no ties: change a mark.")
        )
    _write_final(sheet, plan, entry)
    if entry.nominations or sheet.version > 1:
        name_delegates(sheet, entry.nominations)
    sheet.state, sheet.submitted_at = "submitted", utc_now()
    sheet.revision += 1
    sheet.submission_key = key
    sheet.entered_by = actor.person_id if by_organiser else None
    db.session.flush()
    _record(actor, "sheet.entered" if by_organiser else "sheet.submitted", plan, sheet)
    return sheet


def preview(plan: SheetPlan, entry: Entry) -> Preview:
    """Totals and places by this sheet alone (penalties are not in it)."""
    scores = sheet_totals(plan, complete(plan, entry), entry.absent)
    return Preview(placings=tuple(rank_table(scores)))


def sheet_totals(
    plan: SheetPlan, marks: Iterable[MarkLine], absent: Iterable[int] = (), *, with_penalties: bool = False
) -> dict[Hashable, Decimal]:
    """The total of every marked team on one sheet."""
    return sheet_scores(
        marks,
        plan.rules,
        plan.delegate_marks,  # type: ignore[arg-type]
        plan.roster(frozenset(absent)),
        plan.penalties if with_penalties else None,
    )


def must_break_ties(plan: SheetPlan, judge_id: int) -> bool:
    """Whether a tie on this sheet alone would be a forbidden tie at the table: the only sheet that counts."""
    counted = [place.judge_id for place in plan.table.panel if place.position != "trainee"]
    return plan.table_ties == "forbidden" and counted == [judge_id]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSheet:
    """A judge's place at a table, held for this transaction, and every version of the sheet, newest first."""

    place: HeldPlace
    versions: Sequence[Scoresheet]

    @property
    def sheet(self) -> Scoresheet | None:
        """The one that is not superseded."""
        return next((sheet for sheet in self.versions if sheet.state != "superseded"), None)

    @property
    def next_version(self) -> int:
        return max((sheet.version for sheet in self.versions), default=0) + 1


def _own_place(plan: SheetPlan, judge_id: int) -> OwnSheet:
    place = lock_place(plan.table.id, judge_id)
    if place is None:
        raise NotFound(N_("This table is not yours to mark."))
    return OwnSheet(place=place, versions=versions_of_sheet(plan.table.id, judge_id))


def _own_draft(plan: SheetPlan, judge_id: int) -> OwnSheet:
    own = _own_place(plan, judge_id)
    _refuse_closed(plan, own)
    return own


def _refuse_closed(plan: SheetPlan, own: OwnSheet) -> None:
    """Raise Conflict for a sheet that is in, waived or not needed, and for a judge who stepped back."""
    sheet = own.sheet
    if sheet is None and own.place.has_result:
        raise Conflict(
            N_("The result of this table is confirmed, so this sheet is not needed. Nothing was changed.")
        )
    if sheet is None or sheet.state == "draft":
        if own.place.has_recused:
            raise Conflict(
                N_("You stepped back from this table. Ask an organiser if you can mark it after all.")
            )
        return
    if sheet.state == "waived":
        raise Conflict(
            N_("The organisers have waived this sheet; it is not needed any more. Nothing was changed.")
        )
    raise Conflict(
        N_("This sheet was already submitted, and only an organiser can reopen it. Nothing was changed.")
    )


def _is_same(sheet: Scoresheet, entry: Entry) -> bool:
    stored = marks_of_sheets([sheet.id]).get(sheet.id, [])
    return (
        frozenset(sheet.absent) == entry.absent
        and frozenset(stored) == frozenset(entry.marks)
        and _beside_marks(entry) == (sheet.unobserved, sheet.remarks, sheet.nominations)
    )


def _beside_marks(entry: Entry) -> tuple[list[list[int | None]], dict[str, dict[str, str]], dict[str, int]]:
    """What a sheet holds besides marks, as it is stored: unobserved places, remarks, nominations."""
    unobserved = [
        list(place) for place in sorted(entry.unobserved, key=lambda one: (one[0], one[1] or 0, one[2]))
    ]
    remarks = {str(team): {"note": one.note, "feedback": one.feedback} for team, one in entry.remarks.items()}
    return unobserved, remarks, {str(award): delegate for award, delegate in entry.nominations.items()}


def _keep(plan: SheetPlan, judge_id: int, own: OwnSheet, entry: Entry, page: str) -> Scoresheet:
    sheet = own.sheet
    if sheet is None:
        sheet = Scoresheet(table_id=plan.table.id, judge_id=judge_id, version=own.next_version, revision=0)
        db.session.add(sheet)
    sheet.state, sheet.absent, sheet.saved_at = "draft", sorted(entry.absent), utc_now()
    sheet.unobserved, sheet.remarks, sheet.nominations = _beside_marks(entry)
    sheet.revision += 1
    sheet.saved_from = page[:40]
    db.session.flush()
    if own.sheet is not None:
        db.session.execute(delete(Mark).where(Mark.scoresheet_id == sheet.id))
    insert_marks(sheet.id, entry.marks)
    return sheet


def insert_marks(sheet_id: int, marks: Iterable[MarkLine]) -> None:
    """Write marks that are known to be new on a sheet."""
    rows = [
        {
            "scoresheet_id": sheet_id,
            "team_id": line.team,
            "delegate_id": line.delegate,
            "criterion_id": line.criterion,
            "mark": line.mark,
        }
        for line in marks
    ]
    if rows:
        db.session.execute(insert(Mark.__table__), rows)  # type: ignore[arg-type]


def next_version(table_id: int, judge_id: int) -> int:
    """The version number of a judge's next sheet for a table."""
    query = select(Scoresheet.version).where(Scoresheet.table_id == table_id, Scoresheet.judge_id == judge_id)
    return max(db.session.scalars(query), default=0) + 1


def _write_final(sheet: Scoresheet, plan: SheetPlan, entry: Entry) -> None:
    """Drop the marks of those who did not take part; write what counts for marks that were not observed."""
    if entry.absent:
        db.session.execute(
            delete(Mark).where(Mark.scoresheet_id == sheet.id, Mark.delegate_id.in_(entry.absent))
        )
    kept = frozenset(entry.marks)
    insert_marks(sheet.id, [line for line in complete(plan, entry) if line not in kept])


def name_delegates(sheet: Scoresheet, nominations: Mapping[int, int]) -> None:
    """The judge's nominations at the table are these and no others."""
    db.session.execute(
        delete(Nomination).where(Nomination.table_id == sheet.table_id, Nomination.judge_id == sheet.judge_id)
    )
    moment = utc_now()
    db.session.add_all(
        Nomination(
            award_line_id=award,
            table_id=sheet.table_id,
            judge_id=sheet.judge_id,
            delegate_id=delegate,
            named_at=moment,
        )
        for award, delegate in nominations.items()
    )


def _record(actor: Actor, verb: str, plan: SheetPlan, sheet: Scoresheet) -> None:
    scope = edition_scope(plan.table.edition_id)
    details = {"table": plan.table.id, "judge": sheet.judge_id, "version": sheet.version}
    record(actor, verb, "scoresheet", sheet.id, scope=scope, details=details)
    bump(scope)

"""Filling in one sheet: the same five steps for a judge on a phone and for an organiser typing a paper sheet in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf.csrf import generate_csrf

from competition.editions.public import Edition
from competition.entries.public import Judge
from competition.resolutions.public import Standing
from competition.rounds.public import TableFacts
from core.access import current_actor
from core.errors import Conflict, said
from core.idempotency import FIELD, new_key
from judging.cautions import cautions_of
from judging.entry import (
    Entry,
    FieldFault,
    Remark,
    award_field,
    complete,
    faults_of,
    feedback_field,
    mark_field,
    note_field,
    places,
    read_entry,
    shown,
    tick_field,
    unseen_field,
    without_absent,
    without_faulty,
)
from judging.models import Scoresheet
from judging.plan import SheetPlan
from judging.queries import find_sheet
from judging.services.sheets import (
    find_entry,
    must_break_ties,
    preview,
    receive_sheet,
    revision_of,
    save_draft,
    sheet_totals,
)

FIELD_NAMES = {
    "mark_field": mark_field,
    "tick_field": tick_field,
    "unseen_field": unseen_field,
    "note_field": note_field,
    "feedback_field": feedback_field,
    "award_field": award_field,
    "shown": shown,
}
"""How templates name the fields of a sheet and write a mark."""
OF_THE_PAGE = frozenset({"csrf_token", "version", "page", "action", FIELD})
"""Fields of a posted sheet that say nothing about the marks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One judge's sheet for one table, and the addresses of its pages."""

    edition: Edition
    plan: SheetPlan
    judge: Judge
    home_url: str
    sheet_url: str
    review_url: str
    submit_url: str
    autosave_url: str
    pulse_url: str
    is_on_behalf: bool = False
    resolution: Standing | None = None
    check_url: str = ""

    @property
    def key(self) -> str:
        """Under which a phone keeps what was typed; another one for each judge and table."""
        return key_of(self.edition, self.plan.table, self.judge)

    @property
    def position(self) -> str:
        return next(place.position for place in self.plan.table.panel if place.judge_id == self.judge.id)

    @property
    def ties(self) -> str:
        """How a tie on this sheet is spoken of while marking: forbidden only where this sheet decides alone."""
        return "forbidden" if must_break_ties(self.plan, self.judge.id) else "shared"


def key_of(edition: Edition, table: TableFacts, judge: Judge) -> str:
    """Under which a phone keeps a judge's sheet for a table."""
    return f"{edition.public_id}-{table.public_id}-{judge.public_id}"


def show_sheet(desk: Desk) -> ResponseReturnValue:
    """The sheet to fill in, or to read once it is handed in."""
    sheet, entry = find_entry(desk.plan, desk.judge.id)
    if sheet is not None and sheet.state != "draft":
        return _read_only(desk, sheet, entry)
    if "check" in request.args:
        missing = faults_of(desk.plan, entry, require_complete=True)
        return _page(desk, sheet, entry, missing, is_saved=True)
    return _page(desk, sheet, entry)


def save_sheet(desk: Desk) -> ResponseReturnValue:
    """Keep a draft; lead to the review when that was asked for and everything is there."""
    entry = read_entry(desk.plan, request.form)
    wants_review = request.form.get("action") == "review"
    if faults_of(desk.plan, entry, require_complete=False):
        faults = faults_of(desk.plan, entry, require_complete=wants_review)
        return _page(desk, find_sheet(desk.plan.table.id, desk.judge.id), entry, faults), 422
    try:
        _save(desk, entry)
    except Conflict as conflict:
        return _conflict(desk, entry, conflict), 409
    if not wants_review:
        flash(_("Your draft is saved."), "success")
        return redirect(desk.sheet_url, code=303)
    if faults_of(desk.plan, entry, require_complete=True):
        return redirect(f"{desk.sheet_url}?check=1", code=303)
    return redirect(desk.review_url, code=303)


def autosave(desk: Desk) -> ResponseReturnValue:
    """Keep a draft for a page that goes on; answers with the new revision and with what could not be kept.

    An impossible mark stays on the phone and keeps no other mark from being saved.
    """
    entry = read_entry(desk.plan, request.form)
    faults = faults_of(desk.plan, entry, require_complete=False)
    try:
        sheet = _save(desk, without_faulty(desk.plan, entry, faults))
    except Conflict as conflict:
        return jsonify({"error": conflict.word, "message": said(conflict)}), 409
    return jsonify(
        {"version": sheet.revision, "saved_at": sheet.saved_at.isoformat(), "faults": _listed(faults)}
    )


def pulse(desk: Desk) -> ResponseReturnValue:
    """For a page that was away: whose sheet this is, its state and revision, and a token for the next form."""
    sheet = find_sheet(desk.plan.table.id, desk.judge.id)
    return jsonify(
        {
            "key": desk.key,
            "token": generate_csrf(),
            "version": revision_of(sheet),
            "saved_from": sheet.saved_from if sheet is not None else "",
            "is_open": sheet is None or sheet.state == "draft",
        }
    )


def show_review(desk: Desk) -> ResponseReturnValue:
    """Totals, places and ties as the server works them out from the saved draft."""
    sheet, entry = find_entry(desk.plan, desk.judge.id)
    if sheet is None or sheet.state != "draft":
        return redirect(desk.sheet_url)
    return _review(desk, sheet, entry)


def submit(desk: Desk) -> ResponseReturnValue:
    """Hand the sheet in, once for its key: the reviewed draft, or (`whole`) everything that a phone kept."""
    entry = read_entry(desk.plan, request.form) if "whole" in request.form else None
    wants_json = request.accept_mimetypes.best == "application/json"
    if entry is not None and (faults := faults_of(desk.plan, entry, require_complete=True)):
        return jsonify({"error": "refused", "faults": _listed(faults)}), 422
    try:
        receive_sheet(
            actor=current_actor(),
            plan=desk.plan,
            judge_id=desk.judge.id,
            shown=_shown(),
            key=request.form.get(FIELD, ""),
            entry=entry,
            page=request.form.get("page", ""),
            by_organiser=desk.is_on_behalf,
        )
    except Conflict as conflict:
        if wants_json:
            return jsonify({"error": conflict.word, "message": said(conflict)}), conflict.status
        raise
    flash(_("The sheet is submitted. Thank you."), "success")
    if wants_json:
        return jsonify({"received": True, "location": desk.sheet_url})
    return redirect(desk.sheet_url, code=303)


def _listed(faults: Sequence[FieldFault]) -> list[dict[str, str]]:
    return [{"field": fault.field, "message": fault.message} for fault in faults]


def _save(desk: Desk, entry: Entry) -> Scoresheet:
    return save_draft(
        actor=current_actor(),
        plan=desk.plan,
        judge_id=desk.judge.id,
        shown=_shown(),
        entry=entry,
        page=request.form.get("page", ""),
    )


def _shown() -> int:
    text = request.form.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else -1


def _page(
    desk: Desk,
    sheet: Scoresheet | None,
    entry: Entry,
    faults: Sequence[FieldFault] = (),
    *,
    is_saved: bool = False,
) -> str:
    return render_template(
        "judging/sheet.html",
        **_common(desk, sheet, entry),
        errors={fault.field: fault.message for fault in faults},
        summary=_summary(faults),
        is_saved=is_saved,
    )


def _summary(faults: Sequence[FieldFault]) -> list[tuple[str, str]]:
    """One line per team and kind of fault, leading to the first field of its kind."""
    groups: dict[tuple[str, bool], list[FieldFault]] = {}
    for fault in faults:
        groups.setdefault((fault.team.name, fault.code == "missing_mark"), []).append(fault)
    lines = []
    for (team, is_missing), found in groups.items():
        if is_missing:
            text = ngettext(
                "%(team)s: %(num)d mark is missing",
                "%(team)s: %(num)d marks are missing",
                len(found),
                team=team,
            )
            lines.append((text, f"#{found[0].field}"))
        else:
            lines += [(f"{fault.place}: {fault.message}", f"#{fault.field}") for fault in found]
    return lines


def _read_only(desk: Desk, sheet: Scoresheet, entry: Entry) -> str:
    return render_template(
        "judging/sheet_done.html",
        **_common(desk, sheet, entry),
        placings=preview(desk.plan, entry).placings,
        may_check=desk.is_on_behalf
        and sheet.state == "submitted"
        and sheet.entered_by not in (None, current_actor().person_id)
        and sheet.checked_by is None,
    )


def _review(desk: Desk, sheet: Scoresheet, entry: Entry) -> str:
    missing = faults_of(desk.plan, entry, require_complete=True)
    found = preview(desk.plan, entry) if not missing else None
    return render_template(
        "judging/review.html",
        **_common(desk, sheet, entry),
        summary=_summary(missing),
        placings=found.placings if found else (),
        has_ties=bool(found and found.has_ties),
        cautions=cautions_of(desk.plan, without_absent(entry)) if found else [],
        must_break=must_break_ties(desk.plan, desk.judge.id),
    )


def _conflict(desk: Desk, entry: Entry, conflict: Conflict) -> str:
    sheet, saved = find_entry(desk.plan, desk.judge.id)
    return render_template(
        "judging/conflict.html",
        **_common(desk, sheet, entry),
        message=said(conflict),
        changes=_differences(desk.plan, entry, saved),
        can_overwrite=sheet is None or sheet.state == "draft",
        fields=[
            (name, value)
            for name, value in request.form.items(multi=True)
            if name not in OF_THE_PAGE and value
        ],
    )


def _differences(plan: SheetPlan, typed: Entry, saved: Entry) -> list[tuple[str, str, str]]:
    """What was typed against what is saved: (where, typed, saved)."""
    names = {delegate.id: delegate.name for team in plan.teams for delegate in team.delegates}
    found = []
    for field, team, delegate, criterion in places(plan):
        mine, theirs = typed.typed[field].replace(",", "."), saved.typed[field]
        if mine != theirs:
            where = [team.name, *([names[delegate]] if delegate else []), criterion.name or criterion.code]
            found.append((" · ".join(where), mine, theirs))
    found += _other_words(plan, typed, saved)
    for delegate in sorted(typed.absent ^ saved.absent):
        words = (_("did not take part"), _("took part"))
        is_typed = delegate in typed.absent
        found.append(
            (names[delegate], words[0] if is_typed else words[1], words[1] if is_typed else words[0])
        )
    return found


def _other_words(plan: SheetPlan, typed: Entry, saved: Entry) -> list[tuple[str, str, str]]:
    """The remarks and nominations in which two versions differ."""
    names = {one.id: one.name for team in plan.teams for one in team.delegates}
    found = []
    for team in plan.marked_teams:
        mine, theirs = typed.remarks.get(team.id, Remark()), saved.remarks.get(team.id, Remark())
        for label, one, other in (
            (_("Private note"), mine.note, theirs.note),
            (_("Feedback"), mine.feedback, theirs.feedback),
        ):
            if one != other:
                found.append((f"{team.name} · {label}", one, other))
    for award in plan.awards:
        one, other = (names.get(entry.nominations.get(award.id, 0), "") for entry in (typed, saved))
        if one != other:
            found.append((award.name, one, other))
    return found


def _common(desk: Desk, sheet: Scoresheet | None, entry: Entry) -> dict[str, object]:
    marks = {(line.team, line.delegate, line.criterion): shown(line.mark) for line in entry.marks}
    counted = complete(desk.plan, entry)
    totals = sheet_totals(desk.plan, counted, entry.absent) if counted else {}
    return {
        "edition": desk.edition,
        "desk": desk,
        "plan": desk.plan,
        "teams": {team.id: team for team in desk.plan.teams},
        "sheet": sheet,
        "revision": revision_of(sheet),
        "entry": entry,
        "marks": marks,
        "totals": totals,
        "standing": {
            (line.team, line.delegate, line.criterion): shown(line.mark)
            for line in counted
            if (line.team, line.delegate, line.criterion) in entry.unobserved
        },
        **FIELD_NAMES,
        "page": new_key(),
        "idempotency_key": new_key(),
    }

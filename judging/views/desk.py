"""Filling in one sheet: the same five steps for a judge on a phone and for an organiser typing a paper sheet in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from competition.editions.public import Edition
from competition.entries.public import Judge
from core.access import current_actor
from core.errors import Conflict, said
from core.idempotency import new_key, once
from judging.entry import Entry, FieldFault, faults_of, mark_field, places, read_entry, shown, tick_field
from judging.models import Scoresheet
from judging.plan import SheetPlan
from judging.queries import find_sheet
from judging.services.sheets import (
    find_entry,
    must_break_ties,
    preview,
    revision_of,
    save_draft,
    sheet_totals,
    submit_sheet,
)


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
    is_on_behalf: bool = False

    @property
    def key(self) -> str:
        """Under which a phone keeps what was typed; another one for each judge and table."""
        return f"{self.edition.public_id}-{self.plan.table.public_id}-{self.judge.public_id}"

    @property
    def position(self) -> str:
        return next(place.position for place in self.plan.table.panel if place.judge_id == self.judge.id)

    @property
    def ties(self) -> str:
        """How a tie on this sheet is spoken of while marking: forbidden only where this sheet decides alone."""
        return "forbidden" if must_break_ties(self.plan, self.judge.id) else "shared"


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
    """Keep a draft for a page that goes on; answers with the new revision, or says why not."""
    entry = read_entry(desk.plan, request.form)
    if faults := faults_of(desk.plan, entry, require_complete=False):
        found = [{"field": fault.field, "message": fault.message} for fault in faults]
        return jsonify({"error": "refused", "faults": found}), 422
    try:
        sheet = _save(desk, entry)
    except Conflict as conflict:
        return jsonify({"error": conflict.word, "message": said(conflict)}), 409
    return jsonify({"version": sheet.revision, "saved_at": sheet.saved_at.isoformat()})


def show_review(desk: Desk) -> ResponseReturnValue:
    """Totals, places and ties as the server works them out from the saved draft."""
    sheet, entry = find_entry(desk.plan, desk.judge.id)
    if sheet is None or sheet.state != "draft":
        return redirect(desk.sheet_url)
    return _review(desk, sheet, entry)


def submit(desk: Desk) -> ResponseReturnValue:
    """Hand the reviewed sheet in, once."""

    def work() -> str:
        submit_sheet(
            actor=current_actor(),
            plan=desk.plan,
            judge_id=desk.judge.id,
            shown=_shown(),
            by_organiser=desk.is_on_behalf,
        )
        flash(_("The sheet is submitted. Thank you."), "success")
        return desk.sheet_url

    return once(current_actor(), "submit_sheet", work)


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
        "judging/sheet_done.html", **_common(desk, sheet, entry), placings=preview(desk.plan, entry).placings
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
        must_break=must_break_ties(desk.plan, desk.judge.id),
        idempotency_key=new_key(),
    )


def _conflict(desk: Desk, entry: Entry, conflict: Conflict) -> str:
    sheet, saved = find_entry(desk.plan, desk.judge.id)
    return render_template(
        "judging/conflict.html",
        **_common(desk, sheet, entry),
        message=said(conflict),
        changes=_differences(desk.plan, entry, saved),
        can_overwrite=sheet is None or sheet.state == "draft",
        ticks=[
            tick_field(delegate.public_id)
            for team in desk.plan.marked_teams
            for delegate in team.delegates
            if not delegate.is_out and delegate.id not in entry.absent
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
    for delegate in sorted(typed.absent ^ saved.absent):
        words = (_("did not take part"), _("took part"))
        is_typed = delegate in typed.absent
        found.append(
            (names[delegate], words[0] if is_typed else words[1], words[1] if is_typed else words[0])
        )
    return found


def _common(desk: Desk, sheet: Scoresheet | None, entry: Entry) -> dict[str, object]:
    marks = {(line.team, line.delegate, line.criterion): shown(line.mark) for line in entry.marks}
    totals = sheet_totals(desk.plan, entry.marks, entry.absent) if entry.marks else {}
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
        "mark_field": mark_field,
        "tick_field": tick_field,
        "shown": shown,
        "page": new_key(),
    }

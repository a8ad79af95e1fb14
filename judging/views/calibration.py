"""The practice table: organisers set it up and see how far judges are apart, judges mark it and see themselves."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.editions.public import Edition, get_edition
from competition.entries.public import judges_of
from core.access import Permission, current_actor, requires
from core.errors import NotFound
from core.idempotency import new_key, once
from core.roles import ROLES
from judging.calibration import distance_of, find_calibration, marks_by_judge, practice_plan, sheets_of
from judging.entry import Entry, faults_of, read_entry, stored_entry
from judging.forms import CalibrationForm
from judging.judges import current_judge
from judging.models import Calibration
from judging.queries import criteria_of
from judging.services import calibration as services
from judging.views.desk import FIELD_NAMES

blueprint = Blueprint("calibration", __name__, url_prefix="/e/<slug>/practice-table")


@blueprint.get("/")
@requires(Permission.MANAGE_RESULTS)
def show(slug: str) -> ResponseReturnValue:
    """The practice table, who marked it, and how far each judge stands from the others."""
    edition = get_edition(slug)
    row = find_calibration(edition.id)
    return _show(edition, row, _form_of(row))


@blueprint.post("/")
@requires(Permission.MANAGE_RESULTS)
def save(slug: str) -> ResponseReturnValue:
    """Write it."""
    edition, form = get_edition(slug), CalibrationForm()
    if not form.validate_on_submit():
        return _show(edition, find_calibration(edition.id), form), 422
    services.save_calibration(
        actor=current_actor(), edition=edition, values=form.values(), shown_version=form.version.number
    )
    flash(_("Saved."), "success")
    return redirect(url_for("calibration.show", slug=slug), code=303)


@blueprint.post("/<any(open, closed):state>")
@requires(Permission.MANAGE_RESULTS)
def set_state(slug: str, state: str) -> ResponseReturnValue:
    """Open it to the judges, or close it."""
    edition = get_edition(slug)

    def work() -> str:
        services.set_state(actor=current_actor(), edition=edition, state=state)
        flash(_("Judges can mark it now.") if state == "open" else _("It is closed."), "success")
        return url_for("calibration.show", slug=slug)

    return once(current_actor(), f"calibration_{state}:{edition.id}", work)


@blueprint.get("/mark")
@requires(Permission.MARK_TABLES)
def mark(slug: str) -> ResponseReturnValue:
    """The practice sheet; once it is handed in, the judge's distance from the others."""
    edition = get_edition(slug)
    row = _open_to_judges(edition)
    judge = current_judge(edition)
    sheets = sheets_of(row.id)
    if any(sheet.judge_id == judge.id for sheet in sheets):
        plan = practice_plan(edition, row)
        return render_template(
            "judging/practice_done.html",
            edition=edition,
            calibration=row,
            plan=plan,
            distance=distance_of(judge.id, marks_by_judge(sheets, plan.criteria)),
            key=_key(row, judge.public_id),
        )
    plan = practice_plan(edition, row)
    return _sheet(edition, row, stored_entry(plan, (), ()))


@blueprint.post("/mark")
@requires(Permission.MARK_TABLES)
def hand_in(slug: str) -> ResponseReturnValue:
    """Take the marks."""
    edition = get_edition(slug)
    row = _open_to_judges(edition)
    judge = current_judge(edition)
    plan = practice_plan(edition, row)
    entry = read_entry(plan, request.form)
    if row.state == "open" and (faults := faults_of(plan, entry, require_complete=True)):
        return _sheet(edition, row, entry, {fault.field: fault.message for fault in faults}), 422
    services.mark_practice(actor=current_actor(), edition=edition, judge=judge, entry=entry)
    return redirect(url_for("calibration.mark", slug=slug), code=303)


def _open_to_judges(edition: Edition) -> Calibration:
    row = find_calibration(edition.id)
    if row is None or row.state == "draft":
        raise NotFound()
    return row


def _sheet(edition: Edition, row: Calibration, entry: Entry, errors: dict[str, str] | None = None) -> str:
    return render_template(
        "judging/practice.html",
        edition=edition,
        calibration=row,
        plan=practice_plan(edition, row),
        entry=entry,
        errors=errors or {},
        is_practice=True,
        key=_key(row, current_judge(edition).public_id),
        **FIELD_NAMES,
    )


def _key(row: Calibration, judge: str) -> str:
    return f"practice-{row.public_id}-{judge}"


def _form_of(row: Calibration | None) -> CalibrationForm:
    if row is None:
        return CalibrationForm(formdata=None, data={"version": "0"})
    parties = {f"party_{role.value}": row.parties.get(role.value, "") for role in ROLES}
    return CalibrationForm(
        formdata=None,
        data={
            "title": row.title,
            "text": row.text,
            "text_zh": row.text_zh,
            "version": str(row.version),
            **parties,
        },
    )


def _show(edition: Edition, row: Calibration | None, form: CalibrationForm) -> str:
    sheets = sheets_of(row.id) if row is not None else []
    marks = marks_by_judge(sheets, criteria_of(edition.id))
    lines = [(judge, judge.id in marks, distance_of(judge.id, marks)) for judge in judges_of(edition.id)]
    return render_template(
        "judging/calibration.html",
        edition=edition,
        calibration=row,
        form=form,
        lines=lines,
        widest=max((abs(one.lean) for _judge, _has, one in lines if one is not None), default=0),
        idempotency_key=new_key(),
    )

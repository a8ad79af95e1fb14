"""An edition's files: export and results workbook to take away, and an updated workbook to bring in."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, abort, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from competition.editions.public import Edition, get_edition
from core.access import Permission, current_actor, requires
from core.audit import edition_scope
from core.errors import NotFound
from core.jobs import Job, JobState, find_job, request_cancel
from core.localised import N_
from core.spreadsheets import MIMETYPE
from tabroom.views.workbook import (
    UploadForm,
    apply_job,
    cancel_job,
    place_in,
    receive,
    send_marked,
    show_job,
)
from tabroom.workbook import kept
from tabroom.workbook.exports import FORMS
from tabroom.workbook.jobs import EXPORT, enqueue_export

blueprint = Blueprint("files", __name__)
NO_FILE = N_("There is no such file, or it is no longer kept. Make it again.")


def _page(slug: str, form: UploadForm) -> str:
    edition, actor = get_edition(slug), current_actor()
    return render_template(
        "tabroom/workbook/files.html",
        edition=edition,
        form=form,
        place=place_in(slug),
        may_export=actor.may(Permission.EXPORT_EDITION, edition_id=edition.id),
        may_import=actor.may(Permission.EDIT_EDITION, edition_id=edition.id),
    )


@blueprint.get("/e/<slug>/files/")
@requires(Permission.SEE_EDITION)
def show(slug: str) -> ResponseReturnValue:
    """What can be taken away and brought in."""
    return _page(slug, UploadForm())


@blueprint.post("/e/<slug>/files/import")
@requires(Permission.EDIT_EDITION)
def import_receive(slug: str) -> ResponseReturnValue:
    """Take an updated workbook of this edition and try it."""
    form = UploadForm()
    if not form.validate_on_submit():
        return _page(slug, form), 422
    return receive(place_in(slug), form)


@blueprint.get("/e/<slug>/files/import/<job_id>")
@requires(Permission.EDIT_EDITION)
def import_job(slug: str, job_id: str) -> ResponseReturnValue:
    """The state of one import."""
    return show_job(place_in(slug), job_id)


@blueprint.get("/e/<slug>/files/import/<job_id>/marked")
@requires(Permission.EDIT_EDITION)
def import_marked(slug: str, job_id: str) -> ResponseReturnValue:
    """The file with its faults marked."""
    return send_marked(place_in(slug), job_id)


@blueprint.post("/e/<slug>/files/import/<job_id>/apply")
@requires(Permission.EDIT_EDITION)
def import_apply(slug: str, job_id: str) -> ResponseReturnValue:
    """Import the file that was tried."""
    return apply_job(place_in(slug), job_id)


@blueprint.post("/e/<slug>/files/import/<job_id>/cancel")
@requires(Permission.EDIT_EDITION)
def import_cancel(slug: str, job_id: str) -> ResponseReturnValue:
    """Stop it."""
    return cancel_job(place_in(slug), job_id)


@blueprint.post("/e/<slug>/files/export")
@requires(Permission.EXPORT_EDITION)
def export(slug: str) -> ResponseReturnValue:
    """Make the edition workbook."""
    return _enqueue(slug, "workbook")


@blueprint.post("/e/<slug>/files/results")
@requires(Permission.MANAGE_RESULTS)
def results(slug: str) -> ResponseReturnValue:
    """Make the results workbook, with marks only where they were asked for."""
    return _enqueue(slug, "results_with_marks" if request.form.get("with_marks") else "results")


@blueprint.post("/e/<slug>/files/audit")
@requires(Permission.MANAGE_RESULTS)
def audit(slug: str) -> ResponseReturnValue:
    """Make the auditor's workbook: marks and live formulas, for organisers only."""
    return _enqueue(slug, "audit")


@blueprint.post("/e/<slug>/files/research")
@requires(Permission.EXPORT_EDITION)
def research(slug: str) -> ResponseReturnValue:
    """Make the research workbook: everybody under a code."""
    return _enqueue(slug, "research")


def _enqueue(slug: str, form: str) -> ResponseReturnValue:
    edition = get_edition(slug)
    scope = edition_scope(edition.id)
    job = enqueue_export(actor=current_actor(), edition_id=edition.id, form=form, scope=scope)
    return redirect(url_for("files.made", slug=slug, job_id=job.public_id), code=303)


@blueprint.get("/e/<slug>/files/made/<job_id>")
@requires(Permission.MANAGE_RESULTS)
def made(slug: str, job_id: str) -> ResponseReturnValue:
    """How far the file is, and where to fetch it."""
    edition = get_edition(slug)
    job = _own_export(edition, job_id)
    is_part = request.headers.get("HX-Request") == "true"
    template = "tabroom/workbook/_made.html" if is_part else "tabroom/workbook/made.html"
    return render_template(template, edition=edition, job=job, is_live=not job.is_finished)


@blueprint.post("/e/<slug>/files/made/<job_id>/cancel")
@requires(Permission.MANAGE_RESULTS)
def cancel_made(slug: str, job_id: str) -> ResponseReturnValue:
    """Stop making it."""
    request_cancel(_own_export(get_edition(slug), job_id))
    return redirect(url_for("files.made", slug=slug, job_id=job_id), code=303)


@blueprint.get("/e/<slug>/files/made/<job_id>/download")
@requires(Permission.MANAGE_RESULTS)
def download(slug: str, job_id: str) -> ResponseReturnValue:
    """The file, for whoever asked for it."""
    job = _own_export(get_edition(slug), job_id)
    if job.state != JobState.DONE:
        raise NotFound(NO_FILE)
    data = kept.find(job.result["token"])
    if data is None:
        raise NotFound(NO_FILE)
    response = send_file(
        BytesIO(data), mimetype=MIMETYPE, as_attachment=True, download_name=job.result["name"]
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _own_export(edition: Edition, job_id: str) -> Job:
    """The actor's own export of this edition that they may still have; raises NotFound."""
    job, actor = find_job(job_id), current_actor()
    if job is None or actor.person_id is None or job.person_id != actor.person_id:
        raise NotFound(NO_FILE)
    if job.kind != EXPORT or job.scope != edition_scope(edition.id):
        raise NotFound(NO_FILE)
    if not actor.may(FORMS[job.arguments["form"]].permission, edition_id=edition.id):
        abort(403)
    return job

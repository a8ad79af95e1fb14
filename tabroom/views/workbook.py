"""Importing an edition workbook: upload, preview, apply; for the operator and for an edition's director."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from flask import Blueprint, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired

from competition.editions.public import Edition, get_edition
from core.access import Permission, current_actor, requires
from core.audit import edition_scope
from core.errors import Conflict, NotFound
from core.forms import BaseForm
from core.idempotency import new_key, once
from core.jobs import Job, JobState, find_job, request_cancel
from core.localised import N_, translated
from core.spreadsheets import MIMETYPE
from tabroom.workbook import kept
from tabroom.workbook.jobs import IMPORT, enqueue_import, problem_lines

blueprint = Blueprint("workbook", __name__)
OPERATORS = "import"
NO_JOB = N_("There is no such import.")
NO_COPY = N_("This copy is no longer kept. Send the file again.")
NOT_READY = N_("This file was not found sound yet, so it cannot be imported.")


class UploadForm(BaseForm):
    """One workbook file."""

    file = FileField(_l("Edition workbook (.xlsx)"), [FileRequired(_l("Choose a file."))])


@dataclass(frozen=True, slots=True)
class Place:
    """Where imports happen: at the operator's desk, or in one edition, whose file it must be."""

    edition: Edition | None = None

    @property
    def scope(self) -> str:
        return edition_scope(self.edition.id) if self.edition else OPERATORS

    @property
    def slug(self) -> str | None:
        return self.edition.slug if self.edition else None

    def url(self, action: str, job: Job | None = None) -> str:
        """The address of a page of the import here."""
        values: dict[str, Any] = {"job_id": job.public_id} if job is not None else {}
        if self.edition is not None:
            return url_for(f"files.import_{action}", slug=self.edition.slug, **values)
        return url_for(f"workbook.{action}", **values)

    @property
    def start_url(self) -> str:
        return url_for("files.show", slug=self.slug) if self.edition else url_for("workbook.upload")

    def find(self, job_id: str) -> Job:
        """The actor's own import job of this place; raises NotFound."""
        job = find_job(job_id)
        own = job is not None and job.person_id == current_actor().person_id is not None
        if job is None or not own or job.kind != IMPORT or job.scope != self.scope:
            raise NotFound(NO_JOB)
        return job


def receive(place: Place, form: UploadForm) -> ResponseReturnValue:
    """Keep the uploaded file and queue a dry run of it."""
    actor = current_actor()

    def work() -> str:
        token = kept.keep(form.file.data.read())
        job = enqueue_import(actor=actor, token=token, is_dry_run=True, slug=place.slug, scope=place.scope)
        return place.url("job", job)

    return once(actor, "import_edition", work)


def show_job(place: Place, job_id: str) -> ResponseReturnValue:
    """How far an import is, what it would do, what is wrong with it, or what it did."""
    job = place.find(job_id)
    is_part = request.headers.get("HX-Request") == "true"
    context = {"edition": place.edition} if place.edition else {}
    return render_template(
        "tabroom/workbook/_job.html" if is_part else "tabroom/workbook/job.html",
        job=job,
        place=place,
        faults=_lines(job, is_warning=False),
        warnings=_lines(job, is_warning=True),
        fault_count=job.result.get("problem_count", 0),
        is_live=not job.is_finished,
        is_dry_run=job.arguments["dry_run"],
        key=new_key(),
        **context,
    )


def send_marked(place: Place, job_id: str) -> ResponseReturnValue:
    """The file as it was sent, with its faults marked."""
    job = place.find(job_id)
    data = kept.find(str(job.result.get("marked", "")))
    if data is None:
        raise NotFound(NO_COPY)
    name = f"{place.slug or 'edition'}-faults.xlsx"
    response = send_file(BytesIO(data), mimetype=MIMETYPE, as_attachment=True, download_name=name)
    response.headers["Cache-Control"] = "no-store"
    return response


def _lines(job: Job, *, is_warning: bool) -> list[dict[str, str]]:
    return [
        {
            "sheet": line.sheet,
            "row": line.row,
            "column": line.column,
            "value": line.value,
            "text": translated(line.problem.message, line.problem.values),
        }
        for line in problem_lines(job, is_warning=is_warning)
    ]


def apply_job(place: Place, job_id: str) -> ResponseReturnValue:
    """Queue the import itself after its preview."""
    job, actor = place.find(job_id), current_actor()
    if job.state != JobState.DONE or not job.arguments["dry_run"]:
        raise Conflict(NOT_READY)

    def work() -> str:
        token = job.arguments["token"]
        real = enqueue_import(actor=actor, token=token, is_dry_run=False, slug=place.slug, scope=place.scope)
        return place.url("job", real)

    return once(actor, "apply_import", work)


def cancel_job(place: Place, job_id: str) -> ResponseReturnValue:
    """Stop an import; nothing of it is kept."""
    job = place.find(job_id)
    request_cancel(job)
    if job.state == JobState.CANCELLED:
        kept.remove(job.arguments["token"])
    return redirect(place.url("job", job), code=303)


@blueprint.get("/editions/import")
@requires(Permission.CREATE_EDITION)
def upload() -> ResponseReturnValue:
    """Choose a file."""
    return render_template("tabroom/workbook/upload.html", form=UploadForm(), place=Place())


@blueprint.post("/editions/import")
@requires(Permission.CREATE_EDITION)
def receive_upload() -> ResponseReturnValue:
    """Take the file and try it."""
    form = UploadForm()
    if not form.validate_on_submit():
        return render_template("tabroom/workbook/upload.html", form=form, place=Place()), 422
    return receive(Place(), form)


@blueprint.get("/editions/import/<job_id>")
@requires(Permission.CREATE_EDITION)
def job(job_id: str) -> ResponseReturnValue:
    """The state of one import."""
    return show_job(Place(), job_id)


@blueprint.get("/editions/import/<job_id>/marked")
@requires(Permission.CREATE_EDITION)
def marked(job_id: str) -> ResponseReturnValue:
    """The file with its faults marked."""
    return send_marked(Place(), job_id)


@blueprint.post("/editions/import/<job_id>/apply")
@requires(Permission.CREATE_EDITION)
def apply(job_id: str) -> ResponseReturnValue:
    """Import the file that was tried."""
    return apply_job(Place(), job_id)


@blueprint.post("/editions/import/<job_id>/cancel")
@requires(Permission.CREATE_EDITION)
def cancel(job_id: str) -> ResponseReturnValue:
    """Stop it."""
    return cancel_job(Place(), job_id)


def place_in(slug: str) -> Place:
    """The place of imports of one edition."""
    return Place(get_edition(slug))

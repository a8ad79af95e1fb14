"""Pages on which organisers write cases: list, public part, briefs, files, preview, and who has read what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.cases.format import MOST_BYTES, from_json, to_json
from competition.cases.forms import AttachForm, BriefForm, CaseFileForm, CaseForm, NewCaseForm
from competition.cases.issue_lines import from_lines, to_lines
from competition.cases.library import library_cases, library_content
from competition.cases.models import Case
from competition.cases.queries import (
    OPENINGS_PER_PAGE,
    OpeningFilter,
    cases_of,
    content_of,
    count_openings,
    files_of,
    get_case,
    get_file,
    newest_briefs,
    openings_of,
    revisions_of,
    rounds_of_case,
)
from competition.cases.services import (
    add_file,
    create_case,
    delete_case,
    edit_case,
    import_case,
    is_open,
    remove_file,
    save_brief,
)
from competition.editions.public import Edition, get_edition, to_local
from competition.rounds.public import role_words
from core.access import Permission, current_actor, requires
from core.db import db, utc_now
from core.errors import DomainError, Invalid, NotFound, said
from core.filters import Page
from core.idempotency import new_key, once
from core.localised import N_
from core.markdown import safe_html
from core.roles import ROLES, Role

blueprint = Blueprint("cases", __name__, url_prefix="/e/<slug>")
TEXTS = ("title", "title_zh", "background", "background_zh", "session_plan", "session_plan_zh")


@blueprint.get("/cases/")
@requires(Permission.MANAGE_ROUNDS)
def index(slug: str) -> ResponseReturnValue:
    """The cases of an edition, and how to get another one."""
    return _index(get_edition(slug))


def _index(edition: Edition, fault: str = "") -> str:
    return render_template(
        "cases/index.html",
        edition=edition,
        lines=[
            (case, rounds_of_case(case.id), newest_briefs(case.id), files_of(case.id))
            for case in cases_of(edition.id)
        ],
        new_form=NewCaseForm(),
        file_form=CaseFileForm(),
        library=library_cases(),
        now=utc_now(),
        is_open=is_open,
        fault=fault,
        new_key=new_key,
    )


@blueprint.post("/cases/new")
@requires(Permission.MANAGE_ROUNDS)
def create(slug: str) -> ResponseReturnValue:
    """Begin an empty case."""
    edition, form = get_edition(slug), NewCaseForm()
    if not form.validate_on_submit():
        return _index(edition, _("Give the case a title.")), 422

    def work() -> str:
        case = create_case(actor=current_actor(), edition=edition, title=form.title.data or "")
        return url_for("cases.show", slug=slug, case_id=case.public_id)

    return _once_or_index(edition, "case-new", work)


@blueprint.post("/cases/import")
@requires(Permission.MANAGE_ROUNDS)
def bring_in(slug: str) -> ResponseReturnValue:
    """A case from its file."""
    edition, form = get_edition(slug), CaseFileForm()
    if not form.validate_on_submit():
        return _index(edition, _("Choose a file.")), 422

    def work() -> str:
        content = from_json(form.file.data.read(MOST_BYTES + 1))
        case = import_case(actor=current_actor(), edition=edition, content=content)
        flash(_("The case “%(title)s” was brought in.", title=case.title), "success")
        return url_for("cases.show", slug=slug, case_id=case.public_id)

    return _once_or_index(edition, "case-import", work)


@blueprint.post("/cases/library/<name>")
@requires(Permission.MANAGE_ROUNDS)
def take(slug: str, name: str) -> ResponseReturnValue:
    """A copy of one of the cases that come with Parley."""
    edition = get_edition(slug)

    def work() -> str:
        case = import_case(actor=current_actor(), edition=edition, content=library_content(name))
        return url_for("cases.show", slug=slug, case_id=case.public_id)

    return _once_or_index(edition, f"case-take-{name}", work)


def _once_or_index(edition: Edition, purpose: str, work: Callable[[], str]) -> ResponseReturnValue:
    try:
        return once(current_actor(), f"{purpose}:{edition.id}", work)
    except NotFound:
        raise
    except DomainError as fault:
        db.session.rollback()
        return _index(edition, said(fault)), fault.status


@blueprint.get("/cases/<case_id>")
@requires(Permission.MANAGE_ROUNDS)
def show(slug: str, case_id: str) -> ResponseReturnValue:
    """A case: its public part to be written, its briefs and files."""
    edition = get_edition(slug)
    return _case_page(edition, get_case(edition.id, case_id))


def _case_page(
    edition: Edition, case: Case, form: CaseForm | None = None, fault: DomainError | None = None
) -> str:
    values = {name: getattr(case, name) for name in TEXTS}
    attach = AttachForm(formdata=None).offer(_parts())
    return render_template(
        "cases/case.html",
        edition=edition,
        case=case,
        form=form or CaseForm(formdata=None, version=case.version, issues=to_lines(case.issues), **values),
        attach=attach,
        briefs=newest_briefs(case.id),
        files=files_of(case.id),
        rounds=rounds_of_case(case.id),
        roles=[(role.value, role_words(role)) for role in ROLES],
        fault=[said(fault), *fault.details] if fault else [],
        new_key=new_key,
    )


def _parts() -> list[tuple[str, str]]:
    return [
        ("", _("Public part")),
        *((role.value, _("Brief: %(role)s", role=role_words(role))) for role in ROLES),
    ]


@blueprint.post("/cases/<case_id>")
@requires(Permission.MANAGE_ROUNDS)
def save(slug: str, case_id: str) -> ResponseReturnValue:
    """Save the public part."""
    edition = get_edition(slug)
    case, form = get_case(edition.id, case_id), CaseForm()
    if not form.validate_on_submit():
        return _case_page(edition, case, form), 422
    try:
        edit_case(
            actor=current_actor(),
            case=case,
            texts={name: (getattr(form, name).data or "").strip() for name in TEXTS},
            issues=from_lines(form.issues.data or "", case.issues),
            version=int(form.version.data or 0),
        )
    except DomainError as fault:
        db.session.rollback()
        return _case_page(edition, get_case(edition.id, case_id), form, fault), fault.status
    flash(_("Saved."), "success")
    return redirect(url_for("cases.show", slug=slug, case_id=case_id), code=303)


@blueprint.get("/cases/<case_id>/briefs/<role>")
@requires(Permission.MANAGE_ROUNDS)
def brief(slug: str, case_id: str, role: str) -> ResponseReturnValue:
    """A role's confidential brief, to be written."""
    edition = get_edition(slug)
    return _brief_page(edition, get_case(edition.id, case_id), _role(role))


@blueprint.post("/cases/<case_id>/briefs/<role>")
@requires(Permission.MANAGE_ROUNDS)
def write(slug: str, case_id: str, role: str) -> ResponseReturnValue:
    """Save it as a new revision."""
    edition = get_edition(slug)
    case, form = get_case(edition.id, case_id), BriefForm()
    if not form.validate_on_submit():
        return _brief_page(edition, case, _role(role), form), 422
    try:
        saved = save_brief(
            actor=current_actor(),
            case=case,
            role=_role(role),
            values={
                name: (getattr(form, name).data or "").strip()
                for name in ("party", "party_zh", "body", "body_zh")
            },
            revision=int(form.version.data or 0),
        )
    except DomainError as fault:
        db.session.rollback()
        return _brief_page(edition, get_case(edition.id, case_id), _role(role), form, fault), fault.status
    if saved is not None:
        flash(_("Saved as revision %(number)s.", number=saved.revision), "success")
    else:
        flash(_("Nothing was changed."), "info")
    return redirect(url_for("cases.brief", slug=slug, case_id=case_id, role=role), code=303)


def _brief_page(
    edition: Edition,
    case: Case,
    role: Role,
    form: BriefForm | None = None,
    fault: DomainError | None = None,
) -> str:
    now = newest_briefs(case.id).get(role.value)
    values = {name: getattr(now, name) if now else "" for name in ("party", "party_zh", "body", "body_zh")}
    return render_template(
        "cases/brief.html",
        edition=edition,
        case=case,
        role=role.value,
        form=form or BriefForm(formdata=None, version=now.revision if now else 0, **values),
        revisions=[
            (one, to_local(one.written_at, edition.timezone)) for one in revisions_of(case.id, role.value)
        ],
        fault=[said(fault), *fault.details] if fault else [],
    )


def _role(value: str) -> Role:
    if value not in {role.value for role in ROLES}:
        raise NotFound(N_("There is no such role."))
    return Role(value)


@blueprint.post("/cases/<case_id>/files")
@requires(Permission.MANAGE_ROUNDS)
def attach(slug: str, case_id: str) -> ResponseReturnValue:
    """Attach a file."""
    edition = get_edition(slug)
    case, form = get_case(edition.id, case_id), AttachForm().offer(_parts())
    if not form.validate_on_submit():
        return _case_page(edition, case, fault=Invalid(N_("Choose a file."))), 422
    try:
        add_file(
            actor=current_actor(),
            case=case,
            role=form.role.data or None,
            name=form.file.data.filename or "",
            data=form.file.data.read(),
        )
    except DomainError as fault:
        db.session.rollback()
        return _case_page(edition, get_case(edition.id, case_id), fault=fault), fault.status
    flash(_("The file was attached."), "success")
    return redirect(url_for("cases.show", slug=slug, case_id=case_id, _anchor="files"), code=303)


@blueprint.post("/cases/<case_id>/files/<file_id>/remove")
@requires(Permission.MANAGE_ROUNDS)
def detach(slug: str, case_id: str, file_id: str) -> ResponseReturnValue:
    """Remove a file."""
    edition = get_edition(slug)
    case = get_case(edition.id, case_id)
    remove_file(actor=current_actor(), case=case, file=get_file(case.id, file_id))
    flash(_("The file was removed."), "success")
    return redirect(url_for("cases.show", slug=slug, case_id=case_id, _anchor="files"), code=303)


@blueprint.get("/cases/<case_id>/preview")
@requires(Permission.MANAGE_ROUNDS)
def preview(slug: str, case_id: str) -> ResponseReturnValue:
    """The whole case as its readers will see it."""
    edition = get_edition(slug)
    case = get_case(edition.id, case_id)
    briefs = newest_briefs(case.id)
    response = Response(
        render_template(
            "cases/preview.html",
            edition=edition,
            case=case,
            briefs=[(role.value, briefs[role.value]) for role in ROLES if role.value in briefs],
            safe_html=safe_html,
        )
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/cases/<case_id>/openings")
@requires(Permission.MANAGE_ROUNDS)
def openings(slug: str, case_id: str) -> ResponseReturnValue:
    """Who opened which brief, and when."""
    edition = get_edition(slug)
    case = get_case(edition.id, case_id)
    asked = OpeningFilter.of(request.args)
    page = Page.of(request.args, total=count_openings(case.id, asked), per_page=OPENINGS_PER_PAGE)
    here: dict[str, Any] = {"slug": slug, "case_id": case_id}
    lines = [
        (one, role, revision, number, to_local(one.opened_at, edition.timezone))
        for one, role, revision, number in openings_of(case.id, asked, page.number)
    ]
    return render_template(
        "cases/openings.html",
        edition=edition,
        case=case,
        lines=lines,
        asked=asked,
        page=page,
        roles=[(role.value, role_words(role)) for role in ROLES],
        may_export=current_actor().may(Permission.EXPORT_EDITION, edition_id=edition.id),
        sort_url=lambda name: url_for("cases.openings", **here, **asked.arguments(sort=name)),
    )


@blueprint.post("/cases/<case_id>/openings/export")
@requires(Permission.EXPORT_EDITION)
def export_openings(slug: str, case_id: str) -> ResponseReturnValue:
    """Who opened which brief as a file; that it was taken is on record."""
    from core.audit import edition_scope, record
    from core.spreadsheets import csv_for_people

    edition = get_edition(slug)
    case = get_case(edition.id, case_id)
    head = (_("When"), _("Reader"), _("Role"), _("Round"), _("Revision"), _("File"))
    rows = [
        (
            to_local(one.opened_at, edition.timezone).strftime("%Y-%m-%d %H:%M:%S"),
            one.reader,
            role_words(Role(role)),
            number,
            revision,
            one.file_name,
        )
        for one, role, revision, number in openings_of(case.id, OpeningFilter(), page=None)
    ]
    details = {"list": "openings", "rows": len(rows)}
    scope = edition_scope(edition.id)
    record(current_actor(), "export_list", "case", case.id, scope=scope, details=details)
    headers = {
        "Content-Disposition": f'attachment; filename="{edition.slug}-openings.csv"',
        "Cache-Control": "no-store",
    }
    return Response(csv_for_people([head, *rows]), content_type="text/csv; charset=utf-8", headers=headers)


@blueprint.post("/cases/<case_id>/export")
@requires(Permission.MANAGE_ROUNDS)
def export(slug: str, case_id: str) -> ResponseReturnValue:
    """The whole case as one file, briefs and all (a POST: it goes on record)."""
    from core.audit import edition_scope, record

    edition = get_edition(slug)
    case = get_case(edition.id, case_id)
    record(current_actor(), "case.exported", "case", case.id, scope=edition_scope(edition.id), details={})
    headers = {
        "Content-Disposition": f'attachment; filename="case-{case.public_id}.json"',
        "Cache-Control": "no-store",
    }
    return Response(to_json(content_of(case)), mimetype="application/json", headers=headers)


@blueprint.post("/cases/<case_id>/delete")
@requires(Permission.MANAGE_ROUNDS)
def delete(slug: str, case_id: str) -> ResponseReturnValue:
    """Delete a case that no round negotiates."""
    edition = get_edition(slug)
    try:
        delete_case(actor=current_actor(), case=get_case(edition.id, case_id))
    except NotFound:
        raise
    except DomainError as fault:
        db.session.rollback()
        return _case_page(edition, get_case(edition.id, case_id), fault=fault), fault.status
    flash(_("The case was deleted."), "success")
    return redirect(url_for("cases.index", slug=slug), code=303)

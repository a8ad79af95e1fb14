"""Pages of the institutions that field teams: list, add, correct, merge what was typed twice."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from competition.editions.public import Edition, get_edition
from competition.entries import queries
from competition.entries.forms import InstitutionForm, MergeForm, VersionForm
from competition.entries.listing import InstitutionFilter, institution_lines
from competition.entries.models import Institution
from competition.entries.services import roster
from core.access import Permission, current_actor, requires
from core.errors import DomainError, Stale
from core.forms import say_what_is_saved
from core.localised import country_name, translated
from core.uses import find_use

FIELDS = ("code", "name", "name_local", "country")

blueprint = Blueprint("institutions", __name__, url_prefix="/e/<slug>/people/institutions")


@blueprint.get("")
@requires(Permission.MANAGE_PEOPLE)
def index(slug: str) -> ResponseReturnValue:
    """Every institution with its teams and judges counted, or those that the filters leave."""
    edition, asked = get_edition(slug), InstitutionFilter.of(request.args)
    everywhere = queries.institutions_of(edition.id)
    codes = sorted({row.country for row in everywhere if row.country}, key=country_name)
    return render_template(
        "entries/institutions.html",
        edition=edition,
        institutions=institution_lines(edition.id, asked),
        has_any=bool(everywhere),
        asked=asked,
        countries=[("", _("All")), *((code, country_name(code)) for code in codes)],
        country_name=country_name,
        may_export=current_actor().may(Permission.EXPORT_EDITION, edition_id=edition.id),
        sort_url=lambda name: url_for("institutions.index", slug=slug, **asked.arguments(sort=name)),
    )


@blueprint.get("/new")
@requires(Permission.MANAGE_PEOPLE)
def new(slug: str) -> ResponseReturnValue:
    """An empty form."""
    return _page(get_edition(slug), None, InstitutionForm())


@blueprint.post("/new")
@requires(Permission.MANAGE_PEOPLE)
def add(slug: str) -> ResponseReturnValue:
    """Add an institution."""
    return _save(get_edition(slug), None)


@blueprint.get("/<institution_id>")
@requires(Permission.MANAGE_PEOPLE)
def edit(slug: str, institution_id: str) -> ResponseReturnValue:
    """One institution."""
    edition = get_edition(slug)
    row = queries.get_institution(edition.id, institution_id)
    return _page(edition, row, InstitutionForm(obj=row))


@blueprint.post("/<institution_id>")
@requires(Permission.MANAGE_PEOPLE)
def save(slug: str, institution_id: str) -> ResponseReturnValue:
    """Correct an institution."""
    edition = get_edition(slug)
    return _save(edition, queries.get_institution(edition.id, institution_id))


@blueprint.post("/<institution_id>/merge")
@requires(Permission.MANAGE_PEOPLE)
def merge(slug: str, institution_id: str) -> ResponseReturnValue:
    """Two entries are one institution."""
    edition = get_edition(slug)
    row = queries.get_institution(edition.id, institution_id)
    form = _merge_form(edition, row)
    if form.validate_on_submit():
        target = queries.get_institution(edition.id, form.into.data)
        roster.merge_institution(actor=current_actor(), edition=edition, source=row, target=target)
        flash(_("Both are one now: %(name)s.", name=target.name or target.code), "success")
        return redirect(url_for("institutions.index", slug=slug), code=303)
    return _page(edition, row, InstitutionForm(formdata=None, obj=row), form), 422


@blueprint.post("/<institution_id>/remove")
@requires(Permission.MANAGE_PEOPLE)
def remove(slug: str, institution_id: str) -> ResponseReturnValue:
    """Remove an institution that nobody belongs to."""
    edition, form = get_edition(slug), VersionForm()
    row = queries.get_institution(edition.id, institution_id)
    roster.remove_institution(
        actor=current_actor(), edition=edition, institution=row, version=form.version.number
    )
    flash(_("%(name)s is removed.", name=row.name or row.code), "success")
    return redirect(url_for("institutions.index", slug=slug), code=303)


def _save(edition: Edition, row: Institution | None) -> ResponseReturnValue:
    form = InstitutionForm()
    if not form.validate_on_submit():
        return _page(edition, row, form), 422
    values = {name: form[name].data or "" for name in FIELDS}
    try:
        roster.save_institution(
            actor=current_actor(),
            edition=edition,
            institution=row,
            version=form.version.number,
            values=values,
        )
    except DomainError as fault:
        form.form_errors.append(translated(fault.message, fault.values))
        if isinstance(fault, Stale) and row is not None:
            say_what_is_saved(form, row, FIELDS)
        return _page(edition, row, form), fault.status
    flash(_("Saved."), "success")
    return redirect(url_for("institutions.index", slug=edition.slug), code=303)


def _merge_form(edition: Edition, row: Institution) -> MergeForm:
    form = MergeForm()
    others = [other for other in queries.institutions_of(edition.id) if other.id != row.id]
    form.into.choices = [SelectChoice("", _("Choose one"))]
    form.into.choices += [SelectChoice(other.public_id, other.name or other.code) for other in others]
    return form


def _page(
    edition: Edition, row: Institution | None, form: InstitutionForm, merge: MergeForm | None = None
) -> str:
    merge = merge or (_merge_form(edition, row) if row else None)
    use = find_use(row, roster.USES_OF_INSTITUTION) if row else None
    return render_template(
        "entries/institution.html",
        edition=edition,
        institution=row,
        form=form,
        merge=merge,
        teams=[line for line in queries.team_lines(edition.id) if row and line.institution_id == row.id],
        use=translated(use, {"name": row.name or row.code}) if row and use else None,
    )

"""Pages of editions themselves: list, create, settings, rules, archive."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.editions import queries, removal, services
from competition.editions.forms import EditionForm, RulesForm
from competition.editions.models import Edition
from core.access import Permission, current_actor, requires
from core.errors import Conflict, Stale
from core.forms import folded, say_what_is_saved
from core.idempotency import once
from core.localised import translated

blueprint = Blueprint("editions", __name__)


@blueprint.get("/editions/")
@requires(Permission.OWN_ACCOUNT)
def index() -> ResponseReturnValue:
    """The editions that are the reader's."""
    return render_template("editions/index.html", editions=queries.editions_of(current_actor()))


@blueprint.get("/editions/new")
@requires(Permission.CREATE_EDITION)
def new() -> ResponseReturnValue:
    """An empty form for a new edition."""
    return render_template(
        "editions/new.html", form=EditionForm(role_policy="fixed", timezone="Asia/Shanghai")
    )


@blueprint.post("/editions/new")
@requires(Permission.CREATE_EDITION)
def create() -> ResponseReturnValue:
    """Create the edition and go on to its set-up."""
    form = EditionForm()
    if not form.validate_on_submit():
        return render_template("editions/new.html", form=form), 422
    actor = current_actor()

    def work() -> str:
        edition = services.create_edition(actor=actor, values=_values(form))
        return url_for("cockpit.show", slug=edition.slug)

    try:
        return once(actor, "create_edition", work)
    except Conflict as fault:
        form.slug.errors = [translated(fault.message, fault.values)]
        return render_template("editions/new.html", form=form), 409


@blueprint.get("/e/<slug>/setup/settings")
@requires(Permission.EDIT_EDITION)
def settings(slug: str) -> ResponseReturnValue:
    """The edition's settings."""
    edition = queries.get_edition(slug)
    return _settings_page(edition, EditionForm(obj=edition))


def _settings_page(edition: Edition, form: EditionForm) -> str:
    can_be_deleted = removal.can_be_deleted(edition)
    return render_template(
        "editions/settings.html", edition=edition, form=form, can_be_deleted=can_be_deleted
    )


@blueprint.post("/e/<slug>/setup/settings")
@requires(Permission.EDIT_EDITION)
def save_settings(slug: str) -> ResponseReturnValue:
    """Save the edition's settings."""
    edition, form = queries.get_edition(slug), EditionForm()
    return _save(edition, form, lambda: _settings_page(edition, form))


@blueprint.get("/e/<slug>/setup/rules")
@requires(Permission.EDIT_EDITION)
def rules(slug: str) -> ResponseReturnValue:
    """How marks become scores, points and ranks."""
    edition = queries.get_edition(slug)
    return render_template("editions/rules.html", edition=edition, form=RulesForm(obj=edition))


@blueprint.post("/e/<slug>/setup/rules")
@requires(Permission.EDIT_EDITION)
def save_rules(slug: str) -> ResponseReturnValue:
    """Save the rules."""
    edition, form = queries.get_edition(slug), RulesForm()
    return _save(edition, form, lambda: render_template("editions/rules.html", edition=edition, form=form))


@blueprint.post("/e/<slug>/setup/archive")
@requires(Permission.EDIT_EDITION)
def archive(slug: str) -> ResponseReturnValue:
    """Put the edition away, or bring it back: what the button said, also when it is pressed twice."""
    edition, is_archived = queries.get_edition(slug), request.form.get("to") == "archived"
    services.set_archived(actor=current_actor(), edition=edition, is_archived=is_archived)
    flash(
        _("The edition is archived.") if edition.archived_at else _("The edition is active again."), "success"
    )
    return redirect(url_for("editions.settings", slug=slug), code=303)


@blueprint.post("/e/<slug>/setup/page")
@requires(Permission.EDIT_EDITION)
def switch_page(slug: str) -> ResponseReturnValue:
    """Show the public page, or hide it: what the button said, also when it is pressed twice."""
    edition, is_public = queries.get_edition(slug), request.form.get("to") == "public"
    services.set_public(actor=current_actor(), edition=edition, is_public=is_public)
    flash(
        _("Anybody can see the edition's page now.") if edition.is_public else _("The page is hidden."),
        "success",
    )
    return redirect(url_for("editions.settings", slug=slug), code=303)


@blueprint.post("/e/<slug>/setup/delete")
@requires(Permission.EDIT_EDITION)
def delete(slug: str) -> ResponseReturnValue:
    """Delete an edition of which nothing was released, once its short name is typed."""
    edition = queries.get_edition(slug)
    if folded(request.form.get("typed")) != edition.slug:
        flash(_("Nothing was deleted: type the short name of the edition."), "warning")
        return redirect(url_for("editions.settings", slug=slug), code=303)
    removal.delete_edition(actor=current_actor(), edition=edition)
    flash(_("%(name)s is deleted.", name=edition.name), "success")
    return redirect(url_for("editions.index"), code=303)


def _save(edition: Edition, form: Any, page: Callable[[], str]) -> ResponseReturnValue:
    if not form.validate_on_submit():
        return page(), 422
    shown, values = form.version.number, _values(form)
    try:
        services.edit_edition(actor=current_actor(), edition=edition, version=shown, values=values)
    except Conflict as fault:
        form.form_errors.append(translated(fault.message, fault.values))
        if isinstance(fault, Stale):
            say_what_is_saved(form, edition, values)
        return page(), 409
    flash(_("Saved."), "success")
    endpoint = "editions.settings" if isinstance(form, EditionForm) else "editions.rules"
    return redirect(url_for(endpoint, slug=edition.slug), code=303)


def _values(form: Any) -> dict[str, Any]:
    return {name: value for name, value in form.data.items() if name not in ("csrf_token", "version")}

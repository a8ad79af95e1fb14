"""Pages on which an organiser looks after the delegates of one team."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.editions.public import Edition, get_edition
from competition.entries import queries
from competition.entries.forms import RosterDelegateForm
from competition.entries.models import Delegate, Team
from competition.entries.services import registration
from competition.entries.services.registration import NewDelegate
from core.access import Permission, current_actor, requires
from core.errors import DomainError
from core.idempotency import once
from core.localised import translated

blueprint = Blueprint("delegates", __name__, url_prefix="/e/<slug>/people/teams/<team_id>/delegates")


@blueprint.get("/new")
@requires(Permission.MANAGE_PEOPLE)
def new(slug: str, team_id: str) -> ResponseReturnValue:
    """An empty form for one more delegate."""
    edition, team = _fetch(slug, team_id)
    return _page(edition, team, None, RosterDelegateForm())


@blueprint.post("/new")
@requires(Permission.MANAGE_PEOPLE)
def add(slug: str, team_id: str) -> ResponseReturnValue:
    """Put one more delegate on the roster, invited where there is an address."""
    edition, team = _fetch(slug, team_id)
    form = RosterDelegateForm()
    if not form.validate_on_submit():
        return _page(edition, team, None, form), 422

    def work() -> str:
        registration.add_delegate(actor=current_actor(), edition=edition, team=team, person=_person(form))
        return url_for("people.team", slug=slug, team_id=team_id)

    try:
        return once(current_actor(), f"add_delegate:{team.id}", work)
    except DomainError as fault:
        form.form_errors.append(translated(fault.message, fault.values))
        return _page(edition, team, None, form), fault.status


@blueprint.get("/<delegate_id>")
@requires(Permission.MANAGE_PEOPLE)
def edit(slug: str, team_id: str, delegate_id: str) -> ResponseReturnValue:
    """What the roster says about a delegate."""
    edition, team = _fetch(slug, team_id)
    row = queries.get_delegate(team.id, delegate_id)
    return _page(edition, team, row, RosterDelegateForm(obj=row))


@blueprint.post("/<delegate_id>")
@requires(Permission.MANAGE_PEOPLE)
def save(slug: str, team_id: str, delegate_id: str) -> ResponseReturnValue:
    """Correct what the roster says."""
    edition, team = _fetch(slug, team_id)
    row, form = queries.get_delegate(team.id, delegate_id), RosterDelegateForm()
    if not form.validate_on_submit():
        return _page(edition, team, row, form), 422
    registration.edit_delegate(actor=current_actor(), edition=edition, delegate=row, person=_person(form))
    flash(_("Saved."), "success")
    return redirect(url_for("people.team", slug=slug, team_id=team_id), code=303)


@blueprint.post("/<delegate_id>/remove")
@requires(Permission.MANAGE_PEOPLE)
def remove(slug: str, team_id: str, delegate_id: str) -> ResponseReturnValue:
    """Take a delegate off the roster."""
    edition, team = _fetch(slug, team_id)
    registration.remove_delegate(actor=current_actor(), edition=edition, team=team, public_id=delegate_id)
    return redirect(url_for("people.team", slug=slug, team_id=team_id), code=303)


@blueprint.post("/<delegate_id>/captain")
@requires(Permission.MANAGE_PEOPLE)
def make_captain(slug: str, team_id: str, delegate_id: str) -> ResponseReturnValue:
    """Let this delegate look after the team."""
    edition, team = _fetch(slug, team_id)
    row = queries.get_delegate(team.id, delegate_id)
    registration.make_captain(actor=current_actor(), edition=edition, team=team, delegate=row)
    flash(_("%(name)s is the captain now. Send them a new link.", name=row.name), "success")
    return redirect(url_for("people.team", slug=slug, team_id=team_id), code=303)


def _fetch(slug: str, team_id: str) -> tuple[Edition, Team]:
    edition = get_edition(slug)
    return edition, queries.get_team(edition.id, team_id)


def _person(form: RosterDelegateForm) -> NewDelegate:
    return NewDelegate(
        name=form.name.data, name_local=form.name_local.data, contact=(form.contact.data or "").strip()
    )


def _page(edition: Edition, team: Team, row: Delegate | None, form: RosterDelegateForm) -> str:
    return render_template("entries/delegate.html", edition=edition, team=team, delegate=row, form=form)

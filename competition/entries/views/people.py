"""Pages of the organiser's roster: teams and their applications, institutions."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from competition.editions.public import Edition, divisions_of, get_edition
from competition.entries import queries
from competition.entries.forms import DecisionForm, TeamForm, WithdrawForm
from competition.entries.models import Team
from competition.entries.services import registration, roster
from competition.entries.views.blueprint import blueprint
from core.access import Permission, current_actor, requires
from core.errors import DomainError, Stale
from core.idempotency import once
from core.localised import translated


@blueprint.get("/teams")
@requires(Permission.MANAGE_PEOPLE)
def teams(slug: str) -> ResponseReturnValue:
    """Every team; applications that wait for an answer come first."""
    edition = get_edition(slug)
    lines = queries.team_lines(edition.id)
    return render_template(
        "entries/teams.html",
        edition=edition,
        teams=lines,
        applied=[line for line in lines if line.status == "applied"],
    )


@blueprint.get("/teams/new")
@requires(Permission.MANAGE_PEOPLE)
def new_team(slug: str) -> ResponseReturnValue:
    """An empty form for a team."""
    edition = get_edition(slug)
    return _team_form(edition, None, _fitted(edition, None, TeamForm(version="1")))


@blueprint.post("/teams/new")
@requires(Permission.MANAGE_PEOPLE)
def add_team(slug: str) -> ResponseReturnValue:
    """Add a team by hand."""
    edition = get_edition(slug)
    return _save_team(edition, None)


@blueprint.get("/teams/<team_id>")
@requires(Permission.MANAGE_PEOPLE)
def team(slug: str, team_id: str) -> ResponseReturnValue:
    """One team: application, roster, settings."""
    edition = get_edition(slug)
    row = queries.get_team(edition.id, team_id)
    line = next(line for line in queries.team_lines(edition.id) if line.id == row.id)
    form = TeamForm(obj=row, institution=line.institution, divisions=list(line.divisions))
    return _team_form(edition, row, _fitted(edition, row, form))


@blueprint.post("/teams/<team_id>")
@requires(Permission.MANAGE_PEOPLE)
def save_team(slug: str, team_id: str) -> ResponseReturnValue:
    """Change a team."""
    edition = get_edition(slug)
    return _save_team(edition, queries.get_team(edition.id, team_id))


def _save_team(edition: Edition, row: Team | None) -> ResponseReturnValue:
    form = _fitted(edition, row, TeamForm())
    if not form.validate_on_submit():
        return _team_form(edition, row, form), 422
    values: dict[str, Any] = {"name": form.name.data, "coach": form.coach.data}
    if "role" in form:
        values["role"] = form.role.data or None
    if "status" in form:
        values["status"] = form.status.data

    def work() -> str:
        saved = roster.save_team(
            actor=current_actor(),
            edition=edition,
            team=row,
            version=form.version.number,
            values=values,
            institution=form.institution.data,
            division_codes=form.divisions.data or [],
        )
        flash(_("Saved."), "success")
        return url_for("people.team", slug=edition.slug, team_id=saved.public_id)

    try:
        return once(current_actor(), f"save_team:{edition.id}", work)
    except DomainError as fault:
        form.form_errors.append(translated(fault.message, fault.values))
        if isinstance(fault, Stale) and row is not None:
            form.version.raw_data, form.version.data = None, row.version
        return _team_form(edition, row, form), fault.status


def _fitted(edition: Edition, row: Team | None, form: TeamForm) -> TeamForm:
    """The form without what cannot be chosen here: roles that rotate, the status of an application."""
    if edition.role_policy != "fixed":
        del form.role
    if row is not None and row.status not in ("registered", "waiting", "stand_in"):
        del form.status
    form.divisions.choices = [
        SelectChoice(row.code, row.name or row.code) for row in divisions_of(edition.id)
    ]
    return form


def _team_form(edition: Edition, row: Team | None, form: TeamForm) -> str:
    return render_template(
        "entries/team.html",
        edition=edition,
        team=row,
        form=form,
        delegates=queries.delegates_of_team(row.id) if row else [],
        institutions=queries.institutions_of(edition.id),
        withdraw=WithdrawForm(version=row.version if row else 0, formdata=None),
    )


@blueprint.post("/teams/<team_id>/decide")
@requires(Permission.MANAGE_PEOPLE)
def decide(slug: str, team_id: str) -> ResponseReturnValue:
    """Accept, put on the waiting list, or decline an application."""
    edition, form = get_edition(slug), DecisionForm()
    row = queries.get_team(edition.id, team_id)
    if form.validate_on_submit():
        registration.decide_team(
            actor=current_actor(),
            edition=edition,
            team=row,
            version=form.version.number,
            decision=form.decision.data,
            reason=form.reason.data,
        )
        flash(_("%(team)s: the decision is saved.", team=row.name), "success")
    else:
        flash(_("Nothing was saved. Choose an answer, with a reason of at most 500 characters."), "warning")
    return redirect(
        (request.form.get("back") and url_for("people.teams", slug=slug))
        or url_for("people.team", slug=slug, team_id=team_id),
        code=303,
    )


@blueprint.post("/teams/<team_id>/withdraw")
@requires(Permission.MANAGE_PEOPLE)
def withdraw(slug: str, team_id: str) -> ResponseReturnValue:
    """A team leaves the edition."""
    edition, form = get_edition(slug), WithdrawForm()
    row = queries.get_team(edition.id, team_id)
    if form.validate_on_submit():
        registration.withdraw_team(
            actor=current_actor(),
            edition=edition,
            team=row,
            version=form.version.number,
            from_round=form.from_round.data,
        )
        flash(_("%(team)s is withdrawn. Its earlier results stand.", team=row.name), "success")
    else:
        flash(_("Nothing was saved. Write the number of a round, or leave it empty."), "warning")
    return redirect(url_for("people.team", slug=slug, team_id=team_id), code=303)

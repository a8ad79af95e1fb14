"""Pages of the organiser's roster: teams and their applications, judges, institutions, private links."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from competition.editions.public import Edition, divisions_of, get_edition
from competition.entries import queries
from competition.entries.forms import DecisionForm, JudgeForm, TeamForm, WithdrawForm
from competition.entries.models import Judge, Team
from competition.entries.services import invitations, registration, roster
from core.access import CapacityKind, Permission, current_actor, requires
from core.errors import Conflict, DomainError
from core.links import address_of, find_live_link
from core.localised import translated

blueprint = Blueprint("people", __name__, url_prefix="/e/<slug>/people")


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
    try:
        saved = roster.save_team(
            actor=current_actor(),
            edition=edition,
            team=row,
            version=form.version.number,
            values=values,
            institution=form.institution.data,
            division_codes=form.divisions.data or [],
        )
    except DomainError as fault:
        form.form_errors.append(translated(fault.message, fault.values))
        return _team_form(edition, row, form), fault.status
    flash(_("Saved."), "success")
    return redirect(url_for("people.team", slug=edition.slug, team_id=saved.public_id), code=303)


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
    return redirect(url_for("people.team", slug=slug, team_id=team_id), code=303)


@blueprint.get("/judges")
@requires(Permission.MANAGE_PEOPLE)
def judges(slug: str) -> ResponseReturnValue:
    """Every judge."""
    edition = get_edition(slug)
    names = {row.id: row.name or row.code for row in queries.institutions_of(edition.id)}
    return render_template(
        "entries/judges.html", edition=edition, judges=queries.judges_of(edition.id), institutions=names
    )


@blueprint.get("/judges/new")
@requires(Permission.MANAGE_PEOPLE)
def new_judge(slug: str) -> ResponseReturnValue:
    """An empty form for a judge."""
    return _judge_form(get_edition(slug), None, JudgeForm())


@blueprint.post("/judges/new")
@requires(Permission.MANAGE_PEOPLE)
def add_judge(slug: str) -> ResponseReturnValue:
    """Add a judge and, where there is an address, invite them."""
    return _save_judge(get_edition(slug), None)


@blueprint.get("/judges/<judge_id>")
@requires(Permission.MANAGE_PEOPLE)
def judge(slug: str, judge_id: str) -> ResponseReturnValue:
    """One judge: details, conflicts, private link."""
    edition = get_edition(slug)
    row = queries.get_judge(edition.id, judge_id)
    names = {item.id: item.code for item in queries.institutions_of(edition.id)}
    form = JudgeForm(
        obj=row,
        institution=names.get(row.institution_id or 0, ""),
        conflicts="\n".join(name for _conflict, name in queries.conflicts_of_judge(row.id)),
    )
    return _judge_form(edition, row, form)


@blueprint.post("/judges/<judge_id>")
@requires(Permission.MANAGE_PEOPLE)
def save_judge(slug: str, judge_id: str) -> ResponseReturnValue:
    """Change a judge."""
    edition = get_edition(slug)
    return _save_judge(edition, queries.get_judge(edition.id, judge_id))


def _save_judge(edition: Edition, row: Judge | None) -> ResponseReturnValue:
    form = JudgeForm()
    if not form.validate_on_submit():
        return _judge_form(edition, row, form), 422
    values = {
        name: getattr(form, name).data for name in ("name", "name_local", "contact", "rating", "languages")
    }
    try:
        saved = roster.save_judge(
            actor=current_actor(),
            edition=edition,
            judge=row,
            values={**values, "contact": (values["contact"] or "").lower()},
            institution=form.institution.data,
            conflicts=form.conflict_names,
        )
    except Conflict as fault:
        form.form_errors.append(translated(fault.message, fault.values))
        return _judge_form(edition, row, form), 422
    if row is None:
        invitations.invite_judge(actor=current_actor(), edition=edition, judge=saved)
    flash(_("Saved."), "success")
    return redirect(url_for("people.judge", slug=edition.slug, judge_id=saved.public_id), code=303)


def _judge_form(edition: Edition, row: Judge | None, form: JudgeForm) -> str:
    link = row and find_live_link(purpose=CapacityKind.JUDGE, edition_id=edition.id, subject_id=row.id)
    return render_template(
        "entries/judge.html",
        edition=edition,
        judge=row,
        form=form,
        link=link,
        address=address_of(link) if link else "",
        institutions=queries.institutions_of(edition.id),
    )


@blueprint.post("/judges/<judge_id>/invite")
@requires(Permission.MANAGE_PEOPLE)
def invite_judge(slug: str, judge_id: str) -> ResponseReturnValue:
    """Give a judge a new private link; the earlier one ends."""
    edition = get_edition(slug)
    row = queries.get_judge(edition.id, judge_id)
    invitations.invite_judge(actor=current_actor(), edition=edition, judge=row)
    flash(_("%(name)s has a new link. The earlier one no longer works.", name=row.name), "success")
    return redirect(url_for("people.judge", slug=slug, judge_id=judge_id), code=303)


@blueprint.post("/judges/invite-all")
@requires(Permission.MANAGE_PEOPLE)
def invite_all_judges(slug: str) -> ResponseReturnValue:
    """Give every judge without a working link one, by mail where there is an address."""
    edition = get_edition(slug)
    count = 0
    for row in queries.judges_of(edition.id):
        if find_live_link(purpose=CapacityKind.JUDGE, edition_id=edition.id, subject_id=row.id) is None:
            invitations.invite_judge(actor=current_actor(), edition=edition, judge=row)
            count += 1
    flash(_("Judges invited: %(count)d.", count=count), "success")
    return redirect(url_for("people.judges", slug=slug), code=303)


@blueprint.get("/institutions")
@requires(Permission.MANAGE_PEOPLE)
def institutions(slug: str) -> ResponseReturnValue:
    """The institutions that field teams."""
    edition = get_edition(slug)
    lines = queries.team_lines(edition.id)
    counts: dict[str, int] = {}
    for line in lines:
        counts[line.institution] = counts.get(line.institution, 0) + 1
    return render_template(
        "entries/institutions.html",
        edition=edition,
        institutions=queries.institutions_of(edition.id),
        counts=counts,
    )


@blueprint.get("/links")
@requires(Permission.MANAGE_PEOPLE)
def links(slug: str) -> ResponseReturnValue:
    """The registration link for captains."""
    edition = get_edition(slug)
    link = invitations.find_registration_link(edition)
    return render_template(
        "entries/links.html", edition=edition, link=link, address=address_of(link) if link else ""
    )


@blueprint.post("/links/registration")
@requires(Permission.MANAGE_PEOPLE)
def renew_registration_link(slug: str) -> ResponseReturnValue:
    """A new registration link; the earlier one ends."""
    invitations.registration_link(actor=current_actor(), edition=get_edition(slug))
    flash(_("Here is the new registration link."), "success")
    return redirect(url_for("people.links", slug=slug), code=303)

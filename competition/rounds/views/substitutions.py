"""The page on which an organiser, or a coach where the edition says so, puts one delegate in another's place."""

from __future__ import annotations

from flask import Blueprint, abort, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Email, Length, Optional

from competition.editions.public import Edition, get_edition
from competition.entries.public import (
    NAMED,
    Delegate,
    NewDelegate,
    Team,
    coached_teams,
    get_delegate,
    get_team,
    registration_rules,
)
from competition.rounds.queries import round_facts
from competition.rounds.services.substitutions import substitute
from core.access import Permission, current_actor, requires
from core.errors import DomainError, Forbidden, said
from core.forms import BaseForm, TextField
from core.idempotency import once
from core.localised import N_, chosen_locale, in_language

blueprint = Blueprint("substitutions", __name__)


class SubstituteForm(BaseForm):
    """Who comes instead, from when on, and why."""

    name = TextField(_l("Name"), NAMED)
    name_local = TextField(_l("Name in their own script"))
    contact = EmailField(_l("E-mail"), [Optional(), Email(_l("Write an e-mail address.")), Length(max=254)])
    from_round = SelectField(_l("From round"), coerce=int, choices=[])
    reason = TextField(_l("Reason"), maximum=500)


@blueprint.get("/e/<slug>/people/teams/<team_id>/delegates/<delegate_id>/substitute")
@requires(Permission.MANAGE_PEOPLE)
def show(slug: str, team_id: str, delegate_id: str) -> ResponseReturnValue:
    """Who comes in a delegate's place."""
    edition, team, delegate = _of_organiser(slug, team_id, delegate_id)
    return _page(edition, team, delegate, _form(edition), is_coach=False)


@blueprint.post("/e/<slug>/people/teams/<team_id>/delegates/<delegate_id>/substitute")
@requires(Permission.MANAGE_PEOPLE)
def save(slug: str, team_id: str, delegate_id: str) -> ResponseReturnValue:
    """Record the substitution."""
    edition, team, delegate = _of_organiser(slug, team_id, delegate_id)
    back = url_for("people.team", slug=slug, team_id=team_id)
    return _save(edition, team, delegate, back, is_coach=False)


@blueprint.get("/e/<slug>/coach/<team_id>/<delegate_id>/substitute")
@requires(Permission.TAKE_PART)
def show_coach(slug: str, team_id: str, delegate_id: str) -> ResponseReturnValue:
    """Who comes in the place of one of the coach's own delegates."""
    edition, team, delegate = _of_coach(slug, team_id, delegate_id)
    return _page(edition, team, delegate, _form(edition), is_coach=True)


@blueprint.post("/e/<slug>/coach/<team_id>/<delegate_id>/substitute")
@requires(Permission.TAKE_PART)
def save_coach(slug: str, team_id: str, delegate_id: str) -> ResponseReturnValue:
    """Record the substitution that the coach makes."""
    edition, team, delegate = _of_coach(slug, team_id, delegate_id)
    return _save(edition, team, delegate, url_for("coach.show", slug=slug), is_coach=True)


def _of_organiser(slug: str, team_id: str, delegate_id: str) -> tuple[Edition, Team, Delegate]:
    edition = get_edition(slug)
    team = get_team(edition.id, team_id)
    return edition, team, get_delegate(team.id, delegate_id)


def _of_coach(slug: str, team_id: str, delegate_id: str) -> tuple[Edition, Team, Delegate]:
    edition = get_edition(slug)
    own = coached_teams(current_actor(), edition)
    team = next((one for one in own if one.public_id == team_id), None)
    if team is None:
        abort(404 if own else 403)
    if not registration_rules(edition.id).coach_lineup:
        raise Forbidden(N_("In this edition the organisers record substitutions."))
    return edition, team, get_delegate(team.id, delegate_id)


def _form(edition: Edition) -> SubstituteForm:
    form, rounds = SubstituteForm(), round_facts(edition.id)
    form.from_round.choices = [
        SelectChoice(
            facts.number,
            in_language(facts.name, facts.name_zh, chosen_locale())
            or _("Round %(number)d", number=facts.number),
        )
        for facts in rounds
    ]
    if not form.is_submitted():
        form.from_round.data = next((facts.number for facts in rounds if not facts.has_results), None)
    return form


def _save(
    edition: Edition, team: Team, delegate: Delegate, back: str, *, is_coach: bool
) -> ResponseReturnValue:
    form = _form(edition)
    if not form.validate_on_submit():
        return _page(edition, team, delegate, form, is_coach=is_coach), 422

    def work() -> str:
        person = NewDelegate(
            name=form.name.data,
            name_local=form.name_local.data,
            contact=(form.contact.data or "").strip(),
        )
        substitute(
            actor=current_actor(),
            edition=edition,
            team=team,
            leaving=delegate,
            person=person,
            from_round=form.from_round.data,
            reason=form.reason.data,
        )
        flash(_("%(new)s takes the place of %(name)s.", new=person.name, name=delegate.name), "success")
        return back

    try:
        return once(current_actor(), f"substitute:{delegate.id}", work)
    except DomainError as fault:
        form.form_errors.append(said(fault))
        return _page(edition, team, delegate, form, is_coach=is_coach), fault.status


def _page(edition: Edition, team: Team, delegate: Delegate, form: SubstituteForm, *, is_coach: bool) -> str:
    return render_template(
        "rounds/substitute.html",
        edition=edition,
        team=team,
        delegate=delegate,
        form=form,
        layout="layouts/phone.html" if is_coach else "layouts/edition.html",
        back=url_for("coach.show", slug=edition.slug)
        if is_coach
        else url_for("people.team", slug=edition.slug, team_id=team.public_id),
    )

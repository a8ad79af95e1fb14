"""Pages of a captain: registering a team with a private link, then looking after it."""

from __future__ import annotations

from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from competition.editions.public import (
    Edition,
    divisions_of,
    find_notice,
    get_edition,
    is_registration_open,
    split_list,
)
from competition.entries import queries
from competition.entries.forms import (
    ROLE_NAMES,
    AddDelegateForm,
    ChangeEntryForm,
    EntryForm,
    RegisterTeamForm,
    VersionForm,
    wish_values,
)
from competition.entries.models import Team
from competition.entries.registering import entry, offers, questions
from competition.entries.registering.inbox import shown_reason
from competition.entries.registering.offers import find_open_offer, place_in_line
from competition.entries.registering.rules import may_change
from competition.entries.services import invitations
from competition.entries.services import registration as service
from core.access import CapacityKind, Permission, current_actor, requires
from core.db import utc_now
from core.errors import Conflict, DomainError, Forbidden, Stale, said
from core.forms import say_what_is_saved
from core.idempotency import new_key, once
from core.links import continue_as, find_live_link
from core.localised import N_, chosen_locale, in_language, translated

CLOSED = N_("Registration is closed. Ask the organisers if the team must change; nothing was saved.")
Form = TypeVar("Form", bound=EntryForm)
registration = Blueprint("registration", __name__)
own_team = Blueprint("own_team", __name__)


@registration.get("/e/<slug>/register")
@requires(Permission.REGISTER_TEAM)
def register(slug: str) -> ResponseReturnValue:
    """The form with which a captain registers a team."""
    edition = get_edition(slug)
    form = _form(edition)
    while len(form.members) < max(edition.team_size_minimum, min(edition.team_size_maximum, 5)) - 1:
        form.members.append_entry()
    return _show_form(edition, form)


@registration.post("/e/<slug>/register")
@requires(Permission.REGISTER_TEAM)
def submit(slug: str) -> ResponseReturnValue:
    """Register the team; the browser then acts as its captain."""
    edition = get_edition(slug)
    form = _form(edition)
    if not form.validate_on_submit():
        return _show_form(edition, form), 422
    try:
        answer = once(current_actor(), f"register_team:{edition.id}", lambda: _register(edition, form))
    except DomainError as fault:
        form.form_errors.append(translated(fault.message, fault.values))
        return _show_form(edition, form), fault.status
    _act_as_captain(edition, parse_qs(urlsplit(answer.location or "").query)["of"][0])
    text = _(
        "Your team is registered. The way back to this page is in the e-mail to %(address)s.",
        address=form.captain_contact.data,
    )
    flash(text, "success")
    return answer


def _act_as_captain(edition: Edition, team_id: str) -> None:
    """Also when the form came twice: whichever answer reaches the browser last makes it the captain's."""
    team = queries.get_team(edition.id, team_id)
    link = find_live_link(purpose=CapacityKind.CAPTAIN, edition_id=edition.id, subject_id=team.id)
    if link is not None:
        continue_as(link)


def _register(edition: Edition, form: RegisterTeamForm) -> str:
    team, _link = service.register_team(
        actor=current_actor(),
        edition=edition,
        name=form.team_name,
        institution=form.institution.data,
        coach=form.coach.data,
        coach_contact=form.coach_contact.data or "",
        wishes=form.wishes,
        division_codes=form.divisions.data or [],
        answers=questions.answers_in(form, questions.questions_of(edition.id, "team")),
        captain=service.NewDelegate(
            name=form.captain_name.data,
            name_local=form.captain_name_local.data,
            contact=form.captain_contact.data,
        ),
        members=[
            service.NewDelegate(
                name=row.form.name.data, name_local=row.form.name_local.data, contact=row.form.contact.data
            )
            for row in form.members
            if row.form.name.data
        ],
    )
    return url_for("own_team.show", slug=edition.slug, of=team.public_id)


def _form(edition: Edition) -> RegisterTeamForm:
    asked = questions.questions_of(edition.id, "team")
    return _fitted(edition, questions.with_questions(RegisterTeamForm, asked)())


def _fitted(edition: Edition, form: Form) -> Form:
    """The form with the edition's divisions, and without wishes where roles rotate."""
    if edition.role_policy != "fixed":
        form.without_wishes()
    form.divisions.choices = [
        SelectChoice(row.code, in_language(row.name, row.name_zh, chosen_locale()) or row.code)
        for row in divisions_of(edition.id)
    ]
    return form


def _show_form(edition: Edition, form: RegisterTeamForm) -> str:
    """The form; after the deadline only to somebody who was typing, who keeps what they typed."""
    for number, row in enumerate(form.members, start=2):
        row.description = _("Delegate %(number)d", number=number)
    return render_template(
        "entries/register.html",
        edition=edition,
        form=form,
        asked=questions.asked_fields(form, questions.questions_of(edition.id, "team")),
        notice=find_notice(edition.id),
        is_open=is_registration_open(edition, utc_now()),
        was_typed=form.is_submitted(),
        institutions=queries.institutions_of(edition.id),
    )


@own_team.get("/e/<slug>/team")
@requires(Permission.MANAGE_TEAM)
def show(slug: str) -> ResponseReturnValue:
    """The captain's page: the team, who has confirmed, who has not."""
    edition = get_edition(slug)
    return _show_team(edition, AddDelegateForm())


@own_team.post("/e/<slug>/team/delegates")
@requires(Permission.MANAGE_TEAM)
def add_delegate(slug: str) -> ResponseReturnValue:
    """Invite one more delegate."""
    edition, form = get_edition(slug), AddDelegateForm()
    team = _own_team(edition)
    if not may_change(edition, team, utc_now()):
        form.form_errors.append(_(CLOSED))
        return _show_team(edition, form), 403
    if not form.validate_on_submit():
        return _show_team(edition, form), 422
    person = service.NewDelegate(
        name=form.name.data, name_local=form.name_local.data, contact=form.contact.data
    )

    def work() -> str:
        invitations.refuse_too_many_letters(current_actor(), edition)
        service.add_delegate(actor=current_actor(), edition=edition, team=team, person=person)
        flash(_("%(name)s is invited.", name=person.name), "success")
        return url_for("own_team.show", slug=slug)

    try:
        return once(current_actor(), f"add_delegate:{team.id}", work)
    except DomainError as fault:
        form.form_errors.append(translated(fault.message, fault.values))
        return _show_team(edition, form), fault.status


@own_team.post("/e/<slug>/team/delegates/<delegate_id>/remove")
@requires(Permission.MANAGE_TEAM)
def remove_delegate(slug: str, delegate_id: str) -> ResponseReturnValue:
    """Take a delegate off the roster."""
    edition = get_edition(slug)
    team = _editable_team(edition)
    service.remove_delegate(actor=current_actor(), edition=edition, team=team, public_id=delegate_id)
    return redirect(url_for("own_team.show", slug=slug), code=303)


@own_team.post("/e/<slug>/team/delegates/<delegate_id>/invite")
@requires(Permission.MANAGE_TEAM)
def invite_again(slug: str, delegate_id: str) -> ResponseReturnValue:
    """Send a delegate a fresh invitation."""
    edition = get_edition(slug)
    delegate = queries.get_delegate(_editable_team(edition).id, delegate_id)

    def work() -> str:
        try:
            invitations.refuse_too_many_letters(current_actor(), edition)
            invitations.invite_again(actor=current_actor(), edition=edition, delegate=delegate)
        except Conflict as fault:
            flash(said(fault), "warning")
        else:
            text = _("%(name)s is invited again. The earlier link no longer works.", name=delegate.name)
            flash(text, "success")
        return url_for("own_team.show", slug=slug)

    return once(current_actor(), f"invite_again:{delegate.id}", work)


def _own_team(edition: Edition) -> Team:
    team = queries.find_captained_team(current_actor(), edition)
    if team is None:
        abort(404)
    return team


def _editable_team(edition: Edition) -> Team:
    team = _own_team(edition)
    if not may_change(edition, team, utc_now()):
        raise Forbidden(CLOSED)
    return team


@own_team.get("/e/<slug>/team/change")
@requires(Permission.MANAGE_TEAM)
def change(slug: str) -> ResponseReturnValue:
    """What the captain registered, to be changed."""
    edition = get_edition(slug)
    team = _editable_team(edition)
    asked = questions.questions_of(edition.id, "team")
    home = queries.find_institution(team.institution_id)
    form = questions.with_questions(ChangeEntryForm, asked)(
        obj=team,
        institution=(home.name or home.code) if home else "",
        divisions=list(queries.divisions_of_team(team.id)),
        **wish_values(split_list(team.wishes)),
        **questions.given_answers(team, asked),
    )
    return _show_change(edition, team, _fitted(edition, form))


@own_team.post("/e/<slug>/team/change")
@requires(Permission.MANAGE_TEAM)
def save_change(slug: str) -> ResponseReturnValue:
    """Save the captain's changes; after the deadline they are refused, and what was typed is shown again."""
    edition = get_edition(slug)
    team, asked = _own_team(edition), questions.questions_of(edition.id, "team")
    form = _fitted(edition, questions.with_questions(ChangeEntryForm, asked)())
    if not form.validate_on_submit():
        return _show_change(edition, team, form), 422
    values: dict[str, Any] = {
        "name": form.team_name,
        "coach": form.coach.data,
        "coach_contact": (form.coach_contact.data or "").lower(),
    }
    if "first_wish" in form:
        values["wishes"] = ";".join(form.wishes)
    try:
        entry.change_entry(
            actor=current_actor(),
            edition=edition,
            team=team,
            version=form.version.number,
            values=values,
            institution=form.institution.data,
            division_codes=form.divisions.data or [],
            answers=questions.answers_in(form, asked),
        )
    except DomainError as fault:
        form.form_errors.append(said(fault))
        if isinstance(fault, Stale):
            say_what_is_saved(form, team, ("name", "coach", "coach_contact"))
        return _show_change(edition, team, form), fault.status
    flash(_("Saved."), "success")
    return redirect(url_for("own_team.show", slug=slug), code=303)


@own_team.post("/e/<slug>/team/leave")
@requires(Permission.MANAGE_TEAM)
def leave(slug: str) -> ResponseReturnValue:
    """The captain takes the team out."""
    edition, form = get_edition(slug), VersionForm()
    team = _own_team(edition)
    entry.leave(actor=current_actor(), edition=edition, team=team, version=form.version.number)
    flash(_("%(team)s is withdrawn.", team=team.name), "success")
    return redirect(url_for("own_team.show", slug=slug), code=303)


@own_team.post("/e/<slug>/team/offer/<offer_id>")
@requires(Permission.MANAGE_TEAM)
def answer_offer(slug: str, offer_id: str) -> ResponseReturnValue:
    """Accept or decline a place that was offered to the team."""
    edition = get_edition(slug)
    team, is_accepted = _own_team(edition), request.form.get("answer") == "accept"
    try:
        offers.answer_offer(
            actor=current_actor(),
            edition=edition,
            team=team,
            public_id=offer_id,
            is_accepted=is_accepted,
            now=utc_now(),
        )
    except Conflict as fault:
        flash(said(fault), "warning")
    else:
        text = _("The place is yours. Welcome!") if is_accepted else _("You have declined the place.")
        flash(text, "success")
    return redirect(url_for("own_team.show", slug=slug), code=303)


def _show_change(edition: Edition, team: Team, form: ChangeEntryForm) -> str:
    return render_template(
        "entries/change_entry.html",
        edition=edition,
        team=team,
        form=form,
        asked=questions.asked_fields(form, questions.questions_of(edition.id, "team")),
        institutions=queries.institutions_of(edition.id),
    )


def _show_team(edition: Edition, form: AddDelegateForm) -> str:
    team = _own_team(edition)
    delegates = queries.delegates_of_team(team.id)
    home = queries.find_institution(team.institution_id)
    return render_template(
        "entries/own_team.html",
        edition=edition,
        team=team,
        institution=home,
        reason=shown_reason(team),
        offer=find_open_offer(team, utc_now()),
        role_names=ROLE_NAMES,
        place=place_in_line(team) if team.status == "waiting" else None,
        answered=questions.answered(team),
        wishes=split_list(team.wishes) if edition.role_policy == "fixed" else (),
        delegates=delegates,
        form=form,
        is_open=may_change(edition, team, utc_now()),
        was_typed=form.is_submitted(),
        own=next((row for row in delegates if row.is_captain), None),
        key=new_key(),
    )

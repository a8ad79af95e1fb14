"""Pages of an applicant: apply, read what was answered, change, withdraw."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.public import PersonCard, confirmed_address, find_person
from competition.applications import queries
from competition.applications.forms import ApplyForm, VersionForm
from competition.applications.models import Application
from competition.applications.services import applying
from competition.applications.vocabulary import STATE_KINDS, STATES
from competition.editions.public import Edition, find_edition, find_notice, split_list
from core.access import current_actor, public
from core.db import utc_now
from core.errors import DomainError
from core.idempotency import once
from core.localised import translated

blueprint = Blueprint("applying", __name__, url_prefix="/e/<slug>/apply")


@blueprint.get("")
@public
def show(slug: str) -> ResponseReturnValue:
    """What applying is about; for who is signed in, the form and their application."""
    edition = _edition(slug)
    own = _own(edition)
    return _page(edition, _form(edition, own))


@blueprint.post("")
@public
def save(slug: str) -> ResponseReturnValue:
    """Apply, or change what was written."""
    edition, actor = _edition(slug), current_actor()
    address = confirmed_address(actor.person_id) if actor.person_id is not None else None
    if actor.person_id is None or not actor.is_signed_in or not address:
        return redirect(url_for("auth.sign_in", next=url_for("applying.show", slug=slug)), code=303)
    form, person_id = _form(edition, _own(edition), is_shown=False), actor.person_id
    if not form.validate_on_submit():
        return _page(edition, form), 422

    def work() -> str:
        applying.apply(actor=actor, edition=edition, person_id=person_id, address=address, values=form.values)
        flash(_("Your application is saved. You can change it until the deadline."), "success")
        return url_for("applying.show", slug=slug)

    try:
        return once(actor, f"apply:{edition.id}", work)
    except DomainError as fault:
        form.form_errors.append(translated(fault.message, fault.values))
        return _page(edition, form), fault.status


@blueprint.post("/withdraw")
@public
def withdraw(slug: str) -> ResponseReturnValue:
    """Not take part after all."""
    edition, form = _edition(slug), VersionForm()
    own = _own(edition)
    if own is None or not form.validate_on_submit():
        abort(404)
    applying.withdraw(actor=current_actor(), edition=edition, application=own, version=form.version.number)
    flash(_("Your application is withdrawn."), "success")
    return redirect(url_for("applying.show", slug=slug), code=303)


def _edition(slug: str) -> Edition:
    """The edition, where people apply alone or have applied; anything else looks as if it were not there."""
    edition = find_edition(slug)
    call = queries.find_call(edition.id) if edition is not None else None
    if edition is None or call is None or not (call.is_on or _own(edition)):
        abort(404)
    return edition


def _own(edition: Edition) -> Application | None:
    actor = current_actor()
    if actor.person_id is None:
        return None
    address = confirmed_address(actor.person_id) or ""
    return queries.find_own_application(edition.id, actor.person_id, address)


def _form(edition: Edition, own: Application | None, *, is_shown: bool = True) -> ApplyForm:
    """The form as this edition asks; one that is shown holds what is known of the person already."""
    values = {}
    if is_shown and own is not None:
        values = {
            name: getattr(own, name)
            for name in ("name", "name_local", "institution", "discipline", "year", "culture", "experience")
        }
        values |= {"gender": own.gender, "motivation": own.motivation}
        values["wishes_together"] = "\n".join(split_list(own.wishes_together))
        values["wishes_apart"] = "\n".join(split_list(own.wishes_apart))
    elif is_shown and (person := _person()) is not None:
        values = {"name": person.name, "name_local": person.name_local}
    form = ApplyForm(**values)
    call = queries.find_call(edition.id)
    if call is None:
        abort(404)
    form.fit(call, edition.minimum_age)
    return form


def _person() -> PersonCard | None:
    person_id = current_actor().person_id
    return find_person(person_id) if person_id is not None else None


def _page(edition: Edition, form: ApplyForm) -> str:
    actor, own = current_actor(), _own(edition)
    call = queries.find_call(edition.id)
    return render_template(
        "applications/apply.html",
        edition=edition,
        call=call,
        form=form,
        own=own,
        is_open=queries.is_call_open(edition, call, utc_now()),
        can_edit=own is None or own.state in ("applied", "withdrawn"),
        address=confirmed_address(actor.person_id) if actor.person_id is not None else None,
        notice=find_notice(edition.id),
        state=STATES[own.state] if own else None,
        state_kind=STATE_KINDS[own.state] if own else None,
    )

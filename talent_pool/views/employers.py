"""Pages on which organisations ask to be let in and the operator decides."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.access import Permission, current_actor, requires
from core.errors import DomainError, said
from core.idempotency import once
from talent_pool import queries
from talent_pool.consent import acting_person
from talent_pool.forms import EmployerForm
from talent_pool.labels import kind_names
from talent_pool.services import employers as service
from talent_pool.views.blueprint import employers


@employers.get("/apply")
@requires(Permission.OWN_ACCOUNT)
def apply() -> ResponseReturnValue:
    """The form, or how an earlier application stands."""
    return _page(EmployerForm(formdata=None))


@employers.post("/apply")
@requires(Permission.OWN_ACCOUNT)
def send_application() -> ResponseReturnValue:
    """Apply for an organisation."""
    form = EmployerForm()
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        return once(current_actor(), "apply_employer", lambda: _apply(form))
    except DomainError as fault:
        form.form_errors.append(said(fault))
        return _page(form), fault.status


@employers.get("/review")
@requires(Permission.OPERATE)
def review() -> ResponseReturnValue:
    """All organisations, those that wait for a decision first."""
    return render_template("talent_pool/review.html", applications=queries.applications(), kinds=kind_names())


@employers.post("/review/<public_id>/<any(approved, declined, suspended):state>")
@requires(Permission.OPERATE)
def decide(public_id: str, state: str) -> ResponseReturnValue:
    """Approve, decline or suspend an organisation."""
    employer = service.get_employer_row(public_id, is_changing=True)
    service.decide_employer(actor=current_actor(), employer=employer, state=state)
    said_state = {"approved": _("Approved."), "declined": _("Declined."), "suspended": _("Suspended.")}
    flash(said_state[state], "success")
    return redirect(url_for("employers.review"), code=303)


def _apply(form: EmployerForm) -> str:
    names = ("name", "name_local", "kind", "website", "purpose")
    service.apply_employer(actor=current_actor(), **{name: form[name].data for name in names})
    flash(_("Your application is sent. The operator answers by e-mail."), "success")
    return url_for("employers.apply")


def _page(form: EmployerForm) -> str:
    employer = service.find_employer_of(acting_person(current_actor()))
    return render_template("talent_pool/apply.html", form=form, employer=employer, kinds=kind_names())

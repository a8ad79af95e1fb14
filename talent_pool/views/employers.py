"""Pages on which organisations ask to be let in, prove that it is them, and the operator decides."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.access import Permission, current_actor, requires
from core.db import utc_now
from core.errors import Conflict, DomainError, Invalid, said
from core.idempotency import once
from talent_pool import queries
from talent_pool.consent import acting_person
from talent_pool.employer_forms import ProofAddressForm, ProofCodeForm
from talent_pool.forms import EmployerForm
from talent_pool.labels import country_name, kind_names
from talent_pool.services import domains
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


@employers.post("/proof")
@requires(Permission.OWN_ACCOUNT)
def send_code() -> ResponseReturnValue:
    """Mail a code to an address at the organisation's domain."""
    form = ProofAddressForm()
    if not form.validate_on_submit():
        return _page(EmployerForm(formdata=None), address=form), 422
    try:
        domains.send_code(actor=current_actor(), address=form.mailbox.data)
    except (Conflict, Invalid) as fault:
        form.mailbox.errors = [*form.mailbox.errors, said(fault)]
        return _page(EmployerForm(formdata=None), address=form), fault.status
    flash(_("A code is on its way to that address."), "success")
    return redirect(url_for("employers.apply", _anchor="proof"), code=303)


@employers.post("/proof/code")
@requires(Permission.OWN_ACCOUNT)
def prove() -> ResponseReturnValue:
    """Type the code. A wrong one counts, so what it wrote stays although the answer is a refusal."""
    form = ProofCodeForm()
    if not form.validate_on_submit():
        return _page(EmployerForm(formdata=None), code=form), 422
    try:
        is_right = domains.prove(actor=current_actor(), code=form.code.data)
    except Conflict as fault:
        form.code.errors = [*form.code.errors, said(fault)]
        return _page(EmployerForm(formdata=None), code=form), fault.status
    if not is_right:
        g.keep_writes = True
        form.code.errors = [*form.code.errors, _("This is not the code. Look at the newest mail.")]
        return _page(EmployerForm(formdata=None), code=form), 422
    flash(_("Proved. The operator sees it with your application."), "success")
    return redirect(url_for("employers.apply"), code=303)


@employers.get("/review")
@requires(Permission.OPERATE)
def review() -> ResponseReturnValue:
    """All organisations, those that wait for a decision first, and which members reached a cap."""
    return render_template(
        "talent_pool/review.html",
        applications=queries.applications(),
        kinds=kind_names(),
        caps=queries.caps_reached(utc_now()),
        cap_names={"viewed": _("cards opened"), "asked": _("people asked"), "exported": _("people exported")},
        country_name=country_name,
    )


@employers.post("/review/<public_id>/<any(approved, declined, suspended):state>")
@requires(Permission.OPERATE)
def decide(public_id: str, state: str) -> ResponseReturnValue:
    """Approve, decline or suspend an organisation, in one click."""
    employer = service.get_employer_row(public_id, is_changing=True)
    reason = request.form.get("reason", "")
    try:
        service.decide_employer(actor=current_actor(), employer=employer, state=state, reason=reason)
    except Invalid as fault:
        flash(said(fault), "danger")
        return redirect(url_for("employers.review"), code=303)
    said_state = {"approved": _("Approved."), "declined": _("Declined."), "suspended": _("Suspended.")}
    flash(said_state[state], "success")
    return redirect(url_for("employers.review"), code=303)


def _apply(form: EmployerForm) -> str:
    names = ("name", "name_local", "kind", "country", "website", "purpose")
    service.apply_employer(actor=current_actor(), **{name: form[name].data for name in names})
    flash(_("Your application is sent. The operator answers by e-mail."), "success")
    return url_for("employers.apply")


def _page(
    form: EmployerForm, *, address: ProofAddressForm | None = None, code: ProofCodeForm | None = None
) -> str:
    employer = service.find_employer_of(acting_person(current_actor()))
    return render_template(
        "talent_pool/apply.html",
        form=form,
        employer=employer,
        may_confirm=current_actor().may(Permission.CONFIRM_DELETIONS),
        kinds=kind_names(),
        domain=domains.domain_of(employer.website) if employer else "",
        address=address or ProofAddressForm(formdata=None),
        code=code or ProofCodeForm(formdata=None),
    )

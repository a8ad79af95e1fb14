"""Opportunities of an employer, asking people for one of them, what they answered, and the export of who said yes."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from core.access import Permission, current_actor, requires
from core.db import utc_now
from core.errors import Conflict, Invalid, said
from core.idempotency import once
from talent_pool import queries
from talent_pool.caps import CAPS
from talent_pool.consent import get_employer, get_visible_profile
from talent_pool.employer_forms import AskForm, OpportunityForm
from talent_pool.models import Employer
from talent_pool.services import asking, contacts, exports
from talent_pool.services import opportunities as service
from talent_pool.services.deletions import deletions_of
from talent_pool.views.blueprint import employers
from talent_pool.views.common import chosen_handles, tabs
from talent_pool.views.files import workbook
from talent_pool.views.shown import shown_card

PER_PAGE = 20
FIELDS = ("title", "place", "pay", "closes_on", "contact", "details")


@employers.get("/opportunities")
@requires(Permission.SEARCH_POOL)
def opportunities() -> ResponseReturnValue:
    """What this employer offers."""
    return _opportunities(get_employer(current_actor()), OpportunityForm(formdata=None))


@employers.post("/opportunities")
@requires(Permission.SEARCH_POOL)
def add_opportunity() -> ResponseReturnValue:
    """Offer something; whoever came from chosen cards goes on to ask them."""
    employer, form = get_employer(current_actor()), OpportunityForm()
    if not form.validate_on_submit():
        return _opportunities(employer, form), 422

    def work() -> str:
        values = {name: form[name].data for name in FIELDS}
        row = service.add_opportunity(actor=current_actor(), **values)
        flash(_("Saved. You can ask people for it now."), "success")
        if handles := chosen_handles():
            return url_for("employers.ask", handle=handles, opportunity=row.public_id)
        return url_for("employers.opportunities")

    try:
        return once(current_actor(), "add_opportunity", work)
    except Invalid as fault:
        form.form_errors.append(said(fault))
        return _opportunities(employer, form), fault.status


@employers.post("/opportunities/<opportunity_id>/close")
@requires(Permission.SEARCH_POOL)
def close_opportunity(opportunity_id: str) -> ResponseReturnValue:
    """Ask nobody else for it, and end what nobody has answered."""
    version = request.form.get("version", 0, type=int)
    service.close_opportunity(actor=current_actor(), public_id=opportunity_id, version=version)
    flash(_("Closed. Requests that nobody had answered have ended."), "success")
    return redirect(url_for("employers.opportunities"), code=303)


@employers.get("/ask")
@requires(Permission.SEARCH_POOL)
def ask() -> ResponseReturnValue:
    """Whom, for what, and with which words."""
    return _ask_page(AskForm(formdata=None, opportunity=request.args.get("opportunity")))


@employers.post("/ask")
@requires(Permission.SEARCH_POOL)
def send_request() -> ResponseReturnValue:
    """Ask the chosen people."""
    form, handles = AskForm(), chosen_handles()
    _offer(form, get_employer(current_actor()))
    if not form.validate_on_submit():
        return _ask_page(form, 422)

    def work() -> str:
        sent = asking.ask_people(
            actor=current_actor(),
            handles=handles,
            opportunity=form.opportunity.data,
            message=form.message.data,
        )
        said_so = ngettext("%(num)d person is asked.", "%(num)d people are asked.", len(sent))
        flash(said_so + " " + _("You see name and address here as soon as somebody says yes."), "success")
        return url_for("employers.requests")

    try:
        return once(current_actor(), "ask_people", work)
    except (Conflict, Invalid) as fault:
        form.form_errors.append(said(fault))
        return _ask_page(form, fault.status)


@employers.get("/requests")
@requires(Permission.SEARCH_POOL)
def requests() -> ResponseReturnValue:
    """Whom this employer asked, and what they answered."""
    employer, counts = get_employer(current_actor()), queries.count_requests(get_employer(current_actor()))
    state = request.args.get("state", "")
    state = state if state in counts else ""
    total = counts[state] if state else sum(counts.values())
    pages = max(1, -(-total // PER_PAGE))
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    return render_template(
        "talent_pool/requests.html",
        employer=employer,
        requests=queries.requests_of(employer, state=state, offset=(page - 1) * PER_PAGE, limit=PER_PAGE),
        counts=counts,
        state=state,
        total=total,
        page=page,
        pages=pages,
        per_page=PER_PAGE,
        most_exported=CAPS["exported"],
        has_left=bool(deletions_of(employer)),
        open_deletions=queries.count_open_deletions(employer),
        usual_days=queries.usual_days(),
        tabs=tabs(),
    )


@employers.post("/requests/<public_id>/withdraw")
@requires(Permission.SEARCH_POOL)
def withdraw_request(public_id: str) -> ResponseReturnValue:
    """Take an unanswered request back."""
    contacts.withdraw_request(actor=current_actor(), public_id=public_id)
    flash(_("The request is taken back."), "success")
    return redirect(url_for("employers.requests"), code=303)


@employers.post("/requests/export")
@requires(Permission.SEARCH_POOL)
def export() -> ResponseReturnValue:
    """Everybody who said yes, as a stamped workbook; each of them sees that it was taken."""
    try:
        file = exports.export_revealed(actor=current_actor(), opportunity=request.form.get("opportunity", ""))
    except Conflict as fault:
        flash(said(fault), "warning")
        return redirect(url_for("employers.requests"), code=303)
    return workbook(file.data, file.name)


def _opportunities(employer: Employer, form: OpportunityForm) -> str:
    today = utc_now().date()
    rows = service.opportunities_of(employer)
    return render_template(
        "talent_pool/opportunities.html",
        employer=employer,
        lines=[(row, service.is_open(row, today), service.may_be_asked_for(row, today)) for row in rows],
        soonest=service.SOONEST,
        asked=queries.asked_for(employer),
        form=form,
        handles=chosen_handles(),
        tabs=tabs(),
    )


def _offer(form: AskForm, employer: Employer) -> None:
    """The opportunities that can be chosen."""
    today = utc_now().date()
    rows = [row for row in service.opportunities_of(employer) if service.may_be_asked_for(row, today)]
    form.opportunity.choices = [(row.public_id, f"{row.title} · {row.place}") for row in rows]
    known = [row.public_id for row in rows]
    if form.opportunity.data not in known:
        form.opportunity.data = known[0] if len(known) == 1 else None


def _ask_page(form: AskForm, status: int = 200) -> ResponseReturnValue:
    actor = current_actor()
    employer, handles = get_employer(actor), chosen_handles()
    profiles = [get_visible_profile(actor, handle) for handle in handles]
    _offer(form, employer)
    if not profiles:
        return redirect(url_for("employers.search"), code=303)
    if not form.opportunity.choices:
        flash(_("Say first what you offer; then you can ask."), "info")
        return redirect(url_for("employers.opportunities", handle=handles), code=303)
    html = render_template(
        "talent_pool/ask.html",
        employer=employer,
        form=form,
        cards=[shown_card(profile.handle, profile.card) for profile in profiles],
        asked=queries.asked_handles(employer, [profile.id for profile in profiles]),
        usual_days=queries.usual_days(),
        most=asking.MOST_AT_ONCE,
        tabs=tabs(),
    )
    return html, status

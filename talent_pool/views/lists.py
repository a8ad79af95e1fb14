"""Shortlists of an employer: choosing cards, comparing them, asking several at once."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from core.access import Permission, current_actor, requires
from core.errors import Conflict, Invalid, said
from core.views import safe_next
from talent_pool import queries
from talent_pool.consent import get_employer
from talent_pool.employer_forms import ListForm
from talent_pool.models import Employer
from talent_pool.services import lists as service
from talent_pool.views.blueprint import employers
from talent_pool.views.common import chosen_handles, tabs
from talent_pool.views.shown import shown_card

NEW = "new"
PER_PAGE = 50


@employers.get("/lists")
@requires(Permission.SEARCH_POOL)
def lists() -> ResponseReturnValue:
    """All shortlists."""
    return _index(get_employer(current_actor()), ListForm(formdata=None))


@employers.post("/lists")
@requires(Permission.SEARCH_POOL)
def add_list() -> ResponseReturnValue:
    """A new shortlist."""
    employer, form = get_employer(current_actor()), ListForm()
    if not form.validate_on_submit():
        return _index(employer, form), 422
    try:
        row = service.add_list(actor=current_actor(), name=form.name.data)
    except (Conflict, Invalid) as fault:
        form.form_errors.append(said(fault))
        return _index(employer, form), fault.status
    return redirect(url_for("employers.shortlist", list_id=row.public_id), code=303)


@employers.post("/chosen")
@requires(Permission.SEARCH_POOL)
def chosen() -> ResponseReturnValue:
    """What is done with the cards ticked on a page: put on a shortlist (perhaps a new one), or asked."""
    handles = chosen_handles()
    back = safe_next(request.form.get("back"), url_for("employers.search"))
    if not handles:
        flash(_("Tick the cards first."), "warning")
        return redirect(back, code=303)
    if request.form.get("deed") == "ask":
        return redirect(url_for("employers.ask", handle=handles), code=303)
    target, actor = request.form.get("list", ""), current_actor()
    if target in ("", NEW):
        name = request.form.get("name", "") or _("Shortlist")
        target = _named(get_employer(actor), name)
    count = service.put_on_list(actor=actor, public_id=target, handles=handles)
    name = service.get_list(get_employer(actor), target).name
    flash(
        ngettext("%(num)d card put on “%(name)s”.", "%(num)d cards put on “%(name)s”.", count, name=name),
        "success",
    )
    return redirect(back, code=303)


@employers.get("/lists/<list_id>")
@requires(Permission.SEARCH_POOL)
def shortlist(list_id: str) -> ResponseReturnValue:
    """The cards on a shortlist."""
    employer = get_employer(current_actor())
    row = service.get_list(employer, list_id)
    total = next(line.count for line in service.lists_of(employer) if line.public_id == row.public_id)
    pages = max(1, -(-total // PER_PAGE))
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    profiles = service.profiles_on(employer, row, offset=(page - 1) * PER_PAGE, limit=PER_PAGE)
    keys = [profile.id for profile in profiles]
    return render_template(
        "talent_pool/shortlist.html",
        employer=employer,
        row=row,
        cards=[(profile, shown_card(profile.handle, profile.card)) for profile in profiles],
        asked=queries.asked_handles(employer, keys),
        marks=service.marks_of(employer, keys),
        page=page,
        pages=pages,
        total=total,
        per_page=PER_PAGE,
        tabs=tabs(),
    )


@employers.post("/lists/<list_id>/remove")
@requires(Permission.SEARCH_POOL)
def remove_list(list_id: str) -> ResponseReturnValue:
    """Remove a shortlist."""
    service.remove_list(actor=current_actor(), public_id=list_id)
    flash(_("The list is removed."), "success")
    return redirect(url_for("employers.lists"), code=303)


@employers.post("/lists/<list_id>/off/<handle>")
@requires(Permission.SEARCH_POOL)
def take_off(list_id: str, handle: str) -> ResponseReturnValue:
    """Take a card off a shortlist."""
    service.take_off_list(actor=current_actor(), public_id=list_id, handle=handle)
    return redirect(url_for("employers.shortlist", list_id=list_id), code=303)


def _named(employer: Employer, name: str) -> str:
    """The list of this name, made if it is not there."""
    for line in service.lists_of(employer):
        if line.name == " ".join(name.split()):
            return line.public_id
    return service.add_list(actor=current_actor(), name=name).public_id


def _index(employer: Employer, form: ListForm) -> str:
    return render_template(
        "talent_pool/lists.html", employer=employer, lines=service.lists_of(employer), form=form, tabs=tabs()
    )

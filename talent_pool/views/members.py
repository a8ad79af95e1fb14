"""Who acts for an employer: members, invitations, and accepting one."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.access import Permission, current_actor, forget_actor, requires
from core.errors import Conflict, Invalid, said
from talent_pool.consent import acting_person, get_employer
from talent_pool.employer_forms import InviteForm
from talent_pool.models import Employer
from talent_pool.services import members as service
from talent_pool.views.blueprint import employers
from talent_pool.views.common import tabs


@employers.get("/members")
@requires(Permission.SEARCH_POOL)
def members() -> ResponseReturnValue:
    """Everybody who acts for this employer."""
    return _page(get_employer(current_actor()), InviteForm(formdata=None))


@employers.post("/members/invite")
@requires(Permission.SEARCH_POOL)
def invite() -> ResponseReturnValue:
    """Invite a colleague."""
    employer, form = get_employer(current_actor()), InviteForm()
    if not form.validate_on_submit():
        return _page(employer, form), 422
    try:
        service.invite_member(actor=current_actor(), email=form.email.data)
    except (Conflict, Invalid) as fault:
        form.form_errors.append(said(fault))
        return _page(employer, form), fault.status
    flash(_("Invited. They become a member by signing in at that address and saying yes."), "success")
    return redirect(url_for("employers.members"), code=303)


@employers.post("/members/invitations/<invitation_id>/withdraw")
@requires(Permission.SEARCH_POOL)
def withdraw_invitation(invitation_id: str) -> ResponseReturnValue:
    """Take an invitation back."""
    service.withdraw_invitation(actor=current_actor(), public_id=invitation_id)
    flash(_("The invitation is taken back."), "success")
    return redirect(url_for("employers.members"), code=303)


@employers.post("/members/<person_id>/remove")
@requires(Permission.SEARCH_POOL)
def remove_member(person_id: str) -> ResponseReturnValue:
    """Take a member out."""
    service.remove_member(actor=current_actor(), public_id=person_id)
    flash(_("They no longer act for your organisation."), "success")
    return redirect(url_for("employers.members"), code=303)


@employers.get("/invitations")
@requires(Permission.OWN_ACCOUNT)
def invitations() -> ResponseReturnValue:
    """The invitations to my own address."""
    found = service.invitations_to(acting_person(current_actor()))
    return render_template("talent_pool/invitations.html", invitations=found)


@employers.post("/invitations/<invitation_id>/accept")
@requires(Permission.OWN_ACCOUNT)
def accept_invitation(invitation_id: str) -> ResponseReturnValue:
    """Become a member of the organisation that invited me."""
    try:
        service.accept_invitation(actor=current_actor(), public_id=invitation_id)
    except Conflict as fault:
        flash(said(fault), "warning")
        return redirect(url_for("employers.invitations"), code=303)
    forget_actor()
    return redirect(url_for("employers.search"), code=303)


def _page(employer: Employer, form: InviteForm) -> str:
    actor = current_actor()
    return render_template(
        "talent_pool/members.html",
        employer=employer,
        lines=service.members_of(employer, actor),
        invitations=service.open_invitations(employer),
        may_invite=service.may_invite(employer, actor),
        form=form,
        tabs=tabs(),
    )

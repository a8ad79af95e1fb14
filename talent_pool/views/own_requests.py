"""Pages on which a person answers employers, once, and reads who did what with their card."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.access import Permission, current_actor, requires
from core.errors import Conflict, said
from talent_pool import queries
from talent_pool.consent import get_own_profile
from talent_pool.labels import event_names
from talent_pool.services import contacts
from talent_pool.services.cvs import find_cv
from talent_pool.services.deletions import deletions_for
from talent_pool.views.blueprint import pool
from talent_pool.views.own_tabs import own_tabs


@pool.get("/requests")
@requires(Permission.JOIN_POOL)
def requests() -> ResponseReturnValue:
    """What employers asked, those that wait for an answer first."""
    return _requests()


@pool.post("/requests/<public_id>/<any(accept, decline):answer>")
@requires(Permission.JOIN_POOL)
def reply(public_id: str, answer: str) -> ResponseReturnValue:
    """Say yes or no to one employer."""
    is_accepted = answer == "accept"
    try:
        contacts.answer_contact(actor=current_actor(), public_id=public_id, is_accepted=is_accepted)
    except Conflict as fault:
        flash(said(fault), "warning")
        return _requests(), fault.status
    yes = _("They learn who you are now, and can write to you.")
    flash(yes if is_accepted else _("They learn nothing about you."), "success")
    return redirect(url_for("pool.requests"), code=303)


@pool.post("/requests/<public_id>/revoke")
@requires(Permission.JOIN_POOL)
def revoke(public_id: str) -> ResponseReturnValue:
    """Take a yes back."""
    contacts.revoke_contact(actor=current_actor(), public_id=public_id)
    flash(
        _("They see nothing any more, and are asked to delete what they have and to confirm it."), "success"
    )
    return redirect(url_for("pool.requests"), code=303)


@pool.get("/log")
@requires(Permission.JOIN_POOL)
def log() -> ResponseReturnValue:
    """Which employer looked, asked, learned or took what, newest first."""
    profile = get_own_profile(current_actor())
    return render_template(
        "talent_pool/log.html",
        lines=queries.log_of(profile.person_id),
        deletions=deletions_for(profile.person_id),
        names=event_names(),
        tabs=own_tabs(profile),
    )


def _requests() -> str:
    profile = get_own_profile(current_actor())
    return render_template(
        "talent_pool/own_requests.html",
        requests=queries.requests_to(profile.id),
        has_cv=find_cv(profile.id) is not None,
        tabs=own_tabs(profile),
    )

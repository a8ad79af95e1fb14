"""Pages of an employer's members after a reveal: the CV, and confirming that what was learned is deleted."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from core.access import Permission, current_actor, requires
from core.db import db
from core.errors import NotFound
from talent_pool.consent import answerable_employers, find_revealed_cv, get_employer
from talent_pool.events import note_event
from talent_pool.models import PUBLIC_ID, ContactRequest, PoolProfile
from talent_pool.services import deletions as service
from talent_pool.views.blueprint import employers
from talent_pool.views.files import attachment


@employers.get("/requests/<public_id>/cv")
@requires(Permission.SEARCH_POOL)
def cv(public_id: str) -> ResponseReturnValue:
    """The CV of somebody who said yes to this employer, as a file to keep; the person sees that it was taken."""
    employer = get_employer(current_actor())
    row = db.session.execute(
        select(ContactRequest, PoolProfile)
        .join(PoolProfile, PoolProfile.id == ContactRequest.profile_id)
        .where(ContactRequest.public_id == public_id, ContactRequest.employer_id == employer.id)
    ).first()
    if not PUBLIC_ID.fullmatch(public_id) or row is None:
        raise NotFound
    request, profile = row
    found = find_revealed_cv(employer, request, profile.person_id)
    if found is None:
        raise NotFound
    data, handle = found.data, profile.handle
    note_event("downloaded", actor=current_actor(), employer=employer, profile=profile)
    return attachment(data, f"CV {handle}.pdf")


@employers.get("/deletions")
@requires(Permission.CONFIRM_DELETIONS)
def deletions() -> ResponseReturnValue:
    """What the employers for which one answers were asked to delete."""
    found = answerable_employers(current_actor())
    return render_template(
        "talent_pool/deletions.html",
        employer=found[0],
        is_one_of_many=len(found) > 1,
        lines=service.deletions_of(*found),
    )


@employers.post("/deletions/<public_id>")
@requires(Permission.CONFIRM_DELETIONS)
def confirm_deletion(public_id: str) -> ResponseReturnValue:
    """Confirm that it is deleted."""
    service.confirm_deletion(actor=current_actor(), public_id=public_id)
    flash(_("Thank you. The person sees that you have confirmed it."), "success")
    return redirect(url_for("employers.deletions"), code=303)

"""The page of one's consent: what holds, pausing and leaving in one click, receipts, rights, the CV."""

from __future__ import annotations

import json

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from core.access import Permission, current_actor, requires
from core.db import db
from core.errors import DomainError, NotFound, said
from talent_pool import queries
from talent_pool.consent import HOLDS_FOR, acting_person, find_consent, find_own_profile, get_own_profile
from talent_pool.labels import act_names, right_names
from talent_pool.models import PUBLIC_ID
from talent_pool.notice import present_notice
from talent_pool.own_data import pool_data
from talent_pool.person_forms import RightsForm
from talent_pool.person_models import PoolConsentRecord
from talent_pool.services import cvs, membership, rights
from talent_pool.services.records import agreed_notice, is_superseded, receipt_of, records_of
from talent_pool.views.blueprint import pool
from talent_pool.views.files import attachment
from talent_pool.views.own_tabs import own_tabs


@pool.get("/consent")
@requires(Permission.JOIN_POOL)
def consent() -> ResponseReturnValue:
    """What holds now and what was done, with everything that can be done about it."""
    return _page(RightsForm(formdata=None))


@pool.post("/consent/renew")
@requires(Permission.JOIN_POOL)
def renew() -> ResponseReturnValue:
    """Say yes again, to the text that was shown."""
    if request.form.get("notice") != present_notice().text_hash:
        flash(_("This text has changed since you opened it. Read it again, then decide."), "warning")
        return redirect(url_for("pool.consent", _anchor="text"), code=303)
    membership.confirm_consent(actor=current_actor())
    flash(_("Thank you. Your yes holds for two more years."), "success")
    return redirect(url_for("pool.consent"), code=303)


@pool.post("/<any(pause, resume):move>")
@requires(Permission.JOIN_POOL)
def pause(move: str) -> ResponseReturnValue:
    """Take the card out of everything for a while, or show it again."""
    membership.pause(actor=current_actor(), is_paused=move == "pause")
    paused = _("Paused. No employer sees your card until you show it again.")
    flash(paused if move == "pause" else _("Employers see your card again."), "success")
    return redirect(url_for("pool.consent"), code=303)


@pool.post("/leave")
@requires(Permission.JOIN_POOL)
def leave() -> ResponseReturnValue:
    """Withdraw consent, in one step."""
    membership.leave_pool(actor=current_actor())
    flash(_("You have left the talent pool. Your card, your CV and all requests are deleted."), "success")
    return redirect(url_for("pool.consent"), code=303)


@pool.post("/erase")
@requires(Permission.JOIN_POOL)
def erase() -> ResponseReturnValue:
    """Leave, and erase everything that remains of oneself."""
    rights.erase(actor=current_actor())
    flash(_("Erased. Nothing in the talent pool belongs to you any more."), "success")
    return redirect(url_for("pool.consent"), code=303)


@pool.get("/consent/records/<public_id>")
@requires(Permission.JOIN_POOL)
def receipt(public_id: str) -> ResponseReturnValue:
    """The receipt of one act, as a file."""
    person_id = acting_person(current_actor())
    query = select(PoolConsentRecord).where(
        PoolConsentRecord.public_id == public_id, PoolConsentRecord.person_id == person_id
    )
    row = db.session.scalar(query) if PUBLIC_ID.fullmatch(public_id) else None
    if row is None:
        raise NotFound
    return _json(receipt_of(row), f"consent-{row.at.date()}-{row.public_id}.json")


@pool.get("/data")
@requires(Permission.JOIN_POOL)
def data() -> ResponseReturnValue:
    """Everything that the pool holds about oneself, as a file."""
    return _json(pool_data(acting_person(current_actor())), "talent-pool.json")


@pool.post("/rights")
@requires(Permission.JOIN_POOL)
def ask_right() -> ResponseReturnValue:
    """Ask the operator for something about one's data."""
    form = RightsForm()
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        rights.ask_right(actor=current_actor(), kind=form.kind.data, words=form.words.data)
    except DomainError as fault:
        form.form_errors.append(said(fault))
        return _page(form), fault.status
    flash(_("Sent. You get an answer within 30 days; it stands on this page."), "success")
    return redirect(url_for("pool.consent", _anchor="rights"), code=303)


@pool.post("/cv")
@requires(Permission.JOIN_POOL)
def upload_cv() -> ResponseReturnValue:
    """Keep a CV, or say why this one is none."""
    file = request.files.get("file")
    try:
        cvs.save_cv(actor=current_actor(), data=file.read(cvs.MOST_BYTES + 1) if file else b"")
    except DomainError as fault:
        db.session.rollback()
        flash(said(fault), "error")
        return redirect(url_for("pool.show", _anchor="cv"), code=303)
    flash(_("Your CV is kept. Employers get it only after you say yes to them."), "success")
    return redirect(url_for("pool.show", _anchor="cv"), code=303)


@pool.post("/cv/remove")
@requires(Permission.JOIN_POOL)
def remove_cv() -> ResponseReturnValue:
    """Remove one's CV."""
    cvs.remove_cv(actor=current_actor())
    flash(_("Your CV is deleted."), "success")
    return redirect(url_for("pool.show", _anchor="cv"), code=303)


@pool.get("/cv")
@requires(Permission.JOIN_POOL)
def own_cv() -> ResponseReturnValue:
    """One's own CV, as employers would get it."""
    row = cvs.find_cv(get_own_profile(current_actor()).id)
    if row is None:
        raise NotFound
    return attachment(row.data, "CV.pdf")


def _page(form: RightsForm) -> str:
    person_id = acting_person(current_actor())
    profile, standing = find_own_profile(current_actor()), find_consent(person_id)
    agreed = agreed_notice(standing) if standing else None
    return render_template(
        "talent_pool/consent.html",
        profile=profile,
        consent=standing,
        ends_at=standing.confirmed_at + HOLDS_FOR if standing else None,
        records=records_of(person_id),
        acts=act_names(),
        rights=rights.rights_of(person_id),
        right_names=right_names(),
        notice=present_notice(),
        agreed=agreed,
        is_superseded=agreed is not None and is_superseded(agreed),
        employers=queries.approved_employers(),
        form=form,
        tabs=own_tabs(profile) if profile else [],
    )


def _json(content: object, name: str) -> Response:
    text = json.dumps(content, ensure_ascii=False, indent=2, default=str)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(text + "\n", mimetype="application/json", headers=headers)

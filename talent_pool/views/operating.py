"""The operator's page of the talent pool: records, retention, rights with deadlines, transfers abroad, invitations."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from competition.editions.public import find_edition
from core.access import Permission, current_actor, requires
from core.db import utc_now
from core.errors import DomainError, NotFound, said
from talent_pool import operating
from talent_pool.labels import act_names, right_names
from talent_pool.person_forms import RightsAnswerForm
from talent_pool.services import exports, invitations, rights
from talent_pool.services.deletions import open_deletions
from talent_pool.views.files import workbook

MOST_PAGES = 100_000

blueprint = Blueprint("pool_records", __name__, url_prefix="/operator/talent-pool")


@blueprint.get("/")
@requires(Permission.OPERATE)
def show() -> ResponseReturnValue:
    """Everything the operator answers for."""
    return _page()


@blueprint.post("/rights/<public_id>")
@requires(Permission.OPERATE)
def answer(public_id: str) -> ResponseReturnValue:
    """Answer what somebody asked about their data."""
    form = RightsAnswerForm()
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        rights.answer_right(actor=current_actor(), public_id=public_id, answer=form.answer.data)
    except DomainError as fault:
        if isinstance(fault, NotFound):
            raise
        form.form_errors.append(said(fault))
        return _page(form), fault.status
    flash(_("Answered. The person gets a mail and reads it on their page."), "success")
    return redirect(url_for("pool_records.show", _anchor="rights"), code=303)


@blueprint.post("/invite/<edition_slug>")
@requires(Permission.OPERATE)
def invite(edition_slug: str) -> ResponseReturnValue:
    """Tell an edition's people that the pool exists, once."""
    edition = find_edition(edition_slug)
    if edition is None:
        raise NotFound
    count = invitations.invite_former(actor=current_actor(), edition_id=edition.id)
    flash(ngettext("%(num)d person was invited.", "%(num)d people were invited.", count), "success")
    return redirect(url_for("pool_records.show", _anchor="invitations"), code=303)


@blueprint.post("/export")
@requires(Permission.OPERATE)
def export() -> ResponseReturnValue:
    """All consent records as a workbook, without names."""
    file = exports.export_records(actor=current_actor())
    return workbook(file.data, file.name)


def _page(form: RightsAnswerForm | None = None) -> str:
    now = utc_now()
    people, named, countries = operating.disclosed_abroad(now)
    wanted, page = request.args.get("record", "")[:40], max(1, request.args.get("page", 1, type=int))
    records, found = operating.records_page(wanted, min(page, MOST_PAGES))
    return render_template(
        "talent_pool/records.html",
        form=form or RightsAnswerForm(formdata=None),
        now=now,
        standing=operating.standing_of_pool(now),
        people_abroad=people,
        named_abroad=named,
        countries=countries,
        records=records,
        found=found,
        wanted=wanted,
        page=page,
        per_page=operating.RECORDS_A_PAGE,
        record_count=operating.count_records(),
        rights=operating.rights_requests(),
        deletions=open_deletions(),
        editions=operating.inviting_editions(),
        invited=operating.invitation_counts(),
        acts=act_names(),
        right_names=right_names(),
    )

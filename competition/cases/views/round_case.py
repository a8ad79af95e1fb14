"""What a round negotiates, who may read it from when on, and opening it by hand."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.cases.forms import ReleaseForm
from competition.cases.models import Case
from competition.cases.queries import cases_of, find_round_case, get_case
from competition.cases.services import assign_case, is_open, set_released
from competition.editions.public import Edition, get_edition, to_local
from competition.rounds.public import RoundFacts, get_round_facts
from core.access import Permission, current_actor, requires
from core.db import db, utc_now
from core.errors import DomainError, NotFound, said
from core.localised import N_

blueprint = Blueprint("round_case", __name__, url_prefix="/e/<slug>/rounds/<int:number>/case")


@blueprint.get("")
@requires(Permission.MANAGE_ROUNDS)
def show(slug: str, number: int) -> ResponseReturnValue:
    """What a round negotiates, and who may read it from when on."""
    edition = get_edition(slug)
    return _round_page(edition, get_round_facts(edition.id, number))


def _round_page(
    edition: Edition,
    facts: RoundFacts,
    form: ReleaseForm | None = None,
    fault: DomainError | None = None,
) -> str:
    row, cases = find_round_case(facts.id), {case.id: case for case in cases_of(edition.id)}
    chosen = cases.get(row.case_id) if row is not None else None
    values = {
        "case": chosen.public_id if chosen else "",
        "release_at": to_local(row.release_at, edition.timezone)
        if row is not None and row.release_at
        else None,
        "judges_read": row is not None and row.judges_read,
        "coaches_read": row is not None and row.coaches_read,
    }
    return render_template(
        "cases/round.html",
        edition=edition,
        round=facts,
        case=chosen,
        row=row,
        is_open=row is not None and is_open(row, utc_now()),
        form=form or ReleaseForm(formdata=None, zone=edition.timezone, cases=_choices(edition), **values),
        has_cases=bool(cases),
        fault=[said(fault), *fault.details] if fault else [],
    )


def _choices(edition: Edition) -> list[tuple[str, str]]:
    return [("", _("None yet")), *((case.public_id, case.title) for case in cases_of(edition.id))]


@blueprint.post("")
@requires(Permission.MANAGE_ROUNDS)
def assign(slug: str, number: int) -> ResponseReturnValue:
    """Choose the case of a round and the rules of its reading."""
    edition = get_edition(slug)
    facts = get_round_facts(edition.id, number)
    form = ReleaseForm(zone=edition.timezone, cases=_choices(edition))
    if not form.validate_on_submit():
        return _round_page(edition, facts, form), 422
    try:
        assign_case(
            actor=current_actor(),
            facts=facts,
            case=get_case(edition.id, form.case.data) if form.case.data else None,
            release_at=form.release_at_utc,
            judges_read=bool(form.judges_read.data),
            coaches_read=bool(form.coaches_read.data),
        )
    except DomainError as fault:
        db.session.rollback()
        return _round_page(edition, facts, form, fault), fault.status
    flash(_("Saved."), "success")
    return redirect(url_for("round_case.show", slug=slug, number=number), code=303)


@blueprint.post("/release")
@requires(Permission.MANAGE_ROUNDS)
def release(slug: str, number: int) -> ResponseReturnValue:
    """Open the case now, or close it again."""
    edition = get_edition(slug)
    facts = get_round_facts(edition.id, number)
    row, is_released = find_round_case(facts.id), request.form.get("is_released") == "1"
    if row is None:
        raise NotFound(N_("This round has no case yet."))
    try:
        case = db.session.get_one(Case, row.case_id)
        set_released(actor=current_actor(), facts=facts, case=case, is_released=is_released)
    except DomainError as fault:
        db.session.rollback()
        return _round_page(edition, facts, fault=fault), fault.status
    if is_released:
        flash(
            _("The case is open. Briefs can be read by those who hold the role, once the draw is released."),
            "success",
        )
    else:
        flash(_("The case is closed. What was read was read; see the list of openings."), "success")
    return redirect(url_for("round_case.show", slug=slug, number=number), code=303)

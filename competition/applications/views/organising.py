"""Pages on which organisers run applications: the list with its line, single applications, the call, reviewers."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.applications import queries
from competition.applications.forms import CallForm, CriterionForm, LineForm, ReviewerForm, VersionForm
from competition.applications.listing import ApplicantFilter, narrowed
from competition.applications.models import Application, ApplicationCall
from competition.applications.selection import cut
from competition.applications.services import applying, deciding, reviewing
from competition.applications.services import call as call_service
from competition.applications.services.records import noted
from competition.applications.vocabulary import ATTRIBUTES, CHOICES, STATE_KINDS, STATES
from competition.editions.public import (
    Edition,
    UnclearLocalTime,
    find_notice,
    get_edition,
    split_list,
    to_local,
    to_utc,
)
from core.access import Permission, current_actor, requires
from core.db import utc_now
from core.errors import Conflict, DomainError, NotFound, said
from core.filters import Page
from core.forms import folded, whole_number
from core.idempotency import new_key, once
from core.links import public_address
from core.localised import joined, translated
from core.spreadsheets import csv_for_people

blueprint = Blueprint("applications", __name__, url_prefix="/e/<slug>/people/applicants")
MOST_PICKS = 2000
PER_PAGE = 200
CALL_FIELDS = ("is_on", "places", "reserves", "asks_institution", "asks_gender", "question", "question_zh")


@blueprint.get("")
@requires(Permission.MANAGE_PEOPLE)
def index(slug: str) -> ResponseReturnValue:
    """Every application by score, the line, and what the line says of each."""
    edition = get_edition(slug)
    call = queries.find_call(edition.id)
    form = LineForm(obj=call) if call else None
    return _list(edition, call, form)


def _list(
    edition: Edition, call: ApplicationCall | None, form: LineForm | None, faults: list[str] | None = None
) -> str:
    """The list; after a refusal with the answers and the words that were sent, so that nothing is chosen twice."""
    rows = {row.id: row for row in queries.applications_of(edition.id)}
    ranking, asked, is_hidden = (
        queries.ranking(edition.id),
        ApplicantFilter.of(request.args),
        _is_blind(edition),
    )
    lines = [(line, rows[line.key]) for line in ranking]
    proposals = cut(ranking, places=call.places, reserves=call.reserves) if call else {}
    plan = queries.find_plan(edition.id)
    shown = narrowed(lines, asked, is_blind=is_hidden)
    page = Page.of(request.args, total=len(shown), per_page=PER_PAGE)
    return render_template(
        "applications/index.html",
        edition=edition,
        call=call,
        form=form,
        faults=faults or [],
        has_any=bool(lines),
        asked=asked,
        page=page,
        lines=page.cut(shown),
        is_by_rank=not asked.arguments() and not is_hidden,
        sort_url=lambda name: url_for("applications.index", slug=edition.slug, **asked.arguments(sort=name)),
        sent=request.form if faults else {},
        picked={public_id: outcome for public_id, (_version, outcome) in _picks().items()} if faults else {},
        withdrawn=[row for row in rows.values() if row.state == "withdrawn"],
        proposals=proposals,
        counts=Counter(row.state for row in rows.values()),
        tied=[
            line
            for line, row in lines
            if proposals.get(line.key) == "" and line.score is not None and row.state == "applied"
        ],
        is_open=queries.is_call_open(edition, call, utc_now()),
        is_hidden=is_hidden,
        reviewers=queries.reviewers_of(edition.id),
        has_teams=plan is not None and plan.confirmed_at is not None,
        address=public_address(url_for("applying.show", slug=edition.slug)),
        key=new_key(),
        **_words(),
    )


def _is_blind(edition: Edition) -> bool:
    """An organiser who reviews too sees no scores before they are done."""
    own = queries.find_own_reviewer(current_actor(), edition)
    return own is not None and own.done_at is None


def _words() -> dict[str, Any]:
    """The words of the lists, translated once for the whole page: a list shows each of them hundreds of times."""
    words = {name: {value: str(label) for value, label in values.items()} for name, values in CHOICES.items()}
    return {
        "states": {state: str(label) for state, label in STATES.items()},
        "state_kinds": STATE_KINDS,
        "word": lambda name, value: words.get(name, {}).get(value, value),
        "attributes": {name: str(label) for name, label in ATTRIBUTES.items()},
        "disciplines": list(words["discipline"].items()),
    }


@blueprint.post("/line")
@requires(Permission.MANAGE_PEOPLE)
def draw_line(slug: str) -> ResponseReturnValue:
    """Move the line."""
    edition = get_edition(slug)
    call, form = _call(edition), LineForm()
    if not form.validate_on_submit():
        return _list(edition, call, form), 422
    deciding.draw_line(
        actor=current_actor(),
        edition=edition,
        call=call,
        version=form.version.number,
        places=form.places.data,
        reserves=form.reserves.data,
    )
    return redirect(url_for("applications.index", slug=slug, _anchor="ranking"), code=303)


def _call(edition: Edition) -> ApplicationCall:
    call = queries.find_call(edition.id)
    if call is None:
        raise NotFound
    return call


@blueprint.post("/answers")
@requires(Permission.MANAGE_PEOPLE)
def answer(slug: str) -> ResponseReturnValue:
    """Send the answers as they are set in the list."""
    edition = get_edition(slug)
    call = _call(edition)
    reasons = {outcome: folded(request.form.get(f"reason-{outcome}"))[:500] for outcome in deciding.OUTCOMES}

    def work() -> str:
        done = deciding.answer(actor=current_actor(), edition=edition, picks=_picks(), reasons=reasons)
        flash(
            _(
                "Accepted: %(accepted)d, reserves: %(reserve)d, declined: %(declined)d. Everybody is told by e-mail.",
                **done.counts,
            ),
            "success",
        )
        if done.passed:
            flash(
                _("Changed in the meantime and passed over: %(names)s", names=joined(done.passed)), "warning"
            )
        return url_for("applications.index", slug=slug)

    try:
        return once(current_actor(), f"answer:{edition.id}", work)
    except DomainError as fault:
        return _list(edition, call, LineForm(obj=call, formdata=None), [said(fault)]), fault.status


def _picks() -> dict[str, tuple[int, str]]:
    """What was chosen in the list: fields named `outcome:ID:VERSION`."""
    found: dict[str, tuple[int, str]] = {}
    for name, outcome in list(request.form.items())[:MOST_PICKS]:
        kind, _colon, rest = name.partition(":")
        public_id, _colon, version = rest.rpartition(":")
        if kind == "outcome" and outcome in deciding.OUTCOMES:
            found[public_id] = (whole_number(version, otherwise=0), outcome)
    return found


@blueprint.get("/<application_id>")
@requires(Permission.MANAGE_PEOPLE)
def one(slug: str, application_id: str) -> ResponseReturnValue:
    """One application with everything said about it."""
    edition = get_edition(slug)
    row = queries.get_application(edition.id, application_id)
    return render_template(
        "applications/one.html",
        edition=edition,
        row=row,
        call=queries.find_call(edition.id),
        reviews=[] if _is_blind(edition) else queries.reviews_of_application(row.id),
        is_hidden=_is_blind(edition),
        criteria=queries.criteria_of(edition.id),
        together=split_list(row.wishes_together),
        apart=split_list(row.wishes_apart),
        **_words(),
    )


@blueprint.post("/<application_id>/withdraw")
@requires(Permission.MANAGE_PEOPLE)
def withdraw(slug: str, application_id: str) -> ResponseReturnValue:
    """Somebody told the organisers that they cannot come."""
    edition, form = get_edition(slug), VersionForm()
    row = queries.get_application(edition.id, application_id)
    reserve = applying.withdraw(
        actor=current_actor(), edition=edition, application=row, version=form.version.number
    )
    flash(_("%(name)s is withdrawn.", name=row.name), "success")
    if reserve is not None:
        flash(_("%(name)s moves up from the reserves and is told by e-mail.", name=reserve.name), "success")
    return redirect(url_for("applications.index", slug=slug), code=303)


@blueprint.post("/export")
@requires(Permission.EXPORT_EDITION)
def export(slug: str) -> ResponseReturnValue:
    """The list as a file for people; that it was taken is on record."""
    edition = get_edition(slug)
    rows = {row.id: row for row in queries.applications_of(edition.id)}
    words = _words()
    named = [name for name in ATTRIBUTES if name != "gender"]
    head = [
        _("Name"),
        _("Name in their own script"),
        _("E-mail"),
        *(words["attributes"][name] for name in named),
    ]
    lines: list[list[Any]] = [[*head, _("State"), _("Score"), _("Reviews")]]
    for line in queries.ranking(edition.id):
        row = rows[line.key]
        score = f"{float(line.score):.2f}" if line.score is not None else ""
        values = [words["word"](name, getattr(row, name)) for name in named]
        state = words["states"][row.state]
        lines.append([row.name, row.name_local, row.contact, *values, state, score, line.reviews])
    noted(current_actor(), edition.id, "export", "application", None, details={"rows": len(lines) - 1})
    name = f'attachment; filename="{edition.slug}-applicants.csv"'
    return Response(csv_for_people(lines), mimetype="text/csv", headers={"Content-Disposition": name})


@blueprint.get("/call")
@requires(Permission.MANAGE_PEOPLE)
def call(slug: str) -> ResponseReturnValue:
    """Whether people apply alone, until when, what they are asked and scored on."""
    edition = get_edition(slug)
    row = queries.find_call(edition.id)
    return _call_page(edition, _call_form(edition, row), CriterionForm(formdata=None))


def _call_form(edition: Edition, row: ApplicationCall | None) -> CallForm:
    """What is stored, its end as the edition's wall clock shows it."""
    if row is None:
        return CallForm(formdata=None, data={"version": "0", "is_on": True})
    values = {name: getattr(row, name) for name in (*CALL_FIELDS, "version")}
    closes = to_local(row.closes_at, edition.timezone) if row.closes_at else None
    return CallForm(formdata=None, data={**values, "closes_at": closes})


@blueprint.post("/call")
@requires(Permission.EDIT_EDITION)
def save_call(slug: str) -> ResponseReturnValue:
    """Change the call."""
    edition, form = get_edition(slug), CallForm()
    if not form.validate_on_submit():
        return _call_page(edition, form, CriterionForm(formdata=None)), 422
    values: dict[str, Any] = {name: form[name].data for name in CALL_FIELDS}
    try:
        closes = form.closes_at.data
        values["closes_at"] = to_utc(closes, edition.timezone) if closes else None
        call_service.save_call(
            actor=current_actor(), edition=edition, version=form.version.number, values=values
        )
    except UnclearLocalTime:
        form.closes_at.errors = [_("Clocks change in that hour: it does not exist or exists twice.")]
        return _call_page(edition, form, CriterionForm(formdata=None)), 422
    except DomainError as fault:
        form.form_errors.append(translated(fault.message, fault.values))
        return _call_page(edition, form, CriterionForm(formdata=None)), fault.status
    flash(_("Saved."), "success")
    return redirect(url_for("applications.call", slug=slug), code=303)


@blueprint.post("/call/criteria")
@requires(Permission.EDIT_EDITION)
def add_criterion(slug: str) -> ResponseReturnValue:
    """One more thing to score."""
    edition, form = get_edition(slug), CriterionForm()
    row = queries.find_call(edition.id)
    if not form.validate_on_submit():
        return _call_page(edition, _call_form(edition, row), form), 422
    values = {name: form[name].data for name in ("name", "name_zh", "maximum", "weight")}
    call_service.add_criterion(actor=current_actor(), edition=edition, values=values)
    return redirect(url_for("applications.call", slug=slug, _anchor="criteria"), code=303)


@blueprint.post("/call/criteria/<review_criterion_id>/remove")
@requires(Permission.EDIT_EDITION)
def remove_criterion(slug: str, review_criterion_id: str) -> ResponseReturnValue:
    """One thing less to score."""
    edition = get_edition(slug)
    row = queries.get_criterion(edition.id, review_criterion_id)
    call_service.remove_criterion(actor=current_actor(), edition=edition, criterion=row)
    return redirect(url_for("applications.call", slug=slug, _anchor="criteria"), code=303)


def _call_page(edition: Edition, form: CallForm, criterion: CriterionForm) -> str:
    row = queries.find_call(edition.id)
    return render_template(
        "applications/call.html",
        edition=edition,
        form=form,
        criterion=criterion,
        criteria=queries.criteria_of(edition.id),
        is_scored=call_service.is_scored(edition.id),
        notice=find_notice(edition.id),
        call=row,
        is_open=queries.is_call_open(edition, row, utc_now()),
        may_edit=current_actor().may(Permission.EDIT_EDITION, edition_id=edition.id),
        address=public_address(url_for("applying.show", slug=edition.slug)),
    )


@blueprint.get("/reviewers")
@requires(Permission.MANAGE_PEOPLE)
def reviewers(slug: str) -> ResponseReturnValue:
    """Who scores, and how far they are."""
    edition = get_edition(slug)
    return _reviewers_page(edition, ReviewerForm(formdata=None))


@blueprint.post("/reviewers")
@requires(Permission.MANAGE_PEOPLE)
def add_reviewer(slug: str) -> ResponseReturnValue:
    """Invite a guest reviewer."""
    edition, form = get_edition(slug), ReviewerForm()
    if not form.validate_on_submit():
        return _reviewers_page(edition, form), 422

    def work() -> str:
        reviewing.add_reviewer(
            actor=current_actor(),
            edition=edition,
            name=form.name.data,
            contact=form.contact.data,
            institution=form.institution.data,
        )
        flash(_("%(name)s is invited.", name=form.name.data), "success")
        return url_for("applications.reviewers", slug=slug)

    try:
        return once(current_actor(), f"add_reviewer:{edition.id}", work)
    except Conflict as fault:
        form.form_errors.append(said(fault))
        return _reviewers_page(edition, form), fault.status


@blueprint.post("/reviewers/<reviewer_id>/<any(invite, reopen, remove):deed>")
@requires(Permission.MANAGE_PEOPLE)
def change_reviewer(slug: str, reviewer_id: str, deed: str) -> ResponseReturnValue:
    """Send a new link, let a reviewer go on after they were done, or end their part."""
    edition = get_edition(slug)
    row = queries.get_reviewer(edition.id, reviewer_id)
    if deed == "invite":
        reviewing.invite(actor=current_actor(), edition=edition, reviewer=row)
        flash(_("%(name)s has a new link. The earlier one no longer works.", name=row.name), "success")
    elif deed == "reopen":
        reviewing.reopen(actor=current_actor(), edition=edition, reviewer=row)
        flash(_("%(name)s can change scores again.", name=row.name), "success")
    else:
        reviewing.remove_reviewer(actor=current_actor(), edition=edition, reviewer=row)
        flash(_("%(name)s no longer reviews; their scores are gone.", name=row.name), "success")
    return redirect(url_for("applications.reviewers", slug=slug), code=303)


def _reviewers_page(edition: Edition, form: ReviewerForm) -> str:
    rows = queries.reviewers_of(edition.id)
    to_do = [row for row in queries.applications_of(edition.id) if row.state != "withdrawn"]
    progress = {}
    for row in rows:
        mine: list[Application] = [each for each in to_do if not reviewing.has_conflict(row, each)]
        said_of = queries.reviews_of_reviewer(row.id)
        progress[row.id] = (sum(each.id in said_of for each in mine), len(mine))
    return render_template(
        "applications/reviewers.html",
        edition=edition,
        form=form,
        reviewers=rows,
        progress=progress,
        own=queries.find_own_reviewer(current_actor(), edition),
        key=new_key(),
    )

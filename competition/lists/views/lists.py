"""Pages on which an organiser brings in a list from elsewhere: upload, columns, preview, corrections, apply."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from competition.editions.public import Edition, get_edition
from competition.likeness.folding import plain
from competition.lists import services
from competition.lists.draft import Draft, counts, draft_of
from competition.lists.fields import KINDS, fields_of
from competition.lists.forms import UploadForm, VersionForm
from competition.lists.inviting import MOST_AT_ONCE, invite_brought, waiting_of
from competition.lists.models import RosterList
from competition.lists.reading import MOST_BYTES
from core.access import Permission, current_actor, requires
from core.errors import DomainError, NotFound, said
from core.forms import whole_number
from core.idempotency import new_key, once
from core.localised import translated

blueprint = Blueprint("lists", __name__, url_prefix="/e/<slug>/people/lists")
PER_PAGE = 100
SHOWN_FAULTS = 100
SHOWN_PROPOSALS = 200
SAMPLES = 3
WHYS = {
    "same": _l("Spelt alike"),
    "script": _l("In two scripts"),
    "order": _l("The same words in another order"),
    "slip": _l("One letter differs"),
    "address": _l("The same e-mail address"),
}
PLACES = {
    "teams": "people.teams",
    "institutions": "institutions.index",
    "judges": "people.judges",
    "applicants": "applications.index",
}


@blueprint.get("")
@requires(Permission.MANAGE_PEOPLE)
def index(slug: str) -> ResponseReturnValue:
    """Upload a list; lists that wait and those that were applied."""
    return _index(get_edition(slug), UploadForm(formdata=None))


def _index(edition: Edition, form: UploadForm) -> str:
    return render_template(
        "lists/index.html",
        edition=edition,
        form=form,
        lists=services.lists_of(edition.id),
        kinds=KINDS,
        key=new_key(),
    )


@blueprint.post("")
@requires(Permission.MANAGE_PEOPLE)
def upload(slug: str) -> ResponseReturnValue:
    """Keep a list as a draft."""
    edition, form = get_edition(slug), UploadForm()
    if not form.validate_on_submit():
        return _index(edition, form), 422

    def work() -> str:
        row = services.upload(
            actor=current_actor(),
            edition=edition,
            kind=form.kind.data,
            name=form.file.data.filename or "",
            data=form.file.data.stream.read(MOST_BYTES + 1),
        )
        return url_for("lists.columns", slug=slug, list_id=row.public_id)

    try:
        return once(current_actor(), f"upload_list:{edition.id}", work)
    except DomainError as fault:
        form.form_errors.append(said(fault))
        return _index(edition, form), fault.status


@blueprint.get("/<list_id>/columns")
@requires(Permission.MANAGE_PEOPLE)
def columns(slug: str, list_id: str) -> ResponseReturnValue:
    """What each column is."""
    edition = get_edition(slug)
    return _columns(edition, services.get_list(edition.id, list_id))


def _columns(edition: Edition, row: RosterList, faults: Sequence[str] = ()) -> str:
    headers = services.headers_of(row) if row.state == "draft" else []
    below = [cells for cells in row.rows[row.header_row + 1 :] if cells]
    samples = [
        [cells[place] for cells in below if place < len(cells) and cells[place]][:SAMPLES]
        for place in range(len(headers))
    ]
    return render_template(
        "lists/columns.html",
        edition=edition,
        row=row,
        columns=list(zip(headers, row.columns, samples, strict=True)),
        fields=fields_of(row.kind),
        first_rows=[(place, cells) for place, cells in enumerate(row.rows[:10]) if cells],
        faults=faults,
    )


@blueprint.post("/<list_id>/columns")
@requires(Permission.MANAGE_PEOPLE)
def save_columns(slug: str, list_id: str) -> ResponseReturnValue:
    """Save what the columns are; another header row is read anew."""
    edition, form = get_edition(slug), VersionForm()
    row = services.get_list(edition.id, list_id)
    header_row = whole_number(request.form.get("header_row", ""), otherwise=-1)
    is_moved = header_row != row.header_row
    try:
        services.set_columns(
            actor=current_actor(),
            edition=edition,
            row=row,
            version=form.version.number,
            header_row=header_row,
            columns=request.form.getlist("column"),
        )
    except DomainError as fault:
        return _columns(edition, row, [said(fault)]), fault.status
    place = "lists.columns" if is_moved else "lists.show"
    return redirect(url_for(place, slug=slug, list_id=list_id), code=303)


@blueprint.get("/<list_id>")
@requires(Permission.MANAGE_PEOPLE)
def show(slug: str, list_id: str) -> ResponseReturnValue:
    """What the list would do, what is wrong in it, and what may be the same."""
    edition = get_edition(slug)
    return _show(edition, services.get_list(edition.id, list_id))


def _show(edition: Edition, row: RosterList, faults: Sequence[str] = ()) -> str:
    if row.state == "applied":
        place = url_for(PLACES[row.kind], slug=edition.slug)
        return render_template(
            "lists/done.html",
            edition=edition,
            row=row,
            kinds=KINDS,
            place=place,
            waiting=waiting_of(edition, row),
            most=MOST_AT_ONCE,
            key=new_key(),
        )
    draft = draft_of(edition, row)
    pages = max(1, -(-len(draft.rows) // PER_PAGE))
    page = min(pages, max(1, whole_number(request.args.get("page", ""), otherwise=1)))
    names = [name for name in row.columns if name]
    labels = dict(fields_of(row.kind))
    return render_template(
        "lists/show.html",
        edition=edition,
        row=row,
        draft=draft,
        counts=counts(draft),
        kinds=KINDS,
        faults=faults,
        wrong=[
            (fault, labels.get(fault.field, ""), translated(fault.message, dict(fault.values)))
            for fault in draft.faults[:SHOWN_FAULTS]
        ],
        proposals=draft.proposals[:SHOWN_PROPOSALS],
        open_keys={each.key for each in draft.proposals if each.key not in row.decisions},
        whys=WHYS,
        names=names,
        labels=labels,
        shown=draft.rows[(page - 1) * PER_PAGE : page * PER_PAGE],
        page=page,
        pages=pages,
        new=_news(draft),
        key=new_key(),
    )


def _news(draft: Draft) -> dict[str, int]:
    """How many institutions and teams are not there yet."""
    return {
        "institutions": len({home for home in draft.homes.values() if isinstance(home, str)}),
        "teams": sum(plain(name) not in draft.teams for name in draft.entries.teams),
    }


@blueprint.post("/<list_id>/decisions")
@requires(Permission.MANAGE_PEOPLE)
def decide(slug: str, list_id: str) -> ResponseReturnValue:
    """Save what is the same as what."""
    edition, form = get_edition(slug), VersionForm()
    row = services.get_list(edition.id, list_id)
    decisions = {
        name.removeprefix("same-"): word for name, word in request.form.items() if name.startswith("same-")
    }
    services.decide(
        actor=current_actor(), edition=edition, row=row, version=form.version.number, decisions=decisions
    )
    flash(_("Decisions saved: %(count)d", count=len(decisions)), "success")
    return redirect(url_for("lists.show", slug=slug, list_id=list_id), code=303)


@blueprint.get("/<list_id>/rows/<int:number>")
@requires(Permission.MANAGE_PEOPLE)
def edit_row(slug: str, list_id: str, number: int) -> ResponseReturnValue:
    """One row, cell by cell."""
    edition = get_edition(slug)
    row = services.get_list(edition.id, list_id)
    if row.state != "draft" or not row.header_row + 1 < number <= len(row.rows):
        raise NotFound
    draft = draft_of(edition, row)
    cells = row.rows[number - 1]
    headers, labels = services.headers_of(row), dict(fields_of(row.kind))
    return render_template(
        "lists/row.html",
        edition=edition,
        row=row,
        number=number,
        cells=[
            (
                place,
                labels[name],
                headers[place],
                row.changes.get(f"{number}:{place}", cells[place] if place < len(cells) else ""),
                cells[place] if place < len(cells) else "",
                name,
            )
            for place, name in enumerate(row.columns)
            if name
        ],
        wrong={
            fault.field: translated(fault.message, dict(fault.values))
            for fault in draft.faults
            if fault.row == number
        },
    )


@blueprint.post("/<list_id>/rows/<int:number>")
@requires(Permission.MANAGE_PEOPLE)
def save_row(slug: str, list_id: str, number: int) -> ResponseReturnValue:
    """Type cells over, or leave the row out."""
    edition, form = get_edition(slug), VersionForm()
    row = services.get_list(edition.id, list_id)
    texts = {
        whole_number(name.removeprefix("cell-"), otherwise=-1): text
        for name, text in request.form.items()
        if name.startswith("cell-")
    }
    services.change_row(
        actor=current_actor(),
        edition=edition,
        row=row,
        version=form.version.number,
        number=number,
        texts=texts,
        is_skipped="skip" in request.form,
    )
    flash(_("Row %(number)d is saved.", number=number), "success")
    return redirect(url_for("lists.show", slug=slug, list_id=list_id), code=303)


@blueprint.post("/<list_id>/apply")
@requires(Permission.MANAGE_PEOPLE)
def apply(slug: str, list_id: str) -> ResponseReturnValue:
    """Put the list into the edition."""
    edition, form = get_edition(slug), VersionForm()
    row = services.get_list(edition.id, list_id)

    def work() -> str:
        services.apply(actor=current_actor(), edition=edition, row=row, version=form.version.number)
        return url_for("lists.show", slug=slug, list_id=list_id)

    try:
        return once(current_actor(), f"apply_list:{row.id}", work)
    except DomainError as fault:
        return _show(edition, row, [said(fault)]), fault.status


@blueprint.post("/<list_id>/invite")
@requires(Permission.MANAGE_PEOPLE)
def invite(slug: str, list_id: str) -> ResponseReturnValue:
    """Invite whom the list brought in, each address once."""
    edition = get_edition(slug)
    row = services.get_list(edition.id, list_id)

    def work() -> str:
        done = invite_brought(actor=current_actor(), edition=edition, row=row)
        flash(_("Invitations sent: %(count)d.", count=done.count), "success")
        if done.passed:
            flash(
                _("Passed over, for there is an invitation at their address: %(count)d.", count=done.passed),
                "warning",
            )
        return url_for("lists.show", slug=slug, list_id=list_id)

    return once(current_actor(), f"invite_list:{row.id}", work)


@blueprint.post("/<list_id>/remove")
@requires(Permission.MANAGE_PEOPLE)
def remove(slug: str, list_id: str) -> ResponseReturnValue:
    """Forget a list."""
    edition = get_edition(slug)
    services.remove(actor=current_actor(), edition=edition, row=services.get_list(edition.id, list_id))
    flash(_("The list is removed. What was applied of it stays."), "success")
    return redirect(url_for("lists.index", slug=slug), code=303)

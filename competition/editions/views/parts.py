"""Pages of what an edition is made of: divisions and rooms, each added, changed and removed."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.editions import parts, queries
from competition.editions.forms import DivisionForm, RoomForm, RoomsForm, VersionForm
from competition.editions.models import Division, Edition, Room
from competition.editions.views.blueprint import blueprint
from core.access import Permission, current_actor, requires
from core.errors import Conflict, Invalid, Stale, said
from core.forms import folded, say_what_is_saved
from core.localised import chosen_locale, in_language, translated
from core.uses import find_use

DIVISION_FIELDS = ("code", "name", "name_zh")
ROOM_FIELDS = ("name", "site", "building", "capacity", "is_step_free", "link", "backup_link")


@blueprint.get("/divisions")
@requires(Permission.EDIT_EDITION)
def divisions(slug: str) -> ResponseReturnValue:
    """The separately ranked classes of teams."""
    return _divisions(slug, DivisionForm())


@blueprint.post("/divisions")
@requires(Permission.EDIT_EDITION)
def add_division(slug: str) -> ResponseReturnValue:
    """Add a division."""
    edition, form = queries.get_edition(slug), DivisionForm()
    if not form.validate_on_submit():
        return _divisions(slug, form), 422
    return _save_division(edition, None, form)


@blueprint.get("/divisions/<division_id>")
@requires(Permission.EDIT_EDITION)
def division(slug: str, division_id: str) -> ResponseReturnValue:
    """One division."""
    edition = queries.get_edition(slug)
    row = queries.get_division(edition.id, division_id)
    return _division(edition, row, DivisionForm(obj=row))


@blueprint.post("/divisions/<division_id>")
@requires(Permission.EDIT_EDITION)
def save_division(slug: str, division_id: str) -> ResponseReturnValue:
    """Change a division."""
    edition, form = queries.get_edition(slug), DivisionForm()
    row = queries.get_division(edition.id, division_id)
    if not form.validate_on_submit():
        return _division(edition, row, form), 422
    return _save_division(edition, row, form)


@blueprint.post("/divisions/<division_id>/remove")
@requires(Permission.EDIT_EDITION)
def remove_division(slug: str, division_id: str) -> ResponseReturnValue:
    """Remove a division that nobody is in."""
    edition, form = queries.get_edition(slug), VersionForm()
    row = queries.get_division(edition.id, division_id)
    parts.remove_division(actor=current_actor(), edition=edition, division=row, version=form.version.number)
    flash(_("%(name)s is removed.", name=row.code), "success")
    return redirect(url_for("setup.divisions", slug=slug), code=303)


def _save_division(edition: Edition, row: Division | None, form: DivisionForm) -> ResponseReturnValue:
    values = {name: form[name].data or "" for name in DIVISION_FIELDS}
    try:
        parts.save_division(
            actor=current_actor(), edition=edition, division=row, version=form.version.number, values=values
        )
    except Conflict as fault:
        _explain(form, fault, row, DIVISION_FIELDS)
        page = _division(edition, row, form) if row else _divisions(edition.slug, form)
        return page, fault.status
    flash(_("Saved."), "success")
    return redirect(url_for("setup.divisions", slug=edition.slug), code=303)


def _divisions(slug: str, form: DivisionForm) -> str:
    edition = queries.get_edition(slug)
    return render_template(
        "editions/divisions.html", edition=edition, form=form, divisions=queries.divisions_of(edition.id)
    )


def _division(edition: Edition, row: Division, form: DivisionForm) -> str:
    use = find_use(row, parts.USES_OF_DIVISION)
    return render_template(
        "editions/division.html",
        edition=edition,
        division=row,
        form=form,
        use=use
        and translated(use, {"name": in_language(row.name, row.name_zh, chosen_locale()) or row.code}),
        has_members=use is not None and use != parts.USES_OF_DIVISION["round"],
    )


@blueprint.get("/rooms")
@requires(Permission.MANAGE_ROUNDS)
def rooms(slug: str) -> ResponseReturnValue:
    """The rooms where tables sit."""
    return _rooms(slug, RoomsForm())


@blueprint.post("/rooms")
@requires(Permission.MANAGE_ROUNDS)
def add_rooms(slug: str) -> ResponseReturnValue:
    """Add rooms by name."""
    edition, form = queries.get_edition(slug), RoomsForm()
    if not form.validate_on_submit():
        return _rooms(slug, form), 422
    names = [name[:120] for line in form.names.data.splitlines() if (name := folded(line))]
    try:
        count = parts.add_rooms(actor=current_actor(), edition=edition, names=names)
    except Invalid as fault:
        form.names.errors = [said(fault)]
        return _rooms(slug, form), fault.status
    flash(_("Rooms added: %(count)d.", count=count), "success")
    return redirect(url_for("setup.rooms", slug=slug), code=303)


@blueprint.get("/rooms/<room_id>")
@requires(Permission.MANAGE_ROUNDS)
def room(slug: str, room_id: str) -> ResponseReturnValue:
    """One room."""
    edition = queries.get_edition(slug)
    row = queries.get_room(edition.id, room_id)
    return _room(edition, row, RoomForm(obj=row))


@blueprint.post("/rooms/<room_id>")
@requires(Permission.MANAGE_ROUNDS)
def save_room(slug: str, room_id: str) -> ResponseReturnValue:
    """Change a room."""
    edition, form = queries.get_edition(slug), RoomForm()
    row = queries.get_room(edition.id, room_id)
    if not form.validate_on_submit():
        return _room(edition, row, form), 422
    try:
        parts.edit_room(
            actor=current_actor(),
            edition=edition,
            room=row,
            version=form.version.number,
            values={name: form[name].data for name in ROOM_FIELDS},
        )
    except Conflict as fault:
        _explain(form, fault, row, ROOM_FIELDS)
        return _room(edition, row, form), fault.status
    flash(_("Saved."), "success")
    return redirect(url_for("setup.rooms", slug=slug), code=303)


@blueprint.post("/rooms/<room_id>/remove")
@requires(Permission.MANAGE_ROUNDS)
def remove_room(slug: str, room_id: str) -> ResponseReturnValue:
    """Remove a room that no table uses."""
    edition, form = queries.get_edition(slug), VersionForm()
    row = queries.get_room(edition.id, room_id)
    parts.remove_room(actor=current_actor(), edition=edition, room=row, version=form.version.number)
    flash(_("%(name)s is removed.", name=row.name), "success")
    return redirect(url_for("setup.rooms", slug=slug), code=303)


def _rooms(slug: str, form: RoomsForm) -> str:
    edition = queries.get_edition(slug)
    return render_template(
        "editions/rooms.html", edition=edition, form=form, rooms=queries.rooms_of(edition.id)
    )


def _room(edition: Edition, row: Room, form: RoomForm) -> str:
    use = find_use(row, parts.USES_OF_ROOM)
    reason = use and translated(use, {"name": row.name})
    return render_template("editions/room.html", edition=edition, room=row, form=form, use=reason)


def _explain(form: Any, fault: Conflict, row: Division | Room | None, names: tuple[str, ...]) -> None:
    """The fault on top of the form; after a stale save also what somebody else has saved."""
    form.form_errors.append(said(fault))
    if isinstance(fault, Stale) and row is not None:
        say_what_is_saved(form, row, names)

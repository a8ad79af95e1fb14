"""The organisers' timetable: every line by day, writing one, taking one away, publishing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from competition.day import queries
from competition.day.forms import ItemForm
from competition.day.models import TimetableItem
from competition.day.services import timetable as services
from competition.day.services.telling import concerned
from competition.day.views.pages import COMMON_ZONES, by_day, chosen_zone, feed_address
from competition.editions.public import Edition, divisions_of, get_edition, rooms_of, to_local
from core.access import Permission, current_actor, requires
from core.db import utc_now
from core.errors import DomainError, Stale, said
from core.forms import BaseForm, VersionField, say_what_is_saved
from core.localised import chosen_locale

blueprint = Blueprint("timetable", __name__, url_prefix="/e/<slug>/timetable")


class VersionOnlyForm(BaseForm):
    """A button that acts on what was shown, and on nothing newer."""

    version = VersionField()


@blueprint.get("")
@requires(Permission.SEE_EDITION)
def show(slug: str) -> ResponseReturnValue:
    """Everything that happens, day by day."""
    edition = get_edition(slug)
    entries = queries.whole_timetable(edition)
    row = queries.find_timetable(edition.id)
    return render_template(
        "day/timetable.html",
        edition=edition,
        days=by_day(edition, entries),
        now=utc_now(),
        zone=chosen_zone(edition),
        common_zones=COMMON_ZONES,
        timetable=row,
        is_published=row is not None and row.published_at is not None,
        feed=feed_address(current_actor(), edition),
    )


@blueprint.get("/new")
@requires(Permission.MANAGE_ROUNDS)
def new(slug: str) -> ResponseReturnValue:
    """A new line."""
    edition = get_edition(slug)
    return _edit(edition, None, _form(edition, day=edition.starts_on))


@blueprint.post("/new")
@requires(Permission.MANAGE_ROUNDS)
def add(slug: str) -> ResponseReturnValue:
    """Add a line."""
    edition = get_edition(slug)
    return _save(edition, None, _form(edition))


@blueprint.get("/<item_id>")
@requires(Permission.MANAGE_ROUNDS)
def item(slug: str, item_id: str) -> ResponseReturnValue:
    """One line."""
    edition = get_edition(slug)
    row = queries.get_item(edition.id, item_id)
    return _edit(edition, row, _form(edition, **_stored(edition, row)))


@blueprint.post("/<item_id>")
@requires(Permission.MANAGE_ROUNDS)
def save(slug: str, item_id: str) -> ResponseReturnValue:
    """Change a line."""
    edition = get_edition(slug)
    return _save(edition, queries.get_item(edition.id, item_id), _form(edition))


@blueprint.post("/<item_id>/remove")
@requires(Permission.MANAGE_ROUNDS)
def remove(slug: str, item_id: str) -> ResponseReturnValue:
    """Take a line away."""
    edition, form = get_edition(slug), VersionOnlyForm()
    row = queries.get_item(edition.id, item_id)
    told = services.remove_item(
        actor=current_actor(), edition=edition, item=row, version=form.version.number, now=utc_now()
    )
    _say(_("%(name)s is removed.", name=row.title), told)
    return redirect(url_for("timetable.show", slug=slug), code=303)


@blueprint.post("/publish")
@requires(Permission.MANAGE_ROUNDS)
def publish(slug: str) -> ResponseReturnValue:
    """Show the timetable to those concerned."""
    return _publish(slug, is_published=True)


@blueprint.post("/hide")
@requires(Permission.MANAGE_ROUNDS)
def hide(slug: str) -> ResponseReturnValue:
    """Show it to organisers only again."""
    return _publish(slug, is_published=False)


def _publish(slug: str, *, is_published: bool) -> ResponseReturnValue:
    edition, form = get_edition(slug), VersionOnlyForm()
    services.publish_timetable(
        actor=current_actor(),
        edition=edition,
        version=form.version.number,
        is_published=is_published,
        now=utc_now(),
    )
    flash(
        _("The timetable is published.") if is_published else _("Only organisers see the timetable now."),
        "success",
    )
    return redirect(url_for("timetable.show", slug=slug), code=303)


def _form(edition: Edition, **values: Any) -> ItemForm:
    divisions = [(row, queries.division_name(row, chosen_locale())) for row in divisions_of(edition.id)]
    return ItemForm(zone=edition.timezone, rooms=rooms_of(edition.id), divisions=divisions, **values)


def _stored(edition: Edition, row: TimetableItem) -> dict[str, Any]:
    """A line as the form shows it."""
    start, end = (to_local(moment, edition.timezone) for moment in (row.starts_at, row.ends_at))
    rooms = {room.id: room.public_id for room in rooms_of(edition.id)}
    divisions = {division.id: division.public_id for division in divisions_of(edition.id)}
    return {
        **{
            name: getattr(row, name)
            for name in ("title", "title_zh", "site", "place", "link", "backup_link", "version")
        },
        "day": start.date(),
        "starts": start.time(),
        "ends": end.time(),
        "room": rooms.get(row.room_id, "") if row.room_id is not None else "",
        "audience": divisions.get(row.division_id, "all") if row.division_id is not None else row.audience,
    }


def _values(edition: Edition, form: ItemForm) -> dict[str, Any]:
    rooms = {room.public_id: room.id for room in rooms_of(edition.id)}
    divisions = {division.public_id: division.id for division in divisions_of(edition.id)}
    division_id = divisions.get(form.audience.data)
    return {
        **{
            name: form[name].data or ""
            for name in ("title", "title_zh", "site", "place", "link", "backup_link")
        },
        "starts_at": form.starts_at,
        "ends_at": form.ends_at,
        "room_id": rooms.get(form.room.data),
        "audience": "division" if division_id is not None else form.audience.data,
        "division_id": division_id,
    }


def _save(edition: Edition, row: TimetableItem | None, form: ItemForm) -> ResponseReturnValue:
    if not form.validate_on_submit():
        return _edit(edition, row, form), 422
    try:
        _row, told = services.save_item(
            actor=current_actor(),
            edition=edition,
            item=row,
            version=form.version.number,
            values=_values(edition, form),
            now=utc_now(),
        )
    except DomainError as fault:
        form.form_errors.append(said(fault))
        if isinstance(fault, Stale) and row is not None:
            say_what_is_saved(form, row, ("title", "title_zh", "site", "place", "link", "backup_link"))
        return _edit(edition, row, form), fault.status
    _say(_("Saved."), told)
    return redirect(url_for("timetable.show", slug=edition.slug), code=303)


def _say(done: str, told: int) -> None:
    if told:
        done += " " + ngettext(
            "%(num)d person is told by mail in five minutes.",
            "%(num)d people are told by mail in five minutes.",
            told,
        )
    flash(done, "success")


def _edit(edition: Edition, row: TimetableItem | None, form: ItemForm) -> str:
    told = 0
    if row is not None and queries.is_published(edition.id):
        told = len(concerned(edition, row.audience, row.division_id))
    return render_template(
        "day/item.html",
        edition=edition,
        item=row,
        form=form,
        sites=sorted({room.site for room in rooms_of(edition.id) if room.site}),
        told=told,
    )

"""One's own agenda, its calendar file, and the timetable that everybody may see."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.day.agenda import agenda_of, reader_of
from competition.day.calendar import calendar_of
from competition.day.ical import MIMETYPE
from competition.day.models import CalendarFeed
from competition.day.queries import is_published, public_timetable
from competition.day.services.feeds import make_link, stop_link
from competition.day.views.pages import COMMON_ZONES, by_day, chosen_zone, feed_address
from competition.day.zones import elsewhere, offset_name
from competition.editions.public import find_edition, get_edition, get_edition_by_id
from core.access import CapacityKind, Permission, current_actor, public, requires
from core.db import db, utc_now
from core.links import find_file_link

blueprint = Blueprint("agenda", __name__)
blueprint.add_app_template_global(elsewhere)
blueprint.add_app_template_global(offset_name)


@blueprint.get("/e/<slug>/agenda")
@requires(Permission.TAKE_PART)
def show(slug: str) -> ResponseReturnValue:
    """What concerns me, day by day."""
    edition, actor = get_edition(slug), current_actor()
    entries = agenda_of(edition, reader_of(actor, edition))
    return render_template(
        "day/agenda.html",
        edition=edition,
        days=by_day(edition, entries),
        now=utc_now(),
        zone=chosen_zone(edition),
        common_zones=COMMON_ZONES,
        is_published=is_published(edition.id),
        feed=feed_address(actor, edition),
    )


@blueprint.post("/e/<slug>/agenda/calendar")
@requires(Permission.TAKE_PART)
def link(slug: str) -> ResponseReturnValue:
    """A calendar address of my own; an earlier one ends."""
    return _make(slug, "agenda.show")


@blueprint.post("/e/<slug>/agenda/calendar/stop")
@requires(Permission.TAKE_PART)
def unlink(slug: str) -> ResponseReturnValue:
    """End it."""
    return _stop(slug, "agenda.show")


@blueprint.post("/e/<slug>/timetable/calendar")
@requires(Permission.SEE_EDITION)
def link_organiser(slug: str) -> ResponseReturnValue:
    """An organiser's calendar address; an earlier one ends."""
    return _make(slug, "timetable.show")


@blueprint.post("/e/<slug>/timetable/calendar/stop")
@requires(Permission.SEE_EDITION)
def unlink_organiser(slug: str) -> ResponseReturnValue:
    """End it."""
    return _stop(slug, "timetable.show")


def _make(slug: str, page: str) -> ResponseReturnValue:
    make_link(actor=current_actor(), edition=get_edition(slug), now=utc_now())
    flash(
        _("This is your calendar address. Whoever has it sees your agenda, so keep it to yourself."),
        "success",
    )
    return redirect(url_for(page, slug=slug, _anchor="calendar"), code=303)


def _stop(slug: str, page: str) -> ResponseReturnValue:
    stop_link(actor=current_actor(), edition=get_edition(slug))
    flash(_("The calendar address has ended."), "success")
    return redirect(url_for(page, slug=slug, _anchor="calendar"), code=303)


@blueprint.get("/e/<slug>/programme")
@public
def programme(slug: str) -> ResponseReturnValue:
    """The published timetable of a public edition, without online links."""
    edition = find_edition(slug)
    if edition is None or not edition.is_public or not is_published(edition.id):
        abort(404)
    return render_template(
        "day/programme.html",
        edition=edition,
        days=by_day(edition, public_timetable(edition)),
        now=utc_now(),
        zone=chosen_zone(edition),
        common_zones=COMMON_ZONES,
    )


@blueprint.get("/calendar/<token>.ics")
@public
def calendar_file(token: str) -> ResponseReturnValue:
    """The agenda behind a calendar link, as programs fetch it: no session, no cookie, nothing is consumed."""
    link = find_file_link(token, CapacityKind.CALENDAR)
    feed = db.session.get(CalendarFeed, link.subject_id) if link is not None else None
    if feed is None:
        abort(404)
    data = calendar_of(get_edition_by_id(feed.edition_id), feed.kind, feed.subject_id)
    if data is None:
        abort(404)
    answer = Response(data, content_type=MIMETYPE)
    answer.headers["Content-Disposition"] = "inline; filename=parley.ics"
    return answer

"""The organiser's list of everybody in the teams, and taking the long lists away as spreadsheets."""

from __future__ import annotations

from io import BytesIO

from flask import render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from competition.editions.public import get_edition
from competition.entries.registering.exports import export_list
from competition.entries.registering.people import PeopleFilter, page_of_people
from competition.entries.views.blueprint import blueprint
from core.access import Permission, current_actor, requires
from core.db import utc_now
from core.spreadsheets import MIMETYPE


@blueprint.get("/delegates")
@requires(Permission.MANAGE_PEOPLE)
def delegates(slug: str) -> ResponseReturnValue:
    """Everybody in the edition's teams, page by page."""
    edition, asked = get_edition(slug), PeopleFilter.of(request.args)
    page, people = page_of_people(edition.id, asked, request.args)
    return render_template(
        "entries/people.html",
        edition=edition,
        people=people,
        asked=asked,
        page=page,
        may_export=current_actor().may(Permission.EXPORT_EDITION, edition_id=edition.id),
        sort_url=lambda name: url_for("people.delegates", slug=slug, **asked.arguments(sort=name)),
    )


@blueprint.post("/export/<any(teams, people, judges, institutions):kind>")
@requires(Permission.EXPORT_EDITION)
def export(slug: str, kind: str) -> ResponseReturnValue:
    """One of the long lists as a spreadsheet; that it was taken away is on record."""
    edition = get_edition(slug)
    content = export_list(actor=current_actor(), edition=edition, kind=kind)
    name = f"{edition.slug}-{kind}-{utc_now():%Y-%m-%d}.xlsx"
    response = send_file(BytesIO(content), mimetype=MIMETYPE, as_attachment=True, download_name=name)
    response.headers["Cache-Control"] = "no-store"
    return response

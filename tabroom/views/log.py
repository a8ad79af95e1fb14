"""The page of an edition's log: who did what, and when, for those who run it."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from competition.editions.public import get_edition
from core.access import Permission, current_actor, requires
from core.filters import Page
from tabroom.log.deeds import KINDS
from tabroom.log.exports import log_csv
from tabroom.log.lines import by_day, lines_of
from tabroom.log.queries import PER_PAGE, LogFilter, count_entries, entries_of

blueprint = Blueprint("edition_log", __name__)


@blueprint.get("/e/<slug>/log")
@requires(Permission.SEE_EDITION)
def show(slug: str) -> ResponseReturnValue:
    """The deeds of this edition, newest first."""
    edition, asked = get_edition(slug), LogFilter.of(request.args)
    page = Page.of(request.args, total=count_entries(edition, asked), per_page=PER_PAGE)
    entries = entries_of(edition, asked, limit=PER_PAGE, offset=(page.number - 1) * PER_PAGE)
    return render_template(
        "tabroom/log.html",
        edition=edition,
        asked=asked,
        page=page,
        days=by_day(edition, lines_of(edition, entries)),
        kinds=KINDS,
        may_export=current_actor().may(Permission.EXPORT_EDITION, edition_id=edition.id),
    )


@blueprint.post("/e/<slug>/log/export")
@requires(Permission.EXPORT_EDITION)
def export(slug: str) -> ResponseReturnValue:
    """What the filter leaves, as a file for people; that it was taken is an entry itself."""
    edition, asked = get_edition(slug), LogFilter.of(request.form)
    answer = Response(
        log_csv(actor=current_actor(), edition=edition, asked=asked), content_type="text/csv; charset=utf-8"
    )
    answer.headers["Content-Disposition"] = f"attachment; filename={edition.slug}-log.csv"
    answer.headers["Cache-Control"] = "no-store"
    return answer

"""Typing a paper sheet in on a judge's behalf; it is recorded as that."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from competition.entries.public import get_judge
from core.access import Permission, requires
from core.errors import NotFound
from core.localised import N_
from judging.plan import plan_of
from judging.views import desk as desks
from judging.views.blueprint import blueprint, edition_and_table

SHEET = "/<int:number>/<table_id>/<judge_id>/sheet"


@blueprint.get(SHEET)
@requires(Permission.MANAGE_RESULTS)
def paper(slug: str, number: int, table_id: str, judge_id: str) -> ResponseReturnValue:
    """The judge's sheet, to be typed in by an organiser."""
    return desks.show_sheet(_desk(slug, number, table_id, judge_id))


@blueprint.post(SHEET)
@requires(Permission.MANAGE_RESULTS)
def save_paper(slug: str, number: int, table_id: str, judge_id: str) -> ResponseReturnValue:
    """Keep what was typed so far."""
    return desks.save_sheet(_desk(slug, number, table_id, judge_id))


@blueprint.post(SHEET + "/autosave")
@requires(Permission.MANAGE_RESULTS)
def autosave_paper(slug: str, number: int, table_id: str, judge_id: str) -> ResponseReturnValue:
    """Keep what was typed while the organiser goes on."""
    return desks.autosave(_desk(slug, number, table_id, judge_id))


@blueprint.get(SHEET + "/pulse")
@requires(Permission.MANAGE_RESULTS)
def pulse_paper(slug: str, number: int, table_id: str, judge_id: str) -> ResponseReturnValue:
    """How the sheet stands, for a page that was without a line."""
    return desks.pulse(_desk(slug, number, table_id, judge_id))


@blueprint.get(SHEET + "/review")
@requires(Permission.MANAGE_RESULTS)
def review_paper(slug: str, number: int, table_id: str, judge_id: str) -> ResponseReturnValue:
    """Totals and ranks before the sheet is handed in."""
    return desks.show_review(_desk(slug, number, table_id, judge_id))


@blueprint.post(SHEET + "/submit")
@requires(Permission.MANAGE_RESULTS)
def submit_paper(slug: str, number: int, table_id: str, judge_id: str) -> ResponseReturnValue:
    """Hand the sheet in on the judge's behalf."""
    return desks.submit(_desk(slug, number, table_id, judge_id))


def _desk(slug: str, number: int, table_id: str, judge_id: str) -> desks.Desk:
    edition, table = edition_and_table(slug, number, table_id)
    judge = get_judge(edition.id, judge_id)
    if judge.id not in {place.judge_id for place in table.panel}:
        raise NotFound(N_("This judge is not on the panel of this table."))
    here: dict[str, Any] = {"slug": slug, "number": number, "table_id": table_id, "judge_id": judge_id}
    return desks.Desk(
        edition=edition,
        plan=plan_of(edition, table),
        judge=judge,
        home_url=url_for("sheets.table", slug=slug, number=number, table_id=table_id),
        sheet_url=url_for("sheets.paper", **here),
        review_url=url_for("sheets.review_paper", **here),
        submit_url=url_for("sheets.submit_paper", **here),
        autosave_url=url_for("sheets.autosave_paper", **here),
        pulse_url=url_for("sheets.pulse_paper", **here),
        is_on_behalf=True,
    )

"""Sheets on paper: printing them with a code that names table and judge, typing them in, comparing them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import segno
from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.editions.public import get_edition
from competition.entries.public import get_judge
from competition.rounds.public import TableFacts, get_round_facts
from core.access import Permission, current_actor, requires
from core.errors import NotFound
from core.forms import whole_number
from core.idempotency import once
from core.links import public_address
from core.localised import N_
from judging.board import PanelLine, boards_of_round
from judging.entry import shown
from judging.models import Criterion
from judging.plan import SheetPlan, plan_of
from judging.services.tables import check_sheet
from judging.views import desk as desks
from judging.views.blueprint import blueprint, edition_and_table

SHEET = "/<int:number>/<table_id>/<judge_id>/sheet"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperSheet:
    """One empty sheet: its table, its judge, and the picture that leads whoever may type it in to the right place."""

    plan: SheetPlan
    judge: PanelLine
    code: str


@blueprint.get("/<int:number>/paper")
@requires(Permission.MANAGE_RESULTS)
def print_sheets(slug: str, number: int) -> ResponseReturnValue:
    """A sheet of paper for every judge of every table of the round (or of one table), to be filled in by hand."""
    edition = get_edition(slug)
    boards = boards_of_round(edition, get_round_facts(edition.id, number))
    chosen = request.args.get("table", "")
    sheets = [
        PaperSheet(plan=board.plan, judge=line, code=_code(slug, board.table, line))
        for board in boards
        if chosen in ("", board.table.public_id)
        for line in board.lines
    ]
    return render_template(
        "judging/paper.html",
        edition=edition,
        number=number,
        sheets=sheets,
        shown=shown,
        numbers_of=numbers_of,
    )


def _code(slug: str, table: TableFacts, line: PanelLine) -> str:
    """The address of the typing page as a QR code: it names table and judge, and opens nothing without a sign-in."""
    address = public_address(
        url_for(
            "sheets.paper",
            slug=slug,
            number=table.round_number,
            table_id=table.public_id,
            judge_id=line.judge_public_id,
        )
    )
    code: str = segno.make(address, error="m").svg_data_uri(scale=4, border=2)
    return code


def numbers_of(criterion: Criterion) -> str:
    """The possible marks in short: 1–10 in steps of 0.5."""
    scale = f"{shown(criterion.minimum)}–{shown(criterion.maximum)}"
    if criterion.step is None or criterion.step == 1:
        return scale
    return _("%(scale)s, step %(step)s", scale=scale, step=shown(criterion.step))


@blueprint.post("/<int:number>/<table_id>/<judge_id>/check")
@requires(Permission.MANAGE_RESULTS)
def check_paper(slug: str, number: int, table_id: str, judge_id: str) -> ResponseReturnValue:
    """Say that a sheet typed in by somebody else is the same as on paper."""
    edition, table = edition_and_table(slug, number, table_id)
    judge = get_judge(edition.id, judge_id)

    def work() -> str:
        check_sheet(
            actor=current_actor(),
            table=table,
            judge_id=judge.id,
            shown=whole_number(request.form.get("version", ""), otherwise=-1),
        )
        flash(_("The sheet of %(judge)s is the same as on paper.", judge=judge.name or judge.code), "success")
        return url_for("sheets.table", slug=slug, number=number, table_id=table_id)

    return once(current_actor(), f"check_paper:{table.id}:{judge.id}", work)


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
        check_url=url_for("sheets.check_paper", **here),
    )

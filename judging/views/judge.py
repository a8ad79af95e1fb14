"""A judge's own pages: the tables of released draws, and the sheet of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.editions.public import Edition, get_edition
from competition.entries.public import Judge
from competition.resolutions.public import begun_standing_of
from competition.rounds.public import RoundFacts, round_facts, tables_of_judge
from core.access import Permission, current_actor, requires
from judging.calibration import practice_of
from judging.closing.nominations import takes_nominations
from judging.duties import recusals_of
from judging.forms import ReasonForm
from judging.judges import current_judge, own_table
from judging.models import Scoresheet
from judging.plan import SheetPlan, plan_of
from judging.progress import owed_tables
from judging.queries import sheets_of_tables
from judging.services import duties
from judging.views import desk as desks

blueprint = Blueprint("judge", __name__, url_prefix="/e/<slug>/judge")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableLine:
    """One of the judge's tables."""

    plan: SheetPlan
    round: RoundFacts
    position: str
    state: str
    saved_at: datetime | None
    is_owed: bool
    has_recused: bool = False


@blueprint.get("/")
@requires(Permission.MARK_TABLES)
def show(slug: str) -> ResponseReturnValue:
    """The judge's tables, what they owe now first."""
    edition = get_edition(slug)
    judge = current_judge(edition)
    lines = _lines(edition, judge)
    return render_template(
        "judging/judge.html",
        edition=edition,
        judge=judge,
        practice=practice_of(edition, judge),
        key_of=lambda table: desks.key_of(edition, table, judge),
        owed=[line for line in lines if line.is_owed],
        others=[line for line in reversed(lines) if not line.is_owed],
        takes_nominations=takes_nominations(edition.id),
    )


@blueprint.get("/<table_id>")
@requires(Permission.MARK_TABLES)
def sheet(slug: str, table_id: str) -> ResponseReturnValue:
    """The scoresheet of one table."""
    return desks.show_sheet(_desk(slug, table_id))


@blueprint.post("/<table_id>")
@requires(Permission.MARK_TABLES)
def save(slug: str, table_id: str) -> ResponseReturnValue:
    """Keep a draft, and go on to the review if asked to."""
    return desks.save_sheet(_desk(slug, table_id))


@blueprint.post("/<table_id>/autosave")
@requires(Permission.MARK_TABLES)
def autosave(slug: str, table_id: str) -> ResponseReturnValue:
    """Keep a draft while the judge goes on."""
    return desks.autosave(_desk(slug, table_id))


@blueprint.get("/<table_id>/pulse")
@requires(Permission.MARK_TABLES)
def pulse(slug: str, table_id: str) -> ResponseReturnValue:
    """How the sheet stands, for a page that was without a line."""
    return desks.pulse(_desk(slug, table_id))


@blueprint.get("/<table_id>/review")
@requires(Permission.MARK_TABLES)
def review(slug: str, table_id: str) -> ResponseReturnValue:
    """Totals, ranks and ties before the sheet is handed in."""
    return desks.show_review(_desk(slug, table_id))


@blueprint.post("/<table_id>/submit")
@requires(Permission.MARK_TABLES)
def submit(slug: str, table_id: str) -> ResponseReturnValue:
    """Hand the sheet in."""
    return desks.submit(_desk(slug, table_id))


@blueprint.get("/<table_id>/step-back")
@requires(Permission.MARK_TABLES)
def step_back(slug: str, table_id: str) -> ResponseReturnValue:
    """Ask why the judge cannot mark this table."""
    desk = _desk(slug, table_id)
    return render_template(
        "judging/step_back.html", edition=desk.edition, desk=desk, plan=desk.plan, form=ReasonForm()
    )


@blueprint.post("/<table_id>/step-back")
@requires(Permission.MARK_TABLES)
def recuse(slug: str, table_id: str) -> ResponseReturnValue:
    """Step back from the table."""
    desk, form = _desk(slug, table_id), ReasonForm()
    if not form.validate_on_submit():
        page = render_template(
            "judging/step_back.html", edition=desk.edition, desk=desk, plan=desk.plan, form=form
        )
        return page, 422
    duties.recuse(
        actor=current_actor(), table=desk.plan.table, judge_id=desk.judge.id, reason=form.reason.data
    )
    flash(_("The organisers know that you cannot mark this table. Thank you for saying so."), "success")
    return redirect(desk.home_url, code=303)


def _desk(slug: str, table_id: str) -> desks.Desk:
    edition = get_edition(slug)
    judge = current_judge(edition)
    table = own_table(judge, table_id)
    here: dict[str, Any] = {"slug": slug, "table_id": table.public_id}
    return desks.Desk(
        edition=edition,
        plan=plan_of(edition, table),
        judge=judge,
        home_url=url_for("judge.show", slug=slug),
        sheet_url=url_for("judge.sheet", **here),
        review_url=url_for("judge.review", **here),
        submit_url=url_for("judge.submit", **here),
        autosave_url=url_for("judge.autosave", **here),
        pulse_url=url_for("judge.pulse", **here),
        resolution=begun_standing_of(table) if request.method == "GET" else None,
    )


def _lines(edition: Edition, judge: Judge) -> list[TableLine]:
    tables = tables_of_judge(judge.id)
    sheets = sheets_of_tables([table.id for table in tables])
    owed = {table.id for table in owed_tables(judge.id)}
    rounds = {facts.id: facts for facts in round_facts(edition.id)}
    away = recusals_of([table.id for table in tables])
    lines = []
    for table in tables:
        found = sheets.get((table.id, judge.id))
        position = next(place.position for place in table.panel if place.judge_id == judge.id)
        lines.append(
            TableLine(
                plan=plan_of(edition, table),
                round=rounds[table.round_id],
                position=position,
                state=_state(found, table.id in owed, position),
                saved_at=found.saved_at if found else None,
                has_recused=(table.id, judge.id) in away,
                is_owed=(table.id, judge.id) not in away
                and (
                    table.id in owed or (position == "trainee" and (found is None or found.state == "draft"))
                ),
            )
        )
    return lines


def _state(sheet: Scoresheet | None, is_owed: bool, position: str) -> str:
    if sheet is not None:
        return sheet.state
    return "owed" if is_owed or position == "trainee" else "none"

"""One table for organisers: its sheets side by side, and what can be decided about them."""

from __future__ import annotations

from decimal import Decimal

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.editions.public import Edition
from competition.entries.public import delegates_of_team, get_judge, get_team
from competition.resolutions.public import standing_of
from competition.rounds.public import TableFacts, outcomes, results_of_tables
from core.access import Permission, current_actor, requires
from core.errors import Invalid
from core.idempotency import new_key, once
from core.localised import N_, joined
from judging.board import board_of_table, outcome_of, reading_of
from judging.closing.disputes import marked_tables
from judging.comparison import compare
from judging.duties import recusals_of
from judging.forms import OutcomeForm, PenaltyForm, ReasonForm
from judging.queries import versions_of_sheet
from judging.scoring.tables import TableResult, TieForbiddenError
from judging.services import happenings
from judging.services.tables import confirm_table, reopen_sheet, unwaive_sheet, waive_sheet
from judging.views.blueprint import blueprint, edition_and_table


@blueprint.get("/<int:number>/<table_id>")
@requires(Permission.MANAGE_RESULTS)
def table(slug: str, number: int, table_id: str) -> ResponseReturnValue:
    """The table's sheets side by side, its score and ranks as they would be confirmed."""
    return _page(*edition_and_table(slug, number, table_id))


@blueprint.post("/<int:number>/<table_id>/confirm")
@requires(Permission.MANAGE_RESULTS)
def confirm(slug: str, number: int, table_id: str) -> ResponseReturnValue:
    """Confirm the sheets and record the table's result."""
    edition, found = edition_and_table(slug, number, table_id)

    def work() -> str:
        confirm_table(
            actor=current_actor(), edition=edition, table=found, shown=request.form.get("token", "")
        )
        flash(_("Table %(table)s is confirmed.", table=found.name), "success")
        return url_for("sheets.board", slug=slug, number=number)

    return once(current_actor(), "confirm_table", work)


@blueprint.post("/<int:number>/<table_id>/<judge_id>/<any(reopen, waive, unwaive):deed>")
@requires(Permission.MANAGE_RESULTS)
def decide(slug: str, number: int, table_id: str, judge_id: str, deed: str) -> ResponseReturnValue:
    """Reopen a sheet, or waive it with a reason, or wait for it again."""
    edition, found = edition_and_table(slug, number, table_id)
    judge, form = get_judge(edition.id, judge_id), ReasonForm()
    if deed != "unwaive" and not form.validate_on_submit():
        return _page(edition, found, problem=_("Say why: the reason is kept with the sheet.")), 422

    def work() -> str:
        if deed == "unwaive":
            unwaive_sheet(actor=current_actor(), table=found, judge_id=judge.id)
        else:
            change = reopen_sheet if deed == "reopen" else waive_sheet
            change(actor=current_actor(), table=found, judge_id=judge.id, reason=form.reason.data)
        flash(_decided(deed, judge.name or judge.code), "success")
        return url_for("sheets.table", slug=slug, number=number, table_id=table_id)

    return once(current_actor(), f"{deed}_sheet:{found.id}:{judge.id}", work)


def _decided(deed: str, name: str) -> str:
    said = {
        "reopen": _("%(judge)s can change the sheet now.", judge=name),
        "waive": _("The sheet of %(judge)s is waived.", judge=name),
        "unwaive": _("The sheet of %(judge)s is waited for again.", judge=name),
    }
    return said[deed]


@blueprint.post("/<int:number>/<table_id>/teams/<team_id>/outcome")
@requires(Permission.MANAGE_RESULTS)
def set_outcome(slug: str, number: int, table_id: str, team_id: str) -> ResponseReturnValue:
    """Say whether a team came late, was absent, or left."""
    edition, found = edition_and_table(slug, number, table_id)
    team, form = get_team(edition.id, team_id), OutcomeForm()
    if not form.validate_on_submit():
        raise Invalid(N_("Choose what happened."))

    def work() -> str:
        is_new = happenings.set_outcome(
            actor=current_actor(),
            edition=edition,
            table=found,
            team_id=team.id,
            outcome=form.outcome.data,
            reason=form.reason.data,
        )
        return _said(slug, found, is_new)

    return once(current_actor(), f"set_outcome:{found.id}:{team.id}", work)


@blueprint.post("/<int:number>/<table_id>/teams/<team_id>/penalty")
@requires(Permission.MANAGE_RESULTS)
def add_penalty(slug: str, number: int, table_id: str, team_id: str) -> ResponseReturnValue:
    """Take marks from a team's score."""
    edition, found = edition_and_table(slug, number, table_id)
    team, form = get_team(edition.id, team_id), PenaltyForm()
    if not form.validate_on_submit():
        return _page(edition, found, problem=_("A penalty needs a number of marks and a reason.")), 422

    def work() -> str:
        is_new = happenings.add_penalty(
            actor=current_actor(),
            edition=edition,
            table=found,
            team_id=team.id,
            amount=form.amount.data or Decimal(0),
            reason=form.reason.data,
        )
        return _said(slug, found, is_new)

    return once(current_actor(), f"add_penalty:{found.id}:{team.id}", work)


@blueprint.post("/<int:number>/<table_id>/penalties/<penalty_id>/remove")
@requires(Permission.MANAGE_RESULTS)
def remove_penalty(slug: str, number: int, table_id: str, penalty_id: str) -> ResponseReturnValue:
    """Take a penalty back."""
    edition, found = edition_and_table(slug, number, table_id)

    def work() -> str:
        is_new = happenings.remove_penalty(
            actor=current_actor(), edition=edition, table=found, penalty_id=penalty_id
        )
        return _said(slug, found, is_new)

    return once(current_actor(), f"remove_penalty:{found.id}:{penalty_id}", work)


@blueprint.post("/<int:number>/<table_id>/teams/<team_id>/lineup")
@requires(Permission.MANAGE_RESULTS)
def set_lineup(slug: str, number: int, table_id: str, team_id: str) -> ResponseReturnValue:
    """Say which delegates took part."""
    edition, found = edition_and_table(slug, number, table_id)
    team = get_team(edition.id, team_id)
    delegates = delegates_of_team(team.id)
    ticked = set(request.form.getlist("took_part"))

    def work() -> str:
        is_new = happenings.set_lineup(
            actor=current_actor(),
            edition=edition,
            table=found,
            team_id=team.id,
            out={one.id for one in delegates if one.public_id not in ticked},
            delegates={one.id for one in delegates},
        )
        return _said(slug, found, is_new)

    return once(current_actor(), f"set_lineup:{found.id}:{team.id}", work)


def _said(slug: str, found: TableFacts, is_new: bool) -> str:
    """Say what was saved; the address of the table's page."""
    if is_new:
        flash(_("Saved. The confirmed result of this table was worked out again."), "success")
    else:
        flash(_("Saved."), "success")
    return url_for("sheets.table", slug=slug, number=found.round_number, table_id=found.public_id)


def _page(edition: Edition, found: TableFacts, problem: str = "") -> str:
    board = board_of_table(edition, found)
    reading = reading_of(board)
    result, tie = _result(board, reading)
    recorded = {row.team_id: row for row in results_of_tables([found.id])}
    reasons = {row.team_id: row.reason for row in outcomes(edition.id) if row.round_id == found.round_id}
    return render_template(
        "judging/table.html",
        edition=edition,
        board=board,
        comparison=compare(board, reading, result),
        tie=tie,
        recorded=recorded,
        reasons=reasons,
        penalties=happenings.penalties_of_table(found),
        versions={
            line.judge_id: [
                one for one in versions_of_sheet(found.id, line.judge_id) if one.state == "superseded"
            ]
            for line in board.lines
        },
        recusals=recusals_of([found.id]),
        problem=problem,
        resolution=standing_of(found),
        disputed=marked_tables([found.id]).get(found.id, ""),
        reason_form=ReasonForm(formdata=None),
        outcome_form=OutcomeForm(formdata=None),
        penalty_form=PenaltyForm(formdata=None),
        idempotency_key=new_key(),
    )


def _result(board, reading) -> tuple[TableResult | None, str]:  # type: ignore[no-untyped-def]
    """What would be confirmed now; nothing while sheets are missing, the names of the tied where that is forbidden."""
    names = {team.id: team.name for team in board.plan.teams}
    try:
        return outcome_of(board, reading), ""
    except TieForbiddenError as tie:
        return None, joined(names[team] for team in tie.teams)
    except ValueError:
        return None, ""

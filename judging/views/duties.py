"""Around the sheets: reminding judges, those who stepped back, when sheets are due, feedback for the teams."""

from __future__ import annotations

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from competition.editions.public import get_edition
from competition.entries.public import get_judge
from competition.rounds.public import get_round_facts
from core.access import Permission, current_actor, requires
from core.forms import whole_number
from core.idempotency import once
from judging.board import boards_of_round
from judging.duties import recusals_of
from judging.feedback import release_feedback, withhold_feedback
from judging.services import duties
from judging.views.blueprint import blueprint, edition_and_table


@blueprint.post("/<int:number>/<table_id>/<judge_id>/remind")
@requires(Permission.MANAGE_RESULTS)
def remind(slug: str, number: int, table_id: str, judge_id: str) -> ResponseReturnValue:
    """Mail one judge that the sheet is waited for."""
    edition, table = edition_and_table(slug, number, table_id)
    judge = get_judge(edition.id, judge_id)

    def work() -> str:
        duties.remind_judge(actor=current_actor(), edition=edition, table=table, judge=judge)
        flash(_("%(judge)s is reminded by mail.", judge=judge.name or judge.code), "success")
        return url_for("sheets.board", slug=slug, number=number, _anchor="owing")

    return once(current_actor(), f"remind:{table.id}:{judge.id}", work)


@blueprint.post("/<int:number>/remind")
@requires(Permission.MANAGE_RESULTS)
def remind_all(slug: str, number: int) -> ResponseReturnValue:
    """Mail everybody who owes a sheet of the round and was not reminded just now."""
    edition = get_edition(slug)
    boards = boards_of_round(edition, get_round_facts(edition.id, number))

    def work() -> str:
        away = recusals_of([board.table.id for board in boards])
        reminded, left = 0, 0
        for board in boards:
            for line in board.lines:
                if not line.is_owed or (board.table.id, line.judge_id) in away:
                    continue
                judge = get_judge(edition.id, line.judge_public_id)
                if duties.may_be_reminded(board.table, judge):
                    duties.remind_judge(
                        actor=current_actor(), edition=edition, table=board.table, judge=judge
                    )
                    reminded += 1
                else:
                    left += 1
        flash(ngettext("%(num)d judge is reminded.", "%(num)d judges are reminded.", reminded), "success")
        if left:
            flash(
                ngettext(
                    "%(num)d judge has no e-mail address or was reminded just now.",
                    "%(num)d judges have no e-mail address or were reminded just now.",
                    left,
                ),
                "info",
            )
        return url_for("sheets.board", slug=slug, number=number, _anchor="owing")

    return once(current_actor(), f"remind_all:{edition.id}:{number}", work)


@blueprint.post("/<int:number>/<table_id>/<judge_id>/ask-again")
@requires(Permission.MANAGE_RESULTS)
def ask_again(slug: str, number: int, table_id: str, judge_id: str) -> ResponseReturnValue:
    """Ask a judge who stepped back to mark the table after all."""
    edition, table = edition_and_table(slug, number, table_id)
    judge = get_judge(edition.id, judge_id)

    def work() -> str:
        duties.ask_again(actor=current_actor(), table=table, judge_id=judge.id)
        flash(_("The sheet of %(judge)s is waited for again.", judge=judge.name or judge.code), "success")
        return url_for("sheets.table", slug=slug, number=number, table_id=table_id)

    return once(current_actor(), f"ask_again:{table.id}:{judge.id}", work)


@blueprint.post("/<int:number>/due")
@requires(Permission.MANAGE_RESULTS)
def set_due(slug: str, number: int) -> ResponseReturnValue:
    """Say when sheets are due."""
    edition = get_edition(slug)

    def work() -> str:
        minutes = whole_number(request.form.get("minutes", ""), otherwise=0)
        duties.set_sheet_minutes(actor=current_actor(), edition=edition, minutes=minutes)
        flash(_("Saved."), "success")
        return url_for("sheets.board", slug=slug, number=number)

    return once(current_actor(), f"sheet_minutes:{edition.id}", work)


@blueprint.post("/<int:number>/feedback/<any(release, withhold):deed>")
@requires(Permission.PUBLISH)
def feedback(slug: str, number: int, deed: str) -> ResponseReturnValue:
    """Let the teams read their feedback, or take it back."""
    edition = get_edition(slug)
    facts = get_round_facts(edition.id, number)

    def work() -> str:
        if deed == "release":
            release_feedback(actor=current_actor(), edition_id=edition.id, round_id=facts.id)
            flash(_("Teams can read their feedback of this round now."), "success")
        else:
            withhold_feedback(actor=current_actor(), edition_id=edition.id, round_id=facts.id)
            flash(_("Teams no longer see the feedback of this round."), "success")
        return url_for("sheets.board", slug=slug, number=number)

    return once(current_actor(), f"feedback_{deed}:{facts.id}", work)

"""The board of a round: every table with its panel, who owes a sheet, what is ready to confirm."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from competition.editions.public import get_edition
from competition.entries.public import get_judge, invite_judge
from competition.rounds.public import (
    confirm_round_results,
    get_round_facts,
    publish_round_results,
    reopen_round_results,
    round_facts,
    tables_by_id,
)
from core.access import CapacityKind, Permission, current_actor, requires
from core.db import utc_now
from core.errors import NotFound
from core.idempotency import new_key, once
from core.links import address_of, find_live_link
from judging.board import boards_of_round
from judging.closing.disputes import marked_tables
from judging.duties import due_at, recusals_of, reminders_of, sheet_minutes
from judging.feedback import feedback_count, released_at
from judging.services.tables import confirm_table
from judging.views.blueprint import blueprint


@blueprint.get("/")
@requires(Permission.MANAGE_RESULTS)
def index(slug: str) -> ResponseReturnValue:
    """Lead to the round that is being judged: the first released one without confirmed results."""
    rounds = round_facts(get_edition(slug).id)
    open_rounds = [facts for facts in rounds if facts.is_released and not facts.has_results]
    chosen = (open_rounds or [facts for facts in reversed(rounds) if facts.has_results] or rounds)[:1]
    if not chosen:
        return render_template("judging/no_rounds.html", edition=get_edition(slug))
    return redirect(url_for("sheets.board", slug=slug, number=chosen[0].number))


@blueprint.get("/<int:number>/")
@requires(Permission.MANAGE_RESULTS)
def board(slug: str, number: int) -> ResponseReturnValue:
    """Every table of the round."""
    edition = get_edition(slug)
    facts = get_round_facts(edition.id, number)
    boards = boards_of_round(edition, facts)
    owing = [(board.table, line) for board in boards for line in board.lines if line.is_owed]
    tables, due = [board.table.id for board in boards], due_at(facts)
    is_part = request.headers.get("HX-Request") == "true"
    return render_template(
        "judging/_board_tables.html" if is_part and boards else "judging/board.html",
        is_part=is_part,
        edition=edition,
        round=facts,
        boards=boards,
        owing=owing,
        ready=[board for board in boards if board.state == "ready"],
        done=sum(board.state == "confirmed" for board in boards),
        may_publish=current_actor().may(Permission.PUBLISH, edition_id=edition.id),
        due=due,
        is_late=due is not None and due < utc_now() and not facts.has_results,
        minutes=sheet_minutes(edition.id),
        reminders=reminders_of(tables),
        recusals=recusals_of(tables),
        feedback={"count": feedback_count(facts.draw_id), "released_at": released_at(facts.id)},
        disputed=marked_tables(board.table.id for board in boards),
        idempotency_key=new_key(),
    )


@blueprint.post("/<int:number>/confirm-tables")
@requires(Permission.MANAGE_RESULTS)
def confirm_tables(slug: str, number: int) -> ResponseReturnValue:
    """Confirm every table that was ready when the board was shown."""
    edition = get_edition(slug)
    facts = get_round_facts(edition.id, number)

    def work() -> str:
        shown = dict(part.split(".", 1) for part in request.form.getlist("table") if "." in part)
        boards = {board.table.public_id: board for board in boards_of_round(edition, facts)}
        for public_id, token in shown.items():
            if public_id not in boards:
                raise NotFound()
            table = tables_by_id([boards[public_id].table.id])[boards[public_id].table.id]
            confirm_table(actor=current_actor(), edition=edition, table=table, shown=token)
        count = len(shown)
        flash(ngettext("%(num)d table is confirmed.", "%(num)d tables are confirmed.", count), "success")
        return url_for("sheets.board", slug=slug, number=number)

    return once(current_actor(), "confirm_tables", work)


@blueprint.post("/<int:number>/confirm")
@requires(Permission.MANAGE_RESULTS)
def confirm_round(slug: str, number: int) -> ResponseReturnValue:
    """Confirm the round once every table is."""
    facts = get_round_facts(get_edition(slug).id, number)

    def work() -> str:
        confirm_round_results(actor=current_actor(), round_id=facts.id)
        flash(_("The results of this round are confirmed."), "success")
        return url_for("sheets.board", slug=slug, number=number)

    return once(current_actor(), "confirm_round", work)


@blueprint.post("/<int:number>/reopen")
@requires(Permission.MANAGE_RESULTS)
def reopen_round(slug: str, number: int) -> ResponseReturnValue:
    """Take the round's confirmation back."""
    facts = get_round_facts(get_edition(slug).id, number)

    def work() -> str:
        reopen_round_results(actor=current_actor(), round_id=facts.id)
        flash(_("The round is not confirmed any more."), "success")
        return url_for("sheets.board", slug=slug, number=number)

    return once(current_actor(), f"reopen_round:{facts.id}", work)


@blueprint.post("/<int:number>/publish")
@requires(Permission.PUBLISH)
def publish_round(slug: str, number: int) -> ResponseReturnValue:
    """Let everybody who may see the round see its results."""
    facts = get_round_facts(get_edition(slug).id, number)

    def work() -> str:
        publish_round_results(actor=current_actor(), round_id=facts.id)
        flash(_("The results of this round are published."), "success")
        return url_for("sheets.board", slug=slug, number=number)

    return once(current_actor(), f"publish_round:{facts.id}", work)


@blueprint.post("/judges/<judge_id>/link")
@requires(Permission.MANAGE_RESULTS)
def issue_link(slug: str, judge_id: str) -> ResponseReturnValue:
    """A fresh private link for a judge, mailed where there is an address; the earlier one ends."""
    edition = get_edition(slug)
    judge = get_judge(edition.id, judge_id)

    def work() -> str:
        invite_judge(actor=current_actor(), edition=edition, judge=judge)
        number = request.form.get("number", "")[:6]
        return url_for("sheets.link", slug=slug, judge_id=judge_id, number=number or None)

    return once(current_actor(), f"issue_link:{judge.id}", work)


@blueprint.get("/judges/<judge_id>/link")
@requires(Permission.MANAGE_RESULTS)
def link(slug: str, judge_id: str) -> ResponseReturnValue:
    """The private link that a judge has now, to be copied."""
    edition = get_edition(slug)
    judge = get_judge(edition.id, judge_id)
    found = find_live_link(purpose=CapacityKind.JUDGE, edition_id=edition.id, subject_id=judge.id)
    if found is None:
        raise NotFound()
    return render_template(
        "judging/link.html",
        edition=edition,
        judge=judge,
        address=address_of(found),
        expires_at=found.expires_at,
        back=_back(slug),
    )


def _back(slug: str) -> str:
    number = request.args.get("number", "")
    if number.isdecimal() and len(number) < 6:
        return url_for("sheets.board", slug=slug, number=int(number))
    return url_for("sheets.index", slug=slug)

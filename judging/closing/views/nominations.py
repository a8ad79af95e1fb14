"""A judge names delegates of their own tables for awards."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.editions.public import Edition, get_edition
from competition.entries.public import Judge, delegates_of_team, find_own_judge, team_lines
from competition.rounds.public import TableFacts, get_table, tables_of_judge
from core.access import Permission, current_actor, requires
from core.errors import DomainError, NotFound, said
from core.idempotency import new_key
from judging.closing.awards import lines_of, state_of
from judging.closing.nominations import nominations_of_judge
from judging.closing.services.awards import nominate
from judging.closing.views.common import attempt

blueprint = Blueprint("nominations", __name__, url_prefix="/e/<slug>/judge/nominations")


@blueprint.get("")
@requires(Permission.MARK_TABLES)
def show(slug: str) -> ResponseReturnValue:
    """My tables, with a choice of one delegate for every award by nominations."""
    edition = get_edition(slug)
    return _page(edition, _judge(edition))


@blueprint.post("/<table_id>")
@requires(Permission.MARK_TABLES)
def save(slug: str, table_id: str) -> ResponseReturnValue:
    """Keep what I chose for one table."""
    edition = get_edition(slug)
    judge = _judge(edition)
    table = get_table(edition.id, table_id)
    if table.id not in {own.id for own in tables_of_judge(judge.id)}:
        raise NotFound()
    awards = [line.public_id for line in lines_of(edition.id) if line.kind == "individual_nominations"]

    def work() -> str:
        nominate(
            actor=current_actor(),
            edition=edition,
            table=table,
            judge_id=judge.id,
            chosen={award: request.form.get(f"award-{award}", "") for award in awards},
        )
        flash(_("Your nominations for table %(table)s are kept.", table=table.name), "success")
        return url_for("nominations.show", slug=slug)

    return attempt(f"nominate:{table.id}", work, lambda fault: (_page(edition, judge, fault), fault.status))


def _judge(edition: Edition) -> Judge:
    judge = find_own_judge(current_actor(), edition)
    if judge is None:
        raise NotFound()
    return judge


def _page(edition: Edition, judge: Judge, fault: DomainError | None = None) -> str:
    teams = {line.id: line.name for line in team_lines(edition.id)}
    tables = [table for table in tables_of_judge(judge.id) if _counts(table, judge)]
    return render_template(
        "judging/closing/nominations.html",
        edition=edition,
        judge=judge,
        awards=[line for line in lines_of(edition.id) if line.kind == "individual_nominations"],
        tables=[
            (
                table,
                [
                    (role, teams.get(team, ""), delegates_of_team(team))
                    for role, team in table.seats.items()
                    if team is not None
                ],
            )
            for table in tables
        ],
        chosen=nominations_of_judge(judge.id),
        is_open=state_of(edition.id) == "open",
        fault=[said(fault), *fault.details] if fault else [],
        key=new_key,
    )


def _counts(table: TableFacts, judge: Judge) -> bool:
    return any(place.judge_id == judge.id and place.position != "trainee" for place in table.panel)

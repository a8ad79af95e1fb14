"""The resolution as the judges of that table read it, before they mark."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from competition.editions.public import get_edition
from competition.entries.public import find_own_judge
from competition.resolutions.standing import standing_of
from competition.rounds.public import get_round_facts, tables_of_judge
from core.access import Permission, current_actor, requires

blueprint = Blueprint("table_resolution", __name__, url_prefix="/e/<slug>/table-resolution")


@blueprint.get("/<table_id>")
@requires(Permission.MARK_TABLES)
def show(slug: str, table_id: str) -> ResponseReturnValue:
    """What a table that I judge has settled."""
    edition = get_edition(slug)
    judge = find_own_judge(current_actor(), edition)
    tables = tables_of_judge(judge.id) if judge is not None else []
    table = next((one for one in tables if one.public_id == table_id), None)
    if table is None:
        abort(404)
    return render_template(
        "resolutions/judge.html",
        edition=edition,
        round=get_round_facts(edition.id, table.round_number),
        table=table,
        standing=standing_of(table),
    )

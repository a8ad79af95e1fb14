"""A team's own report card, for its captain, delegates and coach once results are published."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from competition.editions.public import get_edition
from competition.entries.public import find_own_delegate, find_own_team
from core.access import CapacityKind, Permission, current_actor, requires
from core.errors import NotFound
from judging.analysis.report_card import report_card
from judging.feedback import feedback_of_team

blueprint = Blueprint("report", __name__, url_prefix="/e/<slug>/report")


@blueprint.get("")
@requires(Permission.TAKE_PART)
def show(slug: str) -> ResponseReturnValue:
    """My team's marks by criterion against the field, from the rounds that are published."""
    edition, actor = get_edition(slug), current_actor()
    team = find_own_team(actor, edition)
    if team is None:
        raise NotFound()
    is_delegate = bool(actor.capacities_of(CapacityKind.DELEGATE, edition_id=edition.id))
    delegate = find_own_delegate(actor, edition) if is_delegate else None
    return render_template(
        "judging/analysis/report.html",
        edition=edition,
        layout="layouts/base.html",
        team=team,
        card_=report_card(edition, team.id, delegate_id=delegate.id if delegate else None),
        feedback=feedback_of_team(team.id),
        is_preview=False,
    )

"""A team's own report card, for its captain, delegates and coach once results are published."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from competition.editions.public import get_edition
from competition.entries.public import find_own_delegate, find_own_team, registration_rules
from core.access import CapacityKind, Permission, current_actor, requires
from core.errors import Forbidden, NotFound
from core.localised import N_
from judging.analysis.report_card import report_card
from judging.feedback import feedback_of_team

MEMBERS = (CapacityKind.CAPTAIN, CapacityKind.DELEGATE)

blueprint = Blueprint("report", __name__, url_prefix="/e/<slug>/report")


@blueprint.get("")
@requires(Permission.TAKE_PART)
def show(slug: str) -> ResponseReturnValue:
    """My team's marks by criterion against the field, from the rounds that are published."""
    edition, actor = get_edition(slug), current_actor()
    team = find_own_team(actor, edition)
    if team is None:
        raise NotFound()
    rules, is_coach = registration_rules(edition.id), not actor.capacities_of(*MEMBERS, edition_id=edition.id)
    if is_coach and not (rules.coach_marks or rules.coach_feedback):
        raise Forbidden(N_("In this edition coaches do not see the report card."))
    is_delegate = bool(actor.capacities_of(CapacityKind.DELEGATE, edition_id=edition.id))
    delegate = find_own_delegate(actor, edition) if is_delegate else None
    return render_template(
        "judging/analysis/report.html",
        edition=edition,
        layout="layouts/base.html",
        team=team,
        card_=report_card(edition, team.id, delegate_id=delegate.id if delegate else None),
        shows_marks=not is_coach or rules.coach_marks,
        feedback=feedback_of_team(team.id) if not is_coach or rules.coach_feedback else [],
        is_preview=False,
    )

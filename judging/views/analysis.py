"""What the marks show, for organisers: raw and adjusted ranks, judges, agreement, roles, each rank's arithmetic."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.editions.public import Edition, get_edition
from competition.entries.public import get_team
from competition.rounds.public import round_facts
from core.access import Permission, requires
from core.errors import Invalid, said
from core.localised import chosen_locale, in_language
from judging.analysis.adjusted import REASONS
from judging.analysis.agreement import agreement_of
from judging.analysis.change import comparisons
from judging.analysis.explained import explanation_of
from judging.analysis.fairness import fairness_report
from judging.analysis.judges import judges_report
from judging.analysis.report_card import report_card
from judging.closing.views.common import selection_names
from judging.views.explanation_words import opened

blueprint = Blueprint("analysis", __name__, url_prefix="/e/<slug>/analysis")


@blueprint.get("/break")
@requires(Permission.MANAGE_RESULTS)
def change(slug: str) -> ResponseReturnValue:
    """Raw and adjusted ranks side by side: would the judges' severity change who is above the line?"""
    edition = get_edition(slug)
    return _page(
        edition, "change", found=comparisons(edition), reasons=REASONS, names=selection_names(edition)
    )


@blueprint.get("/judges")
@requires(Permission.MANAGE_RESULTS)
def judges(slug: str) -> ResponseReturnValue:
    """Every judge's severity, distribution, agreement, and what to look at."""
    edition = get_edition(slug)
    return _page(edition, "judges", report=judges_report(edition))


@blueprint.get("/agreement")
@requires(Permission.MANAGE_RESULTS)
def agreement(slug: str) -> ResponseReturnValue:
    """How far the judges agree, over all, by round and by criterion."""
    edition = get_edition(slug)
    return _page(edition, "agreement", report=agreement_of(edition), round_names=_round_names(edition))


@blueprint.get("/roles")
@requires(Permission.MANAGE_RESULTS)
def roles(slug: str) -> ResponseReturnValue:
    """Whether a role was easier than the others."""
    edition = get_edition(slug)
    return _page(edition, "roles", report=fairness_report(edition), round_names=_round_names(edition))


@blueprint.get("/teams/<team_id>")
@requires(Permission.MANAGE_RESULTS)
def team(slug: str, team_id: str) -> ResponseReturnValue:
    """One team's rank opened down to its marks."""
    edition = get_edition(slug)
    found_team = get_team(edition.id, team_id)
    own = f"role:{found_team.role}" if edition.role_policy == "fixed" and found_team.role else "overall"
    selection = request.args.get("of", own)
    try:
        found = explanation_of(edition, team_id, selection)
    except Invalid as fault:
        return _page(edition, "team", found=None, fault=said(fault), team=found_team), 422
    return _page(
        edition,
        "team",
        found=found,
        fault="",
        team=found_team,
        tree_parts=opened(edition, found.root).parts,
        hidden=(),
        selection=selection,
        selection_name=selection_names(edition).get(selection, selection),
    )


@blueprint.get("/teams/<team_id>/report")
@requires(Permission.MANAGE_RESULTS)
def report(slug: str, team_id: str) -> ResponseReturnValue:
    """The report card as the team will see it."""
    edition = get_edition(slug)
    found = get_team(edition.id, team_id)
    return _page(
        edition,
        "report",
        layout="layouts/edition.html",
        team=found,
        card_=report_card(edition, found.id),
        is_preview=True,
    )


def _page(edition: Edition, name: str, **values: object) -> str:
    return render_template(f"judging/analysis/{name}.html", edition=edition, **values)


def _round_names(edition: Edition) -> dict[int, str]:
    """What every round is called, by its number."""
    return {
        facts.number: in_language(facts.name, facts.name_zh, chosen_locale())
        or _("Round %(number)s", number=facts.number)
        for facts in round_facts(edition.id)
    }

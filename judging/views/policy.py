"""The policy for adjusted scores after the first sheet: one organiser proposes, another one agrees."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.public import get_people
from competition.editions.public import Edition, get_edition
from core.access import Permission, current_actor, requires
from core.errors import DomainError, said
from core.idempotency import new_key
from judging.analysis import policy
from judging.closing.views.common import attempt
from judging.queries import has_submitted_sheet

blueprint = Blueprint("policy", __name__, url_prefix="/e/<slug>/analysis/policy")


@blueprint.get("")
@requires(Permission.MANAGE_RESULTS)
def show(slug: str) -> ResponseReturnValue:
    """What counts now, what is proposed, and what was changed."""
    return _page(get_edition(slug))


@blueprint.post("/propose")
@requires(Permission.MANAGE_RESULTS)
def propose(slug: str) -> ResponseReturnValue:
    """Propose another policy."""
    edition = get_edition(slug)

    def work() -> str:
        policy.propose_change(
            actor=current_actor(),
            edition=edition,
            way=request.form.get("way", ""),
            basis=request.form.get("basis", ""),
            reason=request.form.get("reason", "")[:500],
        )
        flash(_("Proposed. Another organiser has to agree."), "success")
        return url_for("policy.show", slug=slug)

    return _attempt(edition, "propose_policy", work)


@blueprint.post("/<change_id>/agree")
@requires(Permission.MANAGE_RESULTS)
def agree(slug: str, change_id: str) -> ResponseReturnValue:
    """Agree to what another organiser proposed."""
    edition = get_edition(slug)

    def work() -> str:
        policy.agree_to_change(actor=current_actor(), edition=edition, public_id=change_id)
        flash(_("The change is in force, and its reason stands beside the published standings."), "success")
        return url_for("policy.show", slug=slug)

    return _attempt(edition, "agree_policy", work)


@blueprint.post("/<change_id>/withdraw")
@requires(Permission.MANAGE_RESULTS)
def withdraw(slug: str, change_id: str) -> ResponseReturnValue:
    """Take a proposal back."""
    edition = get_edition(slug)

    def work() -> str:
        policy.withdraw_proposal(actor=current_actor(), edition=edition, public_id=change_id)
        flash(_("The proposal is withdrawn. Nothing has changed."), "success")
        return url_for("policy.show", slug=slug)

    return _attempt(edition, "withdraw_policy", work)


def _attempt(edition: Edition, purpose: str, work: Callable[[], str]) -> ResponseReturnValue:
    return attempt(purpose, work, lambda fault: _page(edition, fault))


def _page(edition: Edition, fault: DomainError | None = None) -> ResponseReturnValue:
    proposal, changes = policy.find_proposal(edition.id), policy.agreed_changes(edition.id)
    people = {one.proposed_by for one in changes} | {one.confirmed_by for one in changes if one.confirmed_by}
    if proposal is not None:
        people.add(proposal.proposed_by)
    page = render_template(
        "judging/analysis/policy.html",
        edition=edition,
        policy=policy.policy_of(edition),
        is_locked=has_submitted_sheet(edition.id),
        proposal=proposal,
        proposed=policy.proposed_policy(edition, proposal) if proposal else None,
        is_own=proposal is not None and proposal.proposed_by == current_actor().person_id,
        changes=changes,
        names={key: card.name or card.name_local for key, card in get_people(people).items()},
        fault=said(fault) if fault else "",
        typed=request.form,
        idempotency_key=new_key(),
    )
    return (page, fault.status) if fault else page

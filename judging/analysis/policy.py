"""Whether judges' severity counts: set freely before the first submitted sheet, later only by two organisers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from competition.editions.public import Edition, edit_edition, metrics_of, register_rule_lock
from core.access import Actor
from core.audit import edition_scope, record
from core.db import db, hold, utc_now
from core.errors import Conflict, Invalid, NotFound
from core.localised import N_
from core.revisions import bump
from judging.analysis.change import both_ways
from judging.analysis.models import PolicyChange
from judging.queries import has_submitted_sheet

BASES = ("round_adjusted", "round_raw", "cumulative")
WAYS = ("adjusted", "raw")
LOCKED = N_(
    "Whether the judges’ severity counts is fixed since the first sheet was submitted. Two organisers together can "
    "still change it, with a reason that is published: under Results, “Raw and adjusted”. Nothing was saved."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How adjusted scores are used: `way` is adjusted where they rank, otherwise raw; `basis` decides eliminations."""

    way: str
    basis: str


def policy_of(edition: Edition) -> Policy:
    """The policy in force."""
    return _policy(edition.role_policy, edition.standings_metrics, edition.elimination_basis)


def proposed_policy(edition: Edition, change: PolicyChange) -> Policy:
    """What would be in force with the change."""
    return _policy(edition.role_policy, change.standings_metrics, change.elimination_basis)


def _policy(role_policy: str, metrics: str, basis: str) -> Policy:
    is_adjusted = "adjusted_score" in metrics_of(role_policy, metrics)
    return Policy(way="adjusted" if is_adjusted else "raw", basis=basis)


@register_rule_lock
def adjusted_policy_is_locked(edition: Edition, changed: Mapping[str, Any]) -> str:
    """Why these new values are refused: they change the policy after the first submitted sheet."""
    new = _policy(
        changed.get("role_policy", edition.role_policy),
        changed.get("standings_metrics", edition.standings_metrics),
        changed.get("elimination_basis", edition.elimination_basis),
    )
    return LOCKED if new != policy_of(edition) and has_submitted_sheet(edition.id) else ""


def find_proposal(edition_id: int) -> PolicyChange | None:
    """The change that waits for a second organiser."""
    query = select(PolicyChange).where(
        PolicyChange.edition_id == edition_id, PolicyChange.confirmed_at.is_(None)
    )
    return db.session.scalar(query)


def agreed_changes(edition_id: int) -> Sequence[PolicyChange]:
    """What two organisers changed, in order."""
    query = select(PolicyChange).where(
        PolicyChange.edition_id == edition_id, PolicyChange.confirmed_at.is_not(None)
    )
    return db.session.scalars(query.order_by(PolicyChange.id)).all()


def metrics_for(edition: Edition, way: str) -> str:
    """The metrics to write into the edition so that adjusted scores rank, or do not."""
    raw, adjusted = both_ways(edition)
    metrics = adjusted if way == "adjusted" else raw
    return "" if metrics == metrics_of(edition.role_policy, "") else ";".join(metrics)


def propose_change(*, actor: Actor, edition: Edition, way: str, basis: str, reason: str) -> PolicyChange:
    """Ask for another policy; a second organiser has to agree.

    Raises Conflict before the first submitted sheet (it can still be changed freely) and while another proposal
    waits; Invalid without a reason, and for what is in force already.
    """
    hold(edition)
    if not has_submitted_sheet(edition.id):
        raise Conflict(N_("No sheet is submitted yet: change it under Set up, Rules. Nothing was proposed."))
    if find_proposal(edition.id) is not None:
        raise Conflict(N_("A proposal is waiting already. It has to be agreed to or withdrawn first."))
    if way not in WAYS or basis not in BASES:
        raise Invalid(N_("Choose how the judges’ severity should count."))
    if Policy(way=way, basis=basis) == policy_of(edition):
        raise Invalid(N_("That is in force already. Nothing was proposed."))
    if not reason.strip():
        raise Invalid(N_("Say why: the reason is published."))
    if actor.person_id is None:
        raise Conflict(N_("Only an organiser who is signed in can propose this."))
    change = PolicyChange(
        edition_id=edition.id,
        standings_metrics=metrics_for(edition, way)
        if way != policy_of(edition).way
        else edition.standings_metrics,
        elimination_basis=basis,
        reason=reason.strip(),
        proposed_by=actor.person_id,
        proposed_at=utc_now(),
    )
    db.session.add(change)
    db.session.flush()
    _record(actor, "policy.proposed", change)
    return change


def agree_to_change(*, actor: Actor, edition: Edition, public_id: str) -> PolicyChange:
    """Put the proposal in force. Raises Conflict for whoever proposed it: it takes two."""
    hold(edition)
    change = _get_proposal(edition.id, public_id)
    if actor.person_id is None or actor.person_id == change.proposed_by:
        raise Conflict(N_("It takes two: another organiser has to agree. Nothing was changed."))
    change.confirmed_by, change.confirmed_at = actor.person_id, utc_now()
    values = {
        "standings_metrics": change.standings_metrics,
        "elimination_basis": change.elimination_basis,
    }
    edit_edition(actor=actor, edition=edition, version=edition.version, values=values, is_agreed=True)
    db.session.flush()
    _record(actor, "policy.agreed", change)
    return change


def withdraw_proposal(*, actor: Actor, edition: Edition, public_id: str) -> None:
    """Take the proposal back, or refuse it."""
    hold(edition)
    change = _get_proposal(edition.id, public_id)
    _record(actor, "policy.withdrawn", change)
    db.session.delete(change)
    db.session.flush()


def _get_proposal(edition_id: int, public_id: str) -> PolicyChange:
    change = find_proposal(edition_id)
    if change is None or change.public_id != public_id:
        raise NotFound(N_("There is no such proposal in this edition."))
    return change


def _record(actor: Actor, verb: str, change: PolicyChange) -> None:
    scope = edition_scope(change.edition_id)
    details = {"metrics": change.standings_metrics, "basis": change.elimination_basis}
    record(actor, verb, "policy_change", change.id, scope=scope, details=details, personal=["reason"])
    bump(scope)

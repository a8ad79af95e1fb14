"""Use cases of an organiser's list of teams: answer many applications at once, undo a withdrawal, remove a team."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from competition.editions.public import Edition
from competition.entries.models import Delegate, Team
from competition.entries.registering.offers import offer_free_places
from competition.entries.services import invitations
from competition.entries.services.registration import IN_TEAM, NEEDS_REASON, decide_team
from core.access import Actor, CapacityKind
from core.audit import edition_scope, record
from core.db import db, hold, utc_now
from core.errors import Conflict, Invalid, Stale
from core.localised import N_
from core.revisions import bump
from core.uses import find_use, refuse_if_used

FEES = ("none", "due", "paid", "waived")
USES_OF_TEAM = {
    "seat": N_("%(name)s has been drawn and stays on the list. Withdraw the team instead."),
    "team_result": N_("%(name)s has results and stays on the list. Withdraw the team instead."),
    "outcome": N_("%(name)s has been judged and stays on the list. Withdraw the team instead."),
    "penalty": N_("%(name)s has a penalty and stays on the list. Withdraw the team instead."),
    "lineup": N_("%(name)s has sat at a table and stays on the list. Withdraw the team instead."),
    "mark": N_("%(name)s has been marked and stays on the list. Withdraw the team instead."),
}
"""Tables whose rows are history: a team that they name is never removed."""


def answer_teams(
    *, actor: Actor, edition: Edition, picks: Mapping[str, int], decision: str, reason: str = ""
) -> tuple[list[str], list[tuple[str, Conflict]]]:
    """Give many applications, as they were shown (`public_id -> version`), one answer; each captain is told.

    Returns the names of those answered, and of those passed over with what stood against it: somebody has answered
    or changed them since, or there is no place for them.
    """
    if decision in NEEDS_REASON and not reason:
        raise Invalid(N_("Say why, so that the teams understand."))
    done: list[str] = []
    passed: list[tuple[str, Conflict]] = []
    for team in _picked(edition, picks):
        try:
            decide_team(
                actor=actor,
                edition=edition,
                team=team,
                version=picks[team.public_id],
                decision=decision,
                reason=reason,
            )
        except Conflict as fault:
            passed.append((team.name, fault))
        else:
            done.append(team.name)
    return done, passed


def set_fees(*, actor: Actor, edition: Edition, picks: Mapping[str, int], fee: str) -> int:
    """Note for many teams whether a fee is due, paid or waived; returns for how many that is new."""
    if fee not in FEES:
        raise Invalid
    count = 0
    for team in _picked(edition, picks):
        if team.fee != fee:
            team.fee = fee
            team.version += 1
            count += 1
            record(actor, "set_fee", "team", team.id, scope=edition_scope(edition.id), details={"fee": fee})
    db.session.flush()
    bump(edition_scope(edition.id))
    return count


def _picked(edition: Edition, picks: Mapping[str, int]) -> Sequence[Team]:
    query = select(Team).where(Team.edition_id == edition.id, Team.public_id.in_(picks))
    return db.session.scalars(query.order_by(Team.position, Team.id)).all()


def restore_team(*, actor: Actor, edition: Edition, team: Team, version: int) -> None:
    """A withdrawn team takes part again from the next draw on, as if it had never left."""
    _hold_version(team, version)
    if team.status != "withdrawn":
        raise Conflict(N_("%(name)s is not withdrawn."), name=team.name)
    team.status, team.withdrawn_from = "registered", None
    team.version += 1
    _record(actor, edition, "restore", team)


def find_use_of_team(team: Team) -> str | None:
    """Why a team cannot be removed, as source text with a place for its `%(name)s`; None where it can."""
    return find_use(team, USES_OF_TEAM)


def remove_team(*, actor: Actor, edition: Edition, team: Team, version: int) -> None:
    """Take a team that was never drawn off the list, with its delegates; every link to it ends."""
    _hold_version(team, version)
    refuse_if_used(team, team.name, USES_OF_TEAM)
    _end_links(actor, edition, team)
    db.session.delete(team)
    db.session.flush()
    personal = ("coach", *IN_TEAM)
    record(actor, "remove", "team", team.id, scope=edition_scope(edition.id), personal=personal)
    bump(edition_scope(edition.id))
    offer_free_places(actor=actor, edition=edition, now=utc_now())


def _end_links(actor: Actor, edition: Edition, team: Team) -> None:
    """The links must not outlive their subjects: a database may give a key to somebody else later."""
    end, delegates = invitations.end_links, select(Delegate.id).where(Delegate.team_id == team.id)
    end(actor=actor, edition=edition, purpose=CapacityKind.CAPTAIN, subject_id=team.id)
    for key in db.session.scalars(delegates).all():
        end(actor=actor, edition=edition, purpose=CapacityKind.DELEGATE, subject_id=key)


def _hold_version(team: Team, version: int) -> None:
    hold(team)
    if team.version != version:
        raise Stale(N_("Somebody else has changed this team in the meantime. Look at it again."))


def _record(actor: Actor, edition: Edition, verb: str, team: Team) -> None:
    record(actor, verb, "team", team.id, scope=edition_scope(edition.id))
    bump(edition_scope(edition.id))

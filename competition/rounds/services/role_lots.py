"""Giving every team of a fixed edition its role by lot."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from competition.editions.public import Edition, split_list
from competition.rounds.field import FieldTeam, set_role, teams_of
from competition.rounds.queries import tables_of_edition
from competition.rounds.role_lots import Candidate, draw_lots, total_regret
from core import revisions
from core.access import Actor
from core.audit import AuditEntry, edition_scope, record
from core.db import db
from core.errors import Invalid
from core.localised import N_
from core.roles import ROLES, Role

VERB = "roles.assigned"
LARGEST_SEED = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleLot:
    """The outcome of a lot: the seed that repeats it, each team's role, and the steps down the wishes."""

    seed: int
    roles: Mapping[int, Role]
    regret: int
    changed: int


def assign_roles(*, actor: Actor, edition: Edition, seed: int | None = None) -> RoleLot:
    """Draw lots for the roles of all registered teams; teams that sit in a draw keep theirs.

    The seed is kept in the audit record and shown, so that anybody can repeat the lot. Raises Invalid where
    teams change roles every round.
    """
    if edition.role_policy != "fixed":
        raise Invalid(N_("In this edition teams change roles every round, so there is nothing to draw."))
    seed = secrets.randbelow(LARGEST_SEED) if seed is None else seed
    if not 0 <= seed <= LARGEST_SEED:
        raise Invalid(N_("A seed is a whole number from 0 to %(largest)s."), largest=LARGEST_SEED)
    teams = [team for team in teams_of(edition.id) if team.status == "registered"]
    drawn = {team for table in tables_of_edition(edition.id) for team in table.team_ids}
    candidates = [_candidate(team, is_kept=team.id in drawn) for team in teams]
    roles = draw_lots(candidates, seed)
    changed = [team for team in teams if team.role is not roles[team.id]]
    for team in changed:
        set_role(team.id, roles[team.id])
    lot = RoleLot(seed=seed, roles=roles, regret=total_regret(candidates, roles), changed=len(changed))
    _record(actor, edition, lot, kept=len(drawn & roles.keys()))
    return lot


def _candidate(team: FieldTeam, *, is_kept: bool) -> Candidate:
    known = {role.value for role in ROLES}
    wishes = dict.fromkeys(Role(wish) for wish in split_list(team.wishes) if wish in known)
    return Candidate(
        id=team.id,
        institution=team.institution_id,
        wishes=tuple(wishes),
        kept=team.role if is_kept else None,
    )


def _record(actor: Actor, edition: Edition, lot: RoleLot, *, kept: int) -> None:
    scope = edition_scope(edition.id)
    details = {"seed": lot.seed, "teams": len(lot.roles), "kept": kept, "regret": lot.regret}
    record(actor, VERB, "edition", edition.id, scope=scope, details=details)
    revisions.bump(scope)
    db.session.flush()


def last_lot(edition_id: int) -> dict[str, int] | None:
    """Seed, teams, kept roles and regret of the last lot of an edition, None before the first."""
    query = select(AuditEntry.details).where(
        AuditEntry.scope == edition_scope(edition_id), AuditEntry.verb == VERB
    )
    return db.session.scalars(query.order_by(AuditEntry.id.desc()).limit(1)).first()

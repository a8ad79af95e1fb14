"""Giving every team of a fixed edition its role by lot."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from competition.editions.public import Edition, split_list
from competition.rounds.field import FieldTeam, set_role, teams_of
from competition.rounds.models import RoleLotRecord
from competition.rounds.queries import tables_of_edition
from core import revisions
from core.access import Actor
from core.audit import AuditEntry, edition_scope, record
from core.db import db, utc_now
from core.errors import Invalid, NotFound
from core.localised import N_
from core.roles import ROLES, Role

if TYPE_CHECKING:
    from competition.draw.edition_roles import RoleAssignment

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
    kept = {team.id: team.role for team in teams if team.id in drawn and team.role is not None}
    outcome = _lots(teams, kept, seed)
    roles = {int(team): role for team, role in outcome.roles.items()} if outcome is not None else {}
    changed = [team for team in teams if team.role is not roles[team.id]]
    for team in changed:
        set_role(team.id, roles[team.id])
    regret = outcome.total_regret if outcome is not None else 0
    lot = RoleLot(seed=seed, roles=roles, regret=regret, changed=len(changed))
    if outcome is not None:
        _keep(edition, teams, kept, outcome)
    _record(actor, edition, lot, kept=len(kept))
    return lot


def _lots(teams: Sequence[FieldTeam], kept: Mapping[int, Role], seed: int) -> RoleAssignment | None:
    """The engine's lots with their proof; None where there is no team."""
    from competition.draw import edition_roles

    if not teams:
        return None
    return edition_roles.assign_roles(
        [
            edition_roles.Wish(
                id=str(team.id),
                institution=str(team.institution_id) if team.institution_id is not None else None,
                wishes=_wishes(team),
            )
            for team in teams
        ],
        seed=seed,
        kept={str(team): role for team, role in kept.items()},
    )


def _wishes(team: FieldTeam) -> tuple[Role, ...]:
    known = {role.value for role in ROLES}
    return tuple(dict.fromkeys(Role(wish) for wish in split_list(team.wishes) if wish in known))


def _keep(
    edition: Edition, teams: Sequence[FieldTeam], kept: Mapping[int, Role], outcome: RoleAssignment
) -> None:
    """Store the lot with all that it was made from."""
    db.session.add(
        RoleLotRecord(
            edition_id=edition.id,
            made_at=utc_now(),
            seed=outcome.seed,
            total_regret=outcome.total_regret,
            least_regret=outcome.least_regret,
            lines=[
                {
                    "team": team.name,
                    "institution": team.institution,
                    "wishes": [role.value for role in _wishes(team)],
                    "role": outcome.roles[str(team.id)].value,
                    "regret": outcome.regrets[str(team.id)],
                    "is_kept": team.id in kept,
                }
                for team in teams
            ],
        )
    )


def find_lot(edition_id: int) -> RoleLotRecord | None:
    """The newest lot of an edition."""
    query = select(RoleLotRecord).where(RoleLotRecord.edition_id == edition_id)
    return db.session.scalar(query.order_by(RoleLotRecord.id.desc()).limit(1))


def publish_lot(*, actor: Actor, edition: Edition, is_published: bool) -> None:
    """Let everybody see the newest lot, or organisers only. Raises NotFound before the first lot."""
    lot = find_lot(edition.id)
    if lot is None:
        raise NotFound(N_("No lots were drawn for the roles yet."))
    lot.is_published = is_published
    verb = "roles.published" if is_published else "roles.unpublished"
    record(actor, verb, "edition", edition.id, scope=edition_scope(edition.id), details={"seed": lot.seed})
    revisions.bump(edition_scope(edition.id))
    db.session.flush()


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

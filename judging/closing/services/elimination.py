"""Seating an elimination round by the engine, and the lots that decide between level teams of a role."""

from __future__ import annotations

import secrets

from competition.draw.elimination import EliminationRound, RoleRule
from competition.editions.public import Edition
from competition.rounds.public import Draw, RoundFacts, field_teams, seat_elimination
from core.access import Actor
from core.db import hold
from core.errors import Conflict, Invalid
from core.localised import N_
from core.roles import ROLES, Role
from judging.closing.elimination import ROLE_RULES, Way, way_to
from judging.closing.elimination_scores import occasion_of
from judging.closing.lots import LARGEST_SEED
from judging.closing.models import Lot
from judging.closing.services.lots import draw_lot

ENGINE = "parley-elimination/1"


def seat_round(
    *,
    actor: Actor,
    edition: Edition,
    facts: RoundFacts,
    version: int,
    roles: str = "lot",
    places: int | None = None,
    seed: int | None = None,
) -> Draw:
    """Draft an elimination round from the published break, or from the round before it.

    `version` is the round's version that the organiser was shown; `roles` how a table's four roles are given where
    they change (`lot`, `choice` by the better seed, `balance`); `places` how many of each role advance where teams
    keep theirs. Raises Conflict when it cannot be seated yet or lots are due, Invalid for a bad choice, Stale when
    somebody else was faster.
    """
    hold(edition)
    rule: RoleRule | None = next((known for known in ROLE_RULES if known == roles), None)
    if rule is None:
        raise Invalid(N_("Choose how the roles are given."))
    seed = secrets.randbelow(LARGEST_SEED) if seed is None else seed
    if not 0 <= seed <= LARGEST_SEED:
        raise Invalid(N_("A seed is a whole number from 0 to %(largest)s."), largest=LARGEST_SEED)
    way = way_to(edition, facts, places)
    if way.ties:
        raise Conflict(N_("Level teams stand across the line. Draw the lots first."))
    found = way.seated(seed=seed, roles=rule)
    return seat_elimination(
        actor=actor,
        round_id=facts.id,
        tables=[{role: _key(seats[role]) for role in ROLES} for seats in found.tables],
        seed=seed,
        report=_report(edition, way, found, rule),
        version=version,
    )


def _key(team: str | None) -> int | None:
    return int(team) if team is not None else None


def _report(edition: Edition, way: Way, found: EliminationRound, rule: RoleRule) -> dict[str, object]:
    """What is kept with the draw, so that it can be followed and made again."""
    return {
        "engine": ENGINE,
        "seated_from": way.before.number if way.before is not None else "break",
        "byes": [int(team) for team in found.byes],
        "seeds": {str(one.team_id): one.seed for one in way.contenders},
        "roles": "kept" if edition.role_policy == "fixed" else rule,
        "basis": edition.elimination_basis if way.places is not None else "",
        "adjusted_roles": [role.value for role, order in way.orders.items() if order.is_adjusted],
    }


def draw_role_lot(
    *,
    actor: Actor,
    edition: Edition,
    facts: RoundFacts,
    role: str,
    places: int | None = None,
    seed: int | None = None,
) -> Lot:
    """Draw a lot among the teams of a role that are level across the line after the round before `facts`."""
    hold(edition)
    way = way_to(edition, facts, places)
    teams = way.ties.get(Role(role)) if role in tuple(ROLES) else None
    if way.before is None or not teams:
        raise Conflict(N_("No teams are level at this line any more. Nothing was changed."))
    names = {team.id: team.name for team in field_teams(edition.id) if team.id in teams}
    return draw_lot(
        actor=actor, edition=edition, occasion=occasion_of(way.before, Role(role)), names=names, seed=seed
    )

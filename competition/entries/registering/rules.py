"""An edition's rules of registration: places, caps, how long an offer stands, and what coaches may do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from competition.editions.public import Edition, is_registration_open
from competition.entries.models import Institution, Team
from competition.entries.registering.models import OFFER_HOURS, RegistrationRules
from core.access import Actor
from core.audit import changed_columns, edition_scope, record
from core.db import db, hold
from core.errors import Conflict, Stale
from core.localised import N_
from core.revisions import bump

COACH_RIGHTS = (
    "coach_in_room",
    "coach_brief",
    "coach_lineup",
    "coach_marks",
    "coach_feedback",
    "coach_protest",
)
ANSWERABLE = ("applied", "waiting", "declined")
"""Statuses in which an application has not become a team that takes part."""


def rules_of(edition_id: int) -> RegistrationRules:
    """The rules of an edition; where none were written, the defaults (not stored, version 0)."""
    found = db.session.get(RegistrationRules, edition_id)
    return found or RegistrationRules(
        edition_id=edition_id,
        offer_hours=OFFER_HOURS,
        **{name: name != "coach_protest" for name in COACH_RIGHTS},
        version=0,
    )


def save_rules(
    *, actor: Actor, edition: Edition, version: int, values: Mapping[str, Any]
) -> RegistrationRules:
    """Write the rules; refuses a form that was filled in against an older version."""
    hold(edition)
    rules = rules_of(edition.id)
    if rules.version != version:
        raise Stale
    before = {name: getattr(rules, name) for name in values}
    for name, value in values.items():
        setattr(rules, name, value)
    rules.version += 1
    db.session.add(rules)
    db.session.flush()
    scope = edition_scope(edition.id)
    record(
        actor,
        "save",
        "registration_rules",
        edition.id,
        scope=scope,
        details={"changed": changed_columns(rules, before)},
    )
    bump(scope)
    return rules


def may_change(edition: Edition, team: Team, now: datetime) -> bool:
    """Whether a captain may change the team: until the deadline (or its own), and as long as changes are asked for."""
    if team.status not in ("applied", "waiting", "registered"):
        return False
    has_own_deadline = team.open_until is not None and now < team.open_until
    return team.asked_at is not None or has_own_deadline or is_registration_open(edition, now)


def taking_part(edition_id: int) -> int:
    """How many teams take part (stand-ins are nobody's place)."""
    query = select(func.count(Team.id)).where(Team.edition_id == edition_id, Team.status == "registered")
    return db.session.scalar(query) or 0


def is_beyond_cap(team: Team, *statuses: str) -> bool:
    """Whether the team's institution has as many other teams (of these statuses) as the rules allow."""
    cap = rules_of(team.edition_id).per_institution
    if cap is None or team.institution_id is None:
        return False
    others = select(func.count(Team.id)).where(
        Team.edition_id == team.edition_id,
        Team.institution_id == team.institution_id,
        Team.status.in_(statuses),
        Team.id != team.id,
    )
    return (db.session.scalar(others) or 0) >= cap


def refuse_beyond_cap(edition: Edition, team: Team) -> None:
    """Raise Conflict where the team's institution has as many teams in the edition as the rules allow."""
    if is_beyond_cap(team, "registered") and team.institution_id is not None:
        cap = rules_of(edition.id).per_institution
        institution = db.session.get_one(Institution, team.institution_id)
        raise Conflict(
            N_("%(institution)s has %(count)d teams in this edition already; more are not allowed."),
            institution=institution.name or institution.code,
            count=cap,
        )

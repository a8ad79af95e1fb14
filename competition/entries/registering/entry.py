"""Use cases of a captain after registering: change the entry, send it again when changes were asked for, leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from competition.editions.public import Edition
from competition.entries.models import Team
from competition.entries.registering.offers import end_offer, offer_free_places
from competition.entries.registering.questions import keep_answers
from competition.entries.registering.rules import ANSWERABLE, may_change
from competition.entries.services import invitations
from competition.entries.services.registration import (
    find_or_add_institution,
    refuse_taken_name,
    set_divisions,
)
from competition.entries.services.teams import find_use_of_team
from core.access import SYSTEM, Actor
from core.audit import changed_columns, columns_of, edition_scope, record
from core.db import db, hold, utc_now
from core.errors import Conflict, Stale
from core.localised import N_
from core.revisions import bump

LEFT = N_("The captain has withdrawn this application.")
"""The reason kept with an application that its captain has taken back."""


def change_entry(
    *,
    actor: Actor,
    edition: Edition,
    team: Team,
    version: int,
    values: Mapping[str, Any],
    institution: str,
    division_codes: Sequence[str],
    answers: Mapping[int, str],
) -> None:
    """A captain changes the team's own data (name, coach, coach_contact, wishes) while registration lets them.

    Where the organisers had asked for changes, this sends the application to them again.
    """
    hold(edition)
    hold(team)
    if team.version != version:
        raise Stale(N_("Somebody else has changed this team in the meantime. Look at it again."))
    if not may_change(edition, team, utc_now()):
        raise Conflict(
            N_("Registration has closed in the meantime, so this was not saved. Write to the organisers.")
        )
    refuse_taken_name(edition, values["name"], team.id)
    contact = values.get("coach_contact", team.coach_contact)
    invitations.change_coach(actor=actor, edition=edition, team=team, contact=contact)
    before = columns_of(team)
    for name, value in values.items():
        setattr(team, name, value)
    home = find_or_add_institution(edition, institution, is_checked=False) if institution else None
    team.institution_id = home.id if home else None
    set_divisions(edition, team, division_codes)
    keep_answers(team, answers)
    changed = changed_columns(team, before)
    is_sent_again, team.asked_at = team.asked_at is not None, None
    team.version += 1
    _record(actor, edition, "send_again" if is_sent_again else "change", team, changed)


def leave(*, actor: Actor, edition: Edition, team: Team, version: int) -> None:
    """A captain takes the team out: an application is declined by its own wish, a team that takes part withdraws.

    A team that was drawn asks the organisers, who say from which round on.
    """
    hold(edition)
    hold(team)
    if team.version != version:
        raise Stale(N_("Somebody else has changed this team in the meantime. Look at it again."))
    if team.status in ANSWERABLE:
        team.status, team.status_reason = "declined", LEFT
    elif team.status == "registered" and find_use_of_team(team) is None:
        team.status, team.withdrawn_from = "withdrawn", 1
    else:
        raise Conflict(N_("%(name)s has been drawn. Ask the organisers to withdraw it."), name=team.name)
    team.asked_at = None
    team.version += 1
    end_offer(team, utc_now())
    _record(actor, edition, "leave", team)
    offer_free_places(actor=SYSTEM, edition=edition, now=utc_now())


def _record(actor: Actor, edition: Edition, verb: str, team: Team, changed: Sequence[str] = ()) -> None:
    db.session.flush()
    record(
        actor,
        verb,
        "team",
        team.id,
        scope=edition_scope(edition.id),
        details={"changed": list(changed)} if changed else {},
        personal=("coach", "coach_contact"),
    )
    bump(edition_scope(edition.id))

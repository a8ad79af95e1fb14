"""A team that was formed of people who applied alone: its delegates have confirmed their data when they applied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from competition.editions.public import Edition
from competition.entries.models import Delegate, Team
from competition.entries.services.registration import IN_TEAM, NewDelegate, _add, refuse_taken_name
from competition.entries.services.rows import next_position, record_row
from core.access import Actor
from core.db import db, hold, utc_now


@dataclass(frozen=True, slots=True, kw_only=True)
class FormedDelegate:
    """Somebody who is put into a team; `confirmed_at` and `notice_version` as they confirmed when applying."""

    name: str
    name_local: str
    contact: str
    person_id: int | None
    confirmed_at: datetime | None
    notice_version: int | None


def add_formed_team(
    *, actor: Actor, edition: Edition, name: str, members: Sequence[FormedDelegate]
) -> tuple[Team, list[Delegate]]:
    """A registered team of these people, the first of them its captain. Raises Conflict when the name is taken."""
    hold(edition)
    refuse_taken_name(edition, name)
    team = Team(
        edition_id=edition.id,
        name=name,
        status="registered",
        created_at=utc_now(),
        position=next_position(Team, edition),
    )
    db.session.add(team)
    db.session.flush()
    delegates = []
    for place, member in enumerate(members):
        person = NewDelegate(name=member.name, name_local=member.name_local, contact=member.contact)
        row = _add(edition, team, person, is_captain=place == 0)
        row.person_id, row.confirmed_at = member.person_id, member.confirmed_at
        row.notice_version = member.notice_version
        delegates.append(row)
    db.session.flush()
    record_row(actor, edition, "form", "team", team.id, IN_TEAM)
    return team, delegates

"""Who may read what of a case, asked anew at every reading: the one place that decides. Denies by default."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from competition.cases.models import Brief, BriefOpening, Case, RoundCase
from competition.cases.queries import find_round_case, newest_briefs, roles_read
from competition.cases.services import is_open
from competition.editions.public import Edition
from competition.entries.public import (
    Judge,
    Team,
    coached_by,
    find_own_judge,
    find_own_team,
    judges_who_coach,
    registration_rules,
    team_table,
)
from competition.rounds.public import RoundFacts, TableFacts, tables_of_draw, tables_of_judge
from core.access import Actor, CapacityKind, Permission
from core.db import db, open_write_transaction, utc_now
from core.roles import ROLES, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Readable:
    """What somebody may read of a round's case now. `roles` are the briefs, `team` in whose name (None: a judge's),
    `waits` says in the reader's language why there is no brief yet.
    """

    case: Case
    row: RoundCase
    roles: tuple[Role, ...]
    team: Team | None
    waits: str


def readable(actor: Actor, edition: Edition, facts: RoundFacts, now: datetime) -> Readable | None:
    """The part of a round's case that the actor may read; None where nothing may be known of it."""
    row = find_round_case(facts.id)
    if row is None or not is_open(row, now) or not _may_see_public_part(actor, edition):
        return None
    case = db.session.get_one(Case, row.case_id)
    roles, team, waits = _briefs(actor, edition, facts, row)
    written = newest_briefs(case.id)
    if team is not None and any(roles_read(case.id, team.id) - {role.value} for role in roles):
        return Readable(
            case=case,
            row=row,
            roles=(),
            team=team,
            waits=_("Your team has read this case in another role, so it cannot be given this brief."),
        )
    return Readable(
        case=case,
        row=row,
        roles=tuple(role for role in roles if role.value in written),
        team=team,
        waits=waits,
    )


def _may_see_public_part(actor: Actor, edition: Edition) -> bool:
    return (
        edition.is_public
        or actor.may(Permission.TAKE_PART, edition_id=edition.id)
        or actor.may(Permission.SEE_EDITION, edition_id=edition.id)
    )


def _briefs(
    actor: Actor, edition: Edition, facts: RoundFacts, row: RoundCase
) -> tuple[tuple[Role, ...], Team | None, str]:
    """The roles whose briefs the actor may read, the team in whose name, and what is still waited for."""
    tables = tables_of_draw(facts.draw_id) if facts.draw_id is not None and facts.is_released else []
    kinds = (CapacityKind.CAPTAIN, CapacityKind.DELEGATE)
    team = find_own_team(actor, edition) if actor.capacities_of(*kinds, edition_id=edition.id) else None
    if team is not None:
        if not facts.is_released:
            return (), team, _("Your brief can be read here once the draw of this round is released.")
        role = _role_of(tables, team.id)
        return ((role,) if role is not None else ()), team, ""
    rules = registration_rules(edition.id)
    judge = find_own_judge(actor, edition)
    if row.coaches_read and rules.coach_brief:
        for coached in _coached_teams(actor, edition):
            role = _role_of(tables, coached.id)
            if role is not None and not _judges_anywhere(judge, coached):
                return (role,), coached, ""
    if row.judges_read and judge is not None and not coached_by(judge) and not _coached_teams(actor, edition):
        sits = any(place.judge_id == judge.id for table in tables for place in table.panel)
        if sits:
            return ROLES, None, ""
    return (), None, ""


def _role_of(tables: list[TableFacts], team_id: int) -> Role | None:
    return next((role for table in tables if (role := table.role_of(team_id)) is not None), None)


def _coached_teams(actor: Actor, edition: Edition) -> list[Team]:
    if actor.person_id is None:
        return []
    query = select(Team).where(
        team_table.c.edition_id == edition.id, team_table.c.coach_person_id == actor.person_id
    )
    return list(db.session.scalars(query))


def _judges_anywhere(own: Judge | None, coached: Team) -> bool:
    """Whether the coach of a team judges in this edition, known as a judge by account, link or address alone: an acting
    judge who coaches reads no brief.
    """
    judges = {judge.id for judge in judges_who_coach(coached)} | ({own.id} if own is not None else set())
    return any(tables_of_judge(judge_id) for judge_id in judges)


def note_opening(
    actor: Actor, facts: RoundFacts, brief: Brief, team: Team | None, reader: str, file_name: str = ""
) -> datetime:
    """Put an opening on record before anything is shown, in a transaction of its own; returns its moment."""
    now = utc_now()
    row = BriefOpening(
        brief_id=brief.id,
        round_id=facts.id,
        team_id=team.id if team is not None else None,
        person_id=actor.person_id,
        link_id=actor.link_id,
        reader=reader[:200],
        file_name=file_name[:120],
        opened_at=now,
    )
    db.session.rollback()
    open_write_transaction()
    db.session.add(row)
    db.session.commit()
    return now

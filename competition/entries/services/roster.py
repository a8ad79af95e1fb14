"""Use cases of the organiser's roster: teams, institutions, judges and their conflicts typed in by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select, update

from competition.editions.public import Division, Edition
from competition.entries.models import (
    DelegateDivision,
    Institution,
    Judge,
    JudgeConflict,
    Team,
    TeamDivision,
)
from competition.entries.services.invitations import change_coach, end_links
from competition.entries.services.registration import find_or_add_institution, set_divisions
from competition.entries.services.rows import free_code, next_position, record_row
from core.access import Actor, CapacityKind
from core.audit import changed_columns, columns_of, edition_scope, record
from core.db import db, hold, utc_now
from core.errors import Conflict, Stale
from core.localised import N_
from core.revisions import bump
from core.uses import refuse_if_used

JUDGE_PERSONAL = (
    "contact",
    "conflicts",
    "expertise",
    "institution_id",
    "languages",
    "name",
    "name_local",
    "rating",
    "site",
)
"""Columns of a judge that hold personal data: the record names them, never their values."""
USES_OF_JUDGE = {
    "panel_judge": N_("%(name)s is on a panel and stays on the list."),
    "scoresheet": N_("%(name)s has a scoresheet and stays on the list."),
}
USES_OF_INSTITUTION = {
    "team": N_(
        "Teams belong to %(name)s, so it stays. Merge it into another institution, or change the teams."
    ),
    "judge": N_("Judges belong to %(name)s, so it stays. Merge it into another institution, or change them."),
    "judge_conflict": N_("A judge has a conflict with %(name)s, so it stays. Change the judge first."),
}


def save_team(
    *,
    actor: Actor,
    edition: Edition,
    team: Team | None,
    version: int,
    values: Mapping[str, Any],
    institution: str,
    division_codes: Sequence[str],
) -> Team:
    """Add a team or change one (name, role, wishes, coach, institution, divisions)."""
    hold(edition)
    if team is not None:
        hold(team)
    same = db.session.scalar(select(Team).where(Team.edition_id == edition.id, Team.name == values["name"]))
    if same is not None and same is not team:
        raise Conflict(
            N_("A team named “%(name)s” is already registered. Choose another name."), name=same.name
        )
    if team is None:
        position = next_position(Team, edition)
        team = Team(edition_id=edition.id, created_at=utc_now(), position=position, version=version)
        db.session.add(team)
    elif team.version != version:
        raise Stale(N_("Somebody else has changed this team in the meantime. Look at it again."))
    if team.role and values.get("role", team.role) != team.role:
        _refuse_role_change(team)
    contact = values.get("coach_contact", team.coach_contact or "")
    if team.id is not None:
        change_coach(actor=actor, edition=edition, team=team, contact=contact)
    before = columns_of(team)
    for name, value in values.items():
        setattr(team, name, value)
    team.institution_id = find_or_add_institution(edition, institution).id if institution else None
    team.version += 1
    db.session.flush()
    set_divisions(edition, team, division_codes)
    changed = changed_columns(team, before)
    record_row(actor, edition, "save", "team", team.id, personal=("coach", "coach_contact"), changed=changed)
    return team


def _refuse_role_change(team: Team) -> None:
    seat = db.metadata.tables["seat"]
    if db.session.scalar(select(seat.c.id).where(seat.c.team_id == team.id).limit(1)) is not None:
        raise Conflict(N_("%(team)s has been drawn in its role, so the role stays."), team=team.name)


def save_institution(
    *,
    actor: Actor,
    edition: Edition,
    institution: Institution | None,
    version: int,
    values: Mapping[str, str],
) -> Institution:
    """Add an institution or change one; its code stays unique in the edition."""
    hold(edition)
    if institution is not None:
        _hold_version(institution, version)
    same = db.session.scalar(
        select(Institution).where(Institution.edition_id == edition.id, Institution.code == values["code"])
    )
    if same is not None and same is not institution:
        raise Conflict(N_("“%(name)s” is there already."), name=values["code"])
    if institution is None:
        institution = Institution(edition_id=edition.id, version=0)
        db.session.add(institution)
    before = columns_of(institution)
    for name, value in values.items():
        setattr(institution, name, value)
    institution.is_checked = True
    institution.version += 1
    db.session.flush()
    changed = changed_columns(institution, before)
    record_row(actor, edition, "save", "institution", institution.id, changed=changed)
    return institution


def remove_institution(*, actor: Actor, edition: Edition, institution: Institution, version: int) -> None:
    """Remove an institution that no team, judge or conflict names."""
    hold(edition)
    _hold_version(institution, version)
    refuse_if_used(institution, institution.name or institution.code, USES_OF_INSTITUTION)
    db.session.delete(institution)
    db.session.flush()
    record_row(
        actor, edition, "remove", "institution", institution.id, name=institution.name or institution.code
    )


def merge_institution(*, actor: Actor, edition: Edition, source: Institution, target: Institution) -> None:
    """Two entries are one institution: teams, judges and conflicts of `source` go to `target`, `source` goes."""
    if source.id == target.id:
        raise Conflict(N_("Choose another institution to merge into."))
    hold(edition)
    for model in (Team, Judge, JudgeConflict):
        moved = update(model).where(model.institution_id == source.id).values(institution_id=target.id)
        db.session.execute(moved.execution_options(synchronize_session="fetch"))
    db.session.delete(source)
    record(
        actor,
        "merge",
        "institution",
        source.id,
        scope=edition_scope(edition.id),
        details={"name": source.name or source.code, "into": target.id},
    )
    bump(edition_scope(edition.id))


def save_judge(
    *,
    actor: Actor,
    edition: Edition,
    judge: Judge | None,
    version: int,
    values: Mapping[str, Any],
    institution: str,
    conflicts: Sequence[str],
) -> Judge:
    """Add a judge or change one; `conflicts` are names of institutions or teams (unknown ones are refused)."""
    hold(edition)
    if judge is not None:
        _hold_version(judge, version)
    else:
        position = next_position(Judge, edition)
        judge = Judge(
            edition_id=edition.id, code=free_code(Judge, edition, position), position=position, version=0
        )
        db.session.add(judge)
    before = columns_of(judge)
    for name, value in values.items():
        setattr(judge, name, value)
    judge.institution_id = find_or_add_institution(edition, institution).id if institution else None
    judge.version += 1
    db.session.flush()
    _set_conflicts(edition, judge, conflicts)
    changed = changed_columns(judge, before)
    record_row(actor, edition, "save", "judge", judge.id, personal=JUDGE_PERSONAL, changed=changed)
    return judge


def remove_judge(*, actor: Actor, edition: Edition, judge: Judge, version: int) -> None:
    """Take a judge who was never put on a panel off the list; every link to them ends."""
    hold(edition)
    _hold_version(judge, version)
    refuse_if_used(judge, judge.name or judge.code, USES_OF_JUDGE)
    end_links(actor=actor, edition=edition, purpose=CapacityKind.JUDGE, subject_id=judge.id)
    db.session.delete(judge)
    db.session.flush()
    record_row(actor, edition, "remove", "judge", judge.id, personal=JUDGE_PERSONAL)


def empty_division(*, actor: Actor, edition: Edition, division: Division) -> int:
    """Take every team and delegate out of a division; returns how many teams left it."""
    hold(edition)
    members = select(TeamDivision.team_id).where(TeamDivision.division_id == division.id)
    teams = db.session.scalars(select(Team).where(Team.id.in_(members)).order_by(Team.id)).all()
    for team in teams:
        team.version += 1
    for model in (TeamDivision, DelegateDivision):
        db.session.execute(delete(model).where(model.division_id == division.id))
    record(
        actor,
        "empty",
        "division",
        division.id,
        scope=edition_scope(edition.id),
        details={"teams": len(teams)},
    )
    bump(edition_scope(edition.id))
    return len(teams)


def _hold_version(row: Judge | Institution, version: int) -> None:
    hold(row)
    if row.version != version:
        raise Stale


def _set_conflicts(edition: Edition, judge: Judge, names: Sequence[str]) -> None:
    rows: list[JudgeConflict] = []
    for position, name in enumerate(dict.fromkeys(names)):
        team = db.session.scalar(select(Team).where(Team.edition_id == edition.id, Team.name == name))
        institution = db.session.scalar(
            select(Institution).where(Institution.edition_id == edition.id, Institution.code == name)
        )
        if team is None and institution is None:
            raise Conflict(N_("“%(name)s” is neither a team nor an institution of this edition."), name=name)
        rows.append(
            JudgeConflict(
                judge_id=judge.id,
                institution_id=institution.id if institution else None,
                team_id=team.id if team is not None and institution is None else None,
                position=position,
            )
        )
    for old in db.session.scalars(select(JudgeConflict).where(JudgeConflict.judge_id == judge.id)):
        db.session.delete(old)
    db.session.add_all(rows)
    db.session.flush()

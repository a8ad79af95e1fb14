"""What a judge says of themselves: expertise, languages, site, days off and conflicts of their own."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import delete, select

from competition.editions.public import Edition
from competition.entries.models import Institution, Judge, JudgeConflict, JudgeDayOff, Team
from competition.entries.services.registration import likeness
from core.access import Actor
from core.audit import edition_scope, record
from core.db import db, hold, utc_now
from core.errors import Conflict, Stale
from core.localised import N_
from core.revisions import bump

SAID = ("conflicts", "days_off", "expertise", "languages", "site")
"""What holds personal data: the record names it, never its values."""
MOST_DAYS = 31


def days_of(edition: Edition) -> list[date]:
    """The days of an edition, at most a month of them."""
    if edition.starts_on is None:
        return []
    last = edition.ends_on or edition.starts_on
    count = min((last - edition.starts_on).days + 1, MOST_DAYS)
    return [edition.starts_on + timedelta(days=number) for number in range(count)]


def days_off_of(judge_id: int) -> set[date]:
    """The days on which a judge cannot come."""
    return set(db.session.scalars(select(JudgeDayOff.day).where(JudgeDayOff.judge_id == judge_id)))


def save_profile(
    *,
    actor: Actor,
    edition: Edition,
    judge: Judge,
    version: int,
    values: Mapping[str, str],
    days_off: Collection[date],
    conflicts: Sequence[str],
) -> None:
    """Write what a judge says (expertise, languages, site); conflicts are names of institutions or teams in any script.

    Raises Conflict for a name that nobody here has, and Stale where an organiser has changed the judge since.
    """
    hold(edition)
    hold(judge)
    if judge.version != version:
        raise Stale
    for name, value in values.items():
        setattr(judge, name, value)
    _set_days_off(judge, set(days_off) & set(days_of(edition)))
    _set_conflicts(edition, judge, conflicts)
    judge.said_at = utc_now()
    judge.version += 1
    scope = edition_scope(edition.id)
    record(actor, "say", "judge", judge.id, scope=scope, personal=SAID)
    bump(scope)
    db.session.flush()


def _set_days_off(judge: Judge, days: set[date]) -> None:
    db.session.execute(
        delete(JudgeDayOff).where(JudgeDayOff.judge_id == judge.id),
        execution_options={"synchronize_session": "fetch"},
    )
    db.session.add_all(JudgeDayOff(judge_id=judge.id, day=day) for day in sorted(days))


def _set_conflicts(edition: Edition, judge: Judge, names: Sequence[str]) -> None:
    known = _known_names(edition)
    rows = []
    for position, name in enumerate(dict.fromkeys(names)):
        found = known.get(likeness(name))
        if found is None:
            raise Conflict(N_("“%(name)s” is neither a team nor an institution of this edition."), name=name)
        column = "institution_id" if isinstance(found, Institution) else "team_id"
        rows.append(JudgeConflict(judge_id=judge.id, position=position, **{column: found.id}))
    for old in db.session.scalars(select(JudgeConflict).where(JudgeConflict.judge_id == judge.id)):
        db.session.delete(old)
    db.session.add_all(rows)


def _known_names(edition: Edition) -> dict[str, Institution | Team]:
    """Institutions and teams by every name they have; an institution comes before a team of its name."""
    known: dict[str, Institution | Team] = {}
    for team in db.session.scalars(select(Team).where(Team.edition_id == edition.id)):
        known[likeness(team.name)] = team
    for row in db.session.scalars(select(Institution).where(Institution.edition_id == edition.id)):
        known |= {likeness(name): row for name in (row.name_local, row.name, row.code) if name}
    return known

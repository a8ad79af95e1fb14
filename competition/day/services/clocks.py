"""Use cases of the session clock: one for the hall, and one of its own for a table that needs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from competition.day import clock as rules
from competition.day.models import ClockEvent, RoundSessions, SessionClock
from competition.day.plan import MOST_MINUTES, Part, parts_of
from competition.day.queries import SESSIONS, find_sessions, plan_of
from competition.day.seats import vacancies_of
from competition.rounds.public import RoundFacts
from core.access import Actor
from core.audit import edition_scope, record
from core.db import db, hold
from core.errors import Conflict, Invalid, Stale
from core.localised import N_
from core.revisions import bump

ACTIONS = ("start", "pause", "next", "back", "add", "reset")
STEPS = {"next": 1, "back": -1}
SAID_LATE = N_("Somebody else has moved this clock in the meantime. Look at it again, then press.")


def find_clock(round_id: int, table_id: int | None = None) -> SessionClock | None:
    """The clock of the hall, or a table's own."""
    query = select(SessionClock).where(SessionClock.round_id == round_id)
    if table_id is None:
        return db.session.scalar(query.where(SessionClock.table_id.is_(None)))
    return db.session.scalar(query.where(SessionClock.table_id == table_id))


def own_clocks(round_id: int) -> dict[int, SessionClock]:
    """The clocks of tables that have one of their own."""
    query = select(SessionClock).where(SessionClock.round_id == round_id, SessionClock.table_id.is_not(None))
    return {row.table_id: row for row in db.session.scalars(query) if row.table_id is not None}


def as_kept(row: SessionClock | None) -> rules.Clock:
    """The clock of a row; a fresh one where nobody has pressed anything."""
    if row is None:
        return rules.Clock()
    return rules.Clock(
        part=row.part,
        elapsed=timedelta(milliseconds=row.elapsed_ms),
        added=timedelta(seconds=row.added_seconds),
        started_at=row.started_at,
    )


def log_of(round_id: int, most: int = 60) -> Sequence[ClockEvent]:
    """What was pressed, newest first."""
    query = select(ClockEvent).where(ClockEvent.round_id == round_id)
    return db.session.scalars(query.order_by(ClockEvent.id.desc()).limit(most)).all()


def press(
    *,
    actor: Actor,
    facts: RoundFacts,
    table_id: int | None,
    action: str,
    version: int,
    now: datetime,
    seconds: int = 0,
    reason: str = "",
) -> SessionClock:
    """Press a button of the hall's clock, or of a table's own (which begins where the hall's is).

    A pause and a start of the hall hold for every table. Pressing what is so already does nothing. Raises Stale when
    the clock was moved since it was shown at `version`, Invalid for a button that is none.
    """
    if action not in ACTIONS:
        raise Invalid(N_("This clock has no such button."))
    row = _claimed(facts, table_id, action, version)
    if row is None:
        found = find_clock(facts.id, table_id)
        assert found is not None
        return found
    sessions, vacancies = find_sessions(facts.id), vacancies_of(facts)
    is_automatic = bool(sessions and sessions.is_automatic)
    rows = [row]
    if table_id is None and action in ("start", "pause"):
        rows += own_clocks(facts.id).values()
    for each in rows:
        parts = parts_of(plan_of(sessions), vacancies.at(each.table_id))
        _apply(each, parts, action, now, seconds, is_automatic=is_automatic)
    _log(actor, facts, row, action, now, seconds, reason, parts_of(plan_of(sessions)))
    return row


def _claimed(facts: RoundFacts, table_id: int | None, action: str, version: int) -> SessionClock | None:
    """The row to change, held; None where nothing is to be done."""
    row = find_clock(facts.id, table_id)
    if row is None:
        base = find_clock(facts.id) if table_id is not None else None
        if version != 0:
            raise Stale(SAID_LATE)
        row = SessionClock(round_id=facts.id, table_id=table_id, version=0)
        _keep(row, as_kept(base))
        db.session.add(row)
        db.session.flush()
        return row
    hold(row)
    if row.version != version:
        if (action == "pause" and row.started_at is None) or (
            action == "start" and row.started_at is not None
        ):
            return None
        raise Stale(SAID_LATE)
    return row


def _apply(
    row: SessionClock, parts: Sequence[Part], action: str, now: datetime, seconds: int, *, is_automatic: bool
) -> None:
    here = rules.settled(as_kept(row), parts, now, is_automatic=is_automatic)
    if action == "start":
        if here.part >= len(parts):
            raise Conflict(N_("This round is over. Put the clock back to its beginning first."))
        here = rules.going(here, now)
    elif action == "pause":
        here = rules.paused(here)
    elif action in STEPS:
        here = rules.moved(here, parts, STEPS[action], now)
    elif action == "add":
        here = rules.lengthened(here, timedelta(seconds=seconds))
    else:
        here = rules.Clock()
    _keep(row, here)
    row.version += 1
    db.session.flush()


def _keep(row: SessionClock, clock: rules.Clock) -> None:
    row.part, row.started_at = clock.part, clock.started_at
    row.elapsed_ms = clock.elapsed // timedelta(milliseconds=1)
    row.added_seconds = clock.added // timedelta(seconds=1)


def follow_hall(*, actor: Actor, facts: RoundFacts, table_id: int | None, now: datetime) -> int:
    """Bring a table (None: every table) back to the hall's clock; returns how many had their own."""
    rows = own_clocks(facts.id)
    chosen = [row for key, row in rows.items() if table_id is None or key == table_id]
    for row in chosen:
        _log(actor, facts, row, "follow", now, 0, "", ())
        db.session.delete(row)
    db.session.flush()
    return len(chosen)


def _log(
    actor: Actor,
    facts: RoundFacts,
    row: SessionClock,
    action: str,
    now: datetime,
    seconds: int,
    reason: str,
    parts: Sequence[Part],
) -> None:
    part = parts[row.part] if row.part < len(parts) else None
    db.session.add(
        ClockEvent(
            round_id=facts.id,
            table_id=row.table_id,
            at=now,
            action=action,
            kind=part.kind if part is not None else "",
            number=part.number if part is not None else 0,
            seconds=seconds,
            reason=reason[:300],
            person_id=actor.person_id,
        )
    )
    scope = edition_scope(facts.edition_id)
    record(actor, f"clock.{action}", "round", facts.id, scope=scope, details={"table": row.table_id})
    bump(scope)
    db.session.flush()


def set_sessions(
    *, actor: Actor, facts: RoundFacts, version: int, minutes: Mapping[str, int], is_automatic: bool
) -> RoundSessions:
    """How long each session of a round takes. Once its clock has been started the plan stays. Raises Stale."""
    if any(not 0 <= minutes[name] <= MOST_MINUTES for name in SESSIONS) or not any(
        minutes[name] for name in SESSIONS
    ):
        raise Invalid(N_("Give at least one session some minutes, and none more than four hours."))
    row = find_sessions(facts.id)
    if row is None:
        row = RoundSessions(round_id=facts.id, version=0, **dict.fromkeys(SESSIONS, 0))
        db.session.add(row)
        db.session.flush()
    hold(row)
    if row.version != version:
        raise Stale
    hall = find_clock(facts.id)
    if hall is not None and (hall.part or hall.elapsed_ms or hall.started_at):
        raise Conflict(
            N_("The clock of this round has been started. Put it back to its beginning to change the plan.")
        )
    for name in SESSIONS:
        setattr(row, name, minutes[name])
    row.is_automatic = is_automatic
    row.version += 1
    db.session.flush()
    scope = edition_scope(facts.edition_id)
    record(actor, "sessions.set", "round", facts.id, scope=scope, details=dict(minutes))
    bump(scope)
    return row
